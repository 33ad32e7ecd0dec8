"""The list of references: sources cited by number, and works that the text names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.spelling import look_of
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.study.configuration.section import WRITE_ADDRESS, is_web_address
from disrupting_harm.study.microdata.csv_table import read_csv_table

# Works that the texts of this project name, below the folder of templates.
METHODS_WORKS = "parts/references.csv"
COLUMNS = ["named", "reference", "address"]
# A longer address is a link in the name of its site: on paper nobody types so many letters.
LONGEST_ADDRESS = 60
# An address in the words of a source, without the sign that ends a sentence or a part of it.
_ADDRESS = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:)])")


@dataclass(frozen=True)
class Work:
    """A work as the list has it; ``named`` are the words by which a text names it."""

    named: str
    reference: str
    address: str


class References:
    """Number the sources of one document and list them with the works that it names."""

    def __init__(self) -> None:
        self._cited: dict[str, int] = {}
        self._works_named: list[Work] = []

    def cite(self, source: str) -> Markdown:
        """Return the number of a source in the list, e.g. ``[2]``; empty without a source."""
        if not source:
            return Markdown("")
        number = self._cited.setdefault(source, len(self._cited) + 1)
        return escape(f"[{number}]")

    def find_named(self, document: str, works: Sequence[Work]) -> None:
        """Keep those of ``works`` that ``document``, a filled document, names."""
        unescaped = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", document)
        named_works = [
            work for work in works if re.search(rf"(?<!\w){re.escape(work.named)}(?!\w)", unescaped)
        ]
        self._works_named = sorted(named_works, key=lambda work: build_sort_key(work.reference))

    def format_entries(self) -> Markdown:
        """Return the numbered list: sources in the order cited, then the works named.

        A source that is a part of a work, such as a table of it, stands there as the work, once.
        """
        works_of_sources = {source: self._find_work(source) for source in self._cited}
        sources_and_works = [
            _format_work(replace(work, address=_ADDRESS.findall(source)[0]))
            if work
            else link_addresses(source)
            for source, work in works_of_sources.items()
        ]
        sources_and_works += [
            _format_work(work)
            for work in self._works_named
            if work not in works_of_sources.values()
        ]
        return Markdown(
            "\n".join(
                f"{number}. {entry}" for number, entry in enumerate(sources_and_works, start=1)
            )
        )

    def _find_work(self, source: str) -> Work | None:
        """Return the work named that has a source's address, or is above it."""
        addresses = _ADDRESS.findall(source)
        return next(
            (
                work
                for work in self._works_named
                if work.address
                and any(f"{each}/".startswith(f"{work.address}/") for each in addresses[:1])
            ),
            None,
        )


def _format_work(work: Work) -> Markdown:
    reference = escape(work.reference)
    return Markdown(f"{reference} {_format_link(work.address)}" if work.address else reference)


def _format_link(address: str) -> str:
    if len(address) <= LONGEST_ADDRESS:
        return f"<{address}>"
    site = (urlsplit(address).hostname or address).removeprefix("www.")
    return f"[{escape(site)}](<{address}>)"


def link_addresses(source: str) -> Markdown:
    """Return a source as the list of references has it, each address in it as a link."""
    text, *addresses_and_texts = _ADDRESS.split(source)
    linked_pieces = [str(escape(text))]
    for address, after in zip(addresses_and_texts[::2], addresses_and_texts[1::2], strict=True):
        linked_pieces += [
            f" {_format_link(address)}",
            " " if after[:1].isspace() else "",
            escape(after),
        ]
    return Markdown("".join(linked_pieces).strip())


def read_works(path: Path) -> tuple[Work, ...]:
    """Read the works that texts may name.

    Raises:
        StudyError: where the columns are others than :data:`COLUMNS`, a cell is empty that may not
            be, an address is none of the web, or two works have one name.
    """
    header, rows = read_csv_table(path)
    if header != COLUMNS:
        raise StudyError(f"{path}, row 1", f"the columns are {header}", f"Write {COLUMNS}")
    works: list[Work] = []
    for number, row in rows:
        work = Work(*row)
        if not (work.named and work.reference):
            raise StudyError(f"{path}, row {number}", "a cell is empty", "Fill it")
        if work.address and not is_web_address(work.address):
            finding = f"'{work.address}' is no address"
            raise StudyError(f"{path}, row {number}, column 'address'", finding, WRITE_ADDRESS)
        if look_of(work.named) in map(look_of, (work_above.named for work_above in works)):
            finding = f"'{work.named}' names another work above"
            raise StudyError(
                f"{path}, row {number}, column 'named'", finding, "Remove one of the rows"
            )
        works.append(work)
    return tuple(works)
