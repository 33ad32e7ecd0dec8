"""Where the site leads for how numbers were made: pages of estimates, comparison and evidence."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import COMPARE, EVERYWHERE
from disrupting_harm.provenance.anchors import EVIDENCE, FOLDER
from disrupting_harm.report.explained.tables import tables_of_evidence
from disrupting_harm.report.site.downloads import Link
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook

# The one table without a country.
_COMPANIES = PUBLIC["transparency"].title
# CLDR's code of the world.
_WORLD = "001"


def explained_pages(
    public: Path, named: Sequence[tuple[str, str]], codebook: Codebook, words: Words
) -> list[tuple[str, list[Link]]]:
    """Return links to the pages of how numbers were made, under what these are numbers of.

    Args:
        public: the public results.
        named: code and name of each country, in the order of a list.
        codebook: its headline indicators are compared.
        words: the reader's language; the pages are in English.
    """
    found = []
    if codebook.indicators:
        surveys = [_link(code, name) for code, name in named]
        compared = [
            _link(f"{COMPARE}/{one}", words.of_study(codebook.indicator(one).label))
            for one in codebook.headlines()
        ]
        found += [(words("Estimates"), surveys), (words("Comparison"), compared)]
    if tables_of_evidence(public):
        world = words.locale.territories[_WORLD]
        others = [
            (WORLD, world[:1].upper() + world[1:]),
            (EVERYWHERE, words(_COMPANIES)),
        ]
        links = [_link(f"{EVIDENCE}/{code}", name) for code, name in (*named, *others)]
        found.append((words("Other sources"), links))
    return found


def _link(page: str, text: str) -> Link:
    return Link(f"{FOLDER}/{page}.html", text)
