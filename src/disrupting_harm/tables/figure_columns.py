"""Columns of the data behind figures, from the schemas of the tables that they are drawn from."""

from disrupting_harm.tables.schema import Field, read_fields, read_schema, read_schemas

COMPARISON = "figures/comparison/"
DENOMINATORS = "denominators"


def find_figure_column(path: str, column: str) -> Field | None:
    """Return a column of a figure's data; None where a table of evidence may describe it.

    Args:
        path: of the data below the public folder.
        column: its name.
    """
    schemas = [read_schema("figures")]
    if not path.startswith(COMPARISON):
        # What a survey prints comes before what is printed of its questions and pairs.
        schemas += [read_schema("country/release"), *read_schemas("country/").values()]
    elif DENOMINATORS in path:
        schemas.insert(0, read_schemas("comparison/")[f"comparison/{DENOMINATORS}"])
    fields = (schema.find_public_field(column) for schema in schemas)
    field = next(filter(None, fields), None)
    return field or (read_fields().get(column) if path.startswith(COMPARISON) else None)
