"""Columns of public tables that hold shares, or differences of shares, in whole per cents.

Publication rounds them once, from the values at full precision; documents print no others. Beside
each stands the column of its share as published, which may have a decimal more.
"""

WHOLE = {"estimate": "whole", "ci_low": "whole_low", "ci_high": "whole_high"}
WHOLE_PREDICTION = {
    "prediction_low": "whole_prediction_low",
    "prediction_high": "whole_prediction_high",
}
POINTS = {
    "difference": "points",
    "ci_low": "points_low",
    "ci_high": "points_high",
}
