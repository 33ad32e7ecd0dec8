"""Simulated counts: offences, hotlines and the index of searches of one country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from disrupting_harm.evidence.fact_status import REPORTED, ZERO, NoNumber
from disrupting_harm.evidence.shared_columns import SIMULATED_SERVICES
from disrupting_harm.simulation.evidence.settings import (
    CountryFacts,
    Hotlines,
    OffenceKind,
    Offences,
    Rare,
    SearchInterest,
)
from disrupting_harm.simulation.random_streams import apportion

Rows = list[dict[str, object]]
STAGES = ("reported", "investigated", "charged", "convicted")
NOT_APPLICABLE: NoNumber = "not_applicable"


@dataclass(frozen=True, eq=False)
class CountryDraw:
    """One country: what is known of it, and the random numbers of one of its tables."""

    code: str
    children: int
    respondents: int
    known_facts: CountryFacts
    generator: np.random.Generator


def draw_statuses(
    missing: Mapping[NoNumber, float] | Mapping[Rare, float],
    n_facts: int,
    generator: np.random.Generator,
) -> list[str]:
    """Return a status for each of ``n_facts`` facts, in random order.

    The shares are met to the nearest fact, and each of the statuses occurs.

    Args:
        missing: share of the facts with each status other than reported.
        n_facts: larger than the number of statuses.
    """
    shares: dict[str, float] = {REPORTED: 1 - sum(missing.values())}
    shares |= {str(status): share for status, share in missing.items()}
    counts = apportion(n_facts, shares.values(), minimum=1)
    return [str(status) for status in generator.permutation(np.repeat(list(shares), counts))]


def format_count(status: str, amount: int) -> tuple[int | None, str]:
    """Return the number of a fact, None where its status has none, and the status."""
    if status != REPORTED:
        return None, status
    return amount, REPORTED if amount else ZERO


def simulate_offences(settings: Offences, country: CountryDraw) -> Rows:
    """Return a country's offences: by stage, and those reported by sex and by age, too.

    The numbers of a stage are part of the stage before. Parts by sex and by age add up to their
    total. A fact without a number has none in its parts either.
    """
    generator = country.generator
    offences = [
        (year, code, offence) for year in settings.years for code, offence in settings.kinds.items()
    ]
    drawn_statuses = draw_statuses(settings.missing, len(offences) * len(STAGES), generator)
    level = np.exp(settings.between_countries * generator.standard_normal())
    rare: dict[Rare, float] = {"zero_reported": settings.none_convicted}
    convictions = draw_statuses(rare, len(offences), generator)
    rows: Rows = []
    for position, (year, code, offence) in enumerate(offences):
        growth = (1 + settings.growth) ** (year - settings.years[0])
        no_offence = country.known_facts.no_technology and offence.technology == "yes"
        mean = 0.0 if no_offence else offence.rate * country.children / 1e5 * level * growth
        amount = int(generator.poisson(mean))
        for number, stage in enumerate(STAGES):
            if number:
                amount = int(generator.binomial(amount, getattr(settings, stage)))
            status = REPORTED if no_offence else drawn_statuses[position * len(STAGES) + number]
            if stage == "convicted" and convictions[position] == ZERO:
                amount, status = 0, REPORTED
            offence_row = _format_offence_row(settings, year, code, offence, stage)
            counts = [("all", "all", amount)]
            if stage == "reported":
                counts += _divide_victims(settings, country, amount)
            for sex, age, count in counts:
                value, printed_status = format_count(status, count)
                rows.append(
                    offence_row
                    | {"victim_sex": sex, "victim_age_band": age}
                    | {"offences": value, "status": printed_status}
                )
    return rows


def simulate_hotlines(settings: Hotlines, country: CountryDraw) -> Rows:
    """Return a country's counts of a hotline and a helpline."""
    generator = country.generator
    drawn_statuses = _move_not_applicable_to_start(
        draw_statuses(settings.missing, len(settings.years) * len(settings.measures), generator),
        settings,
    )
    level = np.exp(settings.between_countries * generator.standard_normal())
    rows: Rows = []
    for year in settings.years:
        amounts: dict[str, int] = {}
        for name, measure in settings.measures.items():
            if measure.part_of is None:
                amount = int(
                    generator.poisson((measure.rate or 0) * country.children / 1e5 * level)
                )
            else:
                amount = int(generator.binomial(amounts[measure.part_of], measure.share or 0))
            amounts[name] = amount
            value, status = format_count(drawn_statuses[year, name], amount)
            rows.append(
                {
                    "year": year,
                    "organisation": SIMULATED_SERVICES[measure.kind],
                    "kind": measure.kind,
                    "measure": name,
                    "contacts": value,
                    "status": status,
                }
            )
    return rows


def _move_not_applicable_to_start(
    mixed_statuses: Sequence[str], settings: Hotlines
) -> dict[tuple[int, str], str]:
    """Return the status of each year and measure: what does not apply does so in the first years.

    A service that counted something one year does not say in the next that it cannot be counted;
    and what does not apply as a whole has no part that does.
    """
    measures = [*settings.measures]
    statuses: dict[tuple[int, str], str] = {}
    for index, name in enumerate(measures):
        of_years = list(mixed_statuses[index :: len(measures)])
        n_not_applicable = of_years.count(NOT_APPLICABLE)
        applicable = [status for status in of_years if status != NOT_APPLICABLE]
        statuses |= {
            (year, name): status
            for year, status in zip(
                settings.years, [NOT_APPLICABLE] * n_not_applicable + applicable, strict=True
            )
        }
    for name, measure in settings.measures.items():
        for year in settings.years:
            if measure.part_of and statuses[year, measure.part_of] == NOT_APPLICABLE:
                statuses[year, name] = NOT_APPLICABLE
    return statuses


def simulate_search_interest(settings: SearchInterest, country: CountryDraw) -> Rows:
    """Return a country's monthly index of each group of terms; the highest month is 100."""
    generator = country.generator
    months = [(year, month) for year in settings.years for month in range(1, 13)]
    rows: Rows = []
    for group in settings.term_groups:
        drawn_statuses = draw_statuses(settings.missing, len(months), generator)
        noise = generator.standard_normal(len(months))
        level = np.zeros(len(months))
        for month in range(len(months)):
            before = level[month - 1] if month else 0.0
            level[month] = settings.persistence * before + noise[month]
        index = np.rint(100 * np.exp(level - np.max(level)))
        rows += [
            {
                "term_group": group,
                "year": year,
                "month": month,
                "index_value": value if status == REPORTED else None,
                "status": status,
            }
            for (year, month), value, status in zip(months, index, drawn_statuses, strict=True)
        ]
    return rows


def _format_offence_row(
    settings: Offences, year: int, code: str, offence: OffenceKind, stage: str
) -> dict[str, object]:
    return {
        "agency": settings.agency,
        "year": year,
        "offence_code": code,
        "offence_label": offence.label,
        "law_reference": offence.law,
        "category": offence.category,
        "technology": offence.technology,
        "stage": stage,
        "counting_rule": "victims" if stage == "reported" else "cases",
    }


def _divide_victims(
    settings: Offences, country: CountryDraw, amount: int
) -> list[tuple[str, str, int]]:
    """Divide victims by sex and by age: (sex, age band, number)."""
    generator = country.generator
    girls = settings.girls if country.known_facts.girls is None else country.known_facts.girls
    recorded = 1 - settings.sex_not_recorded
    shares = [girls * recorded, (1 - girls) * recorded, settings.sex_not_recorded]
    by_sex = generator.multinomial(amount, shares)
    by_age = generator.multinomial(amount, list(settings.ages.values()))
    sexes = zip(("girl", "boy", "not_recorded"), by_sex, strict=True)
    ages = zip(settings.ages, by_age, strict=True)
    return [(sex, "all", int(count)) for sex, count in sexes] + [
        ("all", age, int(count)) for age, count in ages
    ]
