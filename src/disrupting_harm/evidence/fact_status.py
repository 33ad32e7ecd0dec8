"""Statuses of facts: a number, zero, or the reason why there is no number.

Zero and "not recorded" are different facts and never merged: a country that counted no case is not
a country that did not count.
"""

from typing import Literal, get_args

REPORTED, ZERO, SUPPRESSED = "reported", "zero_reported", "suppressed"
# A total of which some parts have no number: what is known of it, at the least.
INCOMPLETE = "incomplete"
NoNumber = Literal["suppressed", "refused", "not_recorded", "not_applicable"]
# Why there is no number. Of a sum without one, the first of these among its parts says why.
NO_NUMBER: tuple[str, ...] = get_args(NoNumber)
STATUSES = {
    REPORTED: "there is a number: above 0, or from 0 in scores and indices",
    ZERO: "counted, and there were none: the number is 0",
    "not_recorded": "nobody counts it; the number is empty",
    "refused": "asked for, and not given; the number is empty",
    "not_applicable": "it cannot be, e.g. the law has no such offence; the number is empty",
    "suppressed": "counted, but too small to be told; the number is empty",
}


def find_status_fault(
    status: str, amount: float | str | None, zero_is_reported: bool
) -> tuple[str, str] | None:
    """Return what is wrong between a status and its value, and what to do; None if they agree.

    Args:
        status: one of :data:`STATUSES`.
        amount: the number; a text where the table holds answers; None where the cell is empty.
        zero_is_reported: whether 0 is a value like others, as in scores and indices.
    """
    if status == REPORTED:
        if amount is None:
            return (
                "the status is 'reported', but there is no value",
                "Give the number, or the status that says why there is none",
            )
        if amount == 0 and not zero_is_reported:
            return "the status is 'reported', but the number is 0", "Write 'zero_reported'"
        return None
    if status == ZERO:
        if amount == 0:
            return None
        finding = (
            "there is no number" if amount is None else f"the value is {_format_value(amount)}"
        )
        return (
            f"the status is 'zero_reported', but {finding}",
            "Write 0 if it was counted and there were none, else the status that fits",
        )
    if amount is None:
        return None
    return (
        f"the status is '{status}', but there is a value, {_format_value(amount)}",
        "Leave the value empty, or write 'reported'; 0 goes with 'zero_reported' alone",
    )


def _format_value(value: float | str) -> str:
    return f"'{value}'" if isinstance(value, str) else f"{value:g}"
