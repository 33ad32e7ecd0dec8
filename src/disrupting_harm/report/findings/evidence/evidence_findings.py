"""Findings of evidence: what police, companies, services and law show, each in its own unit.

Their words stand in the library, because the tables they are made of are the same in every study;
sentences on items and themes of a study's own stand in its file of findings.
"""

from collections.abc import Callable, Mapping, Sequence

from disrupting_harm.evidence.shared_columns import MOST_OR_ALL
from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.evidence.capacity import find_claims_of_capacity
from disrupting_harm.report.findings.evidence.chapters import EvidenceContext
from disrupting_harm.report.findings.evidence.counts import CountFindings
from disrupting_harm.report.findings.headings import PrintedFinding
from disrupting_harm.report.findings.key_figures import find_claims_of_policy
from disrupting_harm.report.language.evidence_codes import row_label
from disrupting_harm.report.language.labels import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow


def describe_interviews(
    translator: Translator[Markdown], rows: Sequence[PublicRow], sentences: Mapping[str, str]
) -> list[Markdown]:
    """Return one sentence for each theme that most or all interviews with a group had.

    Args:
        rows: of ``justice.csv``.
        sentences: by theme, with ``{n}`` for how many interviews there were, and ``{role}`` for
            whom they were held with.
    """
    return [
        translator.fill_sentence(
            sentences[row["theme"]],
            {
                "n": translator.number(row.number("interviews")),
                "role": Markdown(format_inside_sentence(row_label(translator, row, "role"))),
            },
        )
        for theme in sentences
        for row in rows
        if row["theme"] == theme and row["band"] == MOST_OR_ALL and row["interviews"]
    ]


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
        """Return which themes interviews on justice had; a table where no sentence can be said."""
        translator, justice = self._context.translator, self._context.chapters.justice
        if not justice:
            return None
        rows = self._context.evidence.rows("justice")
        sentences = describe_interviews(translator, rows, finding.said)
        return self._context.build_finding(
            finding,
            translator("What was heard about justice"),
            "justice",
            sentences if justice.is_shown else [justice.explain_hidden()],
            sure=translator("Few people were asked, and none at random."),
            count_note=translator("**Counted:** interviews in which a theme came up"),
            finding_table=Markdown("") if sentences or not justice.is_shown else justice.table(),
        )

    def write_capacity(self, finding: Finding) -> PrintedFinding | None:
        """Return how many points of police work are in place, and how many are absent."""
        translator, capacity = self._context.translator, self._context.chapters.capacity
        if not capacity:
            return None
        scored = translator(
            "**Scored:** from 0 (absent) to 3 (in place); what was not asked has no score"
        )
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
            count_note=Markdown(" ".join(filter(None, (f"{scored}.", capacity.dates)))),
            claims=find_claims_of_capacity(self._context.evidence.rows("capacity")),
            finding_table=capacity.table(),
        )

    def write_policy(self, finding: Finding) -> PrintedFinding | None:
        """Return how many parts of the national response are in place."""
        translator, policy = self._context.translator, self._context.chapters.policy
        if not policy:
            return None
        borne = find_claims_of_policy(self._context.evidence.rows("policy"))
        values = borne["count"]
        return self._context.build_finding(
            finding,
            translator(
                "National response: {count} of {total} parts in place",
                count=translator.number(values["count"]),
                total=translator.number(values["total"]),
            ),
            "policy",
            policy.describe_others(),
            sure=translator("What is not known may be in place."),
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
        }

    def write_finding(self, finding: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(finding.evidence)](finding)
