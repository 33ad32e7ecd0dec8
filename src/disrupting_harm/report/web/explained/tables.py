"""Published numbers beside a survey's estimates: rows of tables, and facts on the data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from disrupting_harm.comparison import NEEDS
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import (
    COMPARE,
    EVERYWHERE,
    add_addresses,
    address_of,
    address_part,
    cell_with_address,
)
from disrupting_harm.provenance.anchors import anchor_of_row
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.explain.explain_compared import explain_compared_table
from disrupting_harm.provenance.explain.explain_r import WITHOUT_R_LINES, r_lines_of_table
from disrupting_harm.provenance.explain.explain_survey import (
    COUNTRY_TABLE_METHODS,
    Line,
    explain_evidence_table,
)
from disrupting_harm.provenance.explain.lookup import PublishedFiles, addressed_leaves, table_file
from disrupting_harm.provenance.primary_keys import (
    COUNTRY_KEYS,
    ESTIMATES,
    EVIDENCE_KEYS,
    primary_key_of,
)
from disrupting_harm.provenance.r_code.changes import CHANGES
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.web.explained.difference_sentences import DifferenceSentences
from disrupting_harm.report.web.explained.need_sentences import describe_needs
from disrupting_harm.report.web.explained.record_sentences import NOT_PRINTED, describe_records
from disrupting_harm.report.web.explained.row_sentences import RowText
from disrupting_harm.study.study import Study
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.quality_facts import IN_SHORT

# Between the cells of a row on a page: reasons have semicolons of their own.
BETWEEN = " · "
# Columns that a page of one country or indicator says once, or does not say.
# Whole per cents follow from the estimates.
_OF_SURVEY = ("country", "data_kind", *WHOLE.values())
_OF_INDICATOR, _OF_AREA = ("indicator",), ("country",)
SHOWN_FACTS = {
    "quality": "The data, their weights and how many answered. Of counts below 10 none is told.",
    "disclosure": "How many numbers are hidden, and what was tried to work them back.",
}

# What tables of the comparison are called in headings, in the order of the pages.
COMPARED_TITLES = {
    "prevalence": "Estimates of countries",
    "pairwise": "Pairs of countries",
    "against_region": "Countries and the means of their regions",
    "gaps": "Groups within countries",
    "gap_pairs": "Gaps of pairs of countries",
    "rank_sets": "Possible ranks",
    "pooled": "Averages of countries",
    "leave_one_out": "Averages without one country",
    "standardised": "Estimates at the same ages and sexes",
    "bounds": "Estimates whatever was left open",
    "bound_pairs": "Pairs of countries whatever was left open",
    "silence_claims": "How much silence would turn an order",
    "silence_ranks": "Ranks whatever was kept silent",
    "denominators": "Shares of all children, and numbers of children",
    "total": "Numbers of children added up",
    "adjusted": "Groups, other things equal",
    "adjusted_countries": "Countries, other things equal",
    "associations": "What goes together",
    "needs": "What each country needs",
    "comparability": "What may be compared",
}

Row = Mapping[str, str]
# Gives rows their sentences, by their addresses.
DescribeRows = Callable[[Mapping[str, Row]], Mapping[str, RowText]]


@dataclass(frozen=True)
class Cell:
    """A row of a table, or a fact: its anchor, the group or entry, and the text of the cell.

    ``text`` is the row in words; None where it has none. ``published`` says that a source that
    everyone may read has it, so that nothing of it is simulated.
    """

    anchor: str
    name: str
    printed: str
    text: RowText | None = None
    published: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of a public table, or of a file of facts.

    Attributes:
        id: its anchor.
        title: its heading.
        lines: what it is, and how its numbers were made.
        file, digest: its file and the hash of that.
        columns: what they mean.
        same: words that are the same in every row, with their column.
        cells: the rows.
        simulated: whether any of them is.
        recipe: the lines of R of a row, below those that the tables of a page have in common.
    """

    id: str
    title: str
    lines: Sequence[Line]
    file: str
    digest: str
    columns: Sequence[Line]
    same: Sequence[Line]
    cells: Sequence[Cell]
    simulated: bool = False
    recipe: str = ""


def read_survey_tables(published: PublishedFiles, country: str) -> list[Table]:
    """Return the other tables of a country that are there, and its facts.

    What their columns mean is said by ``datapackage.json``, for all countries at once.
    """
    folder = published.public / "countries" / country
    table_names = [name for name in COUNTRY_KEYS if name != ESTIMATES]
    return [
        *(
            replace(
                _read_table(
                    published,
                    country,
                    name,
                    f"countries/{country}/{name}.csv",
                    _explain_country_table(name),
                    _OF_SURVEY,
                ),
                columns=(),
            )
            for name in table_names
            if (folder / f"{name}.csv").is_file()
        ),
        *(
            _read_facts(published.public, f"countries/{country}/{name}.json", name, country)
            for name in FACTS
            if (folder / f"{name}.json").is_file()
        ),
    ]


def _explain_country_table(name: str) -> list[Line]:
    """Return what a table of a country is, and where its rows have lines of R."""
    note_on_r = (
        [("in R", "explain prints the lines of each row")]
        if name in (OPTIONS, PAIRS, CHANGES)
        else []
    )
    return [("table", COUNTRY_TABLE_METHODS[name]), *note_on_r]


def read_comparison_tables(published: PublishedFiles, indicator: str, study: Study) -> list[Table]:
    """Return the rows of an indicator in each table of the comparison."""
    table_names = [name for name in list_comparison_tables(published.public) if name != NEEDS]
    tables = (_read_comparison_table(published, name, indicator, study) for name in table_names)
    return [table for table in tables if table.cells]


def read_needs_tables(
    published: PublishedFiles, recommendations: Recommendations, study: Study
) -> list[Table]:
    """Return the rows on what countries need; no table where a study has none."""

    def describe(rows: Mapping[str, Row]) -> dict[str, RowText]:
        return describe_needs(rows, recommendations, study, published)

    explanation = [*explain_compared_table(NEEDS, study), ("in R", WITHOUT_R_LINES[NEEDS])]
    table = _read_table(
        published, COMPARE, NEEDS, COMPARED_TITLES[NEEDS], explanation, (), None, describe
    )
    return [table] if table.cells else []


def _read_comparison_table(
    published: PublishedFiles, name: str, indicator: str, study: Study
) -> Table:
    explanation = explain_compared_table(name, study)
    recipe, why_not = r_lines_of_table(name, indicator, study)
    if why_not:
        explanation.append(("in R", why_not))
    sentences = DifferenceSentences(published, indicator, study)
    table = _read_table(
        published,
        COMPARE,
        name,
        f"{COMPARED_TITLES[name]}: {study.codebook.indicator(indicator).label}",
        explanation,
        _OF_INDICATOR,
        {"indicator": indicator},
        partial(sentences.describe_rows, name),
    )
    return replace(table, recipe=recipe)


def read_evidence_tables(published: PublishedFiles, area: str) -> list[Table]:
    """Return the rows of an area in each table of evidence; those of none with ``all``."""
    tables = (
        _read_table(
            published,
            area,
            name,
            PUBLIC[name].title,
            explain_evidence_table(name)[1:],
            _OF_AREA,
            _area_values(area, name),
            partial(describe_records, name),
        )
        for name in list_evidence_tables(published.public)
        if (area == EVERYWHERE) == ("country" not in EVIDENCE_KEYS[name])
    )
    return [table for table in tables if table.cells]


def list_comparison_tables(public: Path) -> list[str]:
    """Return the names of the public tables of the comparison that a study has."""
    return [name for name in COMPARISON_KEYS if (public / table_file(COMPARE, name)).is_file()]


def list_evidence_tables(public: Path) -> list[str]:
    """Return the names of the public tables of evidence that a study has."""
    return [name for name in EVIDENCE_KEYS if (public / table_file(EVERYWHERE, name)).is_file()]


def _area_values(area: str, name: str) -> dict[str, str]:
    return {"country": area} if "country" in EVIDENCE_KEYS[name] else {}


def _read_table(
    published: PublishedFiles,
    area: str,
    name: str,
    title: str,
    explanation: Sequence[Line],
    columns_said_once: Sequence[str],
    values_of_rows: Row | None = None,
    describe_rows: DescribeRows = lambda rows: {},
) -> Table:
    """Return a table; ``values_of_rows`` chooses its rows: all have these values."""
    file = table_file(area, name)
    rows = {
        row_address: row
        for row_address, row in published.addressed_rows(area, name).items()
        if all(
            address_part(row[column]) == address_part(value)
            for column, value in (values_of_rows or {}).items()
        )
    }
    key_columns = [column for column in primary_key_of(file) if column not in columns_said_once]
    header = next(iter(rows.values()), {})
    texts = describe_rows(rows)
    left_out = (*columns_said_once, *key_columns, *NOT_PRINTED.get(name, ()))
    columns = [column for column in header if column not in left_out]
    constant_cells = (
        {} if len(rows) < 2 else dict(_find_constant_cells(columns, list(rows.values())))
    )
    differing_columns = [column for column in columns if column not in constant_cells]
    return Table(
        id=name,
        title=title,
        lines=explanation,
        file=file,
        digest=sha256(published.public / file),
        columns=[(column, describe_column(file, column).description) for column in columns],
        same=list(constant_cells.items()),
        cells=[
            Cell(
                anchor_of_row(row_address),
                BETWEEN.join(row[column] for column in key_columns),
                _format_filled_cells(row, differing_columns),
                texts.get(row_address),
                row.get("data_kind") == PUBLISHED,
            )
            for row_address, row in rows.items()
        ],
        simulated=any(row.get("data_kind") == SIMULATED for row in rows.values()),
    )


def _find_constant_cells(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[Line]:
    """Yield columns with the same words in all rows; a number stands in its row even so."""
    for column in columns:
        cell = rows[0][column]
        if (
            cell
            and not address_of(cell_with_address(cell, column))
            and all(row[column] == cell for row in rows)
        ):
            yield column, cell


def _format_filled_cells(row: Row, columns: Sequence[str]) -> str:
    return BETWEEN.join(
        f"{column} {replace_separators(row[column])}" for column in columns if row[column]
    )


def replace_separators(cell: str) -> str:
    """Return the text of a cell without the sign that separates cells."""
    return cell.replace(BETWEEN, ", ")


def _read_facts(public: Path, file: str, name: str, country: str) -> Table:
    """Return the facts of a file, those of one entry together, as an address names it."""
    content = add_addresses(read_json(public / file), f"{country}/{name}")
    facts_by_entry: dict[str, list[str]] = {}
    for address, value in addressed_leaves(content):
        row_address, _, key = address.rpartition("/")
        facts_by_entry.setdefault(row_address, []).append(f"{key} {value}")
    fact_rows = [
        Cell(
            anchor_of_row(row_address),
            BETWEEN.join(row_address.split("/")[2:]) or "whole survey",
            BETWEEN.join(facts_of_entry),
        )
        for row_address, facts_of_entry in facts_by_entry.items()
    ]
    explanation = [("facts", SHOWN_FACTS[name]), *IN_SHORT[name]]
    return Table(name, file, explanation, file, sha256(public / file), [], [], fact_rows)
