"""Reading simulation settings, and checking them against the codebook.

No pandas here: the Snakefile loads this module at every call.
"""

from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.settings import CountrySettings, Recipe, Simulation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Item
from disrupting_harm.study.configuration.section import read_yaml, validate_content

# Items that every simulated child or household has from the start, and their answers in order.
ROSTER = {
    "sex": ("boy", "girl"),
    "age": (),
    "age_group": ("12-14", "15-17"),
    "area": ("urban", "rural"),
    "region": tuple(f"region_{number}" for number in range(1, 7)),
    "wealth": ("lowest", "middle", "highest"),
}
# Covariates that effects may name, besides yes/no items made earlier.
COVARIATES = ("girl", "age", "urban", "wealth", "daily")


def load_simulation(path: Path, codebook: Codebook) -> Simulation:
    """Read simulation settings and check them against the codebook.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    simulation: Simulation = validate_content(Simulation, read_yaml(path) or {}, str(path))
    simulation = _add_general_recipe(simulation, codebook)
    for key, finding in _find_faults(simulation, codebook):
        raise StudyError(f"{path}, key '{key}'", finding, "Correct it, or the codebook")
    return simulation


def _add_general_recipe(simulation: Simulation, codebook: Codebook) -> Simulation:
    """Give yes/no items without a recipe that of ``others``; they are drawn last."""
    if simulation.others is None:
        return simulation
    with_recipe = {*simulation.items, *simulation.any_of_composite, *ROSTER}
    added = {
        item.id: simulation.others
        for item in codebook.items
        if item.type == "yes_no" and item.id not in with_recipe
    }
    return simulation.model_copy(update={"items": simulation.items | added})


def _find_faults(simulation: Simulation, codebook: Codebook) -> Iterator[tuple[str, str]]:
    """Yield the keys at fault and what is wrong with each."""
    yield from _find_roster_faults(codebook)
    yield from _find_composite_faults(simulation, codebook)
    items = {item.id: item for item in codebook.items}
    with_recipe = {*simulation.items, *simulation.any_of_composite, *ROSTER}
    for name in sorted(set(items) - with_recipe):
        yield f"items.{name}", "no recipe for this item of the codebook"
    earlier: set[str] = set(COVARIATES)
    for name, recipe in simulation.items.items():
        if name not in items:
            yield f"items.{name}", "the codebook has no such item"
        else:
            for finding in _find_recipe_faults(recipe, items[name], simulation, earlier):
                yield f"items.{name}", finding
        earlier.add(name)
        if recipe.model == simulation.composite_model:
            earlier |= set(simulation.any_of_composite)
    for code, country in simulation.countries.items():
        yield from _find_country_faults(f"countries.{code}", country, simulation)


def _find_roster_faults(codebook: Codebook) -> Iterator[tuple[str, str]]:
    answers_by_item = {item.id: item.answers for item in codebook.items}
    for name, answers in ROSTER.items():
        if answers_by_item.get(name) != answers:
            yield "items", f"the codebook has no item '{name}' with the answers {list(answers)}"


def _find_composite_faults(simulation: Simulation, codebook: Codebook) -> Iterator[tuple[str, str]]:
    composites = {indicator.id for indicator in codebook.indicators if indicator.any_of}
    for name in (*simulation.composites, *simulation.any_of_composite.values()):
        if name not in composites:
            yield "composites", f"'{name}' is no composite of the codebook"
    if simulation.composite_model not in simulation.models:
        yield "composite_model", f"there is no model '{simulation.composite_model}'"


def _find_recipe_faults(
    recipe: Recipe, item: Item, simulation: Simulation, earlier: set[str]
) -> Iterator[str]:
    model = simulation.models.get(recipe.model)
    if model is None:
        yield f"there is no model '{recipe.model}'"
    else:
        for name in model.effects:
            if name not in earlier:
                yield f"the effect of '{name}' is no covariate and no item above this one"
    if (item.type == "yes_no") != (recipe.percent is not None):
        yield "'percent' goes with yes/no items, 'shares' with the others"
    for condition in (*recipe.asked_if, *recipe.no_if):
        if condition.item not in {*earlier, *ROSTER}:
            yield f"it depends on '{condition.item}', which is no item above this one"
    for answer in recipe.shares:
        if answer not in answer_options(item):
            yield f"the item has no answer '{answer}'"


def _find_country_faults(
    key: str, country: CountrySettings, simulation: Simulation
) -> Iterator[tuple[str, str]]:
    for name in simulation.composites:
        if name not in country.targets:
            yield f"{key}.targets.{name}", "required, but missing"
    for name in country.targets:
        if name not in simulation.composites and _percent_of(simulation, name) is None:
            yield f"{key}.targets.{name}", f"'{name}' is no item with a percentage"
    for name, shares in country.shares.items():
        general = simulation.items[name].shares if name in simulation.items else {}
        for answer in shares:
            if answer not in general:
                yield f"{key}.shares.{name}", f"'{answer}' is not among the shares of the item"


def _percent_of(simulation: Simulation, name: str) -> float | None:
    return simulation.items[name].percent if name in simulation.items else None


def answer_options(item: Item) -> tuple[str, ...]:
    """Return what an item's positions mean: its answers, or the whole numbers from 0."""
    if item.type == "number":
        return tuple(str(number) for number in range(int(item.maximum or 0) + 1))
    return item.answers
