"""What the page of one country holds: its finding, its documents, its figures and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import read_json, read_rows
from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import address_of, addressed_values
from disrupting_harm.provenance.anchors import where_explained
from disrupting_harm.report.documents.brief.country_text import Compared, read_compared
from disrupting_harm.report.documents.cover import cover
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import Whole, children_sentence
from disrupting_harm.report.findings.order_claims import reason_said
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.translator import Words
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.web.site.addressed_numbers import of_document
from disrupting_harm.report.web.site.comparison_page import (
    BOOK_FORMATS,
    Document,
    Picture,
    gallery,
    versions,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country

# The list of public tables that readers can download, with a description of each.


@dataclass(frozen=True)
class Link:
    """A link to a file below the public folder; ``mark`` says whether nobody counted its numbers.

    ``mark`` is empty for files that hold no figures, and for tables of a real survey.
    """

    href: str
    text: str
    mark: str = ""


def downloads(public: Path, words: Words, simulated: bool) -> list[Link]:
    """Return links to the tables in the public folder that have a row.

    Args:
        public: the public results.
        words: the reader's language, with the study's word for an area.
        simulated: whether the survey is simulated.
    """
    tables = _survey_tables(words)
    tables |= {f"evidence/{name}": words(public.title) for name, public in PUBLIC.items()}
    return [
        Link(f"{name}.csv", text, _mark(public / f"{name}.csv", simulated, words))
        for name, text in tables.items()
        if _has_rows(public / f"{name}.csv")
    ]


def _survey_tables(words: Words) -> dict[str, str]:
    return {
        "estimates": words("All published estimates"),
        "comparison/prevalence": words("Headline indicators by {area}"),
        "comparison/pairwise": words("Differences and ratios between pairs of {areas}"),
        "comparison/against_region": words("{Areas} against the mean of their region"),
        "comparison/gaps": words("Gaps between groups within {areas}"),
        "comparison/gap_pairs": words("Gaps compared between pairs of {areas}"),
        "comparison/rank_sets": words("Ranks that each {area} may have"),
        "comparison/pooled": words("Averages of the {areas}, in three ways"),
        "comparison/leave_one_out": words("The random-effects average without each {area}"),
        "comparison/standardised": words("Standardised estimates"),
        "comparison/bounds": words("Worst-case bounds for missing answers"),
        "comparison/bound_pairs": words("Differences that survive the worst case"),
        "comparison/silence_claims": words("How much silence would turn each difference round"),
        "comparison/silence_ranks": words("Ranks that each {area} may have if some kept silent"),
        "comparison/denominators": words(
            "Shares of users and of all {respondents}, and numbers of {respondents}"
        ),
        "comparison/total": words("Numbers of {respondents} in all {areas} together"),
        "comparison/adjusted": words("Adjusted prevalence ratios within {areas}"),
        "comparison/adjusted_countries": words("Adjusted prevalence ratios of {areas}"),
        "comparison/comparability": words("What is comparable, and what is not"),
    }


def strands(public: Path, words: Words) -> list[str]:
    """Return the kinds of evidence of which the public folder has figures."""
    found = []
    for name, table in PUBLIC.items():
        path = public / "evidence" / f"{name}.csv"
        if table.kind_of_evidence and path.is_file() and _kinds(path):
            found.append(words(table.kind_of_evidence))
    return found


def has_simulated_evidence(public: Path) -> bool:
    """Return whether a table of evidence holds figures that nobody counted."""
    tables = (public / "evidence" / f"{name}.csv" for name in PUBLIC)
    return any("simulated" in _kinds(path) for path in tables if path.is_file())


def _mark(table: Path, simulated: bool, words: Words) -> str:
    """Return what to say of a table: evidence tells it row by row, the survey all at once."""
    if table.parent.name != "evidence":
        return words("simulated") if simulated else ""
    kinds = _kinds(table)
    if "simulated" in kinds and len(kinds) > 1:
        return words("partly simulated")
    if kinds == {"simulated"}:
        return words("simulated")
    return words("published") if kinds == {"published"} else ""


def _has_rows(table: Path) -> bool:
    """Return whether a table has a line below its columns; estimates may have very many."""
    if not table.is_file():
        return False
    with table.open(encoding="utf-8") as lines:
        return sum(1 for _ in islice(lines, 2)) > 1


def _kinds(table: Path) -> frozenset[str]:
    return _kinds_in(table, table.stat().st_mtime_ns)


@cache
def _kinds_in(table: Path, _written: int) -> frozenset[str]:
    """Read a table once for the pages of all languages."""
    return frozenset(row.get("data_kind", "") for row in read_rows(table)[1])


CYBERTIPS = "cybertips"  # the figure of the counts by year


@dataclass(frozen=True)
class CountryPage:
    """One country.

    ``finding``, ``meaning`` (what it counts), ``children`` and ``lead``, the finding's indicator,
    are empty where no brief says what the main finding is; ``bound`` is what its bound means, where
    it is one; ``quality`` is that of its survey, None without one; ``explained`` is where it says
    how its share was made; ``helpline`` is printed only once it is confirmed; ``caution`` stands
    above figures that show CyberTip reports, and is empty without one.
    """

    code: str
    name: str
    name_in_text: str
    region: str
    lead: str
    finding: str
    meaning: str
    bound: str
    children: str
    share: Whole | None
    explained: str
    apart: bool
    why_apart: str
    quality: dict[str, Any] | None
    documents: tuple[Document, ...]
    pictures: list[Picture]
    caution: str
    tables: list[Link]
    helpline: str

    @property
    def href(self) -> str:
        """Where the page is from the folder of its language."""
        return f"countries/{self.code}.html"

    @property
    def interviewed(self) -> int | None:
        """Children who took part; None without a survey."""
        return self.quality["interviewed"] if self.quality else None


@dataclass(frozen=True)
class Found:
    """What is published of a country that its brief speaks of."""

    results: Results
    compared: Compared


def find(public: Path, code: str, brief: Brief | None) -> Found | None:
    """Return what a country's brief speaks of; None where it has no survey, or no brief."""
    if brief is None or not (public / "countries" / code / "quality.json").is_file():
        return None
    compared = read_compared(public / "comparison", code, brief.lead.indicator)
    return Found(read_results(code, public), compared)


def country_page(
    public: Path,
    area: Country,
    study: StudyInfo,
    codebook: Codebook,
    words: Words,
    *,
    formats: Sequence[str],
    brief: Brief | None,
    found: Found | None,
    earlier: Sequence[str],
) -> CountryPage:
    """Return what the page of a country holds.

    Args:
        public: the public results.
        area: the country's row of the countries file.
        study: title, date and population.
        codebook: the words of the study.
        words: the reader's language.
        formats: of reports and briefs.
        brief: what the study's briefs say, if it has any.
        found: what its brief speaks of (:func:`find`).
        earlier: codes of the country's earlier surveys.
    """
    code, name = area.country, words.country(area.country, area.name)
    path = public / "countries" / code / "quality.json"
    quality = addressed_values(read_json(path), f"{code}/quality") if path.is_file() else None
    in_text = words.country_in_text(code, area.name_in_text or area.name)
    finding, bound, children, share, apart, why_apart = "", "", "", None, False, ""
    if brief and found:
        text = Text(words)
        called = {
            "text": text,
            "country": escape(in_text),
            "population": text.of_study(study.population),
        }
        front = cover(area, codebook, found.results, brief, called)
        finding, bound = of_document(front.finding), of_document(front.bound)
        share, apart = front.share, bool(found.compared.apart)
        why_apart = _sentence(found.compared.apart, words)
        children = of_document(children_sentence(text, found.compared.children)) if share else ""
    pictures = gallery(public, f"figures/{code}", study, name, words, _languages(public, code))
    return CountryPage(
        code=code,
        name=name,
        name_in_text=in_text,
        region=words.plain(area.region or ""),
        lead=brief.lead.indicator if brief and found else "",
        finding=finding,
        meaning=words.of_study(brief.lead.meaning) if brief and finding else "",
        bound=bound,
        children=children,
        share=share,
        explained=where_explained(address_of(share.estimate)) if share else "",
        apart=apart,
        why_apart=why_apart,
        quality=quality,
        documents=_documents(public, area, formats, words),
        pictures=pictures,
        caution=words(PLACED_BY_UPLOAD) if any(p.name == CYBERTIPS for p in pictures) else "",
        tables=_tables(public, code, earlier, words) if quality else [],
        helpline=area.helpline or "" if area.helpline_confirmed else "",
    )


def _languages(public: Path, code: str) -> tuple[str, ...]:
    return tuple(read_json(public / "figures" / code / "languages.json"))


def _documents(
    public: Path, area: Country, formats: Sequence[str], words: Words
) -> tuple[Document, ...]:
    code, sourced = area.country, (*formats, "qmd")
    every = (
        Document(
            "brief",
            words("Brief, two pages"),
            words("For ministries and the press"),
            versions(public, f"briefs/{code}", "brief", area.languages_of_brief, sourced, words),
        ),
        Document(
            "report",
            words("Report"),
            words("For practitioners and authors"),
            versions(public, f"reports/{code}", "report", area.languages, sourced, words),
        ),
        Document(
            "databook",
            words("Data book"),
            words("For statisticians"),
            versions(public, f"databooks/{code}", "databook", area.languages, BOOK_FORMATS, words),
        ),
    )
    return tuple(document for document in every if document.versions)


def _tables(public: Path, code: str, earlier: Sequence[str], words: Words) -> list[Link]:
    folder = f"countries/{code}"
    waves = [
        Link(f"countries/{each}/estimates.csv", words("Estimates of {survey}", survey=each))
        for each in earlier
    ]
    # Of a country that has questions with several options, or pairs of respondents.
    questions = {
        "questions.csv": words("Options of questions"),
        "dyads.csv": words("{Respondents} and their caregivers"),
    }
    return [
        Link(f"{folder}/estimates.csv", words("Estimates")),
        Link(f"{folder}/quality.json", words("Data quality")),
        Link(f"{folder}/disclosure.json", words("Disclosure audit")),
        *([Link(f"{folder}/changes.csv", words("Change between surveys"))] if waves else []),
        *waves,
        *(
            Link(f"{folder}/{table}", label)
            for table, label in questions.items()
            if _table_has_rows(public / folder / table)
        ),
    ]


def _table_has_rows(table: Path) -> bool:
    return table.is_file() and any(True for _ in read_rows(table)[1])


def _sentence(reason: str, words: Words) -> str:
    """Return a reason of the ledger as a sentence; nothing without one."""
    if not reason:
        return ""
    said = reason_said(words, reason)
    return words("{findings}.", findings=said[:1].upper() + said[1:])
