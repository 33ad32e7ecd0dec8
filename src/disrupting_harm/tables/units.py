"""Units of the numbers of public tables, by column."""

from collections.abc import Mapping

from disrupting_harm.study.whole_percents import POINTS, WHOLE, WHOLE_PREDICTION

SHARE, PER_CENT, RANK = "share, from 0 to 1", "per cent", "rank; 1 is the first"
_POINTS = "difference of two shares, from -1 to 1"
_P = "probability, from 0 to 1"
_MODEL = "on the scale of the model: log-odds of a share"
_YEARS = "calendar year"
# Where a column is of an indicator: its unit is that of the indicator.
_ESTIMATES = (
    *("estimate", "ci_low", "ci_high", "bound_low", "bound_high", "crude", "lower", "upper"),
    *(
        "set_low",
        "set_high",
        "regional_mean",
        "estimate_from",
        "estimate_to",
        "prediction_low",
        "prediction_high",
    ),
)
_DIFFERENCES = ("difference", "fixed_difference", "fixed_low", "fixed_high")
_LIMITS = ("ci_low", "ci_high")
# Tables of differences and of ratios: their limits have the unit of what they are limits of.
OF_DIFFERENCES = ("pairwise", "against_region", "gaps", "gap_pairs", "changes")
OF_RATIOS = ("adjusted", "adjusted_countries")
_RATIO = "ratio, without a unit"
_BY_TABLE: dict[str, Mapping[str, str]] = {
    "justice": {"interviews": "interviews", "mentioned": "interviews"},
    "several_sources": {"figure": "as the fact says"},
    "triangulation": {
        "amount": "as the column unit says", "figure": "as the column unit says",
        "ci_low": PER_CENT, "ci_high": PER_CENT,
    },
    "transparency": {"amount": "as the metric says"},
    "dyads": {"n": "pairs of a child and a caregiver", "estimate": "share, of kappa a coefficient",
              "ci_low": "as the estimate", "ci_high": "as the estimate"},
    "denominators": {"population": "children", "children": "children"},
    "total": {"set_low": "children", "set_high": "children"},
    "frontline": {"n": "respondents", "count": "respondents"},
}  # fmt: skip
UNITS: dict[str, str] = {
    **dict.fromkeys((*WHOLE.values(), *WHOLE_PREDICTION.values()), PER_CENT),
    **dict.fromkeys(POINTS.values(), "percentage points"),
    "n": "persons", "n_from": "persons", "n_to": "persons", "other_ages": "persons",
    "population": "persons, as a sum of weights", "children": "children",
    "children_low": "children", "children_high": "children",
    "countries": "countries", "agencies": "agencies", "waves": "surveys", "wave": "round",
    "ratio": _RATIO, "ratio_low": _RATIO, "ratio_high": _RATIO, "ratio_median": _RATIO,
    "crude_ratio": _RATIO, "margin_ratio": _RATIO,
    "step_alpha": _P,
    "p_value": _P, "p_holm": _P, "p_bh": _P, "p_text": _P, "q_p": _P, "any_change_p": _P,
    "alpha_share": SHARE, "linear_p": _P, "quadratic_p": _P,
    "rank_low": RANK, "rank_high": RANK, "weighted_rank": RANK,
    "tau2": _MODEL, "tau2_low": _MODEL, "tau2_high": _MODEL, "q": _MODEL, "q_df": "degrees",
    "i2": SHARE, "valid_share": SHARE, "silence": SHARE, "claim_goes": SHARE, "order_turns": SHARE,
    "highest_until": SHARE, "lowest_until": SHARE, "internet_use_rate": SHARE,
    "response_rate": SHARE, "share_in_place": SHARE, "weight": SHARE, "gap": SHARE,
    "detectable_fall": SHARE, "detectable_rise": SHARE,
    "year": _YEARS, "first_year": _YEARS, "last_year": _YEARS, "population_year": _YEARS,
    "year_from": _YEARS, "year_to": _YEARS, "wave_year": _YEARS, "month": "month of the year",
    "wave_from": "round", "wave_to": "round",
    "changes": "pairs of years", "reports": "reports", "contacts": "contacts",
    "offences": "units of the counting rule", "offence_codes": "offence codes",
    "codes_without_number": "offence codes", "rate_per_1000_children": "per 1,000 children",
    "change_percent": PER_CENT, "share_percent": PER_CENT, "share_world_percent": PER_CENT,
    "hhi": "index, from 0 to 1", "hhi_high": "index, from 0 to 1",
    "index_value": "index, from 0 to 100", "score": "score, from 0 to 3",
    "score_mean": "score, from 0 to 3",
    **dict.fromkeys(
        ("items_asked", "items_total", "items_absent", "items", "in_place", "partly",
         "not_in_place", "not_known", "not_applicable", "without_answer"), "items"
    ),
}  # fmt: skip


def unit_of(table: str, column: str, statistic: str = "") -> str:
    """Return the unit of the numbers of a column; "" where nobody said it.

    Args:
        table: name of the public table, without its folder.
        column: of it.
        statistic: of the row's indicator, where it has one.
    """
    own = _BY_TABLE.get(table, {})
    if column in own:
        return own[column]
    if column in _DIFFERENCES or (table in OF_DIFFERENCES and column in _LIMITS):
        return _POINTS if _is_share(statistic) else _answers(statistic)
    if table in OF_RATIOS and column in _LIMITS:
        return _RATIO
    if column in _ESTIMATES or column in _LIMITS:
        return SHARE if _is_share(statistic) else _answers(statistic)
    if column == "shown" or column.startswith("shown_"):
        return PER_CENT if _is_share(statistic) else _answers(statistic)
    return UNITS.get(column, "")


def _is_share(statistic: str) -> bool:
    return statistic in ("", "proportion")


def _answers(statistic: str) -> str:
    return f"the answer's own, as its {statistic}"
