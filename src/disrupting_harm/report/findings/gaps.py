"""What a tested gap between two groups leaves open, and how it was tested."""

from collections.abc import Callable, Mapping, Sequence

from disrupting_harm.provenance.addresses import address_of, with_address_of
from disrupting_harm.report.findings.definition import PLAIN, Finding, Gap
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Claim,
    Points,
    borne_by_gap,
    numbers_of_points,
    points,
    strongest,
)
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.study.statuses import HIDDEN_STATUSES, SUPPRESS_DISCLOSURE

# Behind the id of a finding: the claim of its sentence on the wider indicator.
WIDER = ".wider"
# Of the comparison's workbook: it has every gap that was tested. Paper has those that stand alone.
SHEET = "Gaps between groups"


def gap_row(results: Results, gap: Gap) -> Mapping[str, str] | None:
    """Return the row of ``gaps.csv`` on a gap; None where the comparison has none."""
    keys = (gap.indicator, gap.domain, *gap.levels)
    names = ("indicator", "domain", "level_a", "level_b")
    rows = results.compared.get("gaps", ())
    return next((row for row in rows if tuple(row[name] for name in names) == keys), None)


def wider_claim(
    translator: Translator[Markdown],
    entry: Finding,
    results: Results,
    share: Callable[[Cell], Markdown | None],
) -> Claim | None:
    """Return the sentence on a clear gap by the wider indicator; None where none is clear.

    Who reads that nothing differs would take it for all that children told.

    Args:
        translator: the language.
        entry: a finding on a gap.
        results: the public results of the country.
        share: how a share is printed; None where it is not.
    """
    gap = entry.wider_gap
    row = gap_row(results, gap) if gap else None
    found = points(row)
    if gap is None or row is None or found is None or entry.wider is None:
        return None
    rule, _ = strongest({"more": "", "less": ""}, borne_by_gap(found))
    shares = [share(results.cell(gap.indicator, gap.domain, level)) for level in gap.levels]
    if rule == PLAIN or None in shares:
        return None
    values = {name: said for name, said in zip("ab", shares, strict=True) if said}
    said = translator.filled(getattr(entry.wider, rule), values)
    where = address_of(row["difference"]).rpartition("/")[0]
    return Claim(f"{entry.id}{WIDER}", said, rule, {}, where, numbers_of_points(found))


def no_estimate_of(
    translator: Translator[Markdown], labels: Labels, gap: Gap, cells: Sequence[Cell]
) -> list[Markdown]:
    """Return for which groups no estimate is printed, and why; nothing where all have one."""

    def named(some: Sequence[Cell]) -> Markdown:
        levels = [Markdown(f"“{labels.level(gap.domain, cell.level)}”") for cell in some]
        return translator.enumeration(levels)

    without = [cell for cell in cells if cell.estimate is None and cell.status in HIDDEN_STATUSES]
    private = [cell for cell in without if cell.status == SUPPRESS_DISCLOSURE]
    unsure = [cell for cell in without if cell.status != SUPPRESS_DISCLOSURE]
    said = []
    if private:
        said.append(
            translator(
                "Not tested: to protect those who answered, no estimate is printed for {groups}.",
                groups=named(private),
            )
        )
    if unsure:
        said.append(
            translator(
                "Not tested: no estimate is certain enough for {groups}.", groups=named(unsure)
            )
        )
    return said


def what_fits(translator: Translator[Markdown], found: Points) -> Markdown:
    """Return which differences would fit as well, where none is clear."""
    if found.clear:
        return NOTHING
    return translator(
        "A difference of up to {points} points would fit the answers as well.",
        points=translator.number(found.largest),
    )


def tested(
    translator: Translator[Markdown], labels: Labels, gap: Gap, found: Points, cells: Sequence[Cell]
) -> Markdown:
    """Return the note on what was tested, with its limits.

    Of ``cells`` the shares are printed beside it: a difference that does not fit them says why.
    """
    first, second = (labels.level(gap.domain, level) for level in gap.levels)
    said = translator(
        "**Tested:** {first} minus {second}, in points: {difference} ({low} to {high}), together "
        "with all {areas} of the study",
        first=first,
        second=second,
        **_numbers(translator, found),
    )
    return _with_rounding(translator, said, found, cells)


def wider_tested(translator: Translator[Markdown], entry: Finding, results: Results) -> Markdown:
    """Return the same of the wider indicator, whose groups are those of the finding."""
    gap = entry.wider_gap
    found = points(gap_row(results, gap)) if gap else None
    if gap is None or found is None:
        return NOTHING
    said = translator(
        "**Wider indicator:** {difference} ({low} to {high}, tested in the same way)",
        **_numbers(translator, found),
    )
    cells = [results.cell(gap.indicator, gap.domain, level) for level in gap.levels]
    return _with_rounding(translator, said, found, cells)


def _numbers(translator: Translator[Markdown], found: Points) -> dict[str, Markdown]:
    return {
        "difference": _signed(translator, found.difference),
        "low": _signed(translator, found.low),
        "high": _signed(translator, found.high),
    }


def _with_rounding(
    translator: Translator[Markdown], said: Markdown, found: Points, cells: Sequence[Cell]
) -> Markdown:
    minuend, subtrahend = (cell.whole.estimate if cell.whole else 0 for cell in cells)
    if minuend - subtrahend == found.difference:
        return said
    return Markdown(f"{said}; {translator('subtracted before shares are rounded')}")


def _signed(translator: Translator[Markdown], points: int) -> Markdown:
    """Return points as printed, with the sign of a number and not a hyphen."""
    sign = "\N{MINUS SIGN}" if points < 0 else ""
    return Markdown(f"{sign}{translator.number(with_address_of(abs(points), points))}")
