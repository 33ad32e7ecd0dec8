"""The lines of R of a published number, or from what it is computed where it has none."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.addresses import part
from disrupting_harm.provenance.explain_survey import Line
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.published import Place, Published
from disrupting_harm.provenance.recompute import r_lines
from disrupting_harm.provenance.recompute_compared import (
    ANY_ROW,
    COMPUTED,
    call_in_r,
    compared_lines,
    functions_in_r,
)
from disrupting_harm.study.study import Study

_COMPARED, _PREVALENCE = "comparison/", "prevalence"
_ALL = (
    "no lines of its own: it is of all countries, from their estimates, standard errors and "
    "degrees of freedom (restricted/release), by the formula above"
)
_POISSON = "no lines of its own: svyglm(family = quasipoisson(log)) of the children"
# Why a number has no lines of its own, and from what another may compute it.
WITHOUT = {
    "prevalence": "the lines of {country}/{indicator}/estimate",
    "against_region": f"{_ALL}; the lines of each estimate are those of {{country}}/{{indicator}}/"
    "estimate",
    "rank_sets": f"{_ALL}; compared with R's csranks, whose draws are others",
    "pooled": f'{_ALL}; random_effects is metafor\'s rma(y, v, method = "REML", test = "adhoc")',
    "leave_one_out": "as random_effects of pooled.csv, without the country",
    "standardised": "no lines of its own: svystandardize over the groups of comparison.standard, "
    "with the limits above",
    "bounds": "no lines of its own: svymean of whether an answer is valid, and of the valid "
    "answers, with the limits above",
    "bound_pairs": "no lines: it follows from pairwise.csv and bounds.csv by the rule above",
    "silence_claims": "no lines of its own: from the ratios of pairwise.csv and gaps.csv, which "
    "have lines, by the formula above",
    "silence_ranks": _ALL,
    "denominators": "the lines of {country}/{indicator}/estimate, times the rate and the number of "
    "children in the row",
    "adjusted": f"{_POISSON} with every answer, by the terms of comparison.adjust_for",
    "adjusted_countries": f"{_POISSON} of all countries, by the same terms",
    "comparability": "no lines: facts on the surveys, which are not computed",
    "questions": "the lines of {country}/{option}/estimate, with limits at the level 1 − α / K of "
    "K options",
    "dyads": "no lines of its own: svymean among children who do, and svykappa of the pairs",
    "changes": "no lines of its own: two estimates, whose lines are those of the two surveys; "
    "where PSUs are shared, with their covariance",
    "trends": "no lines of its own: svyglm(family = quasibinomial) of the stacked surveys",
    "waves": "no lines: facts on the surveys, which are not computed",
}


def in_r(place: Place, published: Published, study: Study) -> list[Line]:
    """Return the lines of R of a printed number; of one without, what it is computed from.

    Of an estimate that is not printed nothing is told.
    """
    table = Path(place.file).stem
    cell = cell_of(place, published)
    if cell is not None and not cell.row["estimate"]:
        return []
    if cell is not None:
        return [of_estimate(cell.row, study)]
    if is_compared(place):
        return [_lines_or_why(lambda: compared_lines(table, place.row, study))]
    if not place.row or table not in WITHOUT:
        return []
    named = {name: part(value) for name, value in place.row.items()}
    return [("in R", WITHOUT[table].format_map(named))]


def of_compared_table(table: str, indicator: str, study: Study) -> str:
    """Return the lines of R that are the own of each row of an indicator in a table.

    Words in capitals stand for what a row has. Below :func:`shared_lines`; or in words, from what
    its numbers are computed.
    """
    row = {**ANY_ROW, "indicator": indicator}
    return call_in_r(table, row, study) if table in COMPUTED else WITHOUT[table].format_map(row)


def shared_lines(tables: Collection[str], indicator: str, study: Study) -> tuple[str, str]:
    """Return the lines of R that the tables of the comparison have in common, and why none are.

    One of the two is empty; both are where no table has lines of its own.
    """
    own = [table for table in tables if table in COMPUTED]
    if not own:
        return "", ""
    try:
        return functions_in_r(own, study.codebook.indicator(indicator), study), ""
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
