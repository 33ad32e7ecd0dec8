"""Response, cooperation, refusal and contact rates from final dispositions.

Formulas: AAPOR Standard Definitions. I complete, P partial, R refusal and break-off, NC
non-contact, O other, U unknown eligibility, e the share of U taken to be eligible.
"""

import numpy as np
import pandas as pd

from designbased.design.table_columns import Labels, has_label, read_categories
from designbased.errors import InputError, amount

DISPOSITIONS = (
    "complete",
    "partial",
    "refusal",
    "non_contact",
    "other",
    "unknown_eligibility",
    "ineligible",
)
ELIGIBLE = DISPOSITIONS[:5]


def read_dispositions(sample: pd.DataFrame, name: str = "disposition") -> "pd.Categorical[str]":
    """Return the final disposition of every sampled unit.

    Raises:
        InputError: a missing value or a word that is not one of :data:`DISPOSITIONS`.
    """
    disposition = read_categories(sample, name)
    for word in sorted(set(disposition.categories) - set(DISPOSITIONS)):
        raise InputError(
            f"sample, column '{name}'",
            f"unknown disposition '{word}' in {amount(int((disposition == word).sum()), 'row')}",
            f"Use one of {', '.join(DISPOSITIONS)}",
        )
    return disposition


def compute_response_rates(
    disposition: Labels,
    weights: np.ndarray | None = None,
    eligible_share: float | None = None,
) -> dict[str, float | None]:
    """Compute RR1-RR6, COOP1-COOP4, REF1-REF3 and CON1-CON3.

    Args:
        disposition: one of :data:`DISPOSITIONS` per sampled unit.
        weights: base weights for weighted rates; each unit counts 1 without them.
        eligible_share: e; by default the eligible share of the units of known eligibility
            (the CASRO rule).

    Returns:
        Rates as proportions under their AAPOR names, and ``e``; None where the denominator is
        empty (for e: where nobody's eligibility is known).

    Raises:
        InputError: ``eligible_share`` outside 0 to 1.
    """
    if eligible_share is not None and not 0 <= eligible_share <= 1:
        raise InputError(
            "response rates, eligible_share", f"it is {eligible_share:g}", "Give a share of 0 to 1"
        )
    counts = np.ones(len(disposition)) if weights is None else weights
    total = {word: float(counts[has_label(disposition, word)].sum()) for word in DISPOSITIONS}
    complete, partial, refusal, non_contact, other_outcome = (total[word] for word in ELIGIBLE)
    unknown = total["unknown_eligibility"]
    interviews = complete + partial
    contacts = interviews + refusal + other_outcome
    eligible = contacts + non_contact
    e = (
        _ratio_or_none(eligible, eligible + total["ineligible"])
        if eligible_share is None
        else eligible_share
    )
    all_units = eligible + unknown
    estimated = eligible + (0.0 if unknown == 0 else np.nan if e is None else e * unknown)
    return {
        "RR1": _ratio_or_none(complete, all_units),
        "RR2": _ratio_or_none(interviews, all_units),
        "RR3": _ratio_or_none(complete, estimated),
        "RR4": _ratio_or_none(interviews, estimated),
        "RR5": _ratio_or_none(complete, eligible),
        "RR6": _ratio_or_none(interviews, eligible),
        "COOP1": _ratio_or_none(complete, contacts),
        "COOP2": _ratio_or_none(interviews, contacts),
        "COOP3": _ratio_or_none(complete, interviews + refusal),
        "COOP4": _ratio_or_none(interviews, interviews + refusal),
        "REF1": _ratio_or_none(refusal, all_units),
        "REF2": _ratio_or_none(refusal, estimated),
        "REF3": _ratio_or_none(refusal, eligible),
        "CON1": _ratio_or_none(contacts, all_units),
        "CON2": _ratio_or_none(contacts, estimated),
        "CON3": _ratio_or_none(contacts, eligible),
        "e": e,
    }


def _ratio_or_none(numerator: float, denominator: float) -> float | None:
    return float(numerator / denominator) if denominator > 0 else None


def response_rate_table(
    disposition: np.ndarray, weights: np.ndarray, groups: np.ndarray
) -> pd.DataFrame:
    """Response rates of everybody (group ``all``) and of each group, for instance each stratum.

    Returns:
        ``group, rate, unweighted, weighted`` with one row per group and AAPOR rate.
    """
    rows = []
    members = {"all": np.full(groups.size, True)} | {g: groups == g for g in np.unique(groups)}
    for group, inside in members.items():
        unweighted = compute_response_rates(disposition[inside])
        weighted = compute_response_rates(disposition[inside], weights[inside])
        rows += [(str(group), rate, unweighted[rate], weighted[rate]) for rate in unweighted]
    return pd.DataFrame(rows, columns=["group", "rate", "unweighted", "weighted"])


def r_indicator(responded: np.ndarray, weights: np.ndarray, classes: np.ndarray) -> float | None:
    """How alike the classes respond: 1 - 2 S(rho), 1 when all respond alike.

    Schouten, Cobben & Bethlehem 2009: S² = Σ d (rho - mean rho)² / (N - 1), where rho is the
    weighted response rate of the unit's class, d its base weight and N = Σ d.

    Args:
        responded: True for respondents, one row per unit known to be eligible.

    Returns:
        The indicator, or None when N <= 1.
    """
    code, distinct = pd.factorize(classes, sort=True)
    total = np.bincount(code, weights=weights, minlength=len(distinct))
    if total.sum() <= 1:
        return None
    rate = np.bincount(code, weights=weights * responded, minlength=len(distinct)) / total
    mean = (total * rate).sum() / total.sum()
    variance = (total * (rate - mean) ** 2).sum() / (total.sum() - 1)
    return float(1 - 2 * np.sqrt(variance))
