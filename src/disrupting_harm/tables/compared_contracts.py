"""Contracts of what a comparison reads of each country.

The stages that compare countries read these columns and no others, so that a country can join
through them whose microdata stay at home (:mod:`disrupting_harm.aggregates`).
"""

import pandera.pandas as pa

from designbased.estimates.group_design import GROUP_DESIGN
from disrupting_harm.study.statuses import STATUSES
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import number, text

RELEASE = restricted_contract("country/release")

# What the country at home decided on its standardised estimate; absent where it is decided here.
VERDICT = {"verdict": text(*STATUSES, required=False)}
# Without numbers that no comparison needs and that tell of counts.
CELLS = tuple(
    name
    for name in RELEASE.columns
    if name
    not in ("n_yes", "n_printed", "population_printed", "deff", "n_eff", "reliability", "release")
    and name not in (*GROUP_DESIGN, "deff_expected", "psus_fewer")
)


def _columns_of(
    contract: pa.DataFrameSchema, without: tuple[str, ...], more: dict[str, pa.Column] | None = None
) -> pa.DataFrameSchema:
    """Return the contract of a part of a table; what else the table has is passed over."""
    columns = {name: rule for name, rule in contract.columns.items() if name not in without}
    return pa.DataFrameSchema(
        columns | (more or {}), checks=contract.checks, strict="filter", name=contract.name
    )


# Of a country whose microdata stay at home nothing is known of hidden cells, not even their n. The
# answers behind others are needed where a standardised estimate is judged here.
COMPARED_RELEASE = _columns_of(
    RELEASE,
    without=tuple(name for name in RELEASE.columns if name not in CELLS),
    more={
        "n": number(0, nullable=True),
        "n_printed": number(0, nullable=True),
        "population_printed": number(0, nullable=True),
        "n_yes": number(0, nullable=True, required=False),
        **{name: RELEASE.columns[name] for name in GROUP_DESIGN},
    },
)
COMPARED_WITHIN: dict[str, pa.DataFrameSchema] = {
    "gaps": restricted_contract("contrasts/gaps"),
    "standardised": _columns_of(
        restricted_contract("contrasts/standardised"),
        without=("deff", "n_eff", "reason"),
        more=VERDICT,
    ),
    "bounds": _columns_of(
        restricted_contract("contrasts/bounds"),
        without=("n_asked", "lower_ci_low", "upper_ci_high"),
    ),
    "ratios": _columns_of(
        restricted_contract("contrasts/ratios"),
        without=("n", "n_yes", "log_ratio_se", "df", "crude_low", "crude_high"),
        # Absent where a country joins by statistics: limits follow from its P value.
        more={
            "log_ratio_se": number(0, nullable=True, required=False),
            "df": number(nullable=True, required=False),
        },
    ),
    "slopes": restricted_contract("contrasts/slopes"),
}
