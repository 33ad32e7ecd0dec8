"""Restricted results and logs are their owner's alone, public ones all's, whatever the umask."""

import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from checkout import Checkout, make_checkout
from mini_study import CONFIG, write_mini_study


def rights(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Return the rights of files and those of folders, in octal digits."""
    found: tuple[set[str], set[str]] = (set(), set())
    for path in paths:
        mode = path.stat().st_mode
        found[stat.S_ISDIR(mode)].add(f"{stat.S_IMODE(mode):o}")
    return found


@pytest.mark.parametrize("umask", [0o000, 0o077], ids=["open", "closed"])
def test_rights_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    write_mini_study(checkout)
    done = checkout.run(config=CONFIG, umask=umask)
    assert done.returncode == 0, done.stderr
    results = checkout.folder / "results" / "mini"
    restricted, public = results / "restricted", results / "public"
    assert rights([restricted, *restricted.rglob("*")]) == ({"600"}, {"700"})
    assert rights([public, *public.rglob("*")]) == ({"644"}, {"755"})
    assert rights([results]) == (set(), {"755"})
    assert (restricted / "logs" / "prepare" / "N.log").is_file()
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
