"""Rows of evidence as a recommendation prints them: what each is about, with its number."""

from collections.abc import Callable, Sequence

from disrupting_harm.evidence.shared import BANDS
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.evidence.capacity import area_name
from disrupting_harm.report.evidence.codes import label, printed, row_label
from disrupting_harm.report.evidence.facts import Row, amount
from disrupting_harm.report.evidence.services import band_label
from disrupting_harm.report.labels import inside
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

# Columns of counts of people, and how many were asked.
_WHOLES = {"count": "n", "mentioned": "interviews"}


def told(text: Text, table: str, rows: Sequence[Row]) -> Markdown:
    """Return rows as one list; a theme of interviews is told once, with all who named it."""
    if table == "justice":
        return text.enumeration([_theme(text, own) for own in by_theme(rows).values()])
    if table == "policy":  # the names of some items hold an "and"
        items = [inside(label(text, table, "item", row["item"])) for row in rows]
        return Markdown("; ".join(items))
    words = _WORDS.get(table)
    return text.enumeration(
        [words(text, row) if words else _by_address(text, table, row) for row in rows]
    )


def workers(text: Text, row: Row) -> Markdown:
    """Return how many of the frontline workers asked gave an answer, e.g. "38 of 50"."""
    return _share(text, "frontline", row, "count")


def by_theme(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows of interviews by their theme."""
    themes: dict[str, list[Row]] = {}
    for row in rows:
        themes.setdefault(row["theme"], []).append(row)
    return themes


def between(row: Row, column: str) -> tuple[float | None, float | None]:
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


def _share(text: Text, table: str, row: Row, column: str) -> Markdown:
    """Return a count of people, or which third it is, with how many were asked."""
    base = row[_WHOLES[column]]
    if not base or not (row[column] or row["band"]):
        return Markdown(printed(text, amount(row, column)))
    said = text.number(number_of(row[column])) if row[column] else band_label(text, table, row)
    return text("{count} of {n}", count=said, n=text.number(number_of(base)))


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
    of_year = text("{year}, {kind}", year=row["year"], kind=Markdown(inside(name)))
    return _count(text, row, of_year, "offences")


def _hotlines(text: Text, row: Row) -> str:
    name = text(
        "{name}; {detail}",
        name=text.plain(row["organisation"]),
        detail=Markdown(inside(label(text, "hotlines", "measure", row["measure"]))),
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
    return text("{label}: {count}", label=name, count=workers(text, row))


def _theme(text: Text, rows: Sequence[Row]) -> Markdown:
    """Return a theme once, with the roles and in how many of their interviews it came up."""
    roles = [
        text(
            "{label}: {count}",
            label=Markdown(inside(row_label(text, row, "role"))),
            count=_share(text, "justice", row, "mentioned"),
        )
        for row in rows
    ]
    name = row_label(text, rows[0], "theme")
    return text("“{theme}” ({roles})", theme=name, roles=Markdown("; ".join(roles)))


# Where more, or less, is said than the address and the number.
_WORDS: dict[str, Callable[[Text, Row], str]] = {
    "cybertips": _cybertips,
    "offence_rates": _offences,
    "hotlines": _hotlines,
    "capacity": _capacity,
    "capacity_needs": area_name,
    "frontline": _frontline,
}
