"""Notes and an author pack on a finished study, from its public results alone."""

import csv
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from checkout import Checkout
from repository import PROJECT

from disrupting_harm.__main__ import main
from disrupting_harm.core.files import read_json
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.study.study import load_study

PROSE = {
    "en": "In the past year {shares} of children said so; others told nobody.",
    "km": "ក្នុងរយៈពេលមួយឆ្នាំមុន {shares}។",
}
BODY = """
{{{{< sentence clear_examples >}}}} {{{{< sentence told_nobody/sex:boy >}}}}

{prose}

{{{{< figure by-group-clear_examples >}}}}

{{{{< table clear_examples/sex >}}}}

{{{{< table module-attitudes >}}}}

{{{{< number {country}/cybertips/2024/referral/reports >}}}}; @fig-by-group-clear_examples
"""


@pytest.fixture
def place(small: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing but the study's files and its public results."""
    shutil.copytree(small.folder / "config", tmp_path / "config")
    shutil.copytree(small.folder / "results" / "public", tmp_path / "results" / "public")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(place: Path, country: str, language: str) -> Path:
    note = place / country / "note.qmd"
    note.parent.mkdir()
    prose = PROSE[language].format(shares="{{< share clear_examples >}}")
    head = f"title: A\nlang: {language}\ncountry: {country}\nresults: ../results/public"
    body = BODY.format(prose=prose, country=country)
    note.write_text(f"---\n{head}\n---\n{body}", encoding="utf-8")
    return note


@pytest.mark.parametrize(("country", "language"), [("KEN", "en"), ("KHM", "km")])
def test_a_note_becomes_documents_whose_numbers_are_right(
    place: Path, country: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    note = write(place, country, language)
    assert main(["render", str(note), "--renderer", "embedded"]) == 0
    filled = note.parent / "filled" / "note.qmd"
    assert main(["lint-numbers", str(filled)]) == 0
    addresses = re.findall(r'\{n="([^"]+)"\}', filled.read_text(encoding="utf-8"))
    assert len(addresses) > 30
    assert set(addresses) == set(read_json(note.with_suffix(".numbers.json"))["numbers"])
    page = note.with_suffix(".html").read_text(encoding="utf-8")
    # A picture carries the addresses of its alternative text besides.
    said = re.sub(r"<img\b[^>]*>", "", page)
    carried = " ".join(re.findall(r'data-n="([^"]+)"', said)).split()
    assert sorted(carried) == sorted(addresses)
    assert re.search(r'<img\b[^>]* data-n="', page)
    with zipfile.ZipFile(note.with_suffix(".docx")) as word:
        document = word.read("word/document.xml").decode()
    assert len(re.findall(r"<w:tag w:val=", document)) == len(addresses)
    assert note.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert main(["render", str(note), "--check"]) == 0
    # A number that changes in the results is told, and nothing is written.
    table = place / "results" / "public" / "countries" / country / "estimates.csv"
    row = next(line for line in table.read_text().splitlines() if ",clear_examples,total," in line)
    cells = row.split(",")
    changed = row.replace(f",{cells[6]},", ",0.5,").replace(f",{cells[10]},", ",50.0,")
    table.write_text(table.read_text().replace(row, changed))
    capsys.readouterr()
    assert main(["render", str(note), "--check"]) == 1
    assert f"{country}/clear_examples/estimate" in capsys.readouterr().out


def test_no_hidden_number_of_a_study_can_be_named(place: Path, capsys) -> None:
    """Each hidden estimate is refused in the published words, with nothing of its row."""
    note = write(place, "KEN", "en")
    published = PublishedFiles(place / "results" / "public")
    hidden = [
        row
        for row in published.read_rows("KEN", "estimates")
        if row["status"] == "suppress_disclosure" and row["domain"] != "total"
    ]
    assert len(hidden) > 50
    names = [f"{r['indicator']}/{r['domain']}:{r['level'].replace('|', '+')}" for r in hidden]
    calls = "\n".join(f"{{{{< number {name} >}}}}" for name in names)
    note.write_text(note.read_text() + f"\n{calls}\n")
    assert main(["render", str(note)]) == 1
    lines = capsys.readouterr().err.splitlines()[:-1]
    said = {re.sub(r"'[^']+'|\{\{<[^>]+>\}\}|line \d+", "…", line) for line in lines}
    assert len(lines) == len(names)
    assert len(said) == 1, said
    assert "hidden, to protect respondents" in said.pop()


@pytest.mark.slow
def test_an_author_pack_needs_public_results_alone(place: Path) -> None:
    assert not (place / "results" / "restricted").exists()
    # Five widths take five times as long, and read the same files.
    assert main(["author-pack", "KEN", "--width", "web"]) == 0
    pack = place / "author-pack-KEN"
    drawn = {
        entry["id"] for entry in read_json(place / "results/public/figures/KEN/en/figures.json")
    }
    with (pack / "figures-en.csv").open(encoding="utf-8-sig") as file:
        assert {row["figure"] for row in csv.DictReader(file)} <= drawn
    with (pack / "sentences-en.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    codebook = load_study(place / "config" / "config.yaml").codebook
    assert {row["indicator"] for row in rows} == {entry.id for entry in codebook.indicators}
    assert [path.name for path in (pack / "figures-by-width").iterdir()] == ["web"]
    assert len(list((pack / "figures-by-width" / "web" / "en").glob("*.svg"))) > 10
    assert (pack / "figures-by-width" / "web" / "en" / "standing.svg").is_file()
    assert len(list((pack / "data" / "en").glob("*.csv"))) > 10
    assert PROJECT.as_posix() not in (pack / "README.md").read_text()
    with zipfile.ZipFile(place / "author-pack-KEN.zip") as archive:
        assert archive.testzip() is None
