"""A small set of public results of one country, as the stages before the documents write it."""

import csv
import json
from pathlib import Path
from typing import Any

from evidence_results import write_evidence
from printed_bounds import bounds_of
from whole_per_cents_by_hand import with_wholes

from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.study.codebook.codebook import Codebook

COLUMNS = [
    "country", "indicator", "domain", "level", "n", "population", "estimate", "ci_low", "ci_high",
    "whole", "whole_low", "whole_high", "interval", "interval_note", "shown", "bound_low",
    "bound_high", "status", "reason",
]  # fmt: skip
MEAN = {
    "n": 992, "population": 1_474_000, "estimate": 3.2, "ci_low": 3.0, "ci_high": 3.4,
    "interval": "wald_t", "shown": "3.20", "status": "present",
}  # fmt: skip
# The row of the countries file.
AREA = {
    "country": "KHM",
    "children": 1819679,
    "children_source": "A source",
    "internet_use_rate": 0.81,
    "internet_use_source": "Another source",
    "helpline": "Child Helpline Cambodia 1280",
    "helpline_source": "the helpline itself, called for this test",
    "helpline_confirmed": True,
}
QUALITY: dict[str, Any] = {
    "country": "KHM",
    "simulated": True,
    "interval": "korn_graubard",
    "confidence": 0.95,
    "reliability_policy": "nchs2017",
    "drawn": 1240,
    "interviewed": 992,
    "strata": 12,
    "psus": 96,
    "response_rates": {"rr1": 0.771, "rr2": 0.8, "coop2": 0.85, "coop1": 0.9, "coop3": None},
    "weights": {
        "kish_deff": 1.37,
        "cv": 0.61,
        "largest_percent_share": 0.042,
        "trimmed_weights": 3,
        "trimmed_share": 0.004,
    },
    "margins": [
        {
            "margin": "area",
            "category": "urban",
            "target_share": 0.312,
            "before_share": 0.4,
            "after_share": 0.312,
        },
        {
            "margin": "sex_age",
            "category": "girl|14-15",
            "target_share": 0.17,
            "before_share": 0.16,
            "after_share": 0.17,
        },
    ],
    "nonresponse_collapses": 1,
    "design_effects": {"lowest": 1.02, "median": 1.41, "highest": 2.83, "indicators": 60},
    "imputed": [],
    "item_nonresponse": {
        "median": 0.01,
        "highest": 0.09,
        "highest_indicator": "images_shared",
        "named_from": 0.1,
        "high": [],
    },
    "not_asked": [],
    "nobody_interviewed": {},
    "dropped_rows": [{"reason": "age outside 12-17", "count": "fewer than 10"}],
    "bounds": 31,
    "cells": {
        "present": 1500,
        "caution": 12,
        "review": 0,
        "suppress_reliability": 100,
        "suppress_disclosure": 77,
    },
}
DISCLOSURE = {
    "country": "KHM",
    "method": "ranges",
    "cells": 1689,
    "without_estimate": 77,
    "equations": 6270,
    "told": 0,
    "solver": "HiGHS of SciPy 1.0",
}
CYBERTIPS = [
    ("2022", "227955", "", "all reports"),
    ("2023", "172906", "-24.2", "all reports"),
]
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="teal"/></svg>'
)


def levels(codebook: Codebook, domain: str) -> list[str]:
    """Return all levels that the codebook knows."""
    if domain == "total":
        return ["all"]
    return Labels(codebook, build_english().with_markup(MARKDOWN)).known_levels(domain)


def row(indicator: str, domain: str, level: str, **values: Any) -> dict[str, Any]:
    """Return a row of the public table; without values, one that is not reliable."""
    keys = {"country": "KHM", "indicator": indicator, "domain": domain, "level": level}
    return (
        dict.fromkeys(COLUMNS, "")
        | {"shown": "*", "status": "suppress_reliability"}
        | keys
        | bounds_of(str(values.get("shown", "")))
        | values
    )


def shown(
    estimate: float, low: float, high: float, n: int = 992, digits: int = 1
) -> dict[str, Any]:
    """Return the values of a row whose estimate, a share, may be printed."""
    numbers = {
        "n": n,
        "population": 1_474_000,
        "estimate": estimate,
        "ci_low": low,
        "ci_high": high,
        "interval": "korn_graubard",
        "shown": f"{100 * estimate:.{digits}f}",
        "status": "present",
    }
    return with_wholes(numbers)


def write_public(
    public: Path,
    codebook: Codebook,
    changes: list[dict[str, Any]],
    language: str,
    country: str = "KHM",
    quality: dict[str, Any] | None = None,
    disclosure: dict[str, Any] | None = None,
) -> None:
    """Write public results below ``public``; ``changes`` replace rows with the same keys."""
    rows = {}
    for at, indicator in enumerate(codebook.indicators):
        for domain in codebook.domains:
            for level in levels(codebook, domain.id):
                values = _values(at, indicator.statistic, domain.id)
                rows[indicator.id, domain.id, level] = row(indicator.id, domain.id, level, **values)
    rows |= {(r["indicator"], r["domain"], r["level"]): r for r in changes}
    folder = public / "countries" / country
    folder.mkdir(parents=True)
    _write_csv(folder / "estimates.csv", COLUMNS, [list(r.values()) for r in rows.values()])
    (folder / "quality.json").write_text(json.dumps(quality or QUALITY))
    (folder / "disclosure.json").write_text(json.dumps(DISCLOSURE | (disclosure or {})))
    _write_cybertips(public)
    _write_figures(public / "figures" / country / language, codebook)


def _values(at: int, statistic: str, domain: str) -> dict[str, Any]:
    if statistic != "proportion":
        return dict(MEAN)
    if domain == "region":
        return {}
    estimate = round(0.1 + 0.01 * at, 3)
    if domain == "total":
        return shown(estimate, round(estimate - 0.02, 3), round(estimate + 0.03, 3))
    estimate = round(estimate, 2)
    return shown(estimate, round(estimate - 0.05, 2), round(estimate + 0.06, 2), 310, 0)


def _write_cybertips(public: Path) -> None:
    rows = [
        {"year": year, "reports": reports, "change_percent": change}
        for year, reports, change, _ in CYBERTIPS
    ]
    other = {"country": "THA", "year": "2023", "reports": "999999"}
    write_evidence(public, {"cybertips": [*rows, other]})


def _write_figures(folder: Path, codebook: Codebook) -> None:
    folder.mkdir(parents=True)
    names = [f"module-{module.id}" for module in codebook.modules] + [
        "by-group-clear_examples", "by-group-any_tf_csea", "cybertips",
    ]  # fmt: skip
    entries = [_figure(folder, name) for name in names]
    absent = {"id": "regions-clear_examples", "title": "T", "caption": "", "alt": "", "files": [],
              "csv": "", "numbers": {},
              "absent": "No estimate of this figure can be published."}  # fmt: skip
    (folder / "figures.json").write_text(json.dumps([*entries, absent]))


def _figure(folder: Path, name: str) -> dict[str, Any]:
    for ending in (".svg", "-phone.svg"):
        (folder / f"{name}{ending}").write_text(PICTURE)
    (folder / f"{name}.csv").write_text("indicator,shown\n")
    return {
        "id": name,
        "title": name,
        "caption": f"Estimates of {name}. Base: n = 992.",
        "alt": f'Dots of "{name}".',
        "files": [f"{name}.svg"],
        "phone": f"{name}-phone.svg",
        "csv": f"{name}.csv",
        "numbers": {},
    }


def _write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
