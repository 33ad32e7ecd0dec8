"""Stage *publish_comparison*: the public forms of the restricted tables."""

from collections.abc import Mapping
from typing import Any

from disrupting_harm.comparison import TABLES, public_forms
from disrupting_harm.comparison import derived_tables as derive
from disrupting_harm.comparison.prevalence import public_prevalence
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import read_table, write_table


def publish_comparison(
    *,
    tables: Mapping[str, str],
    codebook: dict[str, Any],
    publication: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write comparison tables as printed.

    ``tables`` has the names of :data:`TABLES`, ``outputs`` those that the study publishes.
    """
    statistics = Codebook.model_validate(codebook).statistics
    rounding = Publication.model_validate(publication).rounding
    own = {
        name: read_table(tables[name], restricted_contract(f"comparison/{name}")) for name in TABLES
    }
    countries, rules = own["prevalence"], (rounding, statistics)
    # Sets of ranks, verdicts and the ledger have nothing to round.
    printed = own | {
        "prevalence": public_prevalence(countries, *rules),
        "pairwise": public_forms.public_pairwise(own["pairwise"], countries, *rules),
        "against_region": public_forms.public_against_region(
            own["against_region"], countries, *rules
        ),
        "gaps": public_forms.public_gaps(own["gaps"], *rules),
        "gap_pairs": public_forms.public_gap_pairs(own["gap_pairs"], *rules),
        "pooled": derive.public_pooled(own["pooled"], *rules),
        "leave_one_out": derive.public_pooled(own["leave_one_out"], *rules),
        "standardised": derive.public_standardised(own["standardised"], *rules),
        "bounds": derive.public_bounds(own["bounds"], rounding),
        "silence_ranks": public_forms.public_silence_ranks(own["silence_ranks"], rounding),
        "denominators": derive.public_denominators(own["denominators"], rounding),
        "total": derive.public_total(own["total"], rounding),
        "adjusted": derive.public_adjusted(own["adjusted"]),
        "adjusted_countries": derive.public_adjusted_countries(own["adjusted_countries"]),
    }
    printed["silence_claims"] = public_forms.public_silence_claims(
        own["silence_claims"], printed["pairwise"], printed["gaps"], rounding
    )
    for name, place in outputs.items():
        write_table(place, printed[name], public_contract(f"comparison/{name}"), simulated)
