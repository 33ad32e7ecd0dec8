"""Stage *comparison_figures*: one kind of figure, of each headline indicator in all countries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.figures.comparison.draw_comparison import (
    draw_comparison,
    read_drawn_tables,
)
from disrupting_harm.report.figures.regional_context import create_regional_context
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table


def draw_comparison_figures(
    *,
    kind: str,
    countries: Sequence[dict[str, Any]],
    tables: Sequence[str],
    groups: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    folder: str,
) -> None:
    """Draw one kind of figure of each headline indicator and list them in ``figures-{kind}.json``.

    ``tables`` are the public tables of the comparison, known by their file names; figures whose
    table is not among them are listed as absent. ``groups`` holds the table of public estimates
    where the kind needs it: it says why a gap between groups is not tested.
    """
    rows = [Country.model_validate(country) for country in countries]
    context = create_regional_context(study, confidence)
    translator = context.translator
    draw_comparison(
        read_drawn_tables(Path(table) for table in tables),
        {row.country: translator.country(row.country, row.name) for row in rows},
        {row.country: row.region for row in rows},
        Codebook.model_validate(codebook),
        context,
        Path(folder),
        names_in_text={
            row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
            for row in rows
        },
        kinds=[kind],
        groups=read_table(Path(groups[0]), public_contract("country/release")) if groups else None,
    )
