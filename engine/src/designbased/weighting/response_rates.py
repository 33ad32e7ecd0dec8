"""Response, cooperation, refusal and contact rates from final dispositions.

Formulas: AAPOR Standard Definitions. I complete, P partial, R refusal and break-off, NC
non-contact, O other, U unknown eligibility, e the share of U taken to be eligible.
"""

import numpy as np
import pandas as pd

from designbased.design.table_columns import Labels, coded_labels, rows_with
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


def dispositions(sample: pd.DataFrame, name: str = "disposition") -> "pd.Categorical[str]":
    """Return the final disposition of every sampled unit.

    Raises:
        InputError: a missing value or a word that is not one of :data:`DISPOSITIONS`.
    """
    found = coded_labels(sample, name)
    for word in sorted(set(found.categories) - set(DISPOSITIONS)):
        raise InputError(
            f"sample, column '{name}'",
            f"unknown disposition '{word}' in {amount(int((found == word).sum()), 'row')}",
            f"Use one of {', '.join(DISPOSITIONS)}",
        )
    return found


def response_rates(
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
    size = {word: float(counts[rows_with(disposition, word)].sum()) for word in DISPOSITIONS}
    complete, partial, refusal, non_contact, other = (size[word] for word in ELIGIBLE)
    unknown = size["unknown_eligibility"]
    interviews = complete + partial
    contacts = interviews + refusal + other
    eligible = contacts + non_contact
    e = (
        _ratio(eligible, eligible + size["ineligible"])
        if eligible_share is None
        else eligible_share
    )
    every = eligible + unknown
    estimated = eligible + (0.0 if unknown == 0 else np.nan if e is None else e * unknown)
    return {
        "RR1": _ratio(complete, every),
        "RR2": _ratio(interviews, every),
        "RR3": _ratio(complete, estimated),
        "RR4": _ratio(interviews, estimated),
        "RR5": _ratio(complete, eligible),
        "RR6": _ratio(interviews, eligible),
        "COOP1": _ratio(complete, contacts),
        "COOP2": _ratio(interviews, contacts),
        "COOP3": _ratio(complete, interviews + refusal),
        "COOP4": _ratio(interviews, interviews + refusal),
        "REF1": _ratio(refusal, every),
        "REF2": _ratio(refusal, estimated),
        "REF3": _ratio(refusal, eligible),
        "CON1": _ratio(contacts, every),
        "CON2": _ratio(contacts, estimated),
        "CON3": _ratio(contacts, eligible),
        "e": e,
    }


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0 else None


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
        plain = response_rates(disposition[inside])
        weighted = response_rates(disposition[inside], weights[inside])
        rows += [(str(group), rate, plain[rate], weighted[rate]) for rate in plain]
    return pd.DataFrame(rows, columns=["group", "rate", "unweighted", "weighted"])


def r_indicator(responded: np.ndarray, weights: np.ndarray, classes: np.ndarray) -> float | None:
    """How alike the classes respond: 1 - 2 S(rho), 1 when all respond alike.

    Schouten, Cobben & Bethlehem 2009: S² = Σ d (rho - mean rho)² / (N - 1), where rho is the
    weighted response rate of the unit's class, d its base weight and N = Σ d.

    Args:
        responded: True for respondents, one row per unit known to be eligible.
        weights: base weights.
        classes: class label per unit.

    Returns:
        The indicator, or None when N <= 1.
    """
    code, names = pd.factorize(classes, sort=True)
    total = np.bincount(code, weights=weights, minlength=len(names))
    if total.sum() <= 1:
        return None
    rate = np.bincount(code, weights=weights * responded, minlength=len(names)) / total
    mean = (total * rate).sum() / total.sum()
    variance = (total * (rate - mean) ** 2).sum() / (total.sum() - 1)
    return float(1 - 2 * np.sqrt(variance))
