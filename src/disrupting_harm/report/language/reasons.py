"""Reasons in words: why an estimate is not shown, or is to be used with caution."""

from collections.abc import Callable

from disrupting_harm.publication.policies import POLICIES, Condition
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY

# By what a presentation standard measures.
_MEASURES: dict[str, Callable[[Translator[Markdown], str], str]] = {
    "n": lambda translator, limit: translator("too few answers (limit: {limit})", limit=limit),
    "smaller_n": lambda translator, limit: translator(
        "too small an effective number of answers (limit: {limit})", limit=limit
    ),
    "n_kish": lambda translator, limit: translator(
        "too small an effective number of answers (limit: {limit})", limit=limit
    ),
    "df": lambda translator, limit: translator(
        "too few degrees of freedom (limit: {limit})", limit=limit
    ),
    "width": lambda translator, limit: translator(
        "too wide an interval (limit: {limit} points)", limit=limit
    ),
    "relative_width": lambda translator, limit: translator(
        "too wide an interval for its estimate (limit: {limit} per cent of it)", limit=limit
    ),
    "count_width": lambda translator, limit: translator(
        "too wide an interval for its estimate (limit: {limit} per cent of it)", limit=limit
    ),
    "complement_width": lambda translator, limit: translator(
        "too wide an interval for the share of the others (limit: {limit} per cent of it)",
        limit=limit,
    ),
    "rse": lambda translator, limit: translator(
        "too large a standard error (limit: {limit} per cent of the estimate)", limit=limit
    ),
    "item_nonresponse": lambda translator, limit: translator(
        "too many without an answer (limit: {limit} per cent)", limit=limit
    ),
    "imputed": lambda translator, limit: translator(
        "many imputed answers (limit: {limit} per cent)", limit=limit
    ),
    "none_or_all": lambda translator, limit: translator("all answers alike"),
    "no_cases": lambda translator, limit: translator("no answers"),
    "no_interval": lambda translator, limit: translator("no interval can be computed"),
    "no_variance": lambda translator, limit: translator("no interval can be computed"),
}
# The condition that tells most of a rule stands last.
_CONDITIONS: dict[str, Condition] = {
    rule.reason: rule.conditions[-1] for policy in POLICIES.values() for rule in policy.rules
}


def translate_reasons(translator: Translator[Markdown], codes: str) -> str:
    """Return the reasons of a public row in words; empty where it needs none.

    Args:
        codes: the column ``reason``: codes of rules of a presentation standard, parted by ``;``.
            Of what is confidential, or was not asked, the status says it all.
    """
    known_reasons = [code for code in codes.split(";") if code in _CONDITIONS]
    descriptions = [_describe_condition(translator, _CONDITIONS[code]) for code in known_reasons]
    return "; ".join(dict.fromkeys(descriptions))


def _describe_condition(translator: Translator[Markdown], condition: Condition) -> str:
    digits = 0 if condition.limit == round(condition.limit) else 1
    return _MEASURES[condition.measure](translator, translator.number(condition.limit, digits))


def describe_statuses(translator: Translator[Markdown]) -> dict[str, str]:
    """Return by status what is printed, in words; ``bounds`` stands for a bound in its place."""
    return {
        "present": translator("Shown"),
        "caution": translator("Shown, to be used with caution"),
        "review": translator("Shown after review by a statistician"),
        SUPPRESS_RELIABILITY: translator("Hidden: not reliable enough"),
        "bounds": translator("Printed as a bound: to protect respondents"),
        SUPPRESS_DISCLOSURE: translator("Hidden: to protect respondents"),
        NOT_ASKED: translator("Not asked in this survey"),
    }
