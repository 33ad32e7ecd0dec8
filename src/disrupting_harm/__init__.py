"""Reproducible statistical workflow for the Disrupting Harm study."""

__version__ = "0.2.0.dev0"
