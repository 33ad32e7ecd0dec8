"""True answers of every child in the simulated population.

Items follow a latent model: children (or households) share a factor with others of their PSU and
between items, and the highest scores answer yes. The bounds are order statistics of the scores, so
that the prevalence in the simulated population is the target, to one child.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from designbased.arrays import Floats
from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.load import answer_options
from disrupting_harm.simulation.population import URBAN, Population
from disrupting_harm.simulation.random_streams import Streams, cut_by_score
from disrupting_harm.simulation.settings import CountrySimulation, Recipe
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Condition

YES, NO, NOT_ASKED = 0, 1, -1
MIDDLE_AGE = 14.5
# Covariates that are 1 where the answer to an item has this position; also any yes/no item itself.
COVARIATE_ANSWERS = {"girl": ("sex", 1), "urban": ("area", URBAN), "daily": ("frequency", 0)}

# By item, for each child: the position among `options(item)`, or `NOT_ASKED`.
Answers = dict[str, NDArray[np.int8]]


def is_fulfilled(
    conditions: Iterable[Condition], answers: Answers, codebook: Codebook
) -> NDArray[np.bool_]:
    """Say for each child whether its answers fulfil all conditions; there must be one."""
    fulfilled: list[NDArray[np.bool_]] = []
    for condition in conditions:
        answer = answer_options(codebook.item(condition.item))
        positions = [index for index, name in enumerate(answer) if _is_counted(condition, name)]
        fulfilled.append(np.isin(answers[condition.item], positions))
    return np.stack(fulfilled).all(axis=0)


def _is_counted(condition: Condition, answer: str) -> bool:
    if not condition.is_range:
        return answer in condition.among
    low, high = condition.limits
    return low <= float(answer) <= high


def composite_items(name: str, codebook: Codebook) -> list[str]:
    """Return the items that a composite is made of, those of its composites included."""
    indicator = codebook.indicator(name)
    if not indicator.any_of:
        return [condition.item for condition in indicator.numerator]
    items = [
        item for part_name in indicator.any_of for item in composite_items(part_name, codebook)
    ]
    return list(dict.fromkeys(items))


def draw_true_answers(
    settings: CountrySimulation, codebook: Codebook, population: Population, streams: Streams
) -> Answers:
    """Make the answers of all children to all items.

    Raises:
        StudyError: a wider composite is aimed at less than the one within it.
    """
    maker = _AnswerMaker(settings, codebook, population, streams)
    for name, recipe in settings.recipes.items():
        if name not in maker.answers:
            maker.make_item(name, recipe)
    return maker.answers


class _AnswerMaker:
    """Makes items one after the other; later ones depend on earlier ones."""

    def __init__(
        self,
        settings: CountrySimulation,
        codebook: Codebook,
        population: Population,
        streams: Streams,
    ) -> None:
        self._settings, self._codebook = settings, codebook
        self._population, self._streams = population, streams
        self._factors: dict[str, Floats] = {}
        self._in_composites = {
            item for name in settings.composites for item in composite_items(name, codebook)
        }
        self.answers: Answers = dict(population.items)

    def make_item(self, name: str, recipe: Recipe) -> None:
        """Make one item; the first item of a composite makes all of them."""
        if name in self._in_composites:
            self._make_composites()
            return
        n = self._population.n_children
        asked = np.ones(n, dtype=bool)
        if recipe.asked_if:
            asked = is_fulfilled(recipe.asked_if, self.answers, self._codebook)
        score = self._item_score(name, recipe)
        answer = np.full(n, NOT_ASKED, dtype=np.int8)
        if recipe.percent is None:
            positions = [answer_options(self._codebook.item(name)).index(a) for a in recipe.shares]
            answer[asked] = np.array(positions)[cut_by_score(score[asked], recipe.shares.values())]
        else:
            may_be_yes = asked.copy()
            if recipe.no_if:
                may_be_yes &= ~is_fulfilled(recipe.no_if, self.answers, self._codebook)
            n_yes = self._country_percent(name, recipe.percent) * int(asked.sum())
            percent = min(100.0, n_yes / max(int(may_be_yes.sum()), 1))
            answer[asked] = NO
            answer[may_be_yes] = cut_by_score(score[may_be_yes], [percent, 100 - percent])
        self.answers[name] = answer

    def _make_composites(self) -> None:
        """Make the composites' items, each composite hit exactly.

        An item's upper tail probability over its target percentage is the level at which the item
        turns to yes; a composite turns to yes at the lowest level of its items. All items of a
        composite share one level, which is an order statistic: the items keep their proportions.
        """
        reached = np.zeros(self._population.n_children, dtype=bool)
        for name in self._settings.composites:
            items = [i for i in composite_items(name, self._codebook) if i not in self.answers]
            levels = {item: self._upper_tail(item) / self._item_percent(item) for item in items}
            lowest = np.stack(list(levels.values())).min(axis=0)
            percent = self._settings.composite_percents[name]
            n_more = round(percent / 100 * len(reached)) - int(reached.sum())
            if n_more < 0:
                raise StudyError(
                    f"simulation settings, target of '{name}'",
                    f"{percent:g} per cent is less than the composite within it has",
                    "Raise it",
                )
            bound = np.sort(lowest[~reached])[n_more - 1] if n_more else -np.inf
            for item, level in levels.items():
                self.answers[item] = np.where(level <= bound, YES, NO).astype(np.int8)
            reached |= lowest <= bound
            for item, composite in self._settings.any_of_composite.items():
                if composite == name:
                    self.answers[item] = np.where(reached, YES, NO).astype(np.int8)

    def _country_percent(self, name: str, percent: float) -> float:
        """Return the country's percentage: its own target, or the general one shifted."""
        if name in self._settings.own:
            return percent
        shift = self._settings.between_countries * self._streams(f"level of {name}").normal()
        return float(100 * ndtr(ndtri(percent / 100) + shift))

    def _item_percent(self, name: str) -> float:
        percent = self._settings.recipes[name].percent
        if not percent:
            raise StudyError(
                f"simulation settings, key 'items.{name}'",
                "an item of a composite has no percentage above 0",
                "Give 'percent'",
            )
        return percent

    def _upper_tail(self, name: str) -> Floats:
        """Return the share of children whose score is higher than each child's."""
        rank = np.empty(self._population.n_children)
        score = self._item_score(name, self._settings.recipes[name])
        rank[np.argsort(-score, kind="stable")] = np.arange(len(rank))
        return (rank + 0.5) / len(rank)

    def _item_score(self, name: str, recipe: Recipe) -> Floats:
        model = self._settings.models[recipe.model]
        factor = self._latent_factor(recipe.model)
        noise = self._streams(f"item {name}").standard_normal(len(factor))
        score: Floats = model.loading * factor + np.sqrt(1 - model.loading**2) * noise
        if model.unit == "household":
            score = score[self._population.child_household]
        for effect, coefficient in model.effects.items():
            score = score + coefficient * self._covariate_values(effect)
        return score

    def _latent_factor(self, name: str) -> Floats:
        """Return the factor of each child, or of each household, as the model says."""
        if name not in self._factors:
            model, population = self._settings.models[name], self._population
            by_household = model.unit == "household"
            psu = population.household_psu if by_household else population.child_psu
            psu_effect = self._streams(f"PSUs in {name}").standard_normal(
                len(population.psu_stratum)
            )
            unit_effect = self._streams(f"factor of {name}").standard_normal(len(psu))
            self._factors[name] = (
                np.sqrt(model.psu) * psu_effect[psu] + np.sqrt(1 - model.psu) * unit_effect
            )
        return self._factors[name]

    def _covariate_values(self, name: str) -> Floats:
        answers = self.answers
        if name == "age":
            return answers["age"].astype(float) - MIDDLE_AGE
        if name == "wealth":
            return answers["wealth"].astype(float) - 1
        item, position = COVARIATE_ANSWERS.get(name, (name, YES))
        return np.where(answers[item] == position, 1.0, 0.0)
