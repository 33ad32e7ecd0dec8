"""Presentation standards as data: which estimates an agency publishes, marks, reviews or hides.

A policy is a list of rules. A rule hits a cell when all of its conditions hold; the gravest outcome
among the rules that hit decides. :mod:`disrupting_harm.publication.reliability` evaluates them,
and defines each measure.

Each policy records how its limits are known: **read** in the source, or **unverified**, taken from
secondary accounts of it and to be checked before they are quoted.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

Outcome: TypeAlias = Literal["suppress", "review", "caution"]
Scope: TypeAlias = Literal["all", "proportions", "numbers", "totals", "means"]


class Condition(NamedTuple):
    """``measure relation limit``, such as ``n < 25``; false where the measure is NaN."""

    measure: str
    relation: Literal["<", ">=", ">"]
    limit: float


@dataclass(frozen=True)
class Rule:
    """What happens to a cell in which all conditions hold.

    Attributes:
        outcome: ``suppress`` before ``review`` before ``caution``.
        reason: the code that is given as reason.
        conditions: all of which have to hold.
        scope: the statistics that it judges; ``numbers`` are means and totals.
    """

    outcome: Outcome
    reason: str
    conditions: tuple[Condition, ...]
    scope: Scope = "all"


@dataclass(frozen=True)
class Policy:
    """A presentation standard.

    Attributes:
        name: as the configuration names it.
        title: what it is, in a few words.
        source: where it is published.
        statement: one sentence in English on what it shows, as reports print it.
        verified: whether its limits were read in the source.
        rules: in the order in which reasons are given.
        round_before_compare: whether widths and relative standard errors are rounded to one
            decimal, in per cent, before they are compared.
    """

    name: str
    title: str
    source: str
    statement: str
    verified: bool
    rules: tuple[Rule, ...]
    round_before_compare: bool = False


def _make_rule(outcome: Outcome, reason: str, *conditions: Condition, scope: Scope = "all") -> Rule:
    return Rule(outcome, reason, conditions, scope)


def _has_flag(flag: str) -> Condition:
    return Condition(flag, ">=", 1)


# Added to every policy, as is IMPUTED. Without a case there is nothing to publish; without an
# interval, or with no variance between 0 % and 100 %, a statistician decides.
NO_CASES = _make_rule("suppress", "no_cases", _has_flag("no_cases"))
NOT_MEASURED = (
    _make_rule("review", "no_interval", _has_flag("no_interval")),
    _make_rule("review", "no_variance", _has_flag("no_variance")),
)
# No standard knows composites some parts of which were imputed; this is the study's own mark.
IMPUTED = _make_rule("caution", "imputed_above_10", Condition("imputed", ">", 10))
NONE_OR_ALL = _make_rule("review", "no_or_all_yes", _has_flag("none_or_all"), scope="proportions")
FEW_DF = _make_rule("review", "df_below_8", Condition("df", "<", 8))

_NCHS_PROPORTIONS = (
    _make_rule("suppress", "n_eff_below_30", Condition("smaller_n", "<", 30), scope="proportions"),
    _make_rule(
        "suppress", "interval_30_points_wide", Condition("width", ">=", 30), scope="proportions"
    ),
    _make_rule(
        "suppress",
        "relative_interval_above_130",
        Condition("width", ">", 5),
        Condition("relative_width", ">", 130),
        scope="proportions",
    ),
    NONE_OR_ALL,
    _make_rule(
        "caution",
        "complement_unreliable",
        Condition("width", ">", 5),
        Condition("complement_width", ">", 130),
        scope="proportions",
    ),
)


def _earlier_nchs_rules(scope: Scope) -> tuple[Rule, ...]:
    return (
        _make_rule("suppress", "n_below_30", Condition("n", "<", 30), scope=scope),
        _make_rule("suppress", "relative_se_30_or_more", Condition("rse", ">=", 30), scope=scope),
    )


def _case_rules(hide_below: int, mark_below: int) -> tuple[Rule, ...]:
    """Rules on unweighted cases alone."""
    return (
        _make_rule("suppress", f"n_below_{hide_below}", Condition("n", "<", hide_below)),
        _make_rule(
            "caution", f"n_{hide_below}_to_{mark_below - 1}", Condition("n", "<", mark_below)
        ),
    )


_NCHS2017 = Policy(
    name="nchs2017",
    title="United States National Center for Health Statistics, proportions",
    source="Parker et al. 2017, NCHS Vital and Health Statistics 2(175), in the form of its SAS "
    "macro of 2021, on unrounded values. Means and totals, for which it has no rule: the earlier "
    "NCHS rule, not below 30 cases or with a relative standard error of 30 % or more.",
    statement="**What is shown.** "
    "An estimate is shown when it meets the presentation standard for "
    "proportions of the United States National Center for Health Statistics (2017).",
    verified=True,
    rules=(*_NCHS_PROPORTIONS, *_earlier_nchs_rules("numbers"), FEW_DF),
)

_ALL = (
    # A standard of your own can stand here.
    _NCHS2017,
    replace(
        _NCHS2017,
        name="nchs2017_sas",
        title="The same with widths rounded to one decimal before they are compared",
        source="The NCHS SAS macro calculate_KornGraubard_CIs 2.0, 2021.",
        round_before_compare=True,
    ),
    Policy(
        name="nchs2023_counts",
        title="United States National Center for Health Statistics, proportions and counts",
        source="Counts: Parker et al. 2023, NCHS Vital and Health Statistics 2(200), with its "
        "log-t interval on Kish's effective sample size. Proportions: as nchs2017. Means: the "
        "earlier NCHS rule.",
        statement="**What is shown.** "
        "An estimate is shown when it meets the presentation standards for "
        "proportions (2017) and for counts (2023) of the United States National Center for Health "
        "Statistics.",
        verified=True,
        rules=(
            *_NCHS_PROPORTIONS,
            *_earlier_nchs_rules("means"),
            _make_rule("suppress", "n_kish_below_10", Condition("n_kish", "<", 10), scope="totals"),
            _make_rule(
                "suppress",
                "relative_interval_above_160",
                Condition("count_width", ">", 160),
                scope="totals",
            ),
            FEW_DF,
        ),
    ),
    Policy(
        name="dhs",
        title="Demographic and Health Surveys",
        source="Guide to DHS Statistics: on unweighted cases.",
        statement="**What is shown.** "
        "As in DHS reports, an estimate is shown from 25 answers and marked "
        "below 50.",
        verified=True,
        rules=_case_rules(25, 50),
    ),
    Policy(
        name="mics",
        title="Multiple Indicator Cluster Surveys",
        source="Conventions of MICS6 and MICS7 reports: on unweighted cases.",
        statement="**What is shown.** "
        "As in MICS reports, an estimate is shown from 25 answers and marked "
        "below 50.",
        verified=False,
        rules=_case_rules(25, 50),
    ),
    Policy(
        name="nsch",
        title="United States National Survey of Children's Health",
        source="United States Census Bureau, NSCH 2016 guide. It does not name the interval; here "
        "it is Korn–Graubard's, for means and totals the t interval.",
        statement="**What is shown.** "
        "As in the United States National Survey of Children's Health, an "
        "estimate is shown from 30 answers and marked where its interval is wider than 20 points "
        "or than 1.2 times the estimate.",
        verified=True,
        rules=(
            _make_rule("suppress", "n_below_30", Condition("n", "<", 30)),
            _make_rule(
                "caution",
                "interval_above_20_points",
                Condition("width", ">", 20),
                scope="proportions",
            ),
            _make_rule(
                "caution", "relative_interval_above_120", Condition("relative_width", ">", 120)
            ),
        ),
    ),
    Policy(
        name="statcan",
        title="Statistics Canada",
        source="Release guidelines of the Canadian Community Health Survey: classes of the "
        "coefficient of variation of one decimal. Later cycles use 15.0 and 35.0. Where no or "
        "every answer is yes the coefficient says nothing: review.",
        statement="**What is shown.** "
        "As at Statistics Canada, an estimate is shown from 10 answers and up "
        "to a relative standard error of 33.3 per cent, and marked above 16.5 per cent.",
        verified=True,
        rules=(
            _make_rule("suppress", "n_below_10", Condition("n", "<", 10)),
            _make_rule("suppress", "relative_se_above_33_3", Condition("rse", ">", 33.3)),
            NONE_OR_ALL,
            _make_rule("caution", "relative_se_16_6_to_33_3", Condition("rse", ">=", 16.6)),
        ),
        round_before_compare=True,
    ),
    Policy(
        name="eu_silc",
        title="European Union Statistics on Income and Living Conditions",
        source="Eurostat, EU-SILC metadata: unweighted cases and item non-response.",
        statement="**What is shown.** "
        "As in European Union Statistics on Income and Living Conditions, an "
        "estimate is shown from 20 answers and up to half of the answers missing, and marked below "
        "50 answers or from one fifth missing.",
        verified=False,
        rules=(
            _make_rule("suppress", "n_below_20", Condition("n", "<", 20)),
            _make_rule(
                "suppress", "item_nonresponse_above_50", Condition("item_nonresponse", ">", 50)
            ),
            _make_rule("caution", "n_20_to_49", Condition("n", "<", 50)),
            _make_rule(
                "caution", "item_nonresponse_20_to_50", Condition("item_nonresponse", ">=", 20)
            ),
        ),
    ),
    Policy(
        name="vacs",
        title="Violence Against Children and Youth Surveys",
        source="Country reports of the surveys. Where no or every answer is yes the relative "
        "standard error says nothing: review.",
        statement="**What is shown.** "
        "As in Violence Against Children and Youth Surveys, an estimate is "
        "shown from 25 answers and marked above a relative standard error of 30 per cent.",
        verified=False,
        rules=(
            _make_rule("suppress", "n_below_25", Condition("n", "<", 25)),
            NONE_OR_ALL,
            _make_rule("caution", "relative_se_above_30", Condition("rse", ">", 30)),
        ),
    ),
)

POLICIES: dict[str, Policy] = {
    policy.name: replace(policy, rules=(NO_CASES, *policy.rules, *NOT_MEASURED, IMPUTED))
    for policy in _ALL
}
# Every code that can be given as a reason.
REASONS = tuple(dict.fromkeys(rule.reason for policy in POLICIES.values() for rule in policy.rules))
