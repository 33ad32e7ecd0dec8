"""How the numbers of a simulated study came about: what was copied, and what was invented."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.web.site.addressed_numbers import strip_markdown
from disrupting_harm.simulation.settings import INVENTED, Recipe, Simulation, Target
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country


@dataclass(frozen=True)
class CopiedTotals:
    """What one publication gave: its words, and the labels of the totals that are copied."""

    source: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class SimulatedArea:
    """A country with its copied totals; none of a country of which everything is invented."""

    name: str
    totals: tuple[CopiedTotals, ...]


@dataclass(frozen=True)
class SimulationSummary:
    """How the answers of a study were simulated.

    Attributes:
        areas: the simulated countries, by name.
        everywhere: totals that all of them have.
        design_sources: who published how alike people of one place answer.
        seed: of all random steps.
        settings: the name of the file of settings.
    """

    areas: tuple[SimulatedArea, ...]
    everywhere: tuple[CopiedTotals, ...]
    design_sources: tuple[str, ...]
    seed: str
    settings: str


def describe_simulation(
    simulation: Simulation,
    countries: Sequence[Country],
    codebook: Codebook,
    translator: Translator[str],
    seed: int,
    settings: str,
) -> SimulationSummary:
    """Return what a simulated study copies, by country.

    Args:
        countries: rows of the countries file; one with a raw file of its own is not simulated.
    """
    codes = [row.country for row in countries if row.raw is None and not row.statistics]
    names = {row.country: translator.country(row.country, row.name) for row in countries}
    labels = _label_totals(codebook, translator)
    return SimulationSummary(
        tuple(
            SimulatedArea(
                names[code],
                _group_by_source(simulation.countries[code].targets.items(), labels),
            )
            for code in sorted(codes, key=lambda code: build_sort_key(names[code]))
        ),
        _group_by_source(simulation.items.items(), labels),
        tuple(
            dict.fromkeys(
                source
                for code in codes
                if (source := simulation.countries[code].deff_source) != INVENTED
            )
        ),
        str(seed),
        settings,
    )


def list_invented(
    simulation: Simulation, countries: Sequence[Country], indicator: str
) -> list[str]:
    """Return the codes of simulated countries whose total of an indicator nobody published.

    Empty where that is so of all: then none of them is an exception.
    """
    simulated = [row.country for row in countries if row.raw is None and not row.statistics]
    targets_by_code = {code: simulation.countries[code].targets for code in simulated}
    invented = [
        code
        for code, targets in targets_by_code.items()
        if indicator not in targets or targets[indicator].source == INVENTED
    ]
    return invented if len(invented) < len(simulated) else []


def _label_totals(codebook: Codebook, translator: Translator[str]) -> dict[str, str]:
    """Return the labels of indicators, and of items; of a choice it is that of its question."""
    with_markup = translator.with_markup(MARKDOWN)
    labels = Labels(codebook, with_markup)
    label_of_total = {
        item.id: translator.of_study(item.question)
        for item in codebook.items
        if item.type == "choice" and item.question
    }
    for indicator in codebook.indicators:
        label = strip_markdown(labels.indicator(indicator.id))
        label_of_total[indicator.id] = label
        items = {condition.item for condition in indicator.numerator}
        if len(items) == 1:
            label_of_total.setdefault(items.pop(), label)
    return label_of_total


def _group_by_source(
    totals: Iterable[tuple[str, Target | Recipe]],
    labels: dict[str, str],
) -> tuple[CopiedTotals, ...]:
    names_by_source: dict[str, list[str]] = {}
    for name, total in totals:
        if total.source != INVENTED:
            names_by_source.setdefault(total.source, []).append(labels.get(name, name))
    return tuple(
        CopiedTotals(source, tuple(dict.fromkeys(names)))
        for source, names in names_by_source.items()
    )
