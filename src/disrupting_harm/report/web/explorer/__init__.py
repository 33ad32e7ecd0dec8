"""The explorer: one page a language that holds every published estimate and needs no network.

::

    tables    the public tables that it holds, packed column by column
    facts     what is known of indicators, groups and countries, in one language
    wording   the messages of its script
    still     the estimates of everyone as tables, for readers without a script
    page      all of it in one file

Public files alone are read. The page prints what they say and computes no number of its own: a
difference or a sum of groups could give back what is hidden.
"""

from disrupting_harm.report.web.explorer.page import write_explorer

__all__ = ["write_explorer"]
