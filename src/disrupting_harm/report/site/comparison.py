"""What the page of the comparison holds: each headline indicator with its figures and tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from disrupting_harm.report.claims import METHOD, SCOPE
from disrupting_harm.report.regional.results import RegionalResults, read_regional
from disrupting_harm.report.regional.wording import rank_span
from disrupting_harm.report.site.gallery import gallery
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import StudyInfo

FOLDER = "figures/comparison"
# Kinds of figures that the site shows; it leads to the files of the others.
SHOWN = ("comparison", "ranks", "pooled")


def sections(
    public: Path, codebook: Codebook, study: StudyInfo, named: Mapping[str, str], place: str
) -> list[dict[str, Any]]:
    """Return one section for each indicator that was compared.

    Args:
        public: the public results.
        codebook: the order of the indicators, and their labels.
        study: who made the figures, and whether they are simulated.
        named: names of the countries by code.
        place: of what the figures speak, in their citations.
    """
    pictures = gallery(public, FOLDER, study, place)
    results = read_regional(public)
    found: list[dict[str, Any]] = []
    for indicator in codebook.indicators:
        rows = [
            {**row, "name": named[row["country"]], "ranks": _ranks(results, row)}
            for row in results.rows("prevalence", indicator=indicator.id)
        ]
        if not rows:
            continue
        own = [picture for picture in pictures if picture.indicator == indicator.id]
        found.append(
            {
                "id": indicator.id,
                "label": indicator.label,
                "pictures": [one for kind in SHOWN for one in own if one.kind == kind],
                "others": [one for one in own if one.kind not in SHOWN],
                "rows": sorted(rows, key=lambda row: row["name"]),
                "pairs": [
                    {**row, "a": named[row["country_a"]], "b": named[row["country_b"]]}
                    for row in results.rows("pairwise", indicator=indicator.id)
                ],
            }
        )
    return found


def _ranks(results: RegionalResults, row: dict[str, str]) -> str:
    found = results.row(
        "rank_sets", indicator=row["indicator"], country=row["country"], method=METHOD, scope=SCOPE
    )
    return rank_span(found) if found else "–"
