"""How often intervals cover the truth of the simulated countries, with all steps of the workflow.

The population of each country and its answers are those of the study. Samples are drawn from it
again and again, as in the study: PSUs, households, children, non-response, refusals. Each is
prepared, weighted and estimated with the study's settings and set against the true values of the
population, once with standard errors that take the weights as given and once with those that
account for the calibration to margins; composites with missing parts once more by the rule that
leaves out incomplete noes.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from coverage_scenarios import CONFIDENCE, tally

from designbased.estimates.linearisation import estimate
from designbased.weighting.pipeline import build_weights
from disrupting_harm.simulation.answers import Answers, draw_true_answers
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.simulation.population import Population, draw_population, draw_sample
from disrupting_harm.simulation.random_streams import Streams
from disrupting_harm.simulation.settings import CountrySimulation
from disrupting_harm.simulation.study import (
    answers_frame,
    compute_true_values,
    count_margin_totals,
    format_raw_file,
    record_answers,
)
from disrupting_harm.stages.estimate import build_calibration, build_composites, build_design
from disrupting_harm.stages.weight import build_weighting_settings
from disrupting_harm.study.codebook.domains import build_domains
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country
from disrupting_harm.study.study import Study

REPETITIONS = 100
PROCESSES = os.cpu_count() or 1
KEYS = ["indicator", "domain", "level"]
OLD_RULE = "unless_yes_missing"
# The whole country, and the groups that a report shows.
DOMAINS = ("total", "sex", "age_band", "area")


@dataclass(frozen=True, eq=False)
class Country:
    """A simulated population whose truth is known."""

    code: str
    settings: CountrySimulation
    population: Population
    answers: Answers
    margins: pd.DataFrame
    truth: pd.DataFrame


def build_country(study: Study, settings: CountrySimulation, code: str) -> Country:
    """Make the population of a country as the study's own simulation does."""
    row = study.countries[code]
    assert row.children is not None
    assert row.internet_use_rate is not None
    children = round(row.children * row.internet_use_rate)
    streams = Streams(study.config.seed, code)
    population = draw_population(settings, children, streams)
    answers = draw_true_answers(settings, study.codebook, population, streams)
    frame = answers_frame(answers, study.codebook)
    domains = build_domains(frame, study.codebook)
    return Country(
        code,
        settings,
        population,
        answers,
        count_margin_totals(domains, study.config.weighting.margins, children),
        compute_true_values(frame, domains, study.codebook, population.scale),
    )


def repeat(study: Study, codes: Sequence[str], repetitions: int = REPETITIONS) -> pd.DataFrame:
    """Estimate the headline proportions in many samples of each country.

    Returns:
        One row per country, repetition, indicator, domain, level and kind of ``errors`` (``given``
        weights or ``calibrated``; ``unless_yes_missing``: composites by that rule, given weights),
        with ``n, estimate, se, df, truth``.
    """
    # One process a country; the results come in the order of the countries.
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = pool.map(partial(repeat_country, study, repetitions=repetitions), codes)
        return pd.concat(parts, ignore_index=True)


def repeat_country(study: Study, code: str, repetitions: int) -> pd.DataFrame:
    """Do the same for one country."""
    assert study.config.simulation is not None
    simulation = load_simulation(study.resolve(study.config.simulation), study.codebook)
    country = build_country(study, simulation.country(code), code)
    parts: list[pd.DataFrame] = []
    for repetition in range(repetitions):
        # Not the study's own sample: its streams are those of the seed itself.
        streams = Streams(study.config.seed + 1 + repetition, code)
        parts += _estimates(study, country, _prepare(study, country, streams))
    return pd.concat(parts, ignore_index=True).assign(country=code)


def rates(cells: pd.DataFrame, by: Sequence[str], method: str) -> pd.DataFrame:
    """Return coverage, mean width and mean error of one method by kind of errors and ``by``."""
    groups = [*by, "errors"]
    error = cells.assign(bias=cells["estimate"] - cells["truth"]).groupby(groups, sort=False)
    found = tally(cells, method, groups).merge(error["bias"].mean().reset_index(), on=groups)
    return found.merge(error.size().rename("cells").reset_index(), on=groups)


def _prepare(study: Study, country: Country, streams: Streams) -> PreparedCountry:
    """Draw a sample and bring it through the stage `prepare`, by way of a file."""
    settings, population = country.settings, country.population
    sample = draw_sample(settings, population, streams)
    recorded = record_answers(
        settings, study.codebook, population, country.answers, sample, streams
    )
    mapping = study.mappings[country.code]
    raw = format_raw_file(country.code, study.codebook, mapping, population, sample, recorded)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        raw.to_csv(path, index=False)
        return prepare_country(
            country.code,
            path,
            mapping,
            study.codebook,
            simulated=True,
            source=study.config.weighting.source,
            lonely_psu=study.config.estimation.lonely_psu,
        )


def _estimates(study: Study, country: Country, prepared: PreparedCountry) -> Iterator[pd.DataFrame]:
    weighting = study.config.weighting
    final = build_weights(
        prepared.sample, build_weighting_settings(weighting), country.margins
    ).weights
    final = final.set_index("child_id")
    frame = prepared.sample.set_index("child_id").loc[final.index]
    frame = frame.assign(weight=final["weight"], calibration_factor=final["calibration_factor"])
    headline = [
        entry.id
        for entry in study.codebook.indicators
        if entry.headline and entry.statistic == "proportion"
    ]
    outcomes = prepared.indicators.set_index("child_id").loc[frame.index, headline]
    domains = pd.DataFrame(
        {
            name: pd.Categorical(frame[name], categories=study.codebook.levels(name))
            for name in DOMAINS
        },
        index=frame.index,
    )
    design = build_design(frame, study.config.estimation.lonely_psu)
    calibration = build_calibration(frame, weighting.margins)
    found = build_composites(prepared.parts.set_index("child_id").loc[frame.index])
    composites = {name: found[name] for name in headline if name in found}
    for errors, accounted, rule in (
        ("given", None, composites),
        ("calibrated", calibration, composites),
        (OLD_RULE, None, None),
    ):
        # The columns of composites hold their decided answers: without the parts, the old rule.
        wanted = outcomes[list(composites)] if errors == OLD_RULE else outcomes
        cells = estimate(
            design,
            wanted,
            domains,
            confidence=CONFIDENCE,
            calibration=accounted,
            composites=rule,
        )
        known = cells.merge(country.truth[[*KEYS, "truth"]], on=KEYS, validate="one_to_one")
        # A level that the country does not have has no truth.
        exists = known["n"].gt(0) & np.isfinite(known["truth"])
        yield known.loc[exists, [*KEYS, "n", "estimate", "se", "df", "truth"]].assign(errors=errors)
