"""Write the lines of R of a published number with what they read, for whoever may see answers."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.core.files import write_csv, write_text
from disrupting_harm.provenance.explain.explain_r import (
    count_options,
    find_estimate_cell,
    has_compared_lines,
    is_of_question,
)
from disrupting_harm.provenance.explain.lookup import PublishedCell, PublishedFiles
from disrupting_harm.provenance.r_code.export_family import ALL_COUNTRY_TABLES, read_family_files
from disrupting_harm.provenance.r_code.models import ADJUSTED
from disrupting_harm.provenance.r_code.models import COUNTRIES as ADJUSTED_COUNTRIES
from disrupting_harm.provenance.r_code.recompute import (
    LINES_FILE,
    find_surveys,
    read_answers,
    write_estimate_lines,
    write_question_lines,
)
from disrupting_harm.provenance.r_code.recompute_compared import compared_lines
from disrupting_harm.provenance.r_code.shares import STANDARDISED
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study

FAMILY_FILE, CRITICAL_FILE, BOUNDS_FILE = "family.csv", "critical.csv", "bounds.csv"


def write_r_lines(
    cell: PublishedCell, published: PublishedFiles, study: Study, restricted: Path, folder: Path
) -> Path | None:
    """Write the lines of R of a number with what they read.

    Args:
        folder: where the files go; they are for their owner alone.

    Returns:
        The file of lines; None where the number has none.

    Raises:
        StudyError: if a restricted table is missing, or R's package has not the rule of the study.
    """
    if (estimate := find_estimate_cell(cell, published)) is not None:
        return write_estimate_lines(estimate.row, study, restricted, folder)
    if has_compared_lines(cell):
        table = Path(cell.file).stem
        return write_compared_lines(table, cell.row, study, restricted, folder)
    if is_of_question(cell):
        table, options = Path(cell.file).stem, count_options(cell, published)
        return write_question_lines(table, cell.row, options, study, restricted, folder)
    return None


def write_compared_lines(
    table: str, row: Mapping[str, str], study: Study, restricted: Path, folder: Path
) -> Path:
    """Write the lines of R of a row, the answers that they read, and its family.

    Args:
        table: one of :data:`COMPUTED`.
        row: of its public form.
        folder: where the files go; they are for their owner alone.

    Returns:
        The file of lines.

    Raises:
        StudyError: if a restricted table is missing, R's package has not the rule of the study, or
            the answers of a country that the row names are not here.
    """
    r_lines = compared_lines(table, row, study)
    indicator = study.codebook.indicator(row["indicator"])
    standard, comparison = study.config.comparison.standard, study.config.comparison
    domain = row.get("domain", TOTAL[0])
    if table == STANDARDISED and standard is not None:
        domain = standard.domain
    terms = comparison.adjust_for if table in (ADJUSTED, ADJUSTED_COUNTRIES) else ()
    codes = find_surveys(row, study)
    family = read_family_files(table, row, study, restricted)
    if family is not None:
        if table in ALL_COUNTRY_TABLES:
            codes = [code for code in family.countries["country"] if code in study.with_microdata]
        write_csv(folder / FAMILY_FILE, family.countries)
        if family.critical:
            write_csv(folder / CRITICAL_FILE, pd.DataFrame({"critical": family.critical}))
        if family.hidden is not None and len(family.hidden):
            write_csv(folder / BOUNDS_FILE, family.hidden)
    for code in dict.fromkeys(codes):
        answers = read_answers(code, indicator, domain, restricted, terms)
        write_csv(folder / f"{code}.csv", answers)
    write_text(folder / LINES_FILE, r_lines + "\n")
    return folder / LINES_FILE
