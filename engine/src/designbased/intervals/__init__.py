"""Confidence limits of proportions, also with few or no cases."""
