"""The release of evidence: withheld rows, small counts, and an attacker who adds and subtracts."""

import itertools

import pandas as pd
import pytest
from evidence_frames import facts, status_of
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.evidence.definition import SmallCounts
from disrupting_harm.evidence.measures.small_counts import hide_small_counts
from disrupting_harm.evidence.public_tables import protect_facts, select_places, select_publishable
from disrupting_harm.study.configuration.config import EvidenceFiles

LEVELS = ("girl", "boy", "other")
AGES = ("0-11", "12-17")


def offences(cells: dict[tuple[str, str], int | None]) -> pd.DataFrame:
    """Return counts by sex and age band of one offence."""
    return facts(
        "offences",
        *(
            {"victim_sex": sex, "victim_age_band": age, "offences": count,
             "status": status_of(count)}
            for (sex, age), count in cells.items()
        ),
    )  # fmt: skip


def shown(cells: dict[tuple[str, str], int | None], min_count: int = 10) -> dict:
    table = protect_facts({"offences": offences(cells)}, SmallCounts(min_count))["offences"]
    assert (table["status"].eq("suppressed") == table["offences"].isna()).all() or None in (
        cells.values()
    )
    keys = zip(table["victim_sex"], table["victim_age_band"], strict=True)
    return {
        key: None if pd.isna(count) else int(count)
        for key, count in zip(keys, table["offences"], strict=True)
    }


def test_rows_of_closed_sources_are_withheld_unless_simulated():
    table = facts(
        "offences",
        {"offences": 50, "offence_code": "A"},
        {"offences": 50, "offence_code": "B", "restriction": "partner", "data_kind": "observed"},
        {"offences": 50, "offence_code": "C", "restriction": "restricted", "data_kind": "observed"},
        {"offences": 50, "offence_code": "D", "restriction": "restricted",
         "data_kind": "simulated"},
    )  # fmt: skip
    assert select_publishable(table)["offence_code"].tolist() == ["A", "D"]


def test_countries_outside_the_study_are_left_out():
    table = facts("cybertips", *({"country": code, "reports": 1} for code in ("KEN", "PHL", "WLD")))
    assert select_places("cybertips", table, ["KEN"])["country"].tolist() == ["KEN", "WLD"]


def test_small_counts_are_hidden_and_zeros_are_not():
    found = protect_facts(
        {
            "offences": facts(
                "offences",
                {"offences": 9, "offence_code": "A"},
                {"offences": 10, "offence_code": "B"},
                {"offences": 0, "offence_code": "C", "status": "zero_reported"},
                {"offences": None, "offence_code": "D", "status": "not_recorded"},
            )
        },
        SmallCounts(),
    )["offences"]
    assert found["status"].tolist() == ["suppressed", "reported", "zero_reported", "not_recorded"]
    assert found["offences"].isna().tolist() == [True, False, False, True]


def test_published_figures_leave_as_they_are():
    tips = facts("cybertips", {"reports": 3}, {"reports": 1, "year": 2021})
    assert protect_facts({"cybertips": tips}, SmallCounts())["cybertips"]["reports"].tolist() == [
        3,
        1,
    ]


def test_a_total_does_not_give_a_hidden_count_back():
    found = shown(
        {("all", "all"): 103, ("girl", "all"): 80, ("boy", "all"): 3, ("other", "all"): 20}
    )
    assert found == {
        ("all", "all"): 103,
        ("girl", "all"): 80,
        ("boy", "all"): None,
        ("other", "all"): None,
    }


def test_zeros_do_not_hide_anything():
    """Beside a shown zero and a shown total, one hidden count is known: another one goes, too."""
    found = shown({("all", "all"): 43, ("girl", "all"): 40, ("boy", "all"): 3, ("other", "all"): 0})
    assert found[("girl", "all")] is None
    assert found[("all", "all")] == 43
    assert found[("other", "all")] == 0


def test_a_small_total_is_hidden_with_its_parts():
    found = shown({("all", "all"): 5, ("girl", "all"): 4, ("boy", "all"): 1})
    assert set(found.values()) == {None}


def test_parts_by_sex_and_by_age_protect_each_other():
    found = shown(
        {
            ("all", "all"): 100,
            ("girl", "all"): 95,
            ("boy", "all"): 5,
            ("all", "0-11"): 40,
            ("all", "12-17"): 60,
        }
    )
    assert found[("girl", "all")] is None
    assert found[("all", "0-11")] == 40


def test_an_unknown_part_is_not_a_remainder_that_is_known():
    """With the other sex not recorded, total less girls is only an upper limit for boys."""
    found = shown(
        {("all", "all"): 200, ("girl", "all"): 100, ("boy", "all"): 4, ("other", "all"): None}
    )
    assert found[("girl", "all")] == 100
    tight = shown(
        {("all", "all"): 104, ("girl", "all"): 100, ("boy", "all"): 4, ("other", "all"): None}
    )
    assert tight[("girl", "all")] is None


def _consistent(cells, found, lines, largest):
    """Yield all tables that agree with what is shown: hidden counts from 1, sums as they are."""
    hidden = [key for key, value in found.items() if value is None]
    for values in itertools.product(range(1, largest + 1), repeat=len(hidden)):
        table = found | dict(zip(hidden, values, strict=True))
        if all(table[whole] == sum(table[part] for part in parts) for whole, parts in lines):
            yield table


def _attacked(cells, lines, min_count):
    found = shown(cells, min_count)
    small = [key for key, count in cells.items() if 0 < count < min_count]
    assert all(found[key] is None for key in small)
    assert all(found[key] == 0 for key, count in cells.items() if count == 0)
    hidden = sum(value is None for value in found.values())
    if not small or hidden > 4:
        return
    largest = sum(cells.values()) + min_count
    tables = list(_consistent(cells, found, lines, largest if hidden < 4 else 16))
    for key in small:
        possible = {table[key] for table in tables}
        assert len(possible) >= min_count - 1 or hidden == len(cells), (found, key, possible)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=3), st.integers(3, 5))
def test_brute_force_cannot_narrow_a_hidden_count(parts, min_count):
    keys = [(level, "all") for level in LEVELS[: len(parts)]]
    cells = dict(zip(keys, parts, strict=True)) | {("all", "all"): sum(parts)}
    _attacked(cells, [(("all", "all"), keys)], min_count)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4), st.integers(3, 4))
def test_brute_force_in_crossed_tables(parts, min_count):
    crossed = list(itertools.product(LEVELS[:2], AGES))
    cells = dict(zip(crossed, parts, strict=True))
    lines = []
    for sex in LEVELS[:2]:
        own = [key for key in crossed if key[0] == sex]
        cells[sex, "all"] = sum(cells[key] for key in own)
        lines.append(((sex, "all"), own))
    for age in AGES:
        own = [key for key in crossed if key[1] == age]
        cells["all", age] = sum(cells[key] for key in own)
        lines.append((("all", age), own))
    cells["all", "all"] = sum(parts)
    lines.append((("all", "all"), [(sex, "all") for sex in LEVELS[:2]]))
    lines.append((("all", "all"), [("all", age) for age in AGES]))
    _attacked(cells, lines, min_count)


def test_groups_do_not_touch_each_other():
    cells = {("all", "all"): 103, ("girl", "all"): 100, ("boy", "all"): 3}
    table = pd.concat(
        [offences(cells), offences(cells).assign(year=2018, offences=[103, 90, 13])],
        ignore_index=True,
    )
    found = protect_facts({"offences": table}, SmallCounts())["offences"]
    assert found.loc[found["year"] == 2018, "offences"].notna().all()
    assert found["offences"].isna().sum() == 2


def _answers(counts: dict[str, int], item: str = "i1", **more) -> list[dict]:
    numbers = itertools.count(1)
    return [
        {"item": item, "answer": answer, "respondent": f"{next(numbers):03}"} | more
        for answer, count in counts.items()
        for _ in range(count)
    ]


def test_answers_of_few_workers_are_printed_where_they_agreed_to_it():
    """What the study publishes: 48 of 49."""
    table = facts("frontline", *_answers({"yes": 48, "no": 1}), *_answers({"yes": 4}, item="i2"))
    found = protect_facts({"frontline": table}, SmallCounts(professionals=1))["frontline"]
    assert found[["item", "answer", "count", "n"]].to_numpy().tolist() == [
        ["i1", "no", 1, 49],
        ["i1", "yes", 48, 49],
        ["i2", "yes", 4, 4],
    ]
    assert set(found["status"]) == {"reported"}


def test_small_counts_of_workers_are_bands_and_what_would_give_them_back_is():
    table = facts("frontline", *_answers({"yes": 30, "no": 16, "dont_know": 4}))
    found = protect_facts({"frontline": table}, SmallCounts())["frontline"].set_index("answer")
    assert found["count"].isna().to_dict() == {"dont_know": True, "no": True, "yes": False}
    assert set(found["n"]) == {50}
    assert found["status"].to_dict()["no"] == "suppressed"
    assert found["band"].to_dict() == {
        "dont_know": "few_or_none",
        "no": "few_or_none",
        "yes": "some",
    }


def test_of_workers_who_all_gave_the_same_answer_it_is_not_told():
    table = facts(
        "frontline",
        *_answers({"yes": 12}),
        *_answers({"yes": 9, "no": 3}, country="UGA"),
        *_answers({"yes": 12}, item="i2"),
    )
    found = protect_facts({"frontline": table}, SmallCounts())["frontline"]
    kenya = found[(found["country"] == "KEN") & (found["item"] == "i1")]
    assert dict(zip(kenya["answer"], kenya["band"], strict=True)) == {
        "yes": "most_or_all",
        "no": "few_or_none",
    }
    assert kenya["count"].isna().all()
    # Nobody anywhere gave another answer: a band would be the number.
    only = found[found["item"] == "i2"]
    assert (only["band"] == "").all()
    assert only[["count", "n"]].isna().all(axis=None)


def test_interviews_are_bands_where_those_who_did_or_did_not_are_few():
    table = facts(
        "justice",
        {"theme": "a", "interviews": 30, "mentioned": 15},
        {"theme": "b", "interviews": 30, "mentioned": 4},
        {"theme": "c", "interviews": 30, "mentioned": 27},
        {"theme": "d", "interviews": 30, "mentioned": 0, "status": "zero_reported"},
        {"theme": "e", "interviews": 30, "mentioned": None, "status": "refused"},
    )
    found = protect_facts({"justice": table}, SmallCounts())["justice"].set_index("theme")
    assert found["mentioned"].dropna().to_dict() == {"a": 15}
    assert found["band"].to_dict() == {
        "a": "some",
        "b": "few_or_none",
        "c": "most_or_all",
        "d": "few_or_none",
        "e": "",
    }
    assert found["status"].to_dict()["d"] == "suppressed"
    assert found["status"].to_dict()["e"] == "refused"
    assert set(found["interviews"]) == {30}


def test_of_fewer_than_eight_interviews_nothing_is_told():
    table = facts(
        "justice",
        {"theme": "a", "interviews": 7, "mentioned": 4},
        {"theme": "b", "interviews": 8, "mentioned": 8},
        {"theme": "a", "interviews": 40, "mentioned": 20, "role": "judges"},
    )
    found = protect_facts({"justice": table}, SmallCounts())["justice"]
    assert found["interviews"].isna().tolist() == [True, False, False]
    assert found["mentioned"].isna().tolist() == [True, True, False]
    assert found["band"].tolist() == ["", "most_or_all", "some"]


def test_interviews_with_professionals_who_agreed_are_counts():
    table = facts(
        "justice",
        {"theme": "a", "interviews": 10, "mentioned": 7, "role": "survivors"},
        {"theme": "a", "interviews": 10, "mentioned": 7, "role": "officials"},
        {"theme": "b", "interviews": 5, "mentioned": 0, "status": "zero_reported",
         "role": "officials"},
        {"theme": "b", "interviews": 10, "mentioned": 2, "role": "survivors"},
    )  # fmt: skip
    small = SmallCounts(professionals=1, roles=("officials",))
    found = protect_facts({"justice": table}, small)["justice"]
    assert found["role"].tolist() == table["role"].tolist()
    assert found["mentioned"].isna().tolist() == [True, False, False, True]
    assert found.loc[[1, 2], "mentioned"].tolist() == [7, 0]
    assert found.loc[[1, 2], "interviews"].tolist() == [10, 5]


def test_no_role_of_those_interviewed_is_printed_unless_a_study_names_it():
    evidence = EvidenceFiles()
    table = facts("justice", {"theme": "a", "interviews": 12, "mentioned": 3, "role": "government"})
    found = protect_facts({"justice": table}, SmallCounts(**evidence.small_counts))["justice"]
    assert found["mentioned"].isna().all()
    named = EvidenceFiles(professional_roles=["government"], min_count_professionals=1)
    found = protect_facts({"justice": table}, SmallCounts(**named.small_counts))["justice"]
    assert found["mentioned"].tolist() == [3]
    with pytest.raises(ValueError, match="is 1, or at least 3"):
        EvidenceFiles(min_count_professionals=2)


def test_roles_of_people_whom_everybody_knows_stay_out():
    table = facts(
        "justice",
        {"theme": "a", "interviews": 30, "mentioned": 15, "role": "judge"},
        {"theme": "a", "interviews": 30, "mentioned": 15},
    )
    evidence = EvidenceFiles(identifiable_roles=["judge"])
    found = protect_facts({"justice": table}, SmallCounts(**evidence.small_counts))["justice"]
    assert found["role"].tolist() == ["caregivers"]


@pytest.mark.parametrize("name", ["offences", "frontline", "justice", "cybertips", "capacity"])
def test_empty_tables_stay_tables(name):
    closed = {"restriction": "partner", "data_kind": "observed"}
    row = {
        "offences": {"offences": 3},
        "frontline": {"item": "i", "respondent": "1", "answer": "yes"},
        "justice": {"theme": "a", "interviews": 5, "mentioned": 2},
        "cybertips": {"reports": 5},
        "capacity": {"item": "x", "score": 1.0},
    }[name]
    found = protect_facts({name: facts(name, row | closed)}, SmallCounts())[name]
    assert found.empty
    assert "country" in found


def test_protecting_keeps_the_order_and_all_other_columns():
    table = offences({("girl", "all"): 3, ("all", "all"): 40, ("boy", "all"): 37})
    found = hide_small_counts(table, ["country"], ("victim_sex", "victim_age_band"), "offences", 10)
    others = [name for name in table if name not in ("offences", "status")]
    pd.testing.assert_frame_equal(found[others], table[others])
