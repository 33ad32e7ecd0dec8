"""Restricted results and logs are their owner's alone, public ones all's, whatever the umask."""

import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CONFIG


def rights(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Return the rights of files and those of folders, in octal digits."""
    found: tuple[set[str], set[str]] = (set(), set())
    for path in paths:
        mode = path.stat().st_mode
        found[stat.S_ISDIR(mode)].add(f"{stat.S_IMODE(mode):o}")
    return found


@pytest.mark.parametrize(
    ("run", "results"),
    [
        pytest.param("mini", "results/mini", id="umask 000"),
        pytest.param("elsewhere", "results", marks=pytest.mark.slow, id="umask 077"),
    ],
)
def test_rights_do_not_depend_on_the_umask(
    request: pytest.FixtureRequest, run: str, results: str
) -> None:
    checkout: Checkout = request.getfixturevalue(run)
    made = checkout.folder / results
    restricted, public = made / "restricted", made / "public"
    assert rights([restricted, *restricted.rglob("*")]) == ({"600"}, {"700"})
    assert rights([public, *public.rglob("*")]) == ({"644"}, {"755"})
    assert rights([made]) == (set(), {"755"})
    assert list((restricted / "logs" / "prepare").glob("*.log"))
    log = checkout.folder / ".snakemake" / "log"
    assert list(log.iterdir())
    assert rights([log.parent, log, *log.iterdir()]) == ({"600"}, {"700"})


def test_what_lay_open_is_closed(mini_copy: Checkout) -> None:
    restricted = mini_copy.folder / "results" / "mini" / "restricted"
    for path in (restricted, *restricted.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    planned = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--configfile", CONFIG],
        cwd=mini_copy.folder,
        env=mini_copy.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert planned.returncode == 0, planned.stderr
    assert rights([restricted, *restricted.rglob("*")]) == ({"600"}, {"700"})
