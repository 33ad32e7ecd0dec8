"""A second, independent computation by samplics, for the audit: nothing else uses it.

samplics is no longer maintained and some of its faults are silent. It is used in the ways that are
known to be right, and a difference from our own numbers stops the run.
"""
