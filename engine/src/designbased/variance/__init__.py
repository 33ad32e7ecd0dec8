"""Design variances of sums, from which every standard error is made."""
