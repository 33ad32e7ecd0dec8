"""Sheets of the comparison: one for each public table that a statistician computes with."""

from collections.abc import Callable, Sequence
from itertools import groupby

from disrupting_harm.report.documents.databook.workbook import Column, Number, Sheet, Value
from disrupting_harm.report.documents.regional.nonresponse import CLAIMS, RANKS
from disrupting_harm.report.documents.regional.tables import ESTIMANDS
from disrupting_harm.report.findings.gaps import SHEET
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.comparison_text import Wording
from disrupting_harm.report.language.reasons import printed_as
from disrupting_harm.report.reading.comparison_results import Row
from disrupting_harm.study.statuses import ALL_COUNTRIES, TOTAL

# What stands in the cells of a comparison's sheets: counts, shares, words and p values.


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


# Of the sets of ranks those that every page prints; the others stand in the tables alone.
PUBLISHED = {"rank_sets": {"method": METHOD, "scope": SCOPE}}
# Codes of the comparison in words.
DENOMINATORS = {
    "internet_using_children": "{respondents} who use the internet",
    "all_children": "all {respondents}",
}
PERIODS = {
    "none": "no period",
    "past_year": "past year",
    "past_three_months": "past three months",
    "lifetime": "life so far",
    "last_time": "the last time",
}
# Columns of which a table has those that name its countries, and of rows that stand together.
COUNTRIES = ("country", "country_a", "country_b")
TOGETHER = ("indicator", "domain", "level_a", "level_b", "silence")


class ComparisonSheets(RowCells):
    """Write the public comparison; ``mark`` stands behind the title of each sheet."""

    def __init__(self, wording: Wording, population: str, mark: str) -> None:
        super().__init__(wording, population)
        self._mark = mark

    def sheets(self) -> list[Sheet]:
        """Return the sheets whose table has rows."""
        text = self._text
        tables: dict[str, tuple[str, Columns]] = {
            "prevalence": (text("Estimates by {area}"), self._prevalence()),
            "comparability": (text("What is comparable"), self._comparability()),
            "rank_sets": (text("Possible ranks"), self._ranks()),
            "pairwise": (text("Differences"), self._pairs()),
            "gaps": (SHEET, self._gaps()),
            "denominators": (text("Denominators"), self._denominators()),
            "pooled": (text("Averages"), self._averages()),
            "total": (text("{Respondents} added up"), self._totals()),
            "standardised": (text("Standardised"), self._standardised()),
            "adjusted_countries": ("Adjusted ratios", self._adjusted()),
            "bounds": (text("Missing answers"), self._bounds()),
            CLAIMS: ("Silence and differences", self._silent_claims()),
            RANKS: ("Silence and ranks", self._silent_ranks()),
        }
        return [
            self._sheet(name, columns, self._by_name(rows))
            for table, (name, columns) in tables.items()
            if (rows := self._wording.results.rows(table, **PUBLISHED.get(table, {})))
        ]

    def _by_name(self, rows: Sequence[Row]) -> list[Row]:
        """Put rows of one indicator and group in the order of their countries' names."""
        names = self._wording.names

        def place(row: Row) -> list[str]:
            return [by_letters(names[row[one]]) for one in COUNTRIES if row.get(one) in names]

        blocks = groupby(rows, key=lambda row: [row.get(each) for each in TOGETHER])
        return [row for _, block in blocks for row in sorted(block, key=place)]

    def _sheet(self, name: str, own: Columns, rows: Sequence[Row]) -> Sheet:
        text = self._text
        columns = (
            (Column(text("Indicator"), 46), lambda row: self.label(row["indicator"])),
            *own,
            (Column(text("Code"), 26, printed=False), lambda row: row["indicator"]),
        )
        return Sheet(
            name,
            f"{name} – {self._mark}" if self._mark else name,
            [column for column, _ in columns],
            [[cell(row) for _, cell in columns] for row in rows],
            key=2,
        )

    def _prevalence(self) -> Columns:
        text = self._text
        return (
            self.country(),
            (Column(text("Base"), 34), lambda row: self.base(row["indicator"])),
            (Column(text("n"), 8), count("n")),
            *self.estimate(),
            (Column(text("Bound"), 10), lambda row: row["shown"] if row["bound_high"] else None),
            self.unit(),
            (Column(text("What is printed"), 34), self.status),
        )

    def _comparability(self) -> Columns:
        return (
            self.country(),
            (Column("Compared", 10), told("comparable")),
            (Column("Why not, or what is not known", 44), told("reason")),
            (Column("What was measured", 40), told("definition")),
            (Column("Period", 14), _period),
            (Column("Ages", 9), told("age_range")),
            (Column("Mode", 36), told("mode")),
            (Column("Complete interviews (AAPOR RR1), per cent", 14), rate("response_rate")),
            (Column("Coverage of the frame, per cent", 14), rate("coverage")),
            (Column("Fieldwork", 18), told("fieldwork")),
            (Column("Source of the judgement", 40), told("source")),
        )

    def _ranks(self) -> Columns:
        text = self._text
        return (
            self.country(),
            (Column(text("{Areas} ranked"), 11), count("countries")),
            *_ranked(text),
        )

    def _pairs(self) -> Columns:
        return (
            *(
                (Column(self._text(heading), 22), self.named(name))
                for heading, name in (("First {area}", "country_a"), ("Second {area}", "country_b"))
            ),
            *self._difference(),
        )

    def _gaps(self) -> Columns:
        return (
            self.country(),
            *(
                (Column(heading, 20), self.level(name))
                for heading, name in (("First group", "level_a"), ("Second group", "level_b"))
            ),
            *self._difference(),
        )

    def _difference(self) -> Columns:
        """Return columns of a difference, first minus second, and of its test."""
        points = ("difference", "ci_low", "ci_high")
        ratios = ("ratio", "ratio_low", "ratio_high")
        limits = ("Lower limit", "Upper limit")
        return (
            *self.scaled(points, ("Difference", *limits)),
            self.unit("percentage points"),
            *(
                (Column(heading, 10), self.numeric(name, ratios))
                for heading, name in zip(("Ratio", *limits), ratios, strict=True)
            ),
            (Column("p (Holm)", 10), p_value("p_holm")),
            (Column("Clear", 9), yes("clear")),
        )

    def _denominators(self) -> Columns:
        text = self._text
        return (
            self.country(),
            (Column(text("Share of"), 28), lambda row: text(DENOMINATORS[row["denominator"]])),
            *self.estimate(),
            (Column(text("Best rank"), 10), count("rank_low")),
            (Column(text("Worst rank"), 10), count("rank_high")),
            *(
                (Column(heading, 14), count(name))
                for heading, name in (
                    (text("{Respondents}"), "children"),
                    ("Lower limit", "children_low"),
                    ("Upper limit", "children_high"),
                    (text("{Respondents} in the population"), "population"),
                )
            ),
            (Column(text("Use the internet, per cent"), 12), rate("internet_use_rate")),
            (Column(text("Source of the population"), 40), told("population_source")),
            (Column(text("Source of internet use"), 40), told("internet_use_source")),
        )

    def _averages(self) -> Columns:
        text = self._text
        ends = (
            *("estimate", "set_low", "set_high", "ci_low", "ci_high"),
            *("prediction_low", "prediction_high"),
        )
        headings = ("Estimate", "Range from", "Range to", "Lower limit", "Upper limit")
        similar = (text("A similar {area}, from"), text("A similar {area}, to"))
        return (
            (Column(text("{Areas}"), 26), self.group),
            (Column(text("What is averaged"), 40), lambda row: text(ESTIMANDS[row["estimand"]])),
            (Column(text("Number of {areas}"), 11), count("countries")),
            *self.scaled(ends, (*headings, *similar)),
            self.unit(),
            (Column(text("By a bound alone"), 26), self.codes("bounded")),
            (Column(text("Left out"), 40), self.left_out),
            (Column(text("Note"), 60), self.note),
        )

    def _totals(self) -> Columns:
        text = self._text
        headings = (text("{Respondents}"), "Range from", "Range to", "Lower limit", "Upper limit")
        names = ("children", "set_low", "set_high", "children_low", "children_high")
        return (
            (Column(text("{Areas}"), 26), self.group),
            (Column(text("Number of {areas}"), 11), count("countries")),
            *(
                (Column(heading, 14), count(name))
                for heading, name in zip(headings, names, strict=True)
            ),
            (Column(text("Added up"), 60), self.codes("added")),
            (Column(text("By a bound alone"), 26), self.codes("bounded")),
            (Column(text("Left out"), 40), self.left_out),
            (Column(text("Note"), 60), self.note),
        )

    def _standardised(self) -> Columns:
        ends = ("crude", "estimate", "ci_low", "ci_high")
        headings = ("Crude", "Standardised", "Lower limit", "Upper limit")
        return (
            self.country(),
            (Column("n", 8), count("n")),
            *self.scaled(ends, headings),
            self.unit(),
            (Column("What is printed", 34), self.status),
            (Column("Note", 40), told("note")),
        )

    def _adjusted(self) -> Columns:
        """Return columns of ratios to the geometric mean of the countries."""
        ends = ("ratio", "ci_low", "ci_high")
        together = (*ends, "crude_ratio")
        headings = ("Adjusted ratio", "Lower limit", "Upper limit")
        return (
            self.country(),
            (Column("Crude ratio", 10), self.numeric("crude_ratio", together)),
            *(
                (Column(heading, 10), self.numeric(name, together))
                for heading, name in zip(headings, ends, strict=True)
            ),
            (Column("p (Holm)", 10), p_value("p_holm")),
            (Column("Clear", 9), yes("clear")),
            (Column("Note", 40), told("note")),
        )

    def _silent_claims(self) -> Columns:
        """Return columns of the silence that a difference stands up to."""
        return (
            (Column(self._text("{Area}, or the first of two"), 22), self.named("country_a")),
            (Column(self._text("Second {area}"), 22), self.named("country_b")),
            (Column("First group", 20), _of_group(self.level("level_a"))),
            (Column("Second group", 20), _of_group(self.level("level_b"))),
            (Column("Higher", 10), lambda row: {"a": "first", "b": "second"}.get(row["above"])),
            (Column("Ratio", 10), self.numeric("ratio", ("ratio",))),
            (Column("Uncertain from, per cent silent", 14), rate("claim_goes")),
            (Column("Order turns at, per cent silent", 14), rate("order_turns")),
        )

    def _silent_ranks(self) -> Columns:
        text = self._text
        return (
            self.country(),
            (Column("Silent, up to, per cent", 12), rate("silence")),
            (Column(text("{Areas} ranked"), 11), count("countries")),
            *_ranked(text),
        )

    def _bounds(self) -> Columns:
        ends = ("estimate", "lower", "upper", "ci_low", "ci_high")
        headings = (
            *("Estimate", "If all missing said no", "If all missing said yes"),
            *("Lower limit of both", "Upper limit of both"),
        )
        return (
            self.country(),
            (Column("Valid answers, per cent", 12), rate("valid_share")),
            *self.scaled(ends, headings),
            self.unit(),
        )


def _ranked(text: Text) -> Columns:
    """Return columns of the ranks that a country may have; rank 1 is the largest."""
    return (
        (Column(text("Best rank"), 10), count("rank_low")),
        (Column(text("Worst rank"), 10), count("rank_high")),
        (Column(text("May be the highest"), 12), yes("may_be_highest")),
        (Column(text("May be the lowest"), 12), yes("may_be_lowest")),
    )


def _period(row: Row) -> Value:
    """Return the period of a question; a judgement may word it, and some did not ask."""
    return PERIODS.get(row["recall"], row["recall"])


def _of_group(cell: Cells) -> Cells:
    """Return the group that a row sets against another; none where it is of all children."""
    return lambda row: None if row["domain"] == TOTAL[0] else cell(row)
