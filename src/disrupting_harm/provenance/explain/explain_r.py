"""The lines of R of a published number, or from what it is computed where it has none."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import part
from disrupting_harm.provenance.explain.explain_survey import Line
from disrupting_harm.provenance.explain.lookup import Place, Published
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS, question_lines, r_lines
from disrupting_harm.provenance.r_code.recompute_compared import (
    ANY_ROW,
    COMPUTED,
    call_in_r,
    check_limits,
    compared_lines,
    settings_in_r,
)
from disrupting_harm.study.study import Study

_COMPARED, _PREVALENCE = "comparison/", "prevalence"
# Why a number has no lines of its own, and from what another may compute it.
WITHOUT = {
    "prevalence": "the lines of {country}/{indicator}/estimate",
    "bound_pairs": "no lines: it follows from pairwise.csv and bounds.csv by the rule above",
    "comparability": "no lines: facts on the surveys, which are not computed",
    "changes": "no lines of its own: two estimates, whose lines are those of the two surveys; "
    "where PSUs are shared, with their covariance",
    "trends": "no lines of its own: svyglm(family = quasibinomial) of the stacked surveys",
    "waves": "no lines: facts on the surveys, which are not computed",
}


def in_r(place: Place, published: Published, study: Study) -> list[Line]:
    """Return the lines of R of a printed number; of one without, what it is computed from.

    Of what is not printed nothing is told.
    """
    table = Path(place.file).stem
    cell = cell_of(place, published)
    if cell is not None and not cell.row["estimate"]:
        return []
    if cell is not None:
        return [of_estimate(cell.row, study)]
    if is_compared(place):
        told = [_lines_or_why(lambda: compared_lines(table, place.row, study))]
        return told if place.text else []
    if is_of_question(place):
        options = options_of(place, published)
        told = [_lines_or_why(lambda: question_lines(table, place.row, options, study))]
        return told if place.text else []
    if not place.row or table not in WITHOUT:
        return []
    named = {name: part(value) for name, value in place.row.items()}
    return [("in R", WITHOUT[table].format_map(named))]


def of_compared_table(table: str, indicator: str, study: Study) -> tuple[str, str]:
    """Return the lines of R that are the own of each row of an indicator in a table, and why none.

    One of the two is empty. Words in capitals stand for what a row has. The lines stand below
    those of :func:`settings_of`.
    """
    row = {**ANY_ROW, "indicator": indicator}
    if table not in COMPUTED:
        return "", WITHOUT[table].format_map(row)
    try:
        check_limits(table, study.codebook.indicator(indicator), study)
    except StudyError as error:
        return "", f"no lines: {error.found}"
    return call_in_r(table, row, study), ""


def settings_of(tables: Collection[str], indicator: str, study: Study) -> tuple[str, str]:
    """Return the lines of R with which those of an indicator begin, and why there are none.

    One of the two is empty; both are where no table has lines of its own.
    """
    if not {*tables} & {*COMPUTED}:
        return "", ""
    if not study.with_microdata:
        return "", "no answers are here, as all countries joined by statistics"
    try:
        return settings_in_r(study.codebook.indicator(indicator), study), ""
    except StudyError as error:
        return "", error.found


def of_estimate(row: Mapping[str, str], study: Study) -> Line:
    """Return the lines of R of a row of the table of estimates, or why there are none."""
    return _lines_or_why(lambda: r_lines(row, study))


def _lines_or_why(lines: Callable[[], str]) -> Line:
    try:
        return ("in R", lines())
    except StudyError as error:
        return ("in R", f"no lines: {error.found}")


def cell_of(place: Place, published: Published) -> Place | None:
    """Return the estimate of a survey that a number is, or is a copy of."""
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        return place
    if place.file == f"{_COMPARED}{_PREVALENCE}.csv":
        names = (part(place.row[name]) for name in ("country", "indicator"))
        return published.find("/".join([*names, "estimate"]))
    return None


def is_compared(place: Place) -> bool:
    """Return whether a number is of a table of the comparison that has lines of its own."""
    return place.file.startswith(_COMPARED) and Path(place.file).stem in COMPUTED


def is_of_question(place: Place) -> bool:
    """Return whether a number is of an option of a question, or of a child and a caregiver."""
    return place.file.startswith("countries/") and Path(place.file).stem in (OPTIONS, PAIRS)


def options_of(place: Place, published: Published) -> int:
    """Return how many options the question of a number has; 0 of a pair of respondents."""
    if Path(place.file).stem != OPTIONS:
        return 0
    rows = published.addressed_rows(place.address.partition("/")[0], OPTIONS).values()
    return sum(row["question"] == place.row["question"] for row in rows)
