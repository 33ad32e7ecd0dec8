import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designbased.errors import InputError
from designbased.weighting.response_rates import (
    DISPOSITIONS,
    compute_response_rates,
    r_indicator,
    read_dispositions,
    response_rate_table,
)

# I 400, P 50, R 100, NC 80, O 20: 650 eligible. U 200. Ineligible 150, so e = 650 / 800.
COUNTS = (400, 50, 100, 80, 20, 200, 150)
SAMPLE = np.repeat(DISPOSITIONS, COUNTS)


def test_a_worked_case_in_the_manner_of_aapor() -> None:
    """Denominators: all 850; with e 650 + 0.8125 * 200 = 812.5; known 650; contacts 570."""
    expected = {
        "e": 0.8125,
        "RR1": 400 / 850,
        "RR2": 450 / 850,
        "RR3": 400 / 812.5,
        "RR4": 450 / 812.5,
        "RR5": 400 / 650,
        "RR6": 450 / 650,
        "COOP1": 400 / 570,
        "COOP2": 450 / 570,
        "COOP3": 400 / 550,
        "COOP4": 450 / 550,
        "REF1": 100 / 850,
        "REF2": 100 / 812.5,
        "REF3": 100 / 650,
        "CON1": 570 / 850,
        "CON2": 570 / 812.5,
        "CON3": 570 / 650,
    }
    assert compute_response_rates(SAMPLE) == pytest.approx(expected, rel=1e-14)


def test_a_stated_share_of_eligible_replaces_the_casro_rule() -> None:
    rates = compute_response_rates(SAMPLE, eligible_share=0.5)
    assert rates["e"] == 0.5
    assert rates["RR3"] == pytest.approx(400 / 750)
    with pytest.raises(InputError, match="eligible_share"):
        compute_response_rates(SAMPLE, eligible_share=1.2)


def test_weighted_rates_count_weights() -> None:
    rates = compute_response_rates(np.array(["complete", "refusal"]), np.array([3.0, 1.0]))
    assert rates["RR1"] == 0.75
    assert rates["REF1"] == 0.25


def test_what_cannot_be_computed_is_none() -> None:
    rates = compute_response_rates(np.array(["unknown_eligibility", "unknown_eligibility"]))
    assert rates["RR1"] == 0
    assert {name for name, rate in rates.items() if rate is None} == {
        *("e", "RR3", "RR4", "RR5", "RR6", "COOP1", "COOP2", "COOP3", "COOP4"),
        *("REF2", "REF3", "CON2", "CON3"),
    }


@given(counts=st.lists(st.integers(0, 30), min_size=7, max_size=7).filter(lambda c: sum(c[:5])))
def test_identities_hold_for_every_table(counts: list[int]) -> None:
    rates = compute_response_rates(np.repeat(DISPOSITIONS, counts))
    slack = 1e-12
    for lower, middle, upper in (
        ("RR1", "RR3", "RR5"),
        ("RR2", "RR4", "RR6"),
        ("REF1", "REF2", "REF3"),
        ("CON1", "CON2", "CON3"),
    ):
        assert 0 <= rates[lower] <= rates[middle] + slack
        assert rates[middle] <= rates[upper] + slack <= 1 + 2 * slack
    for complete, interviews in (("RR1", "RR2"), ("RR3", "RR4"), ("RR5", "RR6")):
        assert rates[complete] <= rates[interviews]
    if counts[5] == 0:
        assert rates["RR1"] == rates["RR3"] == rates["RR5"]


def test_unknown_words_and_missing_dispositions_are_refused() -> None:
    with pytest.raises(InputError, match="'refused' in 1 row"):
        read_dispositions(pd.DataFrame({"disposition": ["complete", "refused"]}))
    with pytest.raises(InputError, match="row 2"):
        read_dispositions(pd.DataFrame({"disposition": ["complete", None]}))


def test_rates_by_group() -> None:
    words = np.array(["complete", "refusal", "complete", "complete"])
    table = response_rate_table(
        words, np.array([1.0, 3.0, 1.0, 1.0]), np.array(["n", "n", "s", "s"])
    )
    rr1 = table[table["rate"] == "RR1"].set_index("group")
    assert rr1["unweighted"].to_dict() == {"all": 0.75, "n": 0.5, "s": 1.0}
    assert rr1["weighted"].to_dict() == {"all": 0.5, "n": 0.25, "s": 1.0}


def test_r_indicator_by_hand() -> None:
    """Rates 1 and 0.5 in classes of weight 4 and 4: mean 0.75, S² = 8 * 0.25² / 7."""
    responded = np.array([True, True, True, False])
    indicator = r_indicator(responded, np.full(4, 2.0), np.array(["a", "a", "b", "b"]))
    assert indicator == pytest.approx(1 - 2 * np.sqrt(0.5 / 7), rel=1e-14)
    alike = r_indicator(
        np.array([True, False] * 2), np.full(4, 2.0), np.array(["a", "a", "b", "b"])
    )
    assert alike == 1
    assert r_indicator(np.array([True]), np.array([1.0]), np.array(["a"])) is None
