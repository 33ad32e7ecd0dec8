"""The list of tables says of each whether nobody counted its numbers."""

from pathlib import Path

import pytest

from disrupting_harm.provenance.derived_numbers import find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.language.addressed_text import split_addresses, strip_addresses
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.site.downloads import (
    Link,
    describe_columns,
    group_downloads,
    list_downloads,
    list_kinds_of_evidence,
)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """Return a folder with tables of the survey and of evidence of every kind."""
    kinds = {
        "cybertips": ["published", "published"],
        "capacity_profile": ["simulated"],
        "hotlines": ["published", "simulated"],
        "transparency": [],
    }
    (tmp_path / "evidence").mkdir()
    for name, own in kinds.items():
        lines = ["country,data_kind", *(f"KEN,{kind}" for kind in own)]
        (tmp_path / "evidence" / f"{name}.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "estimates.csv").write_text("country\nKEN\n")
    return tmp_path


@pytest.mark.parametrize("simulated", [True, False])
def test_each_table_is_marked_by_what_it_holds(public: Path, simulated: bool) -> None:
    marks = {
        link.href: link.mark
        for link in list_downloads(public, build_english("countries"), simulated)
    }
    assert marks == {
        "estimates.csv": "simulated" if simulated else "",
        "evidence/cybertips.csv": "published",
        "evidence/capacity_profile.csv": "simulated",
        "evidence/hotlines.csv": "partly simulated",
    }


def test_the_kinds_of_evidence_are_those_with_figures(public: Path) -> None:
    assert list_kinds_of_evidence(public, build_english("countries")) == [
        "CyberTipline reports",
        "figures of hotlines and helplines",
        "an assessment of law enforcement",
    ]


def test_tables_are_named_by_what_the_study_compares_and_empty_ones_are_left_out(
    public: Path,
) -> None:
    (public / "comparison").mkdir()
    for name, rows in {"rank_sets": "NE\n", "gaps": "NE\n", "pairwise": ""}.items():
        (public / "comparison" / f"{name}.csv").write_text(f"country\n{rows}")
    texts = {
        link.href: link.label for link in list_downloads(public, build_english("regions"), False)
    }
    assert texts["comparison/rank_sets.csv"] == "Ranks that each region may have"
    assert texts["comparison/gaps.csv"] == "Gaps between groups within regions"
    assert "comparison/pairwise.csv" not in texts
    assert "evidence/transparency.csv" not in texts


def test_a_table_says_how_long_it_is_with_addresses_that_the_check_counts(public: Path) -> None:
    (public / "comparison").mkdir()
    header = "indicator,country,domain,level_a,level_b"
    rows = "".join(f"any,KEN,age,{number},0\n" for number in range(12_000))
    (public / "comparison" / "gaps.csv").write_text(f"{header}\n{rows}")
    (public / "evidence" / "transparency.csv").write_text("company,data_kind\nA,published\n")
    links = list_downloads(public, build_english("countries"), True)
    told = {link.href: (strip_addresses(link.rows), link.size) for link in links}
    assert told["comparison/gaps.csv"] == ("12,000 rows", "0.2 MB")
    assert told["evidence/transparency.csv"] == ("1 row", "1 kB")
    assert told["evidence/cybertips.csv"] == ("2 rows", "1 kB")
    addresses = {link.href: split_addresses(link.rows)[1][0].address for link in links}
    assert find_value(addresses["comparison/gaps.csv"], PublishedFiles(public)) == 12_000
    assert addresses["evidence/cybertips.csv"] == "count(KEN/cybertips)"
    assert addresses["evidence/transparency.csv"] == "count(all/transparency)"


def test_tables_stand_below_what_they_are_of() -> None:
    names = ("estimates", "comparison/gaps", "evidence/cybertips", "evidence/legislation",
             "evidence/law_coverage", "evidence/service_register")  # fmt: skip
    links = [Link(f"{name}.csv", name) for name in names]
    groups = group_downloads(links, build_english("countries"))
    assert {group.name: [link.label for link in group.tables] for group in groups} == {
        "survey": ["estimates"],
        "comparison": ["comparison/gaps"],
        "records": ["evidence/cybertips"],
        "law": ["evidence/legislation", "evidence/law_coverage", "evidence/service_register"],
    }
    assert [group.name for group in group_downloads(links[:1], build_english("countries"))] == [
        "survey"
    ]


def test_a_name_of_two_columns_says_of_which_tables_each_is(tmp_path: Path) -> None:
    names = [
        *("estimates.csv", "comparison/prevalence.csv", "comparison/standardised.csv"),
        *("evidence/cybertips.csv", "evidence/offences.csv", "evidence/hotlines.csv"),
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("status\n")
    shared, _ = describe_columns(tmp_path, [Link(name, name) for name in names])
    assert [name for name, _ in shared] == [
        "status (estimates, comparison)",
        "status (evidence)",
    ]


def test_each_column_is_described_once(tmp_path: Path) -> None:
    headers = {
        "evidence/cybertips.csv": "country,year,class,reports,source,data_kind",
        "evidence/hotlines.csv": "country,year,source,data_kind",
        "evidence/policies.csv": "country,title,source,data_kind",
    }
    (tmp_path / "evidence").mkdir()
    for name, header in headers.items():
        (tmp_path / name).write_text(f"{header}\n")
    shared, tables = describe_columns(tmp_path, [Link(name, name) for name in headers])
    common = dict(shared)
    assert {"country", "source", "data_kind"} <= set(common)
    for table in tables:
        own = dict(table.columns)
        assert sorted([*own, *table.shared]) == sorted(headers[table.path].split(","))
        assert set(table.shared) <= set(common)
        assert all(own.values())
    assert "reports" in dict(tables[0].columns)
