"""The chapters of findings of one country in one language."""

from collections.abc import Sequence

from disrupting_harm.report.brief.shares import ShortSentences
from disrupting_harm.report.conditions import Disputed
from disrupting_harm.report.evidence.chapters import Chapters
from disrupting_harm.report.findings.definition import Chapter, Findings
from disrupting_harm.report.findings.evidence import EvidenceFindings
from disrupting_harm.report.findings.evidence_base import OfEvidence
from disrupting_harm.report.findings.printed import PrintedChapter
from disrupting_harm.report.findings.survey import SurveyFindings
from disrupting_harm.report.headings import Claim
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.results import Results
from disrupting_harm.report.text import Text
from disrupting_harm.study.codebook import Codebook


def print_chapters(
    findings: Findings,
    text: Text,
    codebook: Codebook,
    results: Results,
    evidence: Chapters,
    names: dict[str, Markdown],
    disagreements: Sequence[Disputed] = (),
) -> list[PrintedChapter]:
    """Return the chapters that have a finding.

    Args:
        findings: of the study.
        text: the language.
        codebook: words of indicators, groups and questions.
        results: the public results of the country.
        evidence: its evidence as sentences and tables of documents.
        names: ``country`` and ``population`` as printed.
        disagreements: on what no recommendation rests, as sources do not agree.
    """
    labels = Labels(codebook, text)
    survey = None
    if results.quality:
        sentences = ShortSentences(text, labels, results, names)
        survey = SurveyFindings(text, labels, codebook, results, sentences, names)
    kinds = frozenset(entry.evidence for entry in findings.all if entry.evidence)
    of = OfEvidence(
        text, results.country, results.evidence, evidence, names, tuple(disagreements), kinds
    )
    counted = EvidenceFindings(of)
    chapters = [_chapter(chapter, text, survey, counted) for chapter in findings.chapters]
    return [chapter for chapter in chapters if chapter.findings]


def _chapter(
    chapter: Chapter, text: Text, survey: SurveyFindings | None, counted: EvidenceFindings
) -> PrintedChapter:
    found = []
    for entry in chapter.findings:
        writer = counted if entry.evidence else survey
        if writer and (said := writer.finding(entry)):
            found.append(said)
    of_survey = {entry.id for entry in chapter.findings if not entry.evidence}
    return PrintedChapter(
        chapter.id,
        text.of_study(chapter.title),
        text.of_study(chapter.message),
        any(said.id in of_survey for said in found),
        tuple(found),
    )


def claims_of(chapters: Sequence[PrintedChapter]) -> list[Claim]:
    """Return what the headings of all findings claim, and sentences on a wider indicator."""
    return [
        claim
        for chapter in chapters
        for finding in chapter.findings
        for claim in (finding.claim, finding.also)
        if claim
    ]
