"""The cover of a country report: the country's name, and its main finding as a hundred dots."""

from dataclasses import dataclass
from typing import Any

from disrupting_harm.report.documents.brief.country_text import describe_main_finding
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.headings import NOTHING
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country


@dataclass(frozen=True)
class Cover:
    """What a cover says; without a published number it has no dots.

    ``finding`` is the brief's main sentence, and ``bound`` what its bound means, if it has one.
    """

    name: str
    share: PercentInterval | None
    finding: Markdown
    bound: Markdown = NOTHING


def create_cover(
    area: Country,
    codebook: Codebook,
    results: Results,
    brief: Brief | None,
    template_values: dict[str, Any],
) -> Cover:
    """Return the cover of one country, with the main finding of its brief where it has one.

    Args:
        template_values: those of the report's templates in its language.
    """
    translator: Translator[Markdown] = template_values["translator"]
    name = translator.country(area.country, area.name)
    if brief is None or not results.quality:
        return Cover(name, None, NOTHING)
    name_values = {key: template_values[key] for key in ("country", "population")}
    sentences = ShortSentences(translator, Labels(codebook, translator), results, name_values)
    main_cell = results.cell(brief.lead.indicator)
    finding = describe_main_finding(brief, results, sentences, translator, name_values)
    return Cover(name, main_cell.percent, finding, sentences.explain_bound(main_cell))
