"""The crate of a finished run: valid, whole, and silent about who made it where and when."""

import getpass
import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from checkout import Checkout, hashes
from mini_study import CANARY, CONFIG
from preconditions import needs

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.signature import METADATA, WORKFLOW, write_crate

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
VALIDATOR = ("roc-validator==0.13.0", "rocrate==0.16.0")


@pytest.fixture(scope="module")
def crate(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crates") / "crate"
    write_crate(mini.folder / "results" / "mini", folder, LICENCE)
    return folder


def entities(crate: Path) -> dict[str, dict[str, Any]]:
    graph = json.loads((crate / METADATA).read_text(encoding="utf-8"))["@graph"]
    assert len({entity["@id"] for entity in graph}) == len(graph)
    return {entity["@id"]: entity for entity in graph}


def test_every_public_file_is_there_with_its_hash(crate: Path, mini: Checkout) -> None:
    found = entities(crate)
    own = hashes(crate)
    del own[METADATA]
    assert {name: entity["sha256"] for name, entity in found.items() if "sha256" in entity} == own
    public = hashes(mini.folder / "results" / "mini" / "public")
    assert {f"public/{name}" for name in public} == {name for name in own if "public/" in name}
    run = found["#run"]
    assert run["instrument"] == {"@id": WORKFLOW}
    assert {entry["@id"] for entry in run["result"]} == {n for n in own if n.startswith("public/")}
    assert {entry["@id"] for entry in run["object"]} <= found.keys()
    assert {entry["@id"] for entry in found["./"]["hasPart"]} == own.keys()


def test_it_says_nothing_of_time_machine_or_person(crate: Path, mini: Checkout) -> None:
    text = (crate / METADATA).read_text(encoding="utf-8")
    traces = [str(mini.folder), str(Path.home()), socket.gethostname(), CANARY, "restricted/"]
    assert not [trace for trace in traces if trace in text]
    assert f'"{getpass.getuser()}"' not in text
    assert not re.search(r'"/|\d\d:\d\d:\d\d|startTime|endTime|"agent"', text)


def test_it_is_the_same_to_the_byte(crate: Path, mini: Checkout, tmp_path: Path) -> None:
    write_crate(mini.folder / "results" / "mini", tmp_path / "again", LICENCE)
    assert hashes(tmp_path / "again") == hashes(crate)


def test_a_folder_that_is_there_and_changed_results_are_refused(
    mini_copy: Checkout, tmp_path: Path
) -> None:
    results = mini_copy.folder / "results" / "mini"
    with pytest.raises(StudyError, match="it is there"):
        write_crate(results, tmp_path, LICENCE)
    with pytest.raises(StudyError, match="'CC BY' is no address"):
        write_crate(results, tmp_path / "crate", "CC BY")
    (results / "public" / "estimates.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(StudyError, match="1 of its files are missing, changed or foreign"):
        write_crate(results, tmp_path / "crate", LICENCE)
    assert not (tmp_path / "crate").exists()


@needs("no OpenSSH")
def test_a_run_is_signed_checked_and_packed_from_the_command_line(
    mini_copy: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(mini_copy.folder)
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    allowed = tmp_path / "allowed"
    allowed.write_text(f"institute {key.with_suffix('.pub').read_text('utf-8')}", "utf-8")
    assert main(["sign", "--key", str(key), "--config", CONFIG]) == 0
    statement = Path("results/mini/signed/statement.json")
    received = shutil.copytree("results/mini/public", tmp_path / "received")
    of = ["--statement", str(statement), "--signers", str(allowed), "--config", CONFIG]
    assert main(["verify", *of]) == 0
    assert main(["verify", str(received), *of]) == 0
    assert capsys.readouterr().out.count(f"{statement}: signed by institute\n") == 2
    assert main(["crate", str(tmp_path / "c"), "--licence", LICENCE, "--config", CONFIG]) == 0
    assert main(["verify", str(tmp_path / "c" / "public")]) == 0
    assert main(["crate", str(tmp_path / "d"), "--config", CONFIG]) == 1
    assert "study.licence: 'CC0-1.0' is no address" in capsys.readouterr().err
    own = Path(CONFIG).read_text(encoding="utf-8")
    named = own.replace("licence: CC0-1.0\n", f"licence: {LICENCE}\n", 1)
    assert named != own
    of_study = Path(CONFIG).with_name("named.yaml")
    of_study.write_text(named, encoding="utf-8")
    assert main(["crate", str(tmp_path / "d"), "--config", str(of_study)]) == 0
    assert hashes(tmp_path / "d") == hashes(tmp_path / "c")

    (received / "estimates.csv").write_text("a\n", encoding="utf-8")
    assert main(["verify", str(received), *of]) == 4
    (Path("results/mini/public") / "note.txt").write_text("mine", encoding="utf-8")
    assert main(["sign", "--key", str(key), "--config", CONFIG]) == 1
    assert "1 of its files are missing, changed or foreign" in capsys.readouterr().err


@pytest.mark.slow
def test_a_validator_finds_it_valid(crate: Path, tmp_path: Path) -> None:
    """In an environment of its own: it needs another version of a library than the linter."""
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *VALIDATOR], check=True)

    def said(folder: Path) -> str:
        command = [python, Path(__file__).parents[1] / "crate_validator.py", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout or done.stderr

    assert re.fullmatch(r"passed \d\d\n", said(crate))
    described = json.loads((crate / METADATA).read_text(encoding="utf-8"))
    for entity in described["@graph"]:
        entity.pop("instrument", None)
    broken = tmp_path / "broken"
    for name in ("public", "workflow"):
        (broken / name).parent.mkdir(exist_ok=True)
        (broken / name).symlink_to(crate / name)
    (broken / METADATA).write_text(json.dumps(described), encoding="utf-8")
    assert "instrument" in said(broken)
    assert said(broken).splitlines()[-1].startswith("failed")
