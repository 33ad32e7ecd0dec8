"""Of how many countries of the study each point of law is known: a gap is no absence of law."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.definition import (
    Context,
    Frame,
    Frames,
    JointTable,
    PublicTable,
    Table,
)
from disrupting_harm.evidence.shared_columns import DATA_KIND, count_field, text_field
from disrupting_harm.evidence.tables.instruments import TREATIES
from disrupting_harm.evidence.tables.legislation import TOPICS

# The tables on law, the column that tells their points apart, and the points; "" and none where
# it is known of a country that has any row.
POINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "legislation": ("topic", tuple(TOPICS)),
    "instruments": ("instrument", tuple(TREATIES)),
    "policies": ("", ()),
    "service_register": ("", ()),
}


def has_law(tables: Iterable[str]) -> bool:
    """Return whether a study with these tables of evidence tells of law, treaties or services."""
    return any(name in POINTS for name in tables)


def _make_joint_table(
    tables: Sequence[Table], facts: Frames, public: Frames, context: Context
) -> Frame:
    from disrupting_harm.evidence.measures.law import count_coverage

    return count_coverage(public, POINTS, len(context.countries))


TABLE = JointTable(
    name="law_coverage",
    position=160,
    public=(
        PublicTable(
            "law_coverage",
            "Of how many countries each point of law is known",
            (
                text_field("country", "WLD: all countries of the study."),
                text_field("table", "Table of the point.", *POINTS),
                text_field("item", "The point; all where the table has no points."),
                count_field("known", "Countries of which it is known.", unit="countries"),
                count_field("countries", "Countries of the study.", unit="countries"),
                DATA_KIND,
            ),
            key="table item",
        ),
    ),
    is_made=lambda tables, forms: has_law(table.name for table in tables),
    make=_make_joint_table,
)
