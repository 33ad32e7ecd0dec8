"""Restricted pictures of a country's data for statisticians and reviewers, drawn with seaborn."""
