"""The country report as filled from public tables, and what it must never say."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from public_results import AREA, QUALITY, row, shown, write_public
from ranked_needs import write_needs_of
from rendering_sample import SETTINGS, furnish
from reviewed import assert_as_reviewed, list_changes

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.documents.country_report import write_reports, write_source
from disrupting_harm.report.findings.brief_definition import read_brief
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.markdown import remove_addresses
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
        actions = load_recommendations(RECOMMENDATIONS, codebook)
        write_needs_of(read_results("KHM", public), actions, public)
        source = write_source(
            Country.model_validate(area or AREA),
            config.model_copy(update={"study": config.study.model_copy(update=study)}),
            codebook,
            read_results("KHM", public),
            "en",
            figures=public / "figures" / "KHM" / "en",
            templates=templates,
            folder=tmp_path / "report",
            recommendations=actions,
            brief=read_brief(BRIEF),
            findings=load_findings(FINDINGS, codebook),
        )
        return remove_addresses(source.read_text(encoding="utf-8"))

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


HIDDEN = {"shown": "c", "status": "suppress_disclosure"}
UNRELIABLE = {"shown": "*", "status": "suppress_reliability"}
UNASKED = {"shown": "not asked", "status": "not_asked"}
BELOW_TEN = {"shown": "< 10", "status": "suppress_disclosure"}
CAUTION = shown(0.36, 0.2, 0.5) | {"status": "caution"}
ATTITUDES = ("finds_talking_hard", "would_tell_an_adult", "blames_child_for_image")
NOT_ASKED = {
    **QUALITY,
    "not_asked": ["images_shared"],
    "item_nonresponse": {
        **QUALITY["item_nonresponse"],
        "high": [{"indicator": "threatened_online", "share": 0.13}],
    },
}


def national(values: dict[str, Any], *indicators: str) -> list[dict[str, Any]]:
    return [row(name, "total", "all", **values) for name in indicators or ("clear_examples",)]


# What to look at, and what other public results the report is filled with.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "country": {
        "Prose has whole per cents, and the level of the intervals is said once": {
            "changes": national(shown(0.733, 0.701, 0.764), "uses_daily")
        },
        "Not reliable enough: a sentence says so, no key figure, no dots on the cover": {
            "changes": national(UNRELIABLE)
        },
        "Hidden to protect: a sentence says so, no key figure, no dots on the cover": {
            "changes": national(HIDDEN)
        },
        "Not asked is not hidden": {"changes": national(UNASKED)},
        "A low bound is a claim and a key figure": {
            "changes": national(BELOW_TEN | {"shown": "< 5"})
        },
        "A high bound is no claim, and a key figure": {
            "changes": national(BELOW_TEN | {"shown": "> 95"})
        },
        "Under 'coded' the bound is one on the estimate, and a heading claims nothing": {
            "changes": national(BELOW_TEN), "disclosure": {"method": "coded"},
        },
        "A finding of what was not asked is left out": {"changes": national(UNASKED, *ATTITUDES)},
        "Of one of three not asked, the finding keeps the others": {
            "changes": national(UNASKED, "finds_talking_hard")
        },
        "A sentence without its number is left out, and the reason told": {
            "changes": national(HIDDEN, "images_shared") + national(UNRELIABLE, "threatened_online")
        },
        "The annex says what was not asked": {
            "changes": national(UNASKED, "images_shared"), "quality": NOT_ASKED,
        },
        "What a country does not know is not told": {
            "area": {"country": "KHM", "helpline": "1280"}
        },
        "Values cannot break the Markdown": {
            "area": {**AREA, "helpline": "Help | *now* <b>call</b> @fig-x"}
        },
        "Observed data carry no mark, and can be cited": {"simulated": False},
    },
    "survey": {
        "To be used with caution is said in text and table": {"changes": national(CAUTION)},
        "In review is used with caution": {"changes": national(CAUTION | {"status": "review"})},
        "A table explains the signs that it uses, and no others": {
            "changes": national(HIDDEN, "images_shared") + national(CAUTION, "threatened_online")
        },
        "What was not asked is not said to be hidden": {
            "changes": national(UNASKED, "images_shared"), "quality": NOT_ASKED,
        },
        "The annex says which composites have imputed answers": {
            "quality": QUALITY | {"imputed": [{"indicator": "any_tf_csea", "share": 0.05}]}
        },
        "A table says what its bounds and its gaps are": {
            "changes": [row("clear_examples", "region", "region_1", **BELOW_TEN)]
        },
        "Under 'coded' the true share may lie beyond the bound": {
            "changes": national(BELOW_TEN), "disclosure": {"method": "coded"},
        },
        "A group has its estimate, its interval and its n": {
            "changes": [row("uses_daily", "sex", "girl", **shown(0.41, 0.35, 0.472, 506))]
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("template", VARIANTS)
def test_a_report_and_what_other_results_change_in_it_are_as_reviewed(
    fill: Fill, template: str
) -> None:
    """The report as a whole; then, of each variant, every line that differs and no other."""
    report = fill(template=template)
    parts = [report]
    for meaning, results in VARIANTS[template].items():
        text = fill(**results, template=template)
        assert lint(text, SETTINGS) == [], meaning
        parts.append(f"# {meaning}\n\n{list_changes(report, text)}\n")
    assert_as_reviewed(f"report_{template}.md", "\n".join(parts))


def test_the_linter_finds_nothing_and_every_reference_resolves(fill: Fill) -> None:
    text = fill()
    assert lint(text, SETTINGS) == []
    anchors = re.findall(r"\{#([\w-]+)", text)
    assert len(anchors) == len(set(anchors))
    references = set(re.findall(r"(?<!\w)@((?:fig|tbl|sec)-\w+(?:-\w+)*)", text))
    assert references <= set(anchors)
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(anchors)


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
    report = "at least one of four forms of online sexual"
    wider = "any technology-facilitated sexual exploitation or abuse"
    found = tables(fill(template="survey"))
    holding = [
        {series for series in (report, wider) if series in table} for table in found.values()
    ]
    assert {report} in holding
    grouped = [found[f"tbl-groups-{at}"].splitlines()[0] for at in (1, 2)]
    assert "Any of the four forms" in grouped[0]
    assert "Any form" not in grouped[0]
    assert "Any form" in grouped[1]
    assert "Any of the four forms" not in grouped[1]
    assert {wider} in holding
    assert {report, wider} not in holding


def test_a_table_that_would_show_both_composites_is_refused(fill: Fill, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "country").mkdir(parents=True)
    call = '<< table(["clear_examples", "any_tf_csea"], "caption", "tbl-x") >>'
    (templates / "country" / "report.qmd.j2").write_text(call)
    with pytest.raises(StudyError, match="report_composite and wider_composite side by side"):
        fill(templates=templates)


def test_no_sentence_ranks_or_blames(fill: Fill) -> None:
    text = re.sub(r'fig-alt="(?:\\.|[^"\\])*"', "", fill())
    ranking = r"highest |lowest |\bmost affected|\bworst|\bbest\b|\branks?\b|\bleague"
    text = re.sub(r"(Lowest|Highest) third|design effects range from", "", text)
    assert not re.search(ranking, text, re.IGNORECASE)
    assert not re.search(r"child (?:porn|prostitut)|per cent\) of children\b", text, re.IGNORECASE)


def test_nothing_of_observed_data_is_called_simulated(fill: Fill) -> None:
    assert "simulat" not in fill(simulated=False).lower()


def test_a_country_without_helpline_gets_no_report(fill: Fill) -> None:
    with pytest.raises(StudyError, match="column 'helpline'"):
        fill(area={"country": "KHM"})


def test_a_helpline_that_nobody_confirmed_is_never_printed(fill: Fill, tmp_path: Path) -> None:
    text = fill(area={**AREA, "helpline_confirmed": False})
    assert "1280" not in text
    assert text.count("To be filled: a helpline for children in ") == 1
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
        "translation": None,
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


def test_figures_stay_where_they_are_and_absent_ones_are_left_out(
    fill: Fill, tmp_path: Path
) -> None:
    text = fill()
    places = re.findall(r"\]\((\.\./public/figures/KHM/en/[\w-]+)\)", text)
    assert len(places) == len(set(places)) == 4
    for place in places:
        assert (tmp_path / "report" / f"{place}.svg").resolve().is_file()
    assert not (tmp_path / "report" / "figures").exists()
    assert "regions-clear" not in text


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
