"""What the explorer knows of indicators, groups and countries, in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.alphabet import by_letters
from disrupting_harm.report.annotated import Number, annotated, split
from disrupting_harm.report.asked import asked
from disrupting_harm.report.bases import base_of
from disrupting_harm.report.change.parts import names_of_waves
from disrupting_harm.report.explorer.tables import Earlier, Row
from disrupting_harm.report.filling import fill
from disrupting_harm.report.incomparable import decisive, reason_said
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, unescaped
from disrupting_harm.report.number_check import CITED
from disrupting_harm.report.reasons import reasons
from disrupting_harm.report.signs import interval_name
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, english
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.definitions import Indicator
from disrupting_harm.study.statuses import TOTAL, UNASKED_REASON

# What stands in no name of a file.
_UNNAMED = re.compile(r"[^\w-]+")
METHODS = "parts/methods.qmd.j2"
# A paragraph of the methods: its title in bold, and what it says.
_TITLED = re.compile(r"\*\*(.+?)[.។]?\*\*\s*(.+)", re.DOTALL)


# By country: reasons why it is not compared, each with the indicators; none of these: all.
Apart = Mapping[str, Sequence[Mapping[str, Any]]]


class Facts:
    """Words of the codebook and the configuration as the page prints them.

    Args:
        text: messages in the reader's language.
        codebook, config: of the study; numbers of the configuration carry their addresses.
        estimates: rows of the table of estimates.
    """

    def __init__(
        self, text: Text, codebook: Codebook, config: Configuration, estimates: Sequence[Row]
    ) -> None:
        self._text, self._codebook, self._config = text, codebook, config
        self._estimates = estimates
        self.labels = Labels(codebook, text)
        self._english = english(config.study.areas, config.study.respondents)
        # Whom indicators are about; the file of a download is called by the English name.
        self.bases: list[dict[str, str]] = []

    def modules(self) -> list[dict[str, Any]]:
        """Return the indicators by theme, in the order of the codebook."""
        published = {row["indicator"] for row in self._estimates}
        found = []
        for module in self.labels.modules():
            names = [name for name in self.labels.in_module(module) if name in published]
            entries = [self._indicator(self.labels.definition(name)) for name in names]
            if entries:
                found.append({"label": plain(self.labels.module(module)), "indicators": entries})
        return found

    def first(self, modules: Sequence[Mapping[str, Any]]) -> str:
        """Return the indicator that the page opens with: the first that is compared, if any is."""
        there = [entry["id"] for module in modules for entry in module["indicators"]]
        compared = [name for name in self.labels.headline() if name in there]
        return str([*compared, *there][0])

    def domains(self) -> list[dict[str, Any]]:
        """Return the groups with their levels, in the order of the codebook; not the total."""
        found = []
        for name in self.labels.domains():
            levels = {row["level"] for row in self._estimates if row["domain"] == name}
            ordered = self.labels.in_order(name, sorted(levels))
            if ordered:
                said = {level: plain(self.labels.level(name, level)) for level in ordered}
                found.append({"id": name, "label": plain(self.labels.domain(name)), "levels": said})
        return found

    def reasons(self) -> dict[str, str]:
        """Return the column of reasons in words; nothing where the status says it."""
        return reasons_said(self._text, self._estimates)

    def intervals(self) -> dict[str, str]:
        """Return the names of the methods of intervals."""
        methods = {row["interval"] for row in self._estimates} - {""}
        return {method: plain(interval_name(self._text, method)) for method in sorted(methods)}

    def methods(self, templates: Path) -> list[tuple[str, str]]:
        """Return how all numbers were made, as the reports say it: titles and paragraphs."""
        text, config = self._text, self._config
        filled = fill(
            templates,
            METHODS,
            {
                "_": text,
                "config": config,
                "number": text.number,
                "names": lambda names: text.enumeration(list(map(self.labels.domain, names))),
                "confidence": text.percent(config.estimation.confidence),
                "interval_names": text.enumeration(
                    [interval_name(text, method) for method in self.intervals()]
                ),
                "standard": text(POLICIES[config.publication.reliability].shown),
            },
        )
        found = []
        for paragraph in re.split(r"\n\s*\n", filled):
            titled = _TITLED.match(" ".join(paragraph.split()))
            if titled:
                found.append((plain(Markdown(titled[1])), plain(Markdown(titled[2]))))
        return found

    def _indicator(self, entry: Indicator) -> dict[str, Any]:
        words, name = self._text.words, entry.id
        codes = _codes(words, entry)
        said = {
            "id": name,
            "label": plain(self.labels.indicator(name)),
            "note": words.of_study(entry.note) if entry.note else "",
            "base": self._base(entry),
            "question": plain(asked(self._text, self.labels, self._codebook, entry)),
            "recall": entry.recall,
            "missing": entry.partly_missing if entry.any_of else entry.dont_know,
            "codes": codes,
            "statistic": entry.statistic,
            "silent": entry.silence,
        }
        return {key: value for key, value in said.items() if value or key == "base"}

    def _base(self, entry: Indicator) -> int:
        """Return the number of who an indicator is about, among the bases."""
        population, words = self._config.study.population, self._text.words
        in_english = base_of(self._english, self._codebook, entry) or population
        base = {
            "name": _UNNAMED.sub("_", in_english).strip("_"),
            "label": plain(self.labels.base(entry.id)) or words.of_study(population),
        }
        if base not in self.bases:
            self.bases.append(base)
        return self.bases.index(base)


def reasons_said(text: Text, estimates: Sequence[Row]) -> dict[str, str]:
    """Return the column of reasons in words; nothing where the status says it."""
    said = {
        code: plain(reasons(text, code)) for code in sorted({row["reason"] for row in estimates})
    }
    return {code: words for code, words in said.items() if words}


def countries_of(
    countries: Sequence[Country], words: Words, estimates: Sequence[Row]
) -> list[dict[str, str]]:
    """Return codes and names of the countries that have estimates, by name."""
    there = {row["country"] for row in estimates}
    named = [
        {"code": row.country, "name": words.country(row.country, row.name)}
        for row in countries
        if row.country in there
    ]
    return sorted(named, key=lambda each: by_letters(each["name"]))


def surveys(earlier: Earlier, changes: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Return the surveys of countries with several: of which country, which wave, from when."""
    found = {}
    for country, codes in earlier.items():
        names = names_of_waves([row for row in changes if row["country"] == country])
        for wave, name in names.items():
            code = f"{country}-{wave}"
            found[code if code in codes else country] = {
                "of": country, "wave": wave, "year": name,
            }  # fmt: skip
    return found


def apart(comparability: Sequence[Mapping[str, str]], words: Words) -> Apart:
    """Return why countries are not compared: by code each reason in words, and on what it bears.

    The ledger speaks of the indicators that are compared across countries. A reason that bears on
    all of them makes the survey another one: it bears on every other indicator, too, and its list
    is empty. What a survey did not ask is told where it has no number.
    """
    found: dict[str, dict[str, list[str]]] = {}
    asked: dict[str, int] = {}
    for row in comparability:
        reason = decisive(row["reason"])
        if reason == UNASKED_REASON:
            continue
        asked[row["country"]] = asked.get(row["country"], 0) + 1
        if row["comparable"] == "no":
            said = reason_said(words, reason)
            found.setdefault(row["country"], {}).setdefault(said, []).append(row["indicator"])
    return {
        country: [
            {"reason": said, "indicators": [] if len(names) == asked[country] else names}
            for said, names in sorted(own.items())
        ]
        for country, own in sorted(found.items())
    }


def is_apart(apart_: Apart, country: str, indicator: str) -> bool:
    """Return whether a country is not compared on an indicator."""
    reasons = apart_.get(country, [])
    return any(not each["indicators"] or indicator in each["indicators"] for each in reasons)


def is_total(row: Mapping[str, str]) -> bool:
    """Return whether a row is about everyone, and not about a group."""
    return (row["domain"], row["level"]) == TOTAL


def plain(text: str) -> str:
    """Return Markdown as a page prints it: without its signs, its numbers annotated."""
    return unescaped(CITED.sub(lambda found: annotated(found[1], found[2]), text))


def with_numbers(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with plain texts, and the addresses of their numbers under ``numbers``.

    They stand by the place of each text, as in the lists of figures.
    """
    found: dict[str, Sequence[Number]] = {}

    def told(value: Any, place: str) -> Any:
        if isinstance(value, str):
            text, numbers = split(value)
            if numbers:
                found[place] = numbers
            return text
        if isinstance(value, Mapping):
            return {key: told(inner, f"{place}/{key}") for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [told(inner, f"{place}/{at}") for at, inner in enumerate(value)]
        return value

    return {**told(facts, ""), "numbers": found}


def _codes(words: Words, entry: Indicator) -> list[str]:
    """Return the codes of international classifications that are agreed; mostly none."""
    codes, found = entry.codes, []
    if codes.icvac:
        found.append(words("ICVAC (violence against children): {code}", code=codes.icvac))
    if codes.sdg and codes.sdg_relation == "equal":
        found.append(words("Sustainable Development Goals: indicator {code}", code=codes.sdg))
    elif codes.sdg:
        found.append(
            words(
                "Sustainable Development Goals: related to indicator {code}, not equal to it",
                code=codes.sdg,
            )
        )
    if codes.childlight:
        found.append(words("Childlight: {code}", code=codes.childlight.replace("_", " ")))
    return found
