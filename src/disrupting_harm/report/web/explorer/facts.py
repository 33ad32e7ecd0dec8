"""Facts of the explorer on indicators, groups and countries, in the reader's language."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.publication.short_intervals import MAY_BE_SHORT
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.findings.change.waves import name_waves
from disrupting_harm.report.findings.order_claims import select_decisive_reasons, translate_reason
from disrupting_harm.report.language.addressed_text import (
    AddressedNumber,
    add_address,
    split_addresses,
)
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.report.language.isolates import isolate_numbers
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import CITED, Markdown, unescape
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.reasons import translate_reasons
from disrupting_harm.report.language.signs import SHORT, interval_name
from disrupting_harm.report.language.translator import PLAIN, Translator, build_english
from disrupting_harm.report.web.explorer.packed_tables import Earlier, Row
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON

# What stands in no name of a file.
_UNNAMED = re.compile(r"[^\w-]+")
METHODS = "parts/methods.qmd.j2"
# A paragraph of the methods: its title in bold, and what it says.
_TITLED = re.compile(r"\*\*(.+?)[.។]?\*\*\s*(.+)", re.DOTALL)


# By country: reasons why it is not compared, each with the indicators; none of these: all.
ReasonsNotCompared = Mapping[str, Sequence[Mapping[str, Any]]]


class Facts:
    """What the page says of indicators, groups and methods, from the codebook and configuration.

    Args:
        translator: messages in the reader's language.
        codebook, config: of the study; numbers of the configuration carry their addresses.
        estimates: rows of the table of estimates.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        codebook: Codebook,
        config: Configuration,
        estimates: Sequence[Row],
    ) -> None:
        self._translator, self._codebook, self._config = translator, codebook, config
        self._estimates = estimates
        self.labels = Labels(codebook, translator)
        self._english = build_english(config.study.areas, config.study.respondents)
        # Whom indicators are about; the file of a download is called by the English name.
        self.bases: list[dict[str, str]] = []

    def describe_modules(self) -> list[dict[str, Any]]:
        """Return the indicators by theme, in the order of the codebook."""
        published = {row["indicator"] for row in self._estimates}
        theme_facts = []
        for module in self.labels.modules():
            indicator_ids = [
                name for name in self.labels.list_indicators_of_module(module) if name in published
            ]
            indicators = [
                self._describe_indicator(self.labels.definition(name)) for name in indicator_ids
            ]
            if indicators:
                theme_facts.append(
                    {
                        "label": format_plain_text(self.labels.module(module)),
                        "indicators": indicators,
                    }
                )
        return theme_facts

    def find_opening_indicator(self, modules: Sequence[Mapping[str, Any]]) -> str:
        """Return the indicator that the page opens with.

        It is the first that is compared, and of these the first of which a "no" may be silence:
        what the study is about.
        """
        published_ids = [
            indicator["id"] for module in modules for indicator in module["indicators"]
        ]
        compared_ids = sorted(
            (name for name in self.labels.headline() if name in published_ids),
            key=lambda name: not self.labels.definition(name).silence,
        )
        return str([*compared_ids, *published_ids][0])

    def describe_domains(self) -> list[dict[str, Any]]:
        """Return the groups with their levels, in the order of the codebook; not the total."""
        domain_facts = []
        for name in self.labels.domains():
            levels = {row["level"] for row in self._estimates if row["domain"] == name}
            ordered_levels = self.labels.sort_levels(name, sorted(levels))
            if ordered_levels:
                level_labels = {
                    level: format_plain_text(self.labels.level(name, level))
                    for level in ordered_levels
                }
                domain_facts.append(
                    {
                        "id": name,
                        "label": format_plain_text(self.labels.domain(name)),
                        "levels": level_labels,
                    }
                )
        return domain_facts

    def describe_reasons(self) -> dict[str, str]:
        """Return the column of reasons in words; nothing where the status says it."""
        return describe_reasons(self._translator, self._estimates)

    def name_intervals(self) -> dict[str, str]:
        """Return the names of the methods of intervals."""
        methods = {row["interval"] for row in self._estimates} - {""}
        return {
            method: format_plain_text(interval_name(self._translator, method))
            for method in sorted(methods)
        }

    def describe_methods(self, templates: Path) -> list[tuple[str, str]]:
        """Return the paragraphs on methods, as in the reports, each with its title."""
        return describe_method_paragraphs(
            self._translator, self._config, self.labels, list(self.name_intervals()), templates
        )

    def _describe_indicator(self, indicator: Indicator) -> dict[str, Any]:
        translator, name = self._translator.with_markup(PLAIN), indicator.id
        codes = _describe_codes(translator, indicator)
        indicator_facts = {
            "id": name,
            "label": format_plain_text(self.labels.indicator(name)),
            "note": translator.of_study(indicator.note) if indicator.note else "",
            "base": self._find_index_of_base(indicator),
            "question": format_plain_text(
                describe_question(self._translator, self.labels, self._codebook, indicator)
            ),
            "recall": indicator.recall,
            "missing": indicator.partly_missing if indicator.any_of else indicator.dont_know,
            "codes": codes,
            "statistic": indicator.statistic,
            "silent": indicator.silence,
        }
        return {key: value for key, value in indicator_facts.items() if value or key == "base"}

    def _find_index_of_base(self, indicator: Indicator) -> int:
        """Return the index in ``bases`` of whom an indicator is about; a new base is added."""
        population, translator = self._config.study.population, self._translator.with_markup(PLAIN)
        in_english = describe_base(self._english, self._codebook, indicator) or population
        label = format_plain_text(self.labels.base(indicator.id))
        label = label or translator.of_study(population)
        base = {
            "name": _UNNAMED.sub("_", in_english).strip("_"),
            "label": isolate_numbers(label) if translator.from_right else label,
        }
        if base not in self.bases:
            self.bases.append(base)
        return self.bases.index(base)


def describe_method_paragraphs(
    translator: Translator[Markdown],
    config: Configuration,
    labels: Labels,
    intervals: Sequence[str],
    templates: Path,
    undescribed: Collection[str] = (),
) -> list[tuple[str, str]]:
    """Return the paragraphs on weights, intervals and what is shown, each with its title.

    Args:
        intervals: the methods of the intervals.
        templates: the folder of templates.
        undescribed: keys of the design of which the data of no country tell.
    """
    filled_template = fill_template(
        templates,
        METHODS,
        {
            "_": translator,
            "_n": translator.plural,
            "_p": translator.in_context,
            "config": config,
            "quality": {"undescribed": undescribed},
            "number": translator.number,
            "names": lambda domain_names: translator.enumeration(
                list(map(labels.domain, domain_names))
            ),
            "confidence": translator.percent(config.estimation.confidence),
            "interval_names": translator.enumeration(
                [interval_name(translator, method) for method in intervals]
            ),
            "standard": translator(POLICIES[config.publication.reliability].statement),
        },
    )
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", filled_template):
        match = _TITLED.match(" ".join(paragraph.split()))
        if match:
            paragraphs.append(
                (format_plain_text(Markdown(match[1])), format_plain_text(Markdown(match[2])))
            )
    return paragraphs


def describe_reasons(translator: Translator[Markdown], estimates: Sequence[Row]) -> dict[str, str]:
    """Return the column of reasons in words; nothing where the status says it."""
    descriptions = {
        code: format_plain_text(translate_reasons(translator, code))
        for code in sorted({row["reason"] for row in estimates})
    }
    return {code: description for code, description in descriptions.items() if description}


def name_countries(
    countries: Sequence[Country], translator: Translator[str], estimates: Sequence[Row]
) -> list[dict[str, str]]:
    """Return codes and names of the countries that have estimates, by name."""
    codes_with_estimates = {row["country"] for row in estimates}
    codes_and_names = [
        {"code": row.country, "name": translator.country(row.country, row.name)}
        for row in countries
        if row.country in codes_with_estimates
    ]
    return sorted(codes_and_names, key=lambda country: build_sort_key(country["name"]))


def describe_surveys(earlier: Earlier, changes: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Return the surveys of countries with several: of which country, which wave, from when."""
    survey_waves = {}
    for country, codes in earlier.items():
        names_by_wave = name_waves([row for row in changes if row["country"] == country])
        for wave, name in names_by_wave.items():
            code = f"{country}-{wave}"
            survey_waves[code if code in codes else country] = {
                "of": country, "wave": wave, "year": name,
            }  # fmt: skip
    return survey_waves


def find_reasons_not_compared(
    comparability: Sequence[Mapping[str, str]], translator: Translator[str]
) -> ReasonsNotCompared:
    """Return why countries are not compared: by code each reason in words, and on what it bears.

    The ledger speaks of the indicators that are compared across countries. A reason that bears on
    all of them makes the survey another one: it bears on every other indicator, too, and its list
    is empty. What a survey did not ask is told where it has no number.
    """
    indicators_by_reason: dict[str, dict[str, list[str]]] = {}
    count_asked: dict[str, int] = {}
    for row in comparability:
        reason = select_decisive_reasons(row["reason"])
        if reason == UNASKED_REASON:
            continue
        count_asked[row["country"]] = count_asked.get(row["country"], 0) + 1
        if row["comparable"] == "no":
            description = translate_reason(translator, reason)
            indicators_by_reason.setdefault(row["country"], {}).setdefault(description, []).append(
                row["indicator"]
            )
    return {
        country: [
            {
                "reason": description,
                "indicators": [] if len(indicators) == count_asked[country] else indicators,
            }
            for description, indicators in sorted(reasons_of_country.items())
        ]
        for country, reasons_of_country in sorted(indicators_by_reason.items())
    }


def is_not_compared(reasons_not_compared: ReasonsNotCompared, country: str, indicator: str) -> bool:
    """Return whether a country is not compared on an indicator."""
    reasons = reasons_not_compared.get(country, [])
    return any(not reason["indicators"] or indicator in reason["indicators"] for reason in reasons)


def format_plain_text(markdown: str) -> str:
    """Return Markdown as a page prints it: without its signs, its numbers annotated."""
    return unescape(CITED.sub(lambda citation: add_address(citation[1], citation[2]), markdown))


def collect_numbers(script_facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with plain texts, and the addresses of their numbers under ``numbers``.

    Each list of them stands under the path of its text, as in the lists of figures.
    """
    numbers_by_path: dict[str, Sequence[AddressedNumber]] = {}

    def strip_and_collect(value: Any, path: str) -> Any:
        if isinstance(value, str):
            plain_text, numbers = split_addresses(value)
            if numbers:
                numbers_by_path[path] = numbers
            return plain_text
        if isinstance(value, Mapping):
            return {key: strip_and_collect(item, f"{path}/{key}") for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [strip_and_collect(item, f"{path}/{index}") for index, item in enumerate(value)]
        return value

    return {**strip_and_collect(script_facts, ""), "numbers": numbers_by_path}


def _describe_codes(translator: Translator[str], indicator: Indicator) -> list[str]:
    """Return the codes of international classifications that are agreed; mostly none."""
    codes, descriptions = indicator.codes, []
    if codes.icvac:
        descriptions.append(
            translator("ICVAC (violence against children): {code}", code=codes.icvac)
        )
    if codes.sdg and codes.sdg_relation == "equal":
        descriptions.append(
            translator("Sustainable Development Goals: indicator {code}", code=codes.sdg)
        )
    elif codes.sdg:
        descriptions.append(
            translator(
                "Sustainable Development Goals: related to indicator {code}, not equal to it",
                code=codes.sdg,
            )
        )
    if codes.childlight:
        descriptions.append(
            translator("Childlight: {code}", code=codes.childlight.replace("_", " "))
        )
    return descriptions


# The estimates of everyone as plain tables: what a reader without a script sees.


@dataclass(frozen=True)
class EstimateRow:
    """A row of a table: the ``number`` with its limits, and n, or the ``reason`` for none."""

    code: str
    name: str
    number: str = ""
    n: str = ""
    reason: str = ""


def format_limits(row: Mapping[str, str], mean: bool) -> tuple[str, str]:
    """Return the limits of an interval with the decimals of their estimate, with a decimal point.

    Shares are told in per cent, means as they are.
    """
    digits = len(row["shown"].partition(".")[2])
    factor = 1 if mean else 100
    low, high = (f"{factor * float(row[name]):.{digits}f}" for name in ("ci_low", "ci_high"))
    return low, high


def format_estimate(row: Mapping[str, str], translator: Translator[str], mean: bool) -> str:
    """Return an estimate with its interval, as the language writes them.

    A sign stands behind an interval that may be too short.
    """
    low, high = (format_localised(translator, limit) for limit in format_limits(row, mean))
    sign = f"\u00a0{SHORT}" if row["interval_note"] == MAY_BE_SHORT else ""
    return f"{format_localised(translator, row['shown'])} ({low}–{high}){sign}"


def format_localised(translator: Translator[str], number: str) -> str:
    """Return a number of a public table with the signs of the language."""
    return translator.number(float(number), len(number.partition(".")[2]))


def describe_base_and_period(
    indicator: Mapping[str, Any], bases: Sequence[Mapping[str, str]], messages: Mapping[str, str]
) -> str:
    """Return the base and the period of an indicator as sentences."""
    base = messages["base"].replace("{base}", bases[indicator["base"]]["label"])
    period = messages[f"recall_{indicator['recall']}"]
    return f"{base} {messages['when'].replace('{period}', period)}" if period else base


def explain_missing_number(
    row: Mapping[str, str], messages: Mapping[str, str], reasons: Mapping[str, str]
) -> str:
    """Return in words why a row has no number, or the range that stands in its place.

    Args:
        row: of the table of estimates.
        messages: the messages of the page.
        reasons: the column of reasons in words.
    """
    if row["bound_high"]:
        low, high = float(row["bound_low"]), float(row["bound_high"])
        name, limit = ("below", high) if high < 1 else ("above", low)
        return f"{messages[name].replace('{limit}', f'{100 * limit:g}')} ({messages['range']})"
    why = messages.get(row["status"], row["status"])
    return f"{why} ({reasons[row['reason']]})" if row["reason"] in reasons else why


def format_estimate_rows(
    rows: Sequence[Row],
    indicator: Mapping[str, Any],
    countries: Sequence[Mapping[str, str]],
    translator: Translator[str],
    messages: Mapping[str, str],
    reasons: Mapping[str, str],
    reasons_not_compared: ReasonsNotCompared,
) -> list[EstimateRow]:
    """Return the table of one indicator, a line a country; what is not compared comes last."""
    rows_by_country = {row["country"]: row for row in rows if row["indicator"] == indicator["id"]}
    table_rows = []
    for country in sorted(
        countries,
        key=lambda area: is_not_compared(reasons_not_compared, area["code"], indicator["id"]),
    ):
        code, name = address_part(country["code"]), country["name"]
        row = rows_by_country.get(country["code"])
        if row is None:
            continue
        if not row["estimate"]:
            table_rows.append(
                EstimateRow(code, name, reason=explain_missing_number(row, messages, reasons))
            )
            continue
        number = format_estimate(row, translator, indicator["statistic"] != "proportion")
        table_rows.append(EstimateRow(code, name, number, format_localised(translator, row["n"])))
    return table_rows
