"""Stage *simulate*: make one country's raw file from a simulated population."""

from collections.abc import Sequence
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv, write_json, write_parquet
from disrupting_harm.simulation.settings import CountrySimulation
from disrupting_harm.simulation.study import simulate_study
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.mapping import Mapping


def simulate_country(
    *,
    population: dict[str, Any],
    settings: dict[str, Any],
    codebook: dict[str, Any],
    mapping: dict[str, Any],
    margins: Sequence[str],
    seed: int,
    sample_output: str,
    margins_output: str,
    truth_output: str,
    frame_output: str,
) -> None:
    """Write the simulated sample, margins, true values and facts of one country.

    Raises:
        StudyError: if the countries file lacks the size of the population.
    """
    row = Country.model_validate(population)
    children, internet_use_rate = read_population(row)
    study = simulate_study(
        row.country,
        CountrySimulation.model_validate(settings),
        Codebook.model_validate(codebook),
        Mapping.model_validate(mapping),
        children,
        internet_use_rate,
        tuple(margins),
        seed,
    )
    write_csv(sample_output, study.sample)
    write_csv(margins_output, study.margins)
    write_parquet(truth_output, study.truth, {"simulated": "true"})
    write_json(frame_output, study.frame)


def read_population(row: Country) -> tuple[int, float]:
    """Return the number of children of a country and the share of them who use the internet.

    Raises:
        StudyError: the countries file lacks one of them.
    """
    if row.children is None or row.internet_use_rate is None:
        raise StudyError(
            f"countries file, country {row.country}",
            "'children' or 'internet_use_rate' is empty",
            "Fill both: the simulated population has that size",
        )
    return row.children, row.internet_use_rate
