"""The evidence on one country in one language, and the form of a finding of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.conditions import Disputed
from disrupting_harm.report.evidence.chapters import Chapters
from disrupting_harm.report.evidence.facts import Evidence, Row, data_kinds
from disrupting_harm.report.evidence.notes import marked, simulated
from disrupting_harm.report.findings.definition import PLAIN, Finding
from disrupting_harm.report.findings.printed import NOTHING, PrintedFinding, joined
from disrupting_harm.report.headings import Borne, Claim
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text


@dataclass(frozen=True)
class OfEvidence:
    """What findings of evidence are made of.

    Attributes:
        text: the language.
        country: its code.
        evidence: its public tables.
        chapters: the same tables as sentences and tables of documents.
        names: ``country`` and ``population`` as printed.
        disagreements: on what no recommendation rests, as sources do not agree.
        kinds: of which the study has findings.
    """

    text: Text
    country: str
    evidence: Evidence
    chapters: Chapters
    names: dict[str, Markdown]
    disagreements: tuple[Disputed, ...] = ()
    kinds: frozenset[str] = frozenset()

    def is_simulated(self, table: str) -> bool:
        """Whether rows of a table are simulated."""
        return SIMULATED in data_kinds(self.evidence.rows(table))

    def sure(self, table: str, counted: Markdown, limits: Markdown) -> Markdown:
        """Return how sure a count is: ``counted`` is not said of what nobody counted."""
        return limits if self.is_simulated(table) else joined([counted, limits])

    def _disputed(self, kind: str | None) -> list[Disputed]:
        """Return on what a kind of evidence disputes another, or is disputed by one not told of.

        Where the report has a finding on sources that do not agree, that one tells it.
        """
        if self.chapters.several and "several" in self.kinds:
            return []
        places = (
            (said, said.other if said.other in self.kinds else said.table)
            for said in self.disagreements
        )
        return [said for said, place in places if place == kind]

    def _published(self, rows: Sequence[Row]) -> Markdown:
        """Return that counts are published ones, where others of the country are simulated."""
        published = data_kinds(rows) == {PUBLISHED}
        if not published or not any(map(self.is_simulated, self.evidence.tables)):
            return NOTHING
        return self.text("**Published** counts, not simulated")

    def printed(
        self,
        entry: Finding,
        heading: Markdown,
        table: str,
        told: Sequence[Markdown],
        *,
        sure: Markdown,
        counted: Markdown = NOTHING,
        key: Markdown = NOTHING,
        borne: Borne | None = None,
        shown: Markdown = NOTHING,
        rows: Sequence[Row] = (),
    ) -> PrintedFinding:
        """Return a finding.

        ``borne`` holds the claim of its heading, nothing where it has none; ``rows`` are those that
        it tells of, where they are not all of its table; ``key`` says how to read words in it that
        stand for a number.
        """
        text, rows = self.text, rows or self.evidence.rows(table)
        disputed = self._disputed(entry.evidence)
        # What another table says is told here, too, and may be simulated where these rows are not.
        all_told = [*rows, *(row for said in disputed for row in (*said.rows, *said.against))]
        rule, values = next(iter((borne or {PLAIN: {}}).items()))
        numbers = "; ".join(f"{name} {value}" for name, value in values.items())
        # A heading is read alone, in the contents and elsewhere: it says itself that its number,
        # or all below it, is simulated.
        remark, simulated_alone = NOTHING, data_kinds(all_told) == {SIMULATED}
        if rule != PLAIN or simulated_alone:
            heading = marked(text, heading, rows)
        if not simulated_alone and (rule == PLAIN or disputed):
            remark = Markdown(simulated(text, all_told))
        claim = Claim(entry.id, heading, rule, values, f"{self.country}/{table}", numbers)
        # On paper nothing leads to a file. What the finding shows in full is in no other place.
        book = text("**Data:** data book, “{module}”", module=text("Other sources"))
        data = NOTHING if table == "several_sources" else book
        return PrintedFinding(
            claim,
            heading,
            joined([*told, *(said.said for said in disputed), remark]),
            entry.figure or "",
            table=shown,
            sure=sure,
            margin=tuple(note for note in (counted, key, self._published(all_told), data) if note),
        )
