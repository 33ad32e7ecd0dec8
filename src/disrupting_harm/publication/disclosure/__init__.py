"""Publication safety: reliability rules, disclosure control, rounding."""
