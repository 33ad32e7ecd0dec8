"""The regional report: the comparison of countries, told in order. In English."""
