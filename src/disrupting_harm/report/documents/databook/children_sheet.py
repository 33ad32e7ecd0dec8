"""The sheet of numbers of children: shares of a survey, scaled to the country."""

from collections.abc import Sequence

from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    RowCell,
    Sheet,
    Value,
    add_mark,
    count_cells,
    create_table_sheet,
    whole_cells,
)
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

USERS = "internet_using_children"


def create_children_sheet(
    translator: Translator[Markdown],
    labels: Labels,
    rows: Sequence[PublicRow],
    population: str,
    mark: str,
) -> list[Sheet]:
    """Return the sheet of one country; none where the study scales no share of it.

    Args:
        rows: of ``denominators.csv``, of the country.
        population: the population of the survey, as printed.
        mark: what stands behind the title; may be empty.
    """
    shown = [row for row in rows if row["estimate"]]
    if not shown:
        return []

    def name_base(row: PublicRow) -> Value:
        everyone = translator("all {respondents} of that age, online or not")
        return population if row["denominator"] == USERS else everyone

    columns: Sequence[tuple[Column, RowCell]] = (
        (Column(translator("Indicator"), 46), lambda row: labels.indicator(row["indicator"])),
        (Column(translator("Base"), 34), name_base),
        (Column(translator("Per cent"), 10), whole_cells("whole")),
        (Column(translator("Lower limit"), 10), whole_cells("whole_low")),
        (Column(translator("Upper limit"), 10), whole_cells("whole_high")),
        (Column(translator("Number"), 12), count_cells("children")),
        (Column(translator("Number, lower limit"), 12), count_cells("children_low")),
        (Column(translator("Number, upper limit"), 12), count_cells("children_high")),
        (Column(translator("Population"), 14), count_cells("population")),
        (Column(translator("Use the internet, per cent"), 12), _format_use),
        (Column(translator("Source of the population"), 40), lambda row: row["population_source"]),
        (
            Column(translator("Source of internet use"), 40),
            lambda row: row["internet_use_source"],
        ),
        (Column(translator("Code"), 24, printed=False), lambda row: row["indicator"]),
    )
    name = translator("Numbers of {respondents}")
    return [create_table_sheet(name, add_mark(name, mark), columns, shown)]


def _format_use(row: PublicRow) -> Value:
    rate = row["internet_use_rate"]
    digits = max(len(rate.partition(".")[2]) - 2, 0)
    return Number(round(100 * float(rate), digits), digits) if rate else None
