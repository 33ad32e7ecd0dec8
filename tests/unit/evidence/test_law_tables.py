"""Tables on law: what a row may say, what rows may say together, and what the shipped ones say."""

import csv
import re
from collections import Counter
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest
from evidence_files import (
    CLAIM,
    INSTRUMENT,
    LEGISLATION,
    POLICE,
    POLICY,
    ROWS,
    SERVICE,
    csv_file,
)

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.measures.law import choose_claims, count_coverage, order_claims
from disrupting_harm.evidence.reading.facts import check_evidence, read_evidence
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.evidence.tables.law_coverage import POINTS
from disrupting_harm.evidence.tables.legislation import TOPICS
from disrupting_harm.stages.evidence import check_tables

PROJECT = Path(__file__).parents[3]
EVIDENCE = PROJECT / "config" / "evidence"
SOURCES = {"police": POLICE, "hotline": replace(POLICE, source_id="hotline")}


def faults(folder: Path, table: str, *changes: dict[str, object]) -> list[str]:
    path = csv_file(folder, table, *changes)
    return [str(fault) for fault in check_evidence(table, path, SOURCES).faults]


DRAFT = {"answer": "draft", "status": "draft"}
OTHER = {"source_id": "hotline", "chosen": "no"}


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("legislation", [{}]),
        ("legislation", [{"answer": "partly", "scope": "Of persons under 16"}]),
        ("legislation", [{"answer": "no", "instrument": "", "provision": ""}]),
        ("legislation", [{"topic": "age_of_child", "age": 16}]),
        ("legislation", [{"topic": "age_of_child", "answer": "unknown"}]),
        ("legislation", [{"topic": "age_of_child", "answer": "varies", "scope": "18 or 21"}]),
        ("legislation", [{"topic": "age_of_child"} | DRAFT]),
        ("legislation", [DRAFT]),
        ("legislation", [{"as_of": "", "confidence": "low"}]),
        ("legislation", [{"as_of": "2018"}]),
        ("legislation", [{"reason": "It is the text."}, OTHER | {"answer": "no"}]),
        ("legislation", [{}, OTHER]),
        ("legislation", [{"reason": "r"}, {"status": "suspended", "answer": "no"} | OTHER]),
        ("instruments", [{}]),
        ("instruments", [{"status": "party", "note": "ratified in 2025"}]),
        ("policies", [{}]),
        ("policies", [{"year_to": 2029}]),
        ("policies", [{"year_to": 2025, "status": "ended"}]),
        ("policies", [{"year_from": "", "year_to": ""}]),
        ("service_register", [{}]),
        ("service_register", [{"contact": "", "since": ""}]),
    ],
)  # fmt: skip
def test_rows_that_their_sources_bear_are_read(
    tmp_path: Path, table: str, changes: list[dict[str, object]]
) -> None:
    assert faults(tmp_path, table, *changes) == []


# Each refusal: table, change, column, what was found.
CLAIM_FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"country": "XXX"}, "country", "no ISO 3166-1 alpha-3 code"),
    ({"as_of": "July 2022"}, "as_of", "is no date as year, month, day"),
    ({"as_of": "2022-13"}, "as_of", "is no date as year, month, day"),
    ({"as_of": "2027"}, "as_of", "2027 lies after 'checked', 2026-12-01"),
    ({"as_of": "undated"}, "confidence", "'high' of a source without a date"),
    ({"confidence": "certain"}, "confidence", "no known code"),
    ({"address": "page 3"}, "address", "is no address"),
    ({"checked": ""}, "checked", "'checked' is empty"),
    ({"checked_by": "memory"}, "checked_by", "no known code"),
    ({"source_id": "nobody"}, "source_id", "not in the table of sources"),
]
OWN_FAULTS: list[tuple[str, dict[str, object], str, str]] = [
    ("legislation", {"topic": "piracy"}, "topic", "no known code"),
    ("legislation", {"answer": "perhaps"}, "answer", "no known code"),
    ("legislation", {"answer": "partly"}, "scope", "'partly' without what it covers"),
    ("legislation", {"answer": "draft"}, "status", "a draft with 'in_force'"),
    ("legislation", DRAFT | {"as_of": "", "confidence": "low"}, "as_of", "a draft with 'undated'"),
    ("legislation", {"status": "draft"}, "answer", "'yes' of a law that is not in force"),
    ("legislation", {"status": "passed"}, "answer", "'yes' of a law that is not in force"),
    ("legislation", {"status": "suspended"}, "answer", "'yes' of a law that is not in force"),
    ("legislation", {"status": "repealed"}, "answer", "'yes' of a law that is not in force"),
    ("legislation", {"status": "draft", "answer": "no"}, "answer", "'no' of a draft"),
    ("legislation", {"status": "valid"}, "status", "no known code"),
    ("legislation", {"quote": "word " * 16}, "quote", "16 words"),
    ("legislation", {"instrument": ""}, "instrument", "a provision without its law"),
    ("legislation", {"instrument_year": 2019}, "in_force_from", "before the year of the law, 2019"),
    ("legislation", {"in_force_from": "soon"}, "in_force_from", "no date"),
    ("legislation", {"topic": "age_of_child"}, "age", "no age where the law sets one"),
    ("legislation", {"topic": "age_of_consent", "answer": "no"}, "answer", "'no' of an age"),
    (
        "legislation",
        {"topic": "age_of_child", "answer": "partly", "scope": "Girls"},
        "answer",
        "'partly' of an age ('age_of_child')",
    ),
    ("legislation", {"answer": "varies", "scope": "s"}, "answer", "'varies' of 'grooming_offence'"),
    ("legislation", {"topic": "age_of_child", "answer": "varies"}, "scope", "'varies' without"),
    ("legislation", {"age": 18}, "age", "an age, 18, where none belongs"),
    ("legislation", {"topic": "age_of_child", "age": 180}, "age", "an age of 180"),
    ("legislation", {"chosen": "maybe"}, "chosen", "no known code"),
    ("legislation", {"chosen": "no"}, "chosen", "0 rows are chosen of 1 on KEN, grooming_offence"),
    ("instruments", {"instrument": "berne"}, "instrument", "no known code"),
    ("instruments", {"status": "ratified"}, "status", "no known code"),
    ("instruments", {"year": 2019}, "year", "2019 lies before the treaty was adopted, 2024"),
    (
        "instruments",
        {"note": "Ratified in Hanoi."},
        "note",
        "'ratified' beside the status 'signed'",
    ),
    ("instruments", {"status": "closed"}, "note", "nothing beside the status 'closed'"),
    ("policies", {"kind": "idea"}, "kind", "no known code"),
    ("policies", {"year_to": 2021}, "year_to", "2021 lies before 'year_from', 2022"),
    ("policies", {"year_to": 2025}, "status", "'running' of a plan that ended in 2025"),
    ("policies", {"status": "lost"}, "status", "no known code"),
    ("policies", {"title": ""}, "title", "'title' is empty"),
    ("service_register", {"kind": "shop"}, "kind", "no known code"),
    ("service_register", {"name": ""}, "name", "'name' is empty"),
    ("service_register", {"since": "long ago"}, "since", "no"),
]
FAULTS = [
    *OWN_FAULTS,
    *((table, change, column, found) for table in POINTS for change, column, found in CLAIM_FAULTS),
]


@pytest.mark.parametrize(("table", "change", "column", "found"), FAULTS)
def test_a_faulty_cell_is_named(
    tmp_path: Path, table: str, change: dict[str, object], column: str, found: str
) -> None:
    (fault,) = faults(tmp_path, table, change)
    assert f"{table}.csv, row 2, column '{column}'" in fault
    assert found in fault
    assert fault.rstrip(".").count(". ") >= 1  # what to do


def test_every_column_is_checked() -> None:
    """Notes, scope and provision may say anything."""
    for table in POINTS:
        checked = {column for name, _, column, _ in FAULTS if name == table}
        free = {"note", "provision", "reason", "contact", "year_from", "instrument_year"}
        assert set(ROWS[table]) - checked <= free, table


def test_one_claim_on_a_point_is_chosen(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "legislation", {}, OTHER | {"chosen": "yes"})
    assert "row 3, column 'chosen'" in fault
    assert "2 rows are chosen of 2 on KEN, grooming_offence" in fault


@pytest.mark.parametrize("change", [{"answer": "no"}, {"answer": "partly", "scope": "x"}])
def test_sources_that_differ_need_a_reason(tmp_path: Path, change: dict[str, object]) -> None:
    (fault,) = faults(tmp_path, "legislation", OTHER | change, {})
    assert "row 3, column 'reason'" in fault
    assert "sources differ on KEN, grooming_offence" in fault


def test_ages_that_differ_need_a_reason(tmp_path: Path) -> None:
    age = {"topic": "age_of_consent", "age": 16}
    (fault,) = faults(tmp_path, "legislation", age, OTHER | age | {"age": 18})
    assert "sources differ on KEN, age_of_consent" in fault


def warnings(folder: Path, *changes: dict[str, object]) -> list[str]:
    facts = read_evidence("legislation", csv_file(folder, "legislation", *changes), SOURCES)
    warn = TABLES["legislation"].warn
    assert warn is not None
    return list(warn(facts.to_dict("records")))


def test_a_choice_older_than_another_source_is_told(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, {"as_of": "2018"}, OTHER)
    assert warning == (
        "KEN, grooming_offence: the chosen source speaks of 2018, another of 2022-07-30"
    )
    assert warnings(tmp_path, {}, OTHER | {"as_of": "2018"}) == []
    assert warnings(tmp_path, {"as_of": "", "confidence": "low"}, OTHER) == []
    assert warnings(tmp_path, {}, OTHER | {"as_of": "", "confidence": "low"}) == []


def test_the_log_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = tmp_path / "sources.csv"
    sources.write_text(
        "source_id,organisation,type,title,restriction\n"
        "police,P,review,T,open\nhotline,H,review,T,open\n"
    )
    table = csv_file(tmp_path, "legislation", {"as_of": "2018"}, OTHER)
    check_tables(
        tables={"legislation": str(table)},
        sources=[str(sources)],
        areas=[],
        countries=["KEN"],
        other_countries="refuse",
        date="2026-11-24",
        folder=str(tmp_path),
    )
    assert "legislation: look again: KEN, grooming_offence" in capsys.readouterr().out


def frame(folder: Path, table: str, *changes: dict[str, object]) -> pd.DataFrame:
    return read_evidence(table, csv_file(folder, table, *changes), SOURCES)


def test_the_chosen_claim_counts_those_that_answer_otherwise(tmp_path: Path) -> None:
    claims = frame(
        tmp_path,
        "legislation",
        OTHER | {"answer": "no"},
        {"reason": "It is the text."},
        OTHER | {"status": ""},
        {"country": "ETH", "topic": "age_of_child", "age": 18, "reason": "r"},
        OTHER | {"country": "ETH", "topic": "age_of_child", "age": 16},
    ).assign(data_kind="published")
    ordered = order_claims(claims, list(TOPICS))
    assert ordered[["country", "chosen"]].to_numpy().tolist() == [
        ["ETH", "yes"], ["ETH", "no"], ["KEN", "yes"], ["KEN", "no"], ["KEN", "no"]
    ]  # fmt: skip
    chosen = choose_claims(ordered)
    assert chosen[["country", "answer", "claims", "other_answers"]].to_numpy().tolist() == [
        ["ETH", "yes", 2, 1],
        ["KEN", "yes", 3, 1],
    ]


def test_simulated_law_stands_in_no_table(tmp_path: Path) -> None:
    claims = frame(tmp_path, "legislation", {}).assign(data_kind="simulated")
    with pytest.raises(StudyError, match=r"KEN, column 'source_id'.*a simulation"):
        order_claims(claims, list(TOPICS))


def test_coverage_counts_what_is_known_and_nothing_else(tmp_path: Path) -> None:
    public = {
        "legislation": frame(
            tmp_path,
            "legislation",
            {},
            {"country": "ETH", "answer": "no"},
            {"country": "THA", "answer": "unknown"},
        ),
        "policies": frame(tmp_path, "policies", {}, {"title": "Another"}),
    }
    coverage = count_coverage(public, POINTS, 14).set_index(["table", "item"])
    assert coverage.loc[("legislation", "grooming_offence"), "known"] == 2
    assert coverage.loc[("legislation", "csam_definition"), "known"] == 0
    assert coverage.loc[("policies", "all"), "known"] == 1
    assert set(coverage["countries"]) == {14}
    assert {table for table, _ in coverage.index} == {"legislation", "policies"}


# The tables of the default study, read by nothing of the library.


def rows_of(name: str) -> list[dict[str, str]]:
    with (EVIDENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LAW = rows_of("legislation")
ALL_LAW = {name: rows_of(name) for name in
           ("legislation", "instruments", "policies", "service_register")}  # fmt: skip
with (PROJECT / "config" / "countries.csv").open(encoding="utf-8", newline="") as listed:
    COUNTRIES = {row["country"] for row in csv.DictReader(listed)}


def test_shipped_claims_name_one_choice_and_a_reason() -> None:
    by_point = {}
    for row in LAW:
        by_point.setdefault((row["country"], row["topic"]), []).append(row)
    for point, rows in by_point.items():
        chosen = [row for row in rows if row["chosen"] == "yes"]
        assert len(chosen) == 1, point
        if len({(row["answer"], row["age"]) for row in rows}) > 1:
            assert chosen[0]["reason"], point
    assert len(by_point) == 118


def test_shipped_claims_keep_the_rules() -> None:
    for row in LAW:
        assert row["scope"] if row["answer"] in ("partly", "varies") else True, row
        if row["topic"].startswith("age_"):
            assert row["age"].isdecimal() or row["answer"] in ("varies", "unknown"), row
        assert (row["answer"] == "draft") == (row["status"] == "draft"), row
        assert row["answer"] != "draft" or re.match(r"20\d\d", row["as_of"]), row
        assert len(row["quote"].split()) <= 15, row
        assert bool(row["age"]) == (row["topic"].startswith("age_") and row["answer"] == "yes"), row
    for row in ALL_LAW["policies"]:
        over = row["year_to"] and int(row["year_to"]) < int(row["checked"][:4])
        assert not over or row["status"] in ("ended", "superseded"), row
    for row in ALL_LAW["instruments"]:
        assert row["status"] == "party" or "ratif" not in row["note"].lower(), row
        # The United Nations Convention against Cybercrime was signed, and binds nobody.
        assert row["instrument"] != "uncc" or row["status"] in ("signed", "not_party"), row


@pytest.mark.parametrize("name", ALL_LAW)
def test_shipped_rows_say_where_they_stand_and_who_looked(name: str) -> None:
    sources = {row["source_id"]: row for row in rows_of("sources")}
    for row in ALL_LAW[name]:
        assert row["country"] in COUNTRIES, row
        assert re.fullmatch(r"https?://[^\s<>]+\.[^\s<>]+", row["address"]), row
        assert row["address"] == sources[row["source_id"]]["url"], row
        assert sources[row["source_id"]]["type"] != "simulation", row
        assert sources[row["source_id"]]["restriction"] == "open", row
        assert row["checked"] in ("2026-12-01", "2026-12-02", "2026-12-03"), row
        assert row["checked_by"] in ("stored_page", "stored_part"), row
        assert row["as_of"] != "undated" or row["confidence"] in ("medium", "low"), row


def test_every_country_has_its_treaties() -> None:
    """The two conventions on children, and the labour convention that all states ratified."""
    counts = Counter(row["instrument"] for row in ALL_LAW["instruments"])
    for treaty in ("crc", "opsc", "ilo_c182"):
        assert counts[treaty] == len(COUNTRIES) == 14
    (kenya,) = (
        r for r in ALL_LAW["instruments"] if (r["country"], r["instrument"]) == ("KEN", "opsc")
    )
    assert kenya["status"] == "signed"


def test_rows_of_a_country_stand_together() -> None:
    for name, rows in ALL_LAW.items():
        if name != "instruments":
            codes = [code for code, _ in groupby(rows, key=lambda row: row["country"])]
            assert len(codes) == len(set(codes)), name


def test_samples_are_those_of_the_tables() -> None:
    assert {*LEGISLATION} - {*CLAIM} == {"country", "topic", "answer", "age", "scope",
        "instrument", "provision", "instrument_year", "status", "in_force_from", "quote", "chosen",
        "reason"}  # fmt: skip
    for table, row in (
        ("instruments", INSTRUMENT),
        ("policies", POLICY),
        ("service_register", SERVICE),
    ):
        assert tuple(row) == TABLES[table].column_names
