"""Facts told by several sources, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from disrupting_harm.evidence.columns import Field
from disrupting_harm.evidence.definition import Context, Joint, Public, Table
from disrupting_harm.evidence.shared import (
    COUNTRY,
    DATA_KIND,
    ITEM,
    PROVENANCE,
    SOURCE,
    STATUS,
    YEAR,
)

if TYPE_CHECKING:
    import pandas as pd

    from disrupting_harm.evidence.definition import Frames


def _make(tables: Sequence[Table], facts: Frames, public: Frames, context: Context) -> pd.DataFrame:
    from disrupting_harm.evidence.conflicting_sources import conflicting_sources

    return conflicting_sources(tables, facts, context.order)


_COUNTED, _COUNTED_BY = (column.field() for column in PROVENANCE[1:])
TABLE = Joint(
    name="several_sources",
    place=35,
    public=(
        Public(
            "several_sources",
            "Facts told by several sources",
            (
                Field("fact", "string", "Table of the fact."),
                COUNTRY.field(),
                YEAR.field(),
                Field("item", "string", ITEM),
                Field(
                    "figure",
                    "integer",
                    "The figure; in triangulation as printed in English.",
                    empty=True,
                ),
                STATUS.field(),
                Field("used", "boolean", "Whether rates are computed from this figure."),
                SOURCE,
                Field("difference_reason", "string", "Why the sources' figures differ."),
                _COUNTED,
                _COUNTED_BY,
                DATA_KIND,
            ),
            amount="figure",
        ),
    ),
    is_made=lambda tables, forms: any(table.conflicts for table in tables),
    make=_make,
)
