"""Reproducible statistical workflow for the Disrupting Harm study."""
