"""The chapters of findings of one country in one language."""

from collections.abc import Callable, Mapping, Sequence

from disrupting_harm.evidence.shared_columns import MOST_OR_ALL
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.conditions import Disputed
from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.definition import PLAIN, Chapter, Finding, Findings
from disrupting_harm.report.findings.evidence.chapters import Chapters, OfEvidence
from disrupting_harm.report.findings.evidence.counts import Counted
from disrupting_harm.report.findings.evidence.services import band_key, band_label, by_item
from disrupting_harm.report.findings.headings import (
    Claim,
    PrintedChapter,
    PrintedFinding,
    joined,
    strongest,
)
from disrupting_harm.report.findings.key_figures import borne_by_policy, borne_by_workers
from disrupting_harm.report.findings.survey import SurveyFindings
from disrupting_harm.report.language.evidence_codes import row_label
from disrupting_harm.report.language.labels import Labels, inside
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import Row
from disrupting_harm.study.codebook.codebook import Codebook

# Whole sentences on what frontline workers and people with experience of justice said.
#
# Each sentence says of how many it speaks. None was drawn at random: nothing is inferred of others.


def workers_said(
    translator: Translator[Markdown], items: Mapping[str, Sequence[Row]], said: Mapping[str, str]
) -> list[Markdown]:
    """Return how many frontline workers said yes, one sentence for all items with as many asked.

    Args:
        translator: the language.
        items: rows of ``frontline.csv`` by item.
        said: of items, how a sentence goes on, with ``{workers}`` in place of the number; an item
            whose yes is not shown is left out.
    """
    asked: dict[str, list[Markdown]] = {}
    for item, clause in said.items():
        yes = next((row for row in items.get(item, ()) if row["answer"] == "yes"), None)
        if yes and yes["n"] and (yes["count"] or yes["band"]):
            told = translator.filled(clause, {"workers": _share_of_workers(translator, yes)})
            asked.setdefault(yes["n"], []).append(told)
    return [
        translator(
            "Of {n} frontline workers asked, {told}.",
            n=translator.number(number_of(n)),
            told=translator.enumeration(told),
        )
        for n, told in asked.items()
    ]


def _share_of_workers(translator: Translator[Markdown], row: Row) -> Markdown:
    """Return a count of workers, or which third of those asked it is."""
    if row["count"]:
        return translator.number(number_of(row["count"]))
    return band_label(translator, "frontline", row)


def interviews_named(translator: Translator[Markdown], rows: Sequence[Row]) -> list[Markdown]:
    """Return one sentence for each theme that most or all interviews with a group named.

    Args:
        translator: the language.
        rows: of ``justice.csv``.
    """
    themes: dict[str, list[Row]] = {}
    for row in rows:
        if row["band"] == MOST_OR_ALL:
            themes.setdefault(row["theme"], []).append(row)
    return [_theme(translator, own) for own in themes.values()]


def _theme(translator: Translator[Markdown], rows: Sequence[Row]) -> Markdown:
    theme = row_label(translator, rows[0], "theme")
    if len(rows) == 1:
        return translator(
            "“{theme}” came up in more than two thirds of {n} interviews with {role}.",
            theme=theme,
            n=translator.number(number_of(rows[0]["interviews"])),
            role=inside(row_label(translator, rows[0], "role")),
        )
    groups = [
        translator(
            "{role} ({n})",
            role=inside(row_label(translator, row, "role")),
            n=translator.number(number_of(row["interviews"])),
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

    def __init__(self, of: OfEvidence) -> None:
        self._of = of

    def several(self, entry: Finding) -> PrintedFinding | None:
        """Return on what sources do not agree."""
        translator, several = self._of.translator, self._of.chapters.several
        if not several:
            return None
        sure, disputed = (
            [translator("Each may be right of what it looked at.")],
            self._of.disagreements,
        )
        if disputed:
            sure.append(translator("No recommendation rests on what is called missing here."))
        of_disputes = [row for said in disputed for row in (*said.rows, *said.against)]
        return self._of.printed(
            entry,
            translator("Sources that do not agree"),
            "several_sources",
            [
                translator("Some facts are told by more than one source, and the figures differ."),
                *(said.said for said in disputed),
            ],
            sure=joined(sure),
            shown=several.table(),
            rows=[*self._of.evidence.rows("several_sources"), *of_disputes],
        )

    def frontline(self, entry: Finding) -> PrintedFinding | None:
        """Return what frontline workers said."""
        translator, rows = self._of.translator, self._of.evidence.rows("frontline")
        if not self._of.chapters.frontline:
            return None
        borne = borne_by_workers(rows, entry.item)
        rule, values = strongest(entry.heading, borne)
        of_heading = entry.item if rule != PLAIN else None
        shown = {name: translator.number(value) for name, value in values.items()}
        heading = translator.filled(entry.heading[rule], self._of.names | shown)
        said = {item: clause for item, clause in entry.said.items() if item != of_heading}
        told = [row for row in rows if row["item"] in said and row["answer"] == "yes"]
        bands = Markdown(
            " ".join(band_key(translator, [row for row in told if row["band"]], "count"))
        )
        return self._of.printed(
            entry,
            heading,
            "frontline",
            workers_said(translator, by_item(rows), said),
            sure=translator(
                "The workers were not drawn at random: what they say holds for them alone."
            ),
            counted=translator("**Asked:** frontline workers in contact with children"),
            # In the margin it takes no room of the page.
            key=bands,
            borne=borne if rule != PLAIN else None,
        )

    def justice(self, entry: Finding) -> PrintedFinding | None:
        """Return which themes interviews on justice had."""
        translator, justice = self._of.translator, self._of.chapters.justice
        if not justice:
            return None
        return self._of.printed(
            entry,
            translator("What was heard about justice"),
            "justice",
            interviews_named(translator, self._of.evidence.rows("justice"))
            if justice.shown
            else [justice.hidden()],
            sure=translator(
                "Few people were asked, and none at random: their interviews do not tell how often "
                "such things happen."
            ),
            counted=translator("**Counted:** interviews in which a theme came up"),
        )

    def capacity(self, entry: Finding) -> PrintedFinding | None:
        """Return what law enforcement was found able to do."""
        translator, capacity = self._of.translator, self._of.chapters.capacity
        if not capacity:
            return None
        told = [capacity.finding()] if capacity.has_needs else []
        scored = translator(
            "**Scored:** from 0 (absent) to 3 (in place); an area not asked about has no score"
        )
        return self._of.printed(
            entry,
            translator("What law enforcement can do"),
            "capacity_profile",
            told,
            sure=translator(
                "In a study of real data each score rests on documents, on what was seen, "
                "or on what officers said."
            )
            if self._of.is_simulated("capacity_profile")
            else translator(
                "Each score rests on documents, on what was seen, or on what officers said; the "
                "data book says on which."
            ),
            counted=scored,
        )

    def policy(self, entry: Finding) -> PrintedFinding | None:
        """Return how many items of law and policy are in place."""
        translator, policy = self._of.translator, self._of.chapters.policy
        if not policy:
            return None
        borne = borne_by_policy(self._of.evidence.rows("policy"))
        values = borne["count"]
        return self._of.printed(
            entry,
            translator(
                "{count} of {total} items of law and policy are in place",
                count=translator.number(values["count"]),
                total=translator.number(values["total"]),
            ),
            "policy",
            [policy.others()],
            sure=translator("What is not known may be in place."),
            counted=translator(
                "**Reviewed:** the Model National Response of the WeProtect Alliance"
            ),
            borne=borne,
            shown=policy.matrix(),
        )


# Findings of evidence: what police, companies, services and law show, each in its own unit.
#
# Their words stand in the library, because the tables they are made of are the same in every study.


class EvidenceFindings:
    """Write findings of the evidence on one country in one language."""

    def __init__(self, of: OfEvidence) -> None:
        counted, heard = Counted(of), Testimony(of)
        self._writers: dict[str, Callable[[Finding], PrintedFinding | None]] = {
            "offences": counted.offences,
            "cybertips": counted.cybertips,
            "hotlines": counted.hotlines,
            "several": heard.several,
            "frontline": heard.frontline,
            "justice": heard.justice,
            "capacity": heard.capacity,
            "policy": heard.policy,
        }

    def finding(self, entry: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(entry.evidence)](entry)


def print_chapters(
    findings: Findings,
    translator: Translator[Markdown],
    codebook: Codebook,
    results: Results,
    evidence: Chapters,
    names: dict[str, Markdown],
    disagreements: Sequence[Disputed] = (),
) -> list[PrintedChapter]:
    """Return the chapters that have a finding.

    Args:
        findings: of the study.
        translator: the language.
        codebook: words of indicators, groups and questions.
        results: the public results of the country.
        evidence: its evidence as sentences and tables of documents.
        names: ``country`` and ``population`` as printed.
        disagreements: on what no recommendation rests, as sources do not agree.
    """
    labels = Labels(codebook, translator)
    survey = None
    if results.quality:
        sentences = ShortSentences(translator, labels, results, names)
        survey = SurveyFindings(translator, labels, codebook, results, sentences, names)
    kinds = frozenset(entry.evidence for entry in findings.all if entry.evidence)
    of = OfEvidence(
        translator, results.country, results.evidence, evidence, names, tuple(disagreements), kinds
    )
    counted = EvidenceFindings(of)
    chapters = [_chapter(chapter, translator, survey, counted) for chapter in findings.chapters]
    return [chapter for chapter in chapters if chapter.findings]


def _chapter(
    chapter: Chapter,
    translator: Translator[Markdown],
    survey: SurveyFindings | None,
    counted: EvidenceFindings,
) -> PrintedChapter:
    found = []
    for entry in chapter.findings:
        writer = counted if entry.evidence else survey
        if writer and (said := writer.finding(entry)):
            found.append(said)
    of_survey = {entry.id for entry in chapter.findings if not entry.evidence}
    return PrintedChapter(
        chapter.id,
        translator.of_study(chapter.title),
        translator.of_study(chapter.message),
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
