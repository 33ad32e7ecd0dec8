"""What stands in the cells of a comparison's sheets: counts, shares, words and p values."""

from collections.abc import Callable, Sequence

from disrupting_harm.report.databook.workbook import Column, Number, Value
from disrupting_harm.report.reasons import printed_as
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.study.statuses import ALL_COUNTRIES

Cells = Callable[[Row], Value]
Columns = Sequence[tuple[Column, Cells]]
# The smallest p value that has a number of its own.
SMALLEST_P = 0.001


def count(column: str) -> Cells:
    """Return a whole number with a sign between thousands."""
    return lambda row: Number(round(float(row[column])), grouped=True) if row[column] else None


def rate(column: str) -> Cells:
    """Return a share in per cent, or the words that stand in its place."""

    def cell(row: Row) -> Value:
        if not row[column].replace(".", "", 1).isdigit():
            return row[column]
        digits = decimals(row, (column,), 100)
        return Number(round(100 * float(row[column]), digits), digits)

    return cell


def p_value(column: str) -> Cells:
    """Return a p value as every page prints it: none is 0."""

    def cell(row: Row) -> Value:
        if not row[column]:
            return None
        value = float(row[column])
        return f"<{SMALLEST_P}" if value < SMALLEST_P else Number(value, 3)

    return cell


def decimals(row: Row, columns: Sequence[str], scale: int) -> int:
    """Return the decimals of columns that are rounded together: those of the longest of them.

    A table of numbers drops the zeros at their ends.
    """
    longest = max(len(row[name].removesuffix(".0").partition(".")[2]) for name in columns)
    return max(longest - (2 if scale == 100 else 0), 0)


def told(column: str) -> Cells:
    """Return the text of a column as it is."""
    return lambda row: row[column]


def yes(column: str) -> Cells:
    """Return whether something holds, in words."""
    return lambda row: {"True": "yes", "False": "no"}.get(row[column], "")


class RowCells:
    """Write the cells of a row of the public comparison in words and in per cent."""

    def __init__(self, wording: Wording, population: str) -> None:
        self._wording = wording
        self._text = wording.text
        self._population = population
        self._printed_as = printed_as(wording.text)

    def country(self) -> tuple[Column, Cells]:
        """Return the column of the country's name."""
        return Column(self._text("{Area}"), 22), self.named("country")

    def estimate(self) -> Columns:
        """Return columns of an estimate and its limits."""
        names = ("estimate", "ci_low", "ci_high")
        return self.scaled(names, ("Estimate", "Lower limit", "Upper limit"))

    def scaled(self, names: tuple[str, ...], headings: Sequence[str]) -> Columns:
        """Return columns that are per cent, or points, where the indicator is a share."""
        return [
            (Column(heading, 11), self.numeric(name, names, shares=True))
            for heading, name in zip(headings, names, strict=True)
        ]

    def numeric(self, name: str, together: tuple[str, ...], shares: bool = False) -> Cells:
        """Return a number with the decimals of all columns that belong together."""

        def cell(row: Row) -> Number | None:
            if not row[name]:
                return None
            scale = 100 if shares and self._wording.is_share(row["indicator"]) else 1
            digits = decimals(row, together, scale)
            return Number(round(scale * float(row[name]), digits), digits)

        return cell

    def unit(self, of_shares: str = "per cent") -> tuple[Column, Cells]:
        """Return the column that says what a number is."""

        def cell(row: Row) -> str:
            if self._wording.is_share(row["indicator"]):
                return of_shares
            return self._wording.labels.definition(row["indicator"]).statistic

        return Column("Unit", 14), cell

    def status(self, row: Row) -> Value:
        """Return what is printed of an estimate, in words."""
        return self._printed_as["bounds" if row.get("bound_high") else row["status"]]

    def label(self, indicator: str) -> Value:
        """Return what an indicator is called."""
        return self._wording.labels.indicator(indicator)

    def base(self, indicator: str) -> Value:
        """Return of whom an indicator speaks."""
        return self._wording.labels.base(indicator) or self._population

    def named(self, column: str) -> Cells:
        """Return the name of the country in a column."""
        return lambda row: self._wording.country(row[column])

    def level(self, column: str) -> Cells:
        """Return the group in a column, with how the population is split."""
        return lambda row: self._wording.labels.group(row["domain"], row[column])

    def codes(self, column: str) -> Cells:
        """Return the names of the countries whose codes stand in a column."""
        return lambda row: ", ".join(self._wording.country(code) for code in row[column].split())

    def left_out(self, row: Row) -> Value:
        """Return the countries that an average leaves out, by name, each with the reason."""
        said = []
        for part in filter(None, row["left_out"].split("; ")):
            code, colon, reason = part.partition(": ")
            named = self._wording.country(code) if code in self._wording.names else code
            said.append(f"{named}{colon}{reason}")
        return "; ".join(said)

    def note(self, row: Row) -> Value:
        """Return the note of an average; its bar between sources is said."""
        return row["note"].replace(" | ", " and ")

    def group(self, row: Row) -> Value:
        """Return the countries of an average."""
        return self._text("All {areas} compared") if row["group"] == ALL_COUNTRIES else row["group"]
