"""No microdata get into the repository, however they came into the study's folder."""

import shutil
import subprocess
from pathlib import Path

import pytest
from preconditions import needs
from repository import PROJECT

# What users drop beside their configuration.
DROPPED = (
    "config/raw/KEN.csv", "config/KEN.csv", "config/kenya_w1.sav", "config/Kenya.dta",
    "config/examples/mine/raw/a.csv", "my/children.parquet", "raw/x.csv", "microdata.zip", "k.rds",
    "config/answers.xlsx", "study/raw/deep/down/y.txt", "z.xpt", "results/restricted/x.csv",
)  # fmt: skip
# Names of columns that only a table of persons has.
OF_PERSONS = {"child_id", "respondent_id", "caseid", "hh_id"}


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it says."""
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A new repository with the project's rules of what to ignore."""
    git(tmp_path, "init", "--quiet")
    shutil.copy(PROJECT / ".gitignore", tmp_path)
    return tmp_path


def test_dropped_raw_files_are_not_added(repository: Path) -> None:
    for name in DROPPED:
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("child_id,age\n1,12\n", encoding="utf-8")
    git(repository, "add", "--all")
    assert git(repository, "ls-files").split() == [".gitignore"]


@needs("not a clone")
def test_what_is_tracked_is_not_ignored_and_holds_no_microdata() -> None:
    # A tracked file that the rules ignore would be lost when somebody adds it anew.
    assert git(PROJECT, "ls-files", "--ignored", "--cached", "--exclude-standard") == ""
    tables = [name for name in git(PROJECT, "ls-files", "-z").split("\0") if name.endswith(".csv")]
    assert len(tables) > 20
    for name in tables:
        if name.startswith("tests/"):
            continue
        header = (PROJECT / name).read_text(encoding="utf-8").partition("\n")[0]
        assert not OF_PERSONS & set(header.lower().split(",")), name
