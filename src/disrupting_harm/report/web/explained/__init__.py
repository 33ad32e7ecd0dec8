"""How each published number was made: pages with an anchor for each address.

::

    numbers      the estimates of a survey, by indicator
    common       what all of them have in common: who was asked, weights, formulas, rules
    tables       rows of other public tables, and facts on the data
    page         the page of a survey
    table_pages  the pages of the comparison, one an indicator, and of evidence, one an area
    layout       what all pages share; none has a script
    check        every page against what is published

They say what the command ``explain`` says to everyone, by the same functions
(:mod:`disrupting_harm.provenance`). What is the same for all numbers is said once, then what is the
same for those of an indicator or a table; a row has what is left. Public files and the study's
definitions alone are read.
"""

from disrupting_harm.report.web.explained.comparison_and_evidence import (
    write_compared,
    write_evidence,
)
from disrupting_harm.report.web.explained.survey import write_explained

__all__ = ["write_compared", "write_evidence", "write_explained"]
