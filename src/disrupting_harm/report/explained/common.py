"""What all estimates of a survey have in common: who was asked, weights, formulas and rules."""

from collections.abc import Collection, Mapping, Sequence
from inspect import getdoc
from typing import Any

from designbased.intervals.limits import INTERVALS
from disrupting_harm.provenance.explain_survey import (
    DEGREES,
    EVERYONE,
    HIDDEN,
    PASSED,
    Line,
    interval,
    rounding,
    rows_of,
    variance,
    weighting_steps,
)
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.explained.numbers import SHORT, USUAL, codes_of
from disrupting_harm.report.reasons import reasons
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import english
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.publication_config import Disclosure
from disrupting_harm.study.study import Study

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
    "beta": "as korn_graubard, but n* may be larger than n",
    "logit": "the limits of logit p ± t √V / (p (1 − p)), turned back into shares",
    "modified_wilson": "the limits of Wilson for p (1 − p) / V answers, corrected once for the "
    "degrees of freedom",
    "arcsine": "sin²(arcsin √p ± t / (2 √(p (1 − p) / V)))",
    "likelihood": "all shares that a likelihood ratio for p (1 − p) / V answers does not refuse",
    "wald_t": _T,
    "log_t": "exp(log p ± t √V / p)",
}


def in_common(
    study: Study, quality: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> list[Line]:
    """Return what is the same for all estimates of a survey.

    Args:
        study: configuration and codebook.
        quality: what is published on the country's data (``quality.json``).
        rows: of its table of estimates.
    """
    config = study.config
    return [
        *rows_of(quality),
        ("weights", " → ".join(weighting_steps(config.weighting))),
        *_formulas(study.codebook, config, {row["indicator"] for row in rows}),
        *_limits(config, {row["interval"] for row in rows if row["estimate"]}),
        ("degrees of freedom", f"{DEGREES.partition(': ')[2]}; at most "
         f"{quality['psus'] - quality['strata']}"),
        ("asked of", f"{EVERYONE}, where an indicator says nothing else"),
        ("missing answers", f"{USUAL}, where an indicator says nothing else"),
        ("answers (n)", "answers that count, not weighted; of a sensitive question the most of all "
         "that were put to the same respondents, so that it tells of none who gave no answer, "
         "and groups may add up to a few more than all"),
        *_rules(config, rows),
    ]  # fmt: skip


def _formulas(codebook: Codebook, config: Configuration, names: Collection[str]) -> list[Line]:
    estimation = config.estimation
    published = [one for one in codebook.indicators if one.id in names]
    imputed = {one.id for one in published if one.any_of and one.partly_missing == "imputed"}
    lines = []
    for statistic in POINT:
        own = [one for one in published if one.statistic == statistic]
        if any(one.id not in imputed for one in own):
            lines.append((f"weighted {statistic}", POINT[statistic]))
    if imputed:
        lines.append(("weighted proportion of a composite", IMPUTED))
    lines.append(("variance", variance(estimation).partition(" ")[2]))
    lines.append(("", f"{VARIANCE}; {_ONE_PSU[estimation.lonely_psu]}"))
    if imputed:
        lines.append(("", "of a composite z has the error of the imputed shares, too"))
    lines += [
        ("rounding", f"{statistic}: {rounding(statistic, config.publication)}")
        for statistic in POINT
        if any(one.statistic == statistic for one in published)
    ]
    return lines


def _limits(config: Configuration, methods: Collection[str]) -> list[Line]:
    return [
        ("interval", f"{interval(method, config.estimation)}: {_formula(method)}")
        for method in sorted(filter(None, methods))
    ]


def _formula(method: str) -> str:
    """Return how limits are computed; an interval of the study's own says it above its code."""
    above = (getdoc(INTERVALS[method].function) or "").partition("\n")[0].rstrip(".")
    return LIMITS.get(method, above or f"by the function {method}")


def _rules(config: Configuration, rows: Sequence[Mapping[str, str]]) -> list[Line]:
    """Return what decides whether a number is printed, and what the words of rows mean."""
    policy, disclosure = POLICIES[config.publication.reliability], config.publication.disclosure
    text = Text(english(config.study.areas, config.study.respondents))
    statuses = {row["status"] for row in rows}
    return [
        ("reliability", f"{policy.title}. {policy.source} A number without a remark meets it."),
        *(("", f"({place}) {code}: {reasons(text, code)}")
          for place, code in enumerate(codes_of(rows), start=1)),
        ("disclosure", f"A printed number {PASSED}. {_too_few(disclosure)}"),
        *((f"“{word}”", HIDDEN[status]) for status, word in SHORT.items() if status in statuses),
        ("", "Of a protected number no more than that is told: not whether few said so, nor "
         "whether it could be worked out from other cells."),
    ]  # fmt: skip


def _too_few(disclosure: Disclosure) -> str:
    least, sensitive = disclosure.min_count, disclosure.min_count_sensitive
    told = f"Too few are fewer than {least} who said yes, who did not, or who answered"
    if sensitive != least:
        told += f"; of sensitive questions, in groups, fewer than {sensitive}"
    bounds = {
        "plain": "",
        "ranges": " A bound in place of a number holds for all of the group (97.5 per cent sure). "
        "Where few said yes it follows from how many answered and how they were drawn, not from "
        "what they said.",
        "coded": " A bound stands wherever the estimate lies within it, whatever the count.",
    }
    return f"{told}.{bounds[disclosure.method]}"
