"""The explorer: one page a language that holds every published estimate and needs no network.

::

    packed_tables  public tables, packed column by column into one text
    facts          indicators, groups and countries in words;
                   the estimates of everyone as tables, for readers without a script
    messages       the messages of its script
    page           all of it in one file

Public files alone are read. The page prints what they say and computes no number of its own: a
difference or a sum of groups could give back what is hidden.
"""

from disrupting_harm.report.web.explorer.page import write_explorer

__all__ = ["write_explorer"]
