"""Documents for readers: briefs, country reports, the regional report, data books."""
