"""The country report as filled from public tables, and what it must never say."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from public_results import AREA, QUALITY, row, shown, write_public
from rendering_sample import SETTINGS, furnish

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.documents.country_report import write_reports, write_source
from disrupting_harm.report.findings.brief_definition import read_brief
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.markdown import without_addresses
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.rendering import lint
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.configuration.config import Configuration, load_configuration
from disrupting_harm.study.countries import Country

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "workflow" / "templates"
BRIEF = ROOT / "config" / "brief.yaml"
RECOMMENDATIONS = ROOT / "config" / "recommendations.yaml"
FINDINGS = ROOT / "config" / "findings.yaml"
CHAPTERS = [
    "Cambodia in numbers",
    "Children online",
    "What children were subjected to",
    "Telling somebody, and finding help",
    "What police, hotlines and companies see",
    "Do groups of children differ?",
    "How to disrupt harm in Cambodia",
    "How this was found out",
]
Fill = Callable[..., str]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(ROOT / "config" / "indicators.yaml")


@pytest.fixture(scope="module")
def config() -> Configuration:
    return load_configuration(ROOT / "config" / "config.yaml")


@pytest.fixture
def fill(tmp_path: Path, codebook: Codebook, config: Configuration) -> Fill:
    """Return the text of a report; ``changes`` are rows of the public table."""

    def filled(
        changes: list[dict[str, Any]] | None = None,
        area: dict[str, Any] | None = None,
        templates: Path = TEMPLATES,
        quality: dict[str, Any] | None = None,
        disclosure: dict[str, Any] | None = None,
        **study: Any,
    ) -> str:
        public = tmp_path / "public"
        shutil.rmtree(public, ignore_errors=True)
        facts = {"quality": quality, "disclosure": disclosure}
        write_public(public, codebook, changes or [], "en", **facts)
        source = write_source(
            Country.model_validate(area or AREA),
            config.model_copy(update={"study": config.study.model_copy(update=study)}),
            codebook,
            read_results("KHM", public),
            "en",
            figures=public / "figures" / "KHM" / "en",
            templates=templates,
            folder=tmp_path / "report",
            recommendations=load_recommendations(RECOMMENDATIONS, codebook),
            brief=read_brief(BRIEF),
            findings=load_findings(FINDINGS, codebook),
        )
        return without_addresses(source.read_text(encoding="utf-8"))

    return filled


def chapter(text: str, label: str) -> str:
    """Return the text of a chapter."""
    return text.split(f"{{#{label}")[1].split("\n## ")[0]


def finding(text: str, name: str) -> str:
    """Return the text of a finding, with its heading."""
    (found,) = re.findall(rf"^### [^\n]*{{#finding-{name} .*?^::::$", text, re.M | re.S)
    return str(found)


def tables(text: str) -> dict[str, str]:
    """Return every table, with its caption, by its label."""
    found = re.finditer(r"((?:^\|.*\n)+)\n: (.*)\{#(tbl-[\w-]+)\}", text, re.MULTILINE)
    return {table[3]: table[1] + table[2] for table in found}


def test_chapters_stand_in_the_order_of_the_studys_reports(fill: Fill) -> None:
    assert re.findall(r"^## (.*?) \{#", fill(), re.MULTILINE) == CHAPTERS


def cover_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))["cover"]
    return found


def test_the_cover_has_the_dots_of_the_main_finding(fill: Fill) -> None:
    cover = cover_of(fill([row("clear_examples", "total", "all", **shown(0.173, 0.14, 0.21))]))
    assert cover["name"] == "Cambodia"
    assert (cover["low"], cover["estimate"], cover["high"]) == (14, 17, 21)
    assert cover["words"].startswith("About 17 in 100 internet-using children")


def test_a_cover_without_a_published_number_has_no_dots(fill: Fill) -> None:
    hidden = {"shown": "c", "status": "suppress_disclosure"}
    assert set(cover_of(fill([row("clear_examples", "total", "all", **hidden)]))) == {
        "name",
        "series",
    }


def test_the_linter_finds_nothing_and_every_reference_resolves(fill: Fill) -> None:
    text = fill()
    assert lint(text, SETTINGS) == []
    anchors = re.findall(r"\{#([\w-]+)", text)
    assert len(anchors) == len(set(anchors))
    references = set(re.findall(r"(?<!\w)@((?:fig|tbl|sec)-\w+(?:-\w+)*)", text))
    assert references <= set(anchors)
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(anchors)


def test_numbers_of_the_text_are_those_of_the_public_table_in_whole_per_cent(fill: Fill) -> None:
    text = fill([row("uses_daily", "total", "all", **shown(0.733, 0.701, 0.764))])
    daily = finding(text, "daily")
    assert "### Most children use the internet every day" in daily
    assert "73%\N{NO-BREAK SPACE}(70–\u206076) use the internet every day." in daily
    # No decimals in prose, and the level of the intervals is said once.
    prose = re.sub(r"^(?:\||:|!\[).*$|\{[^{}]*\}", "", chapter(text, "sec-online"), flags=re.M)
    assert not re.search(r"\d\.\d", prose)
    assert "per cent" not in prose
    assert text.partition("\n## ")[0].count("95 per cent") == 1


@pytest.mark.parametrize(
    ("values", "heading", "words"),
    [
        (
            {"shown": "*", "status": "suppress_reliability"},
            "Sexual exploitation and abuse online",
            "is not shown, because it is not reliable enough.",
        ),
        (
            {"shown": "c", "status": "suppress_disclosure"},
            "Sexual exploitation and abuse online",
            "is not shown, to protect respondents.",
        ),
        (
            {"shown": "not asked", "status": "not_asked"},
            "Sexual exploitation and abuse online",
            "did not ask all that it is made of",
        ),
        (
            {"shown": "< 5", "status": "suppress_disclosure"},
            "Fewer than 5 in 100 children said that they were subjected",
            "In the past year, fewer than 5 per cent said that they were subjected",
        ),
        (
            {"shown": "> 95", "status": "suppress_disclosure"},
            "Sexual exploitation and abuse online",
            "In the past year, more than 95 per cent said that they were subjected",
        ),
    ],
)
def test_a_hidden_estimate_gives_a_sentence_that_says_so(
    fill: Fill, values: dict[str, str], heading: str, words: str
) -> None:
    text = fill([row("clear_examples", "total", "all", **values)])
    found = finding(text, "forms")
    assert found.startswith(f"### {heading}")
    assert words in found
    # What is not shown or was not asked is no key figure; a bound is one.
    bound = values["shown"][0] in "<>"
    tiles = chapter(text, "sec-numbers")
    assert ("said that they were subjected to at least one clear example" in tiles) == bound
    assert "36%" not in found


def test_a_finding_of_what_was_not_asked_is_left_out(fill: Fill) -> None:
    asked = {"shown": "not asked", "status": "not_asked"}
    attitudes = ("finds_talking_hard", "would_tell_an_adult", "blames_child_for_image")
    text = fill([row(name, "total", "all", **asked) for name in attitudes])
    assert "finding-talking" not in text
    # Of one of three, the finding keeps the other sentences and says what was not asked.
    text = fill([row("finds_talking_hard", "total", "all", **asked)])
    told = finding(text, "talking")
    assert told.startswith("### Talking about sexual matters")
    assert "was not asked in this survey." in told
    assert "would tell an adult if something online upset them." in told


def test_a_sentence_without_its_number_is_left_out_and_the_reason_told(fill: Fill) -> None:
    changes = [
        row("images_shared", "total", "all", shown="c", status="suppress_disclosure"),
        row("threatened_online", "total", "all", shown="*", status="suppress_reliability"),
    ]
    told = finding(fill(changes), "forms")
    assert "without permission." not in told.split("Not shown")[0]
    assert (
        "Not shown, to protect those who answered: “Had images shared without permission”." in told
    )
    assert "Not shown, because too uncertain: “Were threatened or blackmailed”." in told


@pytest.mark.parametrize("status", ["caution", "review"])
def test_a_table_says_what_is_to_be_used_with_caution(fill: Fill, status: str) -> None:
    less = shown(0.36, 0.2, 0.5) | {"status": status}
    text = fill([row("clear_examples", "total", "all", **less)], template="survey")
    summary = text.split("{#sec-summary")[1].split("\n## ")[0]
    assert "36.0 per cent (95 per cent interval 20.0 to 50.0; use with caution) of" in summary
    assert summary.count("use with caution") == 1


def test_what_was_not_asked_is_not_said_to_be_hidden(fill: Fill) -> None:
    asked = {"shown": "not asked", "status": "not_asked"}
    quality = {
        **QUALITY,
        "not_asked": ["images_shared"],
        "item_nonresponse": {
            **QUALITY["item_nonresponse"],
            "high": [{"indicator": "threatened_online", "share": 0.13}],
        },
    }
    changes = [row("images_shared", "total", "all", **asked)]
    text = fill(changes, quality=quality, template="survey")
    lines = tables(text)["tbl-clear_examples"].splitlines()
    assert next(line for line in lines if "| not asked |" in line).endswith("| – |")
    annex = text.split("Annex: data quality")[1]
    assert "**Not asked.** This survey did not ask" in annex
    assert "10 per cent or more of those asked have no valid answer for:" in annex
    assert "(13 per cent)" in annex
    assert "Not asked in this survey: Had images shared without permission." in fill(
        changes, quality=quality
    )


def test_a_table_explains_the_signs_it_uses_and_no_others(fill: Fill) -> None:
    changes = [
        row("images_shared", "total", "all", shown="c", status="suppress_disclosure"),
        row("threatened_online", "total", "all", **shown(0.1, 0.05, 0.2) | {"status": "caution"}),
    ]
    table = tables(fill(changes, template="survey"))["tbl-clear_examples"]
    assert "| 10.0 † | 5.0 to 20.0 |" in table
    assert "c: not shown" in table
    assert "†: use with caution" in table
    assert "not reliable enough" not in table
    assert "‡" not in table


def test_a_table_names_the_methods_of_its_own_intervals(fill: Fill) -> None:
    text = fill(template="survey")
    found = tables(text)
    assert "Intervals: Korn–Graubard. n:" in found["tbl-internet_access"]
    assert "Intervals: Student's t (means and totals). n:" in found["tbl-internet_access-2"]
    methods = text.partition("{#sec-found-out")[2].partition("\n## ")[0]
    assert "interval: Korn–Graubard and Student's t (means and totals)." in methods


WIDER = "children subjected to any technology-facilitated sexual exploitation or abuse"


def test_a_table_says_of_whom_it_speaks_where_not_all_children_were_asked(fill: Fill) -> None:
    text = fill(template="survey")
    found = tables(text)
    told = found["tbl-followups"]
    assert f"Base: {WIDER}." in told
    assert "not think it serious enough: of children who told nobody about the last time." in told
    assert "Base: children whose caregiver answered." in found["tbl-caregivers"]
    assert f"Told nobody: of {WIDER}." in found["tbl-groups-2"] + found["tbl-groups-1"]
    assert "Base:" not in found["tbl-clear_examples"] + found["tbl-internet_access"]
    # One name for one base, wherever the text speaks of it.
    assert "possible sign of it" not in text


@pytest.mark.parametrize("simulated", [True, False])
def test_every_table_of_the_survey_says_its_source_and_whether_it_is_simulated(
    fill: Fill, simulated: bool
) -> None:
    found = tables(fill(simulated=simulated, template="survey"))
    found = {name: table for name, table in found.items() if "| n |" in table}
    assert len(found) > 9
    end = "Source: household survey." + " The data are simulated." * simulated
    assert {name for name, table in found.items() if not table.rstrip().endswith(end)} == set()


def test_the_two_composites_never_share_a_table(fill: Fill) -> None:
    report = "at least one clear example of online sexual"
    wider = "any technology-facilitated sexual exploitation or abuse"
    found = tables(fill(template="survey"))
    holding = [
        {series for series in (report, wider) if series in table} for table in found.values()
    ]
    assert {report} in holding
    grouped = [found[f"tbl-groups-{at}"].splitlines()[0] for at in (1, 2)]
    assert "Any clear example" in grouped[0]
    assert "Any form" not in grouped[0]
    assert "Any form" in grouped[1]
    assert "Any clear example" not in grouped[1]
    assert {wider} in holding
    assert {report, wider} not in holding


def test_a_table_that_would_show_both_composites_is_refused(fill: Fill, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "country").mkdir(parents=True)
    call = '<< table(["clear_examples", "any_tf_csea"], "caption", "tbl-x") >>'
    (templates / "country" / "report.qmd.j2").write_text(call)
    with pytest.raises(StudyError, match="report_composite and wider_composite side by side"):
        fill(templates=templates)


def test_groups_stand_in_the_order_of_the_codebook_with_estimate_interval_and_n(fill: Fill) -> None:
    changes = [row("uses_daily", "sex", "girl", **shown(0.41, 0.35, 0.472, 506))]
    lines = tables(fill(changes, template="survey"))["tbl-groups-1"].splitlines()
    names = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    assert names[1:7] == [
        "All", "Sex: Boys", "Sex: Girls", "Age: 12-13", "Age: 14-15", "Age: 16-17",
    ]  # fmt: skip
    girls = next(line for line in lines if "Sex: Girls" in line)
    assert girls.startswith("| Sex: Girls | 41.0 (35.0–47.2), n\N{NO-BREAK SPACE}506 |")
    assert next(line for line in lines if "Region 1" in line).count(r"| \* ") == 4


def test_the_annex_says_which_composites_have_imputed_answers(fill: Fill) -> None:
    share = [{"indicator": "any_tf_csea", "share": 0.05}]
    text = fill(quality=QUALITY | {"imputed": share}, template="survey")
    annex = text.partition("## Annex: data quality")[2]
    assert "Indicators made of several questions." in annex
    assert "Any form (5 per cent)" in annex


def test_the_limitations_say_that_shown_figures_of_small_groups_are_too_high(fill: Fill) -> None:
    assert "too high on average, often by a tenth to a third" in chapter(fill(), "sec-found-out")


def test_no_sentence_ranks_or_blames(fill: Fill) -> None:
    text = re.sub(r'fig-alt="(?:\\.|[^"\\])*"', "", fill())
    ranking = r"highest |lowest |\bmost affected|\bworst|\bbest\b|\branks?\b|\bleague"
    text = re.sub(r"(Lowest|Highest) third|design effects range from", "", text)
    assert not re.search(ranking, text, re.IGNORECASE)
    assert not re.search(r"child (?:porn|prostitut)|per cent\) of children\b", text, re.IGNORECASE)


def test_simulated_data_are_marked_on_every_page_and_observed_data_are_not(fill: Fill) -> None:
    simulated = fill()
    assert re.search(r'^watermark: "Simulated data', simulated, re.MULTILINE)
    cite = chapter(simulated, "sec-colophon")
    assert "This report is not to be cited" in cite
    assert "(2026)" not in cite
    assert simulated.index("callout-warning") < simulated.index("## Cambodia in numbers")


def test_observed_data_carry_no_mark(fill: Fill) -> None:
    observed = fill(simulated=False)
    assert "watermark" not in observed
    assert "simulat" not in observed.lower()
    cite = chapter(observed, "sec-colophon")
    assert "Disrupting Harm workflow (2026). *Disrupting Harm in Cambodia: " in cite


def test_a_country_without_helpline_gets_no_report(fill: Fill) -> None:
    with pytest.raises(StudyError, match="column 'helpline'"):
        fill(area={"country": "KHM"})


def test_a_helpline_that_nobody_confirmed_is_never_printed(fill: Fill, tmp_path: Path) -> None:
    text = fill(area={**AREA, "helpline_confirmed": False})
    assert "1280" not in text
    assert text.count("No helpline is printed here") == 1
    assert "Talk to an adult whom you trust." in chapter(text, "sec-colophon")
    # The study is simulated and marked as such on every page: it may go out without a number.
    assert "status:" not in text.partition("\n---")[0]
    said = read_json(tmp_path / "report" / "status.json")
    assert (said["help_not_confirmed"], said["not_for_publication"]) == (True, False)


def test_a_confirmed_helpline_is_printed_and_leaves_no_mark(fill: Fill, tmp_path: Path) -> None:
    text = fill(simulated=False)
    assert text.count("Child Helpline Cambodia 1280") == 2
    assert "status:" not in text.partition("\n---")[0]
    assert read_json(tmp_path / "report" / "status.json") == {
        "draft_translation": False,
        "help_not_confirmed": False,
        "not_for_publication": False,
        "untranslated": [],
        "to_be_written": [],
    }


def test_a_report_of_real_data_without_a_confirmed_helpline_is_not_for_publication(
    fill: Fill, tmp_path: Path
) -> None:
    text = fill(area={**AREA, "helpline_confirmed": False}, simulated=False)
    assert 'status: "Not for publication' in text.partition("\n---")[0]
    said = read_json(tmp_path / "report" / "status.json")
    assert said["help_not_confirmed"] is said["not_for_publication"] is True


def test_a_confirmation_needs_a_source() -> None:
    with pytest.raises(ValueError, match="without a 'helpline' and its 'helpline_source'"):
        Country.model_validate({**AREA, "helpline_source": None})


def test_what_a_country_does_not_know_is_not_told(fill: Fill) -> None:
    text = fill(area={"country": "KHM", "helpline": "1280"})
    assert "children aged 12-17 live in Cambodia" not in text
    assert "children aged 12-17 use the internet" not in chapter(text, "sec-numbers")
    assert "children aged 12-17 live in Cambodia" in fill()


def test_only_the_countrys_own_cybertips_are_printed(fill: Fill) -> None:
    text = fill()
    assert "CyberTip reports fell between 2022 and 2023" in finding(text, "cybertips")
    assert "NCMEC placed 227,955 CyberTip reports in Cambodia in 2022, and 172,906 in 2023." in text
    assert "999,999" not in text


def test_figures_stay_where_they_are_and_absent_ones_are_left_out(
    fill: Fill, tmp_path: Path
) -> None:
    text = fill()
    places = re.findall(r"\]\((\.\./public/figures/KHM/en/[\w-]+)\)", text)
    assert len(places) == len(set(places)) == 7
    for place in places:
        assert (tmp_path / "report" / f"{place}.svg").resolve().is_file()
    assert not (tmp_path / "report" / "figures").exists()
    assert "regions-clear" not in text


def test_the_quality_annex_prints_the_facts_of_quality_json(fill: Fill) -> None:
    text = fill(template="survey").split("{#sec-quality")[1].split("\n## ")[0]
    effects = QUALITY["design_effects"]
    assert f"from {effects['lowest']} to {effects['highest']}, with a median of 1.41" in text
    assert "at most 9 per cent (for: Sexual images shared without permission)" in text
    assert "| Sex and age: Girls 14-15 | 17.0 | 16.0 | 17.0 |" in text
    assert "RR1 77.1, RR2 80.0, COOP1 90.0 and COOP3 not available." in text
    assert "age outside 12-17 (fewer than 10)" in text


def test_the_quality_annex_says_what_was_tried_on_hidden_numbers(fill: Fill) -> None:
    text = fill(template="survey").split("{#sec-quality")[1].split("\n## ")[0]
    assert "**Hidden numbers.** 77 of 1,689 estimates are hidden or printed as a bound" in text
    assert "once counted in persons and once in weights, with 6,270 equations." in text
    assert "Nothing was told more closely than the rules allow (HiGHS of SciPy 1.0)." in text
    assert "| Printed as a bound: to protect respondents | 31 |" in text
    assert "| Hidden: to protect respondents | 46 |" in text


def test_a_table_says_what_its_bounds_and_its_gaps_are(fill: Fill) -> None:
    hidden = {"shown": "< 10", "status": "suppress_disclosure"}
    text = fill([row("clear_examples", "region", "region_1", **hidden)], template="survey")
    assert text.count("a mean of the numbers shown would be too high.") == 1
    captions = [caption for caption in re.findall(r"^: .*$", text, re.M) if "is a bound" in caption]
    assert captions
    for caption in captions:
        assert "not only for those who answered (97.5 per cent sure)." in caption
        assert "a mean of the numbers shown would be too high." in caption
        assert "for questions on violence the largest of all" in caption


def test_under_coded_a_bound_is_one_on_the_estimate(fill: Fill) -> None:
    hidden = {"shown": "< 10", "status": "suppress_disclosure"}
    change, coded = row("clear_examples", "total", "all", **hidden), {"method": "coded"}
    text = fill([change], disclosure=coded, template="survey")
    assert "by the estimate fewer than 10 per cent of internet-using" in text
    assert "the true share may lie beyond it." in text
    # A heading claims nothing then: the true share may lie on the other side.
    told = finding(fill([change], disclosure=coded), "forms")
    assert told.startswith("### Sexual exploitation and abuse online")
    assert "not from their answers" not in text


def test_values_cannot_break_the_markdown(fill: Fill) -> None:
    text = fill(area={**AREA, "helpline": "Help | *now* <b>call</b> @fig-x"})
    assert r"Help \| \*now\* \<b\>call\</b\> \@fig-x" in text


def test_a_name_that_the_report_lacks_is_an_error(fill: Fill, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "country").mkdir(parents=True)
    (templates / "country" / "report.qmd.j2").write_text("<< no_such_name >>")
    with pytest.raises(StudyError, match="no_such_name"):
        fill(templates=templates)


def test_an_indicator_that_the_codebook_lacks_is_an_error(fill: Fill, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "country").mkdir(parents=True)
    (templates / "country" / "report.qmd.j2").write_text('<< findings(["no_such_indicator"]) >>')
    with pytest.raises(StudyError, match="no indicator 'no_such_indicator'"):
        fill(templates=templates)


def test_reports_are_filled_furnished_and_rendered_the_same_twice(
    tmp_path: Path, codebook: Codebook, config: Configuration
) -> None:
    public = tmp_path / "public"
    write_public(public, codebook, [], "en")
    furnish(tmp_path)
    report = config.report.model_copy(update={"formats": ("html",), "renderer": "embedded"})
    first, second = (
        write_reports(
            Country.model_validate(AREA),
            config.model_copy(update={"report": report}),
            codebook,
            public=public,
            templates=TEMPLATES,
            out=tmp_path / run,
        )[0]
        for run in ("first", "second")
    )
    page = first.files["html"].read_bytes()
    assert page == second.files["html"].read_bytes()
    assert b"Child Helpline Cambodia 1280" in b" ".join(page.split())
    assert b"Rendered by: pandoc 3.9." in b" ".join(page.split())
    sources = [(tmp_path / run / "en" / "report.qmd").read_bytes() for run in ("first", "second")]
    assert sources[0] == sources[1]
