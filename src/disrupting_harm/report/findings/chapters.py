"""The chapters of findings of one country in one language."""

from collections.abc import Sequence

from disrupting_harm.report.findings.conditions import Dispute
from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.definition import Chapter, Findings
from disrupting_harm.report.findings.evidence.chapters import Chapters, EvidenceContext
from disrupting_harm.report.findings.evidence.evidence_findings import EvidenceFindings
from disrupting_harm.report.findings.headings import Claim, PrintedChapter
from disrupting_harm.report.findings.survey import SurveyFindings
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.study.codebook.codebook import Codebook


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
