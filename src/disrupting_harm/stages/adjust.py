"""Stage *adjust*: compare countries, adjusted for age, sex and so on, in one model of all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.estimates.composites import complete_only
from disrupting_harm.comparison.country_effects import country_effects
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.publication.release import is_shown
from disrupting_harm.releases.frozen_tables import find_frozen_indicators
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.records import CurrentNames
from disrupting_harm.stages.estimate import (
    build_calibration,
    build_design,
    read_analysis,
    read_composites,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import find_domains_of_same_answers
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.study.statuses import AT_HOME, data_kind
from disrupting_harm.tables.compared_contracts import COMPARED_RELEASE
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table
from disrupting_harm.tables.rules import float_columns, in_shape


def adjust_countries(
    *,
    countries: Sequence[str],
    samples: Sequence[str],
    indicators: Sequence[str],
    parts: Sequence[str],
    weights: Sequence[str],
    releases: Sequence[str],
    ledger: str,
    codebook: dict[str, Any],
    estimation: dict[str, Any],
    margins: Sequence[str],
    comparison: dict[str, Any],
    simulated: bool,
    output: str,
    decisions: Sequence[str] = (),
    accepted: str | None = None,
    moved: Mapping[str, Any] | None = None,
) -> None:
    """Write the adjusted effects of all countries on the headline proportions.

    A country takes part where its national estimate may be published and can be compared. Without
    terms to adjust for the table is empty.

    Args:
        countries: codes of those whose microdata are here; their files are in the same order.
        releases: of all countries; one whose microdata stay at home has a row that says so.
        ledger: which countries can be compared.
        margins: to which each country's weights were calibrated.
        comparison: ``adjust_for`` and ``alpha`` of the configuration.
        decisions: those of the gate, of each country; empty where no release is updated. A model
            of all children has new children in it as soon as one country has: its effects stay as
            they were released where a table of one country does.
        accepted: the table of adjusted effects of the last release.
        moved: ``publication.release.moved`` of the configuration.

    Raises:
        StudyError: the files of a country are not of the same children.
    """
    definitions = Codebook.model_validate(codebook)
    headline = definitions.headlines("proportion")
    terms = list(comparison["adjust_for"])
    gate_decisions = [read_table(path, DECIDED) for path in decisions]
    frozen = (
        find_frozen_indicators(pd.concat(gate_decisions), ["total", *terms])
        if gate_decisions
        else set()
    )
    headline = [name for name in headline if name not in frozen]
    table = pd.DataFrame()
    countries_of_indicator = _select_compared_countries(releases, ledger, headline) if terms else {}
    with_microdata = {
        name: [code for code in codes if code in countries]
        for name, codes in countries_of_indicator.items()
    }
    if any(with_microdata.values()):
        read_countries = [
            _read_country(*files, definitions)
            for files in zip(samples, indicators, parts, weights, strict=True)
        ]
        frame, outcomes, domains = (
            pd.concat(parts, keys=countries, names=["of"])
            for parts in zip(*read_countries, strict=True)
        )
        table = country_effects(
            _join_design(frame, estimation["lonely_psu"]),
            frame["country"],
            outcomes[headline],
            domains[terms],
            with_microdata,
            find_domains_of_same_answers(definitions, terms),
            calibration=_join_calibration(frame, margins)
            if estimation["calibrated_errors"]
            else None,
            alpha=comparison["alpha"],
        )
    table = _add_joining_countries(table, countries_of_indicator, with_microdata)
    table = in_shape(
        table.assign(data_kind=data_kind(simulated)),
        restricted_contract("comparison/adjusted_countries"),
    )
    if accepted:
        table = _add_frozen_effects(
            table, frozen, _read_accepted_effects(accepted, moved or {}, definitions), definitions
        )
    write_table(output, table, restricted_contract("comparison/adjusted_countries"), simulated)


def _add_joining_countries(
    table: pd.DataFrame,
    countries_of_indicator: Mapping[str, Sequence[str]],
    with_microdata: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Return the effects with a row, without numbers, for each country that joins by statistics."""
    joining_rows = [
        {"indicator": name, "country": code, "n": 0, "note": AT_HOME}
        for name, codes in countries_of_indicator.items()
        for code in codes
        if code not in with_microdata[name]
    ]
    if not joining_rows:
        return table
    position = {name: index for index, name in enumerate(countries_of_indicator)}
    all_rows = pd.concat([table, pd.DataFrame(joining_rows)], ignore_index=True)
    ordered = all_rows.assign(place=all_rows["indicator"].map(position)).sort_values(
        ["place", "country"]
    )
    columns = [*float_columns(restricted_contract("comparison/adjusted_countries"))]
    all_rows = all_rows.loc[ordered.index].reindex(columns=[*joining_rows[0], *columns, "clear"])
    return all_rows.assign(clear=all_rows["clear"].eq(True)).reset_index(drop=True)


def _read_accepted_effects(
    accepted: str, moved: Mapping[str, Any], codebook: Codebook
) -> pd.DataFrame:
    """Return the effects of the last release, under the names of today."""
    current_names = CurrentNames(
        {key: Rename.model_validate(renamed) for key, renamed in moved.items()}, codebook
    )
    return current_names.to_current_names(
        read_table(accepted, restricted_contract("comparison/adjusted_countries")),
        "the last release",
    )


def _add_frozen_effects(
    table: pd.DataFrame, frozen: Collection[str], accepted_effects: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Return all effects, those that stay as released, in the codebook's order."""
    frozen_rows = accepted_effects[accepted_effects["indicator"].isin(list(frozen))]
    all_rows = pd.concat([table, frozen_rows], ignore_index=True)
    position = {indicator.id: index for index, indicator in enumerate(codebook.indicators)}
    order = all_rows["indicator"].map(position).sort_values(kind="stable").index
    return all_rows.loc[order].reset_index(drop=True)


def _read_country(
    sample: str, indicators: str, parts: str, weights: str, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read one country; a composite is known for children who answered all its parts."""
    frame, outcomes, domains = read_analysis(sample, indicators, weights, codebook)
    return frame, complete_only(outcomes, read_composites(parts, outcomes.index)), domains


def _select_compared_countries(
    releases: Sequence[str], ledger: str, headline: Sequence[str]
) -> dict[str, list[str]]:
    """Return by indicator the countries that may be shown and can be compared."""
    releases_of_all = pd.concat(
        [read_table(path, COMPARED_RELEASE) for path in releases], ignore_index=True
    )
    national = releases_of_all[is_shown(releases_of_all) & (releases_of_all["domain"] == "total")]
    national = national[national["indicator"].isin(headline)]
    comparable = select_comparable(
        national, read_table(ledger, restricted_contract("comparison/comparability"))
    )
    return {
        name: sorted(comparable.loc[comparable["indicator"] == name, "country"])
        for name in headline
    }


def _join_calibration(frame: pd.DataFrame, margins: Sequence[str]) -> CalibratedFrame:
    """Return what the weights of all countries were calibrated to, each to its own margins."""
    margins_by_country = {
        name: frame["country"] + ": " + frame[name].astype(str) for name in margins
    }
    return build_calibration(frame.assign(**margins_by_country), margins)


def _join_design(frame: pd.DataFrame, lonely_psu: str) -> Any:
    """Return the design of all countries: no stratum crosses a border.

    Where only some countries know how many PSUs a stratum has, none is corrected for it.
    """
    if "fpc" in frame and frame["fpc"].isna().any():
        frame = frame.drop(columns="fpc")
    # Strata of one name in all countries are categories, and these cannot be added to.
    strata = frame["country"].astype("str") + ": " + frame["stratum"].astype("str")
    return build_design(frame.assign(stratum=strata), lonely_psu)
