"""Published estimates of other studies: what a row may say, and what the shipped ones say."""

import csv
import datetime
import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from evidence_files import KNOWN_STUDY, SOURCES, csv_file

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.measures.known_studies import order_studies
from disrupting_harm.evidence.public_tables import select_publishable
from disrupting_harm.evidence.reading.facts import check_evidence, read_evidence
from disrupting_harm.stages.evidence import read_facts

CONFIG = Path(__file__).parents[3] / "config"
EVIDENCE = CONFIG / "evidence"
NO_LIMITS = {"ci_low": "", "ci_high": "", "limits": ""}


def faults(folder: Path, **change: object) -> list[str]:
    path = csv_file(folder, "known_studies", change)
    reading = check_evidence("known_studies", path, SOURCES, indicators=["any_tf_csea"])
    return [str(fault) for fault in reading.faults]


@pytest.mark.parametrize(
    "change",
    [
        {},
        NO_LIMITS,
        {"indicator": "", "year_end": "", "persons": ""},
        {"ci_low": 12.5, "ci_high": 12.5},
        {"estimate": 0, "ci_low": 0},
        {"estimate": "", "status": "refused", **NO_LIMITS},
    ],
)
def test_a_row_that_its_source_bears_is_read(tmp_path: Path, change: dict[str, object]) -> None:
    assert faults(tmp_path, **change) == []


FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"country": "XXX"}, "country", "no ISO 3166-1 alpha-3 code"),
    ({"measure": ""}, "measure", "'measure' is empty"),
    ({"indicator": "any_form"}, "indicator", "the codebook has no proportion 'any_form'"),
    ({"study": "…"}, "study", "in place of a text"),
    ({"year": "2019-2020"}, "year", "spans two years"),
    ({"year_end": 2018}, "year_end", "2018 lies before 'year', 2019"),
    ({"age_from": 18}, "age_to", "17 lies before 'age_from', 18"),
    ({"age_from": "12-17"}, "age_from", "is a range"),
    ({"age_to": 170}, "age_to", "an age of 170"),
    ({"base": ""}, "base", "'base' is empty"),
    ({"question": ""}, "question", "'question' is empty"),
    ({"persons": "about 1000"}, "persons", "no exact number"),
    ({"estimate": "5-13"}, "estimate", "is a range"),
    ({"estimate": 16}, "ci_low", "limits 10.1 and 15 that do not hold the estimate"),
    ({"estimate": 125}, "estimate", "outside 0 to 100"),
    ({"ci_low": ""}, "ci_high", "one limit without the other"),
    ({"ci_high": 101}, "ci_high", "outside 0 to 100"),
    ({"limits": ""}, "limits", "limits without their name"),
    ({"ci_low": "", "ci_high": ""}, "limits", "a name without limits"),
    ({"estimate": "", "status": "refused"}, "ci_low", "do not hold the estimate"),
    ({"estimate": ""}, "estimate", "reported"),
    ({"status": "guessed"}, "status", "no known code"),
    ({"comparable": "nearly"}, "comparable", "no known code"),
    ({"reason": ""}, "reason", "'reason' is empty"),
    ({"address": "page 3"}, "address", "is no address"),
    ({"checked": ""}, "checked", "'checked' is empty"),
    ({"checked": "last week"}, "checked", "no date"),
    ({"checked_by": "memory"}, "checked_by", "no known code"),
    ({"source_id": "nobody"}, "source_id", "not in the table of sources"),
]


@pytest.mark.parametrize(("change", "column", "told"), FAULTS)
def test_a_faulty_cell_is_named(
    tmp_path: Path, change: dict[str, object], column: str, told: str
) -> None:
    (fault,) = faults(tmp_path, **change)
    assert "known_studies.csv, row 2" in fault
    assert f"'{column}'" in fault
    assert told in fault


def test_every_column_is_checked() -> None:
    """The note alone may say anything, and nothing."""
    assert {column for _, column, _ in FAULTS} == set(KNOWN_STUDY) - {"note"}


def test_the_same_estimate_stands_once(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "known_studies", {}, {"estimate": 11})
    (fault,) = check_evidence("known_studies", path, SOURCES).faults
    assert "the same fact" in str(fault)


def test_a_source_may_be_read_after_the_day_of_the_study(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "known_studies", {})
    rows, _ = read_facts("known_studies", path, SOURCES, ["KEN"], None, "refuse", "2026-11-24")
    assert rows["checked"].tolist() == ["2026-12-01"]
    later = csv_file(tmp_path, "known_studies", {"year_end": 2027})
    with pytest.raises(StudyError, match="2027 lies after the study's date"):
        read_facts("known_studies", later, SOURCES, ["KEN"], None, "refuse", "2026-11-24")


def frame(folder: Path, *changes: dict[str, object]) -> pd.DataFrame:
    return read_evidence("known_studies", csv_file(folder, "known_studies", *changes), SOURCES)


def test_rows_stand_by_measure_and_year_and_never_by_size(tmp_path: Path) -> None:
    facts = frame(
        tmp_path,
        {"measure": "wider", "estimate": 14},
        {"measure": "any_form", "year": 2020, "estimate": 14},
        {"measure": "any_form", "year": 2018, "year_end": 2018, "estimate": 11},
        {"measure": "any_form", "estimate": 12},
        {"country": "ETH", "measure": "any_form", "estimate": 13},
    )
    ordered = order_studies(facts)
    assert list(zip(ordered["country"], ordered["measure"], ordered["year"], strict=True)) == [
        ("ETH", "any_form", 2019),
        ("KEN", "wider", 2019),
        ("KEN", "any_form", 2018),
        ("KEN", "any_form", 2019),
        ("KEN", "any_form", 2020),
    ]


def test_one_measure_stands_beside_one_indicator(tmp_path: Path) -> None:
    facts = frame(tmp_path, {"indicator": "clear_examples"}, {"study": "Other", "indicator": ""})
    with pytest.raises(StudyError, match=r"'any_form'.*indicators: none, 'clear_examples'"):
        order_studies(facts)


def test_a_row_of_a_source_that_is_not_open_stays_where_it_is(tmp_path: Path) -> None:
    assert select_publishable(frame(tmp_path, {})).empty


# The table of the default study, read by nothing of the library.


def rows_of(name: str) -> list[dict[str, str]]:
    with (EVIDENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SHIPPED = rows_of("known_studies.csv")


@pytest.fixture(scope="module")
def countries() -> dict[str, dict[str, str]]:
    with (CONFIG / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["country"]: row for row in csv.DictReader(file)}


def test_every_shipped_row_has_its_source_its_page_its_years_and_plausible_numbers(
    countries: dict[str, dict[str, str]],
) -> None:
    sources = {row["source_id"]: row for row in rows_of("sources.csv")}
    codebook = yaml.safe_load((CONFIG / "indicators.yaml").read_text(encoding="utf-8"))
    proportions = {row["id"] for row in codebook["indicators"] if "value" not in row}
    labels = yaml.safe_load((EVIDENCE / "labels.yaml").read_text(encoding="utf-8"))
    names = labels["known_studies"]["measure"]
    assert len(SHIPPED) > 40
    for row in SHIPPED:
        source = sources[row["source_id"]]
        assert source["organisation"]
        assert source["title"]
        assert source["restriction"] == "open"
        assert re.fullmatch(r"https://[\w.-]+/\S+", row["address"])
        assert 2000 <= int(row["year"]) <= int(row["year_end"] or row["year"]) <= 2026
        assert 5 <= int(row["age_from"]) < int(row["age_to"]) <= 24
        assert 0 < float(row["estimate"]) < 50
        assert bool(row["ci_low"]) == bool(row["ci_high"]) == bool(row["limits"])
        if row["ci_low"]:
            assert float(row["ci_low"]) < float(row["estimate"]) < float(row["ci_high"])
        assert row["country"] in countries
        assert row["indicator"] in proportions
        assert names[row["measure"]]
        assert row["comparable"] in ("yes", "partly", "no")
        assert row["reason"].endswith(".")
        assert row["checked_by"] in ("page", "stored_page")
        datetime.date.fromisoformat(row["checked"])


def test_the_two_measures_of_the_reports_and_of_the_paper_have_two_names() -> None:
    sources = {"Ghai et al. 2026": set(), "Disrupting Harm": set()}
    for row in SHIPPED:
        sources[row["study"]].add((row["measure"], row["base"]))
    measures = [{measure for measure, _ in found} for found in sources.values()]
    assert not set.intersection(*measures)
    # A share of all children is another measure than one of internet users.
    assert len({measure for measure, _ in sources["Ghai et al. 2026"]}) == 2
    assert all(
        row["comparable"] == "no" for row in SHIPPED if row["base"].startswith("all children")
    )


def test_shares_of_all_children_are_those_of_users_times_the_use_of_the_internet(
    countries: dict[str, dict[str, str]],
) -> None:
    """Three columns of one published table: a digit copied wrongly would break the product."""
    by_measure = {
        measure: {row["country"]: row for row in SHIPPED if row["measure"] == measure}
        for measure in ("any_form_internet_users", "any_form_all_children")
    }
    users, all_children = by_measure.values()
    assert len(users) == 12
    assert set(users) == set(all_children)
    for country, row in users.items():
        share, use = float(row["estimate"]), float(countries[country]["internet_use_rate"])
        low, high = (share - 0.05) * (use - 0.005), (share + 0.05) * (use + 0.005)
        published = float(all_children[country]["estimate"])
        assert low - 0.05 <= published <= high + 0.05, country


def test_estimates_that_the_simulation_names_by_their_source_are_the_same() -> None:
    """Both files were transcribed from the reports, each for itself."""
    settings = yaml.safe_load((CONFIG / "simulation.yaml").read_text(encoding="utf-8"))
    shipped = {
        (row["country"], row["indicator"]): float(row["estimate"])
        for row in SHIPPED
        if row["comparable"] != "no"
    }
    compared = 0
    for country, content in settings["countries"].items():
        for indicator, target in content["targets"].items():
            key = (country, indicator)
            if key in shipped and target.get("source"):
                # One target is a count of children, from which its share was computed.
                assert abs(shipped[key] - target["percent"]) < 0.5, key
                compared += 1
    assert compared >= 20
