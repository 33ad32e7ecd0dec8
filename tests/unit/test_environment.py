"""What `make run` installs: all that its packages need but for what is named here, and how large.

Sizes are those of the files that packages list as theirs, without the bytecode that Python makes of
them.
"""

import re
from importlib.metadata import files, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from repository import PROJECT

# Megabytes.
LARGEST = 1120
# What packages name and never load here: docs/dependencies.md says why.
LEFT_OUT = {("snakemake", "pulp"), ("pikepdf", "lxml")}
# No lock has them.
OF_THE_PROJECT = {"designbased", "disrupting-harm"}


def locked_packages(lock: str) -> set[str]:
    """Return the packages that a lock installs on this machine and Python."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    pins = [Requirement(pin) for pin in re.findall(r"^[\w.-]+==[^\\\n]+", text, re.MULTILINE)]
    return {
        canonicalize_name(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate()
    }


def megabytes(package: str) -> float:
    sizes = [file.size for file in files(package) or () if file.suffix != ".pyc"]
    return sum(size for size in sizes if size) / 1e6


@pytest.fixture(scope="module")
def sizes() -> dict[str, float]:
    return {package: megabytes(package) for package in locked_packages("requirements.lock")}


def test_it_is_not_larger_than_the_readme_says(sizes: dict[str, float]) -> None:
    assert all(sizes.values())
    assert sum(sizes.values()) < LARGEST
    assert f"{LARGEST} MB" in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_dependencies_lists_what_is_large(sizes: dict[str, float]) -> None:
    page = (PROJECT / "docs/dependencies.md").read_text(encoding="utf-8")
    table = page.partition("| package | MB |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([\w -]+) \| (\d+) \|", table, re.MULTILINE)
    listed = {canonicalize_name(name): int(size) for name, size in rows}
    assert {package for package, size in sizes.items() if size > 5} <= set(listed)
    assert listed.pop("together") == sum(listed.values())


def test_nothing_is_missing_but_what_is_left_out() -> None:
    packages = locked_packages("requirements.lock") | OF_THE_PROJECT
    missing = {
        (package, canonicalize_name(need.name))
        for package in packages
        for need in map(Requirement, requires(package) or ())
        if need.marker is None or need.marker.evaluate({"extra": ""})
        if canonicalize_name(need.name) not in packages
    }
    assert missing == LEFT_OUT


@pytest.mark.parametrize("lock", ["requirements-cluster.lock", "requirements-cloud.lock"])
def test_what_is_added_brings_none_of_it(lock: str) -> None:
    assert not {package for _, package in LEFT_OUT} & locked_packages(lock)
