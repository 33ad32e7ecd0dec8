"""When jobs are forked, and when they are left to Snakemake's own way."""

import tomllib
from types import SimpleNamespace

import pytest
import snakemake
from preconditions import needs
from repository import PROJECT
from snakemake.script import PythonScript

from disrupting_harm_launcher import client

PLAIN = {
    "conda_env": None,
    "container_img": None,
    "env_modules": None,
    "shadow_dir": None,
    "resources": {},
    "bench_record": None,
    "threads": 1,
}


def test_the_installed_snakemake_is_the_tested_one() -> None:
    """After an update of Snakemake: run tests/workflow with it, then write its version there."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"snakemake=={client.TESTED_SNAKEMAKE}" in project["dependencies"]
    assert snakemake.__version__ == client.TESTED_SNAKEMAKE


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: patch.setattr("sys.platform", "darwin"),
        lambda patch: patch.setattr(snakemake, "__version__", "9.28.0"),
        lambda patch: patch.setenv("DISRUPTING_HARM_WARM", "off"),
    ],
    ids=["another system", "another Snakemake", "switched off"],
)
def test_elsewhere_snakemake_is_left_as_it_is(change, monkeypatch: pytest.MonkeyPatch) -> None:
    own = PythonScript.execute_script
    change(monkeypatch)
    with client.fork_jobs(is_whole_run=True):
        assert PythonScript.execute_script is own


@needs("not on Linux")
def test_snakemake_is_put_back_in_order() -> None:
    own = PythonScript.execute_script
    with client.fork_jobs(is_whole_run=True):
        assert PythonScript.execute_script is not own
    assert PythonScript.execute_script is own


def test_a_job_with_wishes_of_its_own_is_not_forked() -> None:
    wishes = {
        "conda_env": "envs/r.yaml",
        "container_img": "python.sif",
        "env_modules": ["r"],
        "shadow_dir": "/scratch",
        "resources": {"tmpdir": "/somewhere/else"},
        "bench_record": object(),
        "threads": 2,
    }
    assert client.needs_only_python(SimpleNamespace(**PLAIN))
    for name, value in wishes.items():
        assert not client.needs_only_python(SimpleNamespace(**PLAIN | {name: value})), name
