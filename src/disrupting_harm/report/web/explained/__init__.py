"""How each published number was made: pages with an anchor for each address.

::

    survey                   the page of a survey
    indicator_sections       its estimates by indicator, with what those of each share
    survey_methods           what all of them share: who took part, weights, formulas and rules
    tables                   rows of other public tables, and facts on the data
    difference_sentences     differences of the comparison in words
    need_sentences           actions that countries need in words
    record_sentences         rows of evidence in words
    row_sentences            what all three say of a row
    comparison_and_evidence  pages of the comparison, one an indicator, and of evidence, one an area

Pages have one script, which gives a number that is shown alone a title. They say what the command
``explain`` says to everyone, by the same functions (:mod:`disrupting_harm.provenance`). What is the
same for all numbers is said once, then what is the same for those of an indicator or a table; a row
has what is left. Public files and the study's definitions alone are read.
"""

from disrupting_harm.report.web.explained.comparison_and_evidence import (
    write_comparison_pages,
    write_evidence_pages,
    write_needs_page,
)
from disrupting_harm.report.web.explained.survey import write_survey_page

__all__ = [
    "write_comparison_pages",
    "write_evidence_pages",
    "write_needs_page",
    "write_survey_page",
]
