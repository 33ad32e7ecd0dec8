"""What the page of the comparison holds: each headline indicator with its figures and tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import COMPARE, part
from disrupting_harm.report.alphabet import by_letters
from disrupting_harm.report.claims import METHOD, SCOPE
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.regional.results import RegionalResults
from disrupting_harm.report.site.gallery import gallery
from disrupting_harm.report.site.numbers import column, key_of_row
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo

FOLDER = "figures/comparison"


def sections(
    public: Path,
    codebook: Codebook,
    study: StudyInfo,
    named: Mapping[str, str],
    place: str,
    results: RegionalResults,
    words: Words,
) -> list[dict[str, Any]]:
    """Return one section for each indicator that was compared.

    Args:
        public: the public results.
        codebook: the order of the indicators, and their labels.
        study: who made the figures, and whether they are simulated.
        named: names of the countries by code.
        place: of what the figures speak, in their citations.
        results: the tables of the comparison.
        words: the reader's language; the figures are in English.
    """
    pictures = gallery(public, FOLDER, study, place, words)
    found: list[dict[str, Any]] = []
    for indicator in codebook.indicators:
        rows = [
            {
                **row,
                "key": key_of_row([row["country"]]),
                "name": named[row["country"]],
                "ranks": _ranks(results, row, words),
                "printed": _printed(row, words),
                "interval": _interval(row, words),
            }
            for row in results.rows("prevalence", indicator=indicator.id)
        ]
        if not rows:
            continue
        pairs: list[dict[str, Any]] = [
            {
                **row,
                "key": key_of_row([row["country_a"], row["country_b"]]),
                "a": named[row["country_a"]],
                "b": named[row["country_b"]],
            }
            for row in results.rows("pairwise", indicator=indicator.id)
        ]
        own = [picture for picture in pictures if picture.indicator == indicator.id]
        found.append(
            {
                "id": indicator.id,
                "label": words.of_study(indicator.label),
                "columns": _columns(indicator.id),
                "pictures": [one for kind in ON_SITE for one in own if one.kind == kind],
                "others": [one for one in own if one.kind not in ON_SITE],
                "rows": sorted(rows, key=lambda row: by_letters(row["name"])),
                "pairs": sorted(
                    pairs, key=lambda row: (by_letters(row["a"]), by_letters(row["b"]))
                ),
            }
        )
    return found


def _columns(indicator: str) -> dict[str, str]:
    """Return the addresses of the cells of each column, of the table and of that of pairs."""
    prevalence, pairs, ranks = (
        f"{COMPARE}/{table}/{part(indicator)}" for table in ("prevalence", "pairwise", "rank_sets")
    )
    ends = (f"{METHOD}/{SCOPE}/{end}" for end in ("rank_low", "rank_high"))
    return {
        "n": column(prevalence, "n"),
        "shown": column(prevalence, "shown"),
        "interval": column(prevalence, "ci_low", "ci_high"),
        "ranks": column(ranks, *ends),
        "difference": column(pairs, "difference"),
        "limits": column(pairs, "ci_low", "ci_high"),
        "p": column(pairs, "p_text"),
    }


def _ranks(results: RegionalResults, row: dict[str, str], words: Words) -> str:
    found = results.row(
        "rank_sets", indicator=row["indicator"], country=row["country"], method=METHOD, scope=SCOPE
    )
    if found is None:
        return "–"
    low, high = found["rank_low"], found["rank_high"]
    return low if low == high else words("{low} to {high}", low=low, high=high)


def _digits(shown: str) -> int:
    """Return how many decimals an estimate is printed with in the table."""
    return len(shown.partition(".")[2])


def _printed(row: dict[str, str], words: Words) -> str:
    """Return an estimate in per cent as the language writes it; a sign stays what it is."""
    if not row["estimate"]:
        return words.plain(row["shown"])
    return words.percent(float(row["estimate"]), _digits(row["shown"]))


def _interval(row: dict[str, str], words: Words) -> str:
    """Return an interval in per cent with as many decimals as the estimate is printed with."""
    if not row["ci_low"]:
        return "–"
    digits = _digits(row["shown"])
    low, high = (words.percent(float(row[limit]), digits) for limit in ("ci_low", "ci_high"))
    return words("{low} to {high}", low=low, high=high)
