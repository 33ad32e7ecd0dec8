"""The author pack of a country: whole, of public files alone, and with the same bytes each time."""

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from evidence_results import write_evidence
from note_study import study, write_results
from rendering_sample import TEMPLATES, furnish

from disrupting_harm.__main__ import main
from disrupting_harm.notes.figure_cuts import draw_figure_cuts
from disrupting_harm.notes.pack import (
    association_rows,
    figure_rows,
    known_study_rows,
    sentence_rows,
    zip_folder,
)
from disrupting_harm.notes.pack_texts import format_licence
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.report.drawing.widths import CUTS, TEXT
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import public_contract

ROOT = Path(__file__).parents[3]
# A study without a survey: its figures are drawn in a moment.
TIPS = ROOT / "config" / "examples" / "cybertips" / "config.yaml"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the public results of the study on CyberTips, and nothing restricted."""
    monkeypatch.chdir(tmp_path)
    public = tmp_path / "results" / "cybertips" / "public"
    tips = [{"year": year, "reports": year} for year in (2022, 2023)]
    write_evidence(public, {"cybertips": tips}, "KEN")
    draw_figure_cuts(TIPS, ["KEN"], tmp_path / "drawn", [TEXT])
    shutil.copytree(tmp_path / "drawn" / "KEN" / "text", public / "figures" / "KEN")
    shutil.rmtree(tmp_path / "drawn")
    furnish(public)
    info = load_study(TIPS).config.study
    configured = {"study": {"id": info.id, "date": str(info.date)}}
    manifest = {"study": info.id, "simulated": False, "release": "not a release"}
    (public / "manifest.json").write_text(json.dumps(manifest | {"configuration": configured}))
    return tmp_path


def pack(*arguments: str) -> int:
    return main(["author-pack", "KEN", "--config", str(TIPS), *arguments])


@pytest.mark.slow
def test_a_pack_is_whole_and_the_same_twice(place: Path, capsys) -> None:
    assert pack("--output", "out", "--licence", "https://example.org/licence") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["out/author-pack-KEN", "out/author-pack-KEN.zip"]
    folder, archive = (place / name for name in said)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for cut in CUTS:
        for kind in ("svg", "png", "pdf"):
            assert f"figures-by-width/{cut.name}/en/cybertips.{kind}" in names
    assert {"README.md", "LICENCE.txt", "CITATION.txt", "data/en/cybertips.csv"} <= names
    assert "126.5, 170, 80, 54 and 95.25 mm" in (folder / "README.md").read_text()
    assert {"_extensions/disrupting-harm/en-KEN.json", "_quarto.yml", "example-en.qmd"} <= names
    forms = json.loads((folder / "_extensions/disrupting-harm/en-KEN.json").read_text())
    assert forms["front"].keys() == {"date", "date-shown"}
    assert "https://example.org/licence" in (folder / "LICENCE.txt").read_text()
    assert re.search(r"SHA-256 of the manifest [0-9a-f]{64}", (folder / "CITATION.txt").read_text())
    with zipfile.ZipFile(archive) as packed:
        assert {name.removeprefix("author-pack-KEN/") for name in packed.namelist()} == names
    assert pack("--output", "again", "--licence", "https://example.org/licence") == 0
    assert (place / "again" / archive.name).read_bytes() == archive.read_bytes()
    # Over an older pack, too, here in one width; nothing else lies beside it.
    (folder / "stale.txt").write_text("old")
    assert pack("--output", "out", "--width", "column") == 0
    assert not (folder / "stale.txt").exists()
    assert [path.name for path in (folder / "figures-by-width").iterdir()] == ["column"]
    assert (folder / "data/en/cybertips.csv").is_file()
    assert "every figure in 80 mm, drawn" in (folder / "README.md").read_text()
    assert {path.name for path in (place / "out").iterdir()} == {folder.name, archive.name}


def test_its_texts_are_filled_and_one_page(place: Path) -> None:
    assert pack("--width", "web", "--width", "text") == 0
    text = (place / "author-pack-KEN" / "README.md").read_text()
    assert "<<" not in text
    assert text.startswith("# CyberTip reports: author pack on Kenya\n")
    assert "126.5 and 95.25 mm" in text
    assert len(text.splitlines()) < 60
    assert "has named no licence" in (place / "author-pack-KEN" / "LICENCE.txt").read_text()


def test_what_is_there_already_is_left_alone(place: Path, capsys) -> None:
    (place / "author-pack-KEN").mkdir()
    (place / "author-pack-KEN" / "mine.txt").write_text("mine")
    assert pack() == 1
    assert "it exists and is no author pack" in capsys.readouterr().err
    assert [path.name for path in (place / "author-pack-KEN").iterdir()] == ["mine.txt"]
    assert main(["author-pack", "XYZ", "--config", str(TIPS)]) == 1
    assert "the study has no country XYZ" in capsys.readouterr().err
    assert main(["author-pack", "KEN", "--config", str(TIPS), "--width", "A4"]) == 1
    assert "no width is named 'A4'. Use: text, wide, column, small, web" in capsys.readouterr().err


def test_figures_have_texts_of_both_lengths_and_a_shortcode(place: Path) -> None:
    public = place / "results" / "cybertips" / "public"
    (row,) = figure_rows(public, "KEN", "en")
    assert row["shortcode"] == "{{< figure KEN/cybertips >}}"
    assert row["data"] == "data/en/cybertips.csv"
    assert 0 < len(row["alt_short"]) < len(row["alt"])
    assert all(row[key] for key in ("title", "caption", "source"))


def test_sentences_name_country_interval_and_what_is_not_shown(tmp_path: Path) -> None:
    public = tmp_path / "results" / "public"
    write_results(public)
    for language, country in (("en", "Cambodia"), ("km", "កម្ពុជា"), ("pt", "Camboja")):
        printer = NotePrinter(study(), public, language, "KHM", TEMPLATES)
        rows = {row["id"]: row for row in sentence_rows(printer, "KHM")}
        with (public / "countries/KHM/estimates.csv").open() as file:
            assert len(rows) == len(list(csv.DictReader(file)))
        assert all(country in row["sentence"] for row in rows.values())
        assert not any("{n=" in row["sentence"] for row in rows.values())
        shown = rows["KHM/uses_daily"]["sentence"]
        assert all(number in shown.replace(",", ".") for number in ("48.2", "43.7", "52.6"))
        # Of what is hidden there is no number but those of labels.
        hidden = rows["KHM/clear_examples/sex:boy"]
        assert hidden["status"] == "suppress_disclosure"
        assert not re.search(r"\d", hidden["sentence"])
    assert rows["KHM/uses_daily"]["shortcode"] == "{{< sentence KHM/uses_daily >}}"


def test_published_estimates_have_the_surveys_own_beside_them(tmp_path: Path) -> None:
    public = tmp_path / "results" / "public"
    write_results(public)
    published = {"measure": "daily", "indicator": "uses_daily", "estimate": 50}
    other = {"measure": "of_all", "comparable": "no", "indicator": "uses_daily", "estimate": 40}
    write_evidence(public, {"known_studies": [published, other]})
    printer = NotePrinter(study(), public, "en", "KHM", TEMPLATES)
    daily, of_all = known_study_rows(printer, "KHM")
    assert daily["estimate"] == "50"
    assert daily["address"] == "https://example.org/report"
    assert "48.2 per cent" in daily["survey"]
    assert daily["survey_simulated"] is True
    # The study says that it cannot be compared.
    assert of_all["survey"] == ""
    assert list(known_study_rows(printer, "KEN")) == []


def test_what_goes_with_what_is_named_in_the_language_with_a_shortcode(tmp_path: Path) -> None:
    public = tmp_path / "results" / "public"
    write_results(public)
    (public / "comparison").mkdir(exist_ok=True)
    contract = public_contract("comparison/associations")
    row = dict.fromkeys(contract.columns, "") | {
        "indicator": "told_nobody", "characteristic": "uses_daily", "countries": "8",
        "ratio": "0.36", "ci_low": "0.2", "ci_high": "0.67", "clear": "True",
    }  # fmt: skip
    without = row | {"characteristic": "own_phone", "ratio": ""}
    pd.DataFrame([row, without]).to_csv(public / "comparison/associations.csv", index=False)
    for language, nobody in (("en", "Told nobody"), ("pt", "Não contaram a ninguém")):
        printer = NotePrinter(study(), public, language, "KHM", TEMPLATES)
        (found,) = association_rows(printer)
        assert found["outcome"] == nobody
        assert found["odds_ratio"] == "0.36"
        name = "compare/associations/told_nobody/uses_daily/ratio"
        assert found["shortcode"] == f"{{{{< number {name} >}}}}"
        assert "0,36" in (text := printer.print_number(name)) or "0.36" in text


def test_a_zip_knows_no_times_and_no_rights(tmp_path: Path) -> None:
    made = []
    for name, mode in (("a", 0o600), ("b", 0o755)):
        folder = tmp_path / name / "pack"
        folder.mkdir(parents=True)
        (folder / "file.txt").write_text("words")
        (folder / "file.txt").chmod(mode)
        made.append(zip_folder(folder))
    assert made[0] == made[1]


def test_without_a_licence_it_says_so() -> None:
    assert format_licence("") != format_licence("x")
    assert "Ask before you publish" in format_licence("")
