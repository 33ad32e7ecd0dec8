"""Figures of the comparison across countries, drawn from its public tables alone."""
