"""Reasons in words: why an estimate is not shown, or is to be used with caution."""

from collections.abc import Callable

from disrupting_harm.publication.policies import POLICIES, Condition
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY

# By what a presentation standard measures.
_MEASURES: dict[str, Callable[[Text, str], str]] = {
    "n": lambda text, limit: text("too few answers (limit: {limit})", limit=limit),
    "smaller_n": lambda text, limit: text(
        "too small an effective number of answers (limit: {limit})", limit=limit
    ),
    "n_kish": lambda text, limit: text(
        "too small an effective number of answers (limit: {limit})", limit=limit
    ),
    "df": lambda text, limit: text("too few degrees of freedom (limit: {limit})", limit=limit),
    "width": lambda text, limit: text("too wide an interval (limit: {limit} points)", limit=limit),
    "relative_width": lambda text, limit: text(
        "too wide an interval for its estimate (limit: {limit} per cent of it)", limit=limit
    ),
    "count_width": lambda text, limit: text(
        "too wide an interval for its estimate (limit: {limit} per cent of it)", limit=limit
    ),
    "complement_width": lambda text, limit: text(
        "too wide an interval for the share of the others (limit: {limit} per cent of it)",
        limit=limit,
    ),
    "rse": lambda text, limit: text(
        "too large a standard error (limit: {limit} per cent of the estimate)", limit=limit
    ),
    "item_nonresponse": lambda text, limit: text(
        "too many without an answer (limit: {limit} per cent)", limit=limit
    ),
    "imputed": lambda text, limit: text(
        "many imputed answers (limit: {limit} per cent)", limit=limit
    ),
    "none_or_all": lambda text, limit: text("all answers alike"),
    "no_cases": lambda text, limit: text("no answers"),
    "no_interval": lambda text, limit: text("no interval can be computed"),
    "no_variance": lambda text, limit: text("no interval can be computed"),
}
# The condition that tells most of a rule stands last.
_CONDITIONS: dict[str, Condition] = {
    rule.reason: rule.conditions[-1] for policy in POLICIES.values() for rule in policy.rules
}


def reasons(text: Text, codes: str) -> str:
    """Return the reasons of a public row in words; empty where it needs none.

    Args:
        text: the reader's language.
        codes: the column ``reason``: codes of rules of a presentation standard, parted by ``;``.
            Of what is confidential, or was not asked, the status says it all.
    """
    named = [code for code in codes.split(";") if code in _CONDITIONS]
    said = [_said(text, _CONDITIONS[code]) for code in named]
    return "; ".join(dict.fromkeys(said))


def _said(text: Text, condition: Condition) -> str:
    digits = 0 if condition.limit == round(condition.limit) else 1
    return _MEASURES[condition.measure](text, text.number(condition.limit, digits))


def printed_as(text: Text) -> dict[str, str]:
    """Return by status what is printed, in words; ``bounds`` stands for a bound in its place."""
    return {
        "present": text("Shown"),
        "caution": text("Shown, to be used with caution"),
        "review": text("Shown after review by a statistician"),
        SUPPRESS_RELIABILITY: text("Hidden: not reliable enough"),
        "bounds": text("Printed as a bound: to protect respondents"),
        SUPPRESS_DISCLOSURE: text("Hidden: to protect respondents"),
        NOT_ASKED: text("Not asked in this survey"),
    }
