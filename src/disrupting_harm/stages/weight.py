"""Stage *weight*: weights of the interviewed children and the account of how they came about."""

from pathlib import Path
from typing import Any

from disrupting_harm.files import write_csv, write_json
from disrupting_harm.report.figures.weights_picture import draw_weights
from disrupting_harm.study.config import Weighting
from disrupting_harm.study.contracts import SAMPLE, WEIGHTS, read_table, write_table
from disrupting_harm.study.margins import read_margins
from disrupting_harm.study.sample import is_respondent
from disrupting_harm.survey.weighting import WeightingSettings, build_weights


def weight_country(
    *,
    sample: str,
    margins: str | None,
    weighting: dict[str, Any],
    weights_output: str,
    diagnostics_output: str,
    margins_output: str,
    steps_output: str,
    collapses_output: str,
    picture_output: str,
) -> None:
    """Write the weights of one country with diagnostics as tables and a picture."""
    drawn = read_table(sample, SAMPLE)
    settings = settings_of(Weighting.model_validate(weighting))
    targets = None
    if margins:
        interviewed = drawn[is_respondent(drawn)]
        levels = {name: sorted(interviewed[name].dropna().unique()) for name in settings.margins}
        targets = read_margins(margins, settings.margins, levels)
    result = build_weights(drawn, settings, targets)
    simulated = bool(drawn["simulated"].iloc[0])
    write_table(weights_output, result.weights, WEIGHTS, simulated)
    write_json(diagnostics_output, result.diagnostics)
    write_csv(margins_output, result.margins)
    write_csv(steps_output, result.steps)
    write_csv(collapses_output, result.collapses)
    draw_weights(
        result.weights,
        result.diagnostics,
        result.margins,
        Path(picture_output),
        simulated=simulated,
    )


def settings_of(weighting: Weighting) -> WeightingSettings:
    """Translate the configuration's section into the settings of the library."""
    nonresponse, trimming = weighting.nonresponse, weighting.trimming
    selected = weighting.source == "selection"
    return WeightingSettings(
        weight=None if selected else "weight",
        psu_probability="psu_probability" if selected else None,
        household_probability="household_probability" if selected else None,
        eligible_children="eligible_children" if selected else None,
        nonresponse_classes=nonresponse.classes if nonresponse else None,
        min_respondents=nonresponse.min_respondents if nonresponse else 1,
        max_factor=nonresponse.max_factor if nonresponse else 1.0,
        trim_iqr_multiple=trimming.iqr_multiple if trimming else None,
        trim_above_deff=trimming.only_above_deff if trimming else None,
        margins=weighting.margins,
    )
