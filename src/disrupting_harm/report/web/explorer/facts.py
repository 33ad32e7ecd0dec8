"""What the explorer knows of indicators, groups and countries, in the reader's language."""

import gzip
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import read_rows
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.findings.change.waves import name_waves
from disrupting_harm.report.findings.order_claims import (
    METHOD,
    SCOPE,
    select_decisive_reasons,
    translate_reason,
)
from disrupting_harm.report.language.addressed_text import (
    AddressedNumber,
    add_address,
    split_addresses,
)
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.estimate_base import base_of
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import CITED, Markdown, unescaped
from disrupting_harm.report.language.question_wording import asked
from disrupting_harm.report.language.reasons import reasons
from disrupting_harm.report.language.signs import interval_name
from disrupting_harm.report.language.translator import PLAIN, Translator, english
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.study.whole_percents import WHOLE

# The public tables that the explorer holds, packed column by column into one text.


ESTIMATES = "estimates.csv"
Row = dict[str, str]
# The columns that the page needs of each table, besides those of its key.
_RANK = ("rank_low", "rank_high")
_INTERVAL = ("estimate", "ci_low", "ci_high")
_CHANGES = ("country", "indicator", "domain", "level", "wave_from", "wave_to", "year_from",
            "year_to", "difference", "ci_low", "ci_high", "change", "status")  # fmt: skip
DENOMINATORS = "denominators"
# Codes and columns of that table as the script of the page calls them.
OF_EVERYONE = {
    "asked": "internet_using_children", "everyone": "all_children", "number": "children",
    "rate": "internet_use_rate", "source": "internet_use_source",
}  # fmt: skip
_COMPARED = {
    DENOMINATORS: ("indicator", "country", "denominator", *_INTERVAL, *_RANK,
                   "children", "children_low", "children_high", "population",
                   "internet_use_rate", "internet_use_source", "rate_uncertainty"),
    "bounds": ("indicator", "country", "ci_low", "ci_high"),
    "rank_sets": ("indicator", "country", "countries", *_RANK),
    "silence_ranks": ("indicator", "country", "countries", "silence", *_RANK),
}  # fmt: skip
# As zlib calls them: the format of gzip, without a time; memory for blocks of 2,048 symbols.
_GZIP, _SHORT_BLOCKS = 31, 5

# Earlier surveys of each country, the first one first.
Earlier = Mapping[str, Sequence[str]]


def read_tables(public: Path, earlier: Earlier) -> dict[str, list[Row]]:
    """Return the rows of the estimates and those of other tables that they need.

    Estimates have no whole per cents: the page prints tenths where they are published. Of the rank
    sets those of one method are read: the simultaneous ones, on which the reports rest.

    Args:
        public: the public results.
        earlier: codes of the surveys of earlier waves, by country.
    """
    folder = public / "countries"
    tables = {
        "estimates": _as_shown(public / ESTIMATES),
        "earlier": [
            row
            for codes in earlier.values()
            for code in codes
            for row in _as_shown(folder / code / ESTIMATES)
        ],
        "changes": [
            {column: row[column] for column in _CHANGES}
            for country in earlier
            for row in read_rows(folder / country / "changes.csv")[1]
        ],
    }
    for name, columns in _COMPARED.items():
        path = public / "comparison" / f"{name}.csv"
        rows = read_rows(path)[1] if path.is_file() else []
        tables[name] = [
            {column: row[column] for column in columns}
            for row in rows
            if name != "rank_sets" or (row["method"], row["scope"]) == (METHOD, SCOPE)
        ]
    return tables


def _as_shown(path: Path) -> list[Row]:
    wholes = WHOLE.values()
    return [
        {column: cell for column, cell in row.items() if column not in wholes}
        for row in read_rows(path)[1]
    ]


def unpacked(text: str) -> dict[str, list[Row]]:
    """Return the tables of such a text (:func:`packed`), row by row.

    Raises:
        ValueError, OSError, EOFError, zlib.error: it is none.
    """
    columns = json.loads(gzip.decompress(b64decode(text, validate=True)))
    return {
        name: [
            dict(zip(own, cells, strict=True))
            for cells in zip(*(cells.split("\n") for cells in own.values()), strict=True)
        ]
        for name, own in columns.items()
    }


def ledger_of(public: Path) -> list[Row]:
    """Return which countries are compared on what; nothing of a country alone."""
    compared = public / "comparison" / "comparability.csv"
    return read_rows(compared)[1] if compared.is_file() else []


def digests(public: Path, earlier: Earlier) -> dict[str, str]:
    """Return the SHA-256 of each public table that a downloaded row may come from, by its path."""
    surveys = [code for codes in earlier.values() for code in codes]
    names = [
        ESTIMATES,
        f"comparison/{DENOMINATORS}.csv",
        *(f"countries/{code}/{ESTIMATES}" for code in surveys),
    ]
    return {name: sha256(public / name) for name in names if (public / name).is_file()}


def packed(tables: Mapping[str, Sequence[Row]]) -> str:
    """Return tables as text: base64 of gzipped JSON, ``{table: {column: cells}}``.

    The cells of a column are one text, a line each: alike cells stand together, and the same tables
    give the same bytes. Short blocks fit the codes of each column better than long ones.
    """
    columns = {
        name: {
            column: "\n".join(row[column] for row in rows) for column in (rows[0] if rows else ())
        }
        for name, rows in tables.items()
    }
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    packing = zlib.compressobj(level=9, wbits=_GZIP, memLevel=_SHORT_BLOCKS)
    return b64encode(packing.compress(text.encode()) + packing.flush()).decode("ascii")


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
        return reasons_said(self._translator, self._estimates)

    def intervals(self) -> dict[str, str]:
        """Return the names of the methods of intervals."""
        methods = {row["interval"] for row in self._estimates} - {""}
        return {
            method: plain(interval_name(self._translator, method)) for method in sorted(methods)
        }

    def methods(self, templates: Path) -> list[tuple[str, str]]:
        """Return how all numbers were made, as the reports say it: titles and paragraphs."""
        translator, config = self._translator, self._config
        filled = fill_template(
            templates,
            METHODS,
            {
                "_": translator,
                "config": config,
                "number": translator.number,
                "names": lambda names: translator.enumeration(list(map(self.labels.domain, names))),
                "confidence": translator.percent(config.estimation.confidence),
                "interval_names": translator.enumeration(
                    [interval_name(translator, method) for method in self.intervals()]
                ),
                "standard": translator(POLICIES[config.publication.reliability].statement),
            },
        )
        found = []
        for paragraph in re.split(r"\n\s*\n", filled):
            titled = _TITLED.match(" ".join(paragraph.split()))
            if titled:
                found.append((plain(Markdown(titled[1])), plain(Markdown(titled[2]))))
        return found

    def _indicator(self, entry: Indicator) -> dict[str, Any]:
        translator, name = self._translator.with_markup(PLAIN), entry.id
        codes = _codes(translator, entry)
        said = {
            "id": name,
            "label": plain(self.labels.indicator(name)),
            "note": translator.of_study(entry.note) if entry.note else "",
            "base": self._base(entry),
            "question": plain(asked(self._translator, self.labels, self._codebook, entry)),
            "recall": entry.recall,
            "missing": entry.partly_missing if entry.any_of else entry.dont_know,
            "codes": codes,
            "statistic": entry.statistic,
            "silent": entry.silence,
        }
        return {key: value for key, value in said.items() if value or key == "base"}

    def _base(self, entry: Indicator) -> int:
        """Return the number of who an indicator is about, among the bases."""
        population, translator = self._config.study.population, self._translator.with_markup(PLAIN)
        in_english = base_of(self._english, self._codebook, entry) or population
        base = {
            "name": _UNNAMED.sub("_", in_english).strip("_"),
            "label": plain(self.labels.base(entry.id)) or translator.of_study(population),
        }
        if base not in self.bases:
            self.bases.append(base)
        return self.bases.index(base)


def reasons_said(translator: Translator[Markdown], estimates: Sequence[Row]) -> dict[str, str]:
    """Return the column of reasons in words; nothing where the status says it."""
    said = {
        code: plain(reasons(translator, code))
        for code in sorted({row["reason"] for row in estimates})
    }
    return {code: words for code, words in said.items() if words}


def countries_of(
    countries: Sequence[Country], translator: Translator[str], estimates: Sequence[Row]
) -> list[dict[str, str]]:
    """Return codes and names of the countries that have estimates, by name."""
    there = {row["country"] for row in estimates}
    named = [
        {"code": row.country, "name": translator.country(row.country, row.name)}
        for row in countries
        if row.country in there
    ]
    return sorted(named, key=lambda each: by_letters(each["name"]))


def surveys(earlier: Earlier, changes: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Return the surveys of countries with several: of which country, which wave, from when."""
    found = {}
    for country, codes in earlier.items():
        names = name_waves([row for row in changes if row["country"] == country])
        for wave, name in names.items():
            code = f"{country}-{wave}"
            found[code if code in codes else country] = {
                "of": country, "wave": wave, "year": name,
            }  # fmt: skip
    return found


def apart(comparability: Sequence[Mapping[str, str]], translator: Translator[str]) -> Apart:
    """Return why countries are not compared: by code each reason in words, and on what it bears.

    The ledger speaks of the indicators that are compared across countries. A reason that bears on
    all of them makes the survey another one: it bears on every other indicator, too, and its list
    is empty. What a survey did not ask is told where it has no number.
    """
    found: dict[str, dict[str, list[str]]] = {}
    asked: dict[str, int] = {}
    for row in comparability:
        reason = select_decisive_reasons(row["reason"])
        if reason == UNASKED_REASON:
            continue
        asked[row["country"]] = asked.get(row["country"], 0) + 1
        if row["comparable"] == "no":
            said = translate_reason(translator, reason)
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


def plain(text: str) -> str:
    """Return Markdown as a page prints it: without its signs, its numbers annotated."""
    return unescaped(CITED.sub(lambda found: add_address(found[1], found[2]), text))


def with_numbers(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with plain texts, and the addresses of their numbers under ``numbers``.

    They stand by the place of each text, as in the lists of figures.
    """
    found: dict[str, Sequence[AddressedNumber]] = {}

    def told(value: Any, place: str) -> Any:
        if isinstance(value, str):
            text, numbers = split_addresses(value)
            if numbers:
                found[place] = numbers
            return text
        if isinstance(value, Mapping):
            return {key: told(inner, f"{place}/{key}") for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [told(inner, f"{place}/{at}") for at, inner in enumerate(value)]
        return value

    return {**told(facts, ""), "numbers": found}


def _codes(translator: Translator[str], entry: Indicator) -> list[str]:
    """Return the codes of international classifications that are agreed; mostly none."""
    codes, found = entry.codes, []
    if codes.icvac:
        found.append(translator("ICVAC (violence against children): {code}", code=codes.icvac))
    if codes.sdg and codes.sdg_relation == "equal":
        found.append(translator("Sustainable Development Goals: indicator {code}", code=codes.sdg))
    elif codes.sdg:
        found.append(
            translator(
                "Sustainable Development Goals: related to indicator {code}, not equal to it",
                code=codes.sdg,
            )
        )
    if codes.childlight:
        found.append(translator("Childlight: {code}", code=codes.childlight.replace("_", " ")))
    return found


# The estimates of everyone as plain tables: what a reader without a script sees.


@dataclass(frozen=True)
class Line:
    """A row of a table: the ``number`` with its limits, and n, or the ``reason`` for none."""

    code: str
    name: str
    number: str = ""
    n: str = ""
    reason: str = ""


def printed_limits(row: Mapping[str, str], mean: bool) -> tuple[str, str]:
    """Return the limits of an interval with the decimals of their estimate, with a decimal point.

    Shares are told in per cent, means as they are.
    """
    digits = len(row["shown"].partition(".")[2])
    factor = 1 if mean else 100
    low, high = (f"{factor * float(row[name]):.{digits}f}" for name in ("ci_low", "ci_high"))
    return low, high


def printed_in_cells(row: Mapping[str, str], translator: Translator[str], mean: bool) -> str:
    """Return an estimate with its interval, as the language writes them."""
    low, high = (localised(translator, limit) for limit in printed_limits(row, mean))
    return f"{localised(translator, row['shown'])} ({low}–{high})"


def localised(translator: Translator[str], text: str) -> str:
    """Return a number of a public table with the signs of the language."""
    return translator.number(float(text), len(text.partition(".")[2]))


def frame(
    indicator: Mapping[str, Any], bases: Sequence[Mapping[str, str]], said: Mapping[str, str]
) -> str:
    """Return of whom and of when the numbers of an indicator are, as sentences."""
    base = said["base"].replace("{base}", bases[indicator["base"]]["label"])
    period = said[f"recall_{indicator['recall']}"]
    return f"{base} {said['when'].replace('{period}', period)}" if period else base


def why_not(row: Mapping[str, str], said: Mapping[str, str], reasons: Mapping[str, str]) -> str:
    """Return in words why a row has no number, or the range that stands in its place.

    Args:
        row: of the table of estimates.
        said: the messages of the page.
        reasons: the column of reasons in words.
    """
    if row["bound_high"]:
        low, high = float(row["bound_low"]), float(row["bound_high"])
        name, limit = ("below", high) if high < 1 else ("above", low)
        return f"{said[name].replace('{limit}', f'{100 * limit:g}')} ({said['range']})"
    why = said.get(row["status"], row["status"])
    return f"{why} ({reasons[row['reason']]})" if row["reason"] in reasons else why


def lines(
    rows: Sequence[Row],
    indicator: Mapping[str, Any],
    countries: Sequence[Mapping[str, str]],
    translator: Translator[str],
    said: Mapping[str, str],
    reasons: Mapping[str, str],
    apart: Apart,
) -> list[Line]:
    """Return the table of one indicator, a line a country; what is not compared comes last."""
    own = {row["country"]: row for row in rows if row["indicator"] == indicator["id"]}
    found = []
    for country in sorted(
        countries, key=lambda each: is_apart(apart, each["code"], indicator["id"])
    ):
        code, name = address_part(country["code"]), country["name"]
        row = own.get(country["code"])
        if row is None:
            continue
        if not row["estimate"]:
            found.append(Line(code, name, reason=why_not(row, said, reasons)))
            continue
        number = printed_in_cells(row, translator, indicator["statistic"] != "proportion")
        found.append(Line(code, name, number, localised(translator, row["n"])))
    return found
