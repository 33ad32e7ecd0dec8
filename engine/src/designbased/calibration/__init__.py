"""Weights that meet known totals, and what that leaves of sampling error."""
