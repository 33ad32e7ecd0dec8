"""Regression models with design-based errors."""

from disrupting_harm.errors import require

require("models", "statsmodels", "patsy")
