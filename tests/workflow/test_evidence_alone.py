"""A study without a survey runs from end to end, and its documents speak of what it has."""

import csv
import re

import pytest
from checkout import make_checkout
from site_pages import faults, pages_of_site

CONFIG = "config/examples/cybertips/config.yaml"


@pytest.mark.slow
def test_published_reports_alone_make_a_coherent_release(tmp_path):
    checkout = make_checkout(tmp_path / "checkout")
    checkout.restrict(("KEN", "PHL"), CONFIG)
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    public = checkout.folder / "results" / "cybertips" / "public"

    with (public / "evidence" / "cybertips.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["country"] for row in rows} == {"KEN", "PHL"}
    assert {row["data_kind"] for row in rows} == {"published"}
    assert not (public / "estimates.csv").exists()
    assert not (public / "comparison.html").exists()
    assert (public / "manifest.json").is_file()

    for document in ("reports/KEN/en", "reports/PHL/en", "regional/en"):
        text = (public / document / "report.qmd").read_text(encoding="utf-8")
        assert "CyberTip reports" in text
        assert "Simulated data" not in text
        assert "interval 95" not in text
        for empty in re.finditer(r"^(#+) [^\n]*\n\s*(#+) ", text, re.MULTILINE):
            assert len(empty[2]) > len(empty[1]), f"{document}: {empty[0]!r} has no text"
        assert not re.search(r"\S[^\n]*#{2,}", re.sub(r"^#+", "", text, flags=re.MULTILINE))
        for word in ("nan", "None", "household survey"):
            assert not re.search(rf"\b{word}\b", text), f"{document}: {word}"
        assert (public / document / "report.html").is_file()
        assert (public / document / "report.pdf").is_file()
    # The page lists the evidence that there is; nobody else is named as author.
    index = (public / "index.html").read_text(encoding="utf-8")
    assert "without a survey of children: CyberTipline reports and figures of companies." in index
    assert "ECPAT" not in index
    kenya = (public / "reports" / "KEN" / "en" / "report.qmd").read_text(encoding="utf-8")
    assert "Disrupting Harm workflow (2026). *CyberTip reports in Kenya: " in kenya
    # A number has its source, and a word that is explained stands in the report.
    assert re.search(r"5,051,000|5\.1 million", kenya)
    assert "(source: Ghai" in kenya
    words = kenya.split("Words used in this report")[1].split("About this document")[0]
    assert "CyberTip report**" in words
    for unused in ("Four forms of abuse", "Grooming", "Helpline", "Hotline"):
        assert unused not in words
    region = (public / "regional" / "en" / "report.qmd").read_text(encoding="utf-8")
    assert "**The extent of harm.**" in region
    philippines = (public / "reports" / "PHL" / "en" / "report.qmd").read_text(encoding="utf-8")
    assert "801,272" in philippines
    assert "418,422" in philippines

    # Its site says what there is, and holds no place for what there is not.
    assert faults(public) == []
    pages = {path.name: page for path, page in pages_of_site(public).items()}
    assert set(pages) == {"index.html", "data.html", "methods.html", "KEN.html", "PHL.html"}
    assert "There is no survey of children in it." in pages["KEN.html"].text
    assert "figures/KEN/en/cybertips.svg" in " ".join(pages["KEN.html"].links)
    for name, page in pages.items():
        for word in ("nan", "None", "in brackets", "How sure", "Simulated", "Who was asked"):
            assert word not in page.text, f"{name}: {word}"
