"""Stage *audit*: samplics recomputes the weights and the headline table of every country."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from designbased.estimates.linearisation import estimate
from disrupting_harm.audit.estimates import KEYS, compare_estimates, recompute_by_samplics
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
from disrupting_harm.tables.io import read_table

# Largest relative difference of estimates and standard errors that counts as agreement.
TOLERANCE = 1e-9
_COLUMNS = ["country", "indicator", "domain", "cells", "estimate_difference", "se_difference"]


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
    lonely_psu: str,
    calibrated_errors: bool,
    weights_output: str,
    table_output: str,
    summary_output: str,
    decisions: Sequence[str] = (),
) -> None:
    """Recompute the weights and headline proportions of all countries with samplics.

    Of the weights these are the factors for non-response and the raking; where a study's method is
    one that samplics does not have, the table of weights says so. ``margins`` is empty where
    nothing is calibrated. ``decisions`` are those of the gate, where a release is updated: the
    estimates of a country that it holds are those of the release, which were recomputed there.

    Composites with imputed answers are recomputed as such: their proportion and its derivatives
    from sums by PSU, their standard error by samplics.

    samplics takes weights as given. Where the estimates' standard errors account for calibration
    (``calibrated_errors``), those that do not are computed again by the same kernel and compared.

    Raises:
        StudyError: if a weight, an estimate or a standard error differs by more than
            :data:`TOLERANCE`, or if no country asked a headline proportion.
    """
    rules = Weighting.model_validate(weighting)
    totals: Sequence[str | None] = margins or [None] * len(countries)
    files_of_countries = zip(countries, samples, units, weights, totals, strict=True)
    recomputed = pd.concat([audit_weights(*files, rules) for files in files_of_countries])
    deviating = recomputed[recomputed["largest_difference"] > TOLERANCE]
    if len(deviating):
        first_deviating = deviating.iloc[0]
        location = f"country {first_deviating['country']}, {first_deviating['step']}"
        raise _describe_difference(location, first_deviating["largest_difference"])
    definitions = Codebook.model_validate(codebook)
    prepared = zip(samples, indicators, parts, weights, strict=True)
    held_codes = find_held_countries(decisions)
    tables = [
        _audit_country(country, files, estimates_file, definitions, lonely_psu, calibrated_errors)
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
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_COLUMNS)
    largest = table[["estimate_difference", "se_difference"]].max(axis=1)
    if largest.max() > TOLERANCE:
        worst = table.iloc[int(largest.argmax())]
        raise _describe_difference(
            f"country {worst['country']}, indicator '{worst['indicator']}'", largest.max()
        )
    write_csv(weights_output, recomputed)
    write_csv(table_output, table)
    write_json(
        summary_output,
        {
            "second_estimator": "samplics TaylorEstimator"
            + (
                ", standard errors before calibration is accounted for" if calibrated_errors else ""
            ),
            "weights": "samplics SampleWeight: "
            f"{int(recomputed['largest_difference'].notna().sum())} of {len(recomputed)} steps",
            "composites": "with imputed answers: proportion and derivatives from sums by PSU, "
            "variance by samplics",
            "cells": int(table["cells"].sum()),
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


def _describe_difference(location: str, difference: float) -> StudyError:
    return StudyError(
        f"audit, {location}",
        f"the second computation differs by {difference:.1e} (relative)",
        "Do not publish; report it with the country's file to the maintainers",
    )


def _audit_country(
    country: str,
    files: tuple[str, str, str, str],
    estimates: str,
    codebook: Codebook,
    lonely_psu: str,
    calibrated_errors: bool,
) -> pd.DataFrame:
    sample, indicators, parts, weights = files
    frame, outcomes, domains = read_analysis(sample, indicators, weights, codebook)
    kernel = pd.read_parquet(estimates)
    asked_indicators = set(kernel.loc[kernel["reliability"] != NOT_ASKED, "indicator"])
    headline = [name for name in codebook.headlines("proportion") if name in asked_indicators]
    if not headline:
        return pd.DataFrame()
    kernel = kernel[kernel["indicator"].isin(headline)]
    design = build_design(frame, lonely_psu)
    all_composites = read_composites(parts, outcomes.index)
    composites = {name: all_composites[name] for name in headline if name in all_composites}
    if calibrated_errors:
        uncalibrated = estimate(design, outcomes[headline], domains, composites=composites)
        uncalibrated = uncalibrated[[*KEYS, "se"]]
        kernel = kernel.drop(columns="se").merge(uncalibrated, on=KEYS, how="left", validate="1:1")
    second = recompute_by_samplics(design, outcomes[headline], domains, composites)
    second = select_present_cells(drop_own_domains(second, codebook), domains, design.weight)
    table = compare_estimates(kernel[["indicator", "domain", "level", "estimate", "se"]], second)
    table.insert(0, "country", country)
    return table
