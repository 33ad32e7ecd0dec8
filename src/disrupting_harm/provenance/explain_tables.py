"""How the other tables of a survey were made: of questions, of pairs, of change.

What is the same for a whole table stands on its page once; the command ``explain`` says it of a
number.
"""

from collections.abc import Mapping

from disrupting_harm.provenance.explain_survey import Line, base, recall
from disrupting_harm.study.study import Study

# What these tables are, and how their numbers were made.
MADE = {
    "questions": "Options of a question, among those who answered it, with the weights of the "
    "estimates. Their intervals are wider: they hold for all options of a question at once, and so "
    "does the test of which may be the first.",
    "dyads": "What a child and a caregiver of the same household say of the same, weighted as the "
    "estimates are.",
    "changes": "Estimates of two surveys of the country and their difference; printed where both "
    "asked the same.",
    "trends": "A model of the answers of all surveys of the country; it decides nothing.",
    "waves": "How the surveys of the country differ.",
}
# Columns of these tables that name an indicator.
_NAMES = ("indicator", "option", "child", "caregiver")


def of_country_table(table: str, row: Mapping[str, str], study: Study) -> list[Line]:
    """Return what is told of a number of one of these tables beside its row.

    Args:
        table: one of :data:`MADE`.
        row: its row.
        study: configuration and codebook.
    """
    known = {one.id: one for one in study.codebook.indicators}
    named = [known[row[name]] for name in _NAMES if row.get(name) in known]
    of = [("of", f"{one.label}, of {base(one, study)}; {recall(one)}") for one in named]
    # Answers that no indicator counts, and how surveys differ, are of everyone.
    return [*(of or [("of", study.config.study.population)]), ("table", MADE[table])]


def statistic_of(row: Mapping[str, str], study: Study) -> str:
    """Return the statistic of the indicator that a row is of; "" where it is of none."""
    statistics = study.codebook.statistics
    return next((statistics[row[name]] for name in _NAMES if row.get(name) in statistics), "")
