"""Snakemake's own report of a finished run: what it holds, in which words; all of it is public."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from checkout import SMALL, Checkout, hashes
from mini_study import CONFIG
from pypdf import PdfReader

CAPTIONS = {
    "Audit": "manifest|reporting standards",
    "Briefs and reports": "document of the study in one language",
    "Comparison": "comparison of countries",
    "Weights": "restricted and not here",
}


class Words(HTMLParser):
    """The words of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self.parts).split())

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def make_report(checkout: Checkout, path: Path) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "snakemake", "--report", str(path)],
        cwd=checkout.folder,
        env=checkout.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stderr


def read_variable(page: str, name: str) -> Any:
    """Return what a page of Snakemake gives to its scripts under a name."""
    # Scripts have variables of the same names.
    start = re.search(rf'<script id="[\w-]+">\s+var {name} = ', page)
    assert start
    return json.JSONDecoder().raw_decode(page, start.end())[0]


@pytest.fixture(scope="module")
def reported(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, Path]:
    """A copy of the finished study, one of whose figures was changed by hand, and its report."""
    folder = tmp_path_factory.mktemp("reported")
    copy = small.copy_to(folder / "copy")
    public = copy.folder / "results" / "public"
    (public / "comparison" / "foreign.csv").write_text("country,share\nKEN,12.345\n")
    with (public / "comparison" / "gaps.csv").open("a", encoding="utf-8") as table:
        table.write("KEN,by,hand\n")
    make_report(copy, folder / "report.zip")
    with zipfile.ZipFile(folder / "report.zip") as archive:
        archive.extractall(folder)
    return copy, folder / "report"


def test_it_holds_documents_comparison_weights_and_audit(reported: tuple[Checkout, Path]) -> None:
    page = (reported[1] / "report.html").read_text(encoding="utf-8")
    categories, results = (read_variable(page, name) for name in ("categories", "results"))
    assert set(categories) == set(CAPTIONS)
    for category, subcategories in categories.items():
        for path in [path for paths in subcategories.values() for path in paths]:
            assert re.search(CAPTIONS[category], Words(results[path]["caption"]).text), path
            assert all(results[path]["labels"].values()), path
    documents = [
        path
        for kind in categories["Briefs and reports"].values()
        for path in kind
        if f"/{SMALL[0]}/" in path
    ]
    assert {Path(path).name for path in documents} == {"brief.pdf", "report.pdf"}
    for path in documents:
        assert len(PdfReader(reported[1] / results[path]["data_uri"]).pages) > 1
    weights = [results[path] for paths in categories["Weights"].values() for path in paths]
    assert [entry["labels"]["country"] for entry in weights] == ["Kenya", "Cambodia"]
    for entry in weights:
        quality = json.loads((reported[1] / entry["data_uri"]).read_bytes())
        assert entry["labels"]["interviewed"] == str(quality["interviewed"])
    ((audit,),) = [
        [entry["labels"] for entry in map(results.get, paths)]
        for name, paths in categories["Audit"].items()
        if name == "computed again"
    ]
    assert audit["agree"] == "yes"
    assert int(audit["estimates computed again"]) > 100


def test_all_of_it_is_as_the_public_manifest_says(reported: tuple[Checkout, Path]) -> None:
    checkout, report = reported
    results = checkout.folder / "results"
    manifest = (results / "public" / "manifest.json").read_bytes()
    listed = {*json.loads(manifest)["outputs"].values(), hashlib.sha256(manifest).hexdigest()}
    inside = hashes(report)
    del inside["report.html"]
    assert len(inside) > 100
    assert set(inside.values()) <= listed
    assert not set(inside.values()) & set(hashes(results / "restricted").values())
    # Neither what was put there by hand nor what was changed by hand.
    assert not [path for path in inside if path.endswith(("foreign.csv", "/gaps.csv"))]
    page = (report / "report.html").read_text(encoding="utf-8")
    entries = read_variable(page, "results")
    assert all(path.startswith("results/public/") for path in entries)
    # Parameters of jobs hold settings; none is in it.
    assert {entry["job_properties"]["rule"] for entry in entries.values()} == {"all"}
    assert not any(entry["job_properties"]["params"] for entry in entries.values())
    assert str(checkout.folder) not in page


def test_it_is_a_single_page_too_and_opens_with_what_it_is(
    reported: tuple[Checkout, Path], tmp_path: Path
) -> None:
    make_report(reported[0], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    description = Words(read_variable(page, "workflow_desc")).text
    assert "nothing of results/restricted is in this report" in description
    uris = [entry["data_uri"] for entry in read_variable(page, "results").values()]
    assert all(uri.startswith("data:") for uri in uris)


def test_a_broken_manifest_stops_neither_a_report_nor_a_run(
    mini_copy: Checkout, tmp_path: Path
) -> None:
    """Runs plan with the same rules."""
    manifest = mini_copy.folder / "results" / "mini" / "public" / "manifest.json"
    before = manifest.read_bytes()
    manifest.write_text("{")
    done = mini_copy.run("--report", str(tmp_path / "report.zip"), "--forceall", config=CONFIG)
    assert done.returncode == 0, done.stderr
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert manifest.read_bytes() == before
    assert mini_copy.plan(config=CONFIG) == []
