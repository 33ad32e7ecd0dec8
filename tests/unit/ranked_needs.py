"""Results with the needs that stage *needs* ranks of them, as if no other country took part."""

import dataclasses
from pathlib import Path

import pandas as pd

from disrupting_harm.comparison.needs import rank_needs
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.report.findings.needed_actions import (
    collect_shares,
    find_countries_known,
    find_countries_with,
    find_needs,
    list_action_rules,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow


def rank_needs_of(results: dict[str, Results], actions: Recommendations) -> pd.DataFrame:
    """Return the table of needs of some countries."""
    return rank_needs(
        find_needs(results, actions, "simulated"),
        list_action_rules(actions),
        collect_shares(results, actions, {}),
        find_countries_with(actions, results),
        find_countries_known(actions, results),
        list(results),
        0.95,
        0.05,
    )


def with_needs(results: Results, actions: Recommendations) -> Results:
    """Return the results of one country with its rows of needs."""
    table = rank_needs_of({results.country: results}, actions).astype(object)
    texts = table.astype(object).where(table.notna(), "").astype(str).to_dict("records")
    rows = [PublicRow(row) for row in address_cells("needs", texts, compared=True)]
    compared = {**results.comparison_rows, "needs": rows}
    return dataclasses.replace(results, comparison_rows=compared)


def write_needs_of(results: Results, actions: Recommendations, public: Path) -> None:
    """Write ``comparison/needs.csv`` of one country below the public folder."""
    folder = public / "comparison"
    folder.mkdir(parents=True, exist_ok=True)
    rank_needs_of({results.country: results}, actions).to_csv(folder / "needs.csv", index=False)
