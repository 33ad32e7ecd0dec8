"""Whole sentences on what frontline workers and people with experience of justice said.

Each sentence says of how many it speaks. None was drawn at random: nothing is inferred of others.
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.evidence.shared import MOST_OR_ALL
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.evidence.codes import row_label
from disrupting_harm.report.evidence.facts import Row
from disrupting_harm.report.evidence.services import band_label
from disrupting_harm.report.labels import inside
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text


def workers_said(
    text: Text, items: Mapping[str, Sequence[Row]], said: Mapping[str, str]
) -> list[Markdown]:
    """Return how many frontline workers said yes, one sentence for all items with as many asked.

    Args:
        text: the language.
        items: rows of ``frontline.csv`` by item.
        said: of items, how a sentence goes on, with ``{workers}`` in place of the number; an item
            whose yes is not shown is left out.
    """
    asked: dict[str, list[Markdown]] = {}
    for item, clause in said.items():
        yes = next((row for row in items.get(item, ()) if row["answer"] == "yes"), None)
        if yes and yes["n"] and (yes["count"] or yes["band"]):
            told = text.filled(clause, {"workers": _share_of_workers(text, yes)})
            asked.setdefault(yes["n"], []).append(told)
    return [
        text(
            "Of {n} frontline workers asked, {told}.",
            n=text.number(number_of(n)),
            told=text.enumeration(told),
        )
        for n, told in asked.items()
    ]


def _share_of_workers(text: Text, row: Row) -> Markdown:
    """Return a count of workers, or which third of those asked it is."""
    if row["count"]:
        return text.number(number_of(row["count"]))
    return band_label(text, "frontline", row)


def interviews_named(text: Text, rows: Sequence[Row]) -> list[Markdown]:
    """Return one sentence for each theme that most or all interviews with a group named.

    Args:
        text: the language.
        rows: of ``justice.csv``.
    """
    themes: dict[str, list[Row]] = {}
    for row in rows:
        if row["band"] == MOST_OR_ALL:
            themes.setdefault(row["theme"], []).append(row)
    return [_theme(text, own) for own in themes.values()]


def _theme(text: Text, rows: Sequence[Row]) -> Markdown:
    theme = row_label(text, rows[0], "theme")
    if len(rows) == 1:
        return text(
            "“{theme}” came up in more than two thirds of {n} interviews with {role}.",
            theme=theme,
            n=text.number(number_of(rows[0]["interviews"])),
            role=inside(row_label(text, rows[0], "role")),
        )
    groups = [
        text(
            "{role} ({n})",
            role=inside(row_label(text, row, "role")),
            n=text.number(number_of(row["interviews"])),
        )
        for row in rows
    ]
    return text(
        "“{theme}” came up in more than two thirds of the interviews with each of these groups: "
        "{groups}.",
        theme=theme,
        groups=text.enumeration(groups),
    )
