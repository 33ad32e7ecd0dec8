"""The manifest lists everything that was read and made, and nothing else; stale files go."""

import hashlib
import json
from pathlib import Path

import pytest
from checkout import Checkout, hashes
from mini_study import CONFIG
from repository import PROJECT


def manifest_of(results: Path, kind: str = "public") -> dict:
    """Read a manifest."""
    return json.loads((results / kind / "manifest.json").read_text(encoding="utf-8"))


def test_every_input_and_output_is_listed_with_its_hash(small: Checkout) -> None:
    results = small.folder / "results"
    public, restricted = manifest_of(results), manifest_of(results, "restricted")
    made = hashes(results)
    assert made.pop("public/manifest.json") == restricted["public_manifest"]
    assert public["outputs"] == {
        name: digest for name, digest in made.items() if name.startswith("public/")
    }
    no_results = ("restricted/logs/", "restricted/made/", "restricted/manifest.json")
    assert restricted["outputs"] == {
        name: digest
        for name, digest in made.items()
        if name.startswith("restricted/") and not name.startswith(no_results)
    }
    assert len(public["outputs"]) > 300
    assert len(restricted["outputs"]) > 50
    evidence = PROJECT / "config" / "evidence"
    tables = {f"config/evidence/{name}.csv" for name in
              ("cybertip_reports", "known_studies", "reporters", "transparency",
               "legislation", "instruments", "policies", "service_register")}  # fmt: skip
    definitions = {
        *("config/config.yaml", "config/countries.csv", "config/indicators.yaml"),
        *("config/mapping.yaml", "config/simulation.yaml", "config/comparability.csv"),
        *("config/recommendations.yaml", "config/brief.yaml", "config/findings.yaml"),
        *(f"config/evidence/{path.name}" for path in evidence.iterdir()),
    } - tables
    data = tables | {
        f"results/restricted/simulated/{code}/{name}"
        for code in ("KEN", "KHM")
        for name in ("sample.csv", "margins.csv")
    }
    assert set(public["inputs"]) == definitions
    assert set(public["restricted_inputs"]) == set(restricted["inputs"]) == data
    for name, digest in (public["inputs"] | restricted["inputs"]).items():
        assert hashlib.sha256((small.folder / name).read_bytes()).hexdigest() == digest


def test_no_public_file_tells_the_hash_of_a_restricted_one(mini: Checkout) -> None:
    results = mini.folder / "results" / "mini"
    secret = {*hashes(results / "restricted").values()}
    secret |= {hashlib.sha256((mini.folder / "mini" / f"{code}.csv").read_bytes()).hexdigest()
               for code in "NS"}  # fmt: skip
    empty = hashlib.sha256(b"").hexdigest()
    texts = (path.read_text(encoding="utf-8") for path in (results / "public").rglob("*.json"))
    assert not [digest for text in texts for digest in secret - {empty} if digest in text]


def test_a_packaged_raw_file_is_named_by_its_package(nhanes2: Checkout) -> None:
    inputs = manifest_of(nhanes2.folder / "results" / "nhanes2")["restricted_inputs"]
    assert "package:samplics/datasets/data/nhanes2.csv" in inputs
    assert not [name for name in inputs if Path(name).is_absolute()]


@pytest.mark.slow
def test_a_country_left_out_takes_its_files_along_but_nobody_elses(mini_copy: Checkout) -> None:
    results = mini_copy.folder / "results" / "mini"
    public = results / "public"
    notes = {
        public / "notes.csv": "mine,own\n1,2\n",
        public / "countries" / "S" / "letter.txt": "not of this study",
    }
    for path, text in notes.items():
        path.write_text(text, encoding="utf-8")
    (public / "countries" / "N" / ".part-abc.csv").write_text("half", encoding="utf-8")
    mini_copy.restrict(("N",), CONFIG)

    # Twice: what the first run did not list is not the second run's to remove.
    for arguments in ([], ["--forcerun", "manifest"]):
        done = mini_copy.run(*arguments, config=CONFIG)
        assert done.returncode == 0, done.stderr

    names = {path.relative_to(public).as_posix() for path in public.rglob("*")}
    of_south = {name for name in names if "S" in Path(name).parts}
    assert of_south == {"countries/S", "countries/S/letter.txt"}
    assert all(path.read_text(encoding="utf-8") == text for path, text in notes.items())
    assert "countries/N/.part-abc.csv" not in names
    listed = manifest_of(results)["outputs"]
    assert not [name for name in listed if "/S" in name or "notes" in name]
