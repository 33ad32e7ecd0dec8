"""Rows of evidence that meet the condition of a recommendation, and rows that sources dispute.

Where one source calls missing what another counted, no recommendation rests on either: a reader
would find the ask refuted on another page of the same report.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.shared_columns import BANDS
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.evidence.capacity import area_name
from disrupting_harm.report.findings.evidence.services import band_label
from disrupting_harm.report.findings.recommendations import (
    Condition,
    Disagreement,
    Recommendations,
)
from disrupting_harm.report.language.evidence_codes import format_amount, label, row_label
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.report.reading.evidence_rows import Evidence, read_amount
from disrupting_harm.report.reading.rows import PublicRow

# Rows of evidence as a recommendation prints them: what each is about, with its number.


# Columns of counts of people, and how many were asked.
_TOTAL_COLUMNS = {"count": "n", "mentioned": "interviews"}


def describe_rows(
    translator: Translator[Markdown], table: str, rows: Sequence[PublicRow]
) -> Markdown:
    """Return rows as one list; a theme of interviews is told once, with all who named it."""
    if table == "justice":
        return translator.enumeration(
            [
                _describe_theme(translator, rows_of_theme)
                for rows_of_theme in group_by_theme(rows).values()
            ]
        )
    if table == "policy":  # the names of some items hold an "and"
        items = [
            format_inside_sentence(label(translator, table, "item", row["item"])) for row in rows
        ]
        return Markdown("; ".join(items))
    describe = _DESCRIBE.get(table)
    return translator.enumeration(
        [
            describe(translator, row) if describe else _describe_by_address(translator, table, row)
            for row in rows
        ]
    )


def list_numbers(
    translator: Translator[Markdown], when: Condition, rows: Sequence[PublicRow]
) -> Markdown:
    """Return the numbers that rows have in the column of a condition; empty where it has none.

    Of interviews they stand with the roles of those who were asked.
    """
    if when.table == "justice":
        return Markdown("; ".join(_describe_roles(translator, rows)))
    if when.column is None:
        return Markdown("")
    return translator.enumeration(
        [
            _format_score(translator, row)
            if when.column == "score"
            else format_amount(translator, read_amount(row, when.column))
            for row in rows
        ]
    )


def format_worker_count(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    """Return how many of the frontline workers asked gave an answer, e.g. "38 of 50"."""
    return _format_share_of_asked(translator, "frontline", row, "count")


def group_by_theme(rows: Sequence[PublicRow]) -> dict[str, list[PublicRow]]:
    """Return rows of interviews by their theme."""
    themes: dict[str, list[PublicRow]] = {}
    for row in rows:
        themes.setdefault(row["theme"], []).append(row)
    return themes


def find_limits(row: PublicRow, column: str) -> tuple[float | None, float | None]:
    """Return between which numbers a row says that its own lies: itself, or the ends of a band."""
    if row[column]:
        return row.number(column), row.number(column)
    totals = {"share_percent": "100"} | {count: row.get(n) for count, n in _TOTAL_COLUMNS.items()}
    if not row.get("band") or not totals.get(column):
        return None, None
    lower_end = [*BANDS].index(row["band"]) * float(str(totals[column])) / len(BANDS)
    return lower_end, lower_end + float(str(totals[column])) / len(BANDS)


def _describe_by_address(translator: Translator[Markdown], table: str, row: PublicRow) -> str:
    """Return what tells a row of a table apart, in words, and its number if the table has one."""
    public = PUBLIC[table]
    labels = []
    for column in public.address.split():
        if public.field(column).labels:
            labels.append(label(translator, table, column, row[column]))
        elif f"{column}_label" in row:
            labels.append(row_label(translator, row, column))
        else:
            labels.append(translator.translate_or_keep(row[column]))
    name = Markdown(", ".join(labels))
    return _format_count(translator, row, name, public.amount) if public.amount else name


def _format_count(translator: Translator[Markdown], row: PublicRow, name: str, column: str) -> str:
    return translator(
        "{label}: {count}", label=name, count=format_amount(translator, read_amount(row, column))
    )


def _format_share_of_asked(
    translator: Translator[Markdown], table: str, row: PublicRow, column: str
) -> Markdown:
    """Return a count of people, or which third it is, with how many were asked."""
    base = row[_TOTAL_COLUMNS[column]]
    if not base or not (row[column] or row["band"]):
        return Markdown(format_amount(translator, read_amount(row, column)))
    formatted_count = (
        translator.number(row.number(column)) if row[column] else band_label(translator, table, row)
    )
    return translator("{count} of {n}", count=formatted_count, n=translator.number(number_of(base)))


def _describe_cybertips(translator: Translator[Markdown], row: PublicRow) -> str:
    name = translator(
        "{year}, {kind}",
        year=row["year"],
        kind=label(translator, "cybertips", "class", row["class"]),
    )
    return _format_count(translator, row, name, "reports")


def _describe_offences(translator: Translator[Markdown], row: PublicRow) -> str:
    name = translator(
        "{category}, {stage} ({rule})",
        category=label(translator, "offence_rates", "category", row["category"]),
        stage=label(translator, "offence_rates", "stage", row["stage"]),
        rule=label(translator, "offence_rates", "counting_rule", row["counting_rule"]),
    )
    of_year = translator(
        "{year}, {kind}", year=row["year"], kind=Markdown(format_inside_sentence(name))
    )
    return _format_count(translator, row, of_year, "offences")


def _describe_contacts(translator: Translator[Markdown], row: PublicRow) -> str:
    name = translator(
        "{name}; {detail}",
        name=translator.translate_or_keep(row["organisation"]),
        detail=Markdown(
            format_inside_sentence(label(translator, "hotlines", "measure", row["measure"]))
        ),
    )
    return _format_count(translator, row, name, "contacts")


def _describe_capacity_item(translator: Translator[Markdown], row: PublicRow) -> str:
    name = translator.of_study(row["item_label"] or row["item"])
    if not row["score"]:
        return translator("“{label}”: {count}", label=name, count=translator("not asked"))
    return translator("“{label}”: {count}", label=name, count=_format_score(translator, row))


def _format_score(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    score = row.number("score")
    return translator.number(score, 0 if score.is_integer() else 1)


def _describe_frontline_answer(translator: Translator[Markdown], row: PublicRow) -> str:
    name = translator(
        "“{item}” answered with “{answer}”",
        item=row_label(translator, row, "item"),
        answer=label(translator, "frontline", "answer", row["answer"]),
    )
    return translator("{label}: {count}", label=name, count=format_worker_count(translator, row))


def _describe_theme(translator: Translator[Markdown], rows: Sequence[PublicRow]) -> Markdown:
    """Return a theme once, with the roles and in how many of their interviews it came up."""
    name = row_label(translator, rows[0], "theme")
    roles = Markdown("; ".join(_describe_roles(translator, rows)))
    return translator("“{theme}” ({roles})", theme=name, roles=roles)


def _describe_roles(translator: Translator[Markdown], rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return in how many interviews with each role something came up."""
    return [
        translator(
            "{label}: {count}",
            label=Markdown(format_inside_sentence(row_label(translator, row, "role"))),
            count=_format_share_of_asked(translator, "justice", row, "mentioned"),
        )
        for row in rows
    ]


# Where more, or less, is said than the address and the number.
_DESCRIBE: dict[str, Callable[[Translator[Markdown], PublicRow], str]] = {
    "cybertips": _describe_cybertips,
    "offence_rates": _describe_offences,
    "hotlines": _describe_contacts,
    "capacity": _describe_capacity_item,
    "capacity_needs": area_name,
    "frontline": _describe_frontline_answer,
}


UNWRITTEN = Markdown("")


@dataclass(frozen=True)
class Dispute:
    """A fact on which two sources do not agree: tables, rows, and the sentence on both, if any."""

    disagreement: Disagreement
    table: str
    rows: tuple[PublicRow, ...]
    other_table: str
    against: tuple[PublicRow, ...]
    sentence: Markdown = UNWRITTEN


def find_disputes(
    recommendations: Recommendations, evidence: Evidence, translator: Translator[Markdown]
) -> list[Dispute]:
    """Return on what the sources of a country do not agree, with the sentence on both."""
    disputes = []
    for dispute in match_disagreements(recommendations, evidence):
        disagreement = dispute.disagreement
        values = {
            "rows": describe_rows(translator, dispute.table, dispute.rows),
            "against": describe_rows(translator, dispute.other_table, dispute.against),
            "number": list_numbers(translator, disagreement.rows, dispute.rows),
            "number_against": list_numbers(translator, disagreement.against, dispute.against),
        }
        sentence = translator.fill_sentence(disagreement.text, values)
        disputes.append(replace(dispute, sentence=sentence))
    return disputes


def match_disagreements(recommendations: Recommendations, evidence: Evidence) -> list[Dispute]:
    """Return on what the sources of a country do not agree."""
    disputes = []
    for disagreement in recommendations.disagreements:
        tables = str(disagreement.rows.table), str(disagreement.against.table)
        rows, against = (
            tuple(find_matching_rows(when, evidence.rows(table)))
            for when, table in zip((disagreement.rows, disagreement.against), tables, strict=True)
        )
        if rows and against:
            disputes.append(Dispute(disagreement, tables[0], rows, tables[1], against))
    return disputes


def list_disputed_addresses(disputes: Sequence[Dispute]) -> frozenset[str]:
    """Return the addresses of the rows on which no recommendation rests."""
    return frozenset(
        address_of_row(dispute.table, row) for dispute in disputes for row in dispute.rows
    )


def list_addresses_of_both_sides(disputes: Sequence[Dispute]) -> frozenset[str]:
    """Return the addresses of the rows that speak against each other."""
    against = (
        address_of_row(dispute.other_table, row) for dispute in disputes for row in dispute.against
    )
    return list_disputed_addresses(disputes) | frozenset(against)


def meets_condition(cell: Cell, when: Condition, coded: bool) -> bool:
    """Whether the whole printed interval, or the printed bound, lies on one side of the limits."""
    low, high = _find_ends(cell, coded)
    return low is not None and high is not None and _is_within(when, low, high)


def find_matching_rows(when: Condition, rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows that meet a condition, of the last year where there are years."""
    return [row for row in _select_last_year(when, rows) if _meets_row_condition(when, row)]


def find_rows_about(when: Condition, rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows on what a condition asks for, whatever they say, of the last year."""
    return [
        row
        for row in _select_last_year(when, rows)
        if _has_values(when, row, _list_key_columns(when))
    ]


def _select_last_year(when: Condition, rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return rows of the last year of what a condition names: others may be counted for longer."""
    if "year" not in PUBLIC[str(when.table)].address.split():
        return list(rows)
    key_columns = [name for name in _list_key_columns(when) if name != "year"]
    rows_of_key = [row for row in rows if _has_values(when, row, key_columns)]
    last = max((row["year"] for row in rows_of_key), default="")
    return [row for row in rows_of_key if row["year"] == last]


def _list_key_columns(when: Condition) -> list[str]:
    """Return the columns of a condition that say what a row is of, and not what was found."""
    key = PUBLIC[str(when.table)].key.split()
    return [name for name in when.where if name in key]


def _has_values(when: Condition, row: PublicRow, columns: Sequence[str]) -> bool:
    """Whether a row has the values that a condition asks for in these of its columns."""
    for column in columns:
        if column not in row:
            raise StudyError(
                f"evidence/{when.table}.csv, column '{column}'",
                "it is missing, but a recommendation asks for it",
                "Run the stage 'evidence' again",
            )
    return all(row[column] in when.where[column] for column in columns)


def _find_ends(cell: Cell, coded: bool) -> tuple[float | None, float | None]:
    """Return between what the share lies; a bound of the estimate alone does not tell."""
    if cell.bound:
        return (None, None) if coded else (cell.bound_low, cell.bound_high)
    return cell.ci_low, cell.ci_high


def _is_within(when: Condition, low: float, high: float) -> bool:
    """Whether all between two numbers lies within the limits of a condition."""
    is_above_lower_limit = when.at_least is None or low >= when.at_least
    return is_above_lower_limit and (when.at_most is None or high <= when.at_most)


def _meets_row_condition(when: Condition, row: PublicRow) -> bool:
    if not _has_values(when, row, [*when.where]):
        return False
    if when.column is None:
        return True
    low, high = find_limits(row, when.column)
    return low is not None and high is not None and _is_within(when, low, high)
