"""The crate of a finished run: valid, whole, and silent about who made it where and when."""

import getpass
import json
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mlcroissant
import pandas as pd
import pytest
import rdflib
from checkout import Checkout, hashes
from mini_study import CANARY, CONFIG
from preconditions import needs
from pysdmx.io import get_datasets, read_sdmx

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.exchange.crate import METADATA, WORKFLOW, write_crate
from disrupting_harm.study.study import Study, load_study

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
OF_RDFLIB = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
FIELDWORK = {"fieldwork": "November 2025 to February 2026"}
VALIDATOR = ("roc-validator==0.13.0", "rocrate==0.16.0")


def load_mini(checkout: Checkout) -> Study:
    """Return the small study, of which it is known when it was in the field."""
    results = str(checkout.folder / "results" / "mini")
    study = load_study(checkout.folder / CONFIG, {"results": results})
    rows = {code: row.model_copy(update=FIELDWORK) for code, row in study.countries.items()}
    return replace(study, countries=rows)


@pytest.fixture(scope="module")
def crate(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crates") / "crate"
    write_crate(load_mini(mini), folder, LICENCE)
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
    write_crate(load_mini(mini), tmp_path / "again", LICENCE)
    assert hashes(tmp_path / "again") == hashes(crate)


def test_a_folder_that_is_there_and_changed_results_are_refused(
    mini_copy: Checkout, tmp_path: Path
) -> None:
    study = load_mini(mini_copy)
    with pytest.raises(StudyError, match="it is there"):
        write_crate(study, tmp_path, LICENCE)
    with pytest.raises(StudyError, match="'CC BY' is no address"):
        write_crate(study, tmp_path / "crate", "CC BY")
    (study.config.results / "public" / "estimates.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(StudyError, match="1 of its files are missing, changed or foreign"):
        write_crate(study, tmp_path / "crate", LICENCE)
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
    packed = ["crate", str(tmp_path / "c"), "--licence", LICENCE, "--config", CONFIG]
    assert main(packed) == 1
    assert "column 'fieldwork', N: it names no year" in capsys.readouterr().err
    regions = Path(CONFIG).with_name("regions.csv")
    header, *rows = regions.read_text(encoding="utf-8").splitlines()
    dated = [f"{header},fieldwork", *(f"{row},2026" for row in rows)]
    regions.write_text("\n".join(dated) + "\n", encoding="utf-8")
    assert main(packed) == 0
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


def test_a_warehouse_reads_the_estimates_by_their_structure(crate: Path) -> None:
    """As pysdmx reads them: every code is in its list, every number is that of the public table."""
    structure = crate / "sdmx" / "structure.json"
    message = read_sdmx(structure, validate=True)
    (flow,) = message.get_dataflows()
    assert flow.short_urn == "Dataflow=MINI:ESTIMATES(1.0)"
    (data,) = get_datasets(crate / "sdmx" / "estimates.csv", structure)
    rows = data.data
    components = message.get_data_structure_definitions()[0].components
    assert [*rows.columns] == [component.id for component in components]
    lists = {codes.id: {code.id for code in codes.codes} for codes in message.get_codelists()}
    coded = [name for name in rows.columns if f"CL_{name}" in lists]
    assert {"REF_AREA", "INDICATOR", "SEX", "AGE", "RESIDENCE", "OBS_STATUS"} <= {*coded}
    for name in coded:
        assert {*rows[name]} <= lists[f"CL_{name}"], name
    dimensions = [component.id for component in components if component.role.value == "D"]
    assert not rows.duplicated(dimensions).any()

    published = pd.read_csv(crate / "public" / "estimates.csv")
    shares = published["indicator"] != "hours"
    percent = published["estimate"].where(~shares, published["estimate"] * 100)
    values = pd.to_numeric(rows["OBS_VALUE"])
    assert values.isna().equals(published["estimate"].isna())
    assert values.isna().any()
    assert (values - percent).abs().max() < 1e-9
    hidden = published["status"].str.startswith("suppress")
    assert [status == "Q" for status in rows["OBS_STATUS"]] == [*hidden]
    girls = rows[(rows["SEX"] == "F") & (rows["RESIDENCE"] == "_T")]
    assert len(girls) == (published["level"] == "girl").sum()
    assert {*rows["TIME_PERIOD"]} == {"2026"}


@OF_RDFLIB
def test_a_catalogue_reads_the_tables_by_their_record(crate: Path) -> None:
    """As mlcroissant reads them: the record has no fault, and each row of a table is there."""
    dataset = mlcroissant.Dataset(crate / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    published = pd.read_csv(crate / "public" / "estimates.csv")
    rows = pd.DataFrame([*dataset.records("estimates-rows")])
    assert len(rows) == len(published)
    estimates = rows["estimates-rows/estimate"].astype(float)
    assert estimates.equals(published["estimate"].astype(float))


@OF_RDFLIB
def test_dataset_search_reads_what_the_site_is_about(mini: Checkout) -> None:
    """As rdflib reads the record of the page of data."""
    page = mini.folder / "results" / "mini" / "public" / "data.html"
    (record,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.read_text(encoding="utf-8")
    )
    graph = rdflib.Graph().parse(data=record, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    dataset = graph.value(None, rdflib.RDF.type, schema.Dataset)
    assert graph.value(dataset, schema.name) == rdflib.Literal("A small study")
    assert {str(place) for place in graph.objects(dataset, schema.spatialCoverage)} == {
        *("North", "South")
    }
    assert rdflib.Literal("Use the internet daily") in graph.objects(
        dataset, schema.variableMeasured
    )


def test_the_questionnaire_is_described_and_nobody_who_answered(crate: Path) -> None:
    codebook = ElementTree.parse(crate / "ddi" / "codebook.xml").getroot()
    names = {"d": "ddi:codebook:2_5"}
    variables = {var.get("name"): var for var in codebook.findall("d:dataDscr/d:var", names)}
    assert {"sex", "area", "daily", "rare", "hours"} <= variables.keys()
    answers = {
        category.findtext("d:catValu", None, names): category.get("missing")
        for category in variables["daily"].findall("d:catgry", names)
    }
    assert answers.items() >= {"yes": "N", "no": "N", "prefer_not_to_say": "Y"}.items()
    text = (crate / "ddi" / "codebook.xml").read_text(encoding="utf-8")
    assert CANARY not in text
    assert not codebook.findall(".//d:catStat", names) + codebook.findall(".//d:sumStat", names)


def test_archives_get_the_fields_of_their_forms(crate: Path) -> None:
    zenodo = json.loads((crate / "zenodo.json").read_text(encoding="utf-8"))
    assert zenodo["title"] == "A small study"
    assert zenodo["creators"] == [{"name": "Nobody"}]
    assert zenodo["license"] == LICENCE
    version = json.loads((crate / "dataverse.json").read_text(encoding="utf-8"))["datasetVersion"]
    fields = {
        field["typeName"]: field["value"]
        for field in version["metadataBlocks"]["citation"]["fields"]
    }
    # Without these five Dataverse takes no dataset.
    assert fields.keys() >= {"title", "author", "datasetContact", "dsDescription", "subject"}


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
