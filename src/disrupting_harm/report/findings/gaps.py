"""What a tested gap between two groups leaves open, and how it was tested."""

from collections.abc import Callable, Sequence

from disrupting_harm.provenance.addresses import address_of, with_address_of
from disrupting_harm.report.findings.definition import PLAIN, Finding, Gap
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Claim,
    GapPoints,
    find_claims_of_gap,
    find_strongest_claim,
    format_gap_points,
    read_gap_points,
)
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import HIDDEN_STATUSES, SUPPRESS_DISCLOSURE

# Behind the id of a finding: the claim of its sentence on the wider indicator.
WIDER = ".wider"
# Of the comparison's workbook: it has every gap that was tested. Paper has those that stand alone.
SHEET = "Gaps between groups"


def find_gap_row(results: Results, gap: Gap) -> PublicRow | None:
    """Return the row of ``gaps.csv`` on a gap; None where the comparison has none."""
    keys = (gap.indicator, gap.domain, *gap.levels)
    columns = ("indicator", "domain", "level_a", "level_b")
    rows = results.comparison_rows.get("gaps", ())
    return next((row for row in rows if tuple(row[column] for column in columns) == keys), None)


def describe_wider_gap(
    translator: Translator[Markdown],
    finding: Finding,
    results: Results,
    share: Callable[[Cell], Markdown | None],
) -> Claim | None:
    """Return the sentence on a clear gap by the wider indicator; None where none is clear.

    Who reads that nothing differs would take it for all that children told.

    Args:
        finding: a finding on a gap.
        share: how a share is printed; None where it is not.
    """
    gap = finding.wider_gap
    row = find_gap_row(results, gap) if gap else None
    gap_points = read_gap_points(row)
    if gap is None or row is None or gap_points is None or finding.wider is None:
        return None
    rule, _ = find_strongest_claim({"more": "", "less": ""}, find_claims_of_gap(gap_points))
    shares = [share(results.cell(gap.indicator, gap.domain, level)) for level in gap.levels]
    if rule == PLAIN or None in shares:
        return None
    values = {name: sentence for name, sentence in zip("ab", shares, strict=True) if sentence}
    sentence = translator.fill_sentence(getattr(finding.wider, rule), values)
    row_address = address_of(row["difference"]).rpartition("/")[0]
    return Claim(
        f"{finding.id}{WIDER}", sentence, rule, {}, row_address, format_gap_points(gap_points)
    )


def explain_missing_estimates(
    translator: Translator[Markdown], labels: Labels, gap: Gap, group_cells: Sequence[Cell]
) -> list[Markdown]:
    """Return for which groups no estimate is printed, and why; nothing where all have one."""

    def list_levels(cells_of_reason: Sequence[Cell]) -> Markdown:
        levels = [
            format_inside_sentence(labels.level(gap.domain, cell.level)) for cell in cells_of_reason
        ]
        return translator.enumeration(levels)

    hidden_cells = [
        cell for cell in group_cells if cell.estimate is None and cell.status in HIDDEN_STATUSES
    ]
    private = [cell for cell in hidden_cells if cell.status == SUPPRESS_DISCLOSURE]
    unsure = [cell for cell in hidden_cells if cell.status != SUPPRESS_DISCLOSURE]
    sentences = []
    if private:
        sentences.append(
            translator(
                "No test: the number of {groups} could make somebody known.",
                groups=list_levels(private),
            )
        )
    if unsure:
        sentences.append(
            translator(
                "No test: too few answered among {groups}.",
                groups=list_levels(unsure),
            )
        )
    return sentences


def describe_fitting_differences(
    translator: Translator[Markdown], gap_points: GapPoints
) -> Markdown:
    """Return which differences would fit as well, where none is clear."""
    if gap_points.clear:
        return NOTHING
    return translator(
        "A gap of up to {points} points is still possible.",
        points=translator.number(gap_points.largest),
    )


def describe_test(
    translator: Translator[Markdown],
    labels: Labels,
    gap: Gap,
    gap_points: GapPoints,
    group_cells: Sequence[Cell],
) -> Markdown:
    """Return the note on what was tested, with its limits.

    The shares of ``group_cells`` are printed beside it: a difference that does not fit them says
    why.
    """
    first, second = (labels.level(gap.domain, level) for level in gap.levels)
    note = translator(
        "**Difference in points:** {difference} ({low} to {high}), {first} minus {second}, tested "
        "together with all {areas}",
        first=first,
        second=second,
        **_format_limits(translator, gap_points),
    )
    return _add_rounding_note(translator, note, gap_points, group_cells)


def describe_wider_test(
    translator: Translator[Markdown], finding: Finding, results: Results
) -> Markdown:
    """Return the same of the wider indicator, whose groups are those of the finding."""
    gap = finding.wider_gap
    gap_points = read_gap_points(find_gap_row(results, gap)) if gap else None
    if gap is None or gap_points is None:
        return NOTHING
    note = translator(
        "**Wider indicator:** {difference} ({low} to {high}, tested in the same way)",
        **_format_limits(translator, gap_points),
    )
    group_cells = [results.cell(gap.indicator, gap.domain, level) for level in gap.levels]
    return _add_rounding_note(translator, note, gap_points, group_cells)


def _format_limits(translator: Translator[Markdown], gap_points: GapPoints) -> dict[str, Markdown]:
    return {
        "difference": _format_points(translator, gap_points.difference),
        "low": _format_points(translator, gap_points.low),
        "high": _format_points(translator, gap_points.high),
    }


def _add_rounding_note(
    translator: Translator[Markdown],
    note: Markdown,
    gap_points: GapPoints,
    group_cells: Sequence[Cell],
) -> Markdown:
    minuend, subtrahend = (cell.percent.estimate if cell.percent else 0 for cell in group_cells)
    if minuend - subtrahend == gap_points.difference:
        return note
    return Markdown(f"{note}; {translator('taken before rounding')}")


def _format_points(translator: Translator[Markdown], points: int) -> Markdown:
    """Return points as printed, with the sign of a number and not a hyphen."""
    sign = "\N{MINUS SIGN}" if points < 0 else ""
    return Markdown(f"{sign}{translator.number(with_address_of(abs(points), points))}")
