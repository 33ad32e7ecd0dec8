"""The public tables that readers can download: what each holds, how long it is, its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.evidence.tables.law_coverage import POINTS
from disrupting_harm.provenance.addresses import (
    COMPARE,
    EVERYWHERE,
    address_part,
    row_count,
)
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.report.language.translator import ADDRESSED, Translator

# The tables on law, with those that are made of them.
_LAW = (*POINTS, "legislation_claims", "law_coverage")


@dataclass(frozen=True)
class Link:
    """A link to a file below the public folder; ``mark`` says whether its numbers are simulated.

    ``mark`` is empty for files that hold no figures, and for tables of a real survey. ``rows`` and
    ``size`` say how long a table is.
    """

    href: str
    label: str
    mark: str = ""
    rows: str = ""
    size: str = ""


@dataclass(frozen=True)
class TableGroup:
    """Tables of one kind, below its name."""

    name: str
    title: str
    tables: tuple[Link, ...]


@dataclass(frozen=True)
class DescribedTable:
    """A table with the columns that it alone has, and the names of those that others have, too."""

    path: str
    columns: tuple[tuple[str, str], ...]
    shared: tuple[str, ...]


def list_downloads(public: Path, translator: Translator[str], simulated: bool) -> list[Link]:
    """Return links to the tables in the public folder that have a row.

    Args:
        public: the public results.
        translator: the reader's language, with the study's word for an area.
        simulated: whether the survey is simulated.
    """
    tables = _label_survey_tables(translator)
    tables |= {f"evidence/{name}": translator(public.title) for name, public in PUBLIC.items()}
    return [
        Link(
            f"{name}.csv",
            label,
            _format_data_mark(path, simulated, translator),
            _format_row_count(path, translator),
            format_file_size(path, translator),
        )
        for name, label in tables.items()
        if _has_rows(path := public / f"{name}.csv")
    ]


def group_downloads(links: Sequence[Link], translator: Translator[str]) -> list[TableGroup]:
    """Return the tables by what they are of; a kind without one is left out."""
    titles = {
        "survey": translator("Survey"),
        "comparison": translator("Comparison"),
        "records": translator("Records, services and reviews"),
        "law": translator("Law"),
    }
    groups: dict[str, list[Link]] = {name: [] for name in titles}
    for link in links:
        groups[_find_group(link.href)].append(link)
    return [TableGroup(name, titles[name], tuple(group)) for name, group in groups.items() if group]


def _find_group(href: str) -> str:
    folder, _, file = href.rpartition("/")
    if folder == "evidence":
        return "law" if file.removesuffix(".csv") in _LAW else "records"
    return folder or "survey"


def describe_columns(
    public: Path, links: Sequence[Link]
) -> tuple[list[tuple[str, str]], list[DescribedTable]]:
    """Return the columns that several tables have alike, and those that each has alone.

    Descriptions are in English, as in ``datapackage.json``. A name that has two of them is told
    apart by where its tables lie.
    """
    descriptions = {
        link.href: [
            (name, describe_column(link.href, name).description)
            for name in _read_header(public / link.href)
        ]
        for link in links
    }
    tables_with: dict[tuple[str, str], int] = {}
    for columns in descriptions.values():
        for column in columns:
            tables_with[column] = tables_with.get(column, 0) + 1
    shared = sorted(column for column, count in tables_with.items() if count > 2)
    names = [name for name, _ in shared]
    named = [
        (
            name
            if names.count(name) == 1
            else f"{name} ({_name_tables_with((name, description), descriptions)})",
            description,
        )
        for name, description in shared
    ]
    return named, [
        DescribedTable(
            path,
            tuple(column for column in columns if column not in shared),
            tuple(column[0] for column in columns if column in shared),
        )
        for path, columns in descriptions.items()
    ]


def _name_tables_with(
    column: tuple[str, str], columns_by_table: Mapping[str, Sequence[tuple[str, str]]]
) -> str:
    """Return where tables with a column lie: their folders, and the names of those in none."""
    places = (
        path.removesuffix(".csv").partition("/")[0]
        for path, columns in columns_by_table.items()
        if column in columns
    )
    return ", ".join(dict.fromkeys(places))


def _read_header(table: Path) -> list[str]:
    with table.open(encoding="utf-8") as text_lines:
        return next(text_lines).rstrip("\n").split(",")


def _format_row_count(table: Path, translator: Translator[str]) -> str:
    count, rows_address = _count_rows_once(table, table.stat().st_mtime_ns)
    number = translator.with_markup(ADDRESSED).number(row_count(count, rows_address))
    return translator.plural("{count} row", "{count} rows", count, count=number)


@cache
def _count_rows_once(table: Path, _written: int) -> tuple[int, str]:
    """Return how many rows a table has, and which rows these are, as an address names them."""
    header, rows = read_rows(table)
    if table.parent.name == "comparison":
        return len(rows), f"{COMPARE}/{table.stem}"
    if "country" not in header:
        return len(rows), f"{EVERYWHERE}/{table.stem}"
    areas = dict.fromkeys(address_part(row["country"]) for row in rows)
    return len(rows), ",".join(f"{area}/{table.stem}" for area in areas)


def format_file_size(path: Path, translator: Translator[str]) -> str:
    """Return the size of a file."""
    size = path.stat().st_size
    if size >= 100_000:
        return f"{translator.number(size / 1e6, 1)} MB"
    return f"{translator.number(max(1, round(size / 1e3)))} kB"


def _label_survey_tables(translator: Translator[str]) -> dict[str, str]:
    return {
        "estimates": translator("All published estimates"),
        "comparison/prevalence": translator("Headline indicators by {area}"),
        "comparison/pairwise": translator("Differences and ratios between pairs of {areas}"),
        "comparison/against_region": translator("{Areas} against the mean of their region"),
        "comparison/gaps": translator("Gaps between groups within {areas}"),
        "comparison/gap_pairs": translator("Gaps compared between pairs of {areas}"),
        "comparison/rank_sets": translator("Ranks that each {area} may have"),
        "comparison/pooled": translator("Averages of the {areas}, in three ways"),
        "comparison/leave_one_out": translator("The random-effects average without each {area}"),
        "comparison/standardised": translator("Standardised estimates"),
        "comparison/bounds": translator("Worst-case bounds for missing answers"),
        "comparison/bound_pairs": translator("Differences that survive the worst case"),
        "comparison/silence_claims": translator(
            "How much silence would turn each difference round"
        ),
        "comparison/silence_ranks": translator(
            "Ranks that each {area} may have if some kept silent"
        ),
        "comparison/denominators": translator(
            "Shares of users and of all {respondents}, and numbers of {respondents}"
        ),
        "comparison/total": translator("Numbers of {respondents} in all {areas} together"),
        "comparison/adjusted": translator("Adjusted prevalence ratios within {areas}"),
        "comparison/adjusted_countries": translator("Adjusted prevalence ratios of {areas}"),
        "comparison/associations": translator("What goes with what, over all {areas}"),
        "comparison/comparability": translator("What is comparable, and what is not"),
    }


def list_kinds_of_evidence(public: Path, translator: Translator[str]) -> list[str]:
    """Return the kinds of evidence of which the public folder has figures."""
    kinds_of_evidence = []
    for name, table in PUBLIC.items():
        path = public / "evidence" / f"{name}.csv"
        if table.kind_of_evidence and path.is_file() and _read_data_kinds(path):
            kinds_of_evidence.append(translator(table.kind_of_evidence))
    return kinds_of_evidence


def has_simulated_evidence(public: Path) -> bool:
    """Return whether a table of evidence holds figures that nobody counted."""
    tables = (public / "evidence" / f"{name}.csv" for name in PUBLIC)
    return any("simulated" in _read_data_kinds(path) for path in tables if path.is_file())


def _format_data_mark(table: Path, simulated: bool, translator: Translator[str]) -> str:
    """Return the mark of a table: evidence is marked row by row, the survey as a whole."""
    if table.parent.name != "evidence":
        return translator.in_context("a table", "simulated") if simulated else ""
    kinds = _read_data_kinds(table)
    if "simulated" in kinds and len(kinds) > 1:
        return translator.in_context("a table", "partly simulated")
    if kinds == {"simulated"}:
        return translator.in_context("a table", "simulated")
    return translator.in_context("a table", "published") if kinds == {"published"} else ""


def _has_rows(table: Path) -> bool:
    """Return whether a table has a line below its columns; estimates may have very many."""
    if not table.is_file():
        return False
    with table.open(encoding="utf-8") as text_lines:
        return sum(1 for _ in islice(text_lines, 2)) > 1


def _read_data_kinds(table: Path) -> frozenset[str]:
    return _read_data_kinds_once(table, table.stat().st_mtime_ns)


@cache
def _read_data_kinds_once(table: Path, _written: int) -> frozenset[str]:
    """Read a table once for the pages of all languages."""
    return frozenset(row.get("data_kind", "") for row in read_rows(table)[1])
