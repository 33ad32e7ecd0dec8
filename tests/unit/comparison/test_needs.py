"""Needs of made-up countries are ranked as a computation of its own ranks them."""

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from evidence_results import rows as evidence_rows
from needs_by_hand import find_faults, read
from public_results import COLUMNS, DISCLOSURE, QUALITY

from disrupting_harm.comparison.needs import compare_shares
from disrupting_harm.stages.needs import write_needs
from disrupting_harm.study.study import Study, load_study

CONFIG = Path(__file__).parents[3] / "config"
CODES = ("ETH", "IDN", "KEN", "KHM", "MOZ", "MYS", "NAM", "PHL", "RWA")
BOUNDS = {"< 5": (0.0, 0.05), "< 20": (0.0, 0.2), "> 95": (0.95, 1.0), "c": ("", "")}
SURVEYED = (
    "received_sex_education", "knows_helpline", "told_nobody", "asked_to_talk_about_sex",
    "blames_child_for_image",
)  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(CONFIG / "config.yaml")


def draw_share(draw: Random, centre: float) -> dict[str, Any]:
    """Return a printed share, a bound, or what was not asked."""
    if draw.random() < 0.15:
        shown = draw.choice([*BOUNDS])
        low, high = BOUNDS[shown]
        hidden = {"shown": shown, "bound_low": low, "bound_high": high}
        return hidden | {"status": "suppress_disclosure"}
    if draw.random() < 0.05:
        return {"status": "not_asked"}
    share = round(min(max(draw.gauss(centre, 0.08), 0.0), 0.99), 3)
    half = round(draw.uniform(0.01, 0.05), 3)
    low, high = max(0.0, round(share - half, 3)), min(1.0, round(share + 1.2 * half, 3))
    return {"estimate": share, "ci_low": low, "ci_high": high, "status": "present"}


def write_study(public: Path, draw: Random, codes: tuple[str, ...], study: Study) -> None:
    """Write public tables of made-up countries, without anything restricted beside them."""
    centres = {name: draw.uniform(0.05, 0.7) for name in SURVEYED}
    for code in codes:
        folder = public / "countries" / code
        folder.mkdir(parents=True)
        with (folder / "estimates.csv").open("w", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, restval="")
            table.writeheader()
            for indicator in study.codebook.indicators:
                share = draw_share(draw, centres.get(indicator.id, 0.9))
                if share["status"] == "present" and indicator.id not in centres:
                    share = {"status": "suppress_reliability", "shown": "*"}
                key = {"country": code, "indicator": indicator.id, "domain": "total"}
                table.writerow(key | {"level": "all"} | share)
        (folder / "quality.json").write_text(json.dumps(QUALITY | {"country": code}))
        (folder / "disclosure.json").write_text(json.dumps(DISCLOSURE))
    tables: dict[str, list[dict[str, str]]] = {"policy": [], "capacity": [], "hotlines": []}
    for code in codes:
        answers = ("in_place", "partly", "not_in_place", "not_known", "")
        drawn = {
            "policy": [
                {"area": "a", "item": item, "answer": draw.choice(answers)}
                for item in ("legislation", "takedown", "hotline", "leadership")
            ],
            "capacity": [
                {
                    "area": "a", "agency": agency, "item": item,
                    "score": draw.choice(("", 0, 1, 2, 3)),
                }
                for item in ("offences_cover_online", "interview_rooms", "cybertips_backlog")
                for agency in ("Police", "Coast")[: draw.choice((1, 1, 2))]
            ],
            "hotlines": [
                {"kind": "hotline", "measure": "reports_received", "year": year, "contacts": number}
                for year, number in ((2018, 5), (2019, draw.choice(("", 7))))
            ],
        }  # fmt: skip
        for name, rows_of_country in evidence_rows(drawn, code).items():
            tables[name] += [dict(row) for row in rows_of_country]
    (public / "evidence").mkdir()
    for name, rows_of_table in tables.items():
        with (public / "evidence" / f"{name}.csv").open("w", newline="") as file:
            table = csv.DictWriter(file, [*dict.fromkeys(k for r in rows_of_table for k in r)])
            table.writeheader()
            table.writerows(rows_of_table)


def rank(public: Path, codes: tuple[str, ...], study: Study) -> None:
    (public / "comparison").mkdir()
    write_needs(
        public=str(public),
        recommendations=[str(CONFIG / "recommendations.yaml")],
        judgements=[],
        countries=[row for row in study.ledger_facts() if row["country"] in codes],
        listed=codes,
        codebook=study.codebook.model_dump(mode="json"),
        settings=study.config.model_dump(mode="json"),
        output=str(public / "comparison" / "needs.csv"),
    )


@pytest.mark.parametrize("seed", range(8))
def test_needs_of_random_countries_are_ranked_as_by_hand(
    tmp_path: Path, study: Study, seed: int
) -> None:
    draw = Random(seed)
    codes = CODES[: draw.choice((2, 6, 7, 9))]
    write_study(tmp_path / "public", draw, codes, study)
    rank(tmp_path / "public", codes, study)
    config = tmp_path / "config"
    config.mkdir()
    (config / "recommendations.yaml").write_bytes((CONFIG / "recommendations.yaml").read_bytes())
    assert read(tmp_path / "public" / "comparison" / "needs.csv")
    assert not find_faults(tmp_path / "public", config)


def shares(*given: tuple[float, float, float] | tuple[float, float]) -> pd.DataFrame:
    """Return printed shares of countries A, B, ...; of two numbers they are bounds."""
    rows = []
    for code, numbers in zip("ABCDEFGHIJ", given, strict=False):
        shown = dict(zip(("estimate", "ci_low", "ci_high"), numbers, strict=False))
        bound = dict(zip(("bound_low", "bound_high"), numbers, strict=False))
        of_country = shown if len(numbers) == 3 else bound
        rows.append({"action": "act", "country": code, "left_out": "", **of_country})
    columns = ("estimate", "ci_low", "ci_high", "bound_low", "bound_high")
    table = pd.DataFrame(rows).reindex(columns=["action", "country", "left_out", *columns])
    return table.astype(dict.fromkeys(columns, float))


OTHERS = ((0.5, 0.47, 0.53),) * 6


@pytest.mark.parametrize(
    ("own", "nearest"),
    [
        ((0.2, 0.17, 0.23), 3.0 / 7 - 0.2),  # worse, even with 0 in place of the hidden share
        ((0.45, 0.41, 0.49), 0.0),  # the mean may be the country's own
        ((0.9, 0.87, 0.93), 3.2 / 7 - 0.9),  # better, even with 20 per cent in its place
    ],
)
def test_a_bound_stands_where_it_makes_the_gap_smallest(
    own: tuple[float, float, float], nearest: float
) -> None:
    table = compare_shares(shares(own, *OTHERS, (0.0, 0.2)), {"act": -1}, 0.95, 0.05)
    row = table[table["country"] == "A"].iloc[0]
    assert row["gap"] == round(nearest, 3)
    assert row["clear"] == (nearest != 0)
    assert (row["mean_low"], row["mean_high"]) == (round(3.0 / 7, 3), round(3.2 / 7, 3))
    assert row["bounded"] == "H"


def test_no_number_is_made_of_what_is_too_open_or_of_too_few() -> None:
    assert compare_shares(shares(*OTHERS[:5]), {"act": -1}, 0.95, 0.05).empty
    # A hidden share without a bound leaves the mean of seven others open by 14 points.
    assert compare_shares(shares(*OTHERS, (0.0, 1.0)), {"act": -1}, 0.95, 0.05).empty
