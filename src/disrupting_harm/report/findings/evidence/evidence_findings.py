"""Findings of evidence: what police, companies, services and law show, each in its own unit.

Their words stand in the library, because the tables they are made of are the same in every study;
sentences on items and themes of a study's own stand in its file of findings.
"""

from collections.abc import Callable

from disrupting_harm.report.findings.definition import PLAIN, Finding
from disrupting_harm.report.findings.evidence.capacity import find_claims_of_capacity
from disrupting_harm.report.findings.evidence.chapters import EvidenceContext
from disrupting_harm.report.findings.evidence.counts import CountFindings
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Claim,
    PrintedFinding,
    join_sentences,
    point_to_sheets,
)
from disrupting_harm.report.findings.key_figures import find_claims_of_policy
from disrupting_harm.report.language.evidence_codes import name_evidence_sheets
from disrupting_harm.report.language.markdown import Markdown


class AssessmentFindings:
    """Write what was said and assessed, and on what sources do not agree."""

    def __init__(self, context: EvidenceContext) -> None:
        self._context = context

    def write_several_sources(self, finding: Finding) -> PrintedFinding | None:
        """Return on what sources do not agree."""
        translator, several = self._context.translator, self._context.chapters.several
        if not several:
            return None
        return self._context.build_finding(
            finding,
            translator("Sources that do not agree"),
            "several_sources",
            [translator("Several sources tell the same fact, and their numbers differ.")],
            sure=translator("Each may be right about what it counted."),
            finding_table=several.table(),
        )

    def write_justice(self, finding: Finding) -> PrintedFinding | None:
        """Return which themes most interviews on justice had; else how many had each."""
        translator, justice = self._context.translator, self._context.chapters.justice
        if not justice:
            return None
        sentences, table = [], Markdown("")
        if not justice.is_shown:
            sentences = [justice.explain_hidden()]
        elif justice.has_frequent:
            sentences, table = [justice.list_interviewed()], justice.list_frequent()
        else:
            table = justice.table()
        return self._context.build_finding(
            finding,
            translator("What was heard about justice"),
            "justice",
            sentences,
            sure=translator("Few people were asked, and none at random."),
            count_note=NOTHING
            if justice.has_frequent
            else translator("**Counted:** interviews in which a theme came up"),
            finding_table=table,
        )

    def write_capacity(self, finding: Finding) -> PrintedFinding | None:
        """Return how many points of police work are in place, and how many are absent."""
        translator, capacity = self._context.translator, self._context.chapters.capacity
        if not capacity:
            return None
        return self._context.build_finding(
            finding,
            capacity.format_heading(),
            "capacity",
            capacity.describe_others(),
            sure=Markdown("")
            if self._context.is_simulated("capacity")
            else translator(
                "Each score rests on a document, on what was seen, or on what officers said."
            ),
            count_note=Markdown(capacity.dates),
            claims=find_claims_of_capacity(self._context.evidence.rows("capacity")),
            finding_table=capacity.table(),
        )

    def write_helpline(self, finding: Finding) -> PrintedFinding | None:
        """Return which helpline sources name, what the review says, and when a number is told."""
        helpline = self._context.chapters.helpline
        if not helpline:
            return None
        heading = helpline.format_heading()
        address = f"{self._context.country}/service_register"
        titles = name_evidence_sheets(self._context.translator)
        sheets = [titles["service_register"]] * bool(helpline.rows)
        sheets += [titles["policy"]] * bool(helpline.review)
        return PrintedFinding(
            Claim(finding.id, heading, PLAIN, {}, address, ""),
            heading,
            join_sentences(helpline.describe()),
            margin=(point_to_sheets(self._context.translator, sheets),),
        )

    def _point_to_helpline(self) -> Markdown:
        """Return where it is said what is known of a helpline; empty where nothing is."""
        if "helpline" not in self._context.kinds or not self._context.chapters.helpline:
            return NOTHING
        return self._context.translator(
            "See “{heading}”.",
            heading=self._context.chapters.helpline.format_heading(),
        )

    def write_policy(self, finding: Finding) -> PrintedFinding | None:
        """Return how many parts of the national response are in place."""
        translator, policy = self._context.translator, self._context.chapters.policy
        if not policy:
            return None
        rows = self._context.evidence.rows("policy")
        borne = find_claims_of_policy(rows)
        values = borne["count"]
        return self._context.build_finding(
            finding,
            translator(
                "National response: {count} of {total} parts in place",
                count=translator.number(values["count"]),
                total=translator.number(values["total"]),
            ),
            "policy",
            [*policy.describe_others(), self._point_to_helpline()],
            sure=translator("What is not known may be in place.")
            if any(row["answer"] == "not_known" for row in rows)
            else NOTHING,
            count_note=translator(
                "**Reviewed:** the Model National Response of the WeProtect Alliance"
            ),
            claims=borne,
            finding_table=policy.matrix(),
        )


class EvidenceFindings:
    """Write findings of the evidence on one country in one language."""

    def __init__(self, context: EvidenceContext) -> None:
        counts, assessments = CountFindings(context), AssessmentFindings(context)
        self._writers: dict[str, Callable[[Finding], PrintedFinding | None]] = {
            "offences": counts.offences,
            "cybertips": counts.cybertips,
            "hotlines": counts.hotlines,
            "several": assessments.write_several_sources,
            "justice": assessments.write_justice,
            "capacity": assessments.write_capacity,
            "policy": assessments.write_policy,
            "helpline": assessments.write_helpline,
        }

    def write_finding(self, finding: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(finding.evidence)](finding)
