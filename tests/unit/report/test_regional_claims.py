"""Claims about order: refused unless the rank sets hold one country."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.findings.order_claims import (
    find_sole_extremes,
    refuse_unfounded_claims,
    remove_labels,
)
from disrupting_harm.report.language.markdown import escape, quote_attribute
from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.study.codebook.codebook import Codebook

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"


def sets(*countries: tuple[str, bool, bool], method: str = "mogstad_step_down") -> list[dict]:
    return [
        {
            "indicator": "a",
            "method": method,
            "scope": "simultaneous",
            "country": country,
            "may_be_highest": str(highest),
            "may_be_lowest": str(lowest),
        }
        for country, highest, lowest in countries
    ]


def test_a_country_alone_in_its_set_is_the_extreme():
    rows = sets(("KEN", True, False), ("KHM", False, True), ("THA", False, True))
    assert find_sole_extremes(rows, "a") == {"highest": "KEN"}


def test_other_methods_and_indicators_do_not_decide():
    rows = sets(("KEN", True, False), ("KHM", False, True), method="klein")
    assert find_sole_extremes(rows, "a") == {}
    assert find_sole_extremes(sets(("KEN", True, False), ("KHM", False, True)), "b") == {}


def test_one_country_alone_is_no_extreme():
    assert find_sole_extremes(sets(("KEN", True, True)), "a") == {}


@pytest.mark.parametrize(
    "claim",
    [
        "Kenya has the highest share.",
        "The LOWEST share is in Thailand.",
        "Kenya ranks first among them.",
        "Text before.\n- Kenya is top-ranked here.",
    ],
)
def test_a_claim_without_ground_stops_the_document(claim):
    with pytest.raises(StudyError, match="more than one country may be it"):
        refuse_unfounded_claims(f"## Order\n\n{claim}\n", set(), "regional report")


def test_a_founded_claim_passes_and_any_other_about_another_country_does_not():
    founded = {"Kenya has the highest share of the countries compared."}
    refuse_unfounded_claims(
        "- Kenya has the highest share of the countries compared. More.", founded, "r"
    )
    with pytest.raises(StudyError, match="Thailand"):
        refuse_unfounded_claims(
            "Thailand has the highest share of the countries compared.", founded, "r"
        )


@pytest.mark.parametrize(
    ("language", "claim"),
    [
        ("id", "Kenya memiliki proporsi tertinggi."),
        ("km", "កេនយ៉ា មានភាគរយខ្ពស់បំផុត។"),
        ("pt", "O Quénia tem a percentagem mais alta e a maior de todas."),
        ("th", "เคนยามีสัดส่วนสูงที่สุด"),
        ("vi", "Kenya có tỷ lệ cao nhất."),
    ],
)
def test_translated_claims_are_refused(language, claim):
    superlatives = read_languages(LOCALE)[language].superlatives
    with pytest.raises(StudyError, match="more than one country may be it"):
        refuse_unfounded_claims(f"{claim}\n", set(), "report", superlatives)
    refuse_unfounded_claims(f"{claim}\n", {claim}, "report", superlatives)
    # A language without a list is held to its English original alone.
    refuse_unfounded_claims(f"{claim}\n", set(), "report", "")


def test_plain_words_pass():
    refuse_unfounded_claims("Higher and lower shares; a high share at most.", set(), "r")
    refuse_unfounded_claims(
        "Two of them may have the highest share, all may be lowest.", set(), "r"
    )


def test_labels_of_the_codebook_are_no_claims_whatever_their_signs():
    codebook = Codebook.model_validate(
        {
            "items": [],
            "domains": [{"id": "total", "label": "All"}],
            "modules": [{"id": "m", "label": "Lowest {third} & <rest>"}],
            "indicators": [],
        }
    )
    label = codebook.modules[0].label
    text = f"## {escape(label)}\n\n![x](y){{fig-alt={quote_attribute(label)}}}\n"
    refuse_unfounded_claims(remove_labels(text, codebook, build_english()), (), "report")
    with pytest.raises(StudyError):
        refuse_unfounded_claims(text, (), "report")
