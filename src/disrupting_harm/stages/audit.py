"""Stage *audit*: samplics and svy recompute the weights and the headline table of every country."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from designbased.estimates.linearisation import estimate
from disrupting_harm.audit.estimates import KEYS, compare_estimates, recompute_by_samplics
from disrupting_harm.audit.limits import INTERVALS, LIMITS, compare_limits, recompute_by_svy
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv, write_json
from disrupting_harm.publication.cells_present import select_present_cells
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.release_messages import NOT_HELD
from disrupting_harm.stages.audit_weights import audit_weights
from disrupting_harm.stages.estimate import build_design, read_analysis, read_composites
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import drop_own_domains
from disrupting_harm.study.configuration.weighting_config import Weighting
from disrupting_harm.study.statuses import NOT_ASKED
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

# Largest relative difference that counts as agreement; degrees of freedom have none.
TOLERANCE = 1e-9
BY_SAMPLICS = ["estimate", "se"]
COMPARED = {
    "samplics": ["estimate_difference", "se_difference"],
    "svy": [f"svy_{value}_difference" for value in ("estimate", "se", "df", "limit")],
}
BY_SVY = ["estimate", "se", "df", *LIMITS]


def audit(
    *,
    countries: Sequence[str],
    samples: Sequence[str],
    indicators: Sequence[str],
    parts: Sequence[str],
    units: Sequence[str],
    weights: Sequence[str],
    margins: Sequence[str] = (),
    estimates: Sequence[str],
    codebook: dict[str, Any],
    weighting: dict[str, Any],
    estimation: dict[str, Any],
    weights_output: str,
    table_output: str,
    summary_output: str,
    decisions: Sequence[str] = (),
) -> None:
    """Recompute the weights and headline proportions of all countries.

    samplics recomputes weights, estimates and standard errors; svy estimates, standard errors,
    degrees of freedom and limits. Of the weights these are the factors for non-response and the
    raking; where a study's method is one that samplics does not have, the table of weights says so.
    ``margins`` is empty where nothing is calibrated. ``decisions`` are those of the gate, where a
    release is updated: the estimates of a country that it holds are those of the release, which
    were recomputed there.

    Composites with imputed answers are recomputed as such: their proportion and its derivatives
    from sums by PSU, all else by the two libraries.

    The libraries take weights as given. Where the estimates' standard errors account for
    calibration, those that do not, and their limits, are computed again by the same kernel and
    compared.

    Limits are compared where svy has the study's interval and the standard error is not zero: at 0
    and 100 per cent svy takes another effective number of children.

    Raises:
        StudyError: if a weight, an estimate, a standard error or a limit differs by more than
            :data:`TOLERANCE`, or degrees of freedom at all, or if no country asked a headline
            proportion.
    """
    rules = Weighting.model_validate(weighting)
    totals: Sequence[str | None] = margins or [None] * len(countries)
    files_of_countries = zip(countries, samples, units, weights, totals, strict=True)
    recomputed = pd.concat([audit_weights(*files, rules) for files in files_of_countries])
    deviating = recomputed[recomputed["largest_difference"] > TOLERANCE]
    if len(deviating):
        first_deviating = deviating.iloc[0]
        location = f"country {first_deviating['country']}, {first_deviating['step']}"
        raise _describe_difference(location, first_deviating["largest_difference"], "samplics")
    definitions = Codebook.model_validate(codebook)
    prepared = zip(samples, indicators, parts, weights, strict=True)
    held_codes = find_held_countries(decisions)
    tables = [
        _audit_country(country, files, estimates_file, definitions, estimation)
        for country, files, estimates_file in zip(countries, prepared, estimates, strict=True)
        if country not in held_codes
    ]
    tables = [table for table in tables if not table.empty]
    if not tables and not held_codes:
        raise StudyError(
            "audit",
            "no survey asked a headline proportion, so that there is nothing to recompute",
            "Mark as headline what at least one survey asked",
        )
    if tables:
        table = pd.concat(tables, ignore_index=True)
    else:
        table = pd.DataFrame(columns=list(restricted_contract("audit/estimates").columns))
    for library, columns in COMPARED.items():
        _require_agreement(table[["country", "indicator", *columns]], library)
    write_csv(weights_output, recomputed)
    write_csv(table_output, table)
    before_calibration = (
        ", standard errors before calibration is accounted for"
        if estimation["calibrated_errors"]
        else ""
    )
    write_json(
        summary_output,
        {
            "second_estimator": f"samplics TaylorEstimator{before_calibration}",
            "third_estimator": f"svy Estimation.prop{before_calibration}",
            "weights": "samplics SampleWeight: "
            f"{int(recomputed['largest_difference'].notna().sum())} of {len(recomputed)} steps",
            "composites": "with imputed answers: proportion and derivatives from sums by PSU, "
            "variance by samplics and svy",
            "cells": int(table["cells"].sum()),
            "limits": int(table["limits"].sum()),
            "limits_left_out": "where the standard error is zero, as at 0 and 100 per cent"
            if estimation["interval"] in INTERVALS
            else f"all: svy has no interval {estimation['interval']}",
            "tolerance": TOLERANCE,
            "agrees": True,
        },
    )


def find_held_countries(decisions: Sequence[str]) -> set[str]:
    """Return the countries that the gate holds, whose decisions are in files of their own."""
    tables = [read_table(path, DECIDED) for path in decisions]
    return {
        country
        for table in tables
        for country in table.loc[table["held"] != NOT_HELD, "country"].unique()
    }


def _require_agreement(table: pd.DataFrame, library: str) -> None:
    largest = table.drop(columns=["country", "indicator"]).max(axis=1)
    if largest.max() > TOLERANCE:
        worst = table.iloc[int(largest.argmax())]
        location = f"country {worst['country']}, indicator '{worst['indicator']}'"
        raise _describe_difference(location, largest.max(), library)


def _describe_difference(location: str, difference: float, library: str) -> StudyError:
    return StudyError(
        f"audit, {location}",
        f"the second computation, by {library}, differs by {difference:.1e} (relative)",
        "Do not publish; report it with the country's file to the maintainers",
    )


def _audit_country(
    country: str,
    files: tuple[str, str, str, str],
    estimates: str,
    codebook: Codebook,
    estimation: Mapping[str, Any],
) -> pd.DataFrame:
    sample, indicators, parts, weights = files
    frame, outcomes, domains = read_analysis(sample, indicators, weights, codebook)
    kernel = pd.read_parquet(estimates)
    asked_indicators = set(kernel.loc[kernel["reliability"] != NOT_ASKED, "indicator"])
    headline = [name for name in codebook.headlines("proportion") if name in asked_indicators]
    if not headline:
        return pd.DataFrame()
    kernel = kernel[kernel["indicator"].isin(headline)]
    design = build_design(frame, estimation["lonely_psu"])
    all_composites = read_composites(parts, outcomes.index)
    composites = {name: all_composites[name] for name in headline if name in all_composites}
    interval, confidence = estimation["interval"], estimation["confidence"]
    answers = outcomes[headline]
    if estimation["calibrated_errors"]:
        uncalibrated = estimate(
            design,
            answers,
            domains,
            interval=interval,
            confidence=confidence,
            composites=composites,
        )
        values = ["se", *LIMITS]
        kernel = kernel.drop(columns=values).merge(
            uncalibrated[[*KEYS, *values]], on=KEYS, how="left", validate="1:1"
        )
    second = recompute_by_samplics(design, answers, domains, composites)
    third = recompute_by_svy(design, answers, domains, composites, interval, confidence)
    second, third = (
        select_present_cells(drop_own_domains(table, codebook), domains, design.weight)
        for table in (second, third)
    )
    table = compare_estimates(kernel[[*KEYS, *BY_SAMPLICS]], second).merge(
        compare_limits(kernel[[*KEYS, *BY_SVY]], third, interval), on=["indicator", "domain"]
    )
    table.insert(0, "country", country)
    return table
