"""Settings of the weighting, in plain values."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from designbased.calibration.calibrate import RAKING, MarginCalibration
from designbased.errors import InputError
from designbased.weighting.nonresponse_propensity import RATE_OF_FIVE_CLASSES, PropensityOptions

NonresponseMethod: TypeAlias = Literal["classes", "propensity"]
TrimMethod: TypeAlias = Literal["iqr", "contribution", "mse", "fixed", "none"]


@dataclass(frozen=True)
class WeightingSettings:
    """What to do, in plain values; columns are those of the sample.

    Attributes:
        psu_probability: column, selection probability of the PSU.
        household_probability: column, selection probability of the household in its PSU.
        eligible_children: column, number of eligible children of whom one was selected.
        eligible_cap: largest number of eligible children counted, None for no cap.
        weight: column with a supplied weight, in place of the three selection columns.
        nonresponse_classes: columns from the most to the least important; () for one class,
            None for no adjustment.
        nonresponse_method: ``classes``, crossings of these columns; ``propensity``, classes of
            similar response propensity given these columns.
        propensity: how propensities become factors.
        min_respondents: fewest respondents of a non-response class.
        max_factor: largest non-response factor of a class.
        trim_method: how the cap is set: ``iqr``, ``contribution``, ``mse``, ``fixed`` or ``none``.
        trim_iqr_multiple: k of the cap median + k * IQR, None to leave this rule out.
        trim_median_ratio: cap as a multiple of the median, None to leave this rule out. With
            method ``iqr`` but neither rule nothing is trimmed.
        trim_contribution: c of ``contribution``, ``w² <= c Σw²/n``.
        trim_cap: the cap of ``fixed``.
        trim_groups: columns whose crossing makes the trimming groups; none with ``mse``.
        trim_above_deff: trim only where the Kish design effect is above this, None for always.
        margins: names of the raking margins, each also a column of the sample.
        calibration: method by which the margins are met, and bounds.
        stratum_column: column of strata, for rates by stratum and trimming by ``mse``.
        psu_column: column of PSUs, for trimming by ``mse``.
        respondent_dispositions: those who get a final weight.
        id_column: column that identifies the child.
        disposition_column: column with the final disposition.
    """

    psu_probability: str | None = None
    household_probability: str | None = None
    eligible_children: str | None = None
    eligible_cap: int | None = None
    weight: str | None = None
    nonresponse_classes: tuple[str, ...] | None = None
    nonresponse_method: NonresponseMethod = "classes"
    propensity: PropensityOptions = RATE_OF_FIVE_CLASSES
    min_respondents: int = 20
    max_factor: float = 3.0
    trim_method: TrimMethod = "iqr"
    trim_iqr_multiple: float | None = 5.0
    trim_median_ratio: float | None = None
    trim_contribution: float = 10.0
    trim_cap: float | None = None
    trim_groups: tuple[str, ...] = ()
    trim_above_deff: float | None = 2.0
    margins: tuple[str, ...] = ()
    calibration: MarginCalibration = RAKING
    stratum_column: str | None = None
    psu_column: str | None = None
    respondent_dispositions: tuple[str, ...] = ("complete", "partial")
    id_column: str = "child_id"
    disposition_column: str = "disposition"

    def __post_init__(self) -> None:
        """Refuse methods that do not exist.

        Raises:
            InputError: naming the setting and its options.
        """
        for name, value, options in (
            ("nonresponse_method", self.nonresponse_method, get_args(NonresponseMethod)),
            ("trim_method", self.trim_method, get_args(TrimMethod)),
        ):
            if value not in options:
                location = f"weighting settings, {name}"
                raise InputError(
                    location, f"it is {value!r}", f"Choose one of {', '.join(options)}"
                )
