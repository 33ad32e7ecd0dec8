"""Stage *publish_change*: the public forms of what changed between a country's waves."""

from collections.abc import Mapping
from typing import Any

from disrupting_harm.comparison import CHANGE
from disrupting_harm.comparison.waves.public_forms import public_changes, public_trends
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import read_table, write_table


def publish_change(
    *,
    tables: Mapping[str, str],
    codebook: dict[str, Any],
    publication: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write the tables of change as printed; both mappings have their names."""
    statistics = Codebook.model_validate(codebook).statistics
    rounding = Publication.model_validate(publication).rounding
    tables_by_name = {
        name: read_table(tables[name], restricted_contract(f"change/{name}")) for name in CHANGE
    }
    # The ledger has nothing to round.
    printed_tables = tables_by_name | {
        "changes": public_changes(tables_by_name["changes"], rounding, statistics),
        "trends": public_trends(tables_by_name["trends"]),
    }
    for name in CHANGE:
        write_table(
            outputs[name], printed_tables[name], public_contract(f"change/{name}"), simulated
        )
