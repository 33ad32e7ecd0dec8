"""What the numbers of ``quality.json`` and ``disclosure.json`` of a survey mean.

The key of a number stands here as in the file; of an entry of a list that is named by its texts, as
``margins/sex_age:girl/target_share`` is, ``*`` stands in the place of the name.
"""

from typing import NamedTuple

from disrupting_harm.core.errors import StudyError


class Fact(NamedTuple):
    """What a number means, its unit, and of whom or of what it speaks."""

    meaning: str
    unit: str
    base: str


DRAWN, INTERVIEWED = "persons drawn into the sample", "persons interviewed"
_NATIONAL = "the estimates of all respondents that are printed"
_ASKED = "indicators that at least 50 persons were asked"
_CELLS = "rows of estimates.csv"
_AUDITED = "rows of estimates.csv that are of this release"
_SHARE = "share, from 0 to 1"
# Of AAPOR's Standard Definitions; I: complete, P: partial interview, R: refusal, NC: no contact,
# O: other, U: unknown, e: the share of these that is eligible.
_RATES = {
    "rr1": "Response rate 1: I / (I + P + R + NC + O + U)",
    "rr2": "Response rate 2: as rate 1, partial interviews counted as well",
    "rr3": "Response rate 3: as rate 1, with the share e of U",
    "rr4": "Response rate 4: as rate 2, with the share e of U",
    "rr5": "Response rate 5: as rate 1, without U",
    "rr6": "Response rate 6: as rate 2, without U",
    "coop1": "Cooperation rate 1: I / (I + P + R + O)",
    "coop2": "Cooperation rate 2: (I + P) / (I + P + R + O)",
    "coop3": "Cooperation rate 3: I / (I + P + R)",
    "coop4": "Cooperation rate 4: (I + P) / (I + P + R)",
}
_STATUSES = {
    "present": "shown", "caution": "shown with a warning",
    "review": "shown after a statistician's review",
    "suppress_reliability": "without an estimate, as it is too uncertain",
    "suppress_disclosure": "without an estimate, to protect respondents",
    "not_asked": "without an estimate, as the survey did not ask",
}  # fmt: skip
FACTS: dict[str, dict[str, Fact]] = {
    "quality": {
        "confidence": Fact("Confidence level of the intervals.", _SHARE, "all estimates"),
        "drawn": Fact("Persons drawn into the sample.", "persons", DRAWN),
        "interviewed": Fact("Persons interviewed.", "persons", INTERVIEWED),
        "strata": Fact("Strata with persons interviewed.", "strata", INTERVIEWED),
        "psus": Fact(
            "Primary sampling units with persons interviewed.", "PSUs", INTERVIEWED
        ),
        **{
            f"response_rates/{name}": Fact(f"{meaning}; not weighted.", _SHARE, DRAWN)
            for name, meaning in _RATES.items()
        },
        "weights/kish_deff": Fact(
            "Kish's design effect of the final weights: n Σ w² / (Σ w)².", "factor", INTERVIEWED
        ),
        "weights/cv": Fact(
            "Coefficient of variation of the final weights.", "standard deviation over mean",
            INTERVIEWED,
        ),
        "weights/largest_percent_share": Fact(
            "Share of the sum of weights that the largest 1 per cent of them have.", _SHARE,
            INTERVIEWED,
        ),
        "weights/trimmed_weights": Fact(
            "Persons whose weight was capped.", "persons", INTERVIEWED
        ),
        "weights/trimmed_share": Fact(
            "Share of the sum of weights that capping moved to others.", _SHARE, INTERVIEWED
        ),
        "margins/*/target_share": Fact(
            "Share of the category in the population, to which weights are calibrated.", _SHARE,
            "the margin's population",
        ),
        "margins/*/before_share": Fact(
            "Weighted share of the category before calibration.", _SHARE, INTERVIEWED
        ),
        "margins/*/after_share": Fact(
            "Weighted share of the category after it.", _SHARE, INTERVIEWED
        ),
        "groups/*/kish_deff": Fact(
            "Kish's design effect of the weights of a group, rounded up; its bounds rest on it.",
            "factor", "persons interviewed in the group",
        ),
        "groups/*/psus": Fact(
            "Primary sampling units with a child of the group.", "PSUs",
            "persons interviewed in the group",
        ),
        "groups/*/df": Fact(
            "These less their strata.", "degrees of freedom", "persons interviewed in the group"
        ),
        "nonresponse_collapses": Fact(
            "How often two classes of the adjustment for non-response were joined, as one had too "
            "few interviews or too large a factor.", "times", DRAWN,
        ),
        "design_effects/lowest": Fact("Smallest design effect.", "factor", _NATIONAL),
        "design_effects/median": Fact("Median design effect.", "factor", _NATIONAL),
        "design_effects/highest": Fact("Largest design effect.", "factor", _NATIONAL),
        "design_effects/indicators": Fact(
            "Indicators whose design effects these are.", "indicators", _NATIONAL
        ),
        "item_nonresponse/median": Fact(
            "Median share of those asked without a valid answer.", _SHARE, _ASKED
        ),
        "item_nonresponse/highest": Fact(
            "Largest share of those asked without a valid answer.", _SHARE, _ASKED
        ),
        "item_nonresponse/named_from": Fact(
            "Share without a valid answer from which an indicator is named.", _SHARE, _ASKED
        ),
        "item_nonresponse/high/*/share": Fact(
            "Share of those asked without a valid answer to the indicator.", _SHARE,
            "persons asked",
        ),
        "imputed/*/share": Fact(
            "Share of those asked whose answer to a composite is open and is imputed.", _SHARE,
            "persons asked",
        ),
        "dropped_rows/*/count": Fact(
            "Rows of the file that were left out, by the reason; none below 10 is told.", "rows",
            "rows of the raw file",
        ),
        "bounds": Fact("Rows with a bound in place of the estimate.", "rows", _CELLS),
        **{
            f"cells/{name}": Fact(f"Rows {meaning}.", "rows", _CELLS)
            for name, meaning in _STATUSES.items()
        },
    },
    "disclosure": {
        "threshold": Fact(
            "Smallest number of yes, of no and of all answers behind an estimate.", "persons",
            _CELLS,
        ),
        "threshold_sensitive": Fact(
            "The same of sensitive questions, in groups.", "persons", _CELLS
        ),
        "never_told": Fact(
            "Counts up to this are never told, even beside other numbers.", "persons", _CELLS
        ),
        "cells": Fact("Rows that were audited.", "rows", _AUDITED),
        "without_estimate": Fact(
            "Rows without an estimate, to protect respondents.", "rows", _AUDITED
        ),
        "equations": Fact(
            "Equations between numbers that the audit took as known to somebody who looks for "
            "hidden ones.", "equations", "printed and hidden rows together",
        ),
        "told": Fact(
            "Hidden numbers that could be worked out, beside earlier releases, too, and not from "
            "these alone; with one the run ends.", "rows", _AUDITED,
        ),
    },
}  # fmt: skip

# The same in few words, for a page that has all of them: those that do not say it themselves.
IN_SHORT: dict[str, tuple[tuple[str, str], ...]] = {
    "quality": (
        ("response_rates", "AAPOR's rates of the persons drawn, not weighted"),
        ("weights", "kish_deff: n Σ w² / (Σ w)²; cv: standard deviation / mean; "
         "largest_percent_share: of the sum, that of the largest 1 per cent; trimmed_share: that "
         "capping moved"),
        ("margins", "weighted shares before and after calibration to the target"),
        ("groups", "how those of each group were sampled: its bounds follow from it"),
        ("nonresponse_collapses", "classes of non-response that were joined with another"),
        ("design_effects", "of the printed estimates of everyone"),
        ("item_nonresponse", "shares of those asked without a valid answer"),
        ("imputed", "share of those asked whose answer is imputed"),
        ("bounds, cells", "rows of the estimates: with a bound in place of one; by status"),
    ),
    "disclosure": (
        ("threshold", "smallest count behind an estimate; sensitive: in groups"),
        ("never_told", "counts up to it are never told"),
        ("equations", "known to whoever looks for hidden numbers, as the audit took it"),
        ("told", "hidden numbers that could be worked out"),
    ),
}  # fmt: skip


def find_fact(file: str, key: str) -> Fact:
    """Return what a number of a file of facts means.

    Args:
        file: ``quality`` or ``disclosure``.
        key: of the number below it, e.g. ``weights/kish_deff``.

    Raises:
        StudyError: if nobody said it.
    """
    facts_of_file = FACTS[file]
    if key in facts_of_file:
        return facts_of_file[key]
    steps = key.split("/")
    for index in range(1, len(steps)):
        general = "/".join([*steps[:index], "*", *steps[index + 1 :]])
        if general in facts_of_file:
            return facts_of_file[general]
    raise StudyError(
        f"{file}.json, '{key}'", "it is not described", "Describe it in quality_facts.py"
    )
