"""Findings of what people said and assessors found: workers, interviews, capacity and policy."""

from disrupting_harm.report.evidence.services import band_key, by_item
from disrupting_harm.report.findings.counts import borne_by_policy, borne_by_workers
from disrupting_harm.report.findings.definition import PLAIN, Finding
from disrupting_harm.report.findings.evidence_base import OfEvidence
from disrupting_harm.report.findings.printed import PrintedFinding, joined
from disrupting_harm.report.findings.voices import interviews_named, workers_said
from disrupting_harm.report.headings import strongest
from disrupting_harm.report.markdown import Markdown


class Heard:
    """Write what was said and assessed, and on what sources do not agree."""

    def __init__(self, of: OfEvidence) -> None:
        self._of = of

    def several(self, entry: Finding) -> PrintedFinding | None:
        """Return on what sources do not agree."""
        text, several = self._of.text, self._of.chapters.several
        if not several:
            return None
        sure, disputed = [text("Each may be right of what it looked at.")], self._of.disagreements
        if disputed:
            sure.append(text("No recommendation rests on what is called missing here."))
        of_disputes = [row for said in disputed for row in (*said.rows, *said.against)]
        return self._of.printed(
            entry,
            text("Sources that do not agree"),
            "several_sources",
            [
                text("Some facts are told by more than one source, and the figures differ."),
                *(said.said for said in disputed),
            ],
            sure=joined(sure),
            shown=several.table(),
            rows=[*self._of.evidence.rows("several_sources"), *of_disputes],
        )

    def frontline(self, entry: Finding) -> PrintedFinding | None:
        """Return what frontline workers said."""
        text, rows = self._of.text, self._of.evidence.rows("frontline")
        if not self._of.chapters.frontline:
            return None
        borne = borne_by_workers(rows, entry.item)
        rule, values = strongest(entry.heading, borne)
        of_heading = entry.item if rule != PLAIN else None
        shown = {name: text.number(value) for name, value in values.items()}
        heading = text.filled(entry.heading[rule], self._of.names | shown)
        said = {item: clause for item, clause in entry.said.items() if item != of_heading}
        told = [row for row in rows if row["item"] in said and row["answer"] == "yes"]
        bands = Markdown(" ".join(band_key(text, [row for row in told if row["band"]], "count")))
        return self._of.printed(
            entry,
            heading,
            "frontline",
            workers_said(text, by_item(rows), said),
            sure=text("The workers were not drawn at random: what they say holds for them alone."),
            counted=text("**Asked:** frontline workers in contact with children"),
            # In the margin it takes no room of the page.
            key=bands,
            borne=borne if rule != PLAIN else None,
        )

    def justice(self, entry: Finding) -> PrintedFinding | None:
        """Return which themes interviews on justice had."""
        text, justice = self._of.text, self._of.chapters.justice
        if not justice:
            return None
        return self._of.printed(
            entry,
            text("What was heard about justice"),
            "justice",
            interviews_named(text, self._of.evidence.rows("justice"))
            if justice.shown
            else [justice.hidden()],
            sure=text(
                "Few people were asked, and none at random: their interviews do not tell how often "
                "such things happen."
            ),
            counted=text("**Counted:** interviews in which a theme came up"),
        )

    def capacity(self, entry: Finding) -> PrintedFinding | None:
        """Return what law enforcement was found able to do."""
        text, capacity = self._of.text, self._of.chapters.capacity
        if not capacity:
            return None
        told = [capacity.finding()] if capacity.has_needs else []
        scored = text(
            "**Scored:** from 0 (absent) to 3 (in place); an area not asked about has no score"
        )
        return self._of.printed(
            entry,
            text("What law enforcement can do"),
            "capacity_profile",
            told,
            sure=text(
                "In a study of real data each score rests on documents, on what was seen, "
                "or on what officers said."
            )
            if self._of.is_simulated("capacity_profile")
            else text(
                "Each score rests on documents, on what was seen, or on what officers said; the "
                "data book says on which."
            ),
            counted=scored,
        )

    def policy(self, entry: Finding) -> PrintedFinding | None:
        """Return how many items of law and policy are in place."""
        text, policy = self._of.text, self._of.chapters.policy
        if not policy:
            return None
        borne = borne_by_policy(self._of.evidence.rows("policy"))
        values = borne["count"]
        return self._of.printed(
            entry,
            text(
                "{count} of {total} items of law and policy are in place",
                count=text.number(values["count"]),
                total=text.number(values["total"]),
            ),
            "policy",
            [policy.others()],
            sure=text("What is not known may be in place."),
            counted=text("**Reviewed:** the Model National Response of the WeProtect Alliance"),
            borne=borne,
            shown=policy.matrix(),
        )
