"""How each number of a country was made: one page a survey, with an anchor for each address.

::

    numbers   the estimates of a survey, by indicator
    common    what all of them have in common: who was asked, weights, formulas, rules
    tables    the other public tables of the country, and its facts on the data
    page      all of it in one file without a script

It says what the command ``explain`` says to everyone, by the same functions
(:mod:`disrupting_harm.provenance.explain_survey`). What is the same for
all numbers is said once, then what is the same for those of an indicator; a row has what is left.
Public files and the study's definitions alone are read.
"""

from disrupting_harm.report.explained.page import write_explained

__all__ = ["write_explained"]
