"""Findings that a study's own words ask for: no heading claims more than the numbers bear."""

import re
from collections.abc import Sequence

import pytest
from test_regional_wording import wording

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.regional.actions import answer_what_to_do
from disrupting_harm.report.documents.regional.headline_indicator import HeadlineIndicator
from disrupting_harm.report.documents.regional.region_findings import RegionFindings
from disrupting_harm.report.figures.comparison.action_matrix import SIGNS
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.region_definition import RegionalFinding
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.configuration.section import validate_content

FORMS = {
    "everywhere": "None of {n} is free",
    "nowhere_half": "In none of {n} half",
    "fewer_than_half": "Fewer than half",
    "in_10": "About {x} in 10",
    "pairs": "{clear} of {pairs} differ",
    "plain": "How many",
}
Share = tuple[str, str, str]


def share(code: str, whole: Share | None, bound: str = "") -> PublicRow:
    names = ("whole", "whole_low", "whole_high")
    numbers = dict(zip(names, whole or ("", "", ""), strict=True))
    status = "present" if whole else "suppress_disclosure"
    estimate = str(int(whole[0]) / 100) if whole else ""
    return PublicRow(
        numbers | {"indicator": "uses_daily", "country": code, "estimate": estimate}
        | {"bound_high": bound, "bound_low": "0.0" if bound else "", "status": status}
    )  # fmt: skip


def average(whole: Share) -> PublicRow:
    names = ("whole", "whole_low", "whole_high")
    row = dict(zip(names, whole, strict=True)) | {"set_low": "", "estimate": "0.4"}
    keys = {"indicator": "uses_daily", "group": "all", "estimand": "equal_country"}
    return PublicRow(row | keys | {"countries": "2"})


def find_heading(
    form: str, shares: Sequence[PublicRow], pooled: Sequence[PublicRow] = (), clear: str = "True"
) -> str:
    """The heading with one form beside the plain one."""
    pair = {"indicator": "uses_daily", "country_a": "KEN", "country_b": "UGA", "clear": clear}
    tables = wording(prevalence=shares, pooled=pooled, pairwise=[pair], comparability=[])
    subject = HeadlineIndicator(tables, "uses_daily", Markdown(""), Markdown(""))
    forms = {name: FORMS[name] for name in (form, "plain")}
    finding = RegionalFinding.model_validate(
        {"id": "daily", "indicator": "uses_daily", "heading": forms}
    )
    return remove_addresses(RegionFindings(subject, ()).write_finding(finding).lead)


KENYA, UGANDA = share("KEN", ("40", "35", "45")), share("UGA", ("20", "15", "25"))


@pytest.mark.parametrize(
    ("form", "shares", "said"),
    [
        ("everywhere", [KENYA, UGANDA], "None of 2 is free"),
        # An interval that reaches 0 may be of nobody.
        ("everywhere", [KENYA, share("UGA", ("1", "0", "2"))], "How many"),
        ("nowhere_half", [KENYA, UGANDA], "In none of 2 half"),
        ("nowhere_half", [KENYA, UGANDA, share("TZA", None, "0.1")], "In none of 3 half"),
        # Where nothing is printed, half may be.
        ("nowhere_half", [KENYA, UGANDA, share("TZA", None)], "How many"),
        ("nowhere_half", [KENYA, share("UGA", ("45", "40", "50"))], "How many"),
        ("pairs", [KENYA, UGANDA], "1 of 1 differ"),
    ],
)
def test_a_heading_over_all_areas_needs_every_one(
    form: str, shares: list[PublicRow], said: str
) -> None:
    assert find_heading(form, shares) == said


@pytest.mark.parametrize(
    ("form", "whole", "said"),
    [
        ("fewer_than_half", ("47", "46", "49"), "Fewer than half"),
        ("fewer_than_half", ("47", "44", "50"), "How many"),
        ("in_10", ("31", "29", "33"), "About 3 in 10"),
        # One limit is nearer to another tenth.
        ("in_10", ("31", "29", "36"), "How many"),
        ("in_10", ("2", "1", "3"), "How many"),
    ],
)
def test_a_heading_on_the_average_needs_both_limits(form: str, whole: Share, said: str) -> None:
    assert find_heading(form, [KENYA, UGANDA], [average(whole)]) == said


def test_without_a_clear_pair_nothing_is_said_to_differ() -> None:
    assert find_heading("pairs", [KENYA, UGANDA], clear="False") == "How many"
    assert find_heading("everywhere", [KENYA, UGANDA], clear="False") == "How many"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"heading": {"plain": "Most children"}}, "claims something: 'Most'"),
        ({"heading": {"in_10": "About {x} in 10"}}, "needs a heading 'plain'"),
        ({"heading": {"plain": "How many", "in_10": "{n} of them"}}, "nothing fills '{n}'"),
        ({"text": ["{uses_daily.middle} did"]}, "nothing fills '{uses_daily.middle}'"),
        ({"text": ["In {gap.clear} it is clear"]}, "nothing fills '{gap.clear}'"),
    ],
)
def test_a_faulty_finding_is_refused(changed: dict[str, object], message: str) -> None:
    finding = {"id": "daily", "indicator": "uses_daily", "heading": {"plain": "How many"}}
    with pytest.raises(StudyError) as refused:
        validate_content(RegionalFinding, finding | changed, "findings.yaml")
    assert message in str(refused.value)


def need(country: str, action: str, group: str = "also_needed") -> PublicRow:
    return PublicRow(
        {"country": country, "action": action, "group": group, "needed_in": "1", "left_out": ""}
    )


def recommend(titles: dict[str, str]) -> Recommendations:
    """Recommendations of one ministry, with these texts by their identifiers."""
    actions = [
        {
            "id": id,
            "text": text,
            "first_step": f"Begin with {id}",
            "when": {"indicator": "knows_helpline", "at_most": 0.5},
            "finding": "{share}",
        }
        for id, text in titles.items()
    ]
    group = {"id": "ministry", "owner": "The ministry", "recommendations": actions}
    return Recommendations.model_validate({"groups": [group]})


def test_joint_work_is_what_all_areas_but_one_need_at_least() -> None:
    codes = ["KEN", "TZA", "UGA", "VNM"]
    rows = [need(code, "shared") for code in codes[1:]]
    rows += [need("KEN", "compared", "start_here"), need("UGA", "compared")]
    rows += [need("KEN", "further"), need("TZA", "further")]
    titles = {id: id.title() for id in ("further", "compared", "shared", "unneeded")}
    study = recommend(titles)
    answer = answer_what_to_do(wording().translator, rows, study, len(codes))
    assert answer is not None
    assert remove_addresses(answer.lead).startswith("1 action is needed nearly everywhere")
    text = remove_addresses(answer.paragraphs[0])
    assert text.startswith("1 more divides the countries")
    assert "1 more, not drawn, is needed in some countries" in text
    assert answer_what_to_do(wording().translator, [], study, len(codes)) is None
    assert "set apart" not in answer.sure
    assert "are no praise" in answer.sure
    # The letters that it explains are those of the boxes in the figure.
    assert {*re.findall(r"“(.)”", answer.sure)} == {"?", *SIGNS.values()}
    # Nothing tells how to read a matrix where none is drawn.
    alone = answer_what_to_do(wording().translator, rows[-2:], study, len(codes))
    assert alone is not None
    assert "are no praise" not in alone.sure
    rows.append(PublicRow({**need("TZA", "compared"), "left_out": "VNM: not comparable"}))
    answer = answer_what_to_do(wording().translator, rows, study, len(codes))
    assert answer is not None
    assert answer.sure.endswith("Each country is judged by its own numbers, also where set apart.")


def test_actions_that_most_areas_need_are_counted() -> None:
    codes = ["KEN", "TZA", "UGA", "VNM", "KHM", "IDN", "RWA", "ZAF", "PHL"]
    rows = [need(code, "frequent") for code in codes[3:]]
    rows += [need("KEN", "compared", "start_here"), need("UGA", "further")]
    study = recommend({"frequent": "Do it soon.", "compared": "Do it.", "further": "Do more."})

    def describe(rows: list[PublicRow]) -> str:
        answer = answer_what_to_do(wording().translator, rows, study, len(codes))
        assert answer is not None
        return remove_addresses(answer.paragraphs[0])

    # Two thirds are not more than two thirds.
    assert "two thirds" not in describe(rows)
    rows.append(need("KEN", "frequent"))
    assert describe(rows).startswith("1 more is needed in over two thirds of countries. ")
    answer = answer_what_to_do(wording().translator, rows, study, len(codes))
    assert answer is not None
    # Who acts, and how to begin, stands beside what most need, and beside nothing else.
    table = remove_addresses(answer.table).splitlines()
    assert [line for line in table if "Do " in line] == [
        "| Do it soon | The ministry | Begin with frequent | 7 |"
    ]
