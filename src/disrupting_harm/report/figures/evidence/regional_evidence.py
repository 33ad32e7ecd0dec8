"""Evidence of all countries side by side, for the regional report; countries are never ranked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from disrupting_harm.provenance.addresses import (
    ADDRESS,
    cell_count,
    derive_number,
)
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.matrix import Cell, Matrix, MatrixRow, MatrixSection
from disrupting_harm.report.drawing.row_chart import single_panel
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.scales import Axis, count_axis, power_axis
from disrupting_harm.report.drawing.style import INK, TEAL
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import write_figure_records
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.evidence.law_and_policy import (
    IN_PLACE,
    build_answer_cell,
    build_key,
    count_in_place,
    select_item,
)
from disrupting_harm.report.figures.evidence.regional_law import draw_law_matrix
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.evidence_codes import label, row_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, read_evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.countries import Country

NAMED_AT_MOST = 3  # countries in a title
# Shares of points absent from none to all in four classes, with the ink that can be read.
SHADES = (
    ("#E3EEF2", INK),
    ("#A9CAD6", INK),
    ("#3B7891", "#fff"),
    (TEAL, "#fff"),
)


def draw_regional_evidence(
    public: Path, countries: Sequence[Country], context: FigureContext, folder: Path
) -> list[FigureRecord]:
    """Draw what the countries' evidence has in common and list the figures in ``figures.json``.

    Args:
        public: the public results; tables of ``evidence/`` are read.
        countries: rows of the countries file.

    Returns:
        One entry for each of ``evidence-cybertips``, ``evidence-capacity``, ``evidence-policy``
        and ``evidence-legislation`` for which there are rows.
    """
    translator = context.translator
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    country_names = {row.country: translator.country(row.country, row.name) for row in countries}
    sorted_names = dict(sorted(country_names.items(), key=lambda pair: build_sort_key(pair[1])))
    names_in_text = {
        row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
        for row in countries
    }
    regions = {row.country: row.region or "" for row in countries}
    drawn_records = [
        _draw_reports(evidence, sorted_names, names_in_text, regions, context, folder),
        _draw_capacity(evidence, sorted_names, context, folder),
        _draw_policy(evidence, sorted_names, context, folder),
        draw_law_matrix(evidence, sorted_names, context, folder),
    ]
    records = [figure_record for figure_record in drawn_records if figure_record is not None]
    write_figure_records(folder / "figures.json", records)
    return records


def _draw_reports(
    evidence: Evidence,
    country_names: Mapping[str, str],
    names_in_text: Mapping[str, str],
    regions: Mapping[str, str],
    context: FigureContext,
    folder: Path,
) -> FigureRecord | None:
    """Draw the counts of the last year before reports were split, which have no interval."""
    translator = context.translator
    rows_with_count = [
        evidence_row
        for evidence_row in locate_rows("cybertips", evidence.rows("cybertips"))
        if evidence_row["class"] == UNSPLIT
        and evidence_row["reports"]
        and evidence_row["country"] in country_names
    ]
    if not rows_with_count:
        return None
    year = max(evidence_row["year"] for evidence_row in rows_with_count)
    rows_by_country = {
        evidence_row["country"]: evidence_row
        for evidence_row in rows_with_count
        if evidence_row["year"] == year
    }
    evidence_rows = [rows_by_country[code] for code in country_names if code in rows_by_country]
    sections = [
        Section(
            translator(region) if region else "",
            tuple(
                _build_count_row(translator, country_names[code], rows_by_country[code])
                for code in country_names
                if code in rows_by_country and regions[code] == region
            ),
        )
        for region in sorted({regions[code] for code in rows_by_country})
    ]
    names = [names_in_text[code] for code in _find_countries_of_most_reports(evidence_rows)]
    topic = translator("CyberTip reports, {year}", year=year)
    if len(names) <= NAMED_AT_MOST and len(names) < len(evidence_rows) - 1:
        topic = translator(
            "In {year} most of the CyberTip reports were placed in {names}",
            year=year,
            names=translator.enumeration(names),
        )
    subtitle = translator("Reports about users of any age, by {area}; complete counts, no interval")
    notes = [
        translator(
            "Reports depend on how many people are online and on much else: {areas} are not ranked."
        ),
    ]
    smallest = min(float(evidence_row["reports"]) for evidence_row in evidence_rows)
    if smallest:
        notes.insert(0, translator("Each line of the axis is ten times the one before."))

    def build_axis(largest: float) -> Axis:
        # Nought has no place among powers of ten.
        if not smallest:
            return count_axis(largest, translator)
        return power_axis(smallest, largest, translator)

    frame = build_frame(context, topic, subtitle, evidence_rows, notes)
    title = alt_text.format_title(context, topic)
    printed_counts = [(row.label, row.printed_text) for section in sections for row in section.rows]
    return write_chart_record(
        single_panel(sections, build_axis),
        frame,
        context,
        evidence_rows,
        folder,
        "evidence-cybertips",
        caption=translator(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        opening=translator("Dot chart: {title}.", title=title),
        finding=translator(
            "{findings}.", findings="; ".join(f"{name} {count}" for name, count in printed_counts)
        ),
    )


def _find_countries_of_most_reports(evidence_rows: Sequence[PublicRow]) -> list[str]:
    """Return, in their order, the fewest countries that have over half of all reports."""
    counts = {row["country"]: float(row["reports"]) for row in evidence_rows}
    largest: list[str] = []
    for code in sorted(counts, key=lambda code: -counts[code]):
        if 2 * sum(counts[code] for code in largest) > sum(counts.values()):
            break
        largest.append(code)
    return [code for code in counts if code in largest]


def _build_count_row(translator: Translator[str], name: str, evidence_row: PublicRow) -> Row:
    mark = Mark(float(evidence_row["reports"]), address=evidence_row[ADDRESS])
    return Row(name, translator.number(evidence_row.number("reports")), marks=(mark,))


def _draw_capacity(
    evidence: Evidence, country_names: Mapping[str, str], context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw how many points of each area are absent in each country, the more the darker."""
    translator = context.translator
    evidence_rows = _locate_rows_of_countries(evidence, "capacity_profile", country_names)
    if not evidence_rows:
        return None
    cells_by_area: dict[str, dict[str, Cell]] = {}
    labels: dict[str, str] = {}
    for evidence_row in evidence_rows:
        labels[evidence_row["area"]] = row_label(translator, evidence_row, "area")
        cells_by_area.setdefault(evidence_row["area"], {})[evidence_row["country"]] = (
            _build_absent_cell(translator, evidence_row)
        )
    rows = tuple(MatrixRow(labels[area], cells) for area, cells in cells_by_area.items())
    topic = translator(
        "{count} of {n} scores of police work are 0",
        count=translator.number(_sum_column(evidence_rows, "items_absent")),
        n=translator.number(_sum_column(evidence_rows, "items_asked")),
    )
    # Every country has the same items; not each of them was scored everywhere.
    first_country = evidence_rows[0]["country"]
    items = _sum_column(
        [row for row in evidence_rows if row["country"] == first_country], "items_total"
    )
    first_area = evidence_rows[0]["area"]
    areas = cell_count(
        [f"{row[ADDRESS]}/items_total" for row in evidence_rows if row["area"] == first_area]
    )
    subtitle = translator("Scores of 0 among all scores; the darker, the larger their share")
    notes = [translator("–: not asked, which is not 0.")]
    title = alt_text.format_title(context, topic)
    return write_chart_record(
        Matrix((MatrixSection("", rows),), _name_columns(evidence_rows, country_names)),
        build_frame(context, topic, subtitle, evidence_rows, notes),
        context,
        evidence_rows,
        folder,
        "evidence-capacity",
        caption=translator(
            "{items} items were scored, each in up to {n} {areas}; an item is absent where its "
            "score is 0.",
            items=translator.number(items),
            n=translator.number(areas),
        ),
        opening=translator("Grid of {areas} and areas: {title}.", title=title),
        finding=_describe_absent_items(translator, evidence_rows, labels),
    )


def _locate_rows_of_countries(
    evidence: Evidence, table: str, country_names: Mapping[str, str]
) -> list[PublicRow]:
    return [
        evidence_row
        for evidence_row in locate_rows(table, evidence.rows(table))
        if evidence_row["country"] in country_names
    ]


def _name_columns(
    evidence_rows: Sequence[PublicRow], country_names: Mapping[str, str]
) -> dict[str, str]:
    """Return the names of the countries that have a row, in the order of their names."""
    present = {evidence_row["country"] for evidence_row in evidence_rows}
    return {code: name for code, name in country_names.items() if code in present}


def _build_absent_cell(translator: Translator[str], evidence_row: PublicRow) -> Cell:
    address = evidence_row[ADDRESS]
    asked = evidence_row.number("items_asked")
    if not asked:
        return Cell("dash", translator("not asked"), address=address)
    absent = evidence_row.number("items_absent")
    shade = min(int(absent / asked * len(SHADES)), len(SHADES) - 1)
    printed = translator("{count}/{n}", count=translator.number(absent), n=translator.number(asked))
    return Cell("box", printed, printed, *SHADES[shade], value=absent, address=address)


def _describe_absent_items(
    translator: Translator[str], evidence_rows: Sequence[PublicRow], labels: Mapping[str, str]
) -> str:
    """Return how many of the items asked are absent in each area, over the countries."""
    area_counts = []
    for area, name in labels.items():
        rows_of_area = [
            evidence_row for evidence_row in evidence_rows if evidence_row["area"] == area
        ]
        items_asked, items_absent = (
            _sum_column(rows_of_area, column) for column in ("items_asked", "items_absent")
        )
        printed_count = translator(
            "{count} of {n}",
            count=translator.number(items_absent),
            n=translator.number(items_asked),
        )
        area_counts.append(
            translator(
                "{label}: {count}",
                label=name,
                count=printed_count if items_asked else translator("not asked"),
            )
        )
    return translator(
        "Scores of 0 among all scores, in all {areas}. {findings}.",
        findings="; ".join(area_counts),
    )


def _sum_column(evidence_rows: Sequence[PublicRow], column: str) -> float:
    numbers = [evidence_row.number(column) for evidence_row in evidence_rows]
    return derive_number("sum", sum(numbers), numbers)  # type: ignore[no-any-return]


def _draw_policy(
    evidence: Evidence, country_names: Mapping[str, str], context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw what of law and policy is in place in each country, and in how many."""
    translator = context.translator
    evidence_rows = _locate_rows_of_countries(evidence, "policy", country_names)
    if not evidence_rows:
        return None
    cells: dict[str, dict[str, dict[str, Cell]]] = {}
    for evidence_row in evidence_rows:
        items = cells.setdefault(evidence_row["area"], {})
        items.setdefault(evidence_row["item"], {})[evidence_row["country"]] = build_answer_cell(
            translator, evidence_row
        )
    reviewed = translator.number(_count_distinct(evidence_rows, "country"))
    counts = {
        (area, item): translator.number(count_in_place(select_item(evidence_rows, area, item)))
        for area, items in cells.items()
        for item in items
    }
    sections = tuple(
        MatrixSection(
            label(translator, "policy", "area", area),
            tuple(
                MatrixRow(
                    label(translator, "policy", "item", item),
                    cells_of_item,
                    translator("{count} of {n}", count=counts[area, item], n=reviewed),
                )
                for item, cells_of_item in items.items()
            ),
        )
        for area, items in cells.items()
    )
    in_place = sorted(
        count_in_place(select_item(evidence_rows, area, item))
        for area, items in cells.items()
        for item in items
    )
    topic = translator("Law and policy, by the WeProtect Model National Response")
    if in_place[0] < in_place[-1]:
        topic = translator(
            "An item of the national response is in place in {low} to {high} of {n} {areas}",
            low=translator.number(in_place[0]),
            high=translator.number(in_place[-1]),
            n=reviewed,
        )
    subtitle = translator(
        "Review of {count} items of the Model National Response, {place}",
        count=translator.number(_count_distinct(evidence_rows, "item")),
        place=context.area_name,
    )
    title = alt_text.format_title(context, topic)
    finding = translator(
        "{Areas} in which it is in place, of {n}: {findings}.",
        n=reviewed,
        findings="; ".join(
            f"{label(translator, 'policy', 'item', item)} {count}"
            for (_, item), count in counts.items()
        ),
    )
    return write_chart_record(
        Matrix(
            sections,
            _name_columns(evidence_rows, country_names),
            build_key(translator, evidence_rows),
            label(translator, "policy", "answer", IN_PLACE),
        ),
        build_frame(context, topic, subtitle, evidence_rows),
        context,
        evidence_rows,
        folder,
        "evidence-policy",
        caption=_describe_limits_of_review(translator, evidence),
        opening=translator("Grid of {areas} and items: {title}.", title=title),
        finding=finding,
    )


def _describe_limits_of_review(translator: Translator[str], evidence: Evidence) -> str:
    on_paper = translator("That something is in place on paper does not say that it works.")
    if not any(evidence.rows(table) for table in ("legislation", "service_register")):
        return on_paper
    return translator.join_sentences(
        [
            on_paper,
            translator(
                "Sources on the law and on services may say otherwise than the review: the report "
                "of the country then names both under “Settle first”."
            ),
        ]
    )


def _count_distinct(evidence_rows: Sequence[PublicRow], column: str) -> int:
    """Return how many countries, or items, have an answer or a reason why there is none."""
    addresses = {
        evidence_row[column]: evidence_row[ADDRESS] for evidence_row in reversed(evidence_rows)
    }
    return cell_count([f"{row_address}/answer" for row_address in addresses.values()])
