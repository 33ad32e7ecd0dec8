"""Changes between waves: which cells have numbers, what the family is, what is printed."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.comparison.waves.changes import AnswerResults, estimate_changes
from disrupting_harm.comparison.waves.ledger import Wave, ledger_of_waves
from disrupting_harm.comparison.waves.overlap import (
    Answers,
    Waves,
    estimate_differences,
    find_compared_pairs,
    find_listed_pairs,
    fit_trends,
    independent_waves,
    select_with_trend,
)
from disrupting_harm.comparison.waves.public_forms import public_changes, public_trends
from disrupting_harm.publication.detectable_change import detectable_change, power_of_change
from disrupting_harm.report.findings.change.sentences import Changes
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

CODEBOOK = Codebook.model_validate(
    {
        "items": [{"id": "a", "type": "yes_no"}, {"id": "b", "type": "yes_no"}],
        "domains": [{"id": "total", "label": "Total"}],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {"id": name, "module": "m", "label": f"Label of {name}", "headline": True,
             "numerator": [{"item": item, "among": ["yes"]}]}
            for name, item in (("x", "a"), ("y", "b"))
        ],
    }
)  # fmt: skip
RAW = {"stratum": "h", "psu": "i", "weight": "w", "variables": {"a": {}, "b": {}}}


def wave(number: int, country: str = "KEN", unasked=(), mapping=None, **facts) -> Wave:
    row = Country(
        country=country,
        wave=str(number),
        wave_year=2020 + number,
        **{"age_range": "12-17", "mode": "face to face", **facts},
    )
    raw = Mapping.model_validate(mapping or RAW)
    return Wave(row, raw, {"rr2": 0.8}, unasked)


def made(waves, judgements=(), indicators=("x", "y")) -> pd.DataFrame:
    table = ledger_of_waves(waves, CODEBOOK, indicators, judgements, "observed")
    return check_table(table, restricted_contract("change/waves"), "ledger of waves")


def line(country, indicator, attribute, comparable, value="", reason="because") -> Judgement:
    return Judgement(country, indicator, attribute, value, comparable, reason, "somebody")


def verdict(table, number, indicator="x") -> tuple[str, str]:
    row = table[(table["indicator"] == indicator) & (table["wave"] == str(number))].iloc[0]
    return row["comparable"], row["reason"]


def cells(estimates: dict[str, float], se: float = 0.01, status: str = "present", n: int = 1000):
    """Return the release of one wave: a national cell per indicator."""
    rows = [
        {"country": "KEN", "indicator": name, "domain": "total", "level": "all", "n": float(n),
         "n_printed": float(n), "population": 1.0, "population_printed": 1.0, "estimate": value,
         "se": se, "df": 80.0, "ci_low": value - 0.02, "ci_high": value + 0.02,
         "interval": "korn_graubard", "shown": f"{100 * value:.1f}", "bound_low": np.nan,
         "bound_high": np.nan, "status": status, "reason": ""}
        for name, value in estimates.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def compared(*releases, ledger=None, **options) -> pd.DataFrame:
    waves = [wave(number + 1, f"KEN-{number + 1}") for number in range(len(releases))]
    ledger = made(waves) if ledger is None else ledger
    return estimate_changes("KEN", releases, ledger, ["x", "y"], ["x", "y"], "observed", **options)


def test_independent_waves_add_their_variances():
    first = pd.DataFrame({"estimate": [0.10], "se": [0.012], "df": [40.0]})
    second = pd.DataFrame({"estimate": [0.16], "se": [0.016], "df": [60.0]})
    found = estimate_differences(independent_waves(first, second)).iloc[0]
    assert found["difference"] == pytest.approx(0.06, abs=1e-15)
    assert found["se"] == pytest.approx(0.02, abs=1e-15)
    df = (0.012**2 + 0.016**2) ** 2 / (0.012**4 / 40 + 0.016**4 / 60)
    assert found["df"] == pytest.approx(df, rel=1e-14)
    assert found["p_value"] == pytest.approx(2 * t.sf(3, df), rel=1e-10)
    assert found["log_ratio"] == pytest.approx(np.log(1.6))


def test_a_shared_psu_shortens_the_interval_and_costs_degrees_of_freedom():
    first = pd.DataFrame({"estimate": [0.10], "se": [0.012], "df": [40.0]})
    second = pd.DataFrame({"estimate": [0.16], "se": [0.016], "df": [60.0]})
    found = estimate_differences(Waves(first, second, np.array([0.00006]))).iloc[0]
    assert found["se"] == pytest.approx(np.sqrt(0.0004 - 0.00012), rel=1e-14)
    assert found["df"] == 40


def test_without_variance_in_one_wave_there_is_no_interval():
    first = pd.DataFrame({"estimate": [0.0], "se": [0.0], "df": [40.0]})
    second = pd.DataFrame({"estimate": [0.16], "se": [0.016], "df": [60.0]})
    found = estimate_differences(independent_waves(first, second)).iloc[0]
    assert found["difference"] == 0.16
    assert found[["se", "df", "log_ratio", "p_value"]].isna().all()


def waves_of_five(**unasked) -> pd.DataFrame:
    """The ledger of five waves; ``unasked`` says which of them did not ask an indicator."""
    waves = [
        wave(number, f"KEN-{number}", unasked=[n for n, at in unasked.items() if number in at])
        for number in range(1, 6)
    ]
    return made(waves)


def shares(**unasked) -> dict[str, dict[tuple[int, int], float]]:
    """Parts of alpha over five waves."""
    return find_compared_pairs(waves_of_five(**unasked))


def test_half_of_alpha_is_for_first_and_last_and_half_for_neighbours():
    found = shares(y=(1, 3, 4, 5))
    assert found["x"] == {
        (0, 1): 0.125, (1, 2): 0.125, (2, 3): 0.125, (3, 4): 0.125, (0, 4): 0.5,
    }  # fmt: skip
    # Asked once: there is nothing to compare, and no part of alpha is lost on it.
    assert found["y"] == {}
    assert shares(y=(2, 3, 4))["y"] == {(0, 4): 1.0}


def test_waves_that_did_not_ask_are_passed_over():
    found = find_compared_pairs(waves_of_five(y=(3,)))
    assert found["y"] == pytest.approx({(0, 1): 1 / 6, (1, 3): 1 / 6, (3, 4): 1 / 6, (0, 4): 0.5})
    listed = find_listed_pairs(waves_of_five(y=(3,)))
    assert list(listed) == [(0, 1), (1, 2), (2, 3), (3, 4), (1, 3), (0, 4)]
    assert (listed[0, 1], listed[1, 3]) == (["x", "y"], ["y"])


def test_a_break_between_waves_that_asked_is_listed():
    """Asked by the waves 1, 3 and 4, with a break between 1 and 3."""
    waves = [wave(n, f"KEN-{n}", unasked=["y"] * (n == 2),
                  mode="face to face" if n < 3 else "telephone") for n in range(1, 5)]  # fmt: skip
    ledger = made(waves)
    assert find_compared_pairs(ledger)["y"] == {(2, 3): 1.0}
    releases = [cells({"x": 0.1, "y": 0.3}) for _ in waves]
    releases[1]["status"] = ["present", "not_asked"]
    table = compared(*releases, ledger=ledger).set_index(["indicator", "wave_from", "wave_to"])
    assert table.loc["y"]["status"].to_dict() == {
        ("1", "2"): "not_asked", ("2", "3"): "not_asked", ("3", "4"): "present",
        ("1", "3"): "break", ("1", "4"): "break",
    }  # fmt: skip
    assert table.loc[("y", "1", "3"), "reason"]
    assert ("x", "1", "3") not in table.index


def test_a_break_makes_two_segments_that_share_alpha():
    waves = [
        wave(n, f"KEN-{n}", mode="telephone" if n > 3 else "face to face") for n in range(1, 6)
    ]
    assert find_compared_pairs(made(waves))["x"] == {
        (0, 1): 0.125, (1, 2): 0.125, (0, 2): 0.25, (3, 4): 0.5,
    }  # fmt: skip
    assert list(find_listed_pairs(made(waves[:2]))) == [(0, 1)]


def test_the_family_is_all_pairs_of_all_indicators_of_one_group():
    """Three waves of which y has two: x has halves and quarters of half of alpha, y has half."""
    waves = [wave(1, "KEN-1"), wave(2, "KEN-2", unasked=["y"]), wave(3)]
    releases = [cells({"x": p, "y": q}) for p, q in ((0.1, 0.3), (0.11, 0.3), (0.147, 0.22))]
    releases[1]["status"] = ["present", "not_asked"]
    table = compared(*releases, ledger=made(waves)).set_index(["indicator", "wave_from", "wave_to"])
    assert table["alpha_share"].to_dict() == {
        ("x", "1", "2"): 0.125, ("x", "2", "3"): 0.125, ("x", "1", "3"): 0.25,
        ("y", "1", "2"): 0.0, ("y", "2", "3"): 0.0, ("y", "1", "3"): 0.5,
    }  # fmt: skip
    assert table["status"].to_dict() == {
        ("x", "1", "2"): "present", ("x", "2", "3"): "present", ("x", "1", "3"): "present",
        ("y", "1", "2"): "not_asked", ("y", "2", "3"): "not_asked", ("y", "1", "3"): "present",
    }  # fmt: skip
    y, whole = table.loc["y", "1", "3"], table.loc["x", "1", "3"]
    assert y["p_holm"] == pytest.approx(y["p_value"] / 0.5)
    # y is clear first; of what is left, half is that of the first and last wave of x.
    assert whole["step_alpha"] == pytest.approx(0.05 * 0.25 / 0.5)
    assert whole["p_holm"] == pytest.approx(whole["p_value"] * 0.5 / 0.25)
    assert table.loc["x", "2", "3"]["step_alpha"] == pytest.approx(0.025)
    assert table.loc["x", "1", "2"]["step_alpha"] == pytest.approx(0.05)
    assert table["change"].to_dict() == {
        ("x", "1", "2"): "no clear change", ("x", "2", "3"): "rose", ("x", "1", "3"): "rose",
        ("y", "1", "2"): "", ("y", "2", "3"): "", ("y", "1", "3"): "fell",
    }  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from([0.0, 0.04, 0.06, 0.09, 0.12])] * 2, st.floats(0.004, 0.02)),
        min_size=2, max_size=4,
    ),
    st.sets(st.sampled_from([1, 2, 3, 4])),
)  # fmt: skip
def test_word_interval_and_ratio_say_the_same_in_every_public_row(waves, unasked):
    """Also where a wave did not ask, or nobody said yes."""
    facts = [
        wave(n + 1, f"KEN-{n + 1}", unasked=["y"] if n + 1 in unasked else [])
        for n in range(len(waves))
    ]
    releases = []
    for number, (x, y, se) in enumerate(waves):
        release = cells({"x": x, "y": y}, se)
        release.loc[release["estimate"] == 0, "se"] = 0.0
        if number + 1 in unasked:
            release.loc[1, "status"] = "not_asked"
        releases.append(release)
    table = public_changes(compared(*releases, ledger=made(facts)), Rounding())
    tested = table[table["ci_low"].notna()]
    beyond = (tested["ci_low"] > 0) | (tested["ci_high"] < 0)
    assert (beyond == tested["clear"]).all()
    assert (tested["change"].isin(["rose", "fell"]) == tested["clear"]).all()
    of_ratios = tested[tested["ratio_low"].notna()]
    beyond = (of_ratios["ratio_low"] > 1) | (of_ratios["ratio_high"] < 1)
    assert (beyond == of_ratios["clear"]).all()
    assert (np.sign(tested["difference"]) == tested["change"].map(
        {"rose": 1, "fell": -1}
    ))[tested["clear"]].all()  # fmt: skip
    assert not table.loc[table["ci_low"].isna(), "clear"].any()


def test_equal_facts_are_comparable_and_unknown_wording_is_named():
    table = made([wave(1, "KEN-1"), wave(2)])
    assert verdict(table, 1) == ("", "not available: wording, coverage, fieldwork")
    assert verdict(table, 2) == ("yes", "not available: wording, coverage, fieldwork")


@pytest.mark.parametrize(("name", "value"), [("mode", "telephone"), ("age_range", "9-17")])
def test_another_mode_or_age_is_a_break(name, value):
    table = made([wave(1, "KEN-1"), wave(2, **{name: value})])
    comparable, reason = verdict(table, 2)
    assert comparable == "no"
    assert f"{name.replace('_', ' ')}: {value}, before" in reason


def test_other_response_options_are_a_break_for_the_items_that_have_them():
    offered = RAW | {"variables": {"a": {"missing": {"prefer_not_to_say": [9]}}, "b": {}}}
    table = made([wave(1, "KEN-1"), wave(2, mapping=offered)])
    assert verdict(table, 2, "x")[0] == "no"
    assert verdict(table, 2, "y")[0] == "yes"


def test_a_judgement_on_the_earlier_wave_decides():
    waves = [wave(1, "KEN-1"), wave(2, mode="telephone")]
    bridge = line("KEN-1", "*", "mode", True, reason="the two modes were asked side by side")
    assert verdict(made(waves, [bridge]), 2)[0] == "yes"
    other = line("KEN-1", "x", "wording", False, reason="another question")
    table = made([wave(1, "KEN-1"), wave(2)], [other])
    assert verdict(table, 2, "x")[0] == "no"
    assert verdict(table, 2, "y")[0] == "yes"


def test_two_wordings_are_a_break_and_one_alone_proves_nothing():
    waves = [wave(1, "KEN-1"), wave(2)]
    first = line("KEN-1", "x", "wording", True, value="Have you ...?")
    second = line("KEN", "x", "wording", True, value="Did you ...?")
    assert verdict(made(waves, [second]), 2, "x")[0] == "yes"
    # The line on the earlier wave says yes whatever the words are; that on the later one does not.
    assert verdict(made(waves, [first, second]), 2, "x")[0] == "yes"
    third = [wave(1, "KEN-1"), wave(2, "KEN-2"), wave(3)]
    second = line("KEN-2", "x", "definition", False, value="something else")
    table = made(third, [second])
    assert [verdict(table, number)[0] for number in (1, 2, 3)] == ["", "no", "no"]


def test_what_one_wave_did_not_ask_has_no_change():
    ledger = made([wave(1, "KEN-1", unasked=["x"]), wave(2)])
    release = cells({"x": 0.1, "y": 0.2})
    first = release.assign(status=["not_asked", "present"])
    table = compared(first, release, ledger=ledger).set_index("indicator")
    assert table["status"].to_dict() == {"x": "not_asked", "y": "present"}
    assert table.loc["x", ["difference", "p_holm"]].isna().all()


def test_a_hidden_estimate_hides_the_change_and_keeps_its_part_of_alpha():
    first, second = cells({"x": 0.10, "y": 0.20}), cells({"x": 0.13, "y": 0.25})
    both = compared(first, second).set_index("indicator")
    hidden = first.assign(status=["suppress_disclosure", "present"], shown=["c", "20.0"])
    table = compared(hidden, second).set_index("indicator")
    assert table.loc["x", "status"] == "hidden"
    numbers = ["estimate_from", "difference", "ci_low", "ratio", "p_value", "detectable_rise"]
    assert table.loc["x", [*numbers, "step_alpha"]].isna().all()
    assert table.loc["x", "shown_from"] == "c"
    # As if what is hidden had not changed: the verdict on y follows from y alone.
    names = ["p_value", "p_holm", "step_alpha", "alpha_share"]
    assert table.loc["y", names].tolist() == both.loc["y", names].tolist()
    assert both.loc["y", "p_holm"] == 2 * both.loc["y", "p_value"]
    assert table.loc["x", "alpha_share"] == 0.5


def test_a_hidden_number_changes_nothing_that_is_public():
    """Whatever a hidden estimate is, the public table has the same bytes."""
    second = cells({"x": 0.13, "y": 0.25})
    printed = []
    for value in (0.01, 0.09, 0.5):
        first = cells({"x": value, "y": 0.20}).assign(
            status=["suppress_disclosure", "present"], shown=["c", "20.0"]
        )
        printed.append(public_changes(compared(first, second), Rounding()).to_csv())
    assert len(set(printed)) == 1


def test_words_follow_the_adjusted_p_value():
    first, second = cells({"x": 0.10, "y": 0.20}), cells({"x": 0.133, "y": 0.15})
    table = compared(first, second).set_index("indicator")
    assert table.loc["y", "change"] == "fell"
    # Significant alone, and in the family at its second step.
    assert table.loc["x", "p_value"] < 0.05
    assert table.loc["x", "change"] == "rose"
    lower = compared(first, cells({"x": 0.131, "y": 0.2})).set_index("indicator")
    assert lower.loc["x", "p_value"] < 0.05 < lower.loc["x", "p_holm"]
    assert lower.loc["x", "change"] == "no clear change"


def test_silence_in_the_lower_wave_that_would_explain_a_change():
    first, second = cells({"x": 0.12, "y": 0.20}), cells({"x": 0.20, "y": 0.15})
    table = compared(first, second, silent=["x"]).set_index("indicator")
    assert set(table["change"]) == {"rose", "fell"}
    assert table.loc["x", "order_turns"] == pytest.approx(0.4)
    # The smaller P value of two was tested at half of 5 per cent.
    relative = np.array([0.01 / 0.12, 0.01 / 0.20]) ** 2
    df = relative.sum() ** 2 / (relative**2 / 80).sum()
    low = np.log(0.2 / 0.12) - t.ppf(1 - 0.0125, df) * np.sqrt(relative.sum())
    assert table.loc["x", "claim_goes"] == pytest.approx(1 - np.exp(-low))
    assert table.loc["y", ["claim_goes", "order_turns"]].isna().all()
    both = compared(first, second, silent=["x", "y"]).set_index("indicator")
    assert both.loc["y", "order_turns"] == pytest.approx(0.25)
    unclear = compared(first, cells({"x": 0.121, "y": 0.2}), silent=["x", "y"])
    assert unclear["order_turns"].isna().all()


def test_the_report_says_what_silence_would_explain():
    first, second = cells({"x": 0.12, "y": 0.20}), cells({"x": 0.20, "y": 0.17})
    public = public_changes(compared(first, second, silent=["x", "y"]), Rounding())
    rows = list(csv.DictReader(io.StringIO(public.to_csv(index=False))))
    translator = build_english().with_markup(MARKDOWN)
    rise, fall = Changes(translator, Labels(CODEBOOK, translator), rows, "", "").sentences()
    assert (
        "If 25 per cent of those to whom it happened kept silent in 2021, and nobody in 2022, this "
        "change would no longer be certain; at 40 per cent there would be none."
    ) in rise
    # Clear, but by little: less than one per cent.
    assert "If a small share of those to whom it happened kept silent in 2022, and nobody" in fall
    assert fall.endswith("at 15 per cent there would be none.")


def test_a_break_between_two_waves_breaks_first_and_last():
    waves = [wave(1, "KEN-1"), wave(2, "KEN-2"), wave(3, mode="telephone")]
    releases = [cells({"x": 0.1, "y": 0.2})] * 3
    table = compared(*releases, ledger=made(waves))
    status = table[table["indicator"] == "x"].set_index(["wave_from", "wave_to"])["status"]
    assert status.to_dict() == {("1", "2"): "present", ("2", "3"): "break", ("1", "3"): "break"}
    assert table.loc[table["status"] == "break", "reason"].str.contains("telephone").all()


def test_public_changes_are_on_the_coarser_grid_and_have_no_errors():
    first, second = cells({"x": 0.1234, "y": 0.2}, n=400), cells({"x": 0.1711, "y": 0.25})
    public = check_table(
        public_changes(compared(first, second), Rounding()),
        public_contract("change/changes"),
        "public",
    )
    row = public.iloc[0]
    assert (row["estimate_from"], row["estimate_to"]) == (0.12, 0.171)
    assert row["difference"] == 0.05
    assert not {"se", "df", "covariance"} & set(public)
    exact = compared(first, second).iloc[0]
    assert row["detectable_rise"] >= exact["detectable_rise"]
    assert row["detectable_rise"] - exact["detectable_rise"] < 0.01


def test_power_of_no_change_is_alpha_and_grows_to_one():
    n, df = np.array([1000.0]), np.array([88.0])
    assert power_of_change(np.array([0.1]), np.array([0.1]), 1 / n, 1 / n, df)[0] == pytest.approx(
        0.05, abs=1e-12
    )
    assert power_of_change(np.array([0.1]), np.array([0.6]), 1 / n, 1 / n, df)[0] > 1 - 1e-12


def test_detectable_change_reaches_the_power_exactly():
    p, v, df = np.array([0.05, 0.1, 0.2]), np.full(3, 1.6 / 1000), np.full(3, 88.0)
    for direction, sign in (("rise", 1), ("fall", -1)):
        size = detectable_change(p, v, v, df, direction)
        assert power_of_change(p, p + sign * size, v, v, df) == pytest.approx(0.8, abs=1e-9)
    # With many degrees of freedom this is the textbook's normal approximation.
    rise = detectable_change(p[1:2], v[:1], v[:1], np.array([1e6]), "rise")[0]
    spread = np.sqrt(1.6 / 1000 * (0.1 * 0.9 + (0.1 + rise) * (0.9 - rise)))
    assert rise == pytest.approx((norm.ppf(0.975) + norm.ppf(0.8)) * spread, rel=1e-4)


def test_a_fall_that_no_sample_could_show_is_missing():
    fall = detectable_change(
        np.array([0.02]), np.array([0.05]), np.array([0.05]), np.array([30.0]), "fall"
    )
    assert np.isnan(fall[0])


def grouped(estimates: dict[str, float], statuses: tuple[str, str]) -> pd.DataFrame:
    """Return a release with the groups of sex beside the national cells."""
    total = cells(estimates)
    groups = [
        total.assign(domain="sex", level=level, status=status)
        for level, status in zip(("boy", "girl"), statuses, strict=True)
    ]
    return pd.concat([total, *groups], ignore_index=True)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (("present", "present"), ("present", "caution"), True),
        (("present", "present"), ("present", "suppress_disclosure"), False),
        (("suppress_reliability", "present"), ("present", "present"), False),
    ],
)
def test_fixed_composition_stands_only_where_all_groups_are_shown(first, second, told):
    """Beside shown groups it says nothing new; of a hidden one it would be an equation."""
    fixed = pd.DataFrame(
        {"difference": 0.02, "se": 0.01, "df": 80.0},
        index=pd.Index(["x", "y"], name="indicator"),
    )
    releases = grouped({"x": 0.1, "y": 0.2}, first), grouped({"x": 0.13, "y": 0.2}, second)
    table = compared(*releases, answer_results={(0, 1): AnswerResults(fixed=fixed, groups="sex")})
    national = table[table["domain"] == "total"]
    assert national["fixed_difference"].notna().all() == told
    assert national["fixed_difference"].isna().all() != told
    assert table.loc[table["domain"] == "sex", "fixed_difference"].isna().all()


def test_the_covariance_of_kept_psus_enters_its_own_cell():
    first, second = cells({"x": 0.10, "y": 0.20}), cells({"x": 0.13, "y": 0.25})
    keys = pd.MultiIndex.from_tuples([("x", "total", "all")])
    shared = AnswerResults(covariance=pd.Series([0.00005], index=keys))
    table = compared(first, second, answer_results={(0, 1): shared}).set_index("indicator")
    alone = compared(first, second).set_index("indicator")
    assert table.loc["x", "se"] == pytest.approx(0.01, rel=1e-12)
    assert table.loc["y", "se"] == alone.loc["y", "se"] == pytest.approx(np.sqrt(0.0002))
    assert (table.loc["x", "df"], alone.loc["x", "df"]) == (80, pytest.approx(160))


def wave_of_answers(seed: int, share: float, children: int = 400):
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "stratum": np.repeat(["a", "b"], children // 2),
            "psu": np.repeat(np.arange(20), children // 20).astype(str),
            "weight": draw.uniform(1, 2, children),
        }
    )
    outcomes = pd.DataFrame({"x": (draw.random(children) < share).astype(float)})
    sex = pd.Categorical(np.where(draw.random(children) < 0.5, "boy", "girl"))
    design = SurveyDesign.from_frame(frame)
    return frame, Answers(design, outcomes, pd.DataFrame({"sex": sex}), {}, {})


def test_a_model_of_trends_has_no_verdict():
    made_of = [wave_of_answers(seed, share) for seed, share in enumerate((0.1, 0.2, 0.35))]
    frames, waves = zip(*made_of, strict=True)
    table = fit_trends("KEN", frames, waves, [2018, 2020, 2022], ["x"], {"x": ["sex"]}, "observed")
    assert table["df"].item() == 3 * (20 - 2)
    assert table["n"].item() == 1200
    assert table["linear"].item() > 0
    public = set(public_trends(table))
    assert {"any_change_p", "linear_p", "quadratic_p"} <= public
    assert not {"shape", "clear", "any_change_p_holm", "linear"} & public


def test_two_waves_have_no_trend_and_a_break_leaves_none():
    frame, wave_one = wave_of_answers(1, 0.2)
    two = fit_trends("KEN", [frame] * 2, [wave_one] * 2, [2018, 2020], ["x"], {"x": []}, "observed")
    assert two.empty
    waves = [wave(1, "KEN-1"), wave(2, "KEN-2"), wave(3, mode="telephone")]
    releases = [cells({"x": 0.1, "y": 0.2})] * 3
    assert select_with_trend(releases, made(waves), ["x", "y"]) == []
    waves[2] = wave(3)
    hidden = releases[0].assign(status=["suppress_reliability", "present"])
    assert select_with_trend([*releases[:2], hidden], made(waves), ["x", "y"]) == ["y"]


def test_why_a_model_fails_is_not_public():
    frame, answers = wave_of_answers(1, 0.2)
    nobody = Answers(answers.design, answers.outcomes * 0, answers.domains, {}, {})
    table = fit_trends(
        "KEN", [frame] * 3, [nobody] * 3, [2018, 2020, 2022], ["x"], {"x": []}, "observed"
    )
    assert "the same answer in all 1200 rows" in table["note"].item()
    assert public_trends(table)["note"].item() == "the model cannot be fitted"
