"""One country's simulated study, from its settings to its files."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.domains import build_domains
from disrupting_harm.study.mapping import Mapping
from disrupting_harm.study.simulate.answers import true_answers
from disrupting_harm.study.simulate.population import Population, draw_population
from disrupting_harm.study.simulate.random import Streams
from disrupting_harm.study.simulate.record import INTERVIEWED, raw_file, record
from disrupting_harm.study.simulate.sample import Sample, draw_sample
from disrupting_harm.study.simulate.settings import CountrySimulation
from disrupting_harm.study.simulate.truth import answers_frame, margin_totals, true_values


@dataclass(frozen=True, eq=False)
class SimulatedStudy:
    """What the simulation of one country makes.

    Attributes:
        sample: the raw file, one row per child drawn, ``simulated`` = 1 in all of them.
        margins: population totals ``margin, category, total``.
        truth: true values ``indicator, domain, level, population, truth``.
        frame: facts about the population and the sample, as plain values.
    """

    sample: pd.DataFrame
    margins: pd.DataFrame
    truth: pd.DataFrame
    frame: dict[str, Any]


def simulate(
    country: str,
    settings: CountrySimulation,
    codebook: Codebook,
    mapping: Mapping,
    children: int,
    internet_use_rate: float,
    margins: tuple[str, ...],
    seed: int,
) -> SimulatedStudy:
    """Simulate one country: its children, what they would answer, and the survey among them.

    Args:
        country: the country's code; with the seed it decides all random numbers.
        settings: the country's simulation settings.
        codebook: items, domains and indicators.
        mapping: columns and codes of the raw file.
        children: real children aged 12-17.
        internet_use_rate: the share of them who use the internet, whom the study is about.
        margins: domains whose totals are wanted.
        seed: the study's seed.

    Raises:
        StudyError: settings that cannot be met together.
    """
    streams = Streams(seed, country)
    total = round(children * internet_use_rate)
    population = draw_population(settings, total, streams)
    answers = true_answers(settings, codebook, population, streams)
    sample = draw_sample(settings, population, streams)
    recorded = record(settings, codebook, population, answers, sample, streams)
    frame = answers_frame(answers, codebook)
    domains = build_domains(frame, codebook)
    return SimulatedStudy(
        sample=raw_file(country, codebook, mapping, population, sample, recorded),
        margins=margin_totals(domains, margins, total),
        truth=true_values(frame, domains, codebook, population.scale),
        frame=_facts(country, seed, total, population, sample),
    )


def _facts(
    country: str, seed: int, total: int, population: Population, sample: Sample
) -> dict[str, Any]:
    return {
        "country": country,
        "simulated": True,
        "seed": seed,
        "children": total,
        "simulated_children": population.size,
        "children_per_simulated_child": float(f"{population.scale:.12g}"),
        "simulated_households": len(population.household_psu),
        "psus": len(population.psu_stratum),
        "strata": len(np.unique(population.psu_stratum)),
        "psus_drawn": len(np.unique(sample.psu)),
        "drawn": len(sample.child),
        "interviewed": int(np.isin(sample.disposition, INTERVIEWED).sum()),
    }
