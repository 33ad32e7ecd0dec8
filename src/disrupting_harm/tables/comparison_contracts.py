"""Contracts of the tables of the comparison across countries, restricted and public.

A public table is its restricted one without errors, sizes of samples and what else would let a
count be worked back.
"""

import pandera.pandas as pa

from disrupting_harm.study.statuses import STATUSES
from disrupting_harm.study.whole_percents import POINTS, WHOLE, WHOLE_PREDICTION
from disrupting_harm.tables.adjusted_contracts import ADJUSTED, ADJUSTED_COUNTRIES
from disrupting_harm.tables.contracts import BOUND, INTERVAL_HOLDS_ESTIMATE
from disrupting_harm.tables.rules import (
    BY_COUNTRY,
    FLAG,
    OF_KIND,
    ORDERED,
    POSITIVE,
    REAL,
    SHARE,
    count,
    in_order,
    number,
    public_form,
    table_contract,
    text,
)
from disrupting_harm.tables.silence_contracts import (
    BOUND_PAIRS,
    BOUNDS,
    SILENCE_CLAIMS,
    SILENCE_RANKS,
)

ESTIMANDS = ("population_weighted", "equal_country", "random_effects")
DENOMINATORS = ("internet_using_children", "all_children")
RATE_UNCERTAINTY = ("estimated", "invented", "taken as exact", "not available")
SETTLED = ("yes", "no")

_PAIR = {"indicator": text(), "country_a": text(), "country_b": text(), "difference": number()}
_GAP = {"indicator": text(), "domain": text(), "level_a": text(), "level_b": text()}
_ESTIMATE = {"estimate": REAL, "ci_low": REAL, "ci_high": REAL}
_ERROR = {"se": number(0), "df": POSITIVE}
_LIMITS = dict.fromkeys(("ci_low", "ci_high"), REAL)
_RATIO = dict.fromkeys(("ratio", "ratio_low", "ratio_high"), POSITIVE)
_P_VALUES = dict.fromkeys(("p_value", "p_holm", "p_bh"), SHARE)
_CHILDREN_LIMITS = ("children_low", "children_high")
# Holm's verdict, and the error of the row's interval that goes with it.
_VERDICT = {"step_alpha": SHARE, "clear": FLAG, **OF_KIND}

PREVALENCE = table_contract(
    "prevalence by country",
    {
        "country": text(),
        "indicator": text(),
        **_ESTIMATE,
        "n": POSITIVE,
        "population": POSITIVE,
        "shown": text(),
        **BOUND,
        "status": text(*STATUSES),
        **OF_KIND,
    },
    INTERVAL_HOLDS_ESTIMATE,
)
PAIRWISE = table_contract(
    "pairwise differences", {**_PAIR, **_ERROR, **_LIMITS, **_RATIO, **_P_VALUES, **_VERDICT}
)
AGAINST_REGION = table_contract(
    "differences from the region",
    {
        "indicator": text(),
        "region": text(),
        "country": text(),
        "regional_mean": number(),
        "difference": number(),
        **_ERROR,
        **_LIMITS,
        **_RATIO,
        **_P_VALUES,
        **_VERDICT,
    },
)
GAPS = table_contract(
    "gaps by country",
    {
        **_GAP,
        "country": text(),
        "n_a": number(0),
        "n_b": number(0),
        "estimate_a": number(),
        "estimate_b": number(),
        "difference": number(),
        **_ERROR,
        **_LIMITS,
        **_RATIO,
        **_P_VALUES,
        **_VERDICT,
    },
)
GAP_PAIRS = table_contract(
    "differences between gaps",
    {
        **_GAP,
        "country_a": text(),
        "country_b": text(),
        "n": number(0),
        "size": number(0),
        "difference": number(),
        **_ERROR,
        **_LIMITS,
        **_P_VALUES,
        **_VERDICT,
    },
)
RANK_SETS = table_contract(
    "rank sets",
    {
        **BY_COUNTRY,
        "countries": count(),
        "method": text("klein", "mogstad_single_step", "mogstad_step_down"),
        "scope": text("marginal", "simultaneous"),
        "rank_low": count(),
        "rank_high": count(),
        "may_be_highest": FLAG,
        "may_be_lowest": FLAG,
        **OF_KIND,
    },
)
POOLED = table_contract(
    "pooled estimates",
    {
        "indicator": text(),
        "group": text(),
        "estimand": text(*ESTIMANDS),
        "countries": count(),
        "smallest_n": POSITIVE,
        "estimate": REAL,
        "set_low": SHARE,
        "set_high": SHARE,
        "ci_low": REAL,
        "ci_high": REAL,
        "prediction_low": REAL,
        "prediction_high": REAL,
        "tau2": POSITIVE,
        "tau2_low": POSITIVE,
        "tau2_high": POSITIVE,
        "i2": SHARE,
        "q": POSITIVE,
        "q_df": POSITIVE,
        "q_p": SHARE,
        "bounded": text(),
        "left_out": text(),
        "note": text(),
        **OF_KIND,
    },
    ORDERED,
    in_order("ci_low", "set_low", "set_high", "ci_high"),
)
LEAVE_ONE_OUT = table_contract(
    "pools without each country",
    {
        "indicator": text(),
        "without": text(),
        "smallest_n": POSITIVE,
        "estimate": REAL,
        "set_low": SHARE,
        "set_high": SHARE,
        "ci_low": REAL,
        "ci_high": REAL,
        "tau2": POSITIVE,
        "bounded": text(),
        "note": text(),
        **OF_KIND,
    },
    ORDERED,
    in_order("ci_low", "set_low", "set_high", "ci_high"),
)
STANDARDISED = table_contract(
    "standardised by country",
    {
        **BY_COUNTRY,
        "n": POSITIVE,
        "crude": REAL,
        "estimate": REAL,
        "se": POSITIVE,
        "df": POSITIVE,
        "ci_low": REAL,
        "ci_high": REAL,
        "shown": text(),
        "status": text(*STATUSES),
        "note": text(),
        **OF_KIND,
    },
    ORDERED,
)
DENOMINATOR_TABLE = table_contract(
    "denominators",
    {
        **BY_COUNTRY,
        "denominator": text(*DENOMINATORS),
        "n": POSITIVE,
        "estimate": SHARE,
        "se": POSITIVE,
        "ci_low": SHARE,
        "ci_high": SHARE,
        "rank_low": number(1, nullable=True),
        "rank_high": number(1, nullable=True),
        "children": POSITIVE,
        "children_low": POSITIVE,
        "children_high": POSITIVE,
        "population": POSITIVE,
        "population_year": POSITIVE,
        "population_source": text(),
        "internet_use_rate": SHARE,
        "internet_use_source": text(),
        "rate_uncertainty": text(*RATE_UNCERTAINTY),
        **OF_KIND,
        "rate_uncertainty_source": text(),
    },
    ORDERED,
    in_order("rank_low", "rank_high"),
)
TOTAL = table_contract(
    "total numbers of children",
    {
        "indicator": text(),
        "group": text(),
        "countries": count(),
        "children": POSITIVE,
        "set_low": POSITIVE,
        "set_high": POSITIVE,
        "children_low": POSITIVE,
        "children_high": POSITIVE,
        "added": text(),
        "bounded": text(),
        "left_out": text(),
        "note": text(),
        **OF_KIND,
    },
    in_order("children_low", "children", "children_high"),
    in_order("children_low", "set_low", "set_high", "children_high"),
)
COMPARABILITY = table_contract(
    "comparability ledger",
    {
        **BY_COUNTRY,
        "wave": text(),
        "definition": text(),
        "recall": text(),
        "age_range": text(),
        "mode": text(),
        "response_rate": text(),
        "coverage": text(),
        "fieldwork": text(),
        "comparable": text(*SETTLED),
        "reason": text(),
        "source": text(),
        **OF_KIND,
    },
)

RESTRICTED: dict[str, pa.DataFrameSchema] = {
    "prevalence": PREVALENCE,
    "pairwise": PAIRWISE,
    "against_region": AGAINST_REGION,
    "gaps": GAPS,
    "gap_pairs": GAP_PAIRS,
    "rank_sets": RANK_SETS,
    "pooled": POOLED,
    "leave_one_out": LEAVE_ONE_OUT,
    "standardised": STANDARDISED,
    "bounds": BOUNDS,
    "bound_pairs": BOUND_PAIRS,
    "silence_claims": SILENCE_CLAIMS,
    "silence_ranks": SILENCE_RANKS,
    "denominators": DENOMINATOR_TABLE,
    "total": TOTAL,
    "adjusted": ADJUSTED,
    "adjusted_countries": ADJUSTED_COUNTRIES,
    "comparability": COMPARABILITY,
}
PUBLIC: dict[str, pa.DataFrameSchema] = {
    "prevalence": public_form(PREVALENCE, whole=("n", "population"), per_cents=WHOLE),
    # With the P value as printed.
    "pairwise": table_contract(
        "public pairwise differences",
        {**_PAIR, **_LIMITS, **_RATIO, **_P_VALUES, "p_text": text(), **_VERDICT},
    ),
    "against_region": public_form(AGAINST_REGION, without=("se", "df")),
    "gaps": public_form(
        GAPS,
        without=("n_a", "n_b", "estimate_a", "estimate_b", "se", "df"),
        per_cents=POINTS,
    ),
    "gap_pairs": public_form(GAP_PAIRS, without=("n", "size", "se", "df")),
    "rank_sets": public_form(RANK_SETS),
    "pooled": public_form(
        POOLED,
        without=("smallest_n",),
        whole=("q_df",),
        per_cents=WHOLE | WHOLE_PREDICTION,
    ),
    "leave_one_out": public_form(LEAVE_ONE_OUT, without=("smallest_n",)),
    "standardised": public_form(STANDARDISED, without=("se", "df"), whole=("n",)),
    "bounds": public_form(BOUNDS, without=("n",)),
    "bound_pairs": public_form(BOUND_PAIRS),
    "silence_claims": public_form(SILENCE_CLAIMS, without=("n",)),
    "silence_ranks": public_form(SILENCE_RANKS, without=("smallest_n",)),
    "denominators": public_form(
        DENOMINATOR_TABLE,
        without=("n", "se"),
        whole=(
            *("rank_low", "rank_high", "children", *_CHILDREN_LIMITS),
            *("population", "population_year"),
        ),
        per_cents=WHOLE,
    ),
    "total": public_form(TOTAL, whole=("children", "set_low", "set_high", *_CHILDREN_LIMITS)),
    "adjusted": public_form(ADJUSTED),
    "adjusted_countries": public_form(ADJUSTED_COUNTRIES, without=("n", "log_ratio_se", "df")),
    "comparability": public_form(COMPARABILITY),
}
