"""The words of an explanation, from the definitions of a study and one row of its table."""

from dataclasses import replace
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.provenance.explain.explain_number import explain_number
from disrupting_harm.provenance.explain.explain_survey import describe_weighting_steps
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.recompute import estimate_lines
from disrupting_harm.study.study import Study, load_study

ROOT = Path(__file__).parents[3]
HEADER = (
    "country,indicator,domain,level,n,population,estimate,ci_low,ci_high,interval,shown,"
    "bound_low,bound_high,status,reason"
)
ROWS = (
    "KEN,told_nobody,sex,girl,487,9,0.191,0.15,0.24,korn_graubard,19.1,,,present,",
    "KEN,told_nobody,sex,boy,,,,,,,< 20,0,0.2,suppress_disclosure,confidential",
    "KEN,told_nobody,sex_age,boy|12-13,50,9,,,,,*,,,suppress_reliability,n_eff_below_30",
    "KEN,told_police,total,all,,,,,,,,,,not_asked,",
    "KEN,clear_examples,sex_age,boy|12-13,158,9,0.16,0.1,0.25,korn_graubard,16,,,present,",
    "KEN,mean_hours_online,total,all,900,9,2.9,2.7,3.1,wald_t,2.9,,,present,",
)


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "config" / "config.yaml")


@pytest.fixture
def published(tmp_path: Path) -> PublishedFiles:
    folder = tmp_path / "countries" / "KEN"
    folder.mkdir(parents=True)
    (folder / "estimates.csv").write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    software = {"disrupting-harm": "1", "python": "3", "numpy": "2", "pandas": "3"}
    manifest = {
        "software": software, "release": "2026-1", "configuration": {"countries": "countries.csv"},
        "inputs": {}, "restricted_inputs": ["raw/KEN/sample.csv", "raw/UGA/sample.csv"],
        "outputs": {"public/countries/KEN/estimates.csv": "ab" * 32},
    }  # fmt: skip
    write_json(tmp_path / "manifest.json", manifest)
    return PublishedFiles(tmp_path, [{"country": "KEN", "children": 5}])


def test_an_estimate_is_told_from_its_question_to_its_file(
    published: PublishedFiles, study: Study
) -> None:
    lines = dict(explain_number("KEN/told_nobody/sex:girl/estimate", published, study))
    assert lines["value"] == "19.1 per cent (95 per cent interval 15.0 to 24.0), n 487"
    assert lines["what it is"].endswith("Kenya; Sex: Girls; the last time it happened")
    assert lines["question"].startswith("told_nobody: ")
    assert lines["counts"] == "told_nobody in ['yes']"
    assert lines["weights"] == "; ".join(describe_weighting_steps(study))
    # In the words of the page of methods.
    methods = (ROOT / "workflow/templates/parts/methods.qmd.j2").read_text(encoding="utf-8")
    capped = "xtreme weights are capped where the design effect of weighting exceeds "
    assert capped in methods
    assert f"{capped}2.0" in lines["weights"]
    assert lines["interval"] == "Korn–Graubard (korn_graubard), 95 per cent"
    assert lines["file"] == "countries/KEN/estimates.csv, line 2, column estimate"
    assert lines["SHA-256"] == "ab" * 32
    assert lines["made from"] == "raw/KEN/sample.csv"
    assert lines["release"] == "2026-1"


@pytest.mark.parametrize(
    ("address", "value", "reliability"),
    [
        (
            "KEN/told_nobody/sex:boy/estimate",
            "hidden, to protect respondents; printed in its place: < 20 per cent",
            "not told",
        ),
        (
            "KEN/told_nobody/sex_age:boy+12-13/n",
            "hidden: it is too uncertain to be printed",
            "United States National Center for Health Statistics",
        ),
        ("KEN/told_police/estimate", "the survey did not ask", "United States"),
    ],
)
def test_of_a_number_that_is_not_printed_the_reason_alone_is_told(
    published: PublishedFiles, study: Study, address: str, value: str, reliability: str
) -> None:
    lines = dict(explain_number(address, published, study))
    assert lines["value"].startswith(value)
    assert lines["reliability"].startswith(reliability)
    assert "interval" not in lines


def test_a_composite_names_what_it_is_made_of(published: PublishedFiles, study: Study) -> None:
    lines = dict(explain_number("KEN/clear_examples/sex_age:boy+12-13/estimate", published, study))
    assert "Boys 12-13" in lines["what it is"]
    assert lines["made of"].startswith("any yes to offered_for_images")
    assert "share of yes" in lines["missing"]


def test_a_number_made_of_cells_names_its_rule_and_the_cells(
    published: PublishedFiles, study: Study
) -> None:
    lines = explain_number("one_in(KEN/told_nobody/sex:girl/estimate)", published, study)
    assert [name for name, _ in lines] == ["number", "value", "rule", "made of", "what it is"]
    assert dict(lines)["what it is"].startswith("of KEN/told_nobody/sex:girl/estimate: Told nobody")
    hidden = explain_number("remainder(KEN/told_nobody/sex:boy/estimate)", published, study)
    assert dict(hidden)["value"].startswith("not told")


def lines_of_r(published: PublishedFiles, study: Study, address: str) -> str:
    return estimate_lines(published.find_cell(address).row, study)


def test_the_lines_of_r_take_the_group_and_cap_the_sample_size(
    published: PublishedFiles, study: Study
) -> None:
    lines = lines_of_r(published, study, "KEN/told_nobody/sex:girl/estimate")
    assert 'd$group %in% "girl"' in lines
    assert "min(n, n_eff" in lines
    crossed = lines_of_r(published, study, "KEN/clear_examples/sex_age:boy+12-13/estimate")
    assert 'd$group %in% "boy|12-13"' in crossed
    assert "svytotal(~score, design)" in crossed
    mean = lines_of_r(published, study, "KEN/mean_hours_online/estimate")
    assert "p - qt(0.975, df) * se" in mean


def test_where_r_has_no_such_rule_nothing_is_pretended(
    published: PublishedFiles, study: Study
) -> None:
    estimation = study.config.estimation.model_copy(update={"lonely_psu": "collapse"})
    config = study.config.model_copy(update={"estimation": estimation})
    other = replace(study, config=config)
    with pytest.raises(StudyError, match="a rule that these lines do not have"):
        lines_of_r(published, other, "KEN/told_nobody/sex:girl/estimate")
    told = dict(explain_number("KEN/told_nobody/sex:girl/estimate", published, other))
    assert told["in R"].startswith("no lines: their standard errors follow a rule")


def test_lines_of_r_are_told_of_printed_numbers_alone(
    published: PublishedFiles, study: Study
) -> None:
    told = dict(explain_number("KEN/told_nobody/sex:girl/estimate", published, study))
    assert told["in R"] == lines_of_r(published, study, "KEN/told_nobody/sex:girl/estimate")
    for cell in ("told_nobody/sex:boy", "told_nobody/sex_age:boy+12-13", "told_police"):
        assert "in R" not in dict(explain_number(f"KEN/{cell}/estimate", published, study))
