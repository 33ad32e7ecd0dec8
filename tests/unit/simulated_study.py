"""The default study's simulation, loaded once, and a small one for repetitions."""

from functools import cache
from pathlib import Path

from disrupting_harm.simulation.answers import Answers, draw_true_answers
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.simulation.population import Population, draw_population
from disrupting_harm.simulation.random_streams import Streams
from disrupting_harm.simulation.settings import CountrySimulation, Draw, Simulation
from disrupting_harm.simulation.study import SimulatedStudy, simulate_study
from disrupting_harm.study.study import Study, load_study

CONFIG = Path(__file__).parents[2] / "config"


@cache
def study() -> Study:
    return load_study(CONFIG / "config.yaml")


@cache
def simulation() -> Simulation:
    return load_simulation(CONFIG / "simulation.yaml", study().codebook)


def children(country: str) -> int:
    row = study().countries[country]
    assert row.children
    assert row.internet_use_rate
    return round(row.children * row.internet_use_rate)


@cache
def simulated(country: str, seed: int | None = None) -> SimulatedStudy:
    row = study().countries[country]
    assert row.children
    assert row.internet_use_rate
    return simulate_study(
        country,
        simulation().country(country),
        study().codebook,
        study().mappings[country],
        row.children,
        row.internet_use_rate,
        study().config.weighting.margins,
        study().config.seed if seed is None else seed,
    )


@cache
def population(country: str) -> tuple[Population, Answers]:
    """The same population as that of `simulated`."""
    streams = Streams(study().config.seed, country)
    settings = simulation().country(country)
    made = draw_population(settings, children(country), streams)
    return made, draw_true_answers(settings, study().codebook, made, streams)


def small(country: str = "KEN") -> CountrySimulation:
    """Settings of 300 small PSUs, of which 30 are drawn."""
    settings = simulation().country(country)
    frame = settings.frame.model_copy(update={"psus": 300, "households": 12})
    draw = Draw(psus=30, households=5)
    return settings.model_copy(update={"frame": frame, "draw": draw})
