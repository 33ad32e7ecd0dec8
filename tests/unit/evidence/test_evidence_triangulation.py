"""Triangulation: strands side by side, each with what it says and cannot say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from evidence_frames import KENYA, counts, facts, public
from pydantic import ValidationError

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.forms_of_abuse import Forms, load_forms
from disrupting_harm.evidence.measures.cybertips import tabulate_cybertips
from disrupting_harm.evidence.measures.triangulation import (
    CANNOT_SAY,
    NO_FIGURE,
    NO_NUMBER,
    NONE_RECORDED,
    NOT_TOLD_APART,
    SAYS,
    triangulate,
)
from disrupting_harm.evidence.prevalence_claims import (
    find_prevalence_claims,
    refuse_prevalence_of_reports,
)
from disrupting_harm.evidence.tables.triangulation import STRANDS

ROOT = Path(__file__).parents[3]
FORMS = Forms.model_validate(
    {
        "forms": [
            {
                "id": "any",
                "label": "Any",
                "indicator": "clear",
                "police": {"categories": ["ocsea"], "reason": "Both are wide."},
                "cybertips": True,
                "frontline": {"item": "seen", "answers": ["yes"], "statement": "had seen it"},
            },
            {"id": "images", "label": "Images", "indicator": "images"},
        ]
    }
)


def estimates(shown: str = "14.7", status: str = "present") -> pd.DataFrame:
    """Return the national estimates of two indicators."""
    known = shown[:1].isdigit()
    row = {
        "country": "KEN",
        "domain": "total",
        "level": "all",
        "n": 992 if known else None,
        "estimate": 0.147 if known else None,
        "ci_low": 0.122 if known else None,
        "ci_high": 0.174 if known else None,
        "shown": shown,
        "status": status,
    }
    table = pd.DataFrame([row | {"indicator": name} for name in ("clear", "images")])
    return table.astype({"n": "Int64", "estimate": float, "ci_low": float, "ci_high": float})


def found(tables=None, survey=None, form="any") -> pd.DataFrame:
    country = KENYA | {"age_range": "12-17"}
    table = triangulate(
        FORMS, tables or {}, survey, [country], ["s"], "internet-using children", simulated=True
    )
    own = public("triangulation", table)
    return own[own["form"] == form].set_index("strand")


def test_every_form_has_every_strand():
    table = found()
    assert table.index.tolist() == list(STRANDS)
    assert set(table["says"]) == {NO_FIGURE}
    assert (table["figure"] == "").all()
    images = found(form="images")
    assert images["says"].to_dict() == {
        "survey": NO_FIGURE,
        "police": NOT_TOLD_APART,
        "cybertips": NOT_TOLD_APART,
        "frontline": NOT_TOLD_APART,
    }


def test_the_survey_is_printed_as_it_was_published():
    row = found(survey=estimates()).loc["survey"]
    assert row["figure"] == "14.7 (12.2–17.4)"
    assert (row["unit"], row["base"], row["n"]) == ("per cent", "internet-using children", 992)
    assert (row["amount"], row["ci_low"]) == pytest.approx((14.7, 12.2))
    assert (row["says"], row["cannot_say"]) == (SAYS["survey"], CANNOT_SAY["survey"])
    assert row["data_kind"] == "simulated"


@pytest.mark.parametrize(
    ("shown", "status", "figure"),
    [
        ("*", "suppress_reliability", "not shown"),
        ("c", "suppress_disclosure", "not shown"),
        ("< 5", "suppress_disclosure", "< 5"),
    ],
)
def test_a_hidden_estimate_stays_hidden(shown, status, figure):
    row = found(survey=estimates(shown, status)).loc["survey"]
    assert row["figure"] == figure
    assert np.isnan(row["amount"])
    assert pd.isna(row["n"])
    assert row["says"] == (SAYS["survey"] if figure == "< 5" else NO_NUMBER)


def test_an_indicator_that_the_survey_lacks_is_named():
    with pytest.raises(StudyError, match="form 'images', key 'indicator': the survey has no"):
        found(survey=estimates().query("indicator == 'clear'"))


@pytest.mark.parametrize(
    ("amounts", "figure", "says"),
    [
        ([7, 120], "120", SAYS["police"]),
        ([7, 0], "0", NONE_RECORDED),
        ([7, None], "not recorded", NO_NUMBER),
    ],
)
def test_police_records_of_the_last_year(amounts, figure, says):
    row = found({"offences": counts("offences", amounts, 2018)}).loc["police"]
    assert (row["figure"], row["unit"], row["base"]) == (figure, "victims", "Police")
    assert (row["year"], row["says"]) == (2019, says)


def test_what_police_counted_in_another_unit_stands_in_another_row():
    told = pd.concat(
        [
            counts("offences", [20], 2019),
            counts("offences", [15], 2019, counting_rule="cases"),
            counts("offences", [9], 2019, stage="convicted"),
            counts("offences", [8], 2019, technology="no"),
        ],
        ignore_index=True,
    )
    rows = found({"offences": told}).loc["police"]
    assert sorted(zip(rows["figure"], rows["unit"], strict=True)) == [
        ("15", "cases"),
        ("20", "victims"),
    ]


@pytest.mark.parametrize(
    ("ages", "other"),
    [
        ({"0-11": 199, "12-17": 362, "not_recorded": 82}, 199),
        ({"12-17": 362, "not_recorded": 82}, 0),
        ({"0-11": None, "12-17": None}, None),
        ({"not_recorded": 643}, None),
        ({}, None),
    ],
)
def test_victims_of_other_ages_than_the_survey_asked_are_counted_beside_the_reason(ages, other):
    told = facts(
        "offences",
        {"offences": 643, "offence_code": "O2"},
        *(
            {"offences": count, "offence_code": "O2", "victim_age_band": band}
            | {"status": "reported" if count else "suppressed"}
            for band, count in ages.items()
        ),
        # Of another year, and of a girl: neither is added.
        {"offences": 50, "offence_code": "O2", "victim_age_band": "0-11", "year": 2018},
        {"offences": 60, "offence_code": "O2", "victim_age_band": "0-11", "victim_sex": "girl"},
    )
    row = found({"offences": told}, estimates()).loc["police"]
    assert (row["figure"], row["pairing_reason"], row["survey_ages"]) == (
        "643", "Both are wide.", "12-17",
    )  # fmt: skip
    assert (None if pd.isna(row["other_ages"]) else row["other_ages"]) == other
    # Without a survey there is nothing to differ from.
    assert found({"offences": told}).loc["police", "survey_ages"] == ""


def test_a_police_code_beside_an_item_needs_a_reason():
    form = {"id": "images", "label": "Images", "indicator": "images", "police": {}}
    with pytest.raises(ValidationError, match=r"without 'police\.reason'"):
        Forms.model_validate({"forms": [form]})
    assert Forms.model_validate({"forms": [form | {"police": {"reason": "Both are told."}}]})
    # A form of police records alone pairs nothing.
    assert Forms.model_validate({"forms": [{"id": "images", "label": "I", "police": {}}]})


def test_the_offence_of_material_stands_beside_no_item_of_the_survey():
    forms = load_forms(ROOT / "config" / "evidence" / "triangulation.yaml").forms
    paired = [form for form in forms if form.police and form.indicator]
    assert paired
    assert all(form.police.reason for form in paired if form.police)
    assert not [form.id for form in paired if form.police and "O2" in form.police.offence_codes]


def test_a_total_with_gaps_is_a_minimum_and_zeros_with_gaps_are_nothing():
    def row(first: int):
        told = facts(
            "offences",
            {"offences": first, "status": "reported" if first else "zero_reported"},
            {"offences": None, "status": "refused", "offence_code": "O2"},
        )
        return found({"offences": told}).loc["police"]

    assert row(1200)["figure"] == "at least 1,200"
    # One of the two offences was counted: it is no "not recorded".
    assert (row(0)["figure"], row(0)["status"]) == ("not complete", "incomplete")
    assert np.isnan(row(0)["amount"])


def test_reports_of_the_last_year_are_not_added_over_classes():
    tips = pd.concat(
        [
            counts("cybertips", [46030], 2023),
            counts("cybertips", [20695], 2024, **{"class": "referral"}),
            counts("cybertips", [6771], 2024, **{"class": "informational"}),
        ],
        ignore_index=True,
    )
    rows = found({"cybertips": tabulate_cybertips(tips, [KENYA], ["s"])}).loc["cybertips"]
    assert list(zip(rows["figure"], rows["unit"], strict=True)) == [
        ("20,695", "referrals"),
        ("6,771", "informational reports"),
    ]
    assert set(rows["year"]) == {2024}


@pytest.mark.parametrize(
    ("yes", "n", "band", "figure", "status"),
    [
        (35, 50, "most_or_all", "35 of 50", "reported"),
        (None, 50, "few_or_none", "fewer than a third of 50", "suppressed"),
        (None, 50, "most_or_all", "more than two thirds of 50", "suppressed"),
        (None, None, "", "not shown", "suppressed"),
        (20, None, "", "not shown", "suppressed"),
    ],
)
def test_frontline_workers(yes, n, band, figure, status):
    answers = pd.DataFrame(
        {
            "country": "KEN",
            "item": "seen",
            "answer": ["no", "yes"],
            "count": pd.array([15, yes], dtype="Int64"),
            "n": pd.array([n, n], dtype="Int64"),
            "band": ["some", band],
            "source": "Frontline",
            "data_kind": "simulated",
        }
    )
    row = found({"frontline": answers}).loc["frontline"]
    assert (row["figure"], row["status"], row["base"]) == (figure, status, "had seen it")
    assert row["says"] == (SAYS["frontline"] if "of" in figure else NO_NUMBER)
    nobody = found({"frontline": answers[answers["answer"] == "no"]}).loc["frontline"]
    if n:
        assert (nobody["figure"], nobody["says"]) == ("0 of 50", NONE_RECORDED)


def test_no_sentence_tells_reports_as_prevalence():
    for sentence in (*SAYS.values(), NONE_RECORDED, NO_NUMBER, NO_FIGURE, NOT_TOLD_APART):
        refuse_prevalence_of_reports(f"What CyberTips say. This is: {sentence}")
    for strand, sentence in CANNOT_SAY.items():
        refuse_prevalence_of_reports(f"{strand}: {sentence}")


@pytest.mark.parametrize(
    "text",
    [
        "Reports are not prevalence.",
        "In 2023, 172,906 CyberTip reports were linked to Cambodia. Reports are not prevalence.",
        "CyberTips are no measure of prevalence and no number of children: they rise and fall with "
        "how companies detect and report, too.",
        "More than 90 % of CyberTips for Kenya came from one company.",
        "More than 90 % of CyberTip reports on children came from one company.",
        "CyberTip reports cannot say how many children were subjected to abuse.",
        "CyberTip reports are made to the National Center for Missing & Exploited Children.",
        r"CyberTip reports are made to the National Center for Missing \& Exploited Children.",
        "Police recorded 212 victims of online offences in 2019, of whom 98 % were girls.",
        "The police recorded no case.",
        "The survey estimates the prevalence of abuse among internet-using children.",
        "About 3 % of children who were subjected to abuse told the police.",
        "CyberTips rose. The survey is another matter: one in ten children was abused.",
    ],
)
def test_true_sentences_pass(text):
    assert find_prevalence_claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "CyberTips show a prevalence of 12 % in Kenya.",
        "In 2020, 14,434 children were affected, according to the CyberTipline.",
        "CyberTips are not complete, but they show the prevalence of abuse.",
        "More than 90 % of abuse in Kenya happens on one platform, CyberTips show.",
        "12,788 CyberTips were received. They show how many children were abused.",
        "Police recorded cases of abuse in 12 % of districts.",
        "CyberTip reports mean that 2 in 100 children are harmed.",
        "According to police, one in ten children was abused.",
        "There were 46,030 abused children in the CyberTipline's figures of 2023.",
        "Police figures put the incidence of grooming at 4 per 1,000.",
        "Hotline reports give the number of children.",
        "NCMEC's figures: 20 per cent of girls in the country.",
    ],
)
def test_claims_are_refused_with_their_sentence(text):
    with pytest.raises(StudyError, match="report: a count of reports or records is told as"):
        refuse_prevalence_of_reports(f"A good start. {text} A good end.", "report")
    assert len(find_prevalence_claims(text)) == 1
