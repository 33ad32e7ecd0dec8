"""A finding as printed, and what its parts are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from disrupting_harm.provenance.anchors import where_of_row
from disrupting_harm.report.headings import Claim
from disrupting_harm.report.markdown import Markdown

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
        return where_of_row(self.claim.address)

    @property
    def also_explained(self) -> str:
        """The same of what a sentence below the heading claims; empty where none does."""
        return where_of_row(self.also.address) if self.also else ""


@dataclass(frozen=True)
class PrintedChapter:
    """A chapter as printed; ``survey`` where any of its findings is of the survey."""

    id: str
    title: Markdown
    message: Markdown
    survey: bool
    findings: tuple[PrintedFinding, ...]


def joined(sentences: Sequence[Markdown]) -> Markdown:
    """Return sentences as a paragraph; each begins with a capital letter, whatever stands first."""
    return Markdown(" ".join(said[:1].upper() + said[1:] for said in sentences if said))


def with_claim(finding: PrintedFinding, also: Claim | None) -> PrintedFinding:
    """Return a finding with a sentence below its heading that claims something, if there is one."""
    if also is None:
        return finding
    return replace(finding, text=joined([finding.text, Markdown(also.heading)]), also=also)
