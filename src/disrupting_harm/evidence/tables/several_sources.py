"""Figures of one fact from several sources."""

from collections.abc import Sequence

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Field
from disrupting_harm.evidence.definition import Context, Frame, Frames, Joint, Public, Table
from disrupting_harm.evidence.shared_columns import count, text


def _make(tables: Sequence[Table], facts: Frames, public: Frames, context: Context) -> Frame:
    from disrupting_harm.evidence.measures.conflicting_sources import conflicting_sources

    return conflicting_sources(tables, facts, context.order)


_COUNTED, _COUNTED_BY = (column.field() for column in shared_columns.PROVENANCE[1:])
TABLE = Joint(
    name="several_sources",
    place=35,
    public=(
        Public(
            "several_sources",
            "Facts told by several sources",
            (
                text("fact", "Table of the fact."),
                shared_columns.COUNTRY.field(),
                shared_columns.YEAR.field(),
                text("item", shared_columns.ITEM),
                count(
                    "figure",
                    "The figure; in triangulation as printed in English.",
                    empty=True,
                    unit="as the fact says",
                ),
                shared_columns.STATUS.field(),
                Field("used", "boolean", "Whether rates are computed from this figure."),
                shared_columns.SOURCE,
                text("difference_reason", "Why the sources' figures differ."),
                _COUNTED,
                _COUNTED_BY,
                shared_columns.DATA_KIND,
            ),
            amount="figure",
            key="fact country year item source",
        ),
    ),
    is_made=lambda tables, forms: any(table.conflicts for table in tables),
    make=_make,
)
