"""Data books as PDF on demand: what the setting makes and takes away; releases ask for it."""

import json
from pathlib import Path

import pytest
from checkout import Checkout, hashes
from mini_study import CONFIG
from releasing import ReleasingStudy
from site_pages import faults

SETTING = "  databook_pdf: true\n"
BOOKS = ("N", "S", "all")
JOBS = ["databook N", "databook S", "manifest", "regional databook", "site"]
OF_PDF = {f"databooks/{code}/{name}" for code in BOOKS for name in (
    "en/databook.pdf", "en/databook.qmd", "renderer.json",
)}  # fmt: skip


@pytest.fixture
def study(mini_copy: Checkout, tmp_path: Path) -> ReleasingStudy:
    return ReleasingStudy(mini_copy, tmp_path / "safe" / "key")


def test_data_books_have_a_pdf_where_it_is_asked_for(study: ReleasingStudy) -> None:
    checkout, before = study.checkout, hashes(study.public)
    assert before.keys() >= OF_PDF
    checkout.edit(CONFIG, SETTING, "")
    assert checkout.plan(config=CONFIG) == JOBS
    done = study.run()
    assert done.returncode == 0, done.stderr
    after = hashes(study.public)
    # Nothing goes but the PDF with its source, and nothing else is another but what lists files.
    assert before.keys() - after.keys() == OF_PDF
    assert after.keys() <= before.keys()
    changed = {name for name in after if after[name] != before[name]}
    assert {"manifest.json", "countries/N.html"} < changed
    assert {Path(name).suffix for name in changed - {"manifest.json"}} == {".html"}
    # The site leads to the workbooks, and to nothing that is not there.
    assert faults(study.public) == []
    assert "databook.xlsx" in (study.public / "countries" / "N.html").read_text("utf-8")
    pages = [path.read_text("utf-8") for path in study.public.rglob("*.html")]
    assert not [page for page in pages if "databook.pdf" in page]
    assert study.say("verify").returncode == 0
    assert study.manifest()["configuration"]["report"]["databook_pdf"] is False

    # What documents share is on paper alone.
    style = "workflow/templates/styles/typst-show.typ"
    with checkout.restored(style):
        checkout.edit(style, "report(", "report( ")
        planned = checkout.plan(config=CONFIG)
    assert {"shared", "report N", "report S", "site"} <= {*planned}
    assert not [job for job in planned if "databook" in job]

    refused = study.release("accept", "2026-1")
    assert refused.returncode == 1
    assert "key 'report.databook_pdf': a release has its data books as PDF, too" in refused.stderr
    assert not study.releases.exists()

    # One book on demand, by its own job.
    checkout.edit(CONFIG, "  formats: [html]\n", f"  formats: [html]\n{SETTING}")
    target = f"{study.public.relative_to(checkout.folder)}/databooks/N/languages.json"
    assert checkout.plan(target, config=CONFIG) == JOBS[:1]
    done = checkout.run(target, config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert hashes(study.public / "databooks" / "N") == {
        name.removeprefix("databooks/N/"): digest
        for name, digest in before.items()
        if name.startswith("databooks/N/")
    }
    assert not (study.public / "databooks" / "S" / "en" / "databook.pdf").exists()

    # A study that follows a release has all of them, whatever the setting says.
    checkout.edit(CONFIG, SETTING, "")
    study.follow(unsigned="a rehearsal")
    planned = checkout.plan(config=CONFIG)
    assert {*JOBS} - {"databook N"} <= {*planned}
    done = study.run()
    assert done.returncode == 0, done.stderr
    assert hashes(study.public).keys() >= OF_PDF
    accepted = study.say("release", "accept", "2026-1")
    assert accepted.returncode == 0, accepted.stderr
    listed = json.loads((study.public / "manifest.json").read_text("utf-8"))["outputs"]
    assert {f"public/{name}" for name in OF_PDF} <= listed.keys()
