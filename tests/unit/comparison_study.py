"""A small study for the tests of comparisons: countries, codebook, ledger and releases."""

import pandas as pd
from release_cells import from_counts
from release_cells import released as released_cells

from disrupting_harm.comparison.ledger import comparability_ledger
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.countries import Country

AFRICA, ASIA = "Eastern and Southern Africa", "Southeast Asia"
REGIONS = {"KEN": AFRICA, "NAM": AFRICA, "UGA": AFRICA, "KHM": ASIA, "PHL": ASIA}
RULES = Publication(review="show")

YES = {"item": "a", "among": ["yes"]}
CODEBOOK = Codebook.model_validate(
    {
        "items": [
            {"id": "a", "type": "yes_no"},
            {"id": "h", "type": "number"},
        ],
        "domains": [{"id": "total", "label": "Total"}],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {"id": "x", "module": "m", "label": "X", "numerator": [YES]},
            {"id": "y", "module": "m", "label": "Y", "numerator": [YES]},
            {"id": "some", "module": "m", "label": "Some", "universe": [YES], "numerator": [YES]},
            {"id": "hours", "module": "m", "label": "Hours", "statistic": "mean", "value": "h"},
            {"id": "sum", "module": "m", "label": "Sum", "statistic": "total", "value": "h"},
        ],
    }
)  # fmt: skip
STATISTICS = {entry.id: entry.statistic for entry in CODEBOOK.indicators}


def country(code, **facts):
    given = {
        "region": REGIONS[code], "children": 1_000_000, "children_year": 2020,
        "children_source": "census", "internet_use_rate": 0.5, "internet_use_source": "roster",
    }  # fmt: skip
    return Country(country=code, **{**given, **facts})


def countries(codes=tuple(REGIONS), **changed):
    return {code: country(code, **changed.get(code, {})) for code in codes}


def released(counts, indicator="x", **options):
    """Releases from {code: (n, n_yes)}; options of ``from_counts``."""
    tables = [
        from_counts([(indicator, "total", "all", n, yes)], code, **options)
        for code, (n, yes) in counts.items()
    ]
    return released_cells(pd.concat(tables, ignore_index=True), RULES)


def means(values, indicator="hours"):
    """A release of means from {code: (estimate, se)}, 1,000 answers and 60 df each."""
    rows = [
        {"country": code, "indicator": indicator, "domain": "total", "level": "all", "n": 1000,
         "n_yes": None, "population": 1e6, "estimate": estimate, "se": se,
         "ci_low": estimate - 2 * se, "ci_high": estimate + 2 * se, "deff": 1.0, "n_eff": 1000.0,
         "df": 60.0, "interval": "wald", "reliability": "present", "n_printed": 1000,
         "population_printed": 1e6,
         "shown": f"{estimate:.2f}",
         "bound_low": float("nan"), "bound_high": float("nan"),
         "status": "present", "reason": ""}
        for code, (estimate, se) in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def all_comparable(rows, indicators=("x",)):
    return comparability_ledger(rows, CODEBOOK, indicators, {}, (), "simulated")
