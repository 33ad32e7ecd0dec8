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
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.checks.numbers import NumberFault
from disrupting_harm.report.checks.site import PageTexts, faults_of_piece
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.addressed_text import AddressedNumber
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.web.explorer.facts import (
    ESTIMATES,
    Earlier,
    Row,
    digests,
    ledger_of,
    localised,
    plain,
    printed_in_cells,
    read_tables,
    reasons_said,
    surveys,
    unpacked,
    why_not,
)
from disrupting_harm.report.web.explorer.messages import messages_of
from disrupting_harm.report.web.explorer.page import FOLDER, Page, script_of
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
_ABOVE = re.compile(rf"<(?:h2|caption)\b[^>]*>(?P<name>[^<]*)|{_INDICATOR}")
_LINE = (
    r"<tr data-n=(?P<code>[^>\s]+)><th scope=row>(?P<name>[^<]*)<td(?: colspan=2)?>"
    r"(?P<printed>[^<]*)(?:<td>(?P<n>[^<]*))?(?=\n)"
)
# Tables of single countries: the order of these among each other is that of the study.
_OF_COUNTRIES = ("earlier", "changes")
_LISTED = {"method": METHOD, "scope": SCOPE}  # of all rank sets

# Returns the faulty numbers of a text, some of which have addresses; patterns of others are given.
Plain = Callable[[str, Sequence[AddressedNumber], Sequence[re.Pattern[str]]], Sequence[NumberFault]]


def explorers_of(public: Path) -> list[Path]:
    """Return the pages of the explorer."""
    return sorted((public / FOLDER).glob("*.html"))


def is_explorer(page: Path) -> bool:
    """Return whether a page is one of these."""
    return page.parent.name == FOLDER


def numbers_on_explorer(page: Path) -> int:
    """Return how many numbers with an address a page prints: three and a base an estimate."""
    text = page.read_text(encoding="utf-8")
    shown = sum(1 for row in _data(text, page)[Path(ESTIMATES).stem] if row["estimate"])
    noted = _facts(text, page).get(NUMBERS, {})
    return 4 * shown + sum(map(len, noted.values()))


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
        self._indicators = {entry["id"]: entry for entry in codebook["indicators"]}

    def faults(
        self, page: Path, texts: PageTexts, translator: Translator[str], of_plain: Plain
    ) -> Iterator[str]:
        """Yield what is wrong with a page.

        Args:
            page: where it is.
            texts: what it prints without a script.
            translator: its language.
            of_plain: finds the faulty numbers of a text.
        """
        text = page.read_text(encoding="utf-8")
        facts = _facts(text, page)
        if script_of(templates_folder() / FOLDER) not in _SCRIPT.findall(text):
            yield f"its script is another: {AGAIN}"
        yield from self._of_data(_data(text, page))
        again = self._again(translator)
        yield from self._of_facts(facts, again, of_plain)
        yield from _of_names(text, again)
        yield from self._of_lines(text, translator)
        yield from self._of_texts(texts, facts, translator, of_plain)

    def _again(self, translator: Translator[str]) -> Page:
        """Return the page as it is written of the published tables."""
        estimates, ledger = self._tables["estimates"], ledger_of(self._public)
        study = (self._config, self._codebook, self._countries)
        return Page(translator, *study, estimates, ledger, templates_folder())

    @cached_property
    def _tables(self) -> dict[str, list[Row]]:
        return read_tables(self._public, self._earlier)

    @cached_property
    def _earlier(self) -> Earlier:
        """Surveys of earlier waves: they have tables, and no row among the estimates of all."""
        now = [address_part(row.country) for row in self._countries]
        found: dict[str, list[str]] = {}
        for path in sorted(self._public.glob(f"countries/*/{ESTIMATES}")):
            code = path.parent.name
            of = [country for country in now if code.startswith(f"{country}-")]
            if of and code not in now:
                found.setdefault(max(of, key=len), []).append(code)
        return found

    @cached_property
    def _digests(self) -> dict[str, str]:
        return digests(self._public, self._earlier)

    @cached_property
    def _known(self) -> list[re.Pattern[str]]:
        """Patterns of what no table has: the file that the page is made of, codes of indicators."""
        digest = self._digests[ESTIMATES]
        codes = [code for entry in self._indicators.values() for code in entry["codes"].values()]
        known = [f"SHA-256 {digest}", *filter(None, codes)]
        return [re.compile(rf"(?<!\w){re.escape(each)}(?!\w)") for each in known]

    @cached_property
    def _totals(self) -> dict[str, Row]:
        rows = self._tables[Path(ESTIMATES).stem]
        return {address_of_row("estimates", row): row for row in rows if is_total(row)}

    def _of_data(self, data: Mapping[str, list[Row]]) -> Iterator[str]:
        """Yield cells of the data that are not as published, in the order of the tables."""
        if data.keys() != self._tables.keys():
            yield f"its data are of {', '.join(data)}: {AGAIN}"
            return
        for name, rows in self._tables.items():
            ours = data[name]
            if name in _OF_COUNTRIES:
                ours, rows = (sorted(each, key=lambda row: row["country"]) for each in (ours, rows))
            if len(ours) != len(rows):
                yield f"{name}: the page has {len(ours)} rows, published are {len(rows)}"
            for own, row in zip(ours, rows, strict=False):
                yield from (
                    f"{self._where(name, row)}/{column}: the page has '{own.get(column)}', "
                    f"published is '{row.get(column)}'"
                    for column in {**row, **own}
                    if own.get(column) != row.get(column)
                )

    def _where(self, name: str, row: Row) -> str:
        of_estimates = name in ("estimates", "earlier")
        compared = not of_estimates and name not in _OF_COUNTRIES
        return address_of_row(
            "estimates" if of_estimates else name, {**_LISTED, **row}, compared=compared
        )

    def _of_facts(self, facts: Mapping[str, Any], page: Page, of_plain: Plain) -> Iterator[str]:
        """Yield texts and settings of the script that are not the study's."""
        waves = surveys(self._earlier, self._tables["changes"])
        right = json.loads(json.dumps(page.known(self._digests, waves)))
        for name in {**right, **facts}:
            if facts.get(name) != right.get(name):
                yield f"fact '{name}' is not that of the study: {AGAIN}"
        # Names of files to download are compared above, and are nothing to read.
        bases = [{"label": base["label"]} for base in facts.get("bases", ())]
        without = {NUMBERS: {}, "reasons": {}, "surveys": {}, "files": {}, "bases": bases}
        for place, text in _texts({**facts, **without}):
            noted = [AddressedNumber(*number) for number in facts.get(NUMBERS, {}).get(place, ())]
            for fault in of_plain(text, noted, self._known):
                yield f"fact '{place}', {fault.of_line}"

    def _of_lines(self, text: str, translator: Translator[str]) -> Iterator[str]:
        """Yield rows of the tables for readers without a script that are not as published."""
        said = {
            name: plain(each)
            for name, each in messages_of(translator, self._config, self._countries).items()
        }
        reasons = reasons_said(translator.with_markup(MARKDOWN), self._tables["estimates"])
        names = {row.country: translator.country(row.country, row.name) for row in self._countries}
        indicator, missing = "", dict(self._totals)
        for found in re.finditer(f"{_INDICATOR}|{_LINE}", text):
            indicator = found["indicator"] or indicator
            if found["indicator"]:
                continue
            where = f"{found['code']}/{indicator}"
            row = missing.pop(where, None)
            if row is None:
                yield f"{where}: nothing published stands there, or it stands there twice"
                continue
            mean = self._indicators[row["indicator"]]["statistic"] != "proportion"
            right = [names[row["country"]], why_not(row, said, reasons), ""]
            if row["estimate"]:
                right[1:] = printed_in_cells(row, translator, mean), localised(translator, row["n"])
            ours = [html.unescape(found[each] or "") for each in ("name", "printed", "n")]
            yield from (
                f"{where}: a table has '{own}', published is '{other}'"
                for own, other in zip(ours, right, strict=True)
                if own != other
            )
        yield from (f"{where}: no table has it" for where in missing)

    def _of_texts(
        self,
        texts: PageTexts,
        facts: Mapping[str, Any],
        translator: Translator[str],
        of_plain: Plain,
    ) -> Iterator[str]:
        """Yield faulty numbers of what else is printed; facts are looked at by themselves."""
        known = {text for _, text in _texts(facts)}
        for piece in texts.pieces:
            if piece.addresses:
                faults = [*faults_of_piece(piece, translator, self._published)]
            elif piece.text.strip() in known:
                continue
            else:
                faults = [fault.of_line for fault in of_plain(piece.text, (), self._known)]
            yield from (f"line {piece.line}, {fault}" for fault in faults)


def without_lines(text: str) -> str:
    """Return a page without the rows that :class:`ExplorerCheck` looks at by their keys."""
    return re.sub(_LINE, "", text)


def _of_names(text: str, page: Page) -> Iterator[str]:
    """Yield names above the tables for readers without a script that are not the study's."""
    found = _ABOVE.finditer(text.partition("<script")[0])
    ours = [each["indicator"] or html.unescape(each["name"]).strip() for each in found]
    yield from (
        f"above a table stands '{own}', where the study has '{other}': {AGAIN}"
        for own, other in zip_longest(ours, page.above())
        if own != other
    )


def _facts(text: str, page: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_FACTS.findall(text)[0])
    except (IndexError, ValueError) as error:
        raise StudyError(str(page), "its facts cannot be read", AGAIN) from error
    return found


def _data(text: str, page: Path) -> dict[str, list[Row]]:
    try:
        return unpacked(_DATA.findall(text)[0])
    except (IndexError, ValueError, OSError, EOFError, zlib.error) as error:
        raise StudyError(str(page), "its data cannot be unpacked", AGAIN) from error


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of the facts by their places."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}/{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _texts(inner, f"{place}/{at}")
