"""The regional report, which compares the countries. In English."""
