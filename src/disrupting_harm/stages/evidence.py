"""Stages *evidence*, *publish_evidence* and *triangulate*: check evidence, and publish it.

Simulated tables are treated as those of a user.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.columns import Sheet
from disrupting_harm.evidence.contracts import (
    SOURCE_TABLE,
    build_sources_frame,
    facts_contract,
    public_evidence_contract,
)
from disrupting_harm.evidence.definition import Context, SmallCounts
from disrupting_harm.evidence.forms_of_abuse import load_forms
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.public_tables import (
    is_of_other_countries,
    make_public_tables,
    make_triangulation,
    protect_facts,
    select_places,
)
from disrupting_harm.evidence.reading.facts import read_evidence
from disrupting_harm.evidence.reading.grid_files import collect_sources, read_sources
from disrupting_harm.evidence.sources import SOURCES, Source
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.simulation.evidence.settings import load_evidence_simulation
from disrupting_harm.simulation.evidence.tables import simulate_evidence, write_simulated_evidence
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table, write_table
from disrupting_harm.tables.rules import in_shape


def simulate_tables(
    *, countries: Sequence[dict[str, Any]], settings: str, areas: str, seed: int, folder: str
) -> None:
    """Write the tables that are not public, simulated, and their sources as CSV files."""
    simulated = simulate_evidence(
        countries, load_evidence_simulation(Path(settings)), seed, load_capacity_areas(Path(areas))
    )
    write_simulated_evidence(Path(folder), simulated)


def check_tables(
    *,
    tables: Mapping[str, str],
    sources: Sequence[str],
    areas: Sequence[str],
    countries: Sequence[str],
    other_countries: str,
    date: str,
    folder: str,
    indicators: Sequence[str] | None = None,
) -> None:
    """Read every table, check it and write it with its sources as Parquet.

    Args:
        tables: file of each table by name.
        sources: the study's file of sources first, then that of simulated tables; none, one or
            both. Workbooks may bring their own.
        areas: the file of areas of capacity, if there is one.
        countries: codes of all countries of the countries file.
        other_countries: ``refuse``, where a row of another country is a fault, or ``leave_out``,
            where such rows are left out and counted in the log.
        date: of the study, YYYY-MM-DD; no fact is later.
        folder: where ``sources.parquet`` and ``{table}.parquet`` go.
        indicators: proportions of the codebook, which rows may name; None: any.

    Raises:
        StudyError: the first fault of the first table that has one.
    """
    sources_by_id = read_all_sources(tables, sources, date)
    items = load_capacity_areas(Path(areas[0])).items if areas else None
    target = Path(folder)
    for name, path in tables.items():
        facts, left_out = read_facts(
            name, Path(path), sources_by_id, countries, items, other_countries, date, indicators
        )
        if left_out:
            print(f"{name}: {left_out}")
        if (warn := TABLES[name].warn) is not None:
            for warning in warn([dict(row) for _, row in facts.iterrows()]):
                print(f"{name}: look again: {warning}")
        simulated = "simulated" in set(facts["data_kind"])
        write_table(target / f"{name}.parquet", facts, facts_contract(name), simulated)
    write_table(
        target / "sources.parquet",
        build_sources_frame(sources_by_id),
        SOURCE_TABLE,
        simulated=False,
    )


def read_facts(
    name: str,
    path: Path,
    sources_by_id: Mapping[str, Source],
    countries: Collection[str],
    items: Mapping[str, str] | None,
    other_countries: str,
    date: str,
    indicators: Collection[str] | None = None,
) -> tuple[pd.DataFrame, str]:
    """Return the facts of one table on the countries, and how many others are left out.

    Raises:
        StudyError: the first fault of the table.
    """
    facts = read_evidence(
        name,
        path,
        sources_by_id,
        countries,
        items,
        refuse_others=other_countries == "refuse",
        indicators=indicators,
    )
    if facts.empty:
        raise StudyError(
            str(path),
            f"the table '{name}' has no row below its headings",
            f"Fill it, or leave 'evidence.{name}' out of the configuration",
        )
    _refuse_later(str(path), facts, TABLES[name], date)
    is_other = is_of_other_countries(TABLES[name], facts, countries)
    if not is_other.any():
        return facts, ""
    left_out = _describe_left_out(name, facts[is_other])
    message = f"{left_out} left out: the countries file does not list them"
    return facts[~is_other].reset_index(drop=True), message


def _refuse_later(path: str, facts: pd.DataFrame, table: Sheet, date: str) -> None:
    """Refuse years and dates after that of the study: what is not over cannot have been counted."""
    for column in table.columns:
        if column.kind in ("year", "date") and not column.may_be_later:
            values = facts[column.name].astype("str")
            is_later = [
                text > date[: len(text)] for text in values.where(facts[column.name].notna(), "")
            ]
            if any(is_later):
                key = facts.loc[is_later, list(table.key)].iloc[0]
                row = ", ".join(f"{name} {value}" for name, value in key.items())
                raise StudyError(
                    f"{path}, column '{column.name}'",
                    f"{values[is_later].iloc[0]} lies after the study's date, {date} ({row})",
                    "Correct it, or the study's date",
                )


def _describe_left_out(name: str, rows: pd.DataFrame) -> str:
    """Return how many rows there are, and of which countries, e.g. "3 rows (TZA 2, UGA 1)"."""
    counts = rows[TABLES[name].country_column].value_counts().sort_index()
    counts_text = ", ".join(f"{country} {count}" for country, count in counts.items())
    return f"{amount(len(rows), 'row')} ({counts_text})"


def read_all_sources(
    tables: Mapping[str, str], sources: Sequence[str], date: str
) -> dict[str, Source]:
    """Return the sources that rows may name; arguments as in :func:`check_tables`."""
    study_file = Path(sources[0]) if sources else None
    sources_by_id = collect_sources(study_file, [Path(path) for path in tables.values()])
    for path in sources[1:]:
        sources_by_id |= read_sources(Path(path))
    if sources_by_id:
        _refuse_later("sources", build_sources_frame(sources_by_id), SOURCES, date)
    return sources_by_id


def publish_evidence(
    *,
    tables: Mapping[str, str],
    sources: str,
    areas: Sequence[str],
    labels: Sequence[str],
    countries: Sequence[dict[str, Any]],
    study: dict[str, Any],
    small_counts: dict[str, Any],
    folder: str,
) -> None:
    """Write the public tables of evidence alone: what may be published, what is computed from it.

    Args:
        tables: checked table by name, Parquet.
        sources: checked sources, Parquet; their order is that of preference.
        areas: the file of areas of capacity, if there is one.
        labels: the file of what the study calls codes of its own, if there is one.
        study: what the study is.
        small_counts: fields of ``evidence.definition.SmallCounts``.
        folder: where the public tables go.
    """
    codes = [row["country"] for row in countries]
    facts = {}
    for name, path in tables.items():
        all_facts = read_table(path, facts_contract(name))
        facts[name] = select_places(name, all_facts, codes)
        if len(facts[name]) < len(all_facts):
            left_out = _describe_left_out(
                name, all_facts[is_of_other_countries(TABLES[name], all_facts, codes)]
            )
            print(f"{name}: {left_out} left out: the configuration runs other countries only")
    published_facts = protect_facts(facts, SmallCounts(**small_counts))
    for name, table in published_facts.items():
        if not TABLES[name].microdata and len(table) < len(facts[name]):
            hidden_count = amount(len(facts[name]) - len(table), "row")
            print(f"{name}: {hidden_count} of sources that are not open")
    context = Context(
        countries=countries,
        order=read_table(sources, SOURCE_TABLE)["source_id"].tolist(),
        areas=load_capacity_areas(Path(areas[0])) if areas else None,
        labels=load_labels(Path(labels[0])) if labels else {},
        forms=None,
        estimates=None,
        population=study["population"],
        simulated=study["simulated"],
    )
    for name, table in make_public_tables(published_facts, context).items():
        _write_public_table(Path(folder) / f"{name}.csv", table)


def publish_triangulation(
    *,
    tables: Mapping[str, str],
    sources: str,
    forms: str,
    estimates: Sequence[str],
    countries: Sequence[dict[str, Any]],
    study: dict[str, Any],
    small_counts: dict[str, Any],
    output: str,
) -> None:
    """Write what the survey and the tables of evidence say of each form of abuse.

    Args:
        tables: checked tables that it is made of, as far as the study has them, Parquet.
        sources, countries, study, small_counts: as in :func:`publish_evidence`.
        forms: the file of forms of abuse.
        estimates: public estimates of each country; empty without a survey.
        output: the public table.
    """
    codes = [row["country"] for row in countries]
    facts = {
        name: select_places(name, read_table(path, facts_contract(name)), codes)
        for name, path in tables.items()
    }
    published_facts = protect_facts(facts, SmallCounts(**small_counts))
    survey = [read_table(path, public_contract("country/release")) for path in estimates]
    context = Context(
        countries=countries,
        order=read_table(sources, SOURCE_TABLE)["source_id"].tolist(),
        areas=None,
        labels={},
        forms=load_forms(Path(forms)),
        estimates=pd.concat(survey, ignore_index=True) if survey else None,
        population=study["population"],
        simulated=study["simulated"],
    )
    _write_public_table(Path(output), make_triangulation(published_facts, context))


def _write_public_table(path: Path, table: pd.DataFrame) -> None:
    contract = public_evidence_contract(path.stem)
    write_table(path, in_shape(table, contract), contract, simulated=False)
