"""The sampled units before any adjustment: disposition and base weight of each."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from designbased.design.lonely_psus import number_profiles
from designbased.design.table_columns import is_among, read_categories, require_ids
from designbased.errors import InputError
from designbased.weighting.base_weights import selection_weights, supplied_weights
from designbased.weighting.response_rates import ELIGIBLE, read_dispositions
from designbased.weighting.settings import WeightingSettings


@dataclass(frozen=True)
class SampledUnits:
    """One entry per sampled unit, respondent or not, in the order of the sample.

    Attributes:
        disposition: final disposition; None where the sample has none.
        responded: True for those who get a weight.
        household: weight of the household.
        base: weight of the child.
        strata: label of the stratum; None without dispositions or strata.
        classes: labels of each column of the non-response classes.
        notes: what the weights needed, in words.
    """

    disposition: "pd.Categorical[str] | None"
    responded: np.ndarray
    household: np.ndarray
    base: np.ndarray
    strata: "pd.Categorical[str] | None" = None
    classes: "dict[str, pd.Categorical[str]]" = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def class_number(self) -> np.ndarray:
        """Number of each unit's non-response class before any collapse: the crossing of columns."""
        return number_profiles(
            self.responded.size, [labels.codes for labels in self.classes.values()]
        )[0]


def read_sampled_units(sample: pd.DataFrame, settings: WeightingSettings) -> SampledUnits:
    """Read what weighting needs of every sampled unit.

    Raises:
        InputError: a column that is missing or holds what it must not, nobody who responded, or
            settings that contradict the sample.
    """
    require_ids(sample, settings.id_column)
    name = settings.disposition_column
    disposition = read_dispositions(sample, name) if name in sample.columns else None
    responded = (
        np.full(len(sample), True)
        if disposition is None
        else is_among(disposition, settings.respondent_dispositions)
    )
    _require_response(disposition, responded, settings)
    household, base, notes = _base_weights(sample, disposition, responded, settings)
    with_strata = disposition is not None and settings.stratum_column is not None
    return SampledUnits(
        disposition,
        responded,
        household,
        base,
        read_categories(sample, str(settings.stratum_column)) if with_strata else None,
        {column: read_categories(sample, column) for column in settings.nonresponse_classes or ()},
        notes,
    )


def _base_weights(
    sample: pd.DataFrame,
    disposition: "pd.Categorical[str] | None",
    responded: np.ndarray,
    settings: WeightingSettings,
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return weights of households and of children, and notes on supplied weights."""
    selection = (
        settings.psu_probability,
        settings.household_probability,
        settings.eligible_children,
    )
    if settings.weight is not None and selection == (None, None, None):
        adjusting = settings.nonresponse_classes is not None
        needed = np.full(len(sample), True) if adjusting else responded
        base, notes = supplied_weights(sample, settings.weight, needed, positive=adjusting)
        return base, base, notes
    if settings.weight is None and None not in selection:
        known_eligible = responded if disposition is None else is_among(disposition, ELIGIBLE)
        psu, within, children = (str(column) for column in selection)
        cap = settings.eligible_cap
        return *selection_weights(sample, psu, within, children, known_eligible, cap), []
    raise InputError(
        "weighting settings",
        "the base weight must come either from one weight column or from all three "
        f"selection columns; named are weight={settings.weight}, selection={selection}",
        "Name weight alone, or psu_probability, household_probability and eligible_children",
    )


def _require_response(
    disposition: "pd.Categorical[str] | None", responded: np.ndarray, settings: WeightingSettings
) -> None:
    location = f"sample, column '{settings.disposition_column}'"
    if not set(settings.respondent_dispositions) <= {"complete", "partial"}:
        raise InputError(
            "weighting settings, respondent_dispositions",
            f"it names {', '.join(settings.respondent_dispositions)}",
            "Only complete and partial interviews can be given a weight",
        )
    if not responded.any():
        raise InputError(location, "no respondent", "Check the dispositions")
    if disposition is None:
        if settings.nonresponse_classes is not None:
            raise InputError(
                location,
                "the column is missing, so non-response cannot be adjusted for",
                "Add the dispositions or set nonresponse_classes to None",
            )
        return
    missed = int((~responded & (disposition != "ineligible")).sum())
    if missed and settings.nonresponse_classes is None and settings.weight is None:
        raise InputError(
            location,
            f"{missed} sampled persons did not respond, but no adjustment is asked for",
            "Set nonresponse_classes to the class columns, or to () for one class",
        )
