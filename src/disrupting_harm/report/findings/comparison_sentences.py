"""Sentences on what is compared and what is not, from rows of the public comparison."""

from collections.abc import Sequence

from disrupting_harm.report.findings.order_claims import select_decisive_reasons
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.study.statuses import AT_HOME, UNASKED_REASON


class RegionalSentences:
    """Write about who is compared; ``simulated`` says whether the survey's numbers are."""

    def __init__(
        self, wording: ComparisonFormatter, references: References, simulated: bool = False
    ) -> None:
        self._simulated = simulated
        self._wording = wording
        self._translator = wording.translator
        self._references = references

    def list_domain_names(self, domains: Sequence[str]) -> list[Markdown]:
        """Return the names of domains."""
        return [self._wording.labels.domain(name) for name in domains]

    def explain_at_home(self) -> Markdown:
        """Return which countries the model of all children lacks, as their answers stay at home."""
        rows = self._wording.results.rows("adjusted_countries", note=AT_HOME)
        if not rows:
            return Markdown("")
        countries = self._wording.countries(sorted({row["country"] for row in rows}))
        return self._translator(
            "Not in the model, as the answers stay at home: {countries}.",
            countries=countries,
        )

    def explain_incomparable(self) -> list[Markdown]:
        """Return one sentence for each country that is set apart, with the reason."""
        reasons: dict[tuple[str, str, str], list[str]] = {}
        for row in self._wording.results.rows("comparability", comparable="no"):
            key = (row["country"], select_decisive_reasons(row["reason"]), row["source"])
            reasons.setdefault(key, []).append(row["indicator"])
        indicator_count = len(self._wording.results.indicators())
        sentences = []
        for (code, reason, source), indicators in sorted(
            reasons.items(), key=self._key_by_country_name
        ):
            translated_reason = self._translator.translate_or_keep(reason)
            number = self._references.cite(source)
            if reason == UNASKED_REASON:
                labels = [self._wording.labels.short(name) for name in indicators]
                sentences.append(
                    self._translator(
                        "Not asked in {country}: {indicators}.",
                        country=self._wording.in_text(code),
                        indicators=self._translator.enumeration(labels),
                    )
                )
            elif len(indicators) == indicator_count:
                sentences.append(
                    self._translator(
                        "{country} is set apart: {reason}. {number}",
                        country=self._wording.country_at_head(code),
                        reason=translated_reason,
                        number=number,
                    )
                )
            else:
                labels = [self._wording.labels.short(name) for name in indicators]
                sentences.append(
                    self._translator(
                        "{country} is set apart for {indicators}: {reason}. {number}",
                        country=self._wording.country_at_head(code),
                        indicators=self._translator.enumeration(labels),
                        reason=translated_reason,
                        number=number,
                    )
                )
        if self._simulated and any(source for _, _, source in reasons):
            # The source of a reason may print a number of its own beside the simulated one.
            sentences.append(
                self._translator("The numbers here are simulated, and not those of the source.")
            )
        return [Markdown(sentence.strip()) for sentence in sentences]

    def _key_by_country_name(
        self, reason_and_indicators: tuple[tuple[str, str, str], list[str]]
    ) -> tuple[str, str]:
        (code, reason, _), _ = reason_and_indicators
        return build_sort_key(self._wording.country(code)), reason
