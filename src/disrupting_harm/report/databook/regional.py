"""Sheets of the comparison: one for each public table that a statistician computes with."""

from collections.abc import Callable, Sequence

from disrupting_harm.report.databook.workbook import Column, Number, Sheet, Value
from disrupting_harm.report.reasons import printed_as
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.tables import ESTIMANDS
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.study.statuses import ALL_COUNTRIES

Cells = Callable[[Row], Value]
Columns = Sequence[tuple[Column, Cells]]
# Codes of the comparison in words.
METHODS = {
    "mogstad_step_down": "Mogstad and others (2024), step-down",
    "mogstad_single_step": "Mogstad and others (2024), single step",
    "klein": "Klein, Wright and Wieczorek (2020)",
}
SCOPES = {"simultaneous": "for all at once", "marginal": "for this one alone"}
DENOMINATORS = {
    "internet_using_children": "children who use the internet",
    "all_children": "all children",
}
PERIODS = {
    "none": "no period",
    "past_year": "past year",
    "past_three_months": "past three months",
    "lifetime": "life so far",
    "last_time": "the last time",
}


class ComparisonSheets:
    """Write the public comparison; ``mark`` stands behind the title of each sheet."""

    def __init__(self, wording: Wording, population: str, mark: str) -> None:
        self._wording = wording
        self._text = wording.text
        self._population = population
        self._mark = mark
        self._printed_as = printed_as(wording.text)

    def sheets(self) -> list[Sheet]:
        """Return the sheets whose table has rows."""
        text = self._text
        tables: dict[str, tuple[str, Columns]] = {
            "prevalence": (text("Estimates by {area}"), self._prevalence()),
            "comparability": (text("What is comparable"), self._comparability()),
            "rank_sets": (text("Possible ranks"), self._ranks()),
            "pairwise": (text("Differences"), self._pairs()),
            "gaps": (text("Gaps between groups"), self._gaps()),
            "denominators": (text("Denominators"), self._denominators()),
            "pooled": (text("Averages"), self._averages()),
            "standardised": (text("Standardised"), self._standardised()),
            "bounds": (text("Missing answers"), self._bounds()),
        }
        return [
            self._sheet(name, columns, rows)
            for table, (name, columns) in tables.items()
            if (rows := self._wording.results.rows(table))
        ]

    def _sheet(self, name: str, own: Columns, rows: Sequence[Row]) -> Sheet:
        text = self._text
        columns = (
            (Column(text("Indicator"), 46), lambda row: self._label(row["indicator"])),
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
            self._country(),
            (Column(text("Base"), 34), lambda row: self._base(row["indicator"])),
            (Column(text("n"), 8), _count("n")),
            *self._estimate(),
            (Column(text("Bound"), 10), lambda row: row["shown"] if row["bound_high"] else None),
            self._unit(),
            (Column(text("What is printed"), 34), self._status),
        )

    def _comparability(self) -> Columns:
        return (
            self._country(),
            (Column("Compared", 10), _told("comparable")),
            (Column("Why not, or what is not known", 44), _told("reason")),
            (Column("What was measured", 40), _told("definition")),
            (Column("Period", 14), lambda row: PERIODS[row["recall"]]),
            (Column("Ages", 9), _told("age_range")),
            (Column("Mode", 36), _told("mode")),
            (Column("Response rate (AAPOR RR1), per cent", 14), _rate("response_rate")),
            (Column("Coverage of the frame, per cent", 14), _rate("coverage")),
            (Column("Fieldwork", 18), _told("fieldwork")),
            (Column("Source of the judgement", 40), _told("source")),
        )

    def _ranks(self) -> Columns:
        text = self._text
        return (
            self._country(),
            (Column(text("{Areas} ranked"), 11), _count("countries")),
            (Column(text("Method"), 30), lambda row: METHODS[row["method"]]),
            (Column(text("Ranks hold"), 16), lambda row: SCOPES[row["scope"]]),
            (Column(text("Best rank"), 10), _count("rank_low")),
            (Column(text("Worst rank"), 10), _count("rank_high")),
            (Column(text("May be the highest"), 12), _yes("may_be_highest")),
            (Column(text("May be the lowest"), 12), _yes("may_be_lowest")),
        )

    def _pairs(self) -> Columns:
        return (
            *(
                (Column(self._text(heading), 22), self._named(name))
                for heading, name in (("First {area}", "country_a"), ("Second {area}", "country_b"))
            ),
            *self._difference(),
        )

    def _gaps(self) -> Columns:
        return (
            self._country(),
            *(
                (Column(heading, 20), self._level(name))
                for heading, name in (("First group", "level_a"), ("Second group", "level_b"))
            ),
            *self._difference(),
        )

    def _difference(self) -> Columns:
        """Return columns of a difference, first minus second, and of its test."""
        points = ("difference", "ci_low", "ci_high", "ci_low_simultaneous", "ci_high_simultaneous")
        ratios = ("ratio", "ratio_low", "ratio_high")
        limits = ("Lower limit", "Upper limit")
        return (
            *self._scaled(
                points,
                ("Difference", *limits, *(f"{limit}, all at once" for limit in limits)),
            ),
            self._unit("percentage points"),
            *(
                (Column(heading, 10), self._numeric(name, ratios))
                for heading, name in zip(("Ratio", *limits), ratios, strict=True)
            ),
            (Column("p (Holm)", 10), self._numeric("p_holm", ("p_holm",))),
            (Column("Differs", 9), _yes("differs")),
        )

    def _denominators(self) -> Columns:
        text = self._text
        return (
            self._country(),
            (Column(text("Share of"), 28), lambda row: DENOMINATORS[row["denominator"]]),
            *self._estimate(),
            (Column(text("Best rank"), 10), _count("rank_low")),
            (Column(text("Worst rank"), 10), _count("rank_high")),
            *(
                (Column(heading, 14), _count(name))
                for heading, name in (
                    ("Children", "children"),
                    ("Lower limit", "children_low"),
                    ("Upper limit", "children_high"),
                    ("Children in the population", "population"),
                )
            ),
            (Column(text("Use the internet, per cent"), 12), _rate("internet_use_rate")),
            (Column(text("Source of the population"), 40), _told("population_source")),
            (Column(text("Source of internet use"), 40), _told("internet_use_source")),
        )

    def _averages(self) -> Columns:
        text = self._text
        ends = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
        headings = ("Estimate", "Lower limit", "Upper limit")
        similar = (text("A similar {area}, from"), text("A similar {area}, to"))
        return (
            (Column(text("{Areas}"), 26), self._group),
            (Column(text("What is averaged"), 40), lambda row: text(ESTIMANDS[row["estimand"]])),
            (Column(text("Number of {areas}"), 11), _count("countries")),
            *self._scaled(ends, (*headings, *similar)),
            self._unit(),
            (Column(text("Left out"), 40), _told("left_out")),
            (Column(text("Note"), 60), _told("note")),
        )

    def _standardised(self) -> Columns:
        ends = ("crude", "estimate", "ci_low", "ci_high")
        headings = ("Crude", "Standardised", "Lower limit", "Upper limit")
        return (
            self._country(),
            (Column("n", 8), _count("n")),
            *self._scaled(ends, headings),
            self._unit(),
            (Column("What is printed", 34), self._status),
            (Column("Note", 40), _told("note")),
        )

    def _bounds(self) -> Columns:
        ends = ("estimate", "lower", "upper", "ci_low", "ci_high")
        headings = (
            *("Estimate", "If all missing said no", "If all missing said yes"),
            *("Lower limit of both", "Upper limit of both"),
        )
        return (
            self._country(),
            (Column("Valid answers, per cent", 12), _rate("valid_share")),
            *self._scaled(ends, headings),
            self._unit(),
        )

    def _country(self) -> tuple[Column, Cells]:
        return Column(self._text("{Area}"), 22), self._named("country")

    def _estimate(self) -> Columns:
        names = ("estimate", "ci_low", "ci_high")
        return self._scaled(names, ("Estimate", "Lower limit", "Upper limit"))

    def _scaled(self, names: tuple[str, ...], headings: Sequence[str]) -> Columns:
        """Return columns that are per cent, or points, where the indicator is a share."""
        return [
            (Column(heading, 11), self._numeric(name, names, shares=True))
            for heading, name in zip(headings, names, strict=True)
        ]

    def _numeric(self, name: str, together: tuple[str, ...], shares: bool = False) -> Cells:
        def cell(row: Row) -> Number | None:
            if not row[name]:
                return None
            scale = 100 if shares and self._wording.is_share(row["indicator"]) else 1
            digits = _digits(row, together, scale)
            return Number(round(scale * float(row[name]), digits), digits)

        return cell

    def _unit(self, of_shares: str = "per cent") -> tuple[Column, Cells]:
        def cell(row: Row) -> str:
            if self._wording.is_share(row["indicator"]):
                return of_shares
            return self._wording.labels.definition(row["indicator"]).statistic

        return Column("Unit", 14), cell

    def _status(self, row: Row) -> Value:
        return self._printed_as["bounds" if row.get("bound_high") else row["status"]]

    def _label(self, indicator: str) -> Value:
        return self._wording.labels.indicator(indicator)

    def _base(self, indicator: str) -> Value:
        return self._wording.labels.base(indicator) or self._population

    def _named(self, column: str) -> Cells:
        return lambda row: self._wording.country(row[column])

    def _level(self, column: str) -> Cells:
        return lambda row: self._wording.labels.group(row["domain"], row[column])

    def _group(self, row: Row) -> Value:
        return self._text("All {areas} compared") if row["group"] == ALL_COUNTRIES else row["group"]


def _count(column: str) -> Cells:
    return lambda row: Number(round(float(row[column])), grouped=True) if row[column] else None


def _rate(column: str) -> Cells:
    """Return a share in per cent, or the words that stand in its place."""

    def cell(row: Row) -> Value:
        if not row[column].replace(".", "", 1).isdigit():
            return row[column]
        digits = _digits(row, (column,), 100)
        return Number(round(100 * float(row[column]), digits), digits)

    return cell


def _digits(row: Row, columns: Sequence[str], scale: int) -> int:
    """Return the decimals of columns that are rounded together: those of the longest of them.

    A table of numbers drops the zeros at their ends.
    """
    longest = max(len(row[name].removesuffix(".0").partition(".")[2]) for name in columns)
    return max(longest - (2 if scale == 100 else 0), 0)


def _told(column: str) -> Cells:
    return lambda row: row[column]


def _yes(column: str) -> Cells:
    return lambda row: {"True": "yes", "False": "no"}.get(row[column], "")
