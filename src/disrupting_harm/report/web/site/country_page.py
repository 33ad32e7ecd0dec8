"""What the page of one country holds: its finding, its documents, its figures and its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import read_json, read_rows
from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import add_addresses, address_of
from disrupting_harm.provenance.anchors import explanation_link
from disrupting_harm.report.documents.brief.country_comparison import (
    ComparisonOfCountry,
    read_comparison_of_country,
)
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.order_claims import translate_reason
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.report.web.site.comparison_page import (
    BOOK_FORMATS,
    Document,
    Picture,
    find_versions,
    read_gallery,
)
from disrupting_harm.report.web.site.country_opening import (
    Opening,
    choose_pictures,
    group_by_topic,
    read_opening,
)
from disrupting_harm.report.web.site.downloads import Link
from disrupting_harm.report.web.site.other_studies import OtherStudies, read_other_studies
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

CYBERTIPS = "cybertips"  # the figure of the counts by year


@dataclass(frozen=True)
class CountryPage:
    """One country.

    ``opening`` is in the words of its brief, None where the study has none; ``headline_indicator``
    is that of its finding; ``quality`` is that of its survey, None without one; ``explained`` is
    where it says how its share was made; ``standing`` shows it among the other countries, and
    ``findings`` are the figures that stand open; ``topics`` has all others; ``other_studies`` is
    what these published; ``helpline`` is printed
    only once it is confirmed; ``caution`` stands above figures that show CyberTip reports.
    """

    code: str
    name: str
    name_in_text: str
    region: str
    headline_indicator: str
    opening: Opening | None
    explained: str
    why_apart: str
    quality: dict[str, Any] | None
    documents: tuple[Document, ...]
    standing: list[Picture]
    findings: list[Picture]
    topics: list[tuple[str, list[Picture]]]
    other_studies: OtherStudies | None
    caution: str
    tables: list[Link]
    helpline: str

    @property
    def href(self) -> str:
        """Where the page is from the folder of its language."""
        return f"countries/{self.code}.html"

    @property
    def share(self) -> PercentInterval | None:
        """That of the main finding, if it has one."""
        return self.opening.share if self.opening else None

    @property
    def interviewed(self) -> int | None:
        """Children who took part; None without a survey."""
        return self.quality["interviewed"] if self.quality else None


@dataclass(frozen=True)
class BriefResults:
    """What is published of a country that its brief speaks of."""

    results: Results
    comparison: ComparisonOfCountry


def read_brief_results(public: Path, code: str, brief: Brief | None) -> BriefResults | None:
    """Return what a country's brief speaks of; None where it has no survey, or no brief."""
    if brief is None or not (public / "countries" / code / "quality.json").is_file():
        return None
    comparison = read_comparison_of_country(public / "comparison", code, brief.lead.indicator)
    return BriefResults(read_results(code, public), comparison)


def read_country_page(
    public: Path,
    area: Country,
    config: Configuration,
    codebook: Codebook,
    translator: Translator[str],
    *,
    brief: Brief | None,
    brief_results: BriefResults | None,
    country_names: Mapping[str, str],
    recommendations: Recommendations | None,
    earlier: Sequence[str],
) -> CountryPage:
    """Return what the page of a country holds.

    Args:
        area: the country's row of the countries file.
        brief: what the study's briefs say, if it has any.
        brief_results: what its brief speaks of (:func:`read_brief_results`).
        country_names: of all countries inside a sentence, by code.
        recommendations: of the study, if it has any.
        earlier: codes of the country's earlier surveys.
    """
    code, name = area.country, translator.country(area.country, area.name)
    study = config.study
    path = public / "countries" / code / "quality.json"
    quality = add_addresses(read_json(path), f"{code}/quality") if path.is_file() else None
    opening = (
        read_opening(
            area, config, codebook, translator,
            brief=brief, results=brief_results.results, comparison=brief_results.comparison,
            country_names=country_names, recommendations=recommendations,
        )
        if brief and brief_results
        else None
    )  # fmt: skip

    def read_figures(folder: str, inside: str = "") -> list[Picture]:
        languages = _list_figure_languages(public / folder, inside)
        return (
            read_gallery(public, folder, study, name, translator, languages, inside)
            if languages
            else []
        )

    pictures = read_figures(f"figures/{code}")
    of_brief = read_figures(f"briefs/{code}", "figures") if brief else []
    share = opening.share if opening else None
    return CountryPage(
        code=code,
        name=name,
        name_in_text=translator.country_in_text(code, area.name_in_text or area.name),
        region=translator.translate_or_keep(area.region or ""),
        headline_indicator=brief.lead.indicator if brief and brief_results else "",
        opening=opening,
        explained=explanation_link(address_of(share.estimate)) if share else "",
        why_apart=_format_reason_sentence(
            brief_results.comparison.apart if brief_results else "", translator
        ),
        quality=quality,
        documents=_list_documents(public, area, config.report.formats, translator),
        standing=read_figures(f"figures/comparison/{code}"),
        findings=choose_pictures(of_brief, brief) if brief else [],
        topics=group_by_topic(pictures, translator),
        other_studies=read_other_studies(
            brief_results.results, codebook, translator, config.study.simulated
        )
        if brief_results
        else None,
        caution=translator(PLACED_BY_UPLOAD)
        if any(picture.name == CYBERTIPS for picture in pictures)
        else "",
        tables=_list_tables(public, code, earlier, translator) if quality else [],
        helpline=area.helpline or "" if area.helpline_confirmed else "",
    )


def _list_figure_languages(folder: Path, inside: str) -> list[str]:
    """Return the languages of the figures of a folder; none where nothing was drawn."""
    listed = folder / "languages.json"
    if listed.is_file():
        languages: list[str] = read_json(listed)
        return languages
    return sorted(path.parents[1].name for path in folder.glob(f"*/{inside or '.'}/figures.json"))


def _list_documents(
    public: Path, area: Country, formats: Sequence[str], translator: Translator[str]
) -> tuple[Document, ...]:
    code, formats_with_source = area.country, (*formats, "qmd")
    documents = (
        Document(
            "brief",
            translator("Brief, two pages"),
            translator("For ministries and the press"),
            find_versions(
                public,
                f"briefs/{code}",
                "brief",
                area.languages_of_brief,
                formats_with_source,
                translator,
            ),
        ),
        Document(
            "report",
            translator("Report"),
            translator("For practitioners and authors"),
            find_versions(
                public, f"reports/{code}", "report", area.languages, formats_with_source, translator
            ),
        ),
        Document(
            "databook",
            translator("Data book"),
            translator("For statisticians"),
            find_versions(
                public, f"databooks/{code}", "databook", area.languages, BOOK_FORMATS, translator
            ),
        ),
    )
    return tuple(document for document in documents if document.versions)


def _list_tables(
    public: Path, code: str, earlier: Sequence[str], translator: Translator[str]
) -> list[Link]:
    folder = f"countries/{code}"
    waves = [
        Link(
            f"countries/{survey}/estimates.csv", translator("Estimates of {survey}", survey=survey)
        )
        for survey in earlier
    ]
    # Of a country that has questions with several options, or pairs of respondents.
    questions = {
        "questions.csv": translator("Options of questions"),
        "dyads.csv": translator("{Respondents} and their caregivers"),
    }
    return [
        Link(f"{folder}/estimates.csv", translator("Estimates")),
        Link(f"{folder}/quality.json", translator("Data quality")),
        Link(f"{folder}/disclosure.json", translator("Disclosure audit")),
        *([Link(f"{folder}/changes.csv", translator("Change between surveys"))] if waves else []),
        *waves,
        *(
            Link(f"{folder}/{table}", label)
            for table, label in questions.items()
            if _table_has_rows(public / folder / table)
        ),
    ]


def _table_has_rows(table: Path) -> bool:
    return table.is_file() and any(True for _ in read_rows(table)[1])


def _format_reason_sentence(reason: str, translator: Translator[str]) -> str:
    """Return a reason of the ledger as a sentence; nothing without one."""
    if not reason:
        return ""
    description = translate_reason(translator, reason)
    return translator("{findings}.", findings=description[:1].upper() + description[1:])
