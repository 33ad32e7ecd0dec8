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
    tables_by_name = {
        name: read_table(tables[name], restricted_contract(f"comparison/{name}")) for name in TABLES
    }
    countries, rules = tables_by_name["prevalence"], (rounding, statistics)
    # Sets of ranks, verdicts and the ledger have nothing to round.
    printed_tables = tables_by_name | {
        "prevalence": public_prevalence(countries, *rules),
        "pairwise": public_forms.public_pairwise(tables_by_name["pairwise"], countries, *rules),
        "against_region": public_forms.public_against_region(
            tables_by_name["against_region"], countries, *rules
        ),
        "gaps": public_forms.public_gaps(tables_by_name["gaps"], *rules),
        "gap_pairs": public_forms.public_gap_pairs(tables_by_name["gap_pairs"], *rules),
        "pooled": derive.public_pooled(tables_by_name["pooled"], *rules),
        "leave_one_out": derive.public_pooled(tables_by_name["leave_one_out"], *rules),
        "standardised": derive.public_standardised(tables_by_name["standardised"], *rules),
        "bounds": derive.public_bounds(tables_by_name["bounds"], rounding),
        "silence_ranks": public_forms.public_silence_ranks(
            tables_by_name["silence_ranks"], rounding
        ),
        "denominators": derive.public_denominators(tables_by_name["denominators"], rounding),
        "total": derive.public_total(tables_by_name["total"], rounding),
        "adjusted": derive.public_adjusted(tables_by_name["adjusted"]),
        "adjusted_countries": derive.public_adjusted_countries(
            tables_by_name["adjusted_countries"]
        ),
    }
    printed_tables["silence_claims"] = public_forms.public_silence_claims(
        tables_by_name["silence_claims"],
        printed_tables["pairwise"],
        printed_tables["gaps"],
        rounding,
    )
    for name, path in outputs.items():
        write_table(path, printed_tables[name], public_contract(f"comparison/{name}"), simulated)
