"""A document's numbers: hand-made faults are found, and what is right is not."""

import re
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.addresses import with_address
from disrupting_harm.provenance.derived_numbers import RULES, find_value
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import ALLOWED_ON_SITE, build_mark_expressions
from disrupting_harm.report.checks.numbers import (
    agrees,
    check_study_words,
    compile_number_labels,
    find_bare_numbers,
    find_wrong_numbers,
    read_allowed,
    read_allowed_file,
    split_constants,
)
from disrupting_harm.report.checks.site import PageText, read_numbers
from disrupting_harm.report.documents.draft_status import list_translation_marks
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    PLAIN,
    Translator,
    build_english,
    load_translator,
)

ESTIMATES = """\
country,indicator,domain,level,n,estimate,ci_low,ci_high,whole,shown,bound_low,bound_high,status
KEN,told_nobody,total,all,1054,0.173,0.148,0.201,17,17.3,,,present
KEN,told_nobody,sex,boy,,,,,,c,,,suppress_disclosure
KEN,told_nobody,sex,girl,498,,,,,< 10,0,0.1,suppress_disclosure
"""
POLICY = """\
country,area,item,answer,status,source_id
KEN,policy,law,in_place,reported,s
KEN,policy,plan,,not_recorded,s
UGA,policy,law,in_place,reported,s
"""
GOOD = """\
---
title: Findings of 14 countries
lang: en
---

In 2026, [17.3]{n="KEN/told_nobody/estimate"} per cent ([14.8]{n="KEN/told_nobody/ci_low"} to
[20.1]{n="KEN/told_nobody/ci_high"}, n [1,054]{n="KEN/told_nobody/n"}) of children aged 12-17 told
nobody, girls \\< [10]{n="KEN/told_nobody/sex:girl/bound_high"}; see @tbl-groups-1.

[1]{n="count(KEN/policy/answer:in_place)"} item is in place. Per 1,000 children: as above.

![Ages 12-17.](figures/a-1){#fig-1 fig-alt="17 per cent"}
"""
KNOWN = split_constants(["Per 1,000 children: {text}."])
ALLOWED = read_allowed(templates_folder())


@pytest.fixture
def published(tmp_path: Path) -> PublishedFiles:
    (tmp_path / "countries" / "KEN").mkdir(parents=True)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "countries" / "KEN" / "estimates.csv").write_text(ESTIMATES, encoding="utf-8")
    write_json(
        tmp_path / "countries" / "KEN" / "quality.json", {"valid": 0.96, "low": 2, "high": 5}
    )
    (tmp_path / "evidence" / "policy.csv").write_text(POLICY, encoding="utf-8")
    return PublishedFiles(tmp_path)


def faults(text: str, published: PublishedFiles, language: str = "en") -> list[str]:
    translator = Translator(language, {}, PLAIN)
    found = [
        *find_bare_numbers(text, KNOWN, ALLOWED),
        *find_wrong_numbers(text, translator, published),
    ]
    return [str(fault) for fault in sorted(found)]


def test_a_message_is_known_with_its_heading_and_without() -> None:
    known = split_constants(["**What is shown.** From 40 answers on, by {standard}."])
    assert {"**What is shown.** From 40 answers on, by", "From 40 answers on, by"} <= set(known)
    assert split_constants(["Between {share.low} and {share.high} in 100 did."]) == ["in 100 did."]


def test_a_document_whose_numbers_are_right_has_no_fault(published: PublishedFiles) -> None:
    assert faults(GOOD, published) == []


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("told\nnobody", "told\n46 % nobody", "line 8, column 1: bare number '46'"),
        # The limits of the interval changed places.
        ("[20.1]{", "[14.8]{", "line 7, column 1: '14.8' at KEN/told_nobody/ci_high"),
        # The cell says 17.3 since the last run.
        ("[17.3]{", "[17.9]{", "line 6, column 10: '17.9' at KEN/told_nobody/estimate"),
        (
            '[17.3]{n="KEN/told_nobody/estimate"}',
            '[4]{n="KEN/told_nobody/sex:boy/estimate"}',
            "line 6, column 10: '4' at KEN/told_nobody/sex:boy/estimate: hidden",
        ),
        ("[17.3]{", "[17,3]{", "line 6, column 10: '17,3' at KEN/told_nobody/estimate"),
        ("[17.3]{", "[17]{", "a second time: print KEN/told_nobody/whole"),
        (
            '[17.3]{n="KEN/told_nobody/estimate"}',
            '[17]{n="size(KEN/told_nobody/estimate)"}',
            "whole",
        ),
        ('[17.3]{n="KEN/told_nobody/estimate"}', '[18]{n="KEN/told_nobody/whole"}', "says 17"),
        ('[17.3]{n="KEN/told_nobody/estimate"}', '[17.0]{n="KEN/told_nobody/whole"}', "says 17"),
        ("[1,054]{", "[1054]{", "'1054' at KEN/told_nobody/n"),
        ("as above", "១៧", "bare number '១៧'"),
        ("told_nobody/n", "told_nobod/n", "Did you mean KEN/told_nobody/n"),
        ("[1]{", "[2]{", "'2' at count(KEN/policy/answer:in_place)"),
        ("in_place)", "in_plaec)", "'1' at count(KEN/policy/answer:in_plaec)"),
        ("12-17.](", "12–17.](", "bare number '12'"),
        ("as above", "0.2 MB", "bare number '0.2'"),
    ],
)
def test_a_fault_made_by_hand_is_found_with_its_place(
    published: PublishedFiles, right: str, wrong: str, found: str
) -> None:
    assert right in GOOD
    assert found in "\n".join(faults(GOOD.replace(right, wrong, 1), published))


def test_a_size_of_a_file_stands_alone_on_the_site_and_nowhere_else() -> None:
    on_site = [*ALLOWED, *read_allowed_file(templates_folder() / ALLOWED_ON_SITE)]
    for size in ("0.2 MB", "12,5 MB\n"):
        assert find_bare_numbers(size, [], on_site) == []
        assert len(find_bare_numbers(size, [], ALLOWED)) == 1
    assert len(find_bare_numbers("Children sent 0.2 MB a day", [], on_site)) == 1


def test_a_language_writes_numbers_in_its_own_way(published: PublishedFiles) -> None:
    vietnamese = GOOD.replace("17.3", "17,3").replace("14.8", "14,8").replace("20.1", "20,1")
    assert faults(vietnamese.replace("[1,054]", "[1.054]"), published, "vi") == []
    assert len(faults(GOOD, published, "vi")) == 4


@pytest.mark.parametrize(
    ("printed", "value", "right"),
    [
        ("17", 0.173, True),
        ("18", 0.173, False),
        ("13", 0.125, True),  # a half goes up
        ("0", 0.173, False),
        ("0.0", 0.0, True),
        ("2.7", 2.66, True),
        ("17%", 0.173, True),
        ("\\<0.001", 0.0, True),
        ("\\<0.001", 0.002, False),
        ("24.2", -24.2, True),
        ("1,820,000", 1819679.0, True),
        ("1,800,000", 1819679.0, False),
        ("1.8 million", 1819679.0, True),
        ("1.9 million", 1819679.0, False),
        ("240,000", 238_900.0, True),
        ("200,000", 238_900.0, False),
        ("239,000", 238_900.0, False),
    ],
)
def test_a_printed_number_agrees_with_its_cell(printed: str, value: float, right: bool) -> None:
    assert agrees(printed, value, build_english()) is right


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("KEN/told_nobody/estimate", 0.173),
        ("KEN/told_nobody/sex:boy/n", None),
        ("sum(KEN/quality/low,KEN/quality/high)", 7),
        ("mean(KEN/quality/low,KEN/quality/high)", 3.5),
        ("difference(KEN/quality/high,KEN/quality/low)", 3),
        ("positions(KEN/quality/low,KEN/quality/high)", 4),
        ("product(KEN/quality/low,KEN/quality/high)", 10),
        ("remainder(KEN/quality/valid)", 0.04),
        ("one_in(KEN/told_nobody/whole)", 100 / 17),
        ("under(KEN/told_nobody/whole)", 18),
        ("number(KEN/told_nobody/shown,KEN/told_nobody/sex:boy/shown)", 2),
        ("sum(KEN/told_nobody/n,KEN/told_nobody/sex:boy/n)", None),
        ("count(KEN/policy)", 2),
        ("count(KEN/policy/status:not_recorded)", 1),
        ("count(KEN/policy/answer:any)", 1),
    ],
)
def test_a_rule_makes_its_number_again(
    published: PublishedFiles, address: str, value: float | None
) -> None:
    assert find_value(address, published) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("address", "found"),
    [("power(KEN/quality/low)", "no rule"), ("count(KEN/policy/colour:red)", "no column")],
)
def test_an_unknown_rule_or_column_is_named(
    published: PublishedFiles, address: str, found: str
) -> None:
    with pytest.raises(StudyError, match=found):
        find_value(address, published)
    assert "sum" in RULES


def test_an_allowed_number_has_a_pattern_and_a_reason(tmp_path: Path) -> None:
    for content, found in (
        ("- pattern: '1'\n", "numbers.yml, 1, key 'why'"),
        ("- {pattern: '(', why: x}\n", "no regular expression"),
    ):
        (tmp_path / "numbers.yml").write_text(content)
        with pytest.raises(StudyError, match=re.escape(found)):
            read_allowed(tmp_path)


@pytest.mark.parametrize("label", ["70+", "15–17", "1,000–4,999", "12 / 13", "(5)"])
def test_a_number_in_words_of_the_study_needs_no_address(label: str) -> None:
    document = f'| {label} | [17.3]{{n="KEN/told_nobody/estimate"}} |'
    check_study_words({"item 'age'": [label, "aged 15 and over", "15+ years"]}, templates_folder())
    assert find_bare_numbers(document, (), [*compile_number_labels([label]), *ALLOWED]) == []
    # It is allowed as it stands, and no other number with it.
    for other in (f"1{label}", f"{label}4", "70", "15", "12"):
        assert find_bare_numbers(f"| {other} |", (), [*compile_number_labels([label]), *ALLOWED])


@pytest.mark.parametrize("label", ["9", "< 5", "17%", "1,000", "−3", "2 0"])
def test_a_label_that_reads_as_a_result_is_refused(label: str) -> None:
    assert compile_number_labels([label]) == []
    with pytest.raises(StudyError, match=r"item 'grade': the text .* is a number alone"):
        check_study_words({"item 'grade'": ["Which grade?", label]}, templates_folder())


def test_a_text_prints_the_address_that_a_number_carries(published: PublishedFiles) -> None:
    translator = build_english().with_markup(MARKDOWN)
    share = with_address(0.173, "KEN/told_nobody/estimate")
    assert translator.percent(share, 1) == '[17.3]{n="KEN/told_nobody/estimate"}'
    assert translator.number(1054) == "1,054"
    assert (
        translator.about(with_address(1819679, "KEN/country/children"))
        == '[1,820,000]{n="KEN/country/children"}'
    )


def test_a_space_between_thousands_is_part_of_a_number() -> None:
    locale = templates_folder() / "locale"
    portuguese: Translator[str] = load_translator("pt", locale)
    printed = portuguese.number(300_000)
    assert printed == "300\u00a0000"
    assert agrees(printed, 300_000, portuguese)
    assert agrees(f"<\u00a0{portuguese.number(5)}", 0.04, portuguese)
    for wrong in ("300000", "300.000", "300\u00a0001"):
        assert not agrees(wrong, 300_000, portuguese)
    text = PageText(1, f"{printed} a {portuguese.number(1_014)}", "element", ["a", "b"])
    assert read_numbers(text) == [printed, "1\u00a0014"]


@pytest.mark.parametrize("language", ["en", "km", "pt", "th", "vi", "id"])
def test_what_a_page_says_of_its_translation_has_numbers_of_no_cell(language: str) -> None:
    translator: Translator[str] = load_translator(language, templates_folder() / "locale")
    draft = list_translation_marks(translator)[0]
    said = draft.format(count=translator.number(479), total=translator.number(1479))
    allowed = build_mark_expressions(translator)
    assert find_bare_numbers(said, [], allowed) == []
    assert find_bare_numbers(f"{said} 479", [], allowed) != []
