"""Figures of evidence beside the survey: reports, records, capacity, services, policy."""
