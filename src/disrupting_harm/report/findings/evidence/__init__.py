"""Texts and tables on evidence beside the survey, for a country's documents and figures."""
