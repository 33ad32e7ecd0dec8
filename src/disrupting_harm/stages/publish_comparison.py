"""Stage *publish_comparison*: the public forms of the restricted tables."""

from collections.abc import Mapping
from typing import Any

from disrupting_harm.comparison import derived_tables as derive
from disrupting_harm.comparison import public_forms
from disrupting_harm.comparison.associations import public_associations
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

    Args:
        tables: restricted tables of :data:`TABLES` by name; ``prevalence`` with those whose printed
            form is made of it.
        outputs: those of them that are published here.
    """
    definitions = Codebook.model_validate(codebook)
    statistics, headlines = definitions.statistics, definitions.headlines()
    rounding = Publication.model_validate(publication).rounding
    rules = (rounding, statistics)
    restricted_tables = {
        name: read_table(path, restricted_contract(f"comparison/{name}"))
        for name, path in tables.items()
    }
    # Sets of ranks and verdicts have nothing to round.
    printed_tables = dict(restricted_tables)
    for name, print_table in {
        "prevalence": lambda table: public_prevalence(table, *rules),
        "pairwise": lambda table: public_forms.public_pairwise(
            table, restricted_tables["prevalence"], *rules
        ),
        "against_region": lambda table: public_forms.public_against_region(
            table, restricted_tables["prevalence"], *rules
        ),
        "gaps": lambda table: public_forms.public_gaps(table, *rules),
        "gap_pairs": lambda table: public_forms.public_gap_pairs(table, *rules),
        "pooled": lambda table: derive.public_pooled(table, *rules),
        "leave_one_out": lambda table: derive.public_pooled(table, *rules),
        "standardised": lambda table: derive.public_standardised(table, *rules),
        "bounds": lambda table: derive.public_bounds(table, rounding),
        "silence_claims": lambda table: public_forms.public_silence_claims(
            table, printed_tables["pairwise"], printed_tables["gaps"], rounding
        ),
        "silence_ranks": lambda table: public_forms.public_silence_ranks(table, rounding),
        "denominators": lambda table: derive.public_denominators(table, rounding),
        "total": lambda table: derive.public_total(table, rounding),
        # The public ledger speaks of the indicators by which countries are compared.
        "comparability": lambda table: table[table["indicator"].isin(headlines)],
        "adjusted": derive.public_adjusted,
        "adjusted_countries": derive.public_adjusted_countries,
        "associations": public_associations,
    }.items():
        if name in restricted_tables:
            printed_tables[name] = print_table(restricted_tables[name])
    for name, path in outputs.items():
        write_table(path, printed_tables[name], public_contract(f"comparison/{name}"), simulated)
