"""Figures of one fact from several sources."""

from collections.abc import Sequence

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Field
from disrupting_harm.evidence.definition import (
    Context,
    Frame,
    Frames,
    JointTable,
    PublicTable,
    Table,
)
from disrupting_harm.evidence.shared_columns import count_field, text_field


def _make_joint_table(
    tables: Sequence[Table], facts: Frames, public: Frames, context: Context
) -> Frame:
    from disrupting_harm.evidence.measures.conflicting_sources import find_conflicting_sources

    return find_conflicting_sources(tables, facts, context.order)


_COUNTED, _COUNTED_BY = (column.make_public_field() for column in shared_columns.PROVENANCE[1:])
TABLE = JointTable(
    name="several_sources",
    position=35,
    public=(
        PublicTable(
            "several_sources",
            "Facts told by several sources",
            (
                text_field("fact", "Table of the fact."),
                shared_columns.COUNTRY.make_public_field(),
                shared_columns.YEAR.make_public_field(),
                text_field("item", shared_columns.ITEM),
                count_field(
                    "figure",
                    "The figure; in triangulation as printed in English.",
                    empty=True,
                    unit="as the fact says",
                ),
                shared_columns.STATUS.make_public_field(),
                Field("used", "boolean", "Whether rates are computed from this figure."),
                shared_columns.SOURCE,
                text_field("difference_reason", "Why the sources' figures differ."),
                _COUNTED,
                _COUNTED_BY,
                shared_columns.DATA_KIND,
            ),
            amount="figure",
            key="fact country year item source",
        ),
    ),
    is_made=lambda tables, forms: any(table.may_conflict for table in tables),
    make=_make_joint_table,
)
