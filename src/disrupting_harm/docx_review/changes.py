"""What can be found in an edited document, and which of it is refused.

Words may be changed. Numbers, figures and tables are the run's: a change of them is refused, and
so is a number that nobody can follow to a published cell.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from disrupting_harm.report.language.settings import ENGLISH

BEFORE_FIRST_HEADING = "before the first heading"
# Kinds of findings, in the order in which they are told: heading, whether refused, what to do.
FINDING_KINDS: dict[str, tuple[str, bool, str]] = {
    "number-changed": ("Numbers changed", True, "Put back what the run prints"),
    "number-typed": (
        "Numbers typed by hand",
        True,
        "Take them out, or ask the author for a number with an address",
    ),
    "picture-replaced": ("Figures replaced", True, "Put the run's figure back"),
    "picture-added": ("Pictures added", True, "Take them out; ask the author for a figure"),
    "picture-lost": ("Figures lost", True, "Put the run's figure back"),
    "table-changed": ("Rows or columns of tables", True, "Put the run's table back"),
    "table-added": ("Tables added", True, "Write what it says as text"),
    "table-lost": ("Tables lost", True, "Put the run's table back"),
    "foreign": ("Drawings, text boxes, formulas, objects", True, "Write what they say as text"),
    "link-changed": ("Links to other addresses", True, "Put the run's link back"),
    "margins-changed": ("Head or foot of pages", True, "Put back what the run prints"),
    "text-changed": ("Text changed", False, ""),
    "text-added": ("Paragraphs added", False, ""),
    "text-lost": ("Paragraphs taken out", False, ""),
    "text-moved": ("Paragraphs moved", False, ""),
    "picture-moved": ("Figures moved", False, ""),
    "table-moved": ("Tables moved", False, ""),
    "number-lost": ("Numbers taken out", False, ""),
    "number-copied": ("Numbers copied", False, ""),
    "number-moved": ("Numbers moved", False, ""),
    "link-added": ("Links added", False, ""),
    "struck": ("Text struck through, which stands as before", False, ""),
    "comment": ("Comments", False, ""),
    "tracked": ("Tracked changes, compared as if accepted", False, ""),
}


@dataclass(frozen=True)
class Finding:
    """One difference or remark; its fields are the keys of the JSON that programs read.

    Attributes:
        kind: one of :data:`FINDING_KINDS`.
        place: under which headings, and where in a table.
        was: as the run wrote it; of a comment the words that it is on.
        now: as it stands in the edited document; of a comment its words.
        address: of a number.
        file: of an author's slot, the file that holds its text.
        messages: that a changed sentence was made from, each with the files that hold it.
        languages: of the same document, which now may say something else.
    """

    kind: str
    place: str
    was: str = ""
    now: str = ""
    address: str = ""
    file: str = ""
    messages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the study does not accept the change."""
        return FINDING_KINDS[self.kind][1]


@dataclass
class DocumentReview:
    """All findings in one document.

    Attributes:
        document: its source, from the root of the public results.
        release: the first digits of the run's manifest; empty where it is not known.
        findings: in the order of the document.
    """

    document: str
    language: str
    release: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> list[Finding]:
        """What cannot be taken over."""
        return [finding for finding in self.findings if finding.refused]


def format_review_json(review: DocumentReview) -> dict[str, Any]:
    """Return a comparison for programs."""
    return {
        "document": review.document,
        "language": review.language,
        "release": review.release,
        "refused": len(review.refused),
        "findings": [
            {
                "refused": finding.refused,
                **{key: value for key, value in asdict(finding).items() if value},
            }
            for finding in review.findings
        ],
    }


def format_review_text(review: DocumentReview) -> str:
    """Return a comparison for people, the refused changes first."""
    release = f", release {review.release}" if review.release else ""
    text_lines = [f"{review.document} ({review.language}{release})"]
    if not review.findings:
        return "\n".join([*text_lines, "nothing changed"])
    for kind, (title, refused, remedy) in FINDING_KINDS.items():
        findings_of_kind = [finding for finding in review.findings if finding.kind == kind]
        if findings_of_kind:
            head = f"{title}: {len(findings_of_kind)}" + (
                f", refused. {remedy}." if refused else ""
            )
            text_lines += ["", head]
            text_lines += [
                line
                for finding in findings_of_kind
                for line in _format_finding_lines(finding, review.language)
            ]
    count = len(review.refused)
    last = f"refused: {count}" if count else "nothing refused"
    return "\n".join([*text_lines, "", last])


def _format_finding_lines(finding: Finding, language: str) -> Sequence[str]:
    location = finding.place or BEFORE_FIRST_HEADING
    name = f"{finding.address}, " if finding.address else ""
    file = f", {finding.file}" if finding.file else ""
    labelled_texts = [
        ("was", finding.was),
        ("now", finding.now),
        *(("message", text) for text in finding.messages),
        # English is what the others are translated from.
        (
            "translate again" if language == ENGLISH else "says the same still?",
            ", ".join(finding.languages),
        ),
    ]
    return [
        f"- {name}{location}{file}",
        *(f"  {label}: {text}" for label, text in labelled_texts if text),
    ]
