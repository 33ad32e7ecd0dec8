"""Differences between countries and between groups: gaps, ranks, and each against its region."""
