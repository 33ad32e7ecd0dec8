"""Lines of R that compute numbers of the comparison again.

They read the answers of the countries that a number rests on (``KEN.csv``), and ``family.csv``: the
estimate or the gap of every country of the family with its standard error and degrees of freedom,
at full precision. R computes those of the countries whose answers are there, and puts them in the
place of what the file says. Ranks take the critical values of the run's random draws, as
another generator cannot repeat them; ``drawn`` are those of R's own, which differ by
:data:`DRAWN_WITHIN` at most. Limits for another country are of R's own draws alone.
"""

from collections.abc import Collection, Mapping, Sequence

from disrupting_harm.provenance.r_code import (
    answers,
    averages,
    changes,
    models,
    pairs,
    ranks,
    regions,
    shares,
)
from disrupting_harm.provenance.r_code.call import RCall
from disrupting_harm.provenance.r_code.pairs import CLAIM_OF_GAP, CLAIM_OF_PAIR, CLAIMS
from disrupting_harm.provenance.r_code.recompute import (
    MEANS,
    check_answers,
    check_interval,
    find_surveys,
    is_imputed,
    package_lines,
)
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.codebook.same_answers import find_domains_of_same_answers
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study

# All functions, below the folder of pages.
FUNCTIONS_FILE = "compare/functions.R"
# By how much critical values of R's 100,000 draws differ at most from those of the run's, and
# limits for another country from those of its 20,000: three times the usual difference.
DRAWN_WITHIN, PREDICTED_WITHIN = 0.01, 0.02
CALLS: dict[str, RCall] = {
    **pairs.CALLS, **averages.CALLS, **ranks.CALLS, **regions.CALLS, **shares.CALLS, **models.CALLS,
    **changes.CALLS,
}  # fmt: skip
# Tables with lines of their own.
COMPUTED = (*CALLS, CLAIMS)
FUNCTIONS: dict[str, str] = {
    **answers.FUNCTIONS, **pairs.FUNCTIONS, **averages.FUNCTIONS, **ranks.FUNCTIONS,
    **regions.FUNCTIONS, **shares.FUNCTIONS, **models.FUNCTIONS, **changes.FUNCTIONS,
    "show": answers.SHOW,
}  # fmt: skip
# In the place of those of the same name, for composites whose open answers are imputed.
IMPUTED_FUNCTIONS: dict[str, str] = {
    **answers.IMPUTED_FUNCTIONS, **shares.IMPUTED_FUNCTIONS, **changes.IMPUTED_FUNCTIONS,
}  # fmt: skip
# In lines that hold for all rows of a table: what stands in the row.
ANY_ROW = {
    name: name.upper()
    for name in (
        *("country", "country_a", "country_b", "level_a", "level_b", "level", "domain", "group"),
        *("estimand", "without", "method", "scope", "silence", "denominator", "term", "reference"),
    )
}


def compared_lines(table: str, row: Mapping[str, str], study: Study) -> str:
    """Return the lines of R that compute the numbers of a row again.

    Args:
        table: one of :data:`COMPUTED`.
        row: its indicator, countries and levels.

    Raises:
        StudyError: if R's package has not the rule of the study, or the answers of a country that
            the row names are not here.
    """
    check_answers(find_surveys(row, study), study)
    indicator = study.codebook.indicator(row["indicator"])
    check_limits(table, indicator, study)
    functions = functions_in_r(_find_calls(table, row), is_imputed(indicator))
    return settings_in_r(indicator, study) + functions + call_in_r(table, row, study)


def check_limits(table: str, indicator: Indicator, study: Study) -> None:
    """Check that these lines have the interval that numbers of a table take.

    Raises:
        StudyError: if it is another one than Korn and Graubard's.
    """
    if indicator.statistic == "proportion" and table in CALLS and CALLS[table].limits:
        check_interval(study.config.estimation)


def settings_in_r(indicator: Indicator, study: Study) -> str:
    """Return the lines with which those of an indicator begin: packages and what the study set.

    Raises:
        StudyError: if R's package has not the rule of the study.
    """
    estimation = study.config.estimation
    proportion = indicator.statistic == "proportion"
    lines = [
        *package_lines(estimation),
        f"alpha <- {study.config.comparison.alpha:g}; confidence <- {estimation.confidence:g}",
        f"upper <- {(1 + estimation.confidence) / 2:g}; "
        f"proportion <- {str(proportion).upper()}; MEAN <- {MEANS[indicator.statistic]}",
    ]
    return "".join(f"{line}\n" for line in lines)


def functions_in_r(calls: Sequence[RCall], imputed: bool) -> str:
    """Return the functions that some calls need, in the order of :data:`FUNCTIONS`.

    Args:
        calls: of one indicator.
        imputed: whether it is a composite whose open answers are imputed.
    """
    names = {"show", *(name for call in calls for name in call.needs)}
    functions = {**FUNCTIONS, **IMPUTED_FUNCTIONS} if imputed else FUNCTIONS
    imputed_share = [IMPUTED_FUNCTIONS["share"]] if imputed and names & {*IMPUTED_FUNCTIONS} else []
    return "".join([*imputed_share, *(functions[name] for name in FUNCTIONS if name in names)])


def format_function_file(tables: Collection[str]) -> str:
    """Return all functions, for a file that is read beside the lines of each row.

    Those that only tables need which are not among ``tables`` are left out.
    """
    needed_elsewhere = {
        name for table, call in CALLS.items() if table not in tables for name in call.needs
    }
    needed = {name for table, call in CALLS.items() if table in tables for name in call.needs}
    functions = [text for name, text in FUNCTIONS.items() if name not in needed_elsewhere - needed]
    return "".join(
        [
            "# Functions of the lines of R by which numbers of the comparison are computed again.\n"
            "# What stands on the page of an indicator comes first: it sets alpha and the rest.\n",
            *functions,
            "# Of composites whose open answers are imputed, in the place of those of the same "
            "name:\n",
            *IMPUTED_FUNCTIONS.values(),
        ]
    )


def call_in_r(table: str, row: Mapping[str, str], study: Study) -> str:
    """Return the lines that are a row's own, below :func:`functions_in_r`."""
    comparison = study.config.comparison
    standard = comparison.standard.shares if comparison.standard else {}
    same_domains = find_domains_of_same_answers(study.codebook, comparison.adjust_for)
    terms = [name for name in comparison.adjust_for if name not in same_domains[row["indicator"]]]
    surveys = find_surveys(row, study)
    values = {
        "survey_from": surveys[0] if surveys else "",
        "survey_to": surveys[-1] if surveys else "",
        "shares": ", ".join(f'"{level}" = {share:.15g}' for level, share in standard.items()),
        "terms": ", ".join(f'"{name}"' for name in terms),
    }
    return "\n".join(call.text.format(**row, **values) for call in _find_calls(table, row))


def _find_calls(table: str, row: Mapping[str, str]) -> list[RCall]:
    """Return the call of a row; of claims on silence, where none is named, both."""
    if table != CLAIMS:
        return [CALLS[table]]
    if row["domain"] == ANY_ROW["domain"]:
        return [CLAIM_OF_PAIR, CLAIM_OF_GAP]
    return [CLAIM_OF_PAIR if row["domain"] == TOTAL[0] else CLAIM_OF_GAP]
