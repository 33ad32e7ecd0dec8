"""Profiles that hand jobs to a cluster, where nothing is installed that does."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.runs.snakemake_run import check_executor

ROOT = Path(__file__).parents[3]


def test_a_missing_executor_is_named_with_what_installs_it(tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text("executor: no-such\n", encoding="utf-8")
    with pytest.raises(
        StudyError,
        match=r"profile\.yaml, key 'executor': 'no-such' is not installed\. Add it by `make",
    ):
        check_executor(["--dry-run", "--profile", str(tmp_path)])


@pytest.mark.parametrize(
    "arguments", [[], ["--profile"], ["--profile", str(ROOT / "profiles" / "default")]]
)
def test_other_arguments_are_snakemakes(arguments: list[str]) -> None:
    check_executor(arguments)
