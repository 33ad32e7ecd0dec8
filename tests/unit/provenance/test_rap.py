"""The page of levels is computed: an item whose file is gone is red, and the level falls."""

import shutil
from pathlib import Path

import pytest

from disrupting_harm.reference.rap import (
    FOR_A_PERSON,
    MISSING,
    SHOWN,
    Item,
    find_level,
    read_items,
    write_rap,
)

ROOT = Path(__file__).parents[3]


def states(root: Path) -> dict[str, str]:
    return {item.about: item.state for item in read_items(root)}


def test_the_page_is_that_of_the_repository(tmp_path: Path) -> None:
    write_rap(ROOT, tmp_path / "rap.md")
    for name in ("rap.md", "rap.json"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert written == (ROOT / "docs" / name).read_text(encoding="utf-8"), "run `make docs`"


def test_evidence_is_there() -> None:
    for item in read_items(ROOT):
        if item.state == SHOWN:
            assert all(list(ROOT.glob(each)) for each in item.evidence), item


def test_gold_is_not_claimed_while_nothing_starts_a_run() -> None:
    found = {about for about, state in states(ROOT).items() if state == MISSING}
    assert found == {
        "A service runs the tests when the code changes",
        "New data or a schedule start a run",
    }
    assert find_level(read_items(ROOT)) != "gold"


@pytest.mark.parametrize(
    ("name", "text"), [("requirements.lock", "numpy==2.4\n"), ("Makefile", "help:\n")]
)
def test_an_item_that_no_longer_holds_is_red(tmp_path: Path, name: str, text: str) -> None:
    parts = ("requirements.lock", "Makefile", "README.md", "CHANGELOG.md", "pyproject.toml")
    for part in parts:
        shutil.copy(ROOT / part, tmp_path / part)
    before = states(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    lost = {about for about, state in states(tmp_path).items() if state != before[about]}
    assert lost
    assert all(before[about] == SHOWN for about in lost)


def test_levels_build_on_each_other() -> None:
    def level(*marks: str) -> str:
        names = ("baseline", "silver", "gold")
        return find_level([Item(n, "", s, ()) for n, s in zip(names, marks, strict=True)])

    assert level(SHOWN, SHOWN, SHOWN) == "gold"
    assert level(SHOWN, SHOWN, MISSING) == "silver"
    assert level(SHOWN, FOR_A_PERSON, SHOWN) == "baseline"
    assert level(FOR_A_PERSON, SHOWN, SHOWN) == "none"
