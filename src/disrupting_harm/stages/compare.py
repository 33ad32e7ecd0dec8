"""Stage *compare*: countries with intervals and pairwise differences, at full precision."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from disrupting_harm.comparison.pairwise import pairwise
from disrupting_harm.comparison.tables import prevalence
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.contracts import (
    PAIRWISE,
    PREVALENCE,
    RELEASE,
    read_table,
    write_table,
)


def compare_countries(
    *,
    releases: Sequence[str],
    codebook: dict[str, Any],
    alpha: float,
    confidence: float,
    simulated: bool,
    prevalence_output: str,
    pairwise_output: str,
) -> None:
    """Compare the headline indicators of all countries whose estimates may be published."""
    headline = [
        entry.id for entry in Codebook.model_validate(codebook).indicators if entry.headline
    ]
    released = pd.concat([read_table(path, RELEASE) for path in releases], ignore_index=True)
    kind = "simulated" if simulated else "observed"
    countries = prevalence(released, headline, kind)
    pairs = pairwise(released, headline, kind, alpha, confidence)
    write_table(prevalence_output, countries, PREVALENCE, simulated)
    write_table(pairwise_output, pairs, PAIRWISE, simulated)
