"""Stage *diagnostics*: restricted pictures of a country's data, and a table of its fieldwork."""

from typing import Any

from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.diagnostics.fieldwork import tabulate_fieldwork
from disrupting_harm.report.diagnostics.page import DiagnosticTables, draw_diagnostics_page
from disrupting_harm.report.diagnostics.style import render_pdf
from disrupting_harm.study.country_names import english_name
from disrupting_harm.study.microdata.sample import is_of_few
from disrupting_harm.tables.contracts import ANSWERS, SAMPLE, restricted_contract
from disrupting_harm.tables.io import read_table, write_table


def draw_diagnostics(
    *,
    country: str,
    row: dict[str, Any],
    sample: str,
    answers: str,
    weights: str,
    margins: str,
    estimates: str,
    page_output: str,
    fieldwork_output: str,
) -> None:
    """Write the page of diagnostics of one survey as PDF, and interviews by interviewer and day.

    Args:
        row: of the survey in the countries file.
    """
    tables = DiagnosticTables(
        read_table(sample, SAMPLE, is_of_few),
        read_table(answers, ANSWERS),
        read_table(weights, restricted_contract("country/weights")),
        read_table(margins, restricted_contract("country/margins")),
        read_table(estimates, restricted_contract("country/estimates")),
    )
    simulated = bool(tables.sample["simulated"].iloc[0])
    name = f"{english_name(row['country'], row['name'])} ({country})"
    write_table(
        fieldwork_output,
        tabulate_fieldwork(tables.sample, tables.answers),
        restricted_contract("country/fieldwork"),
        simulated,
    )
    write_bytes(page_output, render_pdf(draw_diagnostics_page(name, tables, simulated=simulated)))
