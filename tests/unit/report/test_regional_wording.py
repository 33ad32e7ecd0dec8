"""Names and numbers of the regional report inside its sentences."""

from pathlib import Path

import pytest
from evidence_results import public_rows
from whole_per_cents_by_hand import DIFFERENCE, with_wholes

from disrupting_harm.report.documents.regional.area_differences import (
    describe_extreme,
    describe_unranked,
)
from disrupting_harm.report.documents.regional.associations import answer_what_goes_together
from disrupting_harm.report.documents.regional.group_differences import (
    answer_whether_groups_differ,
    describe_gap,
)
from disrupting_harm.report.documents.regional.headline_indicator import HeadlineIndicator
from disrupting_harm.report.documents.regional.tables import RegionalTables
from disrupting_harm.report.findings.comparison_sentences import RegionalSentences
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE, refuse_unfounded_claims
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.findings.region_definition import RegionalAssociation
from disrupting_harm.report.language.broader_indicator import BroaderIndicator
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import load_codebook

CODEBOOK = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")
NAMES = {"KEN": Markdown("Kenya"), "PHL": Markdown("Philippines"), "UGA": Markdown("Uganda")}
OF_THREE = "Of the 3 countries with an estimate to compare,"
GAP = {"indicator": "uses_daily", "domain": "sex", "level_a": "girl", "level_b": "boy"}


def wording(**tables: list[dict[str, str]]) -> ComparisonFormatter:
    translator = build_english("countries").with_markup(MARKDOWN)
    in_text = {"PHL": Markdown("the Philippines")}
    return ComparisonFormatter(
        translator,
        Labels(CODEBOOK, translator),
        RegionalResults(public_rows(tables)),
        NAMES,
        in_text,
    )


def test_a_name_has_its_article_inside_a_sentence_and_none_alone() -> None:
    own = wording()
    assert own.country("PHL") == "Philippines"
    assert own.country_at_head("PHL") == "The Philippines"
    assert own.countries(["UGA", "PHL", "KEN"]) == "Kenya, the Philippines and Uganda"


def test_countries_stand_in_the_order_of_the_alphabet_accents_or_none() -> None:
    translator, names = (
        build_english("countries").with_markup(MARKDOWN),
        {"ZAF": Markdown("África do Sul")} | NAMES,
    )
    own = ComparisonFormatter(
        translator, Labels(CODEBOOK, translator), RegionalResults({}), names, {}
    )
    assert own.countries(["UGA", "KEN", "ZAF"]) == "África do Sul, Kenya and Uganda"
    rows = [{"country": code} for code in ("UGA", "ZAF", "KEN")]
    assert [row["country"] for row in own.sort_by_country_name(rows)] == ["ZAF", "KEN", "UGA"]


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        # Rounded to one decimal, and to two of which a table of numbers dropped a zero.
        (("2.3", "1.7", "3.0"), ["2.3", "1.7", "3.0"]),
        (("2.3", "1.74", "3.02"), ["2.30", "1.74", "3.02"]),
        (("2.3", "", "3.02"), ["2.30", "–", "3.02"]),
    ],
)
def test_ratios_have_the_decimals_of_their_row(values: tuple[str, ...], printed: list[str]) -> None:
    row = PublicRow(zip(("ratio", "low", "high"), values, strict=True))
    assert wording().ratios(row, ("ratio", "low", "high")) == printed


@pytest.mark.parametrize(("status", "sign"), [("caution", "†"), ("review", "‡"), ("present", "")])
def test_an_estimate_to_be_used_with_caution_carries_its_sign(status: str, sign: str) -> None:
    row = {"indicator": "uses_daily", "country": "KEN", "estimate": "0.4", "ci_low": "0.3",
           "ci_high": "0.5", "n": "900", "shown": "40.0", "bound_low": "", "bound_high": "",
           "status": status}  # fmt: skip
    row = PublicRow(with_wholes(row))
    tables = RegionalTables(wording(prevalence=[row]), Markdown("95"), "", "")
    table = str(tables.prevalence("uses_daily", "tbl-x"))
    assert f"| Kenya | 900 | {f'40.0 {sign}'.strip()} | 30.0 to 50.0 | – |" in table
    assert ("use with caution" in table) is bool(sign)


@pytest.mark.parametrize(
    ("differ", "said"),
    [
        (
            {},
            "Girls and boys: no clear difference in any of the 3 countries tested.",
        ),
        (
            {"KEN": "0.1", "UGA": "0.2"},
            "In 2 of 3 countries tested, clearly more girls than boys said so. "
            "It is clear in Kenya and Uganda.",
        ),
        (
            {"KEN": "-0.1"},
            "In 1 of 3 countries tested, clearly fewer girls than boys said so. "
            "It is clear in Kenya.",
        ),
        (
            {"KEN": "-0.1", "UGA": "0.2"},
            "In 2 of 3 countries tested, girls and boys clearly differ, some one way and some the "
            "other. It is clear in Kenya and Uganda.",
        ),
    ],
)
def test_gaps_are_told_as_sentences(differ: dict[str, str], said: str) -> None:
    rows = [
        {
            **GAP,
            "country": code,
            "difference": differ.get(code, "0"),
            "clear": str(code in differ),
            "p_holm": "0.04",
        }
        for code in NAMES
    ]
    rows = [PublicRow(with_wholes(row, DIFFERENCE)) for row in rows]
    subject = HeadlineIndicator(wording(gaps=rows), "uses_daily", Markdown(""), Markdown(""))
    assert remove_addresses(" ".join(describe_gap(subject, rows))) == said


@pytest.mark.parametrize(
    ("differ", "said"),
    [
        ({}, ""),
        (
            {"KEN": "-0.1", "UGA": "0.2"},
            "With more counted, clearly more said so among girls than among boys in Uganda; among "
            "boys than among girls in Kenya.",
        ),
    ],
)
def test_a_clear_gap_of_the_wider_indicator_stands_below_that_of_the_main_one(
    differ: dict[str, str], said: str
) -> None:
    ends = {"ci_low": "", "ci_high": ""}
    test = {"clear": "False", "p_holm": "0.04"}
    none = [GAP | ends | test | {"country": c, "difference": "0"} for c in NAMES]
    other = [
        row
        | {
            "indicator": "own_phone",
            "difference": differ.get(row["country"], "0"),
            "clear": str(row["country"] in differ),
        }
        for row in none
    ]
    wider = BroaderIndicator(indicator="own_phone", counted="With more counted")
    own = wording(gaps=[PublicRow(with_wholes(row, DIFFERENCE)) for row in (*none, *other)])
    subject = HeadlineIndicator(own, "uses_daily", Markdown(""), Markdown(""), wider=wider)
    (answer,) = answer_whether_groups_differ(subject, ["sex"], {}, Markdown("5"))
    assert "no clear difference" in answer.lead
    assert "".join(map(remove_addresses, answer.paragraphs)) == said


def ranked(first: str, *, hidden: bool = False) -> HeadlineIndicator:
    """A subject of three countries, of which those whose letter is in ``first`` may be first."""
    sets = [
        {"indicator": "uses_daily", "country": code, "method": METHOD, "scope": SCOPE,
         "may_be_highest": str(code[0] in first), "may_be_lowest": "False"}
        for code in NAMES
    ]  # fmt: skip
    shown = [{"indicator": "uses_daily", "country": code, "estimate": "0.4"} for code in NAMES]
    if hidden:
        shown.append({"indicator": "uses_daily", "country": "VNM", "estimate": ""})
    tables = wording(rank_sets=sets, prevalence=shown)
    return HeadlineIndicator(tables, "uses_daily", Markdown(""), Markdown(""))


@pytest.mark.parametrize(
    ("first", "hidden", "said", "founded"),
    [
        ("KU", False, "2 of the 3 countries with an estimate may be the highest.", False),
        ("KU", True, "2 of the 3 countries with an estimate may be the highest.", False),
        ("K", False, "Kenya has the highest share of the countries compared.", True),
        # Whoever is hidden may stand above it.
        ("K", True, f"{OF_THREE} Kenya alone may be the highest.", False),
    ],
)
def test_who_may_be_the_highest(first: str, hidden: bool, said: str, founded: bool) -> None:
    subject, claims = ranked(first, hidden=hidden), set[str]()
    found = remove_addresses(
        describe_extreme(subject, subject.rows("rank_sets"), "highest", claims)
    )
    assert found == said
    assert claims == ({said} if founded else set())
    refuse_unfounded_claims(found, claims, "report")


def test_who_is_hidden_behind_a_bound_may_lie_beyond_those_with_a_rank() -> None:
    def said(low: str, high: str) -> list[str]:
        bound = {"indicator": "uses_daily", "country": "UGA", "estimate": "", "bound_low": low,
                 "bound_high": high}  # fmt: skip
        subject = HeadlineIndicator(
            wording(prevalence=[bound]), "uses_daily", Markdown(""), Markdown("")
        )
        return [remove_addresses(sentence) for sentence in describe_unranked(subject)]

    assert said("0.0", "0.05") == [
        "Uganda (below 5 per cent) may be lower still: only a bound is printed."
    ]
    assert said("0.95", "1.0") == [
        "Uganda (above 95 per cent) may be higher still: only a bound is printed."
    ]
    assert said("", "") == ["Not shown, and possibly anywhere: Uganda."]


def test_a_composite_says_what_it_counts() -> None:
    (said,) = wording().describe_composite("any_tf_csea")
    assert said.startswith(
        "“Any form” counts who said yes to at least one of: “Any of the four forms”;"
    )
    assert "“Unwanted sexual images”" in said
    assert wording().describe_composite("uses_daily") == []


def test_no_clipped_label_says_of_a_child_what_others_think_or_did() -> None:
    shorts = {entry.id: entry.figure_label for entry in CODEBOOK.indicators}
    assert not any("fault" in label for label in shorts.values())
    blaming = [label for label in shorts.values() if "blame" in label]
    assert [label.split()[0] for label in blaming] == ["Wrongly", "Wrongly"]
    done_to = ("offered_for_images", "offered_for_meeting", "threatened_online", "asked_for_images")
    assert all(shorts[name].startswith("Were ") for name in done_to)
    assert not any("offender was another child" in entry.label for entry in CODEBOOK.indicators)


@pytest.mark.parametrize(("simulated", "source"), [(True, "a source"), (True, ""), (False, "x")])
def test_simulated_numbers_are_told_from_those_of_the_source_of_a_reason(
    simulated: bool, source: str
) -> None:
    row = {"indicator": "uses_daily", "country": "KEN", "comparable": "no", "reason": "other ages",
           "source": source}  # fmt: skip
    own = wording(comparability=[row], prevalence=[{"indicator": "uses_daily"}])
    told = RegionalSentences(own, References(), simulated).explain_incomparable()
    assert told[0].startswith("Kenya is set apart: other ages.")
    note = "The numbers here are simulated, and not those of the source."
    assert (note in told) is (simulated and bool(source))


@pytest.mark.parametrize(
    ("clear", "first"),
    [
        (("True", "True"), "Daily users said so more often."),
        # Of what is not clear nothing is said but the count.
        (("False", "True"), "Those who know help said so less often."),
        (("False", "False"), ""),
    ],
)
def test_clear_links_are_told_in_the_words_of_the_study_above_their_count(
    clear: tuple[str, str], first: str
) -> None:
    numbers = {"ci_low": "1.1", "ci_high": "2.5", "countries": "3"}
    numbers |= dict.fromkeys(("prediction_low", "prediction_high"), "")
    rows = [
        {
            "indicator": "told_nobody",
            "characteristic": name,
            "ratio": ratio,
            "clear": is_clear,
            **numbers,
        }
        for (name, ratio), is_clear in zip(
            (("uses_daily", "1.7"), ("knows_where_to_get_help", "0.6")), clear, strict=True
        )
    ]
    words = [
        RegionalAssociation(
            indicator="told_nobody",
            characteristic=name,
            more=f"{who} said so more often.",
            less=f"{who} said so less often.",
        )
        for name, who in (
            ("uses_daily", "Daily users"),
            ("knows_where_to_get_help", "Those who know help"),
        )
    ]
    answer = answer_what_goes_together(wording(associations=rows), words, (), Markdown("5"))
    assert answer is not None
    count = f"Links between two answers: {clear.count('True')} clear of 2 tested."
    assert remove_addresses(answer.lead).startswith(first or count)
    below = remove_addresses(" ".join(answer.paragraphs))
    assert below.startswith(count) == bool(first)
    assert below.count("and “Told nobody”: in 3 countries together the odds ratio is") == (
        clear.count("True")
    )


@pytest.mark.parametrize(("low", "end"), [("0.90", "2.50, so perhaps no link."), ("1.10", "2.50.")])
def test_a_forecast_speaks_of_a_country_that_was_not_surveyed(low: str, end: str) -> None:
    row = {
        "indicator": "told_nobody",
        "characteristic": "uses_daily",
        "ratio": "1.7",
        "clear": "True",
    }
    row |= {"ci_low": "1.2", "ci_high": "2.2", "countries": "3"}
    row |= {"prediction_low": low, "prediction_high": "2.5"}
    words = [RegionalAssociation(indicator="told_nobody", characteristic="uses_daily",
                                 more="More.", less="Less.")]  # fmt: skip
    answer = answer_what_goes_together(wording(associations=[row]), words, (), Markdown("5"))
    assert answer is not None
    below = remove_addresses(" ".join(answer.paragraphs))
    assert f"In a similar country that was not surveyed it could be {low} to {end}" in below
