"""The section ``weighting`` of the configuration."""

from typing import Literal

from pydantic import Field, model_validator

from disrupting_harm.study.configuration.section import Names, Section


class NonResponse(Section):
    """Adjustment for children drawn but not interviewed."""

    method: Literal["classes", "propensity"] = Field(
        default="classes",
        description="`classes`: combinations of domains form the weighting classes. `propensity`: "
        "a logistic regression of response on the domains does, in classes of similar propensity.",
    )
    classes: Names = Field(
        min_length=1,
        description="Domains whose combinations form the weighting classes, or that explain "
        "response; they must be known for children drawn but not interviewed, too.",
    )
    propensity_classes: int = Field(
        default=5, ge=2, le=100, description="Number of classes of the method `propensity`."
    )
    propensity_factor: Literal["response_rate", "mean_propensity", "inverse_propensity"] = Field(
        default="response_rate",
        description="Factor of the method `propensity`: one over the class's weighted response "
        "rate, one over its mean propensity, or one over each child's own propensity.",
    )
    min_respondents: int = Field(
        default=20, ge=1, le=10_000, description="Classes with fewer respondents are merged."
    )
    max_factor: float = Field(
        default=3.0, gt=1, le=100, description="Classes with a larger factor are merged."
    )


class Trimming(Section):
    """Capping of extreme weights."""

    method: Literal["iqr", "contribution", "mse", "fixed", "none"] = Field(
        default="iqr",
        description="`iqr`: median plus interquartile ranges. `contribution`: no squared weight "
        "above a multiple of the mean squared weight. `mse`: smallest estimated mean squared error "
        "over the headline proportions. `fixed`: the number `cap`. `none`: never.",
    )
    iqr_multiple: float = Field(
        default=5.0,
        gt=0,
        le=1000,
        description="The cap is the median plus this many interquartile ranges.",
    )
    contribution: float = Field(
        default=10.0, gt=1, le=1000, description="Multiple of the method `contribution`."
    )
    cap: float | None = Field(
        default=None, gt=0, le=1e9, description="Largest weight, for the method `fixed`."
    )
    only_above_deff: float = Field(
        default=2.0,
        ge=1,
        le=100,
        description="Weights are capped only where the Kish deff exceeds this.",
    )

    @model_validator(mode="after")
    def _fixed_has_a_cap(self) -> "Trimming":
        if (self.method == "fixed") != (self.cap is not None):
            raise ValueError("'cap' goes with the method 'fixed', and with no other")
        return self


class Calibration(Section):
    """How margins are met."""

    method: Literal["raking", "linear", "logit"] = Field(
        default="raking",
        description="`raking`: multiplicative. `linear`: generalised regression. `logit`: between "
        "`bounds`.",
    )
    bounds: tuple[float, float] | None = Field(
        default=None,
        description="Smallest and largest factor by which calibration may change a weight, around "
        "1; needed for `logit`, cuts off the other two.",
    )

    @model_validator(mode="after")
    def _bounds_hold_one(self) -> "Calibration":
        if self.method == "logit" and self.bounds is None:
            raise ValueError("the method 'logit' needs 'bounds'")
        if self.bounds is not None and not 0 <= self.bounds[0] < 1 < self.bounds[1] <= 1000:
            raise ValueError("'bounds' must be two numbers, 0 <= first < 1 < second <= 1000")
        return self


class Weighting(Section):
    """How weights come about: taken from a column, or built step by step."""

    source: Literal["column", "selection"] = Field(
        description="`column`: final weights stand in the file (mapping key `weight`). "
        "`selection`: base weights are built from selection probabilities (mapping keys "
        "`psu_probability`, `household_probability`, `eligible_children`)."
    )
    nonresponse: NonResponse | None = Field(
        default=None, description="Adjust for unit non-response; absent: no adjustment."
    )
    trimming: Trimming | None = Field(
        default=None, description="Cap extreme weights; absent: never."
    )
    margins: Names = Field(
        default=(), description="Domains calibrated to the totals in the country's margins file."
    )
    calibration: Calibration = Field(default=Calibration(), description="How the margins are met.")
