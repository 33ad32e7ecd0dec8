"""Runs that the tests of the whole share; each is made once, when a test first asks for it."""

import shutil
from pathlib import Path

import pytest
from checkout import SMALL, Checkout, make_checkout
from mini_study import CONFIG, write_mini_study

NHANES2 = "config/examples/nhanes2/config.yaml"
# Seconds for a test that runs the workflow, or is the first to ask for a finished run.
RUN_LIMIT = 1800
UNIT_FOLDERS = {"unit", "reference"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests of whole runs more time than ``timeout`` in pyproject.toml."""
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0] if item.path.is_relative_to(here) else ""
        if folder not in UNIT_FOLDERS and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(RUN_LIMIT))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The default study of two countries, run from end to end."""
    checkout = make_checkout(tmp_path_factory.mktemp("small") / "checkout")
    checkout.restrict(SMALL)
    return _finished(checkout, "config/config.yaml")


@pytest.fixture(scope="session")
def nhanes2(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The example on a real survey, run from end to end."""
    return _finished(make_checkout(tmp_path_factory.mktemp("nhanes2") / "checkout"), NHANES2)


@pytest.fixture(scope="session")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The mini study, run from end to end; to be left as it is."""
    checkout = make_checkout(tmp_path_factory.mktemp("mini") / "checkout")
    write_mini_study(checkout)
    return _finished(checkout, CONFIG)


@pytest.fixture
def mini_copy(mini: Checkout, tmp_path: Path) -> Checkout:
    """A finished mini study to be changed by one test."""
    return Checkout(Path(shutil.copytree(mini.folder, tmp_path / "copy", symlinks=True)))


def _finished(checkout: Checkout, config: str) -> Checkout:
    done = checkout.run(config=config)
    assert done.returncode == 0, done.stderr
    return checkout
