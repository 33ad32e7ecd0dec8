"""The data dictionary of the evidence tables in docs/evidence.md, from their definitions."""

from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.core.files import read_text, write_text
from disrupting_harm.evidence.columns import Column, Sheet
from disrupting_harm.evidence.fact_status import STATUSES
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.study.codebook.codebook import Codebook

START = "<!-- Generated from src/disrupting_harm/evidence/tables/ by `make docs`. -->"
KINDS = {
    "country": "country",
    "place": "country or WLD",
    "year": "year",
    "month": "1 to 12",
    "date": "date",
    "code": "code",
    "identifier": "short text",
    "count": "whole number",
    "score": "0 to 3",
    "percent": "0 to 100",
    "text": "text",
    "address": "address, http or https",
}


def write_dictionary(page: Path) -> None:
    """Replace what stands below :data:`START` in the page by the dictionary."""
    written = read_text(page).partition(START)[0]
    write_text(page, written + START + "\n" + dictionary())


def dictionary() -> str:
    """Return the columns and codes of every table as Markdown."""
    return "".join(part for table in (*TABLES.values(), SOURCES) for part in _section(table))


def _section(table: Sheet) -> Iterator[str]:
    yield f"\n### {table.name}: {table.title}\n\n{table.meaning}\n"
    yield f"Two rows must not agree in all of: {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "\n| column | holds | needed | meaning |\n|---|---|---|---|\n"
    for column in table.columns:
        yield f"| `{column.name}` | {KINDS[column.kind]} | {_needed(table, column)} | "
        yield f"{column.meaning}{_codes(column)} |\n"


def _needed(table: Sheet, column: Column) -> str:
    if column.name == table.amount:
        return "by status"
    if column.default:
        return f"no; empty: `{column.default}`"
    return "yes" if column.required else "no"


def _codes(column: Column) -> str:
    if column.codes is STATUSES:
        return " See above."
    return "".join(f"<br>`{code}`: {meaning}" for code, meaning in column.codes.items())


# The page of a codebook's indicators: what each counts, over which period, and its codes.


HEAD = """\
# Indicators of the default study

Generated from `config/indicators.yaml` by `make docs`; do not edit by hand. Codes are those of
[international classifications](configuration.md#indicatorscodes): none is guessed, and an SDG
indicator is *related* where age, period or definition are others.
"""


def write_indicators(codebook: Codebook, page: Path) -> None:
    """Write the page of all indicators of a codebook."""
    write_text(page, HEAD + "".join(_modules(codebook)))


def _modules(codebook: Codebook) -> Iterator[str]:
    for module in codebook.modules:
        yield f"\n## {module.label}\n\n| indicator | what it measures | period | ICVAC | SDG "
        yield "| Childlight |\n|---|---|---|---|---|---|\n"
        for entry in codebook.indicators:
            if entry.module == module.id:
                period = entry.recall.replace("_", " ")
                codes = " | ".join(entry.codes.format_codes().values())
                yield f"| `{entry.id}` | {entry.label} | {period} | {codes} |\n"
