"""Findings of a country report: their file, their words, and claims held against the tables."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from public_results import row, shown, write_public
from ranked_needs import write_needs_of
from whole_per_cents_by_hand import DIFFERENCE, with_wholes

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.documents.heading_checks import refuse_unborne
from disrupting_harm.report.findings.chapters import list_claims
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.gaps import SHEET
from disrupting_harm.report.findings.headings import Claim
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country

ROOT = Path(__file__).parents[3]
CONFIG, TEMPLATES = ROOT / "config", ROOT / "workflow" / "templates"
AREA = {"country": "KHM", "children": 1819679, "internet_use_rate": 0.81, "helpline": "1280"}
GAPS = [
    ("clear_examples", "sex", "girl", "boy", "0.033", "-0.054", "0.112", "False"),
    (
        "clear_examples",
        "age_band",
        "16-17",
        "12-13",
        "0.08",
        "0.01",
        "0.15",
        "True",
    ),
    (
        "knows_where_to_get_help",
        "age_band",
        "16-17",
        "12-13",
        "0.18",
        "0.07",
        "0.29",
        "True",
    ),
]
Make = Callable[..., tuple[str, list[dict[str, str]]]]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(CONFIG / "indicators.yaml")


@pytest.fixture(scope="module")
def findings(codebook: Codebook) -> Findings:
    return load_findings(CONFIG / "findings.yaml", codebook)


def write_tables(public: Path, codebook: Codebook, changes: list[dict[str, Any]]) -> None:
    """Write a country's public tables, with those of the comparison that a report reads."""
    shutil.rmtree(public, ignore_errors=True)
    write_public(public, codebook, changes, "en")
    folder = public / "comparison"
    folder.mkdir()
    names = ("indicator", "domain", "level_a", "level_b", "difference")
    names += ("ci_low", "ci_high", "clear")
    gaps = [
        with_wholes(dict(zip(names, gap, strict=True)), DIFFERENCE) | {"country": "KHM"}
        for gap in GAPS
    ]
    bounds = {"indicator": "clear_examples", "country": "KHM", "valid_share": "0.96"}
    bounds["estimate"] = "0.17"
    children = {
        "indicator": "clear_examples", "country": "KHM", "children": "250000",
        "children_low": "200000", "children_high": "310000", "population": "1473900",
        "internet_use_source": "A roster",
    }  # fmt: skip
    shares = with_wholes({"estimate": "0.138", "ci_low": "0.112", "ci_high": "0.17"})
    tables = {
        "gaps": gaps,
        "bounds": [
            bounds | {"lower": "0.16", "upper": "0.21", "ci_low": "0.13", "ci_high": "0.24"},
            bounds
            | {
                "indicator": "told_nobody",
                "valid_share": "1.0",
                "ci_low": "0.2",
                "ci_high": "0.4",
            },
        ],
        "denominators": [
            children | shares | {"denominator": name}
            for name in ("internet_using_children", "all_children")
        ],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            table.writerows(rows)


@pytest.fixture
def make(tmp_path: Path, codebook: Codebook, findings: Findings) -> Make:
    """Return a report and its table of headings; ``changes`` are rows of the public table."""

    def made(*changes: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
        public = tmp_path / "public"
        write_tables(public, codebook, list(changes))
        actions = load_recommendations(CONFIG / "recommendations.yaml", codebook)
        write_needs_of(read_results("KHM", public), actions, public)
        source = write_source(
            Country.model_validate(AREA),
            load_configuration(CONFIG / "config.yaml"),
            codebook,
            read_results("KHM", public),
            "en",
            figures=public / "figures" / "KHM" / "en",
            templates=TEMPLATES,
            folder=tmp_path / "report",
            recommendations=actions,
            findings=findings,
        )
        with source.with_name("headings.csv").open(encoding="utf-8", newline="") as file:
            headings = list(csv.DictReader(file))
        return remove_addresses(source.read_text(encoding="utf-8")), headings

    return made


LEAD = row("clear_examples", "total", "all", **shown(0.171, 0.139, 0.208))
KNOWN = row("knows_where_to_get_help", "total", "all", **shown(0.31, 0.28, 0.35))
BOUND = {"shown": "< 5", "status": "suppress_disclosure"}


def test_the_table_of_headings_says_what_each_claims_and_which_numbers_bear_it(make: Make) -> None:
    text, headings = make(LEAD)
    by_heading = {line["heading"]: line for line in headings}
    lead = by_heading[
        "About 17 in 100 children said that they were sexually exploited or abused online"
    ]
    assert (lead["rule"], lead["address"]) == ("in_100", "KHM/clear_examples")
    assert (lead["numbers"], lead["verdict"]) == ("17 (14-21)", "borne")
    by_group = by_heading["Groups compared in other answers"]
    assert (by_group["rule"], by_group["verdict"]) == ("plain", "no claim")
    assert (
        by_heading["Girls and boys: no clear difference in the four questions"]["rule"]
        == "no_difference"
    )
    by_age = by_heading["Older children more often said yes to one of the four questions"]
    assert (by_age["rule"], by_age["numbers"]) == ("more", "points 8 (1 to 15)")
    # Each heading of a finding stands in the table, and each recommendation with its address.
    told = re.findall(r"^### (.*?) \{#finding-", text, re.MULTILINE)
    assert set(told) <= set(by_heading)
    assert len(told) > 10
    advised = [line for line in headings if line["rule"].startswith("action")]
    assert advised
    assert all(line["address"].startswith("KHM/") for line in advised)


def test_a_report_has_no_more_words_than_its_readers_have_time_for(make: Make) -> None:
    text, _ = make(LEAD)
    body = re.sub(r'fig-alt="[^"]*"|\{[^{}]*\}|\]\([^)]*\)', " ", text.split("\n---\n", 1)[1])
    assert 2000 < len(re.findall(r"[\w’'-]+", body)) <= 6000
    for part in re.findall(r"^:::: \{\.finding\}\n(.*?)^::::$", text, re.M | re.S):
        said = part.split("\n\n")[1]
        assert len(said.split()) <= 120, said
    for part in re.findall(r"^::: \{\.sure\}\n(.*?)^:::$", text, re.M | re.S):
        assert len(part.split()) <= 40, part


MEANS = "These children said yes to one of four questions. They were offered money or gifts"


def test_what_a_clear_example_is_stands_once_below_the_first_figures_that_name_it(
    make: Make,
) -> None:
    text, _ = make(LEAD)
    page = text.partition("## Cambodia in numbers")[2].partition("\n## ")[0]
    assert text.count(MEANS) == page.count(MEANS) == 1
    first = page.partition("Children affected")[0]
    assert MEANS in first
    # Where no number of children is told, the share is the first to name it.
    hidden, _ = make(row("clear_examples", "total", "all", **BOUND))
    page = hidden.partition("## Cambodia in numbers")[2].partition("\n## ")[0]
    assert page.count(MEANS) == 1


def test_both_denominators_and_what_silence_leaves_open_are_told(make: Make) -> None:
    text, _ = make(LEAD)
    (told,) = re.findall(r"^### [^\n]*\{#finding-forms .*?^::::$", text, re.M | re.S)
    assert "That means about **250,000 children** (200,000\u00a0to\u00a0310,000)." in told
    assert re.search(
        r"Even if none of the children who are not online would say so, it is 14%\s\(11–\W?17\) of "
        r"all children",
        told,
    )
    assert "4% left a question open." in told
    # That fewer than one in a hundred were silent is no answer to "How sure?" of few children.
    text, _ = make(LEAD, row("told_nobody", "total", "all", **shown(0.3, 0.2, 0.4)))
    assert "**How sure?** Only these children were asked, so the ranges are wide." in text
    assert "0% did not answer" not in text
    # Silence alone, from 16 to 21, is narrower than the interval.
    assert "any answer of theirs, the first number lies between 13 and 24%." in told
    # Requests have no bounds in this table: a "no" to them may be silence all the same.
    asked = row("asked_to_talk_about_sex", "total", "all", **shown(0.3, 0.2, 0.4))
    assert "**How sure?** Nobody knows what those without an answer would have" in make(asked)[0]


def test_how_sure_says_what_a_bound_is_a_bound_of(make: Make) -> None:
    text, _ = make(row("clear_examples", "total", "all", **BOUND))
    (told,) = re.findall(r"^### [^\n]*\{#finding-forms .*?^::::$", text, re.M | re.S)
    assert "**How sure?** This bound holds for the whole group, not only for those who" in told
    assert "The survey's estimate" not in make(LEAD)[0]


def test_how_to_read_a_share_is_said_of_one_of_all_children(make: Make) -> None:
    affected = row("channel_social_media", "total", "all", **shown(0.59, 0.44, 0.72))
    text, _ = make(row("clear_examples", "total", "all", **BOUND), affected, KNOWN)
    (share,) = re.findall(r"^(.*) means that about 31 of 100 children would say yes,", text, re.M)
    assert re.fullmatch(r"31%\s\(28–\W?35\)", share)


def test_where_no_gap_was_found_the_report_says_what_would_fit(make: Make) -> None:
    text, _ = make()
    (told,) = re.findall(r"^### [^\n]*\{#finding-girls_boys .*?^::::$", text, re.M | re.S)
    assert (
        "3 (\N{MINUS SIGN}6 to 12), Girls minus Boys, tested together with all countries"
        in told.replace("\xa0", " ")
    )
    assert f"data book of the comparison, “{SHEET}”" in told
    # The largest number of answers to any sensitive question is no count of this one's.
    assert re.search(r"\*\*Base:\*\* in each group up to \d+ children", told)
    assert "A gap of up to 12 points is still possible." in told


def test_a_clear_gap_of_the_wider_indicator_is_told_and_listed(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    wider = (
        "any_tf_csea",
        "sex",
        "girl",
        "boy",
        "-0.1",
        "-0.19",
        "-0.02",
        "True",
    )
    monkeypatch.setitem(globals(), "GAPS", [*GAPS, wider])
    girls = row("any_tf_csea", "sex", "girl", **shown(0.21, 0.16, 0.27))
    text, headings = make(girls, row("any_tf_csea", "sex", "boy", **shown(0.31, 0.26, 0.37)))
    (told,) = re.findall(r"^### [^\n]*\{#finding-girls_boys .*?^::::$", text, re.M | re.S)
    wide = "Counting unwanted requests and images too, clearly more"
    said = f"{wide} boys than girls said yes, 31%\xa0(26–\u206037) and 21%"
    assert told.startswith("### Girls and boys: no clear difference in the four questions {")
    assert said in told
    (listed,) = [line for line in headings if line["heading"].startswith(wide)]
    assert (listed["rule"], listed["address"]) == (
        "less", "compare/gaps/any_tf_csea/sex/girl/boy/KHM",
    )  # fmt: skip
    assert listed["numbers"] == "points -10 (-19 to -2)"
    # What "clearly" rests on stands beside it: the printed intervals may overlap.
    minus = "\N{MINUS SIGN}"
    assert f"**Wider indicator:** {minus}10 ({minus}19 to {minus}2, tested in the same way)" in told
    assert "explained/compare/any_tf_csea.html#gaps/any_tf_csea/sex/girl/boy/KHM" in told
    assert text.count("**Wider indicator:**") == 1


def test_groups_without_an_estimate_are_named_where_no_gap_is_tested(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "GAPS", GAPS[1:])
    text, _ = make(*(row("clear_examples", "sex", level, **BOUND) for level in ("girl", "boy")))
    (told,) = re.findall(r"^### [^\n]*\{#finding-girls_boys .*?^::::$", text, re.M | re.S)
    assert told.startswith("### Girls and boys, in the four questions {")
    assert "No test: the number of girls and boys could make somebody known." in told
    # No table of the comparison has a gap that was not tested.
    assert "**Data:** data book, “" in told


YOUNG = row("clear_examples", "age_band", "12-13", **shown(0.12, 0.08, 0.17, 330, 0))


@pytest.mark.parametrize(("low", "sure"), [(0.2, "the two intervals do not overlap"), (0.15, "")])
def test_shares_of_a_survey_set_apart_are_told_where_their_intervals_lie_apart(
    make: Make, monkeypatch: pytest.MonkeyPatch, low: float, sure: str
) -> None:
    """No row of the comparison tests their difference, and the report was silent on it."""
    monkeypatch.setitem(globals(), "GAPS", GAPS[:1])
    old = row("clear_examples", "age_band", "16-17", **shown(0.25, low, 0.31, 310, 0))
    text, _ = make(LEAD, YOUNG, old)
    found = re.findall(r"^### [^\n]*\{#finding-ages .*?^::::$", text, re.M | re.S)
    assert len(found) == bool(sure)
    for told in found:
        assert told.startswith("### Ages, in the four questions {")
        said = told.replace("\u00a0", " ").replace("\u2060", "")
        assert "25% (20–31) of children aged 16-17" in said
        assert "and 12% (8–17) of those aged 12-13" in said
        assert f"The difference was not tested; {sure}." in told


def test_the_table_of_headings_has_a_line_for_each_row_of_actions(make: Make) -> None:
    text, headings = make(LEAD, KNOWN)
    listed = [line["heading"] for line in headings if line["rule"].startswith("action")]
    part = text.split("{#sec-disrupt}")[1].split("\n## ")[0]
    printed = re.findall(r"^\| (?:\d+=? )?\*\*(.*?)\*\* \|", part, re.MULTILINE)
    assert printed
    assert listed == printed


WIDER_BY_SEX = ("any_tf_csea", "sex", "girl", "boy", "-0.1", "-0.19", "-0.02")
WIDER_BY_AGE = ("any_tf_csea", "age_band", "16-17", "12-13", "0.1", "0.02", "0.19")


@pytest.mark.parametrize(
    ("wider", "name", "plain", "points"),
    [
        (WIDER_BY_SEX, "girls_boys", "Girls and boys, in the four questions", "-10 (-19 to -2)"),
        (WIDER_BY_AGE, "ages", "Ages, in the four questions", "10 (2 to 19)"),
    ],
)
@pytest.mark.parametrize("clear", [True, False])
def test_a_clear_gap_of_the_wider_indicator_is_told_where_the_main_one_is_hidden(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    wider: tuple[str, ...],
    name: str,
    plain: str,
    points: str,
    clear: bool,
) -> None:
    monkeypatch.setitem(globals(), "GAPS", [(*wider, str(clear)), GAPS[2]])
    _, domain, first, second, *_ = wider
    shares = {first: shown(0.31, 0.26, 0.37), second: shown(0.21, 0.16, 0.27)}
    text, headings = make(
        *(row("any_tf_csea", domain, level, **share) for level, share in shares.items()),
        *(row("clear_examples", domain, level, **BOUND) for level in shares),
    )
    wide = "Counting unwanted requests and images too, clearly more"
    said = [line for line in headings if line["heading"].startswith(wide)]
    if not clear:
        assert said == []
        assert ("{#finding-ages " in text) is False
        return
    (told,) = re.findall(rf"^### [^\n]*\{{#finding-{name} .*?^::::$", text, re.M | re.S)
    assert told.startswith(f"### {plain} {{")
    assert "No test: the number of " in told
    assert wide in told
    assert "**Difference in points:** " in told
    assert [line["numbers"] for line in said] == [f"points {points}"]


def test_numbers_with_the_same_bound_are_told_in_one_sentence(make: Make) -> None:
    names = ("offered_for_meeting", "offered_for_images", "images_shared", "threatened_online")
    bounds = [row(name, "total", "all", **BOUND) for name in ("clear_examples", *names)]
    text, _ = make(*bounds)
    (told,) = re.findall(r"^### [^\n]*\{#finding-forms .*?^::::$", text, re.M | re.S)
    assert told.count("ewer than 5 per cent") == 2
    assert "Fewer than 5 per cent each: “Were offered money or gifts to meet”, “Were" in told
    # Two numbers of the four alike: each keeps its sentence.
    others = [row(name, "total", "all", **shown(0.06, 0.05, 0.07)) for name in names[:2]]
    text, _ = make(bounds[0], *others, *bounds[3:])
    assert " each: “" not in text


def test_a_hidden_main_number_comes_last_where_the_finding_has_others(make: Make) -> None:
    unsure = row("offender_known", "total", "all", shown="*", status="suppress_reliability")
    where = row("channel_social_media", "total", "all", **shown(0.59, 0.44, 0.72))
    text, _ = make(unsure, where)
    (told,) = re.findall(r"^### [^\n]*\{#finding-person .*?^::::$", text, re.M | re.S)
    first, last = (
        told.index("it happened on social media"),
        told.index("Some other answers are too few to give a number."),
    )
    assert first < last
    assert "because it is not reliable enough" not in told


@pytest.mark.parametrize(("boys", "said"), [(0.16, False), (0.17, True)])
def test_a_difference_that_does_not_fit_its_shares_says_why(
    make: Make, boys: float, said: bool
) -> None:
    girls = row("clear_examples", "sex", "girl", **shown(0.19, 0.14, 0.24))
    text, _ = make(girls, row("clear_examples", "sex", "boy", **shown(boys, 0.12, 0.2)))
    (told,) = re.findall(r"^### [^\n]*\{#finding-girls_boys .*?^::::$", text, re.M | re.S)
    assert "**Difference in points:** 3 (" in told
    assert ("; taken before rounding" in told) is said


def test_a_limit_of_a_clear_gap_near_zero_is_not_printed_as_0(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = ("clear_examples", "age_band", "16-17", "12-13", "0.08", "0.004", "0.15", "True")
    monkeypatch.setitem(globals(), "GAPS", [near])
    text, headings = make()
    (told,) = re.findall(r"^### [^\n]*\{#finding-ages .*?^::::$", text, re.M | re.S)
    assert "8 (1 to 15), 16-17 minus 12-13, tested together" in told.replace("\xa0", " ")
    assert "still possible" not in told
    assert "more" in {line["rule"] for line in headings}


OTHER_GAPS = re.compile(r"^### [^\n]*\{#finding-other_gaps .*?^::::$", re.M | re.S)


def test_all_clear_gaps_stand_in_one_table_with_both_shares_in_bold(make: Make) -> None:
    young = row("knows_where_to_get_help", "age_band", "12-13", **shown(0.33, 0.27, 0.4))
    text, _ = make(
        young, row("knows_where_to_get_help", "age_band", "16-17", **shown(0.51, 0.45, 0.57))
    )
    (told,) = OTHER_GAPS.findall(text.replace("\xa0", " ").replace("\u2060", ""))
    assert "16-17 clearly more often than 12-13: “Know where to get help”." in told
    assert "| Know where to get help | **33% (27–40)** | **51% (45–57)** |" in told
    # The four questions have findings of their own, which name girls and boys.
    assert "Any of the four forms" not in told


def test_where_no_gap_is_clear_the_report_says_so_and_has_no_table(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "GAPS", [(*gap[:-1], "False") for gap in GAPS])
    (told,) = OTHER_GAPS.findall(make()[0])
    assert "No difference between groups is clear in" in told
    assert "tbl-other_gaps" not in told


def test_a_report_whose_area_was_not_compared_has_no_table_of_gaps(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    untested = [(*gap[:-3], "", "", "") for gap in GAPS]
    monkeypatch.setitem(globals(), "GAPS", untested)
    assert not OTHER_GAPS.findall(make()[0])


def claim(rule: str, values: dict[str, Any], name: str = "forms") -> Claim:
    return Claim(name, "A heading", rule, values, "KHM/clear_examples", "")


def read(public: Path) -> Results:
    return read_results("KHM", public)


@pytest.mark.parametrize(
    "changed",
    [
        shown(0.18, 0.15, 0.21),  # 100/6 fits the interval, but rounds to 17
        shown(0.25, 0.2, 0.3),
        {"shown": "*", "status": "suppress_reliability"},
    ],
)
def test_a_heading_whose_numbers_have_changed_stops_the_build(
    tmp_path: Path, codebook: Codebook, findings: Findings, changed: dict[str, Any]
) -> None:
    public = tmp_path / "public"
    write_tables(public, codebook, [LEAD])
    claims = [claim("one_in", {"k": 6})]
    refuse_unborne("", claims, findings, read(public), "report of KHM")
    write_tables(public, codebook, [row("clear_examples", "total", "all", **changed)])
    with pytest.raises(StudyError, match=r"do not bear it .rule 'one_in'."):
        refuse_unborne("", claims, findings, read(public), "report of KHM")


def test_a_gap_that_was_not_found_may_not_be_claimed(
    tmp_path: Path, codebook: Codebook, findings: Findings
) -> None:
    public = tmp_path / "public"
    write_tables(public, codebook, [])
    refuse_unborne("", [claim("more", {}, "ages")], findings, read(public), "report")
    with pytest.raises(StudyError, match=r"do not bear it .rule 'more'."):
        refuse_unborne("", [claim("more", {}, "girls_boys")], findings, read(public), "report")


def test_a_heading_that_a_template_put_in_stops_the_build(
    tmp_path: Path, codebook: Codebook, findings: Findings
) -> None:
    public = tmp_path / "public"
    write_tables(public, codebook, [])
    text = ":::: {.finding}\n### Girls are more affected {#finding-x .unnumbered}\n\n::::\n"
    with pytest.raises(StudyError, match="heading 'Girls are more affected'"):
        refuse_unborne(text, list_claims([]), findings, read(public), "report")


FINDING = {
    "id": "help",
    "indicator": "knows_helpline",
    "heading": {"most": "Most know it", "plain": "Knowing it"},
    "text": ["{knows_helpline} know it."],
}
GAP = {
    "indicator": None,
    "gap": {"indicator": "clear_examples", "domain": "sex", "levels": ["girl", "boy"]},
    "heading": {"plain": "A gap"},
    "text": [],
}
BY_GROUP = {
    "indicator": None,
    "clear_gaps": ["clear_examples"],
    "heading": {"plain": "By group"},
    "text": [],
}
WIDER = {"more": "More girls: {a}, {b}.", "less": "Fewer girls: {a}, {b}."}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"heading": {"most": "Most know it"}}, "needs a heading 'plain'"),
        ({"heading": {"plain": "Most know it"}}, "claims something: 'Most'"),
        ({"heading": {"plain": "Knowing it", "rose": "It rose"}}, "has no heading 'rose'"),
        ({"heading": {"plain": "Knowing it", "one_in": "1 in {n}"}}, "nothing fills '{n}'"),
        ({"indicator": None}, "needs one of 'indicator', 'gap', 'clear_gaps' and 'evidence'"),
        ({"evidence": "policy"}, "needs one of 'indicator', 'gap', 'clear_gaps' and 'evidence'"),
        ({"text": ["word " * 101]}, "has 101 words, more than 100"),
        ({"sure": "word " * 19}, "has 19 words, more than 18"),
        ({"indicator": "knows_nothing"}, "the codebook has none"),
        ({"text": ["{knows_nothing} know it."]}, "the codebook has none"),
        ({"indicator": "mean_hours_online"}, "it is no proportion"),
        ({**GAP, "wider": WIDER | {"indicator": "mean_hours_online"}}, "it is no proportion"),
        ({"asked": "no_item"}, "the codebook has none"),
        (BY_GROUP | {"clear_gaps": ["knows_helpline"]}, "it is no headline proportion"),
        (BY_GROUP | {"clear_gaps": ["knows_nothing"]}, "the codebook has none"),
        (BY_GROUP | {"text": ["Some words."]}, "the library writes the text of 'clear_gaps'"),
        (BY_GROUP | {"heading": {"plain": "A", "more": "B"}}, "has no heading 'more'"),
        (
            {
                "indicator": None,
                "gap": {"indicator": "clear_examples", "domain": "x", "levels": ["a", "b"]},
                "heading": {"plain": "A gap"},
            },
            "the codebook has none",
        ),
    ],
)
def test_a_faulty_file_of_findings_is_refused(
    tmp_path: Path, codebook: Codebook, change: dict[str, Any], found: str
) -> None:
    entry = {key: value for key, value in (FINDING | change).items() if value is not None}
    path = tmp_path / "findings.yaml"
    chapter = {"id": "c", "title": "A chapter", "message": "Its message", "findings": [entry]}
    path.write_text(yaml.safe_dump({"chapters": [chapter]}), encoding="utf-8")
    with pytest.raises(StudyError, match=re.escape(found)):
        load_findings(path, codebook)


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({"module-unknown": [{"text": "{uses_daily}"}]}, "a country has no such figure"),
        ({"options": [{"text": "{knows_nothing}"}]}, "the codebook has none"),
        (
            {"options": [{"text": "{girls}", "shares": {"girls": ["uses_daily", "x", "girl"]}}]},
            "the codebook has none",
        ),
        (
            {"options": [{"text": "{uses_daily}", "above": {"uses_daily": ["told_nobody"]}}]},
            "is not of the same people",
        ),
    ],
)
def test_a_title_names_what_the_codebook_has_and_compares_the_same_people(
    tmp_path: Path, codebook: Codebook, figures: dict[str, Any], found: str
) -> None:
    path = tmp_path / "findings.yaml"
    path.write_text(yaml.safe_dump({"figures": figures}), encoding="utf-8")
    with pytest.raises(StudyError, match=re.escape(found)):
        load_findings(path, codebook)
