"""Capacity of law enforcement in one country: a profile of areas, and where the needs are.

An area is named as the greatest need only where the scores support it: where no other area may come
first on any rising scale, or few others may and all are named.
"""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import cell_count, row_count
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import label, row_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

FULL = 3  # the highest score
NAMED_AT_MOST = 3  # of more areas that may be first none is named: the names would tell no need


def find_possible_greatest_needs(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the areas that may be the greatest need, of rows of ``capacity_needs.csv``."""
    return [row for row in rows if row["rank_low"] == "1"]


def describe_greatest_need(translator: Translator[str], rows: Sequence[PublicRow]) -> str:
    """Return what the scores tell of one country's greatest need: an area, a few, or no order.

    Args:
        rows: rows of ``capacity_needs.csv`` of one country.
    """
    possible_first = find_possible_greatest_needs(rows)
    table_address = f"{rows[0]['country']}/capacity_needs"
    # "Which of these" would lead to a few areas that are absent, though others may be first, too.
    if (
        len(possible_first) > NAMED_AT_MOST
        and len(absent := _find_absent_areas(rows)) > NAMED_AT_MOST
    ):
        return translator(
            "In {count} of {total} areas all that was asked about is absent (score 0); which of "
            "these is the greatest need cannot be told.",
            total=translator.number(row_count(len(rows), table_address)),
            count=translator.number(cell_count(absent)),
        )
    if len(possible_first) > NAMED_AT_MOST:
        return translator(
            "The scores do not tell which need of law enforcement is greatest: of {total} areas, "
            "{count} may be.",
            total=translator.number(row_count(len(rows), table_address)),
            count=translator.number(row_count(len(possible_first), f"{table_address}/rank_low:1")),
        )
    areas = [area_name(translator, row) for row in possible_first]
    if len(areas) == 1:
        return translator(
            "By the scores of what was asked, the greatest need of law enforcement may be: {rows}.",
            rows=areas[0],
        )
    return translator(
        "Each of {count} areas may be the greatest need of law enforcement, and nothing tells them "
        "apart: {areas}.",
        count=translator.number(row_count(len(areas), f"{table_address}/rank_low:1")),
        areas=translator.enumeration(areas),
    )


def _find_absent_areas(rows: Sequence[PublicRow]) -> list[str]:
    """Return the addresses of areas of which all items that were asked about are absent."""
    return [
        f"{address_of_row('capacity_needs', row)}/items_absent"
        for row in rows
        if row["items_asked"] == row["items_absent"] != "0"
    ]


def explain_mean_score(translator: Translator[str]) -> str:
    """Return what a mean of scores takes for granted."""
    return translator(
        "A mean takes the steps between the scores as equally long, which nobody measured; the "
        "greatest need is told from the scores of single items, not from it."
    )


def describe_assessment_dates(translator: Translator[str], items: Sequence[PublicRow]) -> str:
    """Return when capacity was assessed, of rows of ``capacity.csv``; empty without any."""
    days = sorted({row["date"] for row in items if row["date"]})
    if not days:
        return ""
    if len(days) == 1:
        return translator("Assessed: {date}.", date=days[0])
    return translator("Assessed from {first} to {last}.", first=days[0], last=days[-1])


def area_name(translator: Translator[str], row: PublicRow) -> str:
    """Return the name of an area; one of which not all was asked says so.

    It may be the greatest need though its scores are high.
    """
    name = row_label(translator, row, "area")
    if row["items_asked"] == "0":
        return translator("{name} (nothing was asked about it)", name=name)
    if row["items_asked"] != row["items_total"]:
        return translator("{name} (not all was asked about it)", name=name)
    return name


class Capacity:
    """Write about the needs analysis."""

    def __init__(
        self,
        translator: Translator[Markdown],
        profile: Sequence[PublicRow],
        needs: Sequence[PublicRow],
        items: Sequence[PublicRow] = (),
    ) -> None:
        self._translator = translator
        self._profile = profile
        self._needs = needs
        self._when = describe_assessment_dates(translator, items)

    def __bool__(self) -> bool:
        return bool(self._profile)

    @property
    def has_needs(self) -> bool:
        """Whether the needs of areas were set against each other."""
        return bool(self._needs)

    def _format_item_count(self, row: PublicRow, column_ending: str) -> Markdown:
        return self._translator.number(row.number(f"items_{column_ending}"))

    def _format_score(self, row: PublicRow) -> Markdown:
        if not row["score_mean"]:
            return self._translator("not asked")
        return self._translator.number(row.number("score_mean"), 1)

    def table(self) -> Markdown:
        """Return the score of each area with what it rests on; an area not asked says so."""
        translator = self._translator
        body = [
            (
                row_label(translator, row, "area"),
                self._format_score(row),
                translator(
                    "{asked} of {total}",
                    asked=self._format_item_count(row, "asked"),
                    total=self._format_item_count(row, "total"),
                ),
                self._list_codes("evidence", row["evidence"]),
                self._list_codes("confidence", row["confidence"]),
            )
            for row in self._profile
        ]
        return evidence_table(
            translator,
            (
                translator("Field"),
                translator("Score"),
                translator("Items asked"),
                translator("Evidence"),
                translator("Confidence"),
            ),
            body,
            (36, 9, 11, 30, 14),
            caption=translator("Capacity of law enforcement by area"),
            rows=self._profile,
            label="tbl-capacity",
            notes=[
                translator("Scores run from 0 (absent) to 3 (in place). Not asked is not 0."),
                explain_mean_score(translator),
                self._when,
            ],
            texts=(0, 3, 4),
        )

    def describe_finding(self) -> Markdown:
        """Return what the scores tell of the greatest need."""
        return Markdown(describe_greatest_need(self._translator, self._needs))

    def _list_codes(self, column: str, codes: str) -> str:
        single_codes = [code.strip() for code in codes.replace(",", ";").split(";") if code.strip()]
        if not single_codes:
            return "–"
        return self._translator.enumeration(
            [label(self._translator, "capacity", column, code) for code in single_codes]
        )
