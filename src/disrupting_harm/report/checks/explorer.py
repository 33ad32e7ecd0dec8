"""Check the pages of the explorer: what they hold and print is what is published, cell by cell.

Three parts of a page have numbers. Its data are read as its script reads them, and each cell is
compared with that of the public table. Its facts are texts and settings of the script, and are
made again. Its tables for readers without a script have the key of each row, and print what is
published there; the script takes the names of themes and indicators from above them.
"""

import html
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.checks.numbers import NumberFault
from disrupting_harm.report.checks.site import PageReader, find_faults_of_text
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.web.explorer.facts import (
    describe_reasons,
    describe_surveys,
    explain_missing_number,
    format_estimate,
    format_localised,
    format_plain_text,
)
from disrupting_harm.report.web.explorer.messages import translate_messages_of_study
from disrupting_harm.report.web.explorer.packed_tables import (
    ESTIMATES,
    Earlier,
    Row,
    hash_tables,
    read_ledger,
    read_tables,
    unpack_tables,
)
from disrupting_harm.report.web.explorer.page import FOLDER, ExplorerPage, join_script_modules
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import is_total

AGAIN = "write the explorer again"
NUMBERS = "numbers"
_FACTS = re.compile(r'<script type="application/json" id="facts">(.*?)</script>', re.DOTALL)
_DATA = re.compile(r'id="data">data:application/gzip;base64,([^<]*)</script>')
_SCRIPT = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)
# The head of a table for readers without a script, and a row of it.
_INDICATOR = r"<th scope=col data-n=\*/(?P<indicator>[^>\s]+)>"
# What the script takes names from, in order, and the indicator that each is of.
_NAME_ABOVE_TABLE = re.compile(rf"<(?:h2|caption)\b[^>]*>(?P<name>[^<]*)|{_INDICATOR}")
_LINE = (
    r"<tr data-n=(?P<code>[^>\s]+)><th scope=row>(?P<name>[^<]*)<td(?: colspan=2)?>"
    r"(?P<printed>[^<]*)(?:<td>(?P<n>[^<]*))?(?=\n)"
)
# Tables of single countries: the order of these among each other is that of the study.
_OF_COUNTRIES = ("earlier", "changes")
_PUBLISHED_RANK_SETS = {"method": METHOD, "scope": SCOPE}  # of all rank sets

# Returns the faulty numbers of a text, some of which have addresses; patterns of others are given.
FindFaults = Callable[
    [str, Sequence[AddressedNumber], Sequence[re.Pattern[str]]], Sequence[NumberFault]
]


def list_explorers(public: Path) -> list[Path]:
    """Return the pages of the explorer."""
    return sorted((public / FOLDER).glob("*.html"))


def is_explorer(page: Path) -> bool:
    """Return whether a page is one of these."""
    return page.parent.name == FOLDER


def count_numbers_on_explorer(page: Path) -> int:
    """Return how many numbers with an address a page prints: three and a base an estimate."""
    text = page.read_text(encoding="utf-8")
    printed_count = sum(
        1 for row in _read_data(text, page)[Path(ESTIMATES).stem] if row["estimate"]
    )
    numbers_of_facts = _read_facts(text, page).get(NUMBERS, {})
    return 4 * printed_count + sum(map(len, numbers_of_facts.values()))


class ExplorerCheck:
    """Check pages of the explorer; the public tables are read once for all languages.

    Args:
        settings: the checked configuration.
        codebook: the definitions with their words.
        countries: rows of the countries file.
        published: the public files.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        codebook: Mapping[str, Any],
        countries: Sequence[Mapping[str, Any]],
        published: PublishedFiles,
    ) -> None:
        self._config = Configuration.model_validate(settings)
        self._countries = [Country.model_validate(row) for row in countries]
        self._published, self._public = published, published.public
        self._codebook = Codebook.model_validate(codebook)
        self._indicators = {indicator["id"]: indicator for indicator in codebook["indicators"]}

    def find_faults(
        self, page: Path, texts: PageReader, translator: Translator[str], find_faults: FindFaults
    ) -> Iterator[str]:
        """Yield what is wrong with a page.

        Args:
            page: where it is.
            texts: what it prints without a script.
            translator: its language.
            find_faults: finds the faulty numbers of a text.
        """
        text = page.read_text(encoding="utf-8")
        facts = _read_facts(text, page)
        if join_script_modules(templates_folder() / FOLDER) not in _SCRIPT.findall(text):
            yield f"its script is another: {AGAIN}"
        yield from self._find_faults_of_data(_read_data(text, page))
        expected_page = self._write_expected_page(translator)
        yield from self._find_faults_of_facts(facts, expected_page, find_faults)
        yield from _find_faults_of_names(text, expected_page)
        yield from self._find_faults_of_rows(text, translator)
        yield from self._find_faults_of_texts(texts, facts, translator, find_faults)

    def _write_expected_page(self, translator: Translator[str]) -> ExplorerPage:
        """Return the page as it is written of the published tables."""
        estimates, ledger = self._public_tables["estimates"], read_ledger(self._public)
        study = (self._config, self._codebook, self._countries)
        return ExplorerPage(translator, *study, estimates, ledger, templates_folder())

    @cached_property
    def _public_tables(self) -> dict[str, list[Row]]:
        return read_tables(self._public, self._earlier_surveys)

    @cached_property
    def _earlier_surveys(self) -> Earlier:
        """Surveys of earlier waves: they have tables, and no row among the estimates of all."""
        current_codes = [address_part(row.country) for row in self._countries]
        earlier_codes: dict[str, list[str]] = {}
        for path in sorted(self._public.glob(f"countries/*/{ESTIMATES}")):
            code = path.parent.name
            countries_of_code = [
                country for country in current_codes if code.startswith(f"{country}-")
            ]
            if countries_of_code and code not in current_codes:
                earlier_codes.setdefault(max(countries_of_code, key=len), []).append(code)
        return earlier_codes

    @cached_property
    def _digests_of_files(self) -> dict[str, str]:
        return hash_tables(self._public, self._earlier_surveys)

    @cached_property
    def _known_patterns(self) -> list[re.Pattern[str]]:
        """Patterns of what no table has: the file that the page is made of, codes of indicators."""
        digest = self._digests_of_files[ESTIMATES]
        codes = [
            code for indicator in self._indicators.values() for code in indicator["codes"].values()
        ]
        known_texts = [f"SHA-256 {digest}", *filter(None, codes)]
        return [re.compile(rf"(?<!\w){re.escape(known_text)}(?!\w)") for known_text in known_texts]

    @cached_property
    def _national_rows(self) -> dict[str, Row]:
        rows = self._public_tables[Path(ESTIMATES).stem]
        return {address_of_row("estimates", row): row for row in rows if is_total(row)}

    def _find_faults_of_data(self, data: Mapping[str, list[Row]]) -> Iterator[str]:
        """Yield cells of the data that are not as published, in the order of the tables."""
        if data.keys() != self._public_tables.keys():
            yield f"its data are of {', '.join(data)}: {AGAIN}"
            return
        for name, rows in self._public_tables.items():
            rows_of_page = data[name]
            if name in _OF_COUNTRIES:
                rows_of_page, rows = (
                    sorted(table_rows, key=lambda row: row["country"])
                    for table_rows in (rows_of_page, rows)
                )
            if len(rows_of_page) != len(rows):
                yield f"{name}: the page has {len(rows_of_page)} rows, published are {len(rows)}"
            for row_of_page, row in zip(rows_of_page, rows, strict=False):
                yield from (
                    f"{self._address_of_row(name, row)}/{column}: "
                    f"the page has '{row_of_page.get(column)}', "
                    f"published is '{row.get(column)}'"
                    for column in {**row, **row_of_page}
                    if row_of_page.get(column) != row.get(column)
                )

    def _address_of_row(self, name: str, row: Row) -> str:
        is_estimates = name in ("estimates", "earlier")
        is_comparison = not is_estimates and name not in _OF_COUNTRIES
        return address_of_row(
            "estimates" if is_estimates else name,
            {**_PUBLISHED_RANK_SETS, **row},
            compared=is_comparison,
        )

    def _find_faults_of_facts(
        self, facts: Mapping[str, Any], page: ExplorerPage, find_faults: FindFaults
    ) -> Iterator[str]:
        """Yield texts and settings of the script that are not the study's."""
        waves = describe_surveys(self._earlier_surveys, self._public_tables["changes"])
        expected_facts = json.loads(
            json.dumps(page.collect_script_facts(self._digests_of_files, waves))
        )
        for name in {**expected_facts, **facts}:
            if facts.get(name) != expected_facts.get(name):
                yield f"fact '{name}' is not that of the study: {AGAIN}"
        # Names of files to download are compared above, and are nothing to read.
        bases = [{"label": base["label"]} for base in facts.get("bases", ())]
        facts_to_compare = {NUMBERS: {}, "reasons": {}, "surveys": {}, "files": {}, "bases": bases}
        for location, text in _yield_texts_of_facts({**facts, **facts_to_compare}):
            numbers = [
                AddressedNumber(*number) for number in facts.get(NUMBERS, {}).get(location, ())
            ]
            for fault in find_faults(text, numbers, self._known_patterns):
                yield f"fact '{location}', {fault.without_line}"

    def _find_faults_of_rows(self, text: str, translator: Translator[str]) -> Iterator[str]:
        """Yield rows of the tables for readers without a script that are not as published."""
        messages = {
            name: format_plain_text(message)
            for name, message in translate_messages_of_study(
                translator, self._config, self._countries
            ).items()
        }
        reasons = describe_reasons(
            translator.with_markup(MARKDOWN), self._public_tables["estimates"]
        )
        country_names = {
            row.country: translator.country(row.country, row.name) for row in self._countries
        }
        indicator, missing_rows = "", dict(self._national_rows)
        for match in re.finditer(f"{_INDICATOR}|{_LINE}", text):
            indicator = match["indicator"] or indicator
            if match["indicator"]:
                continue
            row_address = f"{match['code']}/{indicator}"
            row = missing_rows.pop(row_address, None)
            if row is None:
                yield f"{row_address}: nothing published stands there, or it stands there twice"
                continue
            is_mean = self._indicators[row["indicator"]]["statistic"] != "proportion"
            expected_cells = [
                country_names[row["country"]],
                explain_missing_number(row, messages, reasons),
                "",
            ]
            if row["estimate"]:
                expected_cells[1:] = (
                    format_estimate(row, translator, is_mean),
                    format_localised(translator, row["n"]),
                )
            cells_of_page = [
                html.unescape(match[message] or "") for message in ("name", "printed", "n")
            ]
            yield from (
                f"{row_address}: a table has '{cell_of_page}', published is '{expected_cell}'"
                for cell_of_page, expected_cell in zip(cells_of_page, expected_cells, strict=True)
                if cell_of_page != expected_cell
            )
        yield from (f"{row_address}: no table has it" for row_address in missing_rows)

    def _find_faults_of_texts(
        self,
        texts: PageReader,
        facts: Mapping[str, Any],
        translator: Translator[str],
        find_faults: FindFaults,
    ) -> Iterator[str]:
        """Yield faulty numbers of what else is printed; facts are looked at by themselves."""
        fact_texts = {text for _, text in _yield_texts_of_facts(facts)}
        for page_text in texts.texts:
            if page_text.addresses:
                faults = [*find_faults_of_text(page_text, translator, self._published)]
            elif page_text.text.strip() in fact_texts:
                continue
            else:
                faults = [
                    fault.without_line
                    for fault in find_faults(page_text.text, (), self._known_patterns)
                ]
            yield from (f"line {page_text.line}, {fault}" for fault in faults)


def without_lines(text: str) -> str:
    """Return a page without the rows that :class:`ExplorerCheck` looks at by their keys."""
    return re.sub(_LINE, "", text)


def _find_faults_of_names(text: str, page: ExplorerPage) -> Iterator[str]:
    """Yield names above the tables for readers without a script that are not the study's."""
    matches = _NAME_ABOVE_TABLE.finditer(text.partition("<script")[0])
    names_of_page = [
        match["indicator"] or html.unescape(match["name"]).strip() for match in matches
    ]
    yield from (
        f"above a table stands '{name_of_page}', where the study has '{expected_name}': {AGAIN}"
        for name_of_page, expected_name in zip_longest(
            names_of_page, page.list_names_above_tables()
        )
        if name_of_page != expected_name
    )


def _read_facts(text: str, page: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(_FACTS.findall(text)[0])
    except (IndexError, ValueError) as error:
        raise StudyError(str(page), "its facts cannot be read", AGAIN) from error
    return facts


def _read_data(text: str, page: Path) -> dict[str, list[Row]]:
    try:
        return _unpack_once(_DATA.findall(text)[0])
    except (IndexError, ValueError, OSError, EOFError, zlib.error) as error:
        raise StudyError(str(page), "its data cannot be unpacked", AGAIN) from error


# The pages of all languages have the same data.
_unpack_once = lru_cache(maxsize=1)(unpack_tables)


def _yield_texts_of_facts(value: Any, location: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of the facts by their places."""
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _yield_texts_of_facts(member, f"{location}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _yield_texts_of_facts(member, f"{location}/{index}")
