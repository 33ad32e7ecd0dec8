"""Stage *weight*: weights of the interviewed children, with diagnostics of every step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from designbased.calibration.calibrate import MarginCalibration
from designbased.weighting.nonresponse_propensity import RATE_OF_FIVE_CLASSES, PropensityOptions
from designbased.weighting.pipeline import WeightResult, build_weights
from designbased.weighting.settings import WeightingSettings
from disrupting_harm.core.errors import add_location
from disrupting_harm.core.files import write_csv, write_json
from disrupting_harm.study.configuration.weighting_config import Weighting
from disrupting_harm.study.microdata.margins import read_margins
from disrupting_harm.study.microdata.sample import is_of_few, is_respondent
from disrupting_harm.tables.contracts import INDICATORS, SAMPLE, restricted_contract
from disrupting_harm.tables.io import read_table, write_table


def weight_country(
    *,
    sample: str,
    margins: str | None = None,
    indicators: str | None = None,
    weighting: dict[str, Any],
    key_indicators: Sequence[str],
    weights_output: str,
    units_output: str,
    diagnostics_output: str,
    margins_output: str,
    steps_output: str,
    collapses_output: str,
) -> None:
    """Write the weights of one country with diagnostics as tables.

    ``indicators`` is the table of indicators where trimming weighs ``key_indicators``, else None.
    """
    sample_frame = read_table(sample, SAMPLE, is_of_few)
    trimming_indicators = (
        read_table(indicators, INDICATORS)[list(key_indicators)] if indicators else None
    )
    result = compute_weights(
        sample_frame, Weighting.model_validate(weighting), margins, trimming_indicators
    )
    simulated = bool(sample_frame["simulated"].iloc[0])
    write_table(weights_output, result.weights, restricted_contract("country/weights"), simulated)
    write_table(units_output, result.units, restricted_contract("country/units"), simulated)
    write_json(diagnostics_output, result.diagnostics)
    write_csv(margins_output, result.margins)
    write_csv(steps_output, result.steps)
    write_csv(collapses_output, result.collapses)


def compute_weights(
    sample: pd.DataFrame,
    weighting: Weighting,
    margins: str | Path | None,
    key_indicators: pd.DataFrame | None,
) -> WeightResult:
    """Return the weights of one country's children.

    Args:
        sample: the prepared sample.
        margins: the country's margins file, where weights are calibrated.
        key_indicators: by which trimming is judged, where its method is ``mse``.

    Raises:
        StudyError: a fault in the margins, or weights that cannot meet them.
    """
    settings = build_weighting_settings(weighting)
    targets = read_margins_of_sample(sample, margins, settings.margins) if margins else None
    with add_location(f"country {sample['country'].iloc[0]}"):
        return build_weights(sample, settings, targets, key_indicators)


def read_margins_of_sample(
    sample: pd.DataFrame, margins: str | Path, domain_ids: Sequence[str]
) -> pd.DataFrame:
    """Read the population totals to which the interviewed children are calibrated."""
    return read_margins(
        margins, tuple(domain_ids), sample.loc[is_respondent(sample), list(domain_ids)]
    )


def build_weighting_settings(weighting: Weighting) -> WeightingSettings:
    """Translate the configuration's section into the settings of the library."""
    nonresponse, trimming = weighting.nonresponse, weighting.trimming
    calibration = weighting.calibration
    selected = weighting.source == "selection"
    return WeightingSettings(
        weight=None if selected else "weight",
        psu_probability="psu_probability" if selected else None,
        household_probability="household_probability" if selected else None,
        eligible_children="eligible_children" if selected else None,
        nonresponse_classes=nonresponse.classes if nonresponse else None,
        nonresponse_method=nonresponse.method if nonresponse else "classes",
        propensity=PropensityOptions(nonresponse.propensity_classes, nonresponse.propensity_factor)
        if nonresponse
        else RATE_OF_FIVE_CLASSES,
        min_respondents=nonresponse.min_respondents if nonresponse else 1,
        max_factor=nonresponse.max_factor if nonresponse else 1.0,
        trim_method=trimming.method if trimming else "none",
        trim_iqr_multiple=trimming.iqr_multiple if trimming else None,
        trim_contribution=trimming.contribution if trimming else 10.0,
        trim_cap=trimming.cap if trimming else None,
        trim_above_deff=trimming.only_above_deff if trimming else None,
        margins=weighting.margins,
        calibration=MarginCalibration(calibration.method, calibration.bounds),
        stratum_column="stratum",
        psu_column="psu",
    )
