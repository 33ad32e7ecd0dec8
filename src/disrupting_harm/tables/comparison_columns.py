"""Meanings of the columns of the public tables of the comparison."""

from disrupting_harm.tables.survey_columns import COLUMNS

DENOMINATORS = "denominators"
COMPARISON_COLUMNS: dict[str, tuple[str, str]] = {
    "above": ("string", "a or b: which of the two the claim puts above the other."),
    "added": ("string", "Countries whose numbers are added up."),
    "age_range": ("string", "Ages of the persons asked."),
    "bounded": (
        "string",
        "Countries whose estimate is hidden, and which count with the bound that is printed.",
    ),
    "bounds_ordered": ("boolean", "Whether the bounds lie apart, sampling error left aside."),
    "children": ("integer", "Children aged 12-17 of whom the indicator is true, rounded."),
    "children_high": ("integer", "Upper confidence limit of the number of children, rounded."),
    "children_low": ("integer", "Lower confidence limit of the number of children, rounded."),
    "comparable": ("string", "yes or no: whether the country is compared on the indicator."),
    "countries": ("integer", "Countries compared or averaged."),
    "claim_goes": (
        "number",
        "Share of those in the lower of the two to whom it happened who would have had to keep "
        "silent, and none in the higher one, for the difference to be no longer certain; rounded "
        "down.",
    ),
    "coverage": ("string", "Share of the population in the sampling frame, or not available."),
    "crude": ("number", "Weighted estimate before standardisation, rounded."),
    "crude_ratio": ("number", "Ratio from the model without the other terms, rounded."),
    "definition": ("string", "What the indicator measures in this country."),
    "denominator": ("string", "internet_using_children or all_children: of whom it is a share."),
    "estimand": (
        "string",
        "population_weighted, equal_country or random_effects: what is averaged.",
    ),
    "fieldwork": ("string", "When the survey was made, or not available."),
    "group": ("string", "all, or a region."),
    "higher": ("string", "Country that is higher even in the worst case; empty if neither is."),
    "highest_until": (
        "number",
        "Largest share of silence, in any country, with which the country alone may be highest, "
        "rounded down; empty for a country that is not alone even without silence.",
    ),
    "i2": ("number", "Share of the variance that is between countries."),
    "internet_use_source": ("string", "Source of the internet-use rate."),
    "left_out": ("string", "Countries left out of the average or the sum, with the reason."),
    "level_a": ("string", "Level from which level_b is subtracted."),
    "level_b": ("string", "Level that is subtracted."),
    "lowest_until": (
        "number",
        "Largest share of silence with which the country alone may be lowest, as highest_until.",
    ),
    "lower": ("number", "Estimate if nobody without a valid answer would have said yes."),
    "margin_ratio": ("number", "Ratio of predictive margins of a logistic model, rounded."),
    "may_be_highest": ("boolean", "Whether rank 1 is in the country's rank set."),
    "may_be_lowest": ("boolean", "Whether the last rank is in the country's rank set."),
    "method": ("string", "Method of the rank sets."),
    "mode": ("string", "How the survey was made."),
    "note": ("string", "What a reader of this row has to know."),
    "order_turns": (
        "number",
        "The same share from which the order of the two would turn, rounded.",
    ),
    "p_bh": (
        "number",
        "P value adjusted by Benjamini and Hochberg's method, rounded to thousandths.",
    ),
    "population_source": ("string", "Source of the number of children."),
    "population_year": ("integer", "Year of the number of children."),
    "points": (
        "integer",
        "The difference in whole percentage points, rounded once from its exact value. Empty for "
        "what is no proportion.",
    ),
    "points_high": (
        "integer",
        "Upper limit in whole points: outwards, and where it is clear to the nearest but 0.",
    ),
    "points_low": ("integer", "Lower limit in whole points, as points_high."),
    "prediction_high": ("number", "Upper limit of what a similar country may have."),
    "prediction_low": ("number", "Lower limit of what a similar country may have."),
    "q": ("number", "Cochran's Q on the scale of the model."),
    "q_df": ("integer", "Degrees of freedom of Q."),
    "q_p": ("number", "P value of Q."),
    "rank_high": ("integer", "Last rank in the set; rank 1 is the largest estimate."),
    "rank_low": ("integer", "First rank in the set; rank 1 is the largest estimate."),
    "rate_uncertainty": (
        "string",
        "Error of the internet-use rate: estimated, invented for an example, taken as "
        "exact or not available.",
    ),
    "rate_uncertainty_source": ("string", "Source of that error; empty where there is none."),
    "ratio": ("number", "Ratio of the two estimates, or adjusted prevalence ratio, rounded."),
    "ratio_high": ("number", "Upper confidence limit of the ratio, rounded."),
    "ratio_low": ("number", "Lower confidence limit of the ratio, rounded."),
    "reason": ("string", "Why: of a ledger's verdict, or of an ordering that does not survive."),
    "recall": ("string", "Reference period of the question."),
    "reference": ("string", "Level to which the ratio compares."),
    "regional_mean": ("number", "Mean of the region's countries, each counting the same, rounded."),
    "response_rate": ("string", "AAPOR response rate 1, or not available."),
    "row": ("string", "Whether the row is a country or an average of them."),
    "scope": ("string", "marginal: of one country alone; simultaneous: of all at once."),
    "set_high": (
        "number",
        "Upper end of the average where countries count with their bounds, rounded.",
    ),
    "set_low": (
        "number",
        "Lower end of the average where countries count with their bounds, rounded.",
    ),
    "silence": (
        "number",
        "Largest share of those to whom it happened who kept silent, in any country; an "
        "assumption, not an estimate.",
    ),
    "step_alpha": (
        "number",
        "Error of the row's interval: the share of alpha that Holm's method tested it at, rounded.",
    ),
    "survives": ("boolean", "Whether the order stands whatever the missing answers would be."),
    "tau2": ("number", "Variance between countries on the scale of the model."),
    "tau2_high": ("number", "Upper confidence limit of tau2."),
    "tau2_low": ("number", "Lower confidence limit of tau2."),
    "term": ("string", "Domain in the model."),
    "upper": ("number", "Estimate if everybody without a valid answer would have said yes."),
    "valid_ci_high": ("number", "Upper confidence limit of the estimate among valid answers."),
    "valid_ci_low": ("number", "Lower confidence limit of the estimate among valid answers."),
    "valid_share": ("number", "Weighted share of those asked who gave a valid answer."),
    "wave": ("string", "Round of the study."),
    "whole_prediction_high": ("integer", "prediction_high in whole per cents, as whole."),
    "whole_prediction_low": ("integer", "prediction_low in whole per cents, as whole."),
    "without": ("string", "Country left out."),
}

# What a name means in one table alone.
_ADJUSTED = ("number", "Adjusted prevalence ratio, rounded.")
TABLE_COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "denominators": {
        "population": ("integer", "Children of whom the estimate is a share, rounded.")
    },
    "against_region": {
        "difference": ("number", "Estimate of the country minus the mean of its region, rounded."),
        "ratio": ("number", "Ratio of the country's estimate to the mean of its region, rounded."),
    },
    "gaps": {
        "difference": ("number", "Estimate of level_a minus estimate of level_b, rounded."),
        "ratio": ("number", "Ratio of the estimate of level_a to that of level_b, rounded."),
    },
    "gap_pairs": {
        "difference": ("number", "The gap in country_a minus the gap in country_b, rounded."),
    },
    "total": {
        "children": ("integer", "Children aged 12-17 of these countries together, rounded once."),
        "set_low": ("integer", "Lower end of their number with countries' bounds, rounded."),
        "set_high": ("integer", "Upper end of their number with countries' bounds, rounded."),
    },
    "adjusted": {"ratio": _ADJUSTED},
    "adjusted_countries": {"ratio": _ADJUSTED},
}


def kind_of(path: str, column: str) -> str:
    """Return the kind of a column's values in a table of the comparison, or of a figure of it.

    What is not described has none: the data package refuses it.

    Args:
        path: of the table below the public folder.
        column: its name.
    """
    own = path.rpartition("/")[2].removesuffix(".csv")
    meanings = COLUMNS | COMPARISON_COLUMNS | TABLE_COLUMNS.get(own, {})
    if DENOMINATORS in path:
        meanings |= TABLE_COLUMNS[DENOMINATORS]
    return meanings[column][0] if column in meanings else ""
