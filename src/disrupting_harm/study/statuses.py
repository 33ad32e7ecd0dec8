"""Fixed words in the columns of tables of estimates: the total, statuses, kinds of data.

``suppress_reliability`` is hidden because it is too uncertain, ``suppress_disclosure`` to protect
respondents. ``not_asked`` is hidden from nobody: the survey did not ask. A level in which nobody
was interviewed is no cell and has no row; ``nobody_interviewed`` is printed where a table keeps its
place, and ``same_answers`` where its groups are made of the answers that it counts.
"""

from collections.abc import Mapping

# The domain of all children of a country, and its one level.
TOTAL = ("total", "all")
# The group of all countries in the table of averages.
ALL_COUNTRIES = "all"
NOT_ASKED = "not_asked"
NOBODY_INTERVIEWED = "nobody_interviewed"
SAME_ANSWERS = "same_answers"
# Why a country is not compared on what its survey did not ask.
UNASKED_REASON = "not asked in this survey"
# Why a country has no part in a model of all countries' children.
AT_HOME = "not in the model: the microdata stay at home"
RELIABILITY = ("present", "caution", "review", "suppress", NOT_ASKED)
SHOWN_STATUSES = ("present", "caution", "review")
SUPPRESS_RELIABILITY = "suppress_reliability"
SUPPRESS_DISCLOSURE = "suppress_disclosure"
# Why a hidden number is so that was wrong: too few answers change for a new one.
RETRACTED_REASON = "retracted"
HIDDEN_STATUSES = (SUPPRESS_RELIABILITY, SUPPRESS_DISCLOSURE)
STATUSES = (*SHOWN_STATUSES, *HIDDEN_STATUSES, NOT_ASKED)
# The status of the answers to a question that no indicator counts.
NO_INDICATOR = "no_indicator"
# Why a change between waves has no numbers: what was asked has changed, or an estimate is hidden.
BREAK = "break"
HIDDEN = "hidden"
# Between which shares an estimate lies, where these are printed in its place.
BOUND = ("bound_low", "bound_high")
# How far a translated text was reviewed, the lowest first: none is printed in English.
TRANSLATION_LEVELS = ("none", "draft", "reviewed", "approved")
# What a figure is: nobody counted it, only some may see its source, or everyone may.
DATA_KINDS = ("simulated", "observed", "published")


def data_kind(simulated: bool) -> str:
    """Return what the estimates of a survey are: ``simulated`` or ``observed``."""
    return "simulated" if simulated else "observed"


def is_total(row: Mapping[str, str]) -> bool:
    """Return whether a row of estimates is about everyone, and not about a group."""
    return (row["domain"], row["level"]) == TOTAL
