"""Answers that are not there: bounds and imputation."""
