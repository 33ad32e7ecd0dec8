"""Simulated evidence, for tables that are not public."""
