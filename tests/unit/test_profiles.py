"""Profiles of Snakemake set options that it has, and the image takes files that are there."""

import re
from pathlib import Path

import pytest
import yaml
from snakemake.cli import get_argument_parser

PROJECT = Path(__file__).parents[2]
PROFILES = sorted((PROJECT / "profiles").glob("*/profile.yaml"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.parent.name)
def test_a_profile_sets_options_that_snakemake_has(profile: Path) -> None:
    options = {name for action in get_argument_parser()._actions for name in action.option_strings}
    chosen = {f"--{key}" for key in yaml.safe_load(profile.read_text(encoding="utf-8"))}
    assert chosen
    assert chosen <= options


def test_the_image_is_made_of_files_of_the_project() -> None:
    recipe = (PROJECT / "profiles/kubernetes/Containerfile").read_text(encoding="utf-8")
    taken = [name for line in re.findall(r"^COPY (.+) \S+$", recipe, re.M) for name in line.split()]
    default = re.search(r"^ARG STUDY=(\S+)$", recipe, re.M)
    assert default
    names = [name.replace("${STUDY}", default[1]) for name in taken]
    assert {"engine", "src", "workflow", "config", "requirements-cloud.lock"} <= set(names)
    assert [name for name in names if not (PROJECT / name).exists()] == []


def test_jobs_of_kubernetes_find_the_definitions_where_the_image_has_them() -> None:
    folder = PROJECT / "profiles/kubernetes"
    profile = yaml.safe_load((folder / "profile.yaml").read_text(encoding="utf-8"))
    recipe = (folder / "Containerfile").read_text(encoding="utf-8")
    place = re.search(r"^WORKDIR (\S+)$", recipe, re.M)
    assert place
    assert profile["precommand"] == f"cp -R {place[1]}/. ."
