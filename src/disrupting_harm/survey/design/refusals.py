"""Refuse options and identifiers that do not make a design."""

from collections.abc import Sequence
from typing import Any, get_args

from disrupting_harm.arrays import Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.design_columns import (
    ROWS_NAMED,
)
from disrupting_harm.survey.design.lonely import LonelyPsu


def check_options(
    lonely_psu: str,
    fpc: str | None,
    later_stages: Sequence[tuple[str | None, str]],
    certainty: str | None,
) -> None:
    """Refuse options that do not exist or do not go together."""
    if lonely_psu not in get_args(LonelyPsu):
        options = ", ".join(get_args(LonelyPsu))
        raise StudyError("lonely_psu", f"the value {lonely_psu!r}", f"Choose one of {options}")
    if later_stages and fpc is None:
        raise StudyError(
            "later_stages",
            "no fpc for the first stage",
            "Give fpc, or leave the later stages out: with replacement the PSUs carry them",
        )
    if certainty is not None and fpc is not None:
        raise StudyError(
            "certainty",
            "an fpc beside it",
            "Give such a PSU a stratum of its own, with 1 as fpc, and name the later stages",
        )


def refuse_shared_psus(
    column: str | None, psus: tuple[Any, ...], psu_stratum: Integers, strata: list[Any]
) -> None:
    """Refuse PSUs that stand in several strata."""
    homes: dict[Any, list[Any]] = {}
    for psu, stratum in zip(psus, psu_stratum, strict=True):
        homes.setdefault(psu, []).append(strata[stratum])
    shared = {psu: found for psu, found in homes.items() if len(found) > 1}
    if shared:
        listed = "; ".join(
            f"PSU {psu} in strata {', '.join(map(str, found))}"
            for psu, found in list(shared.items())[:ROWS_NAMED]
        )
        raise StudyError(
            f"column '{column}'",
            f"{len(shared)} PSUs stand in more than one stratum: {listed}",
            "Correct the strata, or set psu_unique to false if identifiers repeat across strata",
        )
