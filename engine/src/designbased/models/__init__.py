"""Regression models with design-based errors."""

from designbased.errors import require

require("models", "statsmodels", "patsy")
