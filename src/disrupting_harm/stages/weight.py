"""Stage *weight*: weights of the interviewed children and the account of how they came about."""

from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.files import write_csv, write_json, write_parquet
from disrupting_harm.report.figures.weights_picture import draw_weights
from disrupting_harm.study.config import Weighting
from disrupting_harm.survey.weighting import WeightingSettings, build_weights


def weight_country(
    *,
    sample: Path,
    margins: Path | None,
    weighting: dict[str, Any],
    weights_output: Path,
    diagnostics_output: Path,
    margins_output: Path,
    steps_output: Path,
    collapses_output: Path,
    picture_output: Path,
) -> None:
    """Write the weights of one country with diagnostics as tables and a picture."""
    drawn = pd.read_parquet(sample)
    targets = None if margins is None else pd.read_csv(margins, keep_default_na=False)
    result = build_weights(drawn, settings_of(Weighting.model_validate(weighting)), targets)
    weights = result.weights.assign(simulated=bool(drawn["simulated"].iloc[0]))
    write_parquet(weights_output, weights)
    write_json(diagnostics_output, result.diagnostics)
    write_csv(margins_output, result.margins)
    write_csv(steps_output, result.steps)
    write_csv(collapses_output, result.collapses)
    draw_weights(result.weights, result.diagnostics, result.margins, picture_output)


def settings_of(weighting: Weighting) -> WeightingSettings:
    """Translate the configuration's section into the settings of the library."""
    nonresponse, trimming = weighting.nonresponse, weighting.trimming
    selection = (
        {"weight": "weight"}
        if weighting.source == "column"
        else {
            name: name for name in ("psu_probability", "household_probability", "eligible_children")
        }
    )
    return WeightingSettings(
        **selection,
        nonresponse_classes=nonresponse.classes if nonresponse else None,
        min_respondents=nonresponse.min_respondents if nonresponse else 1,
        max_factor=nonresponse.max_factor if nonresponse else 1.0,
        trim_iqr_multiple=trimming.iqr_multiple if trimming else None,
        trim_above_deff=trimming.only_above_deff if trimming else None,
        margins=weighting.margins,
    )
