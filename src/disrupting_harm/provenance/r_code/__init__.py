"""Lines of R that compute numbers of the comparison again, by what is compared.

Each module has functions in R, by name, and the calls of its tables: which functions a call needs,
and its text, in which ``{}`` stands for a value of the row or of the configuration.
"""
