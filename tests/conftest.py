"""Runs that the tests of the whole share; each is made once, when a test first asks for it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from checkout import ELSEWHERE, SMALL, Checkout, make_checkout
from finished import changed, once, shared_folder
from hypothesis import settings
from mini_study import CONFIG, write_mini_study
from preconditions import (  # noqa: F401
    pytest_addoption,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from right_to_left import CODE, add_language

NHANES2 = "config/examples/nhanes2/config.yaml"
# Seconds for a test that runs the workflow, or is the first to ask for a finished run.
RUN_LIMIT = 1800
HERE = Path(__file__).parent
ENGINE = "engine/tests"
UNIT_FOLDERS = {"unit", "reference", ENGINE}
# Runs that slow tests alone ask for.
SLOW_RUNS = {"elsewhere", "nhanes2", "changed_run", "right_to_left"}
# Files of tests that take longest.
FIRST = (
    *("test_identity.py", "test_mutations.py", "test_common_changes.py", "test_missing_files.py"),
    *("test_explorer.py", "test_leaks.py", "test_interruptions.py", "test_hostile_texts.py"),
    *("test_pages.py", "test_rebuild_run.py", "test_reruns.py", "test_release_tells_nothing.py"),
    *("test_stopping.py", "test_manifest.py", "test_waves_run.py"),
    *("test_author_notes.py", "test_imported_rules.py", "test_new_evidence_table.py"),
    *("test_evidence_alone.py", "test_watermark.py", "test_releases.py"),
    *("test_joining_country.py", "test_failures.py", "test_release_updates.py"),
    *(
        "test_other_studies.py",
        "test_compare_stage.py",
        "test_regional_report.py",
        "test_quarto_parity.py",
    ),
)

# Tests run side by side, one on each core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# How long an example takes tells more of the machine than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests of whole runs more time than ``timeout`` in pyproject.toml, and the first places.

    Those that need a run of ``SLOW_RUNS`` are slow.

    Side by side, tests end soonest when those that take long begin first. The order of ``FIRST``
    has the runs of different studies apart, so that no process waits for the run of another.
    """
    for item in items:
        if _folder(item) in UNIT_FOLDERS:
            continue
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(RUN_LIMIT))
        if SLOW_RUNS & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.slow)
    items.sort(key=_place)


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ENGINE


def _place(item: pytest.Item) -> int:
    """Return where an item's file stands: as listed, then other whole runs, then the rest."""
    if item.path.name in FIRST:
        return FIRST.index(item.path.name)
    return len(FIRST) + (_folder(item) in UNIT_FOLDERS)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that all processes of the session share."""
    folder = shared_folder(tmp_path_factory)
    yield folder
    assert changed(folder) == []


@pytest.fixture(scope="session")
def small(shared: Path) -> Checkout:
    """The default study of two countries with all that it can make; to be left as it is."""

    def make(folder: Path) -> None:
        checkout = make_checkout(folder)
        checkout.restrict(SMALL)
        checkout.print_databooks()
        _run(checkout, "config/config.yaml")

    return Checkout(once(shared, "small", make))


@pytest.fixture(scope="session")
def public(small: Checkout) -> Path:
    """The public results of that study."""
    return small.folder / "results" / "public"


@pytest.fixture(scope="session")
def other_languages(shared: Path) -> Checkout:
    """Documents of the default study, of a country of each other language; to be left as they are.

    Pages and PDF alone: in these languages the study of two countries has a brief for Word, too. In
    English it has a report of each of its countries: those of these four are in their own language.
    """
    languages = {"IDN": "id", "MOZ": "pt", "THA": "th", "VNM": "vi"}
    codes = (*languages,)
    documents = (
        "regional/renderer.json",
        *(f"reports/{code}/renderer.json" for code in codes),
        *(f"briefs/{code}/renderer.json" for code in (*codes, "all")),
        *(f"databooks/{code}/languages.json" for code in (*codes, "all")),
    )

    def make(folder: Path) -> None:
        checkout = make_checkout(folder)
        checkout.restrict(codes)
        for language in languages.values():
            checkout.edit("config/countries.csv", f",en {language},", f",{language},")
        checkout.print_databooks()
        checkout.edit("config/config.yaml", "formats: [html, pdf, docx]", "formats: [html, pdf]")
        made = (f"results/public/{document}" for document in documents)
        _run(checkout, "config/config.yaml", *made)

    return Checkout(once(shared, "other_languages", make))


@pytest.fixture(scope="session")
def right_to_left(shared: Path) -> Checkout:
    """A study of one country in Arabic letters, run to its end; to be left as it is."""

    def make(folder: Path) -> None:
        checkout = make_checkout(folder)
        checkout.restrict(("NAM",))
        namibia = "NAM,Namibia,,Eastern and Southern Africa"
        checkout.edit("config/countries.csv", f"{namibia},en,", f"{namibia},{CODE},")
        languages = "project_languages: [en, id, km, pt, th, vi]"
        checkout.edit("config/config.yaml", languages, f"project_languages: [en, {CODE}]")
        add_language(checkout)
        _run(checkout, "config/config.yaml")

    return Checkout(once(shared, "right_to_left", make))


@pytest.fixture(scope="session")
def elsewhere(shared: Path) -> Checkout:
    """The same study under other circumstances; to be left as it is."""

    def make(folder: Path) -> None:
        checkout = make_checkout(folder / "une étude à côté")
        checkout.restrict(SMALL)
        checkout.print_databooks()
        # One country's stages are jobs with a Python of their own each: those that are forked give
        # the same bytes. (Of what joins countries tests/workflow/test_imported_rules.py sees it.)
        made = "results/public/figures/KHM/languages.json"
        derived = "results/restricted/contrasts/KHM/gaps.parquet"
        drawn = "results/restricted/diagnostics/KHM.pdf"
        kenya, cambodia = (f"results/public/reports/{code}/renderer.json" for code in SMALL)
        own = "--no-warm"
        for arguments in ((made, derived, drawn, own), (kenya,), (cambodia, own), ()):
            _run(checkout, "config/config.yaml", *arguments, environment=ELSEWHERE, umask=0o077)

    return Checkout(once(shared, "elsewhere", make) / "une étude à côté")


@pytest.fixture(scope="session")
def nhanes2(shared: Path) -> Checkout:
    """The example on a real survey, run from end to end; to be left as it is."""
    return Checkout(once(shared, "nhanes2", lambda folder: _run(make_checkout(folder), NHANES2)))


@pytest.fixture(scope="session")
def mini(shared: Path) -> Checkout:
    """The mini study, run from end to end by somebody who hides nothing; to be left as it is."""

    def make(folder: Path) -> None:
        checkout = make_checkout(folder)
        write_mini_study(checkout)
        _run(checkout, CONFIG, umask=0)

    return Checkout(once(shared, "mini", make))


@pytest.fixture
def mini_copy(mini: Checkout, tmp_path: Path) -> Checkout:
    """A finished mini study to be changed by one test."""
    return mini.copy_to(tmp_path / "copy")


@pytest.fixture
def small_copy(small: Checkout, tmp_path: Path) -> Checkout:
    """The default study of two countries, finished, to be run again by one test."""
    return small.copy_to(tmp_path / "copy")


def _run(
    checkout: Checkout,
    config: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    umask: int = -1,
) -> None:
    # By the renderer of the workflow, also where Quarto is installed.
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(name for name in folders if not (Path(name) / "quarto").exists())
    found = {"PATH": path, **(environment or {})}
    done = checkout.run(*arguments, config=config, environment=found, umask=umask)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
