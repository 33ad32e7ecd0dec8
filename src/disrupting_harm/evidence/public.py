"""Which public tables a study has, and how they are made of what has passed the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.capacity import DIGITS, capacity_needs, capacity_profile
from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.evidence.change import against_year_before
from disrupting_harm.evidence.cybertips import cybertip_changes, cybertip_table
from disrupting_harm.evidence.forms import Forms
from disrupting_harm.evidence.frontline import with_shares
from disrupting_harm.evidence.justice import justice_table
from disrupting_harm.evidence.offences import offence_changes, offence_rates
from disrupting_harm.evidence.policy import policy_areas, policy_table
from disrupting_harm.evidence.several_sources import several_sources
from disrupting_harm.evidence.shares import reporter_table
from disrupting_harm.evidence.triangulation import triangulate

Row = Mapping[str, Any]
_RULE = ["counted", "source_id"]


@dataclass(frozen=True)
class Context:
    """What the public tables need beside the facts.

    Attributes:
        countries: rows of the countries file.
        order: the sources, the preferred first.
        areas: areas of capacity; None without them.
        forms: forms of abuse; None without triangulation.
        estimates: public estimates of the survey; None without one.
        population: of whom these speak, as printed.
        simulated: whether the survey is simulated.
    """

    countries: Sequence[Row]
    order: Sequence[str]
    areas: CapacityAreas | None
    forms: Forms | None
    estimates: pd.DataFrame | None
    population: str
    simulated: bool


def public_tables(facts: Mapping[str, pd.DataFrame], context: Context) -> dict[str, pd.DataFrame]:
    """Return the public tables by name.

    Args:
        facts: tables of evidence as :func:`.door.through_the_door` returns them.
        context: what is needed beside them.

    Raises:
        StudyError: scores of capacity without a file of areas.
    """
    tables: dict[str, pd.DataFrame] = {}
    for name, table in facts.items():
        tables |= _made_of(name, table, context)
    tables["several_sources"] = several_sources(facts, context.order)
    if context.forms is not None:
        strands = {name: facts[name] for name in ("offences", "frontline") if name in facts}
        strands |= {name: tables[name] for name in ("cybertips",) if name in tables}
        tables["triangulation"] = triangulate(
            context.forms,
            strands,
            context.estimates,
            context.countries,
            context.order,
            context.population,
            context.simulated,
        )
    return tables


def _made_of(name: str, facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    match name:
        case "cybertips":
            told = (facts, context.countries, context.order)
            return {name: cybertip_table(*told), "cybertip_changes": cybertip_changes(*told)}
        case "reporters":
            return {name: reporter_table(facts)}
        case "offences":
            told = (facts, context.countries, context.order)
            return {
                name: facts,
                "offence_rates": offence_rates(*told),
                "offence_changes": offence_changes(*told),
            }
        case "hotlines":
            place = ["country", "organisation", "kind", "measure"]
            return {name: _with_changes(facts, place, "contacts")}
        case "transparency":
            return {name: _with_changes(facts, ["platform", "metric", "scope"], "amount")}
        case "capacity":
            return _capacity(facts, context)
        case "frontline":
            return {name: with_shares(facts)}
        case "justice":
            return {name: justice_table(facts)}
        case "policy":
            return {name: policy_table(facts), "policy_areas": policy_areas(facts)}
    return {name: facts}


def _with_changes(facts: pd.DataFrame, place: list[str], amount: str) -> pd.DataFrame:
    ordered = facts.sort_values([*place, "year", "source_id"], ignore_index=True)
    return ordered.join(against_year_before(ordered, place, _RULE, amount))


def _capacity(facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    if context.areas is None:
        raise StudyError(
            "configuration, key 'evidence.capacity_areas'",
            "it is empty, but there are scores of capacity",
            "Name the file of areas, items and weights",
        )
    labels = {area.id: area.label for area in context.areas.areas}
    items = {item: text for area in context.areas.areas for item, text in area.items.items()}
    profile = capacity_profile(facts, context.areas)
    return {
        "capacity": facts.assign(
            area_label=facts["area"].map(labels).fillna(""),
            item_label=facts["item"].map(items).fillna(""),
        ),
        "capacity_profile": profile.round({"score_mean": DIGITS, "gap": DIGITS}),
        "capacity_needs": capacity_needs(facts, context.areas),
    }
