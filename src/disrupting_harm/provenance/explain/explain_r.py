"""The lines of R of a published number, or from what it is computed where it has none."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.explain.explain_survey import Line
from disrupting_harm.provenance.explain.lookup import PublishedCell, PublishedFiles
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.r_code.recompute import (
    OPTIONS,
    PAIRS,
    estimate_lines,
    question_lines,
)
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
WITHOUT_R_LINES = {
    "prevalence": "the lines of {country}/{indicator}/estimate",
    "bound_pairs": "no lines: it follows from pairwise.csv and bounds.csv by the rule above",
    "associations": "no lines of its own: svyglm(family = quasibinomial()) of the answers of each "
    "country, then rma(method = 'REML', test = 'adhoc') of R's package metafor, of their slopes",
    "comparability": "no lines: facts on the surveys, which are not computed",
    "needs": "no lines: it follows from the printed numbers by the rule above",
    "trends": "no lines of its own: svyglm(family = quasibinomial) of the stacked surveys",
    "waves": "no lines: facts on the surveys, which are not computed",
}


def explain_in_r(cell: PublishedCell, published: PublishedFiles, study: Study) -> list[Line]:
    """Return the lines of R of a printed number; of one without, what it is computed from.

    Of what is not printed nothing is said.
    """
    table = Path(cell.file).stem
    estimate = find_estimate_cell(cell, published)
    if estimate is not None and not estimate.row["estimate"]:
        return []
    if estimate is not None:
        return [explain_estimate_in_r(estimate.row, study)]
    if has_compared_lines(cell):
        lines = [_lines_or_reason(lambda: compared_lines(table, cell.row, study))]
        return lines if cell.text else []
    if is_of_question(cell):
        options = count_options(cell, published)
        lines = [_lines_or_reason(lambda: question_lines(table, cell.row, options, study))]
        return lines if cell.text else []
    if not cell.row or table not in WITHOUT_R_LINES:
        return []
    values = {name: address_part(value) for name, value in cell.row.items()}
    return [("in R", WITHOUT_R_LINES[table].format_map(values))]


def r_lines_of_table(table: str, indicator: str, study: Study) -> tuple[str, str]:
    """Return the lines of R of each row of an indicator in a table, and why there are none.

    One of the two is empty. Words in capitals stand for what a row has. The lines stand below
    those of :func:`r_settings_of_indicator`.
    """
    row = {**ANY_ROW, "indicator": indicator}
    if table not in COMPUTED:
        return "", WITHOUT_R_LINES[table].format_map(row)
    try:
        check_limits(table, study.codebook.indicator(indicator), study)
    except StudyError as error:
        return "", f"no lines: {error.found}"
    return call_in_r(table, row, study), ""


def r_settings_of_indicator(
    tables: Collection[str], indicator: str, study: Study
) -> tuple[str, str]:
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


def explain_estimate_in_r(row: Mapping[str, str], study: Study) -> Line:
    """Return the lines of R of a row of the table of estimates, or why there are none."""
    return _lines_or_reason(lambda: estimate_lines(row, study))


def _lines_or_reason(lines: Callable[[], str]) -> Line:
    try:
        return ("in R", lines())
    except StudyError as error:
        return ("in R", f"no lines: {error.found}")


def find_estimate_cell(cell: PublishedCell, published: PublishedFiles) -> PublishedCell | None:
    """Return the estimate of a survey that a number is, or is a copy of."""
    if cell.file.endswith(f"/{ESTIMATES}.csv"):
        return cell
    if cell.file == f"{_COMPARED}{_PREVALENCE}.csv":
        segments = (address_part(cell.row[name]) for name in ("country", "indicator"))
        return published.find_cell("/".join([*segments, "estimate"]))
    return None


def has_compared_lines(cell: PublishedCell) -> bool:
    """Return whether a number is of a table of comparisons that has lines of its own."""
    return not cell.file.startswith("evidence/") and Path(cell.file).stem in COMPUTED


def is_of_question(cell: PublishedCell) -> bool:
    """Return whether a number is of an option of a question, or of a child and a caregiver."""
    return cell.file.startswith("countries/") and Path(cell.file).stem in (OPTIONS, PAIRS)


def count_options(cell: PublishedCell, published: PublishedFiles) -> int:
    """Return how many options the question of a number has; 0 of a pair of respondents."""
    if Path(cell.file).stem != OPTIONS:
        return 0
    rows = published.addressed_rows(cell.address.partition("/")[0], OPTIONS).values()
    return sum(row["question"] == cell.row["question"] for row in rows)
