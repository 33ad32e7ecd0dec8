"""One country's simulated study, from its settings to its files."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.answers import (
    NO,
    YES,
    Answers,
    composite_items,
    draw_true_answers,
    is_fulfilled,
)
from disrupting_harm.simulation.load import answer_options
from disrupting_harm.simulation.population import (
    AREAS,
    Population,
    Sample,
    draw_population,
    draw_sample,
)
from disrupting_harm.simulation.random_streams import Streams
from disrupting_harm.simulation.settings import CountrySimulation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import (
    ANSWERED,
    DONT_KNOW,
    LOST,
    NOT_ASKED,
    REFUSED,
    SPECIAL_ANSWERS,
    Item,
    status_column,
)
from disrupting_harm.study.codebook.domains import build_domains
from disrupting_harm.study.codebook.indicators import build_indicators
from disrupting_harm.study.microdata.mapping import Mapping, column_of

# Recorded answers of the simulated sample, and their codes in the raw file.


INTERVIEWED = ("complete", "partial")
# Interviews never break off before this part of the questionnaire.
EARLIEST_BREAK_OFF = 0.4
# Recorded answers: positions among an item's options, then these.
SPECIAL = {answer: -2 - position for position, answer in enumerate(SPECIAL_ANSWERS)}


def record_answers(
    settings: CountrySimulation,
    codebook: Codebook,
    population: Population,
    truth: Answers,
    sample: Sample,
    streams: Streams,
) -> Answers:
    """Record the answers of the children drawn.

    Questions are asked as the recorded answers route them: a child whose experiences are not on
    record is not asked about the last time. The roster is known for all; nothing else is recorded
    of children not interviewed.

    Returns:
        By item, (n,) positions among its options, or one of `SPECIAL`.
    """
    interviewed = np.isin(sample.disposition, INTERVIEWED)
    recorded = {name: codes[sample.child] for name, codes in population.items.items()}
    questions = [item for item in codebook.items if item.id not in recorded]
    broken_off = _draw_break_off(len(questions), sample, streams)
    chance = streams("sample: refusers").random(len(sample.child))
    rates = _SpecialAnswerRates(settings, codebook, recorded, chance)
    set_by = {
        item: composite_items(name, codebook) for item, name in settings.any_of_composite.items()
    }
    for number, item in enumerate(questions):
        if item.id in set_by:
            yes = np.stack([recorded[part_item] == YES for part_item in set_by[item.id]]).any(
                axis=0
            )
            answer = np.where(yes, YES, NO).astype(np.int8)
        else:
            answer = truth[item.id][sample.child].copy()
            recipe = settings.recipes[item.id]
            chance = 100 * streams(f"sample: answer to {item.id}").random(len(answer))
            for special, rate in rates.rates_of(item, answer):
                answer[(chance >= 0) & (chance < rate)] = SPECIAL[special]
                chance -= rate
            if recipe.asked_if:
                answer[~is_fulfilled(recipe.asked_if, recorded, codebook)] = SPECIAL[NOT_ASKED]
        answer[number >= broken_off] = SPECIAL[LOST]
        recorded[item.id] = answer
    for item in codebook.items:
        if item.respondent != "sample":
            recorded[item.id] = np.where(interviewed, recorded[item.id], SPECIAL[NOT_ASKED])
    return recorded


def _draw_break_off(questions: int, sample: Sample, streams: Streams) -> Integers:
    """Return the number of the first question that each child was not asked any more."""
    earliest = int(EARLIEST_BREAK_OFF * questions)
    last = streams("sample: last question").integers(earliest, questions, len(sample.child))
    return np.where(sample.disposition == "partial", last, questions)


class _SpecialAnswerRates:
    """Probabilities of the special answers, in per cent, by child."""

    def __init__(
        self, settings: CountrySimulation, codebook: Codebook, roster: Answers, chance: Floats
    ) -> None:
        self._settings, missing = settings, settings.missing
        self._sensitive = {
            condition.item
            for indicator in codebook.indicators
            if indicator.sensitive
            for condition in indicator.numerator
        }
        self._not_knowing_is_no = {
            condition.item
            for indicator in codebook.indicators
            if indicator.dont_know == "no"
            for condition in indicator.numerator
        }
        girl, younger = roster["sex"] == 1, roster["age_group"] == 0
        percent = missing.refusers * np.where(girl, missing.girls_times, 1.0)
        percent *= np.where(younger, missing.younger_times, 1.0)
        self._refuses = 100 * chance < percent

    def rates_of(self, item: Item, answer: NDArray[np.int8]) -> list[tuple[str, Floats | float]]:
        """Return the special answers to an item, given the true ones, with their rates."""
        missing, own_dont_know = self._settings.missing, self._settings.recipes[item.id].dont_know
        rate = missing.ordinary
        refused: Floats | float = rate.prefer_not_to_say
        if item.id in self._sensitive:
            rate = missing.sensitive
            refused = np.where(self._refuses, missing.refused, rate.prefer_not_to_say)
        dont_know: Floats | float = rate.dont_know if own_dont_know is None else own_dont_know
        if item.id in self._not_knowing_is_no:
            dont_know = np.where(answer == YES, 0.0, dont_know)
        return [(REFUSED, refused), (DONT_KNOW, dont_know), (LOST, rate.lost)]


def format_raw_file(
    country: str,
    codebook: Codebook,
    mapping: Mapping,
    population: Population,
    sample: Sample,
    recorded: Answers,
) -> pd.DataFrame:
    """Return the raw file: one row per child drawn, columns and codes as the mapping has them.

    Raises:
        StudyError: the mapping names no column or code for something that the file must hold.
    """
    n = len(sample.child)
    stratum = population.psu_stratum[sample.psu]
    design: dict[str, Any] = {
        "child_id": [f"{country}-{number:04d}" for number in range(1, n + 1)],
        "stratum": [f"S{s // AREAS + 1}{'UR'[s % AREAS]}" for s in stratum],
        "psu": [f"P{psu + 1:04d}" for psu in sample.psu],
        "psu_probability": sample.psu_probability,
        "household_probability": sample.household_probability,
        "eligible_children": sample.eligible_children,
    }
    columns: dict[str, Any] = {"simulated": np.ones(n, dtype=np.intp)}
    for key, values in design.items():
        columns[_require_name(getattr(mapping, key), key)] = values
    if mapping.disposition is None:
        raise _unnamed_key_error("disposition")
    codes = {word: str(code) for code, word in mapping.disposition.codes.items()}
    columns[mapping.disposition.column] = [codes[word] for word in sample.disposition.tolist()]
    for item in codebook.items:
        name = column_of(item.id, mapping)
        if name is not None:
            columns[name] = _raw_codes(item, mapping)[recorded[item.id]]
    return pd.DataFrame(columns)


def _raw_codes(item: Item, mapping: Mapping) -> NDArray[np.object_]:
    """Return the codes of an item's options, then those of the special answers, last to first.

    Positions among the options count from the front and `SPECIAL` from the back.
    """
    variable = mapping.variables.get(item.id)
    codes_of_answers = variable.codes if variable else {}
    if not codes_of_answers and item.type == "yes_no":
        codes_of_answers = dict(mapping.yes_no)
    code_of = {answer: str(code) for code, answer in reversed(codes_of_answers.items())}
    codes = [code_of.get(option, option) for option in answer_options(item)]
    missing = {**mapping.missing, **(variable.missing if variable else {})}
    for answer in SPECIAL_ANSWERS:
        if answer not in missing and answer != NOT_ASKED:
            raise _unnamed_key_error(f"missing.{answer}")
    special = [str(missing.get(answer, [""])[0]) for answer in SPECIAL_ANSWERS]
    return np.array([*codes, *reversed(special), ""], dtype=object)


def _require_name(column: str | None, key: str) -> str:
    if column is None:
        raise _unnamed_key_error(key)
    return column


def _unnamed_key_error(key: str) -> StudyError:
    return StudyError(
        f"mapping, key '{key}'", "missing or incomplete, but a simulated file holds it", "Add it"
    )


# True values of the simulated population, and its totals for raking.


def answers_frame(answers: Answers, codebook: Codebook) -> pd.DataFrame:
    """Return the answers as the stage ``prepare`` would: strings, and numbers with a status."""
    columns: dict[str, object] = {}
    for item in codebook.items:
        code = answers[item.id]
        if item.type == "number":
            columns[item.id] = np.where(code < 0, np.nan, code.astype(float))
            columns[status_column(item.id)] = _categorical_of(
                np.where(code < 0, 1, 0), ANSWERED, NOT_ASKED
            )
        else:
            unasked = len(item.answers)
            columns[item.id] = _categorical_of(
                np.where(code < 0, unasked, code), *item.answers, NOT_ASKED
            )
    return pd.DataFrame(columns)


def _categorical_of(positions: Integers, *categories: str) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(positions, categories=pd.Index(categories, dtype=str))


def compute_true_values(
    frame: pd.DataFrame, domains: pd.DataFrame, codebook: Codebook, scale: float
) -> pd.DataFrame:
    """Compute every indicator in every level of every domain over the whole population.

    Args:
        frame: the answers, as of :func:`answers_frame`.
        domains: the levels, as of ``build_domains``.
        scale: real children that each row stands for.

    Returns:
        ``indicator, domain, level, population, truth``: the real children in the indicator's
        universe, and its value among them had every child answered (NaN where there are none).
    """
    values = build_indicators(frame, codebook)
    levels = [(name, str(level)) for name in domains for level in domains[name].cat.categories]
    counts, sums = _sum_by_level(values, domains)
    totals = np.array(
        [codebook.indicator(name).statistic == "total" for name in values.columns.astype(str)]
    )
    divisor = np.where(totals, 1 / scale, counts)
    truth = np.divide(sums, divisor, out=np.full(sums.shape, np.nan), where=counts > 0)
    return pd.DataFrame(
        {
            "indicator": np.repeat(values.columns.to_numpy(dtype=object), len(levels)),
            "domain": [domain for domain, _ in levels] * values.shape[1],
            "level": [level for _, level in levels] * values.shape[1],
            "population": (counts * scale).T.ravel(),
            "truth": truth.T.ravel(),
        }
    )


def _sum_by_level(values: pd.DataFrame, domains: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the number of values and their sum, (levels, indicators).

    Children are counted once in the finest cells, which are then added up to levels.
    """
    shape = [len(domains[name].cat.categories) for name in domains]
    cell = np.ravel_multi_index([domains[name].cat.codes.to_numpy() for name in domains], shape)
    n_cells = int(np.prod(shape))
    finest = np.zeros((2, n_cells, values.shape[1]))
    for k, name in enumerate(values):
        value = values[name].to_numpy()
        valid = ~np.isnan(value)
        finest[0, :, k] = np.bincount(cell[valid], minlength=n_cells)
        finest[1, :, k] = np.bincount(cell[valid], weights=value[valid], minlength=n_cells)
    table = finest.reshape(2, *shape, -1)
    axes = range(1, len(shape) + 1)
    by_level = [
        table.sum(axis=tuple(summed_axis for summed_axis in axes if summed_axis != axis))
        for axis in axes
    ]
    counts, sums = np.concatenate(by_level, axis=1)
    return counts, sums


def count_margin_totals(
    domains: pd.DataFrame, margins: tuple[str, ...], children: int
) -> pd.DataFrame:
    """Return the population totals ``margin, category, total``, in whole children.

    The totals of every margin add up to ``children``: largest remainders decide the rounding.
    """
    tables = []
    for margin in margins:
        counts = domains[margin].value_counts(sort=False)
        counts = counts[counts > 0]
        divisions = [divmod(int(count) * children, len(domains)) for count in counts]
        totals = [quotient for quotient, _ in divisions]
        by_remainder = sorted(range(len(divisions)), key=lambda k: (-divisions[k][1], k))
        for k in by_remainder[: children - sum(totals)]:
            totals[k] += 1
        tables.append(
            pd.DataFrame({"margin": margin, "category": counts.index.astype(str), "total": totals})
        )
    return pd.concat(tables, ignore_index=True)


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


def simulate_study(
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
        children: real children aged 12-17.
        internet_use_rate: the share of them who use the internet, whom the study is about.
        margins: domains whose totals are wanted.

    Raises:
        StudyError: settings that cannot be met together.
    """
    streams = Streams(seed, country)
    total = round(children * internet_use_rate)
    population = draw_population(settings, total, streams)
    answers = draw_true_answers(settings, codebook, population, streams)
    sample = draw_sample(settings, population, streams)
    recorded = record_answers(settings, codebook, population, answers, sample, streams)
    frame = answers_frame(answers, codebook)
    domains = build_domains(frame, codebook)
    return SimulatedStudy(
        sample=format_raw_file(country, codebook, mapping, population, sample, recorded),
        margins=count_margin_totals(domains, margins, total),
        truth=compute_true_values(frame, domains, codebook, population.scale),
        frame=_describe_simulation(country, seed, total, population, sample),
    )


def _describe_simulation(
    country: str, seed: int, total: int, population: Population, sample: Sample
) -> dict[str, Any]:
    return {
        "country": country,
        "simulated": True,
        "seed": seed,
        "children": total,
        "simulated_children": population.n_children,
        "children_per_simulated_child": float(f"{population.scale:.12g}"),
        "simulated_households": len(population.household_psu),
        "psus": len(population.psu_stratum),
        "strata": len(np.unique(population.psu_stratum)),
        "psus_drawn": len(np.unique(sample.psu)),
        "drawn": len(sample.child),
        "interviewed": int(np.isin(sample.disposition, INTERVIEWED).sum()),
    }
