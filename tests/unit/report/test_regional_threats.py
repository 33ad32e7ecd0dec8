"""Evidence of all countries in the regional report and on the home page: counts as they are."""

from pathlib import Path

import jinja2
from evidence_results import TABLES, rows, write_evidence

from disrupting_harm.report.evidence.facts import Evidence
from disrupting_harm.report.markdown import Markdown, without_addresses
from disrupting_harm.report.regional.threats import RegionalThreats
from disrupting_harm.report.site import _evidence
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, english

ROOT = Path(__file__).parents[3]


def threats(tables=TABLES) -> RegionalThreats:
    names = {"KHM": Markdown("Cambodia"), "THA": Markdown("Thailand")}
    return RegionalThreats(Text(english("countries")), Evidence(rows(tables)), names)


def test_reports_stand_without_an_interval_beside_how_much_they_changed():
    table = threats().cybertips("tbl-cybertips")
    assert "| Cambodia | 172,906 | 95.0 | -24.2 | × 0.76 (1) | 0.48 |" in table
    # No range without two years in a row, and no rate without a number of children.
    assert "| Thailand | 999,999 | – | – | – | – |" in table
    more = {"changes": 4, "ratio_low": 0.5, "ratio_high": 2.1}
    several = TABLES | {"cybertip_changes": [TABLES["cybertip_changes"][0] | more]}
    assert "| × 0.50 to × 2.10 (4) |" in threats(several).cybertips("tbl-cybertips")
    assert "there is no interval" in table
    assert "users of any age in the country, not children alone" in table
    assert "internet-using" not in table
    assert "Per 1,000 children aged 12-17" in table
    assert "simulated" not in table


def test_rates_of_a_table_have_the_same_decimals_and_name_who_counted_the_children():
    census = {"denominator_source": "A census", "rate_per_1000_children": 0.56}
    tips = [TABLES["cybertips"][0], TABLES["cybertips"][1]]
    year = {"year": tips[0]["year"], "class": "unsplit", "reports": 9}
    table = threats({"cybertips": [tips[0], census | year | {"country": "THA"}]}).cybertips("t")
    rates = [line.split("|")[3].strip() for line in table.splitlines()[2:4]]
    assert {len(rate.partition(".")[2]) for rate in rates} == {2}
    assert "Number of children: A census." in table


def test_needs_name_areas_only_where_few_may_be_first():
    told = without_addresses(threats().needs("tbl-needs"))
    assert "| Cambodia | 2 of 4 | Each of 2 areas may be the greatest need" in told
    assert "Icse and Wellbeing (not asked)" in told
    assert "These figures are simulated: nobody counted them. Source: Simulated for this" in told
    assert "Assessed" not in told
    items = [{"date": day, "area": "icse", "item": "unit"} for day in ("2021-03", "2021-05-02")]
    dated = threats(TABLES | {"capacity": items}).needs("tbl-needs")
    assert "Assessed from 2021-03 to 2021-05-02." in dated
    tied = [row | {"rank_low": 1} for row in TABLES["capacity_needs"]]
    table = without_addresses(threats({"capacity_needs": tied}).needs("tbl-needs"))
    said = "Of 4 areas, 4 may be the greatest need of law enforcement: no order of these can be"
    assert f"| Cambodia | 4 of 4 | {said} given. |" in table
    assert "Training" not in table


def test_the_home_page_shows_counts_of_reports_and_no_rate_per_child(tmp_path):
    write_evidence(tmp_path, {"cybertips": TABLES["cybertips"]})
    shown = _evidence(tmp_path, Words("en", {}), {"KHM": "Cambodia", "THA": "Thailand"})
    assert {row["reports"] for row in shown} == {"67,327", "10,383"}
    assert not any("rate" in row for row in shown)
    page = (ROOT / "workflow" / "templates" / "site" / "index.html.j2").read_text(encoding="utf-8")
    jinja2.Environment(autoescape=True).parse(page)
    assert "1,000" not in page
