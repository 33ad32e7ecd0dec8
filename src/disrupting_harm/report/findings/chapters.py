"""The chapters of findings of one country in one language."""

from collections.abc import Callable, Mapping, Sequence

from disrupting_harm.evidence.shared_columns import MOST_OR_ALL
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.conditions import Dispute
from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.definition import PLAIN, Chapter, Finding, Findings
from disrupting_harm.report.findings.evidence.chapters import Chapters, EvidenceContext
from disrupting_harm.report.findings.evidence.counts import CountFindings
from disrupting_harm.report.findings.evidence.services import (
    band_label,
    explain_bands,
    group_by_item,
)
from disrupting_harm.report.findings.headings import (
    Claim,
    PrintedChapter,
    PrintedFinding,
    find_strongest_claim,
    join_sentences,
)
from disrupting_harm.report.findings.key_figures import (
    find_claims_of_policy,
    find_claims_of_workers,
)
from disrupting_harm.report.findings.survey import SurveyFindings
from disrupting_harm.report.language.evidence_codes import row_label
from disrupting_harm.report.language.labels import Labels, format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import Codebook

# Whole sentences on what frontline workers and people with experience of justice said.
#
# Each sentence says of how many it speaks. None was drawn at random: nothing is inferred of others.


def describe_workers(
    translator: Translator[Markdown],
    rows_by_item: Mapping[str, Sequence[PublicRow]],
    clauses: Mapping[str, str],
) -> list[Markdown]:
    """Return how many frontline workers said yes, one sentence for all items with as many asked.

    Args:
        rows_by_item: rows of ``frontline.csv`` by item.
        clauses: by item, how a sentence goes on, with ``{workers}`` in place of the number; an
            item whose yes is not shown is left out.
    """
    clauses_by_asked: dict[str, list[Markdown]] = {}
    for item, clause in clauses.items():
        yes = next((row for row in rows_by_item.get(item, ()) if row["answer"] == "yes"), None)
        if yes and yes["n"] and (yes["count"] or yes["band"]):
            statements = translator.fill_sentence(
                clause, {"workers": _format_worker_count(translator, yes)}
            )
            clauses_by_asked.setdefault(yes["n"], []).append(statements)
    return [
        translator(
            "Of {n} frontline workers asked, {told}.",
            n=translator.number(number_of(n)),
            told=translator.enumeration(statements),
        )
        for n, statements in clauses_by_asked.items()
    ]


def _format_worker_count(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    """Return a count of workers, or which third of those asked it is."""
    if row["count"]:
        return translator.number(row.number("count"))
    return band_label(translator, "frontline", row)


def describe_interviews(
    translator: Translator[Markdown], rows: Sequence[PublicRow]
) -> list[Markdown]:
    """Return one sentence for each theme that most or all interviews with a group named.

    Args:
        rows: of ``justice.csv``.
    """
    themes: dict[str, list[PublicRow]] = {}
    for row in rows:
        if row["band"] == MOST_OR_ALL:
            themes.setdefault(row["theme"], []).append(row)
    return [_describe_theme(translator, rows_of_theme) for rows_of_theme in themes.values()]


def _describe_theme(translator: Translator[Markdown], rows: Sequence[PublicRow]) -> Markdown:
    theme = row_label(translator, rows[0], "theme")
    if len(rows) == 1:
        return translator(
            "“{theme}” came up in more than two thirds of {n} interviews with {role}.",
            theme=theme,
            n=translator.number(rows[0].number("interviews")),
            role=format_inside_sentence(row_label(translator, rows[0], "role")),
        )
    groups = [
        translator(
            "{role} ({n})",
            role=format_inside_sentence(row_label(translator, row, "role")),
            n=translator.number(row.number("interviews")),
        )
        for row in rows
    ]
    return translator(
        "“{theme}” came up in more than two thirds of the interviews with each of these groups: "
        "{groups}.",
        theme=theme,
        groups=translator.enumeration(groups),
    )


# Findings of what people said and assessors found: workers, interviews, capacity and policy.


class Testimony:
    """Write what was said and assessed, and on what sources do not agree."""

    def __init__(self, context: EvidenceContext) -> None:
        self._context = context

    def write_several_sources(self, finding: Finding) -> PrintedFinding | None:
        """Return on what sources do not agree."""
        translator, several = self._context.translator, self._context.chapters.several
        if not several:
            return None
        sure, disputes = (
            [translator("Each may be right of what it looked at.")],
            self._context.disagreements,
        )
        if disputes:
            sure.append(translator("No recommendation rests on what is called missing here."))
        of_disputes = [row for dispute in disputes for row in (*dispute.rows, *dispute.against)]
        return self._context.build_finding(
            finding,
            translator("Sources that do not agree"),
            "several_sources",
            [
                translator("Some facts are told by more than one source, and the figures differ."),
                *(dispute.sentence for dispute in disputes),
            ],
            sure=join_sentences(sure),
            finding_table=several.table(),
            rows=[*self._context.evidence.rows("several_sources"), *of_disputes],
        )

    def write_frontline(self, finding: Finding) -> PrintedFinding | None:
        """Return what frontline workers said."""
        translator, rows = self._context.translator, self._context.evidence.rows("frontline")
        if not self._context.chapters.frontline:
            return None
        borne = find_claims_of_workers(rows, finding.item)
        rule, values = find_strongest_claim(finding.heading, borne)
        heading_item = finding.item if rule != PLAIN else None
        formatted_values = {name: translator.number(value) for name, value in values.items()}
        heading = translator.fill_sentence(
            finding.heading[rule], self._context.printed_names | formatted_values
        )
        clauses = {item: clause for item, clause in finding.said.items() if item != heading_item}
        rows_of_clauses = [row for row in rows if row["item"] in clauses and row["answer"] == "yes"]
        bands = Markdown(
            " ".join(
                explain_bands(translator, [row for row in rows_of_clauses if row["band"]], "count")
            )
        )
        return self._context.build_finding(
            finding,
            heading,
            "frontline",
            describe_workers(translator, group_by_item(rows), clauses),
            sure=translator(
                "The workers were not drawn at random: what they say holds for them alone."
            ),
            count_note=translator("**Asked:** frontline workers in contact with children"),
            # In the margin it takes no room of the page.
            key_note=bands,
            claims=borne if rule != PLAIN else None,
        )

    def write_justice(self, finding: Finding) -> PrintedFinding | None:
        """Return which themes interviews on justice had."""
        translator, justice = self._context.translator, self._context.chapters.justice
        if not justice:
            return None
        return self._context.build_finding(
            finding,
            translator("What was heard about justice"),
            "justice",
            describe_interviews(translator, self._context.evidence.rows("justice"))
            if justice.is_shown
            else [justice.explain_hidden()],
            sure=translator(
                "Few people were asked, and none at random: their interviews do not tell how often "
                "such things happen."
            ),
            count_note=translator("**Counted:** interviews in which a theme came up"),
        )

    def write_capacity(self, finding: Finding) -> PrintedFinding | None:
        """Return what law enforcement was found able to do."""
        translator, capacity = self._context.translator, self._context.chapters.capacity
        if not capacity:
            return None
        sentences = [capacity.describe_finding()] if capacity.has_needs else []
        scored = translator(
            "**Scored:** from 0 (absent) to 3 (in place); an area not asked about has no score"
        )
        return self._context.build_finding(
            finding,
            translator("What law enforcement can do"),
            "capacity_profile",
            sentences,
            sure=translator(
                "In a study of real data each score rests on documents, on what was seen, "
                "or on what officers said."
            )
            if self._context.is_simulated("capacity_profile")
            else translator(
                "Each score rests on documents, on what was seen, or on what officers said; the "
                "data book says on which."
            ),
            count_note=scored,
        )

    def write_policy(self, finding: Finding) -> PrintedFinding | None:
        """Return how many items of law and policy are in place."""
        translator, policy = self._context.translator, self._context.chapters.policy
        if not policy:
            return None
        borne = find_claims_of_policy(self._context.evidence.rows("policy"))
        values = borne["count"]
        return self._context.build_finding(
            finding,
            translator(
                "{count} of {total} items of law and policy are in place",
                count=translator.number(values["count"]),
                total=translator.number(values["total"]),
            ),
            "policy",
            [policy.describe_others()],
            sure=translator("What is not known may be in place."),
            count_note=translator(
                "**Reviewed:** the Model National Response of the WeProtect Alliance"
            ),
            claims=borne,
            finding_table=policy.matrix(),
        )


# Findings of evidence: what police, companies, services and law show, each in its own unit.
#
# Their words stand in the library, because the tables they are made of are the same in every study.


class EvidenceFindings:
    """Write findings of the evidence on one country in one language."""

    def __init__(self, context: EvidenceContext) -> None:
        counts, testimony = CountFindings(context), Testimony(context)
        self._writers: dict[str, Callable[[Finding], PrintedFinding | None]] = {
            "offences": counts.offences,
            "cybertips": counts.cybertips,
            "hotlines": counts.hotlines,
            "several": testimony.write_several_sources,
            "frontline": testimony.write_frontline,
            "justice": testimony.write_justice,
            "capacity": testimony.write_capacity,
            "policy": testimony.write_policy,
        }

    def write_finding(self, finding: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(finding.evidence)](finding)


def print_chapters(
    findings: Findings,
    translator: Translator[Markdown],
    codebook: Codebook,
    results: Results,
    evidence: Chapters,
    printed_names: dict[str, Markdown],
    disagreements: Sequence[Dispute] = (),
) -> list[PrintedChapter]:
    """Return the chapters that have a finding.

    Args:
        codebook: words of indicators, groups and questions.
        evidence: its evidence as sentences and tables of documents.
        printed_names: ``country`` and ``population`` as printed.
        disagreements: on what no recommendation rests, as sources do not agree.
    """
    labels = Labels(codebook, translator)
    survey = None
    if results.quality:
        sentences = ShortSentences(translator, labels, results, printed_names)
        survey = SurveyFindings(translator, labels, codebook, results, sentences, printed_names)
    kinds = frozenset(finding.evidence for finding in findings.all if finding.evidence)
    evidence_context = EvidenceContext(
        translator,
        results.country,
        results.evidence,
        evidence,
        printed_names,
        tuple(disagreements),
        kinds,
    )
    evidence_findings = EvidenceFindings(evidence_context)
    chapters = [
        _print_chapter(chapter, translator, survey, evidence_findings)
        for chapter in findings.chapters
    ]
    return [chapter for chapter in chapters if chapter.findings]


def _print_chapter(
    chapter: Chapter,
    translator: Translator[Markdown],
    survey: SurveyFindings | None,
    evidence: EvidenceFindings,
) -> PrintedChapter:
    printed_findings = []
    for finding in chapter.findings:
        writer = evidence if finding.evidence else survey
        if writer and (printed_finding := writer.write_finding(finding)):
            printed_findings.append(printed_finding)
    survey_ids = {finding.id for finding in chapter.findings if not finding.evidence}
    return PrintedChapter(
        chapter.id,
        translator.of_study(chapter.title),
        translator.of_study(chapter.message),
        any(printed_finding.id in survey_ids for printed_finding in printed_findings),
        tuple(printed_findings),
    )


def list_claims(chapters: Sequence[PrintedChapter]) -> list[Claim]:
    """Return what the headings of all findings claim, and sentences on a wider indicator."""
    return [
        claim
        for chapter in chapters
        for finding in chapter.findings
        for claim in (finding.claim, finding.also)
        if claim
    ]
