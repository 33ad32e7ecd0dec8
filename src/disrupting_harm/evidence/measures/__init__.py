"""Rates, changes, shares and ranks of public tables of evidence, and what may be shown."""
