"""The data dictionary in docs/data-dictionary.md, from the schemas of tables and of evidence."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from disrupting_harm.core.files import read_text, write_text
from disrupting_harm.evidence.definition import PublicTable
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.tables.schema import Field, TableSchema, read_schemas

START = "<!-- Generated from src/disrupting_harm/tables/ by `make docs`. -->"
# The folders of tables, in the order of the workflow; "" is that of tables of the whole study.
FOLDERS = {
    "simulated": "Simulated populations",
    "country": "One country",
    "contrasts": "Comparisons inside one country",
    "change": "Waves of one country",
    "comparison": "Countries compared",
    "aggregates": "Countries whose microdata stay at home",
    "audit": "Second computation",
    "": "Whole study",
}
HEADINGS = "\n| column | type | unit | public | meaning |\n|---|---|---|---|---|\n"


def write_data_dictionary(page: Path) -> None:
    """Replace what stands below :data:`START` in the page by the columns of all tables."""
    by_hand = read_text(page).partition(START)[0]
    write_text(page, by_hand + START + "\n" + "".join(_describe_tables()))


def _describe_tables() -> Iterator[str]:
    schemas = groupby(read_schemas("").values(), key=lambda schema: schema.name.rpartition("/")[0])
    by_folder = {folder: list(schemas_of_folder) for folder, schemas_of_folder in schemas}
    for folder, title in FOLDERS.items():
        yield f"\n## {title}\n"
        for schema in by_folder.pop(folder):
            yield from _describe_table(schema)
    assert not by_folder, "a folder of tables has no title"
    yield "\n## Published evidence\n"
    for name, public in PUBLIC.items():
        yield from _describe_evidence(name, public)


def _describe_table(schema: TableSchema) -> Iterator[str]:
    yield f"\n### {schema.title}\n\n{schema.description}\n\n"
    paths = [f"`results/{path}`" for path in (schema.path, *schema.public_path) if path]
    yield ", ".join(paths) + _describe_key(schema.primary_key) + "\n" + HEADINGS
    for field in schema.fields:
        form = _describe_form(field, schema)
        is_rounded = form != "no" and field.public_type not in (None, field.type)
        cells = (f"{field.type}{', published whole' * is_rounded}", field.unit, form)
        yield _format_table_row(field.name, *cells, field.description)


def _describe_form(field: Field, schema: TableSchema) -> str:
    """Return whether a column is published: yes or no, or only, where it is not restricted."""
    if not schema.find_public_field(field.name):
        return "no"
    return "only" if schema.path and field.name in schema.public_only else "yes"


def _describe_evidence(name: str, public: PublicTable) -> Iterator[str]:
    yield f"\n### {public.title}\n\n`results/public/evidence/{name}.csv`"
    yield _describe_key(public.key.split()) + "\n" + HEADINGS
    for field in public.fields:
        yield _format_table_row(field.name, field.kind, field.unit, "yes", field.meaning)


def _describe_key(columns: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    names = ", ".join(f"`{column}`" for column in columns)
    return f"; a row is named by {names}" if names else ""


def _format_table_row(column: str, *cells: str) -> str:
    texts = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| `{column}` | {' | '.join(texts)} |\n"
