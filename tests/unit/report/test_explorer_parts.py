"""The pieces of the explorer: its script as one, its words in the page, what stands apart."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from repository import PROJECT

from disrupting_harm.report.language.translator import build_english, load_translator
from disrupting_harm.report.web.explorer.facts import (
    describe_surveys,
    explain_missing_number,
    find_reasons_not_compared,
    format_limits,
    format_localised,
    is_not_compared,
    name_countries,
)
from disrupting_harm.report.web.explorer.messages import translate_messages
from disrupting_harm.report.web.explorer.packed_tables import pack_tables
from disrupting_harm.report.web.explorer.page import (
    MODULES,
    join_script_modules,
)
from disrupting_harm.report.web.templates import format_json_in_page, hash_for_policy
from disrupting_harm.study.codebook.definitions import Indicator, PartlyMissing, Statistic
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import STATUSES, UNASKED_REASON

SCRIPT = PROJECT / "workflow" / "templates" / "explorer"
LOCALE = PROJECT / "workflow" / "templates" / "locale"
DEFINED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)
IMPORTED = re.compile(r'^import \{ (.+?) \} from "\./(\w+)\.js";', re.MULTILINE)
SAID = re.compile(r'\bsay\(\s*"(\w+)"')
WORDS = {"confidence": "95", "coded": False}


def modules() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(SCRIPT.glob("*.js"))}


def test_every_module_is_part_of_the_script_after_those_that_it_imports_from() -> None:
    sources = modules()
    assert sorted(MODULES) == sorted(sources)
    for at, name in enumerate(MODULES):
        for names, origin in IMPORTED.findall(sources[name]):
            assert origin in MODULES[:at], f"{name}.js imports from {origin}.js, which comes later"
            for imported in names.split(", "):
                exported = rf"^export (async )?(function|const) {imported}\b"
                assert re.search(exported, sources[origin], re.MULTILINE), f"{name}.js: {imported}"


def test_no_two_modules_define_the_same_name() -> None:
    defined = [name for source in modules().values() for name in DEFINED.findall(source)]
    assert len(defined) > 50
    assert len(defined) == len(set(defined))


def test_the_script_is_without_imports_and_small() -> None:
    script = join_script_modules(SCRIPT)
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert len(script.encode()) <= 40_000
    assert "</script" not in script


def test_every_message_that_the_script_says_is_there_in_every_language() -> None:
    said = set(SAID.findall(join_script_modules(SCRIPT)))
    assert len(said) > 30
    for language in ("en", "id", "km", "pt", "th", "vi"):
        translator = load_translator(language, LOCALE)
        assert said <= set(translate_messages(translator, **WORDS))
        assert translator.untranslated == set()


def test_periods_rules_and_statistics_of_every_codebook_have_words() -> None:
    said = translate_messages(build_english("countries"), **WORDS)
    fields = Indicator.model_fields
    for prefix, values in (
        ("recall_", get_args(fields["recall"].annotation)),
        ("missing_", get_args(fields["dont_know"].annotation)),
        ("missing_", get_args(PartlyMissing)),
        ("", get_args(Statistic)),
    ):
        assert values
        assert {f"{prefix}{value}" for value in values} <= set(said)
    assert {status for status in STATUSES if status != "present"} <= set(said)


@pytest.mark.parametrize("areas", ["countries", "regions"])
def test_rows_are_called_what_the_study_calls_them(areas) -> None:
    said = translate_messages(build_english(areas), **WORDS)
    assert said["area"] == {"countries": "Country", "regions": "Region"}[areas]


def test_text_in_the_page_cannot_end_it() -> None:
    text = format_json_in_page({"label": "</script><script>alert(1)</script><!--"})
    assert "<" not in text
    assert json.loads(text)["label"].startswith("</script>")


def test_the_policy_names_the_script_by_its_bytes() -> None:
    # SHA-256 of nothing, in base64.
    assert hash_for_policy("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_the_same_tables_are_packed_into_the_same_bytes() -> None:
    tables = {"estimates": [{"country": "KEN", "shown": "c"}], "earlier": []}
    assert pack_tables(tables) == pack_tables(json.loads(json.dumps(tables)))


@pytest.mark.parametrize(
    ("language", "expected"), [("pt", ["ZAF", "KHM", "VNM"]), ("th", ["KHM", "VNM", "ZAF"])]
)
def test_countries_stand_in_the_order_of_the_alphabet(language: str, expected: list[str]) -> None:
    rows = [Country(country=code) for code in ("VNM", "ZAF", "KHM")]
    estimates = [{"country": row.country} for row in rows]
    found = name_countries(rows, load_translator(language, LOCALE), estimates)
    assert [each["code"] for each in found] == expected


def test_a_country_that_is_compared_on_nothing_stands_apart_on_everything() -> None:
    rows = [
        {"country": country, "indicator": indicator, "comparable": comparable, "reason": reason}
        for country, indicator, comparable, reason in (
            ("ZAF", "a", "no", "another survey; not available: mode"),
            ("ZAF", "b", "no", "another survey"),
            ("ZAF", "c", "no", UNASKED_REASON),
            ("KEN", "a", "no", "another wording"),
            ("KEN", "b", "no", "another age"),
            ("KEN", "c", "yes", "not available: mode"),
            ("UGA", "a", "yes", ""),
        )
    ]
    found = find_reasons_not_compared(rows, build_english("countries"))
    assert found == {
        "KEN": [
            {"reason": "another age", "indicators": ["b"]},
            {"reason": "another wording", "indicators": ["a"]},
        ],
        "ZAF": [{"reason": "another survey", "indicators": []}],
    }
    assert is_not_compared(found, "ZAF", "d")
    assert is_not_compared(found, "KEN", "a")
    assert not is_not_compared(found, "KEN", "c")
    assert not is_not_compared(found, "UGA", "a")


def test_the_newest_survey_has_the_code_of_its_country() -> None:
    change = {"country": "KEN", "wave_from": "1", "wave_to": "2"}
    years = {"year_from": "2020.9", "year_to": "2025.4"}
    assert describe_surveys({"KEN": ["KEN-1"]}, [change | years]) == {
        "KEN-1": {"of": "KEN", "wave": "1", "year": "2020"},
        "KEN": {"of": "KEN", "wave": "2", "year": "2025"},
    }


def test_limits_have_the_decimals_of_their_estimate() -> None:
    row = {"shown": "41.0", "ci_low": "0.4", "ci_high": "0.425"}
    assert format_limits(row, mean=False) == ("40.0", "42.5")
    assert format_limits({"shown": "2.9", "ci_low": "2.8", "ci_high": "3"}, mean=True) == (
        "2.8",
        "3.0",
    )
    assert format_localised(load_translator("pt", LOCALE), "1012.5") == "1\u00a0012,5"


def test_what_is_not_shown_has_its_reason_in_words() -> None:
    said = translate_messages(build_english("countries"), **WORDS)
    row = {"status": "suppress_disclosure", "reason": "confidential", "bound_high": ""}
    assert explain_missing_number(row, said, {}) == "not shown, to protect respondents"
    row |= {"bound_low": "0.0", "bound_high": "0.1"}
    range_ = "fewer than 10 per cent (a range alone, to protect respondents)"
    assert explain_missing_number(row, said, {}) == range_
    row |= {"bound_low": "0.8", "bound_high": "1.0"}
    assert explain_missing_number(row, said, {}).startswith("more than 80 per cent (")
    row |= {"status": "suppress_reliability", "reason": "n_below_30", "bound_high": ""}
    assert explain_missing_number(row, said, {"n_below_30": "too few answers"}) == (
        "not shown, not reliable enough (too few answers)"
    )


def test_the_templates_of_the_page_are_in_the_package() -> None:
    names = {path.name for path in Path(SCRIPT).iterdir()}
    assert {"page.html.j2", "explorer.css", "main.js"} <= names
