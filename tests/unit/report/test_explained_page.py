"""The page of how numbers were made, from a table of a few rows."""

import html
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest
import yaml

from designbased.estimates.stabilised_intervals import STABILISED
from designbased.intervals.limits import INTERVALS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.anchors import explanation_link
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.explained_pages import (
    find_faults_of_explained_page,
    read_numbers_of_page,
)
from disrupting_harm.report.web.explained import write_survey_page
from disrupting_harm.report.web.explained.indicator_sections import list_questions
from disrupting_harm.report.web.explained.survey_methods import _ONE_PSU, LIMITS
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.study import Study, load_study

ROOT = Path(__file__).parents[3]
HEADER = (
    "country,indicator,domain,level,n,population,estimate,ci_low,ci_high,interval,shown,"
    "bound_low,bound_high,status,reason,release"
)
ROWS = (
    "KEN,clear_examples,total,all,900,9,0.16,0.1,0.25,korn_graubard,16.0,,,present,,",
    "KEN,clear_examples,sex_age,boy|12-13,158,9,0.16,0.1,0.25,korn_graubard,16,,,caution,"
    "complement_unreliable,2026-1",
    "KEN,told_nobody,total,all,487,9,0.191,0.15,0.24,korn_graubard,19.1,,,present,,",
    "KEN,told_nobody,sex,girl,,,,,,,c,,,suppress_disclosure,confidential,",
    "KEN,told_nobody,sex,boy,,,,,,,< 20,0,0.2,suppress_disclosure,confidential,",
    "KEN,told_nobody,area,urban,50,9,,,,,*,,,suppress_reliability,n_eff_below_30,",
)
QUALITY = {
    "interviewed": 1054, "drawn": 1200, "psus": 100, "strata": 12,
    "response_rates": {"rr1": 0.863}, "dropped_rows": [{"reason": "no consent", "count": 12}],
}  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "config" / "config.yaml")


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "countries" / "KEN"
    folder.mkdir(parents=True)
    (folder / "estimates.csv").write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    write_json(folder / "quality.json", QUALITY)
    write_json(folder / "disclosure.json", {"cells": 6})
    return tmp_path


def written(public: Path, study: Study) -> Path:
    return write_survey_page(
        "KEN", study, public=public, templates=templates_folder(), inputs=["raw/KEN.csv"]
    )


def test_each_row_stands_under_its_address_as_it_is_published(public: Path, study: Study) -> None:
    page = written(public, study)
    text = page.read_text(encoding="utf-8")
    assert page == public / "explained" / "KEN.html"
    for row in (
        "<tr><th>Everyone<td>16.0% (10.0–25.0)<td>900<tr",
        "<tr id=clear_examples/sex_age:boy+12-13><th>Boys 12-13"
        "<td>16% (10–25) caution (1)<td>158</table>",
        "<tr id=told_nobody/sex:girl><th>Girls<td>hidden<tr",
        "<tr id=told_nobody/sex:boy><th>Boys<td>hidden: &lt; 20%<tr",
        "<tr id=told_nobody/area:urban><th>Urban<td>uncertain (2)",
        "<tr id=quality/response_rates><th>response_rates<td>rr1 0.863\n",
    ):
        assert row in text
    assert find_faults_of_explained_page(page, PublishedFiles(public)) == []
    assert ("KEN/told_nobody/sex:boy/shown", "< 20") in read_numbers_of_page(page)


def test_what_numbers_have_in_common_is_said_once(public: Path, study: Study) -> None:
    text = written(public, study).read_text(encoding="utf-8")
    for said in (
        "100 primary sampling units (PSUs), such as villages or blocks, in 12 strata",
        "no consent: 12",
        "at most 88",
        "(2) n_eff_below_30: too small an effective number of answers (limit: 30)",
        "tenths of a per cent from n 500 on",
        "raw/KEN.csv. Their hashes stand",
        "Of 1,200 internet-using children aged 12-17 drawn, 1,054 took part, in 100 places.",
        "<li><b>Asked.</b> Whom did you tell? Answer: nobody",
        # Which group is of what, for all indicators alike.
        "Area: Urban",
        "Missing answers are left out.</li>",
        "yes to the question, where it names no other answers",
    ):
        assert text.count(said) == 1, said
    # Among what holds for all, and among the steps of one number.
    assert text.count("population totals of “Sex and age”, “Invented region”, “Area”;") == 2
    # Lines of R: of a composite and of one question; of hidden rows there are none of their own.
    assert text.count("library(survey)") == 2
    # The one script stands in the page and is the one that its policy names.
    (script,) = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    assert f"script-src 'sha256-{digest}'" in html.unescape(text)
    assert text.count("<script") == 1
    assert text.count("http://") == text.count("https://") == 0


def test_steps_to_a_number_name_no_code_and_only_methods_of_its_statistic(
    public: Path, study: Study
) -> None:
    table = public / "countries" / "KEN" / "estimates.csv"
    of_mean = "KEN,mean_hours_online,total,all,900,9,3.1,2.9,3.3,wald_t,3.1,,,present,,\n"
    table.write_text(table.read_text("utf-8") + of_mean, encoding="utf-8")
    text = written(public, study).read_text(encoding="utf-8")
    steps = re.search('<section class="steps">(.*?)</section>', text, re.DOTALL)
    assert steps is not None
    domains = {
        domain.id
        for domain in study.codebook.domains
        if domain.id not in domain.label.lower().split()
    }
    assert domains >= {"sex_age", "age_band"}
    codes = domains | {"iqr", "wald_t", "korn_graubard"}
    assert codes.isdisjoint(re.findall(r"\w+", steps[1]))
    items = dict(
        re.findall(
            '<li value="6" class="shared of-([a-z]+)"><b>The interval.</b>(.*?)</li>', steps[1]
        )
    )
    assert items.keys() == {"proportion", "mean"}
    assert "Method: Korn–Graubard," in items["proportion"]
    assert "Student" not in items["proportion"]
    assert "Method: Student's t," in html.unescape(items["mean"])
    assert "Korn" not in items["mean"]
    # Shares, which nearly all numbers are, have no name of their kind.
    assert "<div class=numbers><h3 id=told_nobody>" in text
    sections = dict(re.findall(r'<div class="numbers of-([a-z]+)"><h3 id=(\w+)>', text))
    assert sections["mean"] == "mean_hours_online"


def test_a_number_has_the_words_of_its_questions(study: Study) -> None:
    codebook = yaml.safe_load((ROOT / "config" / "indicators.yaml").read_text("utf-8"))
    items = {item["id"]: item["question"] for item in codebook["items"] if "question" in item}
    parts = {each["id"]: each for each in codebook["indicators"]}

    def name_parts(name: str) -> list[str]:
        each = parts[name]
        if "any_of" in each:
            return [words for part in each["any_of"] for words in name_parts(part)]
        return [each.get("short") or each["label"]]

    def asked(name: str) -> list[str]:
        # The questions of its parts stand in sections of their own.
        if "any_of" in parts[name]:
            return name_parts(name)
        return [items[condition["item"]] for condition in parts[name]["numerator"]]

    for name in ("any_tf_csea", "clear_examples", "told_nobody"):
        questions = list_questions(study.codebook.indicator(name), study.codebook)
        assert questions == list(dict.fromkeys(asked(name)))


def test_without_such_a_rule_in_r_the_page_says_so(public: Path, study: Study) -> None:
    estimation = study.config.estimation.model_copy(update={"calibrated_errors": True})
    other = replace(study, config=study.config.model_copy(update={"estimation": estimation}))
    text = written(public, other).read_text(encoding="utf-8")
    assert "There are no lines of R: their standard errors follow a rule" in text
    assert "library(survey)" not in text


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (">16.0% (10.0", ">16.1% (10.0", "KEN/clear_examples/estimate: the page has '16.1'"),
        ("<td>487", "<td>488", "KEN/told_nobody/n: the page has '488', published is '487'"),
        ("hidden: &lt; 20", "hidden: &lt; 10", "KEN/told_nobody/sex:boy/shown"),
        ("<td>hidden<tr", "<td>27 (17–38)<td>113<tr", "KEN/told_nobody/sex:girl/estimate"),
        ("rr1 0.863", "rr1 0.9", "KEN/quality/response_rates/rr1"),
        ("id=told_nobody/sex:boy", "id=told_nobody/sex:lad", "nothing published stands there"),
        ("<tr><th>Everyone<td>16.0% (10.0–25.0)<td>900", "", "in the table alone"),
    ],
)
def test_a_page_that_differs_from_the_tables_is_refused(
    public: Path, study: Study, old: str, new: str, fault: str
) -> None:
    page = written(public, study)
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault in one for one in find_faults_of_explained_page(page, PublishedFiles(public)))


def test_a_number_of_which_nothing_is_said_is_refused(public: Path, study: Study) -> None:
    page = written(public, study)
    text = page.read_text(encoding="utf-8")
    faulty = text.replace("<td>hidden<tr", "<td>hidden, 4 of them<tr")
    page.write_text(faulty, encoding="utf-8")
    with pytest.raises(StudyError, match="KEN/told_nobody/sex:girl"):
        find_faults_of_explained_page(page, PublishedFiles(public))


def test_every_interval_and_every_rule_for_one_psu_has_its_words() -> None:
    published = {name for name, method in INTERVALS.items() if method.proportions}
    assert published | {STABILISED, "wald_t", "log_t"} == set(LIMITS)
    rules = Estimation.model_fields["lonely_psu"].annotation
    assert set(get_args(rules)) == set(_ONE_PSU)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("KEN/told_nobody/sex:girl/estimate", "explained/KEN.html#told_nobody/sex:girl"),
        ("KEN-1/told_nobody/n", "explained/KEN-1.html#told_nobody"),
        ("KEN/quality/psus", "explained/KEN.html#quality"),
        (
            "KEN/cybertips/2024/referral/reports",
            "explained/evidence/KEN.html#cybertips/2024/referral",
        ),
        (
            "all/transparency/X/2021/a/b/c/amount",
            "explained/evidence/all.html#transparency/X/2021/a/b/c",
        ),
        ("KEN/country/children", ""),
        ("study/seed", ""),
        (
            "compare/pairwise/clear_examples/KEN/UGA/difference",
            "explained/compare/clear_examples.html#pairwise/clear_examples/KEN/UGA",
        ),
        ("one_in(KEN/told_nobody/estimate)", ""),
    ],
)
def test_an_address_leads_to_its_page(address: str, where: str) -> None:
    assert explanation_link(address) == where
