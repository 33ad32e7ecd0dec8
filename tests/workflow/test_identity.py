"""The same study gives the same bytes in another folder, time zone, locale, umask, hash order.

And whether its jobs are forked from one warm process or start a Python each.
"""

import os
from pathlib import Path

from checkout import Checkout, hashes

from disrupting_harm_launcher.client import can_fork

# Stages of one country.
CHAIN = (
    *("simulate", "prepare", "weight", "estimate", "diagnostics", "contrast", "publish"),
    *("figures", "report"),
)


def kinds_of_jobs(checkout: Checkout, country: str) -> set[str]:
    """Return how the processes of a country's jobs began, by their logs."""
    logs = [checkout.folder / f"results/restricted/logs/{stage}/{country}.log" for stage in CHAIN]
    lines = [path.read_text(encoding="utf-8").splitlines()[-1] for path in logs]
    return {line.rpartition(", ")[2] for line in lines}


def test_results_are_the_same_to_the_byte(small: Checkout, elsewhere: Checkout) -> None:
    here, there = (hashes(each.folder / "results") for each in (small, elsewhere))
    logs = "restricted/logs/"
    differing = {
        name
        for name in here.keys() | there.keys()
        if not name.startswith(logs) and here.get(name) != there.get(name)
    }
    assert differing == set()
    assert len(here) > 400
    assert kinds_of_jobs(elsewhere, "KHM") == {"own Python"}
    assert kinds_of_jobs(small, "KHM") == {"forked" if can_fork() else "own Python"}


def test_no_public_file_names_a_folder_of_the_machine(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    traces = [os.fsencode(small.folder), os.fsencode(Path.home()) + b"/"]
    traces.append(b"site-packages")
    found = {
        path.relative_to(public).as_posix()
        for path in public.rglob("*")
        if path.is_file() and any(trace in path.read_bytes() for trace in traces)
    }
    assert found == set()
