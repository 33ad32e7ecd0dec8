"""Simulate the evidence that is not public: police, hotlines, interviews, reviews.

Rows name a source of type ``simulation``, so that their ``data_kind`` is ``simulated``. Each table
of a country has its own random numbers, which depend on the seed and on the names alone.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.core.files import write_csv
from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.evidence.definition import SimulationText
from disrupting_harm.evidence.fact_status import REPORTED, ZERO
from disrupting_harm.evidence.policy_items import AREA_OF_ITEM
from disrupting_harm.evidence.shared_columns import SIMULATOR
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.simulation.evidence.counts import (
    CountryDraw,
    Rows,
    draw_statuses,
    simulate_hotlines,
    simulate_offences,
    simulate_search_interest,
)
from disrupting_harm.simulation.evidence.settings import EvidenceSimulation
from disrupting_harm.simulation.random_streams import Streams, draw_positions


def simulate_evidence(
    countries: Sequence[Mapping[str, Any]],
    settings: EvidenceSimulation,
    seed: int,
    areas: CapacityAreas,
) -> dict[str, pd.DataFrame]:
    """Simulate the tables that are not public, for every country.

    Args:
        countries: rows of the countries file: ``country``, ``children`` (None: 1 million) and
            ``frontline_respondents`` (None: as in the settings).

    Returns:
        By name: the tables that declare a simulation, in their columns, and ``sources``
        with the source that their rows name.
    """
    makers: dict[str, Callable[[CountryDraw], Rows]] = {
        "offences": lambda country: simulate_offences(settings.offences, country),
        "hotlines": lambda country: simulate_hotlines(settings.hotlines, country),
        "search_interest": lambda country: simulate_search_interest(
            settings.search_interest, country
        ),
        "capacity": lambda country: _simulate_capacity(settings, areas, seed, country),
        "frontline": lambda country: _simulate_frontline(settings, country),
        "justice": lambda country: _simulate_justice(settings, country),
        "policy": lambda country: _simulate_policy(settings, country),
    }
    tables = {}
    for name, maker in makers.items():
        rows = []
        for row in countries:
            country = _country_draw(row, settings, seed, name)
            rows += [{"country": country.code, **evidence_row} for evidence_row in maker(country)]
        tables[name] = _complete_table(name, rows)
    return tables | {"sources": _list_sources(list(makers))}


def write_simulated_evidence(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write each table as ``{name}.csv`` into ``folder``."""
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)


def _country_draw(
    row: Mapping[str, Any], settings: EvidenceSimulation, seed: int, table: str
) -> CountryDraw:
    country = str(row["country"])
    return CountryDraw(
        code=country,
        children=int(row.get("children") or 1_000_000),
        respondents=int(row.get("frontline_respondents") or settings.frontline.respondents),
        known_facts=settings.facts(country),
        generator=Streams(seed, country)(f"evidence {table}"),
    )


def _complete_table(name: str, rows: Rows) -> pd.DataFrame:
    contract, simulation = TABLES[name], _find_simulation(name)
    frame = pd.DataFrame(rows)
    frame["source_id"] = f"simulated_{name}"
    frame["counted"] = simulation.counted
    frame["counted_by"] = SIMULATOR
    for column in contract.columns:
        if column.name not in frame:
            frame[column.name] = ""
        if column.kind == "count":
            frame[column.name] = frame[column.name].astype("Int64")
        if column.kind in ("score", "percent"):
            frame[column.name] = frame[column.name].astype("float64")
    return frame[list(contract.column_names)]


def _find_simulation(name: str) -> SimulationText:
    simulation = TABLES[name].simulation
    if simulation is None:
        raise TypeError(f"evidence table '{name}' is simulated, but says no 'simulation'")
    return simulation


def _list_sources(table_names: Sequence[str]) -> pd.DataFrame:
    rows = [
        {
            "source_id": f"simulated_{name}",
            "organisation": SIMULATOR,
            "type": "simulation",
            "title": _find_simulation(name).title,
            "year": "",
            "url": "",
            "accessed": "",
            "licence": "",
            "restriction": "open" if _find_simulation(name).open else "restricted",
        }
        for name in table_names
    ]
    return pd.DataFrame(rows, columns=list(SOURCES.column_names))


def _simulate_capacity(
    settings: EvidenceSimulation, areas: CapacityAreas, seed: int, country: CountryDraw
) -> Rows:
    capacity, generator = settings.capacity, country.generator
    items = list(areas.items.items())
    level = capacity.mean + capacity.between_countries * generator.standard_normal()
    drawn_statuses = draw_statuses(capacity.missing, len(items), generator)
    evidence = draw_positions(generator, capacity.evidence.values(), len(items))
    confidence = draw_positions(generator, capacity.confidence.values(), len(items))
    noise = capacity.within * generator.standard_normal(len(items))
    rows: Rows = []
    for position, (item, area) in enumerate(items):
        # An area is as hard in one country as in the next.
        difficulty = capacity.between_areas * Streams(seed, "every country")(area).standard_normal()
        score = float(np.rint(np.clip(level + difficulty + noise[position], 0, 3)))
        status = drawn_statuses[position]
        if item in country.known_facts.capacity:
            score, status = float(country.known_facts.capacity[item]), REPORTED
        rows.append(
            {
                "agency": capacity.agency,
                "date": capacity.date,
                "area": area,
                "item": item,
                "score": score if status == REPORTED else None,
                "status": status,
                "evidence": list(capacity.evidence)[evidence[position]],
                "confidence": list(capacity.confidence)[confidence[position]],
            }
        )
    return rows


def _simulate_frontline(settings: EvidenceSimulation, country: CountryDraw) -> Rows:
    rows: Rows = []
    for item, shares in settings.frontline.items.items():
        answers = draw_positions(country.generator, shares.values(), country.respondents)
        rows += [
            {"respondent": f"{number:03d}", "item": item, "answer": list(shares)[answer]}
            for number, answer in enumerate(answers, start=1)
        ]
    return sorted(rows, key=lambda row: str(row["respondent"]))


def _simulate_justice(settings: EvidenceSimulation, country: CountryDraw) -> Rows:
    justice, generator = settings.justice, country.generator
    roles = justice.roles | country.known_facts.roles
    pairs = [(role, theme) for role in roles for theme in justice.themes]
    drawn_statuses = draw_statuses(justice.missing, len(pairs), generator)
    rows: Rows = []
    for (role, theme), status in zip(pairs, drawn_statuses, strict=True):
        share = justice.themes[theme] + justice.between_countries * generator.standard_normal()
        mentioned = int(generator.binomial(roles[role], np.clip(share, 0, 1)))
        if status == REPORTED and mentioned == 0:
            status = ZERO
        rows.append(
            {
                "role": role,
                "theme": theme,
                "interviews": roles[role],
                "mentioned": mentioned if status in (REPORTED, ZERO) else None,
                "status": status,
            }
        )
    return rows


def _simulate_policy(settings: EvidenceSimulation, country: CountryDraw) -> Rows:
    policy, generator = settings.policy, country.generator
    drawn_statuses = draw_statuses(policy.missing, len(AREA_OF_ITEM), generator)
    answers = draw_positions(generator, policy.answers.values(), len(AREA_OF_ITEM))
    return [
        {
            "area": area,
            "item": item,
            "answer": list(policy.answers)[answer] if status == REPORTED else "",
            "status": status,
        }
        for (item, area), status, answer in zip(
            AREA_OF_ITEM.items(), drawn_statuses, answers, strict=True
        )
    ]
