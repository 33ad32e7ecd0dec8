"""The brief of a country: its sentences, its numbers, its two pages."""

import csv
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
import yaml
from evidence_results import public_rows
from public_results import AREA, row, shown, write_public
from reviewed import assert_as_reviewed, list_changes

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.documents.brief.country import write_source
from disrupting_harm.report.documents.brief.country_comparison import read_comparison_of_country
from disrupting_harm.report.documents.brief.group_gaps import describe_groups
from disrupting_harm.report.documents.brief.source_counts import describe_last_counts
from disrupting_harm.report.figures.brief.pictures import choose_indicators
from disrupting_harm.report.findings.brief_definition import Lead, load_brief, read_brief
from disrupting_harm.report.findings.order_claims import describe_other_ages, translate_reason
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, PLAIN, Translator, load_translator
from disrupting_harm.report.reading.country_results import Cell, Results, read_results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.report.rendering import render, write_shared
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON

ROOT = Path(__file__).parents[3]
CONFIG, TEMPLATES = ROOT / "config", ROOT / "workflow" / "templates"
DENOMINATORS = {
    "indicator": "clear_examples", "country": "KHM", "denominator": "internet_using_children",
    "children": "250000", "children_low": "200000", "children_high": "310000",
    "population": "1473900", "internet_use_source": "A roster",
}  # fmt: skip
BOUNDS = {
    "indicator": "clear_examples", "country": "KHM", "valid_share": "0.96", "estimate": "0.17",
    "lower": "0.16",
    "upper": "0.21", "ci_low": "0.13", "ci_high": "0.24",
}  # fmt: skip
LEAD = row("clear_examples", "total", "all", **shown(0.171, 0.139, 0.208))
Make = Callable[..., Path]


def slow(language: str) -> Any:
    """Return a language as one of the slow tests: other words in the same places."""
    return pytest.param(language, marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(CONFIG / "indicators.yaml")


@pytest.fixture
def make(tmp_path: Path, codebook: Codebook) -> Make:
    """Return the folder of a brief; ``changes`` are rows of the public table.

    It is rendered in the ``formats`` alone: most tests read its source.
    """

    def made(
        *changes: dict[str, Any],
        formats: tuple[str, ...] = (),
        area: dict[str, Any] | None = None,
        language: str = "en",
        comparable: str = "yes",
        reason: str = "another survey",
        quality: dict[str, Any] | None = None,
        disclosure: dict[str, Any] | None = None,
        bounds: str = "KHM",
    ) -> Path:
        public = tmp_path / "public"
        shutil.rmtree(public, ignore_errors=True)
        write_public(public, codebook, list(changes), "en", quality=quality, disclosure=disclosure)
        write_shared(public, TEMPLATES)
        judged = {
            "indicator": "clear_examples", "country": "KHM", "wave": "1", "comparable": comparable,
            "reason": reason,
        }  # fmt: skip
        bound = BOUNDS | {"country": bounds}
        tables = {"denominators": DENOMINATORS, "bounds": bound, "comparability": judged}
        for name, facts in tables.items():
            path = public / "comparison" / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            with path.open("w", newline="") as file:
                table = csv.DictWriter(file, facts)
                table.writeheader()
                table.writerow(facts)
        config = load_configuration(CONFIG / "config.yaml")
        recommendations = load_recommendations(CONFIG / "recommendations.yaml", codebook)
        place = Country.model_validate(area or AREA)
        folder = public / "briefs" / "KHM" / language
        document = write_source(
            place,
            [place],
            config,
            codebook,
            load_brief(CONFIG / "brief.yaml", codebook),
            load_translator(language, TEMPLATES / "locale", respondents="children"),
            read_results("KHM", public),
            read_comparison_of_country(public / "comparison", "KHM", "clear_examples"),
            TEMPLATES,
            folder,
            recommendations,
        )
        if formats:
            render(document, formats, "embedded", language=language)
        return folder

    return made


HIDDEN = {"shown": "c", "status": "suppress_disclosure"}
BELOW_TEN = {"shown": "< 10", "status": "suppress_disclosure"}
WIDER = row("any_tf_csea", "total", "all", **shown(0.053, 0.038, 0.071))


def national(values: dict[str, Any], *indicators: str) -> list[dict[str, Any]]:
    return [row(name, "total", "all", **values) for name in indicators or ("clear_examples",)]


# What to look at, and what other results the brief is made of.
VARIANTS: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "A wider indicator is told where it has a number, and the main one none": (
        [*national(BELOW_TEN | {"shown": "< 5"}), WIDER],
        {},
    ),
    "A survey set apart says why it is not compared": ([LEAD], {"comparable": "no"}),
    "What a survey did not ask is not called incomparable": (
        [LEAD],
        {"comparable": "no", "reason": f"{UNASKED_REASON}; not available: coverage"},
    ),
    "Silence is told of where its numbers cannot be printed": ([LEAD], {"bounds": "KEN"}),
    "A lead without a number says why, and has no dots": (national(HIDDEN), {}),
    "A bound is told as a bound": (national(BELOW_TEN), {}),
    "Under 'coded' a bound is one of the estimate, in a tile, too": (
        national(BELOW_TEN, "clear_examples", "told_nobody"),
        {"disclosure": {"method": "coded"}},
    ),
    "A tile without a number says that it is too uncertain": (
        [LEAD, row("told_nobody", "total", "all")],
        {},
    ),
    "A tile without a number says that it is hidden": (
        [LEAD, *national(HIDDEN, "told_nobody")],
        {},
    ),
    "The dates of the survey are told where they are known": (
        [LEAD],
        {"area": AREA | {"fieldwork": "May to July 2019"}},
    ),
    "A helpline that nobody confirmed is not printed": (
        [LEAD],
        {"area": AREA | {"helpline_confirmed": False}},
    ),
}


def test_a_brief_and_what_other_results_change_in_it_are_as_reviewed(make: Make) -> None:
    """The brief as a whole; then, of each variant, every line that differs and no other."""
    brief = source(make(LEAD))
    parts = [brief]
    for meaning, (rows, options) in VARIANTS.items():
        folder = make(*rows, **options)
        parts.append(f"# {meaning}\n\n{list_changes(brief, source(folder))}\n")
        assert (folder / "figures" / "dots.svg").exists() == (LEAD in rows)
    assert_as_reviewed("brief_country.md", "\n".join(parts))


def test_an_option_with_a_number_stands_in_place_of_one_without(make: Make) -> None:
    brief = read_brief(CONFIG / "brief.yaml")
    picture = next(picture for picture in brief.pictures if picture.id == "told")

    def printed(*known: str, bound: str = "") -> list[str]:
        names = [*picture.indicators, "told_sibling"]
        cells = {
            (name, "total", "all"): Cell(
                name, "total", "all", 50, 0.2, 0.1, 0.3, "20", "present",
                percent=PercentInterval(20, 10, 30) if name in known else None,
                bound_low=0.0 if name == bound else None, bound_high=0.1 if name == bound else None,
            )
            for name in names
        }  # fmt: skip
        options = tuple({"option": name, "question": "told"} for name in names)
        return choose_indicators(picture, Results("KHM", cells, {}, options=options))

    named = list(picture.indicators)
    assert printed(*named) == named
    assert printed(*named, "told_sibling") == named
    assert printed("told_nobody", "told_sibling") == [*named[:-1], "told_sibling"]
    # A bound says something: its row is not empty.
    assert printed(*named[:-1], "told_sibling", bound=named[-1]) == named


def test_each_part_of_a_reason_is_translated() -> None:
    translator = Translator("km", {"A": "ក", "B": "ខ", "C; D": "គ"}, PLAIN)
    assert translate_reason(translator, "A; B") == "ក; ខ"
    assert translate_reason(translator, "C; D") == "គ"
    assert translator.untranslated == set()


def test_ages_stand_beside_the_headline_where_they_differ_or_are_doubtful(make: Make) -> None:
    differing = "another survey; age range: 9-17, elsewhere 12-17; not available: coverage"
    translator = load_translator("en", TEMPLATES / "locale")
    assert translate_reason(translator, differing).startswith(
        "another survey; ages asked: 9-17, elsewhere 12-17"
    )
    with (CONFIG / "comparability.csv").open(encoding="utf-8") as file:
        judged = csv.DictReader(file)
        doubtful = next(row["reason"] for row in judged if row["attribute"] == "age_range")
    for reason, sentence in (
        (differing, "Ages asked: 9-17, elsewhere 12-17."),
        (f"age range: {doubtful}", "Ages asked: 9-17 or 12-17, as sources differ."),
    ):
        text = source(make(comparable="no", reason=reason))
        headline, rest = text.split("That is between", 1)
        assert sentence in rest.split("{.sure}")[0]
        assert sentence not in headline
    # Of which of the doubtful ages the numbers are is said, too.
    assert describe_other_ages(translator, f"age range: {doubtful}", "12-17").endswith(
        "as sources differ. All numbers of the survey here are of ages 12-17."
    )
    assert describe_other_ages(translator, differing, "9-17").endswith("elsewhere 12-17.")
    assert "Ages asked" not in source(make(comparable="no", reason="another survey"))


def test_a_brief_says_a_reason_of_several_parts_in_its_language(make: Make) -> None:
    with (CONFIG / "comparability.csv").open(encoding="utf-8") as file:
        judged = next(csv.DictReader(file))["reason"]
    told = load_translator("km", TEMPLATES / "locale").translate_or_keep(judged)
    assert told != judged
    folder = make(comparable="no", reason=f"{judged}; {judged}", language="km")
    assert f"{told}; {told}" in source(folder)
    assert judged not in (folder / "status.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ({"simulated"}, "Helpline, 2019 (simulated)"),
        ({"observed"}, "Helpline, 2019"),
    ],
)
def test_a_source_of_simulated_figures_says_so_in_its_own_row(kinds: set[str], told: str) -> None:
    facts = {
        "country": "KHM", "year": "2019", "organisation": "Helpline", "kind": "helpline",
        "measure": "contacts_ocsea", "contacts": "21", "status": "reported",
        "source_id": "a_source",
    }  # fmt: skip
    rows = [facts | {"data_kind": kind} for kind in sorted(kinds)]
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    (line,) = describe_last_counts(translator, Evidence(public_rows({"hotlines": rows})))
    assert line.source == told
    assert remove_addresses(line.counted) == "**21 contacts** were about online abuse."


@pytest.mark.parametrize(
    ("kind", "measure", "usual"),
    [
        ("helpline", "contacts_ocsea", "Those who do not know the number"),
        ("hotline", "reports_received", "One report is not one child."),
    ],
)
def test_a_brief_counts_nothing_of_a_service_without_saying_that_sources_disagree(
    kind: str, measure: str, usual: str
) -> None:
    facts = {
        "country": "KHM", "year": "2019", "organisation": "A service", "kind": kind,
        "measure": measure, "contacts": "21", "status": "reported", "source_id": "a_source",
        "data_kind": "observed",
    }  # fmt: skip
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    evidence = Evidence(public_rows({"hotlines": [facts]}))
    (line,) = describe_last_counts(translator, evidence)
    assert line.limit.startswith(usual)
    disputed = frozenset({f"KHM/hotlines/2019/A_service/{kind}/{measure}/a_source"})
    (line,) = describe_last_counts(translator, evidence, disputed)
    assert line.limit == f"Sources disagree on whether there is a {kind}: see the report."


def test_reports_of_a_hotline_stand_beside_what_was_removed_in_the_same_year() -> None:
    facts = {
        "country": "KHM", "organisation": "Hotline", "kind": "hotline", "status": "reported",
        "data_kind": "observed", "source_id": "a_source",
    }  # fmt: skip
    rows = [
        facts | {"year": year, "measure": measure, "contacts": contacts}
        for year, measure, contacts in (
            ("2018", "reports_received", "645"), ("2018", "removed", "176"),
            ("2019", "reports_received", "654"), ("2019", "removed", ""),
        )
    ]  # fmt: skip
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)

    def counted() -> str:
        (line,) = describe_last_counts(translator, Evidence(public_rows({"hotlines": rows})))
        return f"{line.source}: {remove_addresses(line.counted)}"

    assert counted() == "Hotline, 2019: **654 reports** of abuse material came in."
    rows[-1]["contacts"] = "192"
    assert counted().endswith("After 192 of the reports the material was removed.")


@pytest.mark.parametrize("status", ["incomplete", "reported"])
def test_at_least_is_explained_where_it_stands(status: str) -> None:
    facts = {
        "country": "KHM", "agency": "National police", "year": "2019", "category": "ocsea",
        "technology": "yes", "stage": "reported", "counting_rule": "victims", "offences": "102",
    }  # fmt: skip
    rates = [facts | {"status": status, "data_kind": "observed"}]
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    (line,) = describe_last_counts(translator, Evidence(public_rows({"offence_rates": rates})))
    least = "at least " * (status == "incomplete")
    assert remove_addresses(line.counted) == (
        f"The police recorded **{least}102 victims** of online abuse."
    )
    explained = "“At least”, as an offence or an agency has no number. "
    assert line.limit == explained * bool(least) + "Abuse that nobody reports is in no record."


def test_all_records_that_do_not_tell_of_technology_are_named() -> None:
    facts = {
        "country": "KHM", "agency": "National police", "year": "2019", "stage": "reported",
        "data_kind": "observed",
    }  # fmt: skip
    online = {"category": "ocsea", "technology": "yes", "counting_rule": "victims"}
    unknown = {"category": "csea", "technology": "not_recorded"}
    rates = [
        facts | online | {"offences": "0", "status": "reported"},
        facts | unknown | {"counting_rule": "victims", "offences": "94", "status": "incomplete"},
        facts | unknown | {"counting_rule": "cases", "offences": "1", "status": "reported"},
    ]
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)

    def counted() -> str:
        (line,) = describe_last_counts(translator, Evidence(public_rows({"offence_rates": rates})))
        return remove_addresses(line.counted)

    sentence = "Whether technology was used was not recorded for "
    assert counted().endswith(
        f"**no victim** of online abuse. {sentence}at least 94 victims and 1 case."
    )
    rates[2]["agency"] = "Coast guard"
    assert counted().endswith(
        f"{sentence}1 case (Coast guard) and at least 94 victims (National police)."
    )
    del rates[1:]
    assert sentence not in counted()


def test_of_the_police_the_last_year_with_a_number_is_told() -> None:
    facts = {
        "country": "KHM", "agency": "National police", "category": "ocsea", "technology": "yes",
        "stage": "reported", "counting_rule": "victims", "data_kind": "observed",
    }  # fmt: skip
    rates = [
        facts | {"year": "2018", "offences": "102", "status": "reported"},
        facts | {"year": "2019", "offences": "", "status": "not_recorded"},
    ]
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    (line,) = describe_last_counts(translator, Evidence(public_rows({"offence_rates": rates})))
    assert line.source == "Police, 2018"
    assert "**102 victims**" in remove_addresses(line.counted)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ("simulated", "Companies, 2023 (published)"),
        ("observed", "Companies, 2023"),
    ],
)
def test_published_counts_beside_simulated_ones_are_called_published(
    others: str, told: str
) -> None:
    reports = [
        {"country": "KHM", "year": "2023", "class": "unsplit", "reports": "173",
         "status": "reported", "data_kind": "published"}
    ]  # fmt: skip
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    evidence = Evidence(public_rows({"cybertips": reports, "policy": [{"data_kind": others}]}))
    (line,) = describe_last_counts(translator, evidence)
    assert line.source == told


def source(folder: Path) -> str:
    return remove_addresses((folder / "brief.qmd").read_text(encoding="utf-8"))


# The share that stands beside "1 in k", worked out by hand: 100/2 is 50, 100/3 33.3, 100/4 25 ...
ONE_IN = {50: 2, 33: 3, 25: 4, 20: 5, 17: 6, 14: 7, 11: 9, 10: 10}


@pytest.mark.parametrize("share", range(101))
def test_about_one_in_k_is_said_only_of_the_share_that_a_reader_works_out(share: int) -> None:
    """12 and 13 are both half a point from 1 in 8, and 9 would be 1 in 11: neither is said."""
    assert PercentInterval(share, 0, 100).one_in == ONE_IN.get(share)


def test_whole_per_cents_are_read_and_hidden_cells_have_none() -> None:
    row = {"estimate": "0.205", "ci_low": "0.174", "ci_high": "0.239"}
    assert read_percent_interval(
        PublicRow(row | {"whole": "20", "whole_low": "17", "whole_high": "24"})
    ) == PercentInterval(20, 17, 24)
    assert (
        read_percent_interval(
            PublicRow.fromkeys(("estimate", "whole", "whole_low", "whole_high"), "")
        )
        is None
    )


def test_a_picture_without_a_number_gives_way_to_the_next(make: Make) -> None:
    hidden = {"shown": "c", "status": "suppress_disclosure"}
    told = ("friend", "nobody", "caregiver", "teacher", "police", "helpline")
    folder = make(LEAD, *(row(f"told_{name}", "total", "all", **hidden) for name in told))
    drawn = {r["id"]: r["alt"] for r in read_json(folder / "figures" / "figures.json")}
    assert [*drawn] == ["dots", "forms", "requests"]
    # Who hears a picture is told of whom and of when it is, too.
    assert "(Share of children who use the internet, past year). At" in drawn["forms"]


def test_a_picture_has_a_finding_as_its_title_where_numbers_bear_it(make: Make) -> None:
    """All four are told of where each interval begins at 1 per cent, and 1 in 4 is 25 per cent."""
    forms = ("offered_for_meeting", "offered_for_images", "images_shared", "threatened_online")

    def titles(low: float, nobody: float) -> list[str]:
        rows = [row(name, "total", "all", **shown(0.06, low, 0.08)) for name in forms]
        told = row("told_nobody", "total", "all", **shown(nobody, nobody - 0.05, nobody + 0.05))
        folder = make(LEAD, *rows, told)
        drawn = read_json(folder / "figures" / "figures.json")
        return [figure["alt"].partition(": ")[2].partition(" (")[0] for figure in drawn[1:3]]

    assert titles(0.04, 0.25) == [
        "All four forms of abuse occur",
        "About 25 in 100 told nobody",
    ]
    assert titles(0.004, 0.24) == ["What others did to children", "About 24 in 100 told nobody"]
    assert titles(0.04, 0.6)[1] == "Most told nobody"


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (
            (-4, -12, 3, "False"),
            "In the main number, girls and boys do not clearly differ. "
            "A gap of up to 12 points is still possible.",
        ),
        (
            (0, -1, 1, "False"),
            "In the main number, girls and boys do not clearly differ. "
            "A gap of up to 1 point is still possible.",
        ),
        ((1, 0, 2, "True"), "Girls said so clearly more often than boys: the gap is 1 point."),
        ((9, 2, 16, "True"), "Girls said so clearly more often than boys: the gap is 9 points."),
        ((-9, -16, -2, "True"), "Girls said so clearly less often than boys: the gap is 9 points."),
    ],
)
def test_girls_and_boys_differ_only_where_the_test_says_so(
    codebook: Codebook, gap: tuple[int, int, int, str], told: str
) -> None:
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    config = load_configuration(CONFIG / "config.yaml")
    points, low, high, clear = gap
    facts = {
        "indicator": "clear_examples", "country": "KHM", "domain": "sex", "level_a": "girl",
        "level_b": "boy", "points": str(points), "points_low": str(low), "points_high": str(high),
        "clear": clear,
    }  # fmt: skip
    results = Results(
        "KHM", {}, {}, comparison_rows={"gaps": public_rows({"gaps": [facts]})["gaps"]}
    )
    sentences = describe_groups(
        Lead(indicator="clear_examples", in_100="{x}", fewer="{x}", meaning="It."),
        config,
        Labels(codebook, translator),
        results,
        translator,
    )
    assert remove_addresses(" ".join(sentences)) == told


@pytest.mark.parametrize(
    ("wider", "first"),
    [
        ((-10, "True"), "By this wider number boys said so clearly more often than girls: "
         "31%\u00a0(26–\u206037) and 21%\u00a0(16–\u206027)."),
        ((10, "True"), "By this wider number girls said so clearly more often than boys: "
         "21%\u00a0(16–\u206027) and 31%\u00a0(26–\u206037)."),
        ((-10, "False"), None),
    ],
)  # fmt: skip
def test_a_clear_gap_of_the_wider_number_stands_first(
    codebook: Codebook, wider: tuple[int, str], first: str | None
) -> None:
    """Else a reader takes "no clear difference" for all that was told."""
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    lead = load_brief(CONFIG / "brief.yaml", codebook).lead
    assert lead.wider is not None
    keys = {"country": "KHM", "domain": "sex", "level_a": "girl", "level_b": "boy"}
    gaps = [
        keys | {
            "indicator": indicator, "points": str(points), "points_low": str(points - 8),
            "points_high": str(points + 8), "clear": clear,
        }
        for indicator, (points, clear) in {
            lead.indicator: (-4, "False"), lead.wider.indicator: wider,
        }.items()
    ]  # fmt: skip
    shares = {"girl": PercentInterval(21, 16, 27), "boy": PercentInterval(31, 26, 37)}
    cells = {
        (lead.wider.indicator, "sex", level): Cell(
            lead.wider.indicator, "sex", level, 900, 0.2, 0.1, 0.3, "20", "present", percent=share
        )
        for level, share in shares.items()
    }
    results = Results("KHM", cells, {}, comparison_rows={"gaps": public_rows({"g": gaps})["g"]})
    config = load_configuration(CONFIG / "config.yaml")
    sentences = describe_groups(lead, config, Labels(codebook, translator), results, translator)
    said = [remove_addresses(sentence) for sentence in sentences if sentence]
    assert said[0] == first or (
        first is None and said[0] == "In the main number, girls and boys do not clearly differ."
    )
    assert len(said) == (2 if first is None else 3)


def test_a_brief_tells_the_test_of_the_wider_number_where_it_is_the_only_one(
    codebook: Codebook,
) -> None:
    translator = load_translator("en", TEMPLATES / "locale").with_markup(MARKDOWN)
    lead = load_brief(CONFIG / "brief.yaml", codebook).lead
    assert lead.wider is not None
    gap = {
        "indicator": lead.wider.indicator, "country": "IDN", "domain": "sex", "level_a": "girl",
        "level_b": "boy", "points": "3", "points_low": "-2", "points_high": "9", "clear": "False",
    }  # fmt: skip
    config = load_configuration(CONFIG / "config.yaml")

    def describe(rows: list[dict[str, str]]) -> str:
        results = Results("IDN", {}, {}, comparison_rows={"gaps": public_rows({"g": rows})["g"]})
        labels = Labels(codebook, translator)
        return remove_addresses(
            " ".join(describe_groups(lead, config, labels, results, translator))
        )

    assert describe([gap]) == (
        "Between girls and boys only the wider number was tested: they do not clearly differ. "
        "A gap of up to 9 points is still possible."
    )
    assert describe([gap | {"points": "", "points_low": "", "points_high": ""}]) == ""


def test_a_brief_is_two_pages_and_few_words(make: Make) -> None:
    folder = make(LEAD, formats=("html", "pdf", "docx"))
    pages = pypdf.PdfReader(folder / "brief.pdf").pages
    assert len(pages) == 2
    words = " ".join(page.extract_text() for page in pages).split()
    assert 300 < len(words) <= 850
    page = (folder / "brief.html").read_text(encoding="utf-8")
    assert '<div class="tile-row">' in page
    assert ":::" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    with zipfile.ZipFile(folder / "brief.docx") as package:
        document = package.read("word/document.xml").decode()
    assert 'w:val="Lead"' in document
    assert "About 1 in 6 children" in re.sub(r"<[^>]+>", "", document)


def test_khmer_is_two_pages_without_english_sentences(make: Make) -> None:
    folder = make(LEAD, formats=("pdf",), language="km")
    assert len(pypdf.PdfReader(folder / "brief.pdf").pages) == 2
    assert "said that they" not in source(folder)


_TILE = {"indicator": "told_nobody", "text": "told nobody"}
_TILES = {"base": "All", "tiles": [_TILE]}
_FINDING = {"indicator": "told_nobody"}
_PICTURE = {"id": "told", "title": "Told", "subtitle": "All", "indicators": ["told_nobody"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lead": {"indicator": "nobody"}}, "indicator 'nobody'"),
        ({"lead": {"indicator": "mean_hours_online"}}, "it is no proportion"),
        ({"lead": {"one_in": "About many"}}, "needs {k}"),
        ({"lead": {"total": "About {number} children"}}, "'total' needs {count}, {number}"),
        ({"lead": {"wider": {"indicator": "told_nobody", "sentence": "Many"}}}, "needs {share}"),
        ({"tiles": [_TILES | {"base": "one " * 10}]}, "more than 9 words"),
        ({"tiles": [_TILES | {"tiles": [_TILE | {"text": "one " * 11}]}]}, "more than 10 words"),
        ({"tiles": [_TILES | {"tiles": [_TILE] * 3}] * 2}, "more than 4 tiles"),
        ({"pictures": [_PICTURE | {"id": "dots"}]}, "a picture is called 'dots'"),
        ({"pictures": [_PICTURE | {"finding": {"indicator": "told_nobody"}}]}, "its 'heading'"),
        (
            {"pictures": [_PICTURE | {"finding": _FINDING | {"heading": {"some": "Some"}}}]},
            "no form 'some'",
        ),
        (
            {"pictures": [_PICTURE | {"finding": _FINDING | {"heading": {"one_in": "Some"}}}]},
            "the form 'one_in' needs",
        ),
        ({"pictures": [_PICTURE] * 2}, "several pictures are called 'told'"),
    ],
)
def test_faults_of_the_file_name_it(
    tmp_path: Path, codebook: Codebook, change: dict[str, Any], said: str
) -> None:
    content = yaml.safe_load((CONFIG / "brief.yaml").read_text(encoding="utf-8"))
    for key, value in change.items():
        content[key] = content[key] | value if isinstance(value, dict) else value
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(StudyError, match=re.escape(said)) as caught:
        load_brief(path, codebook)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("language", ["th", *map(slow, ("id", "pt", "vi"))])
def test_a_brief_stands_in_its_language_on_two_pages(make: Make, language: str) -> None:
    folder = make(LEAD, formats=("pdf",), language=language)
    assert len(pypdf.PdfReader(folder / "brief.pdf").pages) == 2
    assert read_json(folder / "status.json")["untranslated"] == []
    assert "said that they" not in source(folder)


@pytest.mark.parametrize(
    ("value", "shown"), [(1_364_464, "1.4M"), (46_030, "46K"), (6_771, "6.8K"), (645, "645")]
)
def test_short_numbers_keep_two_digits_that_tell(value: int, shown: str) -> None:
    assert load_translator("en", TEMPLATES / "locale").short(value) == shown


@pytest.mark.parametrize("language", ["en", "km", *map(slow, ("id", "pt", "th", "vi"))])
def test_the_reason_in_place_of_a_number_is_whole(make: Make, language: str) -> None:
    folder = make(LEAD, row("told_friend", "total", "all"), language=language)
    translator = load_translator(language, TEMPLATES / "locale")("not shown: too uncertain")
    drawn = (folder / "figures" / "told.svg").read_text(encoding="utf-8")
    assert f"<!-- {translator} -->" in drawn
