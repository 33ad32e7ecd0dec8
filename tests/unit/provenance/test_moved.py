"""Where addresses went that a later release has no longer."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.explain.explain_number import explain_number
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.moved_addresses import (
    MOVED_COLUMNS,
    MOVED_FILE,
    UNEXPLAINED,
    MovedRow,
    find_moved_row,
    find_moved_rows,
)
from disrupting_harm.study.configuration.publication_config import ReleaseRules, Rename
from disrupting_harm.study.study import load_study

ROOT = Path(__file__).parents[3]
RENAMES = ReleaseRules.model_validate(
    {
        "moved": {
            "told_no_one": {"to": "told_nobody", "why": "named as in the questionnaire"},
            "sex:female": {"to": "sex:girl", "why": "levels have other codes"},
            "silent": {"to": "told_no_one", "why": "named as in the report"},
            "met_online": {"why": "the question was dropped"},
            "hours": {"to": "minutes", "why": "asked in minutes"},
            "one": {"to": "two", "why": "a"},
            "two": {"to": "one", "why": "b"},
        }
    }
).moved
NOW = {"KEN/told_nobody", "KEN/told_nobody/sex:girl"}


def became(*old: str) -> list[tuple[str, str]]:
    found = find_moved_rows(dict.fromkeys(old, "2026-1"), NOW, RENAMES)
    assert {one.release for one in found} <= {"2026-1"}
    return [(one.new, one.why) for one in found]


def test_what_is_there_has_not_moved() -> None:
    assert became("KEN/told_nobody", "KEN/told_nobody/sex:girl") == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("KEN/told_no_one", "KEN/told_nobody", "named as in the questionnaire"),
        (
            "KEN/told_no_one/sex:female",
            "KEN/told_nobody/sex:girl",
            "named as in the questionnaire; levels have other codes",
        ),
        # Renamed twice.
        (
            "KEN/silent",
            "KEN/told_nobody",
            "named as in the report; named as in the questionnaire",
        ),
        ("KEN/met_online/sex:girl", "", "the question was dropped"),
        ("KEN/hours", "", "asked in minutes (as KEN/minutes it is not published either)"),
        ("KEN/forgotten", "", UNEXPLAINED),
        # Two names that lead to each other lead nowhere.
        ("KEN/one", "", "a; b"),
    ],
)
def test_each_that_is_gone_has_a_new_address_or_a_reason(old: str, new: str, why: str) -> None:
    assert became(old) == [(new, why)]


def test_rows_of_the_comparison_follow_their_indicator() -> None:
    known = {"KEN/told_no_one": MovedRow("KEN/told_no_one", "KEN/told_nobody", "renamed", "2026-1")}
    found = find_moved_row("compare/pairwise/told_no_one/KEN/UGA", known)
    assert found is not None
    assert found.new == "compare/pairwise/told_nobody/KEN/UGA"
    assert find_moved_row("compare/pairwise/told_nobody/KEN/UGA", known) is None
    assert find_moved_row("KEN/told_nobody", known) is None


def test_an_old_address_is_explained_by_its_new_one(tmp_path: Path) -> None:
    public = tmp_path
    (public / "countries" / "KEN").mkdir(parents=True)
    header = "country,indicator,domain,level,n,estimate,ci_low,ci_high,interval,shown,bound_high,"
    (public / "countries" / "KEN" / "estimates.csv").write_text(
        f"{header}status,reason\n"
        "KEN,told_nobody,total,all,487,0.191,0.15,0.24,korn_graubard,19.1,,present,\n",
        encoding="utf-8",
    )
    (public / "manifest.json").write_text(
        '{"software": {"disrupting-harm": "1", "python": "3", "numpy": "2", "pandas": "3"},'
        '"outputs": {}, "restricted_inputs": [], "release": "2026-2"}',
        encoding="utf-8",
    )
    rows = (
        "KEN/told_no_one,KEN/told_nobody,named as in the questionnaire,2026-1",
        "KEN/met_online,,the question was dropped,2026-1",
    )
    (public / MOVED_FILE).write_text(
        "\n".join([",".join(MOVED_COLUMNS), *rows]) + "\n", encoding="utf-8"
    )
    study, published = load_study(ROOT / "config" / "config.yaml"), PublishedFiles(public)

    lines = explain_number("KEN/told_no_one/estimate", published, study)
    assert lines[1] == (
        "moved",
        "it is KEN/told_nobody now, after release 2026-1: named as in the questionnaire",
    )
    assert ("number", "KEN/told_nobody/estimate") in lines
    gone = explain_number("KEN/met_online/n", published, study)
    assert gone[1:] == [
        ("gone", "it was withdrawn, after release 2026-1: the question was dropped")
    ]
    with pytest.raises(StudyError, match=r"it is KEN/told_nobody now.*Write KEN/told_nobody/n"):
        published.find_cell("KEN/told_no_one/n")
    with pytest.raises(StudyError, match="the question was dropped"):
        published.find_cell("KEN/met_online/estimate")


def test_a_rename_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="why"):
        Rename.model_validate({"to": "told_nobody"})
