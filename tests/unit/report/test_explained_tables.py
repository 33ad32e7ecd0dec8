"""The pages of how numbers of the comparison and of evidence were made, from a few rows."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.explain.explain_compared import (
    TABLE_METHODS,
    explain_compared_table,
)
from disrupting_harm.provenance.explain.explain_number import explain_number
from disrupting_harm.provenance.explain.explain_r import r_lines_of_table
from disrupting_harm.provenance.explain.explain_survey import (
    EVIDENCE_METHODS,
    explain_evidence_table,
)
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.export_r import write_r_lines
from disrupting_harm.report.checks.explained_pages import (
    find_faults_of_explained_page,
    read_numbers_of_page,
)
from disrupting_harm.report.web.explained import write_comparison_pages, write_evidence_pages
from disrupting_harm.study.study import Study, load_study

ROOT = Path(__file__).parents[3]
GAP = "told_nobody,sex,girl,boy,KEN"
DIFFERENCE = (
    "difference,ci_low,ci_high,ratio,ratio_low,ratio_high,p_value,p_holm,p_bh,step_alpha,"
    "clear,data_kind"
)
TESTED = "0.84,0.52,1.33,0.222,1.0,0.257,0.00172,False,simulated"
COMPARED = {
    "gaps": [
        f"indicator,domain,level_a,level_b,country,{DIFFERENCE}",
        f"{GAP},0.06,-0.02,0.14,{TESTED}",
        f"clear_examples,sex,girl,boy,KEN,0.01,-0.1,0.12,{TESTED}",
    ],
    "pairwise": [
        f"indicator,country_a,country_b,{DIFFERENCE}",
        f"told_nobody,KEN,UGA,-0.044,-0.121,0.054,{TESTED}",
        f"told_nobody,ETH,KHM,0.1,0.02,0.181,{TESTED.replace('False', 'True')}",
    ],
    "prevalence": [
        "country,indicator,estimate,ci_low,ci_high,n,shown,status,data_kind",
        "KEN,told_nobody,0.191,0.139,0.208,487,19.1,present,simulated",
        "UGA,told_nobody,0.235,0.163,0.251,1026,23.5,present,simulated",
        "ETH,told_nobody,0.3,0.2,0.4,500,30.0,present,simulated",
        "KHM,told_nobody,0.2,0.1,0.3,500,20.0,present,simulated",
        "VNM,told_nobody,,,,,c,suppress_disclosure,simulated",
    ],
}
EVIDENCE = {
    "cybertips": [
        "country,year,reports,change_percent,counted,note,data_kind,class,status,counted_by,"
        "series_break",
        "KEN,2023,46030,111.7,Reports,in two parts · of one year,published,unsplit,reported,NCMEC,"
        "False",
        "KEN,2022,21745,,Reports,,published,unsplit,reported,NCMEC,False",
        "KEN,2024,20695,,Reports,,published,referral,reported,NCMEC,True",
        "UGA,2022,7,,Reports,,published,unsplit,reported,NCMEC,False",
    ],
    "transparency": [
        "platform,year,metric,scope,amount,status,counted,source_id,data_kind",
        "X,2021,pieces,global,5,reported,Pieces,own,published",
    ],
    "service_register": [
        "country,name,kind,contact,since,as_of,confidence,checked,source,data_kind",
        "KEN,Child line,helpline,116,2008,2008-06-10,high,2026-12-01,A cable,published",
        "KEN,Other line,helpline,,2009,2025,low,2026-12-01,A list,published",
    ],
}
# Two groups of which a gap is, as their survey has them.
ESTIMATES = (
    "country,indicator,domain,level,n,estimate,ci_low,ci_high,shown\n"
    "KEN,told_nobody,sex,girl,90,0.25,0.2,0.31,25\n"
    "KEN,told_nobody,sex,boy,87,0.19,0.13,0.27,19\n"
)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "config" / "config.yaml")


@pytest.fixture
def public(tmp_path: Path, study: Study) -> Path:
    for folder, tables in (("comparison", COMPARED), ("evidence", EVIDENCE)):
        (tmp_path / folder).mkdir()
        for name, lines in tables.items():
            path = tmp_path / folder / f"{name}.csv"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    survey = tmp_path / "countries" / "KEN" / "estimates.csv"
    survey.parent.mkdir(parents=True)
    survey.write_text(ESTIMATES, encoding="utf-8")
    for name in set(COMPARISON_KEYS) - set(COMPARED):
        header = ",".join(COMPARISON_KEYS[name])
        (tmp_path / "comparison" / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    write_comparison_pages(["told_nobody"], study, tmp_path, templates_folder())
    write_evidence_pages(["KEN", "WLD", "all"], study, tmp_path, templates_folder())
    return tmp_path


def test_a_page_of_an_indicator_has_its_rows_and_no_other(public: Path) -> None:
    page = public / "explained" / "compare" / "told_nobody.html"
    text = page.read_text(encoding="utf-8")
    (gap,) = re.findall("<article class=row id=gaps/.*?</article>", text, re.DOTALL)
    assert "<tr><th>sex · girl · boy · KEN<td>difference 0.06 · ci_low -0.02" in gap
    assert "Girls 25% (20–31), of 90 answers; Boys 19% (13–27), of 87 answers." in gap
    assert "<h3>Girls minus boys, Kenya: 6 points more, not clear (2 fewer to 14 more)</h3>" in gap
    assert "told_nobody: Whom did you tell? Answer: nobody" in text
    assert "clear_examples" not in text
    assert "<h3>Viet Nam: c</h3>\n<p>Hidden, to protect respondents.\n" in text
    assert "<tr><th>VNM<td>shown c · status suppress_disclosure\n" in text
    assert ("compare/prevalence/told_nobody/KEN/n", "487") in read_numbers_of_page(page)
    assert find_faults_of_explained_page(page, PublishedFiles(public)) == []


def test_a_page_of_an_area_says_once_what_all_its_rows_say(public: Path) -> None:
    page = public / "explained" / "evidence" / "KEN.html"
    text = page.read_text(encoding="utf-8")
    assert text.count("<dt>counted<dd>Reports\n") == 1
    assert (
        "<tr><th>2023 · unsplit<td>reports 46030 · change_percent 111.7 · note in two parts, of"
        in text
    )
    titles = re.findall("<h3>(.*?)</h3>", text)
    assert titles[0] == "2023, all reports: 46,030 reports"
    assert (
        "<p>NCMEC counted 46,030 reports for 2023: Reports. That is 111.7% more than the year "
        "before, counted in the same way. in two parts · of one year\n"
    ) in text
    assert text.count("The series breaks here") == text.count("The series begins here") == 1
    assert "<aside" not in text  # nothing of it is simulated
    assert find_faults_of_explained_page(page, PublishedFiles(public)) == []
    # A number that nobody confirmed is not printed, and how old its source is is said.
    assert "116" not in re.sub("<style>.*?</style>", "", text, flags=re.DOTALL)
    assert text.count("It is not printed, as nobody confirmed it.") == 1
    assert "how sure: old, confirm. The source gives a number" in text
    assert "how sure: low." in text
    companies = public / "explained" / "evidence" / "all.html"
    assert read_numbers_of_page(companies)[0] == (
        "all/transparency/X/2021/pieces/global/own/amount",
        "5",
    )
    assert "Nothing of the kind is published" in (companies.parent / "WLD.html").read_text("utf-8")


def test_a_pair_stands_in_the_order_of_its_names_whatever_the_order_of_its_row(
    public: Path,
) -> None:
    text = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    pairs = dict(re.findall("<article class=row id=pairwise/(.*?)><h3>(.*?)</h3>", text, re.DOTALL))
    assert pairs == {
        "told_nobody/KEN/UGA": "Kenya minus Uganda: 4.4 points fewer, not clear (12.1 fewer to 5.4 "
        "more)",
        "told_nobody/ETH/KHM": "Cambodia minus Ethiopia: 10.0 points fewer, clear (2.0 to 18.1 "
        "fewer)",
    }
    turned = re.findall(
        r"id=pairwise/([^>]+)>(?:(?!</article>).)*?signs, the other", text, re.DOTALL
    )
    assert turned == ["told_nobody/ETH/KHM"]
    assert "Lower: Cambodia.</ol>" in text


@pytest.mark.parametrize(
    ("page", "old", "new", "fault"),
    [
        ("compare/told_nobody", "difference 0.06", "difference 0.07", "the page has '0.07'"),
        ("compare/told_nobody", " · n 487", "", "prevalence/told_nobody/KEN/n: it is not on the"),
        ("compare/told_nobody", "shown c", "shown c · n 4", "VNM/n: the page has '4'"),
        ("evidence/KEN", "<td>reports 21745", "<td>reports 21746", "the page has '21746'"),
        ("evidence/KEN", "cybertips/2022/unsplit>", "cybertips/2020/unsplit>", "nothing published"),
    ],
)
def test_a_page_that_differs_from_the_tables_is_refused(
    public: Path, page: str, old: str, new: str, fault: str
) -> None:
    path = public / "explained" / f"{page}.html"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault in one for one in find_faults_of_explained_page(path, PublishedFiles(public)))


def test_every_table_says_how_its_numbers_were_made(study: Study) -> None:
    assert set(TABLE_METHODS) == set(COMPARISON_KEYS)
    assert set(EVIDENCE_METHODS) < set(PUBLIC)
    for name in TABLE_METHODS:
        assert not any("{" in text for _, text in explain_compared_table(name, study))
    assert ("numbers", "as the source has them") in explain_evidence_table("offences")
    assert (
        "Few victims or offenders could be recognised."
        in dict(explain_evidence_table("offences")).values()
    )


def test_the_command_says_the_same(public: Path, study: Study) -> None:
    (public / "manifest.json").write_text(
        '{"software": {"disrupting-harm": "1", "python": "3", "numpy": "2", "pandas": "3"},'
        ' "outputs": {}, "release": "none",'
        ' "restricted_inputs": ["raw/KEN/sample.csv", "raw/UGA/sample.csv"]}'
    )
    found = dict(
        explain_number(
            "compare/gaps/told_nobody/sex/girl/boy/KEN/difference", PublishedFiles(public), study
        )
    )
    assert found["value"] == "0.06"
    assert found["question"] == "told_nobody: Whom did you tell? Answer: nobody"
    assert found["family"] == "this gap in all countries"
    assert found["made from"] == "raw/KEN/sample.csv"
    assert found["what it is"] == "Estimate of level_a minus estimate of level_b, rounded."
    assert 'x <- sapply("KEN", gap, "girl", "boy")' in found["in R"]
    told = explain_number("KEN/cybertips/2023/unsplit/reports", PublishedFiles(public), study)
    assert ("change_percent", dict(EVIDENCE_METHODS["cybertips"])["change_percent"]) in told


def test_limits_by_another_interval_have_no_lines_and_other_numbers_have(
    public: Path, study: Study
) -> None:
    estimation = study.config.estimation.model_copy(update={"interval": "logit"})
    other = replace(study, config=study.config.model_copy(update={"estimation": estimation}))
    bounds, why_not = r_lines_of_table("bounds", "told_nobody", other)
    assert (bounds, "the interval 'logit'" in why_not) == ("", True)
    pairs, why_not = r_lines_of_table("pairwise", "told_nobody", other)
    assert ("in_pairs(" in pairs, why_not) == (True, "")
    write_comparison_pages(["told_nobody"], other, public, templates_folder())
    page = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    assert "in_pairs(family(x)" in page


def test_of_a_country_that_joined_by_statistics_there_are_no_lines(
    public: Path, study: Study, tmp_path: Path
) -> None:
    (public / "manifest.json").write_text(
        '{"software": {"disrupting-harm": "1", "python": "3", "numpy": "2", "pandas": "3"},'
        ' "outputs": {}, "release": "none", "restricted_inputs": []}'
    )
    joined = study.countries["UGA"].model_copy(
        update={"raw": None, "mapping": None, "statistics": Path("sent/UGA")}
    )
    study = replace(study, countries={**study.countries, "UGA": joined})
    published = PublishedFiles(public)
    said = "the answers of UGA are not here, it joined by statistics"
    pair = "compare/pairwise/told_nobody/KEN/UGA/difference"
    assert dict(explain_number(pair, published, study))["in R"] == f"no lines: {said}"
    with pytest.raises(StudyError, match=said):
        write_r_lines(
            published.find_cell(pair), published, study, tmp_path / "none", tmp_path / "check"
        )
    assert not (tmp_path / "check").exists()
    own = "compare/gaps/told_nobody/sex/girl/boy/KEN/difference"
    assert "library(survey)" in dict(explain_number(own, published, study))["in R"]
    write_comparison_pages(["told_nobody"], study, public, templates_folder())
    page = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    assert "No answers are here of UGA, which joined by statistics" in page
    assert "explain compare/pairwise/told_nobody/ETH/KHM/difference --restricted" in page
    assert "explain compare/pairwise/told_nobody/KEN/UGA/" not in page
    alone = replace(study, countries={"UGA": joined})
    write_comparison_pages(["told_nobody"], alone, public, templates_folder())
    page = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    assert "There are no lines of R: no answers are here" in page


def test_lines_of_r_stand_once_for_all_rows_of_a_kind(public: Path, study: Study) -> None:
    page = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    functions = (public / "explained" / "compare" / "functions.R").read_text(encoding="utf-8")
    assert functions.count("read <- function(country)") == 1
    assert "read &lt;- function" not in page
    assert '<a href="../../explained/compare/functions.R">' in page
    assert "alpha &lt;- 0.05; confidence &lt;- 0.95" in page
    assert 'x &lt;- sapply("COUNTRY", gap, "LEVEL_A", "LEVEL_B")' in page
    assert "<dt>in R<dd>the lines of COUNTRY/told_nobody/estimate\n" in page
    assert "explain compare/pairwise/told_nobody/KEN/UGA/difference --restricted" in page
    estimation = study.config.estimation.model_copy(update={"calibrated_errors": True})
    config = study.config.model_copy(update={"estimation": estimation})
    write_comparison_pages(
        ["told_nobody"], replace(study, config=config), public, templates_folder()
    )
    page = (public / "explained" / "compare" / "told_nobody.html").read_text(encoding="utf-8")
    assert "There are no lines of R: their standard errors follow a rule" in page
    assert "LEVEL_A" not in page
