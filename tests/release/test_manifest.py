"""The manifest lists everything that was read and made, and nothing else; stale files go."""

import hashlib
import json
from pathlib import Path

from checkout import PROJECT, Checkout, hashes
from mini_study import CONFIG

MARK = ".snakemake_timestamp"


def manifest_of(results: Path) -> dict:
    """Read a manifest."""
    return json.loads((results / "public" / "manifest.json").read_text(encoding="utf-8"))


def test_every_input_and_output_is_listed_with_its_hash(small: Checkout) -> None:
    results = small.folder / "results"
    manifest = manifest_of(results)
    made = {
        name: digest
        for name, digest in hashes(results).items()
        if not name.startswith("restricted/logs/")
        and not name.endswith(MARK)
        and name != "public/manifest.json"
    }
    assert manifest["outputs"] == made
    assert len(made) > 400
    read = {
        *("config/config.yaml", "config/countries.csv", "config/indicators.yaml"),
        *("config/mapping.yaml", "config/simulation.yaml", "config/comparability.csv"),
        *(f"config/evidence/{path.name}" for path in (PROJECT / "config/evidence").iterdir()),
        *(
            f"results/restricted/simulated/{code}/{name}"
            for code in ("KEN", "KHM")
            for name in ("sample.csv", "margins.csv")
        ),
    }
    assert set(manifest["inputs"]) == read
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((small.folder / name).read_bytes()).hexdigest() == digest


def test_a_packaged_raw_file_is_named_by_its_package(nhanes2: Checkout) -> None:
    inputs = manifest_of(nhanes2.folder / "results" / "nhanes2")["inputs"]
    assert "package:samplics/datasets/data/nhanes2.csv" in inputs
    assert not [name for name in inputs if Path(name).is_absolute()]


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

    names = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.name != MARK}
    of_south = {name for name in names if "S" in Path(name).parts}
    assert of_south == {"countries/S", "countries/S/letter.txt"}
    assert all(path.read_text(encoding="utf-8") == text for path, text in notes.items())
    assert "countries/N/.part-abc.csv" not in names
    listed = manifest_of(results)["outputs"]
    assert not [name for name in listed if "/S" in name or "notes" in name]
