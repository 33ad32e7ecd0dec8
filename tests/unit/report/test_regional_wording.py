"""Names and numbers of the regional report inside its sentences."""

from pathlib import Path

import pytest

from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.references import References
from disrupting_harm.report.regional.results import RegionalResults
from disrupting_harm.report.regional.sentences import RegionalSentences
from disrupting_harm.report.regional.tables import RegionalTables
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import english
from disrupting_harm.study.codebook import load_codebook

CODEBOOK = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")
NAMES = {"KEN": Markdown("Kenya"), "PHL": Markdown("Philippines"), "UGA": Markdown("Uganda")}
GAP = {"indicator": "uses_daily", "domain": "sex", "level_a": "girl", "level_b": "boy"}


def wording(**tables: list[dict[str, str]]) -> Wording:
    text = Text(english("countries"))
    in_text = {"PHL": Markdown("the Philippines")}
    return Wording(text, Labels(CODEBOOK, text), RegionalResults(tables), NAMES, in_text)


def test_a_name_has_its_article_inside_a_sentence_and_none_alone() -> None:
    own = wording()
    assert own.country("PHL") == "Philippines"
    assert own.first("PHL") == "The Philippines"
    assert own.countries(["UGA", "PHL", "KEN"]) == "Kenya, the Philippines and Uganda"


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
    row = dict(zip(("ratio", "low", "high"), values, strict=True))
    assert wording().ratios(row, ("ratio", "low", "high")) == printed


@pytest.mark.parametrize(("status", "sign"), [("caution", "†"), ("review", "‡"), ("present", "")])
def test_an_estimate_to_be_used_with_caution_carries_its_sign(status: str, sign: str) -> None:
    row = {"indicator": "uses_daily", "country": "KEN", "estimate": "0.4", "ci_low": "0.3",
           "ci_high": "0.5", "n": "900", "shown": "40.0", "bound_low": "", "bound_high": "",
           "status": status}  # fmt: skip
    tables = RegionalTables(wording(prevalence=[row]), Markdown("95"), "", "")
    table = str(tables.prevalence("uses_daily", "tbl-x"))
    assert f"| Kenya | 900 | {f'40.0 {sign}'.strip()} | 30.0 to 50.0 | – |" in table
    assert ("use with caution" in table) is bool(sign)


@pytest.mark.parametrize(
    ("differ", "said"),
    [
        ((), "Girls against Boys: the gap stands in none of 3 countries."),
        (
            ("KEN", "UGA"),
            "Girls against Boys: the gap stands in 2 of 3 countries; the share for Girls is the "
            "higher one in 2 of them.",
        ),
    ],
)
def test_gaps_are_told_as_sentences(differ: tuple[str, ...], said: str) -> None:
    rows = [
        {**GAP, "country": code, "difference": "0.1", "differs": str(code in differ)}
        for code in NAMES
    ]
    sentences = RegionalSentences(wording(gaps=rows), Markdown("95"), References())
    assert sentences.gaps("uses_daily") == said


def test_no_clipped_label_says_of_a_child_what_others_think_or_did() -> None:
    shorts = {entry.id: entry.figure_label for entry in CODEBOOK.indicators}
    assert [label for label in shorts.values() if "fault" in label] == [
        "Think the child is at fault",
        "Thinks the child is at fault",
    ]
    done_to = ("offered_for_images", "offered_for_meeting", "threatened_online", "asked_for_images")
    assert all(shorts[name].startswith("Were ") for name in done_to)
    assert not any("offender was another child" in entry.label for entry in CODEBOOK.indicators)
