"""How many children of several countries together a proportion stands for.

The number of each country is its children times the internet-use rate times the proportion, with
the limits of :func:`.denominators.product_interval`. Added up, the ends of all intervals would be
far too wide: not every country errs the same way at once. The method of variance estimates recovery
(Zou & Donner 2008, Statistics in Medicine 27) adds the squares of the distances instead: for
numbers ``X`` with limits ``l`` and ``h`` and their sum ``T``,

    lower = T - √Σ (X - l)²,    upper = T + √Σ (h - X)².

Countries are sampled independently, and so are their internet-use rates, as far as each comes from
a survey of its own. Numbers of children are taken as exact.

A country whose proportion is hidden counts with its bound from ``l`` to ``u``: the sum lies between
``T + N r l`` and ``T + N r u``, and the limits add what the rate could be off to the arms above.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from disrupting_harm.comparison.denominators import covers_all_users, product_interval
from disrupting_harm.comparison.differences.recovered_limits import sum_limits
from disrupting_harm.comparison.pooling.families import Family
from disrupting_harm.comparison.pooling.pooling import (
    WIDEST,
    describe_exact_use,
    describe_left_out,
    describe_wide_set,
    join_codes,
    select_known_sizes,
)
from disrupting_harm.comparison.populations import Populations, country_groups, country_populations
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

# A sum over fewer countries is the number of the country itself.
FEWEST = 2


def sum_children(
    families: Sequence[Family],
    countries: Mapping[str, Country],
    data_kind: str,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add up the numbers of children over all countries and over each region.

    Arguments as for :func:`.pooling.pool_countries`; means, totals and what some children alone
    were asked have no rows.

    Returns:
        The columns of ``comparison/total``, at full precision: ``children`` with its limits, or the
        set ``set_low`` to ``set_high`` that limits hold where countries count with their bounds;
        ``countries`` is the number of ``added`` and ``bounded`` together. Without two countries, or
        where a hidden one could be almost anything, a row has no numbers.
    """
    populations, groups = (
        country_populations(countries, sorted(countries)),
        country_groups(countries),
    )
    rows = [
        {"indicator": family.indicator.id, "group": group}
        | _sum_group(family, members, populations, confidence)
        for family in families
        if covers_all_users(family.indicator)
        for group, members in groups.items()
    ]
    table = pd.DataFrame(
        rows, columns=list(restricted_contract("comparison/total").columns)
    ).assign(data_kind=data_kind)
    return in_shape(table, restricted_contract("comparison/total"))


def _sum_group(
    family: Family, members: Sequence[str], populations: Populations, confidence: float
) -> dict[str, Any]:
    masks = family.members(members), family.bounded(members)
    estimated, bounded, unknown = select_known_sizes(family, *masks, populations)
    left_out = {code: why for code, why in family.left_out.items() if code in members}
    exact_use = describe_exact_use(family, estimated | bounded, populations)
    notes = ["numbers of people taken as exact", *exact_use]
    description = {
        "countries": int((estimated | bounded).sum()),
        "added": join_codes(family, estimated),
        "bounded": join_codes(family, bounded),
        "left_out": describe_left_out(left_out | unknown),
    }
    if estimated.sum() < FEWEST:
        return description | {"note": f"fewer than {FEWEST} countries with a number of children"}
    users = np.where(estimated | bounded, populations.users, 0.0)
    width = users * np.where(bounded, family.bound_high - family.bound_low, 0.0)
    if width.sum() > WIDEST * users.sum():
        return description | {"note": describe_wide_set(family, bounded)}
    limits = sum_with_limits(family, estimated, bounded, populations, confidence)
    return description | limits | {"note": "; ".join(notes)}


def sum_with_limits(
    family: Family,
    estimated: np.ndarray,
    bounded: np.ndarray,
    sizes: Populations,
    confidence: float,
) -> dict[str, float]:
    """Return a sum of numbers of children with its interval, or the set in which it lies.

    Args:
        family: a proportion.
        estimated, bounded: (K,) countries with an estimate, and hidden ones with a bound.
        sizes: children and internet-use rates of the same countries.
    """
    low, high = (
        sizes.children[estimated] * limit[estimated]
        for limit in product_interval(
            family.estimate, family.low, family.high, sizes.rate, sizes.rate_se, confidence
        )
    )
    children = (sizes.users * family.estimate)[estimated]
    ones = np.ones((1, len(children)))
    limits = sum_limits(children, low[np.newaxis], high[np.newaxis], ones)
    children_low, children_high = (float(limit[0]) for limit in limits)
    if not bounded.any():
        return {
            "children": float(children.sum()),
            "children_low": children_low,
            "children_high": children_high,
        }
    least, most = (
        sizes.users[bounded] * bound[bounded] for bound in (family.bound_low, family.bound_high)
    )
    reach = np.exp(ndtri((1 + confidence) / 2) * (sizes.rate_se / sizes.rate)[bounded])
    return {
        "set_low": float(children.sum() + least.sum()),
        "set_high": float(children.sum() + most.sum()),
        "children_low": float(children_low + (least / reach).sum()),
        "children_high": float(
            children_high + np.minimum(most * reach, sizes.children[bounded]).sum()
        ),
    }
