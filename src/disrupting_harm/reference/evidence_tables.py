"""The data dictionary of the evidence tables in docs/evidence.md, from their definitions."""

from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.core.files import read_text, write_text
from disrupting_harm.evidence.columns import Column, Sheet
from disrupting_harm.evidence.fact_status import STATUSES
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.study.codebook.codebook import Codebook

DICTIONARY_START = "<!-- Generated from src/disrupting_harm/evidence/tables/ by `make docs`. -->"
COLUMN_KINDS = {
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
    """Replace what stands below :data:`DICTIONARY_START` in the page by the dictionary."""
    text_above = read_text(page).partition(DICTIONARY_START)[0]
    write_text(page, text_above + DICTIONARY_START + "\n" + format_dictionary())


def format_dictionary() -> str:
    """Return the columns and codes of every table as Markdown."""
    return "".join(line for table in (*TABLES.values(), SOURCES) for line in _format_table(table))


def _format_table(table: Sheet) -> Iterator[str]:
    yield f"\n### {table.name}: {table.title}\n\n{table.meaning}\n"
    yield f"Two rows must not agree in all of: {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "\n| column | holds | needed | meaning |\n|---|---|---|---|\n"
    for column in table.columns:
        yield f"| `{column.name}` | {COLUMN_KINDS[column.kind]} "
        yield f"| {_format_needed(table, column)} | {column.meaning}{_format_codes(column)} |\n"


def _format_needed(table: Sheet, column: Column) -> str:
    if column.name == table.amount:
        return "by status"
    if column.default:
        return f"no; empty: `{column.default}`"
    return "yes" if column.required else "no"


def _format_codes(column: Column) -> str:
    if column.codes is STATUSES:
        return " See above."
    return "".join(f"<br>`{code}`: {meaning}" for code, meaning in column.codes.items())


# The page of a codebook's indicators: what each counts, over which period, and its codes.
INDICATORS_HEAD = """\
# Indicators of the default study

Generated from `config/indicators.yaml` by `make docs`; do not edit by hand. Codes are those of
[international classifications](configuration.md#indicatorscodes): none is guessed, and an SDG
indicator is *related* where age, period or definition are others.
"""


def write_indicators(codebook: Codebook, page: Path) -> None:
    """Write the page of all indicators of a codebook."""
    write_text(page, INDICATORS_HEAD + "".join(_format_modules(codebook)))


def _format_modules(codebook: Codebook) -> Iterator[str]:
    for module in codebook.modules:
        yield f"\n## {module.label}\n\n| indicator | what it measures | period | ICVAC | SDG "
        yield "| Childlight |\n|---|---|---|---|---|---|\n"
        for indicator in codebook.indicators:
            if indicator.module == module.id:
                period = indicator.recall.replace("_", " ")
                codes = " | ".join(indicator.codes.format_codes().values())
                yield f"| `{indicator.id}` | {indicator.label} | {period} | {codes} |\n"
