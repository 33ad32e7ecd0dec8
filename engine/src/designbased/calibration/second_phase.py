"""Calibrate the second phase of a sample to what the first phase told of everyone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from designbased.calibration.calibrated_errors import calibrated_frame, margin_indicators
from designbased.design.design_columns import list_rows, read_numbers, require_column
from designbased.design.two_phase_design import TwoPhaseDesign
from designbased.errors import InputError


def calibrate_second_phase(
    design: TwoPhaseDesign, frame: pd.DataFrame, columns: Sequence[str]
) -> TwoPhaseDesign:
    """Weight the second phase so that it has the totals that the first one estimates.

    The regression estimator of Särndal, Swensson & Wretman 1992, section 9.7, with a constant: the
    residuals of a regression on the columns take the place of scores in the variance of the second
    phase. Where all weights of the first phase are alike, this is R ``calibrate(design, ~columns,
    phase = 2)``; R leaves out these weights otherwise.

    Args:
        frame: one row per respondent of the first phase.
        columns: columns known in the whole first phase: numbers, or categories as text.

    Returns:
        The design with other weights.

    Raises:
        InputError: other rows; a column is missing or has missing values; the units drawn are no
            single rows; weights would be negative; the weights are calibrated already.
    """
    frame = design.rows.frame(frame, "survey data")
    if design.n_units < design.n_rows:
        finding = f"{design.n_rows} rows in {design.n_units} units of the second phase"
        raise InputError("design", finding, "Calibrate a second phase of single rows")
    if design.calibration is not None:
        raise InputError("design", "calibrated weights", "Name all columns in one call")
    auxiliaries = [np.ones((len(frame), 1))]
    for column in columns:
        require_column(frame, column)
        is_number = pd.api.types.is_numeric_dtype(frame[column])
        values = read_numbers(frame, column)[:, np.newaxis] if is_number else None
        auxiliaries.append(margin_indicators(frame, (column,)) if values is None else values)
    calibration = calibrated_frame(np.hstack(auxiliaries), design.weight)
    missing = calibration.values.T @ (design.phase_one.weight - design.weight)
    weight = design.weight * (1 + calibration.values @ (calibration.inverse @ missing))
    if (weight < 0).any():
        finding = f"{(weight < 0).sum()} weights below zero, {list_rows(weight < 0)}"
        raise InputError("columns", finding, "Name fewer columns, or join rare categories")
    sample = replace(design.sample, weight=weight)
    return replace(design, sample=sample, calibration=calibration)
