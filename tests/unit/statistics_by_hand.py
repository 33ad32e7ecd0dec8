"""Statistics of a country as another program writes them: the example of docs/statistics.md."""

import csv
import hashlib
import json
from pathlib import Path

from disrupting_harm.aggregates.partner_definitions import definition_hashes
from disrupting_harm.study.codebook.codebook import Codebook

COUNTRY = "KEN"
CODEBOOK = Codebook.model_validate(
    {
        "items": [
            {"id": "a", "type": "yes_no"},
            {"id": "sex", "type": "choice", "values": ["boy", "girl"]},
        ],
        "domains": [
            {"id": "total", "label": "Total"},
            {"id": "sex", "label": "Sex", "item": "sex"},
        ],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {
                "id": "x", "module": "m", "label": "X", "headline": True,
                "numerator": [{"item": "a", "among": ["yes"]}],
            }
        ],
    }
)  # fmt: skip
RULES = {
    "interval": "korn_graubard", "confidence": 0.95, "reliability": "nchs2017", "review": "hold",
    "disclosure": {
        "method": "ranges", "min_count": 10, "min_count_sensitive": 10, "need": None,
        "bounds": None,
    },
    "rounding": {"one_decimal_from": 500, "population_to": 100}, "item_nonresponse_from": 0.1,
    "standard": None, "adjust_for": [],
}  # fmt: skip
# Yes answers of two boys and two girls in each PSU; two PSUs in each stratum.
STRATA = ((0, 1), (2, 3))
YES = {"boy": (1, 1, 0, 1), "girl": (2, 1, 1, 2)}
ASKED = 2
MEASURES = ("n", "population", "estimate", "se", "ci_low", "ci_high", "df", "interval")
MARKS = ("shown", "bound_low", "bound_high", "status", "reason")
CELLS = ("country", "indicator", "domain", "level", *MEASURES, *MARKS)
COVARIANCES = ("indicator", "domain", "level_a", "level_b", "covariance", "df")
FACTS = {
    "simulated": False, "interval": "korn_graubard", "confidence": 0.95,
    "reliability_policy": "nchs2017", "drawn": 16, "interviewed": 16,
    "strata": 2, "psus": 4, "response_rates": None, "weights": {}, "margins": [],
    "nonresponse_collapses": 0, "design_effects": {}, "item_nonresponse": {}, "imputed": [],
    "not_asked": [], "nobody_interviewed": {}, "dropped_rows": [], "bounds": 0, "cells": {},
}  # fmt: skip


def deviations(yes):
    """Return what each PSU adds to the error of a share of children with weight 1."""
    n = ASKED * len(yes)
    share = sum(yes) / n
    return [(count - share * ASKED) / n for count in yes]


def covariance(first, second):
    """Return the sum over strata of products of deviations from the stratum's mean."""
    total = 0.0
    for psus in STRATA:
        size = len(psus)
        a, b = ([values[psu] for psu in psus] for values in (first, second))
        products = ((p - sum(a) / size) * (q - sum(b) / size) for p, q in zip(a, b, strict=True))
        total += size / (size - 1) * sum(products)
    return total


def cell(domain, level, yes):
    """Return a shown cell."""
    d = deviations(yes)
    n = ASKED * len(yes)
    estimate, se = sum(yes) / n, covariance(d, d) ** 0.5
    numbers = (n, n, estimate, se, *_limits(estimate, se), 2)
    shown = ("korn_graubard", f"{100 * estimate:.0f}", "", "", "present", "")
    return (COUNTRY, "x", domain, level, *numbers, *shown)


def _limits(estimate, se):
    """Return those of a t interval with two degrees of freedom, inside what a share can be."""
    return max(estimate - 4.3 * se, 0), min(estimate + 4.3 * se, 1)


def hidden(domain, level):
    """Return a cell that is hidden."""
    empty = [""] * len(MEASURES)
    return (COUNTRY, "x", domain, level, *empty, "c", "", "", "suppress_disclosure", "confidential")


def write_by_hand(
    folder: Path, cells=None, covariances=None, more=(), columns=CELLS, **changes
) -> Path:
    """Write the example.

    Args:
        folder: to be made.
        cells, covariances: rows in the place of the example's.
        columns: heading of the cells.
        more: optional files as (name, heading, rows).
        changes: keys of statistics.json that say something else.
    """
    folder.mkdir()
    both = [boy + girl for boy, girl in zip(YES["boy"], YES["girl"], strict=True)]
    if cells is None:
        cells = [_national(both), *(cell("sex", level, yes) for level, yes in YES.items())]
    if covariances is None:
        value = covariance(deviations(YES["girl"]), deviations(YES["boy"]))
        covariances = [("x", "sex", "girl", "boy", value, 2)]
    for name, header, rows in (
        ("cells.csv", columns, cells),
        ("covariances.csv", COVARIANCES, covariances),
        *more,
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    (folder / "quality.json").write_text(json.dumps({"country": COUNTRY, **FACTS}))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    statement = {
        "format": 2, "country": COUNTRY, "study": "by-hand", "date": "2026-11-27",
        "simulated": False, "software": "another program 1.0",
        "digits": "all, for restricted use", "rules": RULES, "variance": {},
        **definition_hashes(CODEBOOK), "files": files,
    }  # fmt: skip
    (folder / "statistics.json").write_text(json.dumps(statement | changes))
    return folder


def _national(yes):
    """Return the national cell: four children of each PSU."""
    d = [(count - sum(yes) / 16 * 4) / 16 for count in yes]
    estimate, se = sum(yes) / 16, covariance(d, d) ** 0.5
    numbers = (16, 16, estimate, se, *_limits(estimate, se), 2)
    return (COUNTRY, "x", "total", "all", *numbers, "korn_graubard", "56", "", "", "present", "")
