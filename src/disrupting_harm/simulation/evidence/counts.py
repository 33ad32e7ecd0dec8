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
class Known:
    """One country: what is known of it, and the random numbers of one of its tables."""

    country: str
    children: int
    respondents: int
    facts: CountryFacts
    generator: np.random.Generator


def statuses(
    missing: Mapping[NoNumber, float] | Mapping[Rare, float], size: int, draw: np.random.Generator
) -> list[str]:
    """Return a status for each of ``size`` facts, in random order.

    The shares are met to the nearest fact, and each of the statuses occurs.

    Args:
        missing: share of the facts with each status other than reported.
        size: number of facts, larger than that of the statuses.
        draw: the generator.
    """
    shares: dict[str, float] = {REPORTED: 1 - sum(missing.values())}
    shares |= {str(status): share for status, share in missing.items()}
    counts = apportion(size, shares.values(), minimum=1)
    return [str(status) for status in draw.permutation(np.repeat(list(shares), counts))]


def counted(status: str, amount: int) -> tuple[int | None, str]:
    """Return the number of a fact, None where its status has none, and the status."""
    if status != REPORTED:
        return None, status
    return amount, REPORTED if amount else ZERO


def offence_rows(own: Offences, known: Known) -> Rows:
    """Return a country's offences: by stage, and those reported by sex and by age, too.

    The numbers of a stage are part of the stage before. Parts by sex and by age add up to their
    total. A fact without a number has none in its parts either.
    """
    draw = known.generator
    facts = [(year, code, kind) for year in own.years for code, kind in own.kinds.items()]
    given = statuses(own.missing, len(facts) * len(STAGES), draw)
    level = np.exp(own.between_countries * draw.standard_normal())
    rare: dict[Rare, float] = {"zero_reported": own.none_convicted}
    fruitless = statuses(rare, len(facts), draw)
    rows: Rows = []
    for position, (year, code, kind) in enumerate(facts):
        growth = (1 + own.growth) ** (year - own.years[0])
        none = known.facts.no_technology and kind.technology == "yes"
        mean = 0.0 if none else kind.rate * known.children / 1e5 * level * growth
        amount = int(draw.poisson(mean))
        for number, stage in enumerate(STAGES):
            if number:
                amount = int(draw.binomial(amount, getattr(own, stage)))
            status = REPORTED if none else given[position * len(STAGES) + number]
            if stage == "convicted" and fruitless[position] == ZERO:
                amount, status = 0, REPORTED
            fact = _offence(own, year, code, kind, stage)
            parts = [("all", "all", amount)]
            if stage == "reported":
                parts += _victims(own, known, amount)
            for sex, age, part in parts:
                value, told = counted(status, part)
                rows.append(
                    fact
                    | {"victim_sex": sex, "victim_age_band": age}
                    | {"offences": value, "status": told}
                )
    return rows


def hotline_rows(own: Hotlines, known: Known) -> Rows:
    """Return a country's counts of a hotline and a helpline."""
    draw = known.generator
    given = _applying_from_then_on(
        statuses(own.missing, len(own.years) * len(own.measures), draw), own
    )
    level = np.exp(own.between_countries * draw.standard_normal())
    rows: Rows = []
    for year in own.years:
        amounts: dict[str, int] = {}
        for name, measure in own.measures.items():
            if measure.part_of is None:
                amount = int(draw.poisson((measure.rate or 0) * known.children / 1e5 * level))
            else:
                amount = int(draw.binomial(amounts[measure.part_of], measure.share or 0))
            amounts[name] = amount
            value, status = counted(given[year, name], amount)
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


def _applying_from_then_on(drawn: Sequence[str], own: Hotlines) -> dict[tuple[int, str], str]:
    """Return the status of each year and measure: what does not apply does so in the first years.

    A service that counted something one year does not say in the next that it cannot be counted;
    and what does not apply as a whole has no part that does.
    """
    measures = [*own.measures]
    given: dict[tuple[int, str], str] = {}
    for at, name in enumerate(measures):
        of_years = list(drawn[at :: len(measures)])
        none = of_years.count(NOT_APPLICABLE)
        others = [status for status in of_years if status != NOT_APPLICABLE]
        given |= {
            (year, name): status
            for year, status in zip(own.years, [NOT_APPLICABLE] * none + others, strict=True)
        }
    for name, measure in own.measures.items():
        for year in own.years:
            if measure.part_of and given[year, measure.part_of] == NOT_APPLICABLE:
                given[year, name] = NOT_APPLICABLE
    return given


def search_rows(own: SearchInterest, known: Known) -> Rows:
    """Return a country's monthly index of each group of terms; the highest month is 100."""
    draw = known.generator
    months = [(year, month) for year in own.years for month in range(1, 13)]
    rows: Rows = []
    for group in own.term_groups:
        given = statuses(own.missing, len(months), draw)
        noise = draw.standard_normal(len(months))
        level = np.zeros(len(months))
        for month in range(len(months)):
            before = level[month - 1] if month else 0.0
            level[month] = own.persistence * before + noise[month]
        index = np.rint(100 * np.exp(level - np.max(level)))
        rows += [
            {
                "term_group": group,
                "year": year,
                "month": month,
                "index_value": value if status == REPORTED else None,
                "status": status,
            }
            for (year, month), value, status in zip(months, index, given, strict=True)
        ]
    return rows


def _offence(
    own: Offences, year: int, code: str, kind: OffenceKind, stage: str
) -> dict[str, object]:
    return {
        "agency": own.agency,
        "year": year,
        "offence_code": code,
        "offence_label": kind.label,
        "law_reference": kind.law,
        "category": kind.category,
        "technology": kind.technology,
        "stage": stage,
        "counting_rule": "victims" if stage == "reported" else "cases",
    }


def _victims(own: Offences, known: Known, amount: int) -> list[tuple[str, str, int]]:
    """Divide victims by sex and by age: (sex, age band, number)."""
    draw = known.generator
    girls = own.girls if known.facts.girls is None else known.facts.girls
    recorded = 1 - own.sex_not_recorded
    shares = [girls * recorded, (1 - girls) * recorded, own.sex_not_recorded]
    by_sex = draw.multinomial(amount, shares)
    by_age = draw.multinomial(amount, list(own.ages.values()))
    sexes = zip(("girl", "boy", "not_recorded"), by_sex, strict=True)
    ages = zip(own.ages, by_age, strict=True)
    return [(sex, "all", int(part)) for sex, part in sexes] + [
        ("all", age, int(part)) for age, part in ages
    ]
