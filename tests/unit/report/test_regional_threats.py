"""Evidence of all countries in the regional report and on the home page: counts as they are."""

from pathlib import Path

import jinja2
from evidence_results import GOING_ON, TABLES, rows, write_evidence

from disrupting_harm.report.documents.regional.questions import format_key_figures
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.web.site.home_page import read_latest_reports

ROOT = Path(__file__).parents[3]


def threats(tables=TABLES) -> RegionalThreats:
    names = {"KHM": Markdown("Cambodia"), "THA": Markdown("Thailand")}
    return RegionalThreats(
        build_english("countries", "children").with_markup(MARKDOWN), Evidence(rows(tables)), names
    )


def test_reports_are_added_for_the_last_year_that_was_counted_as_one():
    answer = threats().answer()
    assert answer is not None
    whole = [row for row in rows(TABLES)["cybertips"] if row["class"] == "unsplit"]
    whole = [row for row in whole if row["reports"] and row["country"] in ("KHM", "THA")]
    year = max(row["year"] for row in whole)
    total = sum(int(row["reports"]) for row in whole if row["year"] == year)
    assert f"In {year} NCMEC counted {total:,} CyberTip reports" in remove_addresses(answer.lead)
    assert "several children, or none" in answer.lead
    assert "all reports that it could place" in answer.sure
    # No rate per child, whatever the table holds.
    assert "per 1,000" not in " ".join([answer.lead, *answer.paragraphs, *answer.margin])


def test_a_key_figure_of_reports_says_by_itself_that_it_counts_no_children():
    (tile,) = format_key_figures(
        build_english("countries", "children").with_markup(MARKDOWN), None, (), threats()
    )
    assert tile.text.startswith("CyberTip reports in ")
    assert tile.text.endswith("reports about users of any age, no count of children")


def test_counts_of_two_bodies_are_not_added():
    other = TABLES["cybertips"][1] | {"counted_by": "Another body"}
    same = {"year": TABLES["cybertips"][0]["year"], "country": "THA", "class": "unsplit"}
    mixed = [TABLES["cybertips"][0], other | same]
    assert threats({"cybertips": mixed}).find_last_year() is None
    assert threats({}).answer() is None


def test_the_home_page_shows_counts_of_reports_and_no_rate_per_child(tmp_path):
    write_evidence(tmp_path, {"cybertips": TABLES["cybertips"]})
    shown = read_latest_reports(tmp_path, build_english(), {"KHM": "Cambodia", "THA": "Thailand"})
    assert shown is not None
    assert shown["classes"] == ["Referrals", "Informational reports"]
    assert shown["rows"] == [("Cambodia", ["67,327", "10,383"])]
    assert shown["anew"] == "From 2024 reports are counted in another way."
    assert shown["told_apart"].startswith("Referrals hold enough for law enforcement")
    assert "rate" not in shown
    write_evidence(tmp_path, {"cybertips": GOING_ON})
    later = read_latest_reports(tmp_path, build_english(), {"KHM": "Cambodia", "THA": "Thailand"})
    assert later is not None
    assert (later["year"], later["anew"]) == ("2025", "")
    page = (ROOT / "workflow" / "templates" / "site" / "index.html.j2").read_text(encoding="utf-8")
    jinja2.Environment(autoescape=True).parse(page)
    assert "1,000" not in page
