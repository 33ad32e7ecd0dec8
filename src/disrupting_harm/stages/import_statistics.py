"""Stage *import_statistics*: a country whose microdata stay at home, from its statistics."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.aggregates.agreement import CELLS, COVARIANCES
from disrupting_harm.aggregates.reading import PartnerStatistics, read_partner_statistics
from disrupting_harm.comparison.differences.within_country import gaps_from_covariances
from disrupting_harm.core.files import write_json
from disrupting_harm.publication.release import public_table
from disrupting_harm.publication.short_intervals import read_group_designs
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.compared_contracts import COMPARED_RELEASE, COMPARED_WITHIN
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import write_table
from disrupting_harm.tables.rules import in_shape

OUTPUTS = ("release", "table", "quality", "disclosure", *COMPARED_WITHIN)


def import_statistics(
    *,
    country: str,
    folder: str,
    codebook: dict[str, Any],
    rules: Mapping[str, Any],
    gaps: tuple[str, ...],
    publication: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write what later stages read of a country, from the statistics that it sent.

    Args:
        folder: of the statistics.
        rules: what both studies must have in common, see ``agreement.shared_rules``.
        gaps: domains whose levels are compared.
        publication: that section of the configuration.
        outputs: the file of each of :data:`OUTPUTS`.

    Raises:
        StudyError: the statistics have a fault or do not fit the study.
    """
    definitions = Codebook.model_validate(codebook)
    joining = read_partner_statistics(Path(folder), country, definitions, rules, simulated)
    cells = joining.tables[CELLS].reset_index(drop=True)
    cells = cells.assign(n_printed=cells["n"], population_printed=cells["population"])
    within = {
        "gaps": _estimate_gaps(cells, joining, definitions, gaps, rules["confidence"]),
        **{name: joining.tables[f"{name}.csv"] for name in ("standardised", "bounds", "ratios")},
        # A slope needs the answers of each person.
        "slopes": pd.DataFrame(),
    }
    write_table(outputs["release"], cells, COMPARED_RELEASE, simulated)
    rounding = Publication.model_validate(publication).rounding
    # By which intervals that may be too short are marked.
    designs = read_group_designs(joining.quality)
    cells_with_designs = cells.merge(designs, on=["domain", "level"], how="left")
    public = public_table(cells_with_designs, rounding, definitions.statistics)
    # Rounded once, at home: those of printed estimates would be rounded twice.
    public = public.assign(**{name: cells[name] for name in WHOLE.values() if name in cells})
    write_table(outputs["table"], public, public_contract("country/release"), simulated)
    write_json(outputs["quality"], joining.quality)
    write_json(outputs["disclosure"], joining.disclosure)
    for name, contract in COMPARED_WITHIN.items():
        table = in_shape(within[name].assign(country=country), contract)
        write_table(outputs[name], table, contract, simulated)
    print("\n".join(joining.describe()))


def _estimate_gaps(
    cells: pd.DataFrame,
    joining: PartnerStatistics,
    codebook: Codebook,
    domains: tuple[str, ...],
    confidence: float,
) -> pd.DataFrame:
    """Return the gaps that follow, in the order in which a run on microdata has them."""
    pairs = joining.tables[COVARIANCES]
    orders = {
        "indicator": codebook.headlines("proportion", "mean"),
        "domain": list(domains),
    }
    for name, order in orders.items():
        pairs = pairs[pairs[name].isin(order)]
    position = {
        (domain, level): index
        for domain in domains
        for index, level in enumerate(codebook.levels(domain))
    }
    level_positions = {
        name: [position[key] for key in zip(pairs["domain"], pairs[name], strict=True)]
        for name in ("level_b", "level_a")
    }
    positions = pd.DataFrame(
        {name: pairs[name].map(order_of_name.index) for name, order_of_name in orders.items()},
        index=pairs.index,
    ).assign(**level_positions)
    pairs = pairs.loc[positions.sort_values(list(positions.columns)).index]
    return gaps_from_covariances(cells, pairs, confidence)
