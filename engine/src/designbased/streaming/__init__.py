"""Surveys larger than memory, read from files piece by piece."""
