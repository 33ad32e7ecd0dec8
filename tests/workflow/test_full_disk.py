"""A disk that is full: the run fails, says so, and says that what lies there is of two runs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CONFIG
from preconditions import needs

RESULTS = Path("results") / "mini"
# Room for some of the files that the run is to make, and not for all: bytes.
ROOM = 60_000


@pytest.fixture
def small_disk(mini_copy: Checkout) -> Iterator[Checkout]:
    """A finished mini study whose results lie on a disk of their own."""
    results = mini_copy.folder / RESULTS
    aside = results.with_name("aside")
    results.rename(aside)
    results.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", results], check=True)
    try:
        shutil.copytree(aside, results, dirs_exist_ok=True)
        yield mini_copy
    finally:
        subprocess.run(["umount", results], check=True)


def fill(folder: Path, room: int) -> Path:
    """Leave so many bytes of room on a disk."""
    free = os.statvfs(folder)
    path = folder / "filler"
    with path.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - room)
    return path


@needs("not root")
def test_a_full_disk_is_said_and_so_is_what_lies_there(small_disk: Checkout) -> None:
    results = small_disk.folder / RESULTS
    before = {path for path in results.rglob("*") if path.is_file()}
    small_disk.edit("mini/indicators.yaml", "Use the internet daily", "Use the internet every day")
    # What was not there before needs more room than there is, whatever job writes first.
    small_disk.edit(CONFIG, "formats: [html]", "formats: [html, pdf, docx]")
    filler = fill(results, ROOM)
    full = small_disk.run(config=CONFIG)
    assert full.returncode == 1
    assert "the disk is full. Free space and run again" in full.stderr
    assert "which an earlier run wrote. Hand nothing on before a run has ended." in full.stderr

    verified = small_disk.say("verify", "--config", CONFIG)
    assert verified.returncode == 1
    lines = verified.stdout.splitlines()
    summary = next(line for line in lines if line.startswith(f"{RESULTS / 'public'}: "))
    named = lines.index(summary)
    assert named > 10
    assert f"{named} do not agree" in summary
    assert f"{RESULTS / 'public'}: {named} files not as the manifest says" in full.stderr

    filler.unlink()
    again = small_disk.run(config=CONFIG)
    assert again.returncode == 0, again.stderr
    added = {path for path in results.rglob("*.*") if path.is_file()} - before
    assert sum(path.stat().st_size for path in added) > 2 * ROOM
    assert small_disk.say("verify", "--config", CONFIG).returncode == 0
