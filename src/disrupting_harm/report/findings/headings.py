"""What a heading may claim: the strongest form that the printed numbers bear.

A heading is read alone. "Most" needs a printed lower limit above 50, "fewer than half" a printed
upper limit below 50, "about 1 in k" a whole k to 10 of which 100/k rounds to the printed share,
"more" or "less" a difference that was tested together with all others of its kind, "no clear
difference" a tested one that is not clear, and "rose" complete counts, made in the
same way, that never fell. What bears nothing gets the plain form, which claims nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from disrupting_harm.provenance.addresses import without_sign
from disrupting_harm.provenance.anchors import row_explanation_link
from disrupting_harm.report.findings.definition import PLAIN
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import Translator, read_whole_percent
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval

HALF = 50
ClaimValues = dict[str, dict[str, Any]]
COLUMNS = ("document", "language", "heading", "rule", "address", "numbers", "verdict")


@dataclass(frozen=True)
class Claim:
    """A heading as printed, the rule of its claim, and the public numbers that bear it.

    Attributes:
        id: of the finding.
        heading: as the document has it.
        rule: the form that was chosen.
        values: the numbers in the heading.
        address: where the numbers stand, e.g. ``KEN/clear_examples``.
        numbers: as printed, e.g. ``17 (14-21)``; empty where nothing is.
    """

    id: str
    heading: str
    rule: str
    values: Mapping[str, Any]
    address: str
    numbers: str

    def build_table_line(self, document: str, language: str) -> dict[str, str]:
        """Return the line of the table of headings."""
        verdict = "no claim" if self.rule == PLAIN else "borne"
        cells = (remove_addresses(self.heading), self.rule, self.address, self.numbers, verdict)
        return dict(zip(COLUMNS, (document, language, *cells), strict=True))


def find_strongest_claim(
    forms: Sequence[str] | Mapping[str, str], borne: ClaimValues
) -> tuple[str, dict[str, Any]]:
    """Return the first rule of ``borne`` that has a form, and what fills it; else ``plain``."""
    return next(((rule, borne[rule]) for rule in borne if rule in forms), (PLAIN, {}))


def find_claims_of_share(cell: Cell, coded: bool) -> ClaimValues:
    """Return the claims that a printed share bears, the strongest first.

    Args:
        cell: the published estimate.
        coded: whether bounds are printed by the estimate, so that the true share may lie beyond.
    """
    share = cell.percent
    if share is None:
        return _find_claims_of_bound(cell) if cell.bound and not coded else {}
    claims: ClaimValues = {}
    if share.low > HALF:
        claims["most"] = {}
    if share.one_in:
        claims["one_in"] = {"k": share.one_in}
    if share.high < HALF:
        claims["fewer_than_half"] = {}
    if not share.small:
        claims["in_100"] = {"x": share.estimate}
    return claims


def _find_claims_of_bound(cell: Cell) -> ClaimValues:
    if cell.bound is None:
        return {}
    sign, limit = cell.bound[0], read_whole_percent(cell.bound[1])
    if sign == "<" and limit < HALF:
        return {"fewer": {"x": limit}, "fewer_than_half": {}}
    return {"most": {}} if sign == ">" and limit > HALF else {}


@dataclass(frozen=True)
class GapPoints:
    """A tested difference with its limits in whole points, and the verdict."""

    difference: int
    low: int
    high: int
    clear: bool

    @property
    def largest(self) -> int:
        """The largest difference, in either direction, that would fit."""
        return without_sign(max(self.low, self.high, key=abs))  # type: ignore[no-any-return]


def read_gap_points(row: PublicRow | None) -> GapPoints | None:
    """Return a row of ``gaps.csv`` in whole points; None where no difference is printed."""
    if row is None or not row["points"] or not row["points_low"]:
        return None
    difference, low, high = (
        row.whole_number(name) for name in ("points", "points_low", "points_high")
    )
    return GapPoints(difference, low, high, row["clear"] == "True")


def find_claims_of_gap(gap_points: GapPoints | None) -> ClaimValues:
    """Return the claim that a tested difference bears."""
    if gap_points is None:
        return {}
    if not gap_points.clear:
        return {"no_difference": {}}
    return {"more": {}} if gap_points.difference > 0 else {"less": {}}


def format_gap_points(gap_points: GapPoints) -> str:
    """Return a difference as the table of headings prints it."""
    return f"points {gap_points.difference} ({gap_points.low} to {gap_points.high})"


def format_share_numbers(share: PercentInterval | None, cell: Cell) -> str:
    """Return a share as the table of headings prints it; empty where none is published."""
    if share:
        return f"{share.estimate} ({share.low}-{share.high})"
    return f"{cell.bound[0]} {read_whole_percent(cell.bound[1])}" if cell.bound else ""


# A finding as printed, and what its parts are made of.


NOTHING = Markdown("")


@dataclass(frozen=True)
class PrintedFinding:
    """A finding: heading, sentences, figure or table, how sure it is, and notes in the margin.

    Attributes:
        claim: the heading with what it rests on.
        heading: as Markdown.
        text: its sentences, as one paragraph.
        figure: identifier of its figure; empty where it has none.
        table: in place of a figure, where none was drawn.
        sure: what is sure, and what is not.
        margin: notes such as who was asked.
        also: what a sentence below the heading claims, checked as headings are.
    """

    claim: Claim
    heading: Markdown
    text: Markdown
    figure: str = ""
    table: Markdown = NOTHING
    sure: Markdown = NOTHING
    margin: tuple[Markdown, ...] = ()
    also: Claim | None = None

    @property
    def id(self) -> str:
        """Identifier of the finding."""
        return self.claim.id

    @property
    def explained(self) -> str:
        """Where the number of its heading is explained, or its table, below the public folder."""
        return row_explanation_link(self.claim.address)

    @property
    def also_explained(self) -> str:
        """The same of what a sentence below the heading claims; empty where none does."""
        return row_explanation_link(self.also.address) if self.also else ""


@dataclass(frozen=True)
class PrintedChapter:
    """A chapter as printed; ``survey`` where any of its findings is of the survey."""

    id: str
    title: Markdown
    message: Markdown
    survey: bool
    findings: tuple[PrintedFinding, ...]


def join_sentences(sentences: Sequence[Markdown]) -> Markdown:
    """Return sentences as a paragraph; each begins with a capital letter, whatever stands first."""
    return Markdown(
        " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences if sentence)
    )


def point_to_sheets(translator: Translator[Markdown], sheets: Iterable[str]) -> Markdown:
    """Return in which sheets of the data book the numbers of a finding stand; empty without any."""
    names = [*dict.fromkeys(sheets)]
    if not names:
        return NOTHING
    if len(names) == 1:
        return translator("**Data:** data book, “{module}”", module=names[0])
    quoted = [translator("“{name}”", name=name) for name in names]
    return translator("**Data:** data book, {sheets}", sheets=translator.enumeration(quoted))


def add_claim(finding: PrintedFinding, also: Claim | None) -> PrintedFinding:
    """Return a finding with a sentence below its heading that claims something, if there is one."""
    if also is None:
        return finding
    return replace(finding, text=join_sentences([finding.text, Markdown(also.heading)]), also=also)
