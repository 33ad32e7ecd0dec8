"""The list of tables says of each whether nobody counted its numbers."""

from pathlib import Path

import pytest

from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.site.country_page import list_downloads, list_kinds_of_evidence


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
