"""Recorded answers of the simulated sample, and their codes in the raw file."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.items import DONT_KNOW, LOST, NOT_ASKED, REFUSED, SPECIAL_ANSWERS, Item
from disrupting_harm.study.mapping import Mapping, column_of
from disrupting_harm.study.simulate.answers import NO, YES, Answers, composite_items, fulfil
from disrupting_harm.study.simulate.load import options
from disrupting_harm.study.simulate.population import AREAS, Population
from disrupting_harm.study.simulate.random import Streams
from disrupting_harm.study.simulate.sample import Sample
from disrupting_harm.study.simulate.settings import CountrySimulation

INTERVIEWED = ("complete", "partial")
# Interviews never break off before this part of the questionnaire.
EARLIEST_BREAK_OFF = 0.4
# Recorded answers: positions among an item's options, then these.
SPECIAL = {answer: -2 - position for position, answer in enumerate(SPECIAL_ANSWERS)}


def record(
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
    broken_off = _break_off(len(questions), sample, streams)
    chance = streams("sample: refusers").random(len(sample.child))
    rates = _Rates(settings, codebook, recorded, chance)
    set_by = {
        item: composite_items(name, codebook) for item, name in settings.any_of_composite.items()
    }
    for number, item in enumerate(questions):
        if item.id in set_by:
            yes = np.stack([recorded[part] == YES for part in set_by[item.id]]).any(axis=0)
            answer = np.where(yes, YES, NO).astype(np.int8)
        else:
            answer = truth[item.id][sample.child].copy()
            recipe = settings.recipes[item.id]
            chance = 100 * streams(f"sample: answer to {item.id}").random(len(answer))
            for special, rate in rates.of(item, answer):
                answer[(chance >= 0) & (chance < rate)] = SPECIAL[special]
                chance -= rate
            if recipe.asked_if:
                answer[~fulfil(recipe.asked_if, recorded, codebook)] = SPECIAL[NOT_ASKED]
        answer[number >= broken_off] = SPECIAL[LOST]
        recorded[item.id] = answer
    for item in codebook.items:
        if item.respondent != "sample":
            recorded[item.id] = np.where(interviewed, recorded[item.id], SPECIAL[NOT_ASKED])
    return recorded


def _break_off(questions: int, sample: Sample, streams: Streams) -> Integers:
    """Return the number of the first question that each child was not asked any more."""
    earliest = int(EARLIEST_BREAK_OFF * questions)
    last = streams("sample: last question").integers(earliest, questions, len(sample.child))
    return np.where(sample.disposition == "partial", last, questions)


class _Rates:
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

    def of(self, item: Item, answer: NDArray[np.int8]) -> list[tuple[str, Floats | float]]:
        """Return the special answers to an item, given the true ones, with their rates."""
        missing, own = self._settings.missing, self._settings.recipes[item.id].dont_know
        rate = missing.ordinary
        refused: Floats | float = rate.prefer_not_to_say
        if item.id in self._sensitive:
            rate = missing.sensitive
            refused = np.where(self._refuses, missing.refused, rate.prefer_not_to_say)
        dont_know: Floats | float = rate.dont_know if own is None else own
        if item.id in self._not_knowing_is_no:
            dont_know = np.where(answer == YES, 0.0, dont_know)
        return [(REFUSED, refused), (DONT_KNOW, dont_know), (LOST, rate.lost)]


def raw_file(
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
        columns[_named(getattr(mapping, key), key)] = values
    if mapping.disposition is None:
        raise _unnamed("disposition")
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
    given = variable.codes if variable else {}
    if not given and item.type == "yes_no":
        given = dict(mapping.yes_no)
    code_of = {answer: str(code) for code, answer in reversed(given.items())}
    codes = [code_of.get(option, option) for option in options(item)]
    missing = {**mapping.missing, **(variable.missing if variable else {})}
    for answer in SPECIAL_ANSWERS:
        if answer not in missing and answer != NOT_ASKED:
            raise _unnamed(f"missing.{answer}")
    special = [str(missing.get(answer, [""])[0]) for answer in SPECIAL_ANSWERS]
    return np.array([*codes, *reversed(special), ""], dtype=object)


def _named(column: str | None, key: str) -> str:
    if column is None:
        raise _unnamed(key)
    return column


def _unnamed(key: str) -> StudyError:
    return StudyError(
        f"mapping, key '{key}'", "missing or incomplete, but a simulated file holds it", "Add it"
    )
