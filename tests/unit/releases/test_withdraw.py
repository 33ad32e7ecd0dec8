"""Children who are deleted from a raw file: these, all of them, and nobody else."""

from argparse import Namespace
from pathlib import Path

import pytest

from disrupting_harm.cli.releases import withdraw_respondents
from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.withdraw import Withdrawal, delete_children
from disrupting_harm.study.microdata.mapping import Mapping

COLUMNS = {"stratum": "s", "psu": "p", "child_id": "id", "variables": {}}


def test_children_of_other_countries_and_rows_that_are_not_kept_stay(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    mapping = Mapping.model_validate(
        COLUMNS
        | {
            "area": {"column": "country", "codes": {1: "KEN", 2: "UGA"}},
            "keep": [{"column": "age", "at_least": 12, "at_most": 17}],
        }
    )
    other = "country,age,id\n2,13,1\n1,13,2\n1,40,1\n"
    path.write_text(f"{other}1.0,15,1\n", encoding="utf-8")
    assert delete_children(path, mapping, "KEN", {"1"}) == ["1"]
    assert path.read_text(encoding="utf-8") == other


def test_an_identifier_is_the_same_in_both_forms_of_unicode(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text("id,q\nRene\u0301,1\nAnna,0\n", encoding="utf-8")
    mapping = Mapping.model_validate(COLUMNS)
    # Who has no row is not among those deleted.
    assert delete_children(path, mapping, "KEN", {"Ren\u00e9", "Otto"}) == ["Ren\u00e9"]
    assert path.read_text(encoding="utf-8") == "id,q\nAnna,0\n"


def test_the_file_behind_a_link_loses_the_row_and_keeps_its_rights(tmp_path: Path) -> None:
    behind, path = tmp_path / "safe" / "raw.csv", tmp_path / "raw.csv"
    behind.parent.mkdir()
    behind.write_text("id\na\nb\n", encoding="utf-8")
    behind.chmod(0o640)
    path.symlink_to(behind)
    assert delete_children(path, Mapping.model_validate(COLUMNS), "KEN", {"a"}) == ["a"]
    assert path.is_symlink()
    assert behind.read_text(encoding="utf-8") == "id\nb\n"
    assert behind.stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_no_valid_csv_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    content = f"id,q\na,1\nb,{'x' * 131_073}\n"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match="it is not valid CSV"):
        delete_children(path, Mapping.model_validate(COLUMNS), "KEN", {"a"})
    assert path.read_text(encoding="utf-8") == content


def test_the_command_names_the_lines_without_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = Withdrawal(1, (2, 5), tmp_path / "raw.csv", ())
    monkeypatch.setattr("disrupting_harm.releases.withdraw.withdraw", lambda *_: done)
    options = Namespace(config=Path(), country="KEN", ids=Path("ids.txt"))
    assert withdraw_respondents(options) == 0
    printed = capsys.readouterr().out
    assert "1 row of" in printed
    assert "has no row of KEN with the identifiers of ids.txt, lines 2, 5." in printed
