"""Recommendations that a country's published numbers support, each with its number and address.

A theme of interviews is told once, with the roles of those who named it, and an address for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.shared import BANDS
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.evidence.capacity import area_name
from disrupting_harm.report.evidence.codes import label, printed, row_label
from disrupting_harm.report.evidence.facts import Row, amount, data_kinds
from disrupting_harm.report.evidence.services import band_label
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.recommendations import Actors, Condition, Recommendations
from disrupting_harm.report.results import Cell, Results
from disrupting_harm.report.sentences import Sentences
from disrupting_harm.report.text import Text

# Columns of counts of people, and how many were asked.
_WHOLES = {"count": "n", "mentioned": "interviews"}
_Values = tuple[dict[str, Markdown], tuple[str, ...], frozenset[str]]


@dataclass(frozen=True)
class Advice:
    """A recommendation that a published number supports: text, number in words, address.

    ``cells`` are the addresses of the cells that meet its condition, ``kinds`` tells whether their
    rows are published, observed or simulated (of a survey: simulated or nothing).
    """

    id: str
    text: Markdown
    finding: Markdown
    cells: tuple[str, ...]
    kinds: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[str, ...]:
        """The addresses of the rows in which these cells stand."""
        return tuple(cell.rpartition("/")[0] for cell in self.cells)


@dataclass(frozen=True)
class AdviceTo:
    """What is said to a group of actors; ``general`` rests on no number."""

    id: str
    label: Markdown
    advice: tuple[Advice, ...]
    general: tuple[Markdown, ...]


def advice(
    recommendations: Recommendations,
    results: Results,
    text: Text,
    names: dict[str, Markdown],
    sentences: Sentences | None,
) -> list[AdviceTo]:
    """Return what is said to each group of actors; a group without anything is left out.

    Args:
        recommendations: the study's file.
        results: the public results of the country.
        text: the language.
        names: ``population`` and ``country`` as printed.
        sentences: of the survey; None without one, when no condition on an indicator is met.
    """
    writer = _Writer(results, text, names, sentences)
    groups = [
        AdviceTo(
            group.id,
            text.of_study(group.label),
            tuple(writer.advice(group)),
            tuple(text.of_study(line) for line in group.general),
        )
        for group in recommendations.groups
    ]
    return [group for group in groups if group.advice or group.general]


class _Writer:
    def __init__(
        self, results: Results, text: Text, names: dict[str, Markdown], sentences: Sentences | None
    ) -> None:
        self._results = results
        self._text = text
        self._names = names
        self._sentences = sentences

    def advice(self, group: Actors) -> list[Advice]:
        """Return the recommendations to a group whose condition is met."""
        found = []
        for entry in group.recommendations:
            if entry.countries and self._results.country not in entry.countries:
                continue
            values = self._values(entry.when)
            if values:
                named, cells, kinds = values
                finding = self._text.filled(entry.finding, self._names | named)
                said = self._text.of_study(entry.text)
                found.append(Advice(entry.id, said, finding, cells, kinds))
        return found

    def _values(self, when: Condition) -> _Values | None:
        """Return what fills the finding, the cells and their kinds; None: it is not met."""
        if when.indicator:
            return self._of_survey(when)
        table = str(when.table)
        rows = matching(when, self._results.evidence.rows(table))
        if not rows:
            return None
        if table == "justice":
            told = [_theme(self._text, own) for own in by_theme(rows).values()]
        else:
            told = [self._told(table, row) for row in rows]
        column = when.column or next(iter(when.where))
        cells = tuple(f"{prefix(table, row)}/{column}" for row in rows)
        return {"rows": self._text.enumeration(told)}, cells, frozenset(data_kinds(rows))

    def _of_survey(self, when: Condition) -> _Values | None:
        if self._sentences is None:
            return None
        cell = self._results.cell(str(when.indicator))
        share = self._sentences.share(cell)
        if share is None or not meets(cell, when):
            return None
        cells = (f"{self._results.country}/{when.indicator}/shown",)
        simulated = self._results.quality.get("simulated")
        return {"share": share}, cells, frozenset({SIMULATED} if simulated else ())

    def _told(self, table: str, row: Row) -> Markdown:
        """Return a row of a table as printed: what it is about, and its number if it has one."""
        words = _WORDS.get(table)
        told = words(self._text, row) if words else _by_address(self._text, table, row)
        return Markdown(told)


def meets(cell: Cell, when: Condition) -> bool:
    """Whether the whole printed interval, or the printed bound, lies on one side of the limits."""
    low, high = (cell.bound_low, cell.bound_high) if cell.bound else (cell.ci_low, cell.ci_high)
    if low is None or high is None:
        return False
    if when.at_most is not None and high > when.at_most:
        return False
    return when.at_least is None or low >= when.at_least


def matching(when: Condition, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that meet a condition, of the last year where there are years."""
    if "year" in PUBLIC[str(when.table)].address.split():
        last = max((row["year"] for row in rows), default="")
        rows = [row for row in rows if row["year"] == last]
    found = [row for row in rows if _meets(when, row)]
    if when.rows_at_most is not None and len(found) > when.rows_at_most:
        return []
    return found


def by_theme(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows of interviews by their theme."""
    themes: dict[str, list[Row]] = {}
    for row in rows:
        themes.setdefault(row["theme"], []).append(row)
    return themes


def _meets(when: Condition, row: Row) -> bool:
    for name, allowed in when.where.items():
        if name not in row:
            raise StudyError(
                f"evidence/{when.table}.csv, column '{name}'",
                "it is missing, but a recommendation asks for it",
                "Run the stage 'evidence' again",
            )
        if row[name] not in allowed:
            return False
    if when.column is None:
        return True
    low, high = _between(row, when.column)
    if low is None or high is None:
        return False
    if when.at_most is not None and high > when.at_most:
        return False
    return when.at_least is None or low >= when.at_least


def _between(row: Row, column: str) -> tuple[float | None, float | None]:
    """Return between which numbers a row says that its own lies: itself, or the ends of a band."""
    if row[column]:
        return float(row[column]), float(row[column])
    whole = {"share_percent": "100"} | {count: row.get(n) for count, n in _WHOLES.items()}
    if not row.get("band") or not whole.get(column):
        return None, None
    third = [*BANDS].index(row["band"]) * float(str(whole[column])) / len(BANDS)
    return third, third + float(str(whole[column])) / len(BANDS)


def _by_address(text: Text, table: str, row: Row) -> str:
    """Return what tells a row of a table apart, in words, and its number if the table has one."""
    public = PUBLIC[table]
    parts = []
    for column in public.address.split():
        if public.field(column).labels:
            parts.append(label(text, table, column, row[column]))
        elif f"{column}_label" in row:
            parts.append(row_label(text, row, column))
        else:
            parts.append(text.plain(row[column]))
    name = Markdown(", ".join(parts))
    return _count(text, row, name, public.amount) if public.amount else name


def _count(text: Text, row: Row, name: str, column: str) -> str:
    return text("{label}: {count}", label=name, count=printed(text, amount(row, column)))


def _of(text: Text, table: str, row: Row, name: str, column: str) -> str:
    """Return a count of people, or its band, with how many were asked."""
    base = row[_WHOLES[column]]
    if not base or not (row[column] or row["band"]):
        return _count(text, row, name, column)
    told = text.number(number_of(row[column])) if row[column] else band_label(text, table, row)
    shown = text("{count} of {n}", count=told, n=text.number(number_of(base)))
    return text("{label}: {count}", label=name, count=shown)


def _cybertips(text: Text, row: Row) -> str:
    name = text(
        "{year}, {kind}", year=row["year"], kind=label(text, "cybertips", "class", row["class"])
    )
    return _count(text, row, name, "reports")


def _offences(text: Text, row: Row) -> str:
    name = text(
        "{category}, {stage} ({rule})",
        category=label(text, "offence_rates", "category", row["category"]),
        stage=label(text, "offence_rates", "stage", row["stage"]),
        rule=label(text, "offence_rates", "counting_rule", row["counting_rule"]),
    )
    return _count(text, row, text("{name} ({detail})", name=name, detail=row["year"]), "offences")


def _hotlines(text: Text, row: Row) -> str:
    name = text(
        "{name} ({detail})",
        name=text.plain(row["organisation"]),
        detail=label(text, "hotlines", "measure", row["measure"]),
    )
    return _count(text, row, name, "contacts")


def _capacity(text: Text, row: Row) -> str:
    name = text.of_study(row["item_label"] or row["item"])
    if not row["score"]:
        return text("“{label}”: {count}", label=name, count=text("not asked"))
    score = number_of(row["score"])
    shown = text.number(score, 0 if score.is_integer() else 1)
    return text("“{label}”: {count}", label=name, count=shown)


def _frontline(text: Text, row: Row) -> str:
    name = text(
        "“{item}” answered with “{answer}”",
        item=row_label(text, row, "item"),
        answer=label(text, "frontline", "answer", row["answer"]),
    )
    return _of(text, "frontline", row, name, "count")


def _theme(text: Text, rows: Sequence[Row]) -> Markdown:
    """Return a theme once, with the roles and in how many of their interviews it came up."""
    roles = [_of(text, "justice", row, row_label(text, row, "role"), "mentioned") for row in rows]
    name = row_label(text, rows[0], "theme")
    return Markdown(text("{name} ({detail})", name=name, detail=Markdown("; ".join(roles))))


# Where more, or less, is said than the address and the number.
_WORDS: dict[str, Callable[[Text, Row], str]] = {
    "cybertips": _cybertips,
    "offence_rates": _offences,
    "hotlines": _hotlines,
    "capacity": _capacity,
    "capacity_needs": area_name,
    "frontline": _frontline,
}
