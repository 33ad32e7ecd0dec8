"""Stage *publish_comparison*: the public forms of the restricted tables."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from disrupting_harm.comparison import derived_tables as derive
from disrupting_harm.comparison import public
from disrupting_harm.comparison.tables import public_prevalence
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.comparison_contracts import PUBLIC, RESTRICTED
from disrupting_harm.study.config import Publication


def publish_comparison(
    *,
    tables: Mapping[str, str],
    codebook: dict[str, Any],
    publication: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write every comparison table as printed; both mappings have the names of :data:`PUBLIC`."""
    statistics = Codebook.model_validate(codebook).statistics
    rounding = Publication.model_validate(publication).rounding
    restricted = {name: read_table(tables[name], rule) for name, rule in RESTRICTED.items()}
    countries = restricted["prevalence"]
    as_printed: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "prevalence": partial(public_prevalence, rounding=rounding, statistics=statistics),
        "pairwise": partial(
            public.public_pairwise, prevalence=countries, rounding=rounding, statistics=statistics
        ),
        "against_region": partial(
            public.public_against_region,
            prevalence=countries,
            rounding=rounding,
            statistics=statistics,
        ),
        "gaps": partial(public.public_gaps, rounding=rounding, statistics=statistics),
        "gap_pairs": partial(public.public_gap_pairs, rounding=rounding, statistics=statistics),
        "pooled": partial(derive.public_pooled, rounding=rounding, statistics=statistics),
        "leave_one_out": partial(derive.public_pooled, rounding=rounding, statistics=statistics),
        "standardised": partial(
            derive.public_standardised, rounding=rounding, statistics=statistics
        ),
        "bounds": partial(derive.public_bounds, rounding=rounding),
        "denominators": partial(derive.public_denominators, rounding=rounding),
        "adjusted": derive.public_adjusted,
        "adjusted_countries": derive.public_adjusted_countries,
    }
    for name, rule in PUBLIC.items():
        # Sets of ranks, verdicts and the ledger have nothing to round.
        table = as_printed[name](restricted[name]) if name in as_printed else restricted[name]
        write_table(outputs[name], table, rule, simulated)
