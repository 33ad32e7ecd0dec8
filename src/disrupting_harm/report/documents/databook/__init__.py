"""Data books: all that is published of a country, or of all together, for statisticians."""
