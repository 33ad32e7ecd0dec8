"""Missing answers: bounds and imputation."""
