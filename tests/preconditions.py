"""What a test needs from the machine beyond Python; how a run of tests ends that missed some of it.

A test that misses something is skipped (``needs``, ``require``). The run then closes with one
sentence: what was not proved, and the command that brings what is missing. With
``--require-programs``, as in continuous integration, such a run fails. Tests that somebody has
asked for alone run (Slurm, a bucket, a real Quarto) are named in the same place, and fail nothing.
"""

import importlib.util
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from repository import PROJECT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REQUIRE = "--require-programs"
_PLUGINS = ("snakemake_executor_plugin_kubernetes", "snakemake_executor_plugin_slurm")
_SKIPPED = "Skipped: "


class Precondition(NamedTuple):
    """What is needed and, if it is a program, the packages of Debian and Ubuntu that bring it."""

    subject: str
    is_met: Callable[[], bool]
    packages: tuple[str, ...] = ()


def _installed(*programs: str) -> bool:
    return all(shutil.which(program) for program in programs)


# By what is missing where it is not met: this is also the reason of the skip.
PRECONDITIONS = {
    "no Chromium with its driver": Precondition(
        "pages in a browser",
        lambda: any(map(shutil.which, BROWSERS)) and _installed("chromedriver"),
        ("chromium", "chromium-driver"),
    ),
    "no Poppler": Precondition(
        "pages on paper", lambda: _installed("pdftotext", "pdftoppm"), ("poppler-utils",)
    ),
    "no pdf.js": Precondition(
        "text of PDF files in Firefox",
        lambda: _installed("node") and (PROJECT / ".venv/pdfjs/node_modules/pdfjs-dist").is_dir(),
        ("nodejs", "npm"),
    ),
    "no OpenSSH": Precondition(
        "signatures of releases", lambda: _installed("ssh-keygen"), ("openssh-client",)
    ),
    "no gettext": Precondition(
        "catalogues as translators' tools read them", lambda: _installed("msgfmt"), ("gettext",)
    ),
    "root, and no setpriv": Precondition(
        "folders that are read-only",
        lambda: os.geteuid() != 0 or _installed("setpriv"),
        ("util-linux",),
    ),
    "not root": Precondition("a full disk", lambda: os.geteuid() == 0),
    "not on Linux": Precondition("forked jobs", lambda: sys.platform == "linux"),
    "not a clone": Precondition("tracked files", lambda: (PROJECT / ".git").exists()),
    "with the plug-ins of make cluster or make cloud": Precondition(
        "a quick start of Snakemake", lambda: not any(map(importlib.util.find_spec, _PLUGINS))
    ),
}
# What is asked for by a variable of the environment, by the command that sets it.
ON_REQUEST = {
    "make test-cluster": Precondition(
        "a real Slurm", lambda: os.environ.get("TEST_CLUSTER") == "1"
    ),
    "make test-word": Precondition(
        "Word files in LibreOffice", lambda: os.environ.get("TEST_WORD") == "1"
    ),
    "make test-storage": Precondition("a bucket", lambda: os.environ.get("TEST_STORAGE") == "1"),
}
_WITH_QUARTO = "make test-quarto REAL_QUARTO=/path/to/quarto"


def needs(missing: str) -> pytest.MarkDecorator:
    """Return the mark of tests that are skipped where a precondition is not met."""
    precondition = (PRECONDITIONS | ON_REQUEST)[missing]
    return pytest.mark.skipif(not precondition.is_met(), reason=missing)


def require(missing: str) -> None:
    """Skip the running test if a precondition is not met."""
    if not PRECONDITIONS[missing].is_met():
        pytest.skip(missing)


def count_skipped(stats: Mapping[str, Iterable[Any]]) -> Counter[str]:
    """Return how many tests, or files of tests, were skipped for each reason."""
    reports = [report.longrepr for report in stats.get("skipped", ())]
    return Counter(longrepr[2].removeprefix(_SKIPPED) for longrepr in reports)


def find_missing(skipped: Mapping[str, int]) -> list[str]:
    """Return the reasons of skips that an installation mends, or that nobody has explained."""
    return [
        reason
        for reason in skipped
        if reason not in ON_REQUEST
        and (reason not in PRECONDITIONS or PRECONDITIONS[reason].packages)
    ]


def describe_unproved(skipped: Mapping[str, int], stand_ins: int) -> list[str]:
    """Return the closing lines of a run of tests, by reasons of skips.

    ``stand_ins`` is how many tests were held to the stand-in for Quarto.
    """
    unproved, packages = [], []
    for reason in sorted(set(skipped) - set(ON_REQUEST)):
        precondition = PRECONDITIONS.get(reason)
        subject = f"{precondition.subject}: " if precondition else ""
        unproved.append(f"{subject}{skipped[reason]} skipped ({reason})")
        packages += precondition.packages if precondition else ()
    requested = [
        f"{ON_REQUEST[reason].subject}: {skipped[reason]} skipped ({reason})"
        for reason in sorted(set(skipped) & set(ON_REQUEST))
    ]
    if stand_ins:
        requested.append(f"a real Quarto: {stand_ins} with a stand-in ({_WITH_QUARTO})")
    lines = []
    if unproved:
        command = f". Install: sudo apt-get install {' '.join(packages)}" if packages else ""
        lines.append(f"Not proved here: {'; '.join(unproved)}{command}")
    if requested:
        lines.append(f"Only on request: {'; '.join(requested)}")
    return lines


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which what was skipped for want of a program is a failure."""
    parser.addoption(
        REQUIRE, action="store_true", help="fail where a test was skipped that an installation runs"
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a session fail that was to skip nothing."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not session.config.getoption(REQUIRE):
        return
    if find_missing(count_skipped(reporter.stats)):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """Close with what was not proved, below the list of every test that was skipped."""
    yield
    stats = terminalreporter.stats
    skipped = count_skipped(stats)
    by_stand_in = [
        report
        for report in stats.get("passed", ())
        if Path(report.location[0]).name.startswith("test_quarto_") and report.when == "call"
    ]
    stand_ins = 0 if "REAL_QUARTO" in os.environ else len(by_stand_in)
    fails = config.getoption(REQUIRE) and find_missing(skipped)
    for line in describe_unproved(skipped, stand_ins):
        red = bool(fails) and line.startswith("Not proved")
        terminalreporter.write_line(line, red=red, yellow=not red)
