"""The sheet of main numbers: what brief and report print first, and where it stands in the book."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.documents.databook.children_sheet import USERS
from disrupting_harm.report.documents.databook.workbook import (
    HEAD_ROWS,
    Column,
    Number,
    Sheet,
    Value,
    add_mark,
    list_sheet_names,
)
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.evidence.cybertips import select_rows_of_column
from disrupting_harm.report.findings.key_figures import (
    find_claims_of_policy,
    find_last_count,
    find_last_offences,
)
from disrupting_harm.report.findings.needed_actions import find_needs
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.evidence_codes import (
    format_amount,
    label,
    title_evidence_sheets,
)
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import (
    ABOUT_ABUSE,
    CONTACTS,
    RECEIVED,
    REMOVED,
    Evidence,
    read_amount,
)
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.study.statuses import TOTAL

# Of a sheet: its position among all, and the position of the row in it.
Place = tuple[int, int]


@dataclass(frozen=True)
class _MainNumber:
    printed_in: Markdown
    subject: Markdown
    cell: Cell


def insert_main_numbers(
    opening: Sequence[Sheet],
    sheets: Sequence[Sheet],
    brief: Brief | None,
    recommendations: Recommendations | None,
    results: Results,
    labels: Labels,
    translator: Translator[Markdown],
    mark: str,
) -> list[Sheet]:
    """Return all sheets of a book, its main numbers behind the opening ones.

    They are the main finding and its number of people, the tiles of the brief, the shares on which
    an action of the report rests, and the last counts of others: each with the sheet and the row
    that has it. Without any share there is no such sheet.

    Args:
        mark: what stands behind the title; may be empty.
    """
    numbers = [
        number
        for number in _list_main_numbers(brief, recommendations, results, labels, translator)
        if number.cell.percent
    ]
    if not numbers:
        return [*opening, *sheets]
    name = translator("Main numbers")
    columns = (
        Column(translator("Printed in"), 22),
        Column(translator("Indicator"), 56),
        Column(translator("As printed"), 16),
        Column(translator("Sheet"), 32),
        Column(translator("Row"), 8),
        Column(translator("Code"), 26, printed=False),
    )
    title = add_mark(translator("Main numbers, and where they stand in this book"), mark)
    without_rows = [*opening, Sheet(name, title, columns, ()), *sheets]
    sheet_names = list_sheet_names(without_rows)
    places = _find_places(without_rows, translator)
    rows: list[tuple[Value, ...]] = [
        (
            number.printed_in,
            number.subject,
            format_share_with_interval(translator, number.cell.percent),
            sheet_names[places[number.cell.indicator][0]],
            Number(places[number.cell.indicator][1]),
            number.cell.indicator,
        )
        for number in numbers
        if number.cell.percent
    ]
    if brief:
        scaled = [row for row in results.comparison_rows.get("denominators", ()) if row["estimate"]]
        rows[1:1] = _point_to_children(
            translator, without_rows, sheet_names, scaled, brief.lead.indicator
        )
    # Reports have the last year of all that a service counted, briefs the last with a number.
    of_services = translator("Brief") if brief else translator("Report")
    rows += _point_to_counts(translator, without_rows, sheet_names, results.evidence, of_services)
    return [*opening, Sheet(name, title, columns, rows), *sheets]


def _point_to_counts(
    translator: Translator[Markdown],
    sheets: Sequence[Sheet],
    sheet_names: Sequence[str],
    evidence: Evidence,
    of_services: Markdown,
) -> Iterator[tuple[Value, ...]]:
    """Yield rows on what others counted last: police, services, companies, and a review of items.

    Each says what was counted, and of which year. Its code is the address of the row, or of the
    column whose rows were counted, or added. ``of_services`` is the document that prints the last
    counts of hotlines and helplines.
    """
    titles, report = title_evidence_sheets(translator), translator("Report")
    positions = {sheet.name: position for position, sheet in enumerate(sheets)}

    def find_row(table: str, row: PublicRow) -> int:
        return HEAD_ROWS + 1 + evidence.rows(table).index(row)

    def point(table: str, row: PublicRow, column: str, *codes: str) -> tuple[Value, ...]:
        words = [label(translator, table, name, row[name]) for name in codes]
        return (
            of_services if table == "hotlines" else report,
            f"{titles[table]}: {', '.join(words)}, {row['year']}",
            format_amount(translator, read_amount(row, column)),
            sheet_names[positions[titles[table]]],
            Number(find_row(table, row)),
            address_of_row(table, row),
        )

    for row in find_last_offences(evidence.rows("offence_rates")):
        names = ("category", "technology", "stage", "counting_rule")
        yield point("offence_rates", row, "offences", *names)
    hotlines = evidence.rows("hotlines")
    about_abuse = find_last_count(hotlines, ABOUT_ABUSE)
    received = find_last_count(hotlines, RECEIVED)
    last_counts = (
        about_abuse,
        about_abuse and find_last_count(hotlines, CONTACTS, beside=about_abuse),
        received,
        received and find_last_count(hotlines, REMOVED, beside=received),
    )
    for count in filter(None, last_counts):
        yield point("hotlines", count, "contacts", "measure")
    reports = [row for row in evidence.rows("cybertips") if row["reports"]]
    last = max((row["year"] for row in reports), default="")
    reports = [row for row in reports if row["year"] == last]
    for row in reports:
        yield point("cybertips", row, "reports", "class")
    told = select_rows_of_column(reports)
    if len(told) > 1:
        places = sorted(find_row("cybertips", row) for row in told)
        yield (
            report,
            f"{titles['cybertips']}, {last}",
            translator.number(sum(row.number("reports") for row in told)),
            sheet_names[positions[titles["cybertips"]]],
            f"{places[0]}–{places[-1]}",
            f"{told[0]['country']}/cybertips/{last}",
        )
    policy = evidence.rows("policy")
    if counts := find_claims_of_policy(policy).get("count"):
        in_place = label(translator, "policy", "answer", "in_place")
        printed = {name: translator.number(count) for name, count in counts.items()}
        yield (
            report,
            f"{titles['policy']}: {in_place}",
            translator("{count} of {total}", **printed),
            sheet_names[positions[titles["policy"]]],
            f"{HEAD_ROWS + 1}–{HEAD_ROWS + len(policy)}",
            f"{policy[0]['country']}/policy/answer",
        )


def _point_to_children(
    translator: Translator[Markdown],
    sheets: Sequence[Sheet],
    sheet_names: Sequence[str],
    scaled: Sequence[PublicRow],
    indicator: str,
) -> Iterator[tuple[Value, ...]]:
    """Yield rows on how many children an indicator's share stands for, and its share of all.

    Args:
        scaled: the rows of the sheet of numbers of children.
    """
    names = [sheet.name for sheet in sheets]
    for number, row in enumerate(scaled):
        if row["indicator"] != indicator:
            continue
        sheet = names.index(translator("Numbers of {respondents}"))
        label_of_indicator, base, *_ = sheets[sheet].rows[number]
        share = read_percent_interval(row)
        if row["denominator"] == USERS:
            ends = ("children", "children_low", "children_high")
            count, low, high = (translator.number(row.number(end)) for end in ends)
            printed = remove_addresses(f"{count}\u00a0({low}–\u2060{high})")
        elif share:
            printed = format_share_with_interval(translator, share)
        else:
            continue
        yield (
            translator("Brief"),
            f"{label_of_indicator} ({base})",
            printed,
            sheet_names[sheet],
            Number(HEAD_ROWS + 1 + number),
            indicator,
        )


def _find_places(sheets: Sequence[Sheet], translator: Translator[Markdown]) -> Mapping[str, Place]:
    """Return by indicator where its share of all asked stands, by the codes at the right."""
    code, groups = translator("Code"), translator("Code of the groups")
    places: dict[str, Place] = {}
    for position, sheet in enumerate(sheets):
        headings = [column.heading for column in sheet.columns]
        if groups not in headings:
            continue
        at_code, at_groups = headings.index(code), headings.index(groups)
        for number, row in enumerate(sheet.rows, start=HEAD_ROWS + 1):
            if row[at_groups] == TOTAL[0]:
                places[str(row[at_code])] = position, number
    return places


def _list_main_numbers(
    brief: Brief | None,
    recommendations: Recommendations | None,
    results: Results,
    labels: Labels,
    translator: Translator[Markdown],
) -> Iterator[_MainNumber]:
    cells = {name: cell for (name, *group), cell in results.cells.items() if (*group,) == TOTAL}
    if brief:
        of_brief = (
            [brief.lead.indicator, brief.lead.wider.indicator]
            if brief.lead.wider
            else [brief.lead.indicator]
        )
        of_brief += [tile.indicator for group in brief.tiles for tile in group.tiles]
        for name in dict.fromkeys(name for name in of_brief if name in cells):
            yield _MainNumber(translator("Brief"), labels.indicator(name), cells[name])
    if recommendations is None:
        return
    needed = {*find_needs({results.country: results}, recommendations, "")["action"]}
    for _, action in recommendations.actions:
        cell = cells.get(action.when.indicator or "")
        if cell and action.id in needed:
            where = translator(
                "Report: {action}", action=Markdown(translator.of_study(action.text).rstrip("."))
            )
            yield _MainNumber(where, labels.indicator(cell.indicator), cell)
