"""What other studies have published, on the page of a country: as its report has it."""

import re
from dataclasses import dataclass

from disrupting_harm.report.findings.country_sentences import ShortSentences
from disrupting_harm.report.findings.evidence.known_studies import KnownStudies
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.web.site.addressed_numbers import strip_markdown
from disrupting_harm.study.codebook.codebook import Codebook

_ADDRESS = re.compile(r"\.?\s+https?://\S+")


@dataclass(frozen=True)
class OtherStudies:
    """Estimates of other studies: a text a measure.

    ``beside_simulated`` says whether simulated estimates stand beside them; ``some_in_databook``
    whether the data book has more.
    """

    measures: tuple[str, ...]
    beside_simulated: bool
    some_in_databook: bool


class _SourcesInText(References):
    """Name a source where it is cited: no page of the site leads out of its folder."""

    def cite(self, source: str) -> Markdown:
        name = _ADDRESS.sub("", source)
        return escape(f"({name})") if name else Markdown("")


def read_other_studies(
    results: Results, codebook: Codebook, translator: Translator[str], simulated: bool
) -> OtherStudies | None:
    """Return what other studies found in a country; None where no such study is known.

    Args:
        results: of the country.
        translator: the reader's language.
        simulated: whether the survey is.
    """
    with_markup = translator.with_markup(MARKDOWN)
    labels = Labels(codebook, with_markup)
    sentences = ShortSentences(with_markup, labels, results, {}) if results.quality else None
    studies = KnownStudies(with_markup, labels, results, sentences, simulated)
    if not studies:
        return None
    measures = studies.list_measures(_SourcesInText()).split("\n")
    return OtherStudies(
        tuple(strip_markdown(Markdown(measure.removeprefix("- "))) for measure in measures),
        studies.simulated_beside_published,
        studies.some_in_databook,
    )
