"""Facts on the quality of a small country, as they are published, for tests."""

from typing import Any

import pandas as pd
from release_cells import from_counts, released

from disrupting_harm.publication.quality import describe_quality
from disrupting_harm.study.configuration.config import Estimation

DIAGNOSTICS = {
    "n_sampled": 1250,
    "n_respondents": 1000,
    "response_rates": {
        "unweighted": {"RR1": 0.80012, "RR6": None, "COOP1": 0.9, "REF1": 0.1, "e": 0.97},
        "base_weighted": None,
    },
    "nonresponse": {"collapses": 2},
    "trimming": {"trimmed": 3, "share_moved": 0.00149},
    "weights": {
        "after": {
            "deff": 1.23456,
            "cv": 0.4843,
            "min": 101.234,
            "max": 4321.9,
            "share_of_largest_1_percent": 0.03549,
        }
    },
}
ITEMS = pd.DataFrame(
    {
        "indicator": ["often", "rare", "few"],
        "n_universe": [1000, 1000, 40],
        "n_valid": [900, 990, 20],
        "n_dont_know": [60, 4, 10],
        "n_prefer_not_to_say": [30, 2, 10],
        "n_lost": [10, 0, 0],
        "n_not_asked": [0, 4, 0],
    }
)


def facts_of(**changes: Any) -> dict[str, Any]:
    cells = [(name, "total", "all", 1000, yes) for name, yes in (("a", 200), ("b", 300), ("c", 4))]
    estimates = from_counts(cells, deff=1.2)
    estimates.loc[1, "deff"] = 1.51449
    estimates.loc[2, "deff"] = 9.9
    estimates = estimates.assign(group_kish=1.31, group_psus=80.0, group_df=70.0)
    margins = pd.DataFrame(
        {
            "margin": ["sex", "sex"],
            "category": ["boy", "girl"],
            "n": [480, 520],
            "target": [510.0, 490.0],
            "before": [300.0, 330.0],
            "after": [510.0, 490.0],
        }
    )
    given = {
        "country": "KEN",
        "simulated": True,
        "policy": "nchs2017",
        "estimation": Estimation(),
        "strata": 12,
        "psus": 80,
        "diagnostics": DIAGNOSTICS,
        "margins": margins,
        "release": released(estimates),
        "levels": {"total": ["all"], "sex": ["boy", "girl"]},
        "item_answers": ITEMS,
        "item_nonresponse_from": 0.1,
        "imputed": [],
        "dropped": pd.DataFrame({"row": range(12), "reason": ["too young"] * 10 + ["no age"] * 2}),
    }
    return describe_quality(**{**given, **changes})
