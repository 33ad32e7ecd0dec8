"""Stage *adjust*: compare countries, adjusted for age, sex and so on, in one model of all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.estimates.composites import complete_only
from disrupting_harm.comparison.country_effects import country_effects
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.publication.release import is_shown
from disrupting_harm.releases.frozen_tables import frozen_indicators
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.records import Names
from disrupting_harm.stages.estimate import (
    calibration_of,
    design_of,
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
    gated = [read_table(path, DECIDED) for path in decisions]
    frozen = frozen_indicators(pd.concat(gated), ["total", *terms]) if gated else set()
    headline = [name for name in headline if name not in frozen]
    table = pd.DataFrame()
    compared = _compared(releases, ledger, headline) if terms else {}
    here = {name: [code for code in codes if code in countries] for name, codes in compared.items()}
    if any(here.values()):
        read = [
            _read(*files, definitions)
            for files in zip(samples, indicators, parts, weights, strict=True)
        ]
        frame, outcomes, domains = (
            pd.concat(parts, keys=countries, names=["of"]) for parts in zip(*read, strict=True)
        )
        table = country_effects(
            _joint_design(frame, estimation["lonely_psu"]),
            frame["country"],
            outcomes[headline],
            domains[terms],
            here,
            find_domains_of_same_answers(definitions, terms),
            calibration=_joint_calibration(frame, margins)
            if estimation["calibrated_errors"]
            else None,
            alpha=comparison["alpha"],
        )
    table = _with_joining(table, compared, here)
    table = in_shape(
        table.assign(data_kind=data_kind(simulated)),
        restricted_contract("comparison/adjusted_countries"),
    )
    if accepted:
        table = _with_kept(
            table, frozen, _accepted(accepted, moved or {}, definitions), definitions
        )
    write_table(output, table, restricted_contract("comparison/adjusted_countries"), simulated)


def _with_joining(
    table: pd.DataFrame, compared: Mapping[str, Sequence[str]], here: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the effects with a row, without numbers, for each country that joins by statistics."""
    absent = [
        {"indicator": name, "country": code, "n": 0, "note": AT_HOME}
        for name, codes in compared.items()
        for code in codes
        if code not in here[name]
    ]
    if not absent:
        return table
    place = {name: at for at, name in enumerate(compared)}
    both = pd.concat([table, pd.DataFrame(absent)], ignore_index=True)
    order = both.assign(place=both["indicator"].map(place)).sort_values(["place", "country"])
    columns = [*float_columns(restricted_contract("comparison/adjusted_countries"))]
    both = both.loc[order.index].reindex(columns=[*absent[0], *columns, "clear"])
    return both.assign(clear=both["clear"].eq(True)).reset_index(drop=True)


def _accepted(accepted: str, moved: Mapping[str, Any], codebook: Codebook) -> pd.DataFrame:
    """Return the effects of the last release, under the names of today."""
    names = Names({key: Rename.model_validate(entry) for key, entry in moved.items()}, codebook)
    return names.now(
        read_table(accepted, restricted_contract("comparison/adjusted_countries")),
        "the last release",
    )


def _with_kept(
    table: pd.DataFrame, frozen: Collection[str], last: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Return all effects, those that stay as released, in the codebook's order."""
    staying = last[last["indicator"].isin(list(frozen))]
    both = pd.concat([table, staying], ignore_index=True)
    place = {entry.id: at for at, entry in enumerate(codebook.indicators)}
    order = both["indicator"].map(place).sort_values(kind="stable").index
    return both.loc[order].reset_index(drop=True)


def _read(
    sample: str, indicators: str, parts: str, weights: str, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read one country; a composite is known for children who answered all its parts."""
    frame, outcomes, domains = read_analysis(sample, indicators, weights, codebook)
    return frame, complete_only(outcomes, read_composites(parts, outcomes.index)), domains


def _compared(
    releases: Sequence[str], ledger: str, headline: Sequence[str]
) -> dict[str, list[str]]:
    """Return by indicator the countries that may be shown and can be compared."""
    released = pd.concat(
        [read_table(path, COMPARED_RELEASE) for path in releases], ignore_index=True
    )
    national = released[is_shown(released) & (released["domain"] == "total")]
    national = national[national["indicator"].isin(headline)]
    chosen = select_comparable(
        national, read_table(ledger, restricted_contract("comparison/comparability"))
    )
    return {name: sorted(chosen.loc[chosen["indicator"] == name, "country"]) for name in headline}


def _joint_calibration(frame: pd.DataFrame, margins: Sequence[str]) -> CalibratedFrame:
    """Return what the weights of all countries were calibrated to, each to its own margins."""
    own = {name: frame["country"] + ": " + frame[name].astype(str) for name in margins}
    return calibration_of(frame.assign(**own), margins)


def _joint_design(frame: pd.DataFrame, lonely_psu: str) -> Any:
    """Return the design of all countries: no stratum crosses a border.

    Where only some countries know how many PSUs a stratum has, none is corrected for it.
    """
    if "fpc" in frame and frame["fpc"].isna().any():
        frame = frame.drop(columns="fpc")
    # Strata of one name in all countries are categories, and these cannot be added to.
    strata = frame["country"].astype("str") + ": " + frame["stratum"].astype("str")
    return design_of(frame.assign(stratum=strata), lonely_psu)
