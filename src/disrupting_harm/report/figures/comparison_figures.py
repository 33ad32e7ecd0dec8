"""Countries side by side: one figure per headline indicator, in regions, never ranked."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from disrupting_harm.files import write_json
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cells import refuse_unsafe, to_row
from disrupting_harm.report.figures.charts import Section
from disrupting_harm.report.figures.plan import (
    POPULATION,
    FigureRecord,
    Plan,
    draw_plan,
    in_order,
)
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook, Indicator


def draw_comparison(
    prevalence: pd.DataFrame,
    names: Mapping[str, str],
    regions: Mapping[str, str | None],
    codebook: Codebook,
    words: Words,
    simulated: bool,
    confidence: float,
    folder: Path,
    *,
    population: str = POPULATION,
    source: str | None = None,
) -> list[FigureRecord]:
    """Draw each headline proportion for all countries and list the figures in ``figures.json``.

    Args:
        prevalence: the public table ``comparison/prevalence.csv`` (``cells.read_public_table``),
            one row per indicator and country.
        names: the countries' names as printed, by code.
        regions: the group in which each country is shown, by code, in English; without groups the
            countries stand in one list.
        codebook: indicators and their labels.
        words: the language.
        simulated: whether the estimates come from simulated data; every figure then says so.
        confidence: the level of the intervals.
        folder: where the files go.
        population: who the estimates speak of, in English.
        source: where the estimates come from, in English; by default, the household survey.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    refuse_unsafe(prevalence, "public comparison of countries")
    setting = Setting(words, words("by country"), simulated, confidence, population, source)
    headline = [i for i in codebook.indicators if i.headline and i.statistic == "proportion"]
    with style.house_style():
        records = [
            draw_plan(_plan(indicator, prevalence, names, regions, words), setting, folder)
            for indicator in headline
            if indicator.id in set(prevalence["indicator"])
        ]
    write_json(folder / "figures.json", [asdict(record) for record in records])
    return records


def _plan(
    indicator: Indicator,
    prevalence: pd.DataFrame,
    names: Mapping[str, str],
    regions: Mapping[str, str | None],
    words: Words,
) -> Plan:
    own = prevalence[prevalence["indicator"] == indicator.id]
    parts, sections = [], []
    for region in sorted({regions.get(code) or "" for code in own["country"]}):
        members = {code: names[code] for code in names if (regions.get(code) or "") == region}
        alphabetical = dict(sorted(members.items(), key=lambda pair: pair[1].casefold()))
        part = in_order(own, "country", alphabetical)
        rows = tuple(to_row(cell, words) for cell in part.itertuples())
        sections.append(Section(words(region) if region else "", rows))
        parts.append(part)
    return Plan(
        f"comparison-{indicator.id}",
        "comparison",
        indicator.module,
        indicator.id,
        words(indicator.label),
        tuple(sections),
        pd.concat(parts, ignore_index=True),
        indicator.recall,
        words(
            "Countries stand in alphabetical order and are not ranked; where intervals overlap, "
            "a difference may be due to chance."
        ),
    )
