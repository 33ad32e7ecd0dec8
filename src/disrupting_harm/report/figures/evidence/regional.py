"""Evidence of all countries side by side, for the regional report; countries are never ranked."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from disrupting_harm.provenance.addresses import (
    ADDRESS,
    address_part,
    cell_count,
    derive_number,
    number_of,
    row_count,
)
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.estimate_chart import write_figure_records
from disrupting_harm.report.figures.evidence.context import frame, located, record
from disrupting_harm.report.figures.evidence.matrix import Cell, Line, Mark, draw_matrix
from disrupting_harm.report.figures.evidence.powers import draw_counts, to_count
from disrupting_harm.report.figures.row_chart import Section
from disrupting_harm.report.findings.evidence.capacity import FULL, mean_of_steps
from disrupting_harm.report.findings.evidence.cybertips import WHOLE
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.evidence_codes import label, row_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, read_evidence
from disrupting_harm.report.reading.evidence_rows import Row as Fact
from disrupting_harm.study.countries import Country

# Gaps from none to full in four classes, the greater the darker, with the ink that can be read.
SHADES = (
    ("#E3EEF2", style.INK),
    ("#A9CAD6", style.INK),
    ("#3B7891", "white"),
    (style.TEAL, "white"),
)
IN_PLACE = "in_place"
MARKS: dict[str, Mark] = {IN_PLACE: "full", "partly": "left", "not_in_place": "none"}


def draw_regional_evidence(
    public: Path, countries: Sequence[Country], context: FigureContext, folder: Path
) -> list[FigureRecord]:
    """Draw what the countries' evidence has in common and list the figures in ``figures.json``.

    Args:
        public: the public results; tables of ``evidence/`` are read.
        countries: rows of the countries file.
        context: the language and what all texts need.
        folder: where the files go.

    Returns:
        One entry for each of ``evidence-cybertips``, ``evidence-capacity`` and
        ``evidence-policy`` for which there are rows.
    """
    translator = context.translator
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    named = {row.country: translator.country(row.country, row.name) for row in countries}
    names = dict(sorted(named.items(), key=lambda pair: by_letters(pair[1])))
    regions = {row.country: row.region or "" for row in countries}
    with style.house_style():
        drawn = [
            _reports(evidence, names, regions, context, folder),
            _capacity(evidence, names, context, folder),
            _policy(evidence, names, context, folder),
        ]
    records = [entry for entry in drawn if entry is not None]
    write_figure_records(folder / "figures.json", records)
    return records


def _reports(
    evidence: Evidence,
    names: Mapping[str, str],
    regions: Mapping[str, str],
    context: FigureContext,
    folder: Path,
) -> FigureRecord | None:
    """Draw the counts of the last year before reports were split, which have no interval."""
    translator = context.translator
    counted = [
        evidence_row
        for evidence_row in located("cybertips", evidence.rows("cybertips"))
        if evidence_row["class"] == WHOLE
        and evidence_row["reports"]
        and evidence_row["country"] in names
    ]
    if not counted:
        return None
    year = max(evidence_row["year"] for evidence_row in counted)
    own = {
        evidence_row["country"]: evidence_row
        for evidence_row in counted
        if evidence_row["year"] == year
    }
    evidence_rows = [own[code] for code in names if code in own]
    sections = [
        Section(
            translator(region) if region else "",
            tuple(
                to_count(translator, names[code], own[code])
                for code in names
                if code in own and regions[code] == region
            ),
        )
        for region in sorted({regions[code] for code in own})
    ]
    topic = translator("CyberTip reports, {year}", year=year)
    measure = translator("Reports about users of any age, by {area}; complete counts, no interval")
    notes = [
        translator("Each line of the axis is ten times the one before."),
        translator(
            "Reports depend on how many people are online and on much else: {areas} are not ranked."
        ),
    ]
    framed = frame(context, topic, measure, evidence_rows, notes)
    draw = partial(draw_counts, translator, sections)
    title = alt_text.format_title(context, topic)
    shown = [(row.label, row.printed_text) for section in sections for row in section.rows]
    return record(
        draw(framed),
        framed,
        context,
        evidence_rows,
        folder,
        "evidence-cybertips",
        caption=translator(
            "Reports do not measure how many children were harmed: one report may concern several "
            "children or none, and what nobody reports is not counted."
        ),
        chart=translator("Dot chart: {title}.", title=title),
        finding=translator(
            "{findings}.", findings="; ".join(f"{name} {count}" for name, count in shown)
        ),
        again=draw,
    )


def _capacity(
    evidence: Evidence, names: Mapping[str, str], context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw the score of each area in each country, the greater the gap the darker."""
    translator = context.translator
    every = located("capacity_profile", evidence.rows("capacity_profile"))
    evidence_rows = [evidence_row for evidence_row in every if evidence_row["country"] in names]
    if not evidence_rows:
        return None
    lines: dict[str, dict[str, Cell]] = {}
    labels: dict[str, str] = {}
    for evidence_row in evidence_rows:
        labels[evidence_row["area"]] = row_label(translator, evidence_row, "area")
        lines.setdefault(evidence_row["area"], {})[evidence_row["country"]] = _score(
            translator, evidence_row
        )
    present = {evidence_row["country"] for evidence_row in evidence_rows}
    topic = translator("Capacity of law enforcement by area")
    measure = translator("Score from 0 (absent) to 3 (in place); the darker, the greater the gap")
    notes = [translator("–: not asked, which is not 0."), mean_of_steps(translator)]
    framed = frame(context, topic, measure, evidence_rows, notes)
    draw = partial(
        draw_matrix,
        [Line(labels[area], cells) for area, cells in lines.items()],
        {code: name for code, name in names.items() if code in present},
    )
    title = alt_text.format_title(context, topic)
    return record(
        draw(framed),
        framed,
        context,
        evidence_rows,
        folder,
        "evidence-capacity",
        caption=translator("Scores run from 0 (absent) to 3 (in place). Not asked is not 0."),
        chart=translator("Grid of {areas} and areas: {title}.", title=title),
        finding=_absent(translator, evidence_rows, labels),
        again=draw,
    )


def _score(translator: Translator[str], evidence_row: Fact) -> Cell:
    key = evidence_row[ADDRESS]
    if not evidence_row["score_mean"]:
        return Cell("–", style.PLACE, style.GREY, key=key)
    score = float(evidence_row["score_mean"])
    place = min(int((FULL - score) / FULL * len(SHADES)), len(SHADES) - 1)
    return Cell(translator.number(score, 1), *SHADES[place], key=key)


def _absent(
    translator: Translator[str], evidence_rows: Sequence[Fact], labels: Mapping[str, str]
) -> str:
    """Return how many of the items asked are absent in each area, over the countries."""
    parts = []
    for area, name in labels.items():
        own = [evidence_row for evidence_row in evidence_rows if evidence_row["area"] == area]
        asked, absent = (_sum(own, column) for column in ("items_asked", "items_absent"))
        shown = translator(
            "{count} of {n}", count=translator.number(absent), n=translator.number(asked)
        )
        parts.append(
            translator(
                "{label}: {count}", label=name, count=shown if asked else translator("not asked")
            )
        )
    return translator(
        "Items absent of those asked in all {areas}. {findings}.", findings="; ".join(parts)
    )


def _sum(evidence_rows: Sequence[Fact], column: str) -> float:
    cells = [number_of(evidence_row[column]) for evidence_row in evidence_rows]
    return derive_number("sum", sum(cells), cells)  # type: ignore[no-any-return]


def _policy(
    evidence: Evidence, names: Mapping[str, str], context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw what of law and policy is in place in each country."""
    translator = context.translator
    every = located("policy", evidence.rows("policy"))
    evidence_rows = [evidence_row for evidence_row in every if evidence_row["country"] in names]
    if not evidence_rows:
        return None
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    for evidence_row in evidence_rows:
        cells.setdefault((evidence_row["area"], evidence_row["item"]), {})[
            evidence_row["country"]
        ] = _answer(evidence_row)
    lines: list[Line] = []
    last = ""
    for (area, item), own in cells.items():
        if area != last:
            lines.append(Line(label(translator, "policy", "area", area), {}))
        lines.append(Line(label(translator, "policy", "item", item), own))
        last = area
    present = {evidence_row["country"] for evidence_row in evidence_rows}
    topic = translator("Law and policy, by the WeProtect Model National Response")
    measure = translator("Full disc: in place; half: partly; empty: not in place")
    notes = [translator("?: looked for, and not found. –: nobody looked. n/a: does not apply.")]
    framed = frame(context, topic, measure, evidence_rows, notes)
    draw = partial(
        draw_matrix, lines, {code: name for code, name in names.items() if code in present}
    )
    title = alt_text.format_title(context, topic)
    counts = [
        " ".join(
            [
                label(translator, "policy", "item", item),
                translator.number(_in_place(evidence_rows, area, item)),
            ]
        )
        for area, item in cells
    ]
    said = translator(
        "{Areas} in which it is in place, of {n}: {findings}.",
        n=translator.number(_reviewed(evidence_rows)),
        findings="; ".join(counts),
    )
    return record(
        draw(framed),
        framed,
        context,
        evidence_rows,
        folder,
        "evidence-policy",
        caption=translator("That something is in place on paper does not say that it works."),
        chart=translator("Grid of {areas} and items: {title}.", title=title),
        finding=said,
        again=draw,
    )


def _in_place(evidence_rows: Sequence[Fact], area: str, item: str) -> int:
    own = [
        evidence_row
        for evidence_row in evidence_rows
        if (evidence_row["area"], evidence_row["item"]) == (area, item)
    ]
    found = "/".join(
        ("policy", f"area:{address_part(area)}", f"item:{address_part(item)}", f"answer:{IN_PLACE}")
    )
    rows = ",".join(f"{address_part(evidence_row['country'])}/{found}" for evidence_row in own)
    return row_count(sum(evidence_row["answer"] == IN_PLACE for evidence_row in own), rows)  # type: ignore[no-any-return]


def _reviewed(evidence_rows: Sequence[Fact]) -> int:
    """Return in how many countries there was a review."""
    first = {
        evidence_row["country"]: evidence_row[ADDRESS] for evidence_row in reversed(evidence_rows)
    }
    return cell_count([f"{where}/answer" for where in first.values()])


def _answer(evidence_row: Fact) -> Cell:
    key = evidence_row[ADDRESS]
    if mark := MARKS.get(evidence_row["answer"]):
        return Cell(mark=mark, key=key)
    open_marks = {"not_known": "?", "not_applicable": "n/a"}
    sign = open_marks.get(evidence_row["answer"] or evidence_row["status"], "–")
    return Cell(sign, style.PLACE, style.GREY, key=key)
