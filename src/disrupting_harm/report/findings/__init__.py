"""Findings of the country report: what they say, which claim their numbers bear, how sure it is."""
