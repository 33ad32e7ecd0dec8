"""The same study gives the same bytes in another folder, time zone, locale, umask, hash order."""

import os
from pathlib import Path

from checkout import Checkout, hashes


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
