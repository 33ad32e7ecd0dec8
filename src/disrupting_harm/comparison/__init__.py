"""Comparison across countries."""
