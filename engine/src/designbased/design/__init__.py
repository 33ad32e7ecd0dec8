"""Designs and data: rows, strata, sampling units, and answers as numbers."""
