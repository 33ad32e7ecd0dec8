"""How the children of each group were sampled, whatever they answered."""

import numpy as np
import pandas as pd

from designbased.design.survey_design import SurveyDesign

GROUP_DESIGN = ("group_kish", "group_psus", "group_df")
# Kish's factor is published, and rounded up to so many decimals before anything follows from it.
KISH_DECIMALS = 2


def group_design(design: SurveyDesign, domains: pd.DataFrame) -> pd.DataFrame:
    """Return the design of each group of children.

    Args:
        domains: (n, D) categorical columns.

    Returns:
        ``domain, level``; ``group_kish``, Kish's ``n Σw² / (Σw)²``, rounded up; ``group_psus``, the
        PSUs with a child of the group; ``group_df``, these less their strata. Groups without a
        child of positive weight have no row.
    """
    children = pd.DataFrame(
        {"weight": design.weight, "psu": design.psu, "stratum": design.psu_stratum[design.psu]}
    )
    tables = []
    for name in map(str, domains):
        levels = domains[name].to_numpy(dtype=object)
        of_domain = children.assign(square=design.weight**2, level=levels)[design.weight > 0]
        sums = of_domain.groupby("level").agg(
            n=("weight", "size"),
            weight=("weight", "sum"),
            square=("square", "sum"),
            psus=("psu", "nunique"),
            strata=("stratum", "nunique"),
        )
        kish = sums["n"] * sums["square"] / sums["weight"] ** 2
        up = np.ceil(np.round(kish * 10**KISH_DECIMALS, 6)) / 10**KISH_DECIMALS
        values = (up, sums["psus"].astype(float), (sums["psus"] - sums["strata"]).astype(float))
        table = pd.DataFrame(dict(zip(GROUP_DESIGN, values, strict=True))).reset_index()
        tables.append(table.assign(domain=name, level=table["level"].astype(str)))
    return pd.concat(tables, ignore_index=True)[["domain", "level", *GROUP_DESIGN]]
