"""How small a published number may be: what needs the decision of an ethics board."""

from pathlib import Path
from typing import Any

import pytest
from bad_configuration import FILES

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.config import Configuration, load_configuration
from disrupting_harm.study.configuration.publication_config import Disclosure

DECIDED = {"k": 4, "by": "The board", "date": "2026-01-30"}


def configured(
    folder: Path, disclosure: dict[str, Any], decision: dict[str, Any] | None = None
) -> Configuration:
    path = folder / "config.yaml"
    path.write_text(FILES["config.yaml"], encoding="utf-8")
    overrides: dict[str, Any] = {"publication": {"disclosure": disclosure}}
    if decision is not None:
        overrides["ethics"] = {"disclosure": decision}
    return load_configuration(path, overrides)


@pytest.mark.parametrize(
    ("disclosure", "found"),
    [
        ({"method": "coded"}, "'publication.disclosure.method: coded' needs 'ethics.disclosure"),
        ({"min_count": 5, "min_count_sensitive": 5}, "a 'min_count' below 10 needs 'ethics"),
        ({"min_count_sensitive": 9}, "a 'min_count' below 10 needs 'ethics.disclosure"),
        ({"method": "plain", "min_count": 9}, "a 'min_count' below 10 needs 'ethics.disclosure"),
    ],
)
def test_smaller_numbers_need_the_decision_of_a_board(
    tmp_path: Path, disclosure: dict[str, Any], found: str
) -> None:
    with pytest.raises(StudyError, match=found):
        configured(tmp_path, disclosure)
    rules = configured(tmp_path, disclosure, DECIDED)
    assert rules.ethics.few == 4
    assert rules.ethics.disclosure is not None
    assert rules.ethics.disclosure.by == "The board"


@pytest.mark.parametrize(
    ("disclosure", "k", "found"),
    [
        ({"min_count": 5, "min_count_sensitive": 5}, 5, "'min_count' must be above 'ethics"),
        ({"method": "coded"}, 12, "'need' must be above 'ethics.disclosure.k'"),
    ],
)
def test_a_decision_that_the_rules_do_not_keep(
    tmp_path: Path, disclosure: dict[str, Any], k: int, found: str
) -> None:
    with pytest.raises(StudyError, match=found):
        configured(tmp_path, disclosure, {**DECIDED, "k": k})


def test_by_default_nothing_needs_a_decision(tmp_path: Path) -> None:
    rules = configured(tmp_path, {})
    assert (rules.publication.disclosure.method, rules.ethics.few) == ("ranges", 4)


@pytest.mark.parametrize(
    ("method", "grid", "need"),
    [
        ("plain", (), 20),
        ("ranges", (0.05, 0.1, 0.2, 0.3), 20),
        ("coded", (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5), 12),
    ],
)
def test_bounds_and_the_room_that_they_leave(
    method: str, grid: tuple[float, ...], need: int
) -> None:
    rules = Disclosure.model_validate({"method": method})
    assert (rules.grid, rules.smallest_part) == (grid, need)


@pytest.mark.parametrize(
    "rules",
    [{"bounds": [0.2, 0.1]}, {"bounds": [0.1, 0.1]}, {"bounds": [0.6]}, {"need": 9}],
    ids=["falling", "twice", "above a half", "less than the threshold"],
)
def test_bounds_that_would_tell_too_much_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"'bounds' must rise|'need' must be 'min_count'"):
        Disclosure.model_validate(rules)
