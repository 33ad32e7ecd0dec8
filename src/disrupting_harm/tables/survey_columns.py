"""What columns of tables of the survey mean, and the kind of their values."""

COLUMNS: dict[str, tuple[str, str]] = {
    "country": ("string", "ISO 3166-1 alpha-3 code, or the code of a region."),
    "country_a": ("string", "First country of a pair."),
    "country_b": ("string", "Second country of a pair."),
    "indicator": (
        "string",
        "Indicator, as defined in the codebook; 'indicators' of this file has its title and codes.",
    ),
    "domain": ("string", "How the population is split."),
    "label": ("string", "The row's label in the figure, in the figure's language."),
    "address": (
        "string",
        "Address of the row in the public table that it comes from; with '/' and a column it is "
        "that of a number. Rows without a number have one, too.",
    ),
    "level": ("string", "Group within the domain."),
    "n": (
        "integer",
        "Interviewed persons with a valid answer, unweighted; of sensitive indicators the most of "
        "all that were put to the same persons.",
    ),
    "n_a": ("integer", "Valid answers in the first country, unweighted."),
    "n_b": ("integer", "Valid answers in the second country, unweighted."),
    "population": (
        "number",
        "Sum of the weights of the valid answers, rounded: the persons for whom those who answered "
        "stand. It is no census figure, and smaller than the population of the survey wherever "
        "somebody gave no answer or was not asked. Of sensitive indicators it is the most of all "
        "that were put to the same persons.",
    ),
    "estimate": ("number", "Weighted estimate; a proportion from 0 to 1, rounded as printed."),
    "ci_low": ("number", "Lower confidence limit, rounded as printed."),
    "ci_high": ("number", "Upper confidence limit, rounded as printed."),
    "whole": (
        "integer",
        "The exact value in whole per cents, as documents print it: where 20.5 is published, 20 or "
        "21. Empty for what is no proportion.",
    ),
    "whole_low": ("integer", "Lower confidence limit in whole per cents, as whole."),
    "whole_high": ("integer", "Upper confidence limit in whole per cents, as whole."),
    "interval": ("string", "Method of the confidence interval."),
    "shown": (
        "string",
        "The estimate as printed, in per cent for proportions; where there is none, what stands in "
        "its place.",
    ),
    "bound_low": (
        "number",
        "Where a bound is printed in place of the estimate: the share that the estimate is not "
        "below, 0 to 1. The bound follows from how many persons answered, not from what "
        "they said.",
    ),
    "bound_high": ("number", "The share that it is not above."),
    "status": (
        "string",
        "present, caution or review: shown. suppress_reliability: too uncertain. "
        "suppress_disclosure: hidden, or a bound in its place, to protect respondents. not_asked: "
        "the survey did not ask, nothing is hidden. A level in which nobody was interviewed has no "
        "row.",
    ),
    "reason": (
        "string",
        "Codes of the reasons for the status. retracted: the number was wrong, and a new one would "
        "tell what few persons answered.",
    ),
    "question": ("string", "A choice item, or the name that the items of one question share."),
    "option": (
        "string",
        "Indicator that counts one answer of a question; other_answers are those that none counts.",
    ),
    "may_be_first": (
        "boolean",
        "Whether no other answer is known to be given more often: by the tests of shown numbers, "
        "and of hidden ones by what is printed of them. One option alone is the most often named.",
    ),
    "child": ("string", "Indicator of what the child said."),
    "caregiver": ("string", "Indicator of what the caregiver of the child said."),
    "measure": (
        "string",
        "caregiver_if_child: share of caregivers who say yes among children who do. agree: share "
        "of pairs in which both said the same. kappa: agreement beyond chance.",
    ),
    "warning": (
        "string",
        "few_pairs: kappa rests on fewer than 20 pairs in which both say yes. too_few_pairs: on "
        "fewer than 10, and has no interval. undefined: nothing to divide by.",
    ),
    "old": ("string", "Address of a row that an accepted release had, and this one has not."),
    "new": ("string", "Address of the row that took its place; empty: none did."),
    "why": ("string", "The reason, as the study's configuration gives it."),
    "release": (
        "string",
        "Last accepted release that printed the row.",
    ),
    "difference": ("number", "Estimate of country_a minus estimate of country_b, rounded."),
    "p_value": (
        "number",
        "P value of no difference, unadjusted, rounded to thousandths: 0.0 is below 0.0005.",
    ),
    "p_holm": (
        "number",
        "P value adjusted by Holm's method over the family, rounded to thousandths: 0.0 is below "
        "0.0005.",
    ),
    "p_text": ("string", "P value adjusted by Holm's method as printed: the smallest is <0.001."),
    "clear": (
        "boolean",
        "The verdict: the adjusted P value is at most the error rate of the family. So it is "
        "exactly where the interval leaves out zero, and that of the ratio 1.",
    ),
    "data_kind": ("string", "simulated, observed or published."),
    "series": ("string", "Series of composite indicators; different series never mix."),
    "region": ("string", "Region of the country."),
    "children": ("integer", "Children aged 12-17."),
    "internet_use_rate": ("number", "Share of children aged 12-17 who use the internet."),
}
