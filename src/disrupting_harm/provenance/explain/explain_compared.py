"""How a number of the comparison was made: of which indicator it is, and by which formula.

The same for all rows of a table, so that the command ``explain`` says it of one number and the page
of an indicator once. Sources of the formulas stand in docs/methods.md.
"""

from collections.abc import Mapping

from disrupting_harm.provenance.explain.explain_survey import (
    Line,
    base_of,
    explain_questions,
    recall_period,
)
from disrupting_harm.study.study import Study

# V: variance of an estimate; p: estimate; f: the error rate of a family.
_DIFFERENCE = (
    "difference and its limits",
    "t interval with Satterthwaite's degrees of freedom, (Σ V)² / Σ (V² / df)",
)
_RATIO = (
    "ratio and its limits",
    "quotient of the two estimates, t interval on the scale of logarithms with variance Σ V / p²",
)
_TESTS = (
    "tests",
    "p_holm is adjusted by Holm's method over the family, and clear says whether it is at most "
    "{error} per cent; p_bh is adjusted by Benjamini and Hochberg's method",
)
_STEPS = (
    "error of the limits",
    "step_alpha, the error that the row was tested at: {error} per cent over the number of rows "
    "not yet clear at its step; limits leave out zero exactly where the row is clear",
)
_RATIO_LIMITS = (
    "where limits of a ratio would contradict the verdict",
    "ln r · limit / difference, with the limits of the difference",
)
_MODEL_TESTS = ("tests", "p_holm is adjusted by Holm's method over the family")
_TESTS_OF_NEEDS = (
    "tests",
    "p_holm is adjusted by Holm's method over the family, and clear says whether it is at most "
    "{error} per cent",
)
_MODEL = "modified Poisson model (log link, weights, variance by PSU within strata)"

TABLE_METHODS: dict[str, tuple[Line, ...]] = {
    "prevalence": (
        ("estimate", "as in the country's own table, of everyone; countries set apart have a row"),
    ),
    "pairwise": (
        ("difference", "estimate of country_a less that of country_b; variance V_a + V_b"),
        ("family", "all pairs of countries, of this indicator"),
        _DIFFERENCE, _RATIO, _TESTS, _STEPS, _RATIO_LIMITS,
    ),
    "against_region": (
        ("difference", "estimate of the country less the mean of its region's R countries, each "
         "counting the same, itself included; variance (1 − 1/R)² V_i + Σ V_j / R²"),
        ("limits", "recovered from the limits of each country's log-odds; the P value is the error "
         "at which they touch zero. Of means both take the variance"),
        ("family", "all countries of all regions, of this indicator"),
        _RATIO, _TESTS, _STEPS, _RATIO_LIMITS,
    ),
    "gaps": (
        ("difference", "estimate of level_a less that of level_b in the same country; variance "
         "V_a + V_b − 2 C, C their covariance, as both live in the same PSUs"),
        ("family", "this gap in all countries"),
        ("difference and its limits", "t interval; degrees of freedom: all PSUs less strata, of "
         "the strata in which somebody answered in either level"),
        ("ratio and its limits", "quotient of the two estimates, t interval on the scale of "
         "logarithms with variance V_a / a² + V_b / b² − 2 C / (a b)"),
        _TESTS, _STEPS, _RATIO_LIMITS,
    ),
    "gap_pairs": (
        ("difference", "the gap in country_a less that in country_b; variance the sum of both"),
        ("family", "this gap in all pairs of countries"),
        _DIFFERENCE, _TESTS, _STEPS,
    ),
    "rank_sets": (
        ("ranks", "from 1 and the number of countries clearly above, to that of all countries less "
         "those clearly below; rank 1 is the highest estimate"),
        ("clearly", "klein: intervals of single countries at level (1 − f)^(1/K) do not overlap; "
         "mogstad_single_step: the difference of log-odds exceeds the critical value of all pairs; "
         "mogstad_step_down: the same, again without hypotheses that were rejected; f is {error} "
         "per cent, K the number of countries"),
    ),
    "pooled": (
        ("population_weighted", "Σ N p / Σ N, N the number of persons of whom p speaks"),
        ("set_low, set_high", "a hidden country, named in bounded, counts with both ends of its "
         "printed bound, or with 0 and 1; limits of Imbens and Manski, which cover the average of "
         "all countries; of random effects all that values within the bound give"),
        ("equal_country", "Σ p / K, of K countries"),
        ("random_effects", "mean of log-odds weighted by 1 / (v + τ²), τ² by restricted maximum "
         "likelihood; limits of Hartung and Knapp as modified by Röver and others"),
        ("limits of the first two", "t intervals on the scale of log-odds"),
    ),
    "leave_one_out": (
        ("estimate", "the random-effects average of pooled.csv without the country"),
    ),
    "standardised": (
        ("estimate", "Σ w p over the levels of the standard, w their shares in it; variance w′Vw; "
         "crude is the estimate without it"),
        ("limits", "those of a proportion of n_eff answers, as the study's own intervals"),
    ),
    "bounds": (
        ("lower, upper", "r p and 1 − r (1 − p): every missing answer a no, or a yes; r is the "
         "share of valid answers"),
        ("limits", "those of Imbens and Manski: they cover the proportion, not both bounds"),
    ),
    "bound_pairs": (
        ("survives", "the two differ by Holm's method, and their limits of bounds.csv lie apart"),
        ("bounds_ordered", "whether the bounds lie apart, sampling error left aside"),
    ),
    "silence_claims": (
        ("order_turns", "1 − p_lower / p_higher: the share of silence in the lower of the two"),
        ("claim_goes", "1 − exp(−L), L the limit of the logarithm of their ratio nearer to zero; "
         "rounded down"),
    ),
    "silence_ranks": (
        ("ranks", "those that hold whatever share is silent in each country, from none to silence: "
         "log p_i − log p_j + log (1 − silence) over its standard error, by Holm's method over all "
         "ordered pairs"),
        ("highest_until, lowest_until", "the largest share with which the country may be alone"),
    ),
    "denominators": (
        ("internet_using_children", "p, as estimated"),
        ("all_children", "p r, r the internet-use rate: a child who does not use it counts as no"),
        ("children", "p r times the number of children, which is taken as exact"),
        ("limits", "distances of the limits of p and of r from them, on the scale of logarithms, "
         "by the root of their sum of squares"),
    ),
    "total": (
        ("children", "Σ N r p of the countries added, each with the number of its children, which "
         "is taken as exact, and its internet-use rate; rounded once, after it was added up"),
        ("limits", "by Zou and Donner's method: the root of the sum of squares of the distances of "
         "the countries' own limits from their numbers"),
        ("set_low, set_high", "a hidden country, named in bounded, counts with both ends of its "
         "printed bound; limits add how far its rate could be off"),
    ),
    "adjusted": (
        ("ratio", f"of the level to the reference within the country, from one {_MODEL} of all "
         "terms; crude_ratio has this term alone, of the same persons"),
        ("margin_ratio", "ratio of predictive margins of a logistic model with the same terms"),
        ("family", "all ratios of the indicator"), _MODEL_TESTS, _STEPS,
    ),
    "adjusted_countries": (
        ("ratio", "of the country to the geometric mean of all, from one "
         f"{_MODEL} of the persons of all countries, each with the same sum of weights"),
        ("family", "all countries, of this indicator"), _MODEL_TESTS, _STEPS,
    ),
    "associations": (
        ("ratio", "odds ratio of the outcome between those with and without the characteristic: in "
         "each country the slope of a logistic model with the sample design, adjusted for "
         "comparison.adjust_for; then a random-effects average of the slopes (REML)"),
        ("countries", "those whose two shares are shown and comparable, with at least 50 persons, "
         "5 of the rarer answer per coefficient and 10 in each group"),
        ("family", "all characteristics of this outcome"), _MODEL_TESTS, _STEPS,
        ("prediction_low, prediction_high", "of another country, with the error of the same step"),
    ),
    "needs": (
        ("of", "an action that the study's file of recommendations names"),
        ("gap", "s times the printed share less the mean of the printed shares of the other "
         "comparable countries, s = 1 where a high share is bad and −1 where a low one is; a "
         "hidden share stands where its printed bound makes the gap smallest"),
        ("errors", "half the width of each printed interval over its normal quantile; countries "
         "are independent"),
        ("limits", "recovered from limits of the log-odds of each share; the P value is the error "
         "at which they touch zero"),
        ("family", "all actions of the survey in all comparable countries"),
        _TESTS_OF_NEEDS, _STEPS,
        ("in_place", "of a review: how many of those other countries have it of which it says so"),
    ),
    "comparability": (
        ("comparable", "no where definition, recall period or ages differ from what most countries "
         "have, or where the study's own file of judgements says so, with a reason"),
    ),
}  # fmt: skip


def explain_indicator(name: str, study: Study) -> list[Line]:
    """Return what is compared: the indicator, of whom it is, its questions and who was asked."""
    indicator = study.codebook.indicator(name)
    base_and_recall = f"{base_of(indicator, study)}; {recall_period(indicator)}"
    return [
        ("indicator", f"{indicator.label}, of {base_and_recall}"),
        *explain_questions(indicator, study.codebook),
    ]


def explain_compared_table(table: str, study: Study) -> list[Line]:
    """Return how the numbers of a table of the comparison were made, with the study's settings."""
    rules = study.config.comparison
    values = {
        "error": f"{100 * rules.alpha:g}",
        "level": f"{100 * (1 - rules.alpha):g}",
        "draws": f"{rules.draws:,}",
    }
    return [(name, text.format_map(values)) for name, text in TABLE_METHODS[table]]


def explain_compared_row(table: str, row: Mapping[str, str], study: Study) -> list[Line]:
    """Return what is said of a number of the comparison beside its row."""
    # What countries need is of an action, and may rest on no indicator.
    of_indicator = explain_indicator(row["indicator"], study) if "indicator" in row else ()
    return [
        *of_indicator,
        *explain_compared_table(table, study),
        *explain_printing(study),
    ]


def explain_printing(study: Study) -> list[Line]:
    """Return when a number of the comparison is printed, and how it is rounded."""
    least = study.config.publication.rounding.one_decimal_from
    return [
        (
            "rounding",
            "shares, differences of shares and their limits: three decimals, or two where a "
            f"sample behind them has fewer than {least} answers; of means: as the largest of "
            "them; ratios: two, or one there, and three significant digits at most; P values: "
            "three",
        ),
        (
            "disclosure",
            "compared is what is printed of each country or group, nothing hidden; in averages "
            "and sums a bound stands for a hidden country",
        ),
    ]
