"""The same study gives the same bytes in another folder, time zone, locale, umask, hash order."""

import os
from pathlib import Path

import pytest
from checkout import SMALL, Checkout, hashes, make_checkout

ELSEWHERE = {
    "TZ": "Asia/Kathmandu",
    "LC_ALL": "C",
    "LANG": "fr_FR.UTF-8",
    "PYTHONHASHSEED": "4711",
    "OPENBLAS_NUM_THREADS": "2",
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The small study, run under other circumstances."""
    checkout = make_checkout(tmp_path_factory.mktemp("elsewhere") / "une étude à côté")
    checkout.restrict(SMALL)
    done = checkout.run(environment=ELSEWHERE, umask=0o077)
    assert done.returncode == 0, done.stderr
    return checkout


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


def test_public_files_can_be_read_by_all_whatever_the_umask(elsewhere: Checkout) -> None:
    public = elsewhere.folder / "results" / "public"
    files = [path for path in public.rglob("*") if path.is_file() and path.name[0] != "."]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}


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
