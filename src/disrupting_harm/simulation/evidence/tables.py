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
    Known,
    Rows,
    hotline_rows,
    offence_rows,
    search_rows,
    statuses,
)
from disrupting_harm.simulation.evidence.settings import EvidenceSimulation
from disrupting_harm.simulation.random_streams import Streams, choose


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
        settings: the settings of the simulation.
        seed: the study's seed.
        areas: areas and items of capacity.

    Returns:
        By name: the tables that say what is simulated, in their columns, and ``sources``
        with the source that their rows name.
    """
    makers: dict[str, Callable[[Known], Rows]] = {
        "offences": lambda known: offence_rows(settings.offences, known),
        "hotlines": lambda known: hotline_rows(settings.hotlines, known),
        "search_interest": lambda known: search_rows(settings.search_interest, known),
        "capacity": lambda known: _capacity(settings, areas, seed, known),
        "frontline": lambda known: _frontline(settings, known),
        "justice": lambda known: _justice(settings, known),
        "policy": lambda known: _policy(settings, known),
    }
    tables = {}
    for name, maker in makers.items():
        rows = []
        for row in countries:
            known = _known(row, settings, seed, name)
            rows += [{"country": known.country, **fact} for fact in maker(known)]
        tables[name] = _table(name, rows)
    return tables | {"sources": _sources(list(makers))}


def write_simulated(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write each table as ``{name}.csv`` into ``folder``."""
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table)


def _known(row: Mapping[str, Any], settings: EvidenceSimulation, seed: int, table: str) -> Known:
    country = str(row["country"])
    return Known(
        country=country,
        children=int(row.get("children") or 1_000_000),
        respondents=int(row.get("frontline_respondents") or settings.frontline.respondents),
        facts=settings.facts(country),
        generator=Streams(seed, country)(f"evidence {table}"),
    )


def _table(name: str, rows: Rows) -> pd.DataFrame:
    contract, said = TABLES[name], _said(name)
    frame = pd.DataFrame(rows)
    frame["source_id"] = f"simulated_{name}"
    frame["counted"] = said.counted
    frame["counted_by"] = SIMULATOR
    for column in contract.columns:
        if column.name not in frame:
            frame[column.name] = ""
        if column.kind == "count":
            frame[column.name] = frame[column.name].astype("Int64")
        if column.kind in ("score", "percent"):
            frame[column.name] = frame[column.name].astype("float64")
    return frame[list(contract.column_names)]


def _said(name: str) -> SimulationText:
    said = TABLES[name].simulation
    if said is None:
        raise TypeError(f"evidence table '{name}' is simulated, but says no 'simulation'")
    return said


def _sources(names: Sequence[str]) -> pd.DataFrame:
    rows = [
        {
            "source_id": f"simulated_{name}",
            "organisation": SIMULATOR,
            "type": "simulation",
            "title": _said(name).title,
            "year": "",
            "url": "",
            "accessed": "",
            "licence": "",
            "restriction": "open" if _said(name).open else "restricted",
        }
        for name in names
    ]
    return pd.DataFrame(rows, columns=list(SOURCES.column_names))


def _capacity(settings: EvidenceSimulation, areas: CapacityAreas, seed: int, known: Known) -> Rows:
    own, draw = settings.capacity, known.generator
    items = list(areas.items.items())
    level = own.mean + own.between_countries * draw.standard_normal()
    given = statuses(own.missing, len(items), draw)
    evidence = choose(draw, own.evidence.values(), len(items))
    confidence = choose(draw, own.confidence.values(), len(items))
    noise = own.within * draw.standard_normal(len(items))
    rows: Rows = []
    for position, (item, area) in enumerate(items):
        # An area is as hard in one country as in the next.
        hard = own.between_areas * Streams(seed, "every country")(area).standard_normal()
        score = float(np.rint(np.clip(level + hard + noise[position], 0, 3)))
        status = given[position]
        if item in known.facts.capacity:
            score, status = float(known.facts.capacity[item]), REPORTED
        rows.append(
            {
                "agency": own.agency,
                "date": own.date,
                "area": area,
                "item": item,
                "score": score if status == REPORTED else None,
                "status": status,
                "evidence": list(own.evidence)[evidence[position]],
                "confidence": list(own.confidence)[confidence[position]],
            }
        )
    return rows


def _frontline(settings: EvidenceSimulation, known: Known) -> Rows:
    rows: Rows = []
    for item, shares in settings.frontline.items.items():
        answers = choose(known.generator, shares.values(), known.respondents)
        rows += [
            {"respondent": f"{number:03d}", "item": item, "answer": list(shares)[answer]}
            for number, answer in enumerate(answers, start=1)
        ]
    return sorted(rows, key=lambda row: str(row["respondent"]))


def _justice(settings: EvidenceSimulation, known: Known) -> Rows:
    own, draw = settings.justice, known.generator
    roles = own.roles | known.facts.roles
    pairs = [(role, theme) for role in roles for theme in own.themes]
    given = statuses(own.missing, len(pairs), draw)
    rows: Rows = []
    for (role, theme), status in zip(pairs, given, strict=True):
        share = own.themes[theme] + own.between_countries * draw.standard_normal()
        mentioned = int(draw.binomial(roles[role], np.clip(share, 0, 1)))
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


def _policy(settings: EvidenceSimulation, known: Known) -> Rows:
    own, draw = settings.policy, known.generator
    given = statuses(own.missing, len(AREA_OF_ITEM), draw)
    answers = choose(draw, own.answers.values(), len(AREA_OF_ITEM))
    return [
        {
            "area": area,
            "item": item,
            "answer": list(own.answers)[answer] if status == REPORTED else "",
            "status": status,
        }
        for (item, area), status, answer in zip(AREA_OF_ITEM.items(), given, answers, strict=True)
    ]
