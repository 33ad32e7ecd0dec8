"""Names of the files through which a country joins, and the rules that both studies must share.

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Any

from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.study import STATEMENT

QUALITY, DISCLOSURE = "quality.json", "disclosure.json"
CELLS, COVARIANCES = "cells.csv", "covariances.csv"
STANDARDISED, BOUNDS, RATIOS = "standardised.csv", "bounds.csv", "ratios.csv"
# Without these the country takes part in everything else.
OPTIONAL = (STANDARDISED, BOUNDS, RATIOS)
FILE_NAMES = (STATEMENT, CELLS, COVARIANCES, *OPTIONAL, QUALITY, DISCLOSURE)


def find_statistics_files(folder: Path) -> list[Path]:
    """Return the files of a folder of statistics; of the optional ones those that are there."""
    return [
        folder / name
        for name in FILE_NAMES
        if name not in (*OPTIONAL, DISCLOSURE) or (folder / name).is_file()
    ]


def shared_rules(config: Configuration) -> dict[str, Any]:
    """Return the rules that the country at home and the comparison must have in common."""
    publication = config.publication.model_dump(mode="json", exclude={"release"})
    standard = config.comparison.standard
    return {
        "interval": config.estimation.interval,
        "confidence": config.estimation.confidence,
        **publication,
        "standard": standard.model_dump(mode="json", include={"domain", "shares"})
        if standard
        else None,
        "adjust_for": list(config.comparison.adjust_for),
    }
