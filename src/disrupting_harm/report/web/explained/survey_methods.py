"""What all estimates of a survey have in common: who took part, weights, formulas and rules."""

from collections.abc import Collection, Mapping, Sequence
from inspect import getdoc
from typing import Any

from designbased.intervals.limits import INTERVALS
from disrupting_harm.provenance.explain.explain_survey import (
    DEGREES,
    HIDDEN_REASONS,
    PASSED,
    Line,
    describe_interval,
    describe_rounding,
    describe_variance,
    describe_weighting_steps,
    explain_sample,
)
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.language.reasons import translate_reasons
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.web.explained.indicator_sections import (
    SHORT,
    USUAL,
    Cells,
    collect_reason_codes,
    format_group_name,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.configuration.publication_config import Disclosure
from disrupting_harm.study.statuses import is_total
from disrupting_harm.study.study import Study

# How a number of each statistic comes about, in words.
NUMBER_STEPS = {
    "proportion": "The weights of those who count, divided by those of all who answered.",
    "mean": "Each answer times its weight, added up and divided by the weights of all who "
    "answered. Rounded once.",
    "total": "Each answer times its weight, added up. Rounded once.",
}

_BY_PLACE = "People of one place answer alike: places are compared."
_EACH_ALONE = (
    "The data do not tell who was selected together: the interval holds only as if each person had "
    "been selected alone."
)


def describe_steps(
    study: Study, quality: Mapping[str, Any], rows: Sequence[Cells]
) -> list[tuple[str, str, str]]:
    """Return the steps from interviews to a number that many numbers share, in words.

    Args:
        quality: what is published on the survey's data (``quality.json``).
        rows: of its table of estimates.

    Returns:
        Title and text, each with the statistic that it is of; "" where it is of all.
    """
    undescribed = quality.get("undescribed", ())
    each_alone = "psu" in undescribed
    interviewed, population = f"{quality['interviewed']:,}", study.config.study.population
    took_part = (
        f"Of {quality['drawn']:,} {population} drawn, {interviewed} took part"
        if quality["response_rates"]
        else f"{interviewed} {population} took part"
    )
    took_part += "" if each_alone else f", in {quality['psus']:,} places"
    weights = "; ".join(describe_weighting_steps(study, undescribed=undescribed))
    statistics = study.codebook.statistics
    methods: dict[str, set[str]] = {statistic: set() for statistic in NUMBER_STEPS}
    for row in rows:
        methods[statistics[row["indicator"]]].update(filter(None, [row["interval"]]))
    of_statistics = {statistic: names for statistic, names in methods.items() if names}
    return [
        ("Who took part", f"{took_part}.", ""),
        ("Weights", f"Each stands for many: {weights}.", ""),
        *(("Number", NUMBER_STEPS[statistic], statistic) for statistic in of_statistics),
        *(
            (
                "The interval",
                f"{_EACH_ALONE if each_alone else _BY_PLACE} Method: "
                f"{_name_methods(names)}, {100 * study.config.estimation.confidence:g}%.",
                statistic,
            )
            for statistic, names in of_statistics.items()
        ),
    ]


def _name_methods(names: Collection[str]) -> str:
    """Return the plain names of intervals, as sentences below figures have them."""
    phrases = {name: method.phrase for name, method in INTERVALS.items() if method.phrase}
    return " or ".join(
        phrases.get(name, LABELS.get(name, name)).removesuffix(" method") for name in sorted(names)
    )


def _list_groups(rows: Sequence[Cells], study: Study) -> str:
    """Return the domains of a table, each with its groups, in the order of the table."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if not is_total(row):
            groups.setdefault(row["domain"], {})[format_group_name(row, study)] = None
    labels = {domain.id: domain.label for domain in study.codebook.domains}
    return "; ".join(f"{labels[domain]}: {', '.join(names)}" for domain, names in groups.items())


# w: weight; y: the answer, of a share 1 for yes and 0 for no.
POINT = {
    "proportion": "p = Σ w y / Σ w over those of the group who answered; y is 1 for yes, 0 for no",
    "mean": "p = Σ w y / Σ w over those of the group who answered; y is the answer",
    "total": "p = Σ w y over those of the group who answered; y is the answer",
}
IMPUTED = (
    "p = Σ w v / Σ w over those of the group who were asked any part; v is 1 for a yes to any "
    "part, 0 for a no to all, and for those with open parts and no yes the weighted share of yes "
    "to these parts among those who answered all and have no yes in the others"
)
VARIANCE = (
    "V = Σ over strata of (1 − f) m / (m − 1) Σ over PSUs of (z − z̄)²; z is a PSU's sum of "
    "w (y − p) / Σ w (of a total: of w y) in the group, 0 where nobody of the group is, z̄ the "
    "mean of z in the stratum, m its PSUs, f the part of all PSUs that was drawn, where it is "
    "known, else 0"
)
_ONE_PSU = {
    "fail": "a stratum with one PSU ends the run",
    "collapse": "a stratum with one PSU is joined with a neighbour",
    "centre": "a stratum with one PSU takes its deviation from the mean of all PSUs",
    "average": "a stratum with one PSU counts as the mean of the others",
    "certainty": "a stratum with one PSU adds nothing",
    "remove": "a stratum with one PSU adds nothing",
}
_T = "p ± t √V; t is that of the degrees of freedom"
_EFFECTIVE = "n* = min(n, p (1 − p) / V · (t of n − 1 / t of the degrees of freedom)²)"
# By interval; limits in the order low, high. docs/methods.md has their sources.
LIMITS = {
    "korn_graubard": f"{_EFFECTIVE}; the limits of Clopper and Pearson for n* answers, p n* of "
    "them yes; where p is 0 or 1 for n answers",
    "korn_graubard_stabilised": "as korn_graubard, with a design effect that is averaged with the "
    "one that weights and PSUs make likely, and never smaller than its own",
    "beta": "as korn_graubard, but n* may be larger than n",
    "logit": "the limits of logit p ± t √V / (p (1 − p)), turned back into shares",
    "modified_wilson": "the limits of Wilson for p (1 − p) / V answers, corrected once for the "
    "degrees of freedom",
    "arcsine": "sin²(arcsin √p ± t / (2 √(p (1 − p) / V)))",
    "likelihood": "all shares that a likelihood ratio for p (1 − p) / V answers does not refuse",
    "wald_t": _T,
    "log_t": "exp(log p ± t √V / p)",
}


def describe_common_methods(
    study: Study, quality: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> list[Line]:
    """Return what is the same for all estimates of a survey.

    Args:
        quality: what is published on the country's data (``quality.json``).
        rows: of its table of estimates.
    """
    config = study.config
    return [
        *explain_sample(quality),
        *([("groups", groups)] if (groups := _list_groups(rows, study)) else []),
        (
            "weights",
            "; ".join(
                describe_weighting_steps(study, undescribed=quality.get("undescribed", ()))
            ),
        ),
        *_describe_formulas(study.codebook, config, {row["indicator"] for row in rows}),
        *_describe_limits(config, {row["interval"] for row in rows if row["estimate"]}),
        ("degrees of freedom", f"{DEGREES.partition(': ')[2]}; at most "
         f"{quality['psus'] - quality['strata']}"),
        ("counts", "yes to the question, where it names no other answers"),
        ("missing answers", f"{USUAL}, where an indicator says nothing else"),
        ("answers (n)", "answers that count, not weighted; of a sensitive question the most of all "
         "that were put to the same respondents, so that it tells of none who gave no answer, "
         "and groups may add up to a few more than all"),
        *_describe_publication_rules(config, rows),
    ]  # fmt: skip


def _describe_formulas(
    codebook: Codebook, config: Configuration, indicator_ids: Collection[str]
) -> list[Line]:
    estimation = config.estimation
    published = [indicator for indicator in codebook.indicators if indicator.id in indicator_ids]
    imputed = {
        indicator.id
        for indicator in published
        if indicator.any_of and indicator.partly_missing == "imputed"
    }
    formula_lines = []
    for statistic in POINT:
        indicators_of_statistic = [
            indicator for indicator in published if indicator.statistic == statistic
        ]
        if any(indicator.id not in imputed for indicator in indicators_of_statistic):
            formula_lines.append((f"weighted {statistic}", POINT[statistic]))
    if imputed:
        formula_lines.append(("weighted proportion of a composite", IMPUTED))
    formula_lines.append(("variance", describe_variance(estimation).partition(" ")[2]))
    formula_lines.append(("", f"{VARIANCE}; {_ONE_PSU[estimation.lonely_psu]}"))
    if imputed:
        formula_lines.append(("", "of a composite z has the error of the imputed shares, too"))
    formula_lines += [
        ("rounding", f"{statistic}: {describe_rounding(statistic, config.publication)}")
        for statistic in POINT
        if any(indicator.statistic == statistic for indicator in published)
    ]
    return formula_lines


def _describe_limits(config: Configuration, methods: Collection[str]) -> list[Line]:
    return [
        (
            "interval",
            f"{describe_interval(method, config.estimation)}: {_find_limit_formula(method)}",
        )
        for method in sorted(filter(None, methods))
    ]


def _find_limit_formula(method: str) -> str:
    """Return the formula of limits; for the study's own intervals the head of their docstring."""
    if method in LIMITS:
        return LIMITS[method]
    formula = (getdoc(INTERVALS[method].function) or "").partition("\n")[0].rstrip(".")
    return formula or f"by the function {method}"


def _describe_publication_rules(
    config: Configuration, rows: Sequence[Mapping[str, str]]
) -> list[Line]:
    """Return what decides whether a number is printed, and what the words of rows mean."""
    policy, disclosure = POLICIES[config.publication.reliability], config.publication.disclosure
    translator = build_english(config.study.areas, config.study.respondents).with_markup(MARKDOWN)
    statuses = {row["status"] for row in rows}
    return [
        ("reliability", f"{policy.title}. {policy.source} A number without a remark meets it."),
        *(("", f"({number}) {code}: {translate_reasons(translator, code)}")
          for number, code in enumerate(collect_reason_codes(rows), start=1)),
        ("disclosure", f"A printed number {PASSED}. {_describe_thresholds(disclosure)}"),
        *(
            (f"“{word}”", HIDDEN_REASONS[status])
            for status, word in SHORT.items()
            if status in statuses
        ),
        ("", "Of a hidden number no more than that is told: not whether few said so, nor "
         "whether it could be worked out from other cells."),
    ]  # fmt: skip


def _describe_thresholds(disclosure: Disclosure) -> str:
    min_count, min_count_sensitive = disclosure.min_count, disclosure.min_count_sensitive
    sentence = f"Too few are fewer than {min_count} who said yes, who did not, or who answered"
    if min_count_sensitive != min_count:
        sentence += f"; of sensitive questions, in groups, fewer than {min_count_sensitive}"
    bounds = {
        "plain": "",
        "ranges": " A bound in place of a number holds for all of the group (97.5 per cent sure). "
        "Where few said yes it follows from how many answered and how they were drawn, not from "
        "what they said.",
        "coded": " A bound stands wherever the estimate lies within it, whatever the count.",
    }
    return f"{sentence}.{bounds[disclosure.method]}"
