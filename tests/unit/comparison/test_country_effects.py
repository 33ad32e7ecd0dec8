"""Countries against their geometric mean in one model."""

import numpy as np
import pandas as pd
import pytest
from clustered import clustered

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.country_effects import ONE_COUNTRY, country_effects
from disrupting_harm.comparison.poisson_models import COUNTRY_NOT_ASKED, FEW_YES, NO_MODEL
from disrupting_harm.core.errors import StudyError
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table

RATES = {"KEN": 0.15, "THA": 0.3, "UGA": 0.3, "VNM": 0.45}
ALL = {"yes": list(RATES)}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    parts = [
        clustered(seed, psus=24, children=12, rate=rate).assign(country=code)
        for seed, (code, rate) in enumerate(RATES.items())
    ]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(stratum=frame["country"] + frame["stratum"])


def effects(data, countries=None, terms=("sex", "level"), **options):
    return country_effects(
        SurveyDesign.from_frame(data),
        data["country"],
        data[["yes"]],
        data[list(terms)],
        ALL if countries is None else {"yes": countries},
        **options,
    )


def test_ratios_are_to_the_geometric_mean(data):
    table = effects(data)
    check_table(
        table.assign(data_kind="simulated"),
        restricted_contract("comparison/adjusted_countries"),
        "x",
    )
    assert table["country"].tolist() == ["KEN", "THA", "UGA", "VNM"]
    assert np.log(table["ratio"]).sum() == pytest.approx(0, abs=1e-12)
    assert np.log(table["crude_ratio"]).sum() == pytest.approx(0, abs=1e-12)
    assert table["note"].eq("").all()


def test_without_terms_the_adjusted_ratio_is_the_crude_one(data):
    table = effects(data, terms=())
    np.testing.assert_allclose(table["ratio"], table["crude_ratio"], rtol=1e-10)
    p = {
        code: np.average(own["yes"], weights=own["weight"])
        for code, own in data[data["yes"].notna()].groupby("country")
    }
    p = np.array(list(p.values()))
    np.testing.assert_allclose(table["ratio"], p / np.exp(np.log(p).mean()), rtol=1e-10)


def test_the_sum_of_a_countrys_weights_does_not_matter(data):
    larger = data.assign(weight=data["weight"] * np.where(data["country"] == "THA", 5000.0, 1.0))
    columns = ["ratio", "log_ratio_se", "ci_low", "p_holm"]
    np.testing.assert_allclose(effects(larger)[columns], effects(data)[columns], rtol=1e-8)


def test_adjustment_takes_out_what_differs_between_the_children(data):
    """Two countries alike in each group, of which one has many more of those who say yes."""
    twin = data[data["country"] == "THA"].assign(country="AAA")
    twin["stratum"] = "A" + twin["stratum"]
    twin["weight"] *= np.where(twin["level"] == "c", 10.0, 1.0)
    both = pd.concat([data[data["country"] == "THA"], twin], ignore_index=True)
    table = effects(both, ["AAA", "THA"]).set_index("country")
    assert table.loc["AAA", "crude_ratio"] > 1.05
    assert abs(np.log(table.loc["AAA", "ratio"])) < 0.3 * np.log(table.loc["AAA", "crude_ratio"])


def test_intervals_leave_out_1_exactly_where_a_country_is_clear(data):
    table = effects(data)
    assert (table["p_holm"] >= table["p_value"]).all()
    beyond = (table["ci_low"] > 1) | (table["ci_high"] < 1)
    assert 0 < beyond.sum() < len(table)
    assert (beyond == table["clear"]).all()
    assert (table["clear"] == (table["p_holm"] <= 0.05)).all()


def test_of_two_countries_one_is_the_inverse_of_the_other_and_nothing_is_multiple(data):
    table = effects(data, ["VNM", "KEN"]).set_index("country")
    assert table.loc["KEN", "ratio"] * table.loc["VNM", "ratio"] == pytest.approx(1)
    assert table.loc["KEN", "log_ratio_se"] == pytest.approx(table.loc["VNM", "log_ratio_se"])
    assert table.loc["KEN", "p_value"] == pytest.approx(table.loc["VNM", "p_value"])
    # Two rows that are each other's inverse are one test, and tied: both have half of alpha.
    np.testing.assert_allclose(table["step_alpha"], 0.025)
    assert table.loc["KEN", "ci_low"] * table.loc["VNM", "ci_high"] == pytest.approx(1)


def test_a_country_left_out_of_the_comparison_has_no_part_in_it(data):
    three = effects(data, ["KEN", "THA", "UGA"])
    alone = effects(data[data["country"] != "VNM"].reset_index(drop=True), ["KEN", "THA", "UGA"])
    columns = ["n", "ratio", "log_ratio_se", "df", "p_holm"]
    np.testing.assert_allclose(three[columns], alone[columns], rtol=1e-9)


def test_a_country_with_few_yes_answers_has_a_note_and_the_others_go_on(data):
    yes = data["yes"].where((data["country"] != "KEN") | data["yes"].isna(), 0.0)
    table = effects(data.assign(yes=yes)).set_index("country")
    assert table.loc["KEN", "note"] == FEW_YES
    assert table.loc["KEN", ["ratio", "crude_ratio", "p_holm"]].isna().all()
    assert table.loc["KEN", "n"] > 0
    others = effects(data, ["THA", "UGA", "VNM"]).set_index("country")
    np.testing.assert_allclose(table.loc[others.index, "ratio"], others["ratio"])


def test_a_country_that_did_not_ask_a_term_is_left_out_with_its_reason(data):
    lacking = data.assign(level=data["level"].where(data["country"] != "KEN"))
    table = effects(lacking).set_index("country")
    assert table.loc["KEN", "note"] == COUNTRY_NOT_ASKED
    assert table.loc["KEN", ["ratio", "crude_ratio", "p_holm"]].isna().all()
    others = effects(data, ["THA", "UGA", "VNM"]).set_index("country")
    np.testing.assert_allclose(table.loc[others.index, "ratio"], others["ratio"])


def test_one_country_and_none(data):
    table = effects(data, ["KEN"])
    assert table["note"].tolist() == [ONE_COUNTRY]
    assert table["ratio"].isna().all()
    assert len(effects(data, [])) == 0


def test_answers_that_do_not_vary_are_a_note(data):
    table = effects(data.assign(yes=1.0))
    assert table["note"].tolist() == [NO_MODEL] * 4


def test_a_term_of_the_same_answers_is_left_out(data):
    table = effects(data, same_answers={"yes": ("level",)})
    pd.testing.assert_frame_equal(table, effects(data, terms=("sex",)))


def test_a_country_without_weight_is_refused(data):
    nothing = data.assign(weight=data["weight"].where(data["country"] != "UGA", 0.0))
    with pytest.raises(StudyError, match="no row of positive weight in UGA"):
        effects(nothing)
