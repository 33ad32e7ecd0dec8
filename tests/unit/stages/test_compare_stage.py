"""Edge cases of the comparison, from releases over tables and figures to the page."""

import re

import pandas as pd
import pytest
from compared_study import AFRICA, SHOWN, Made, make

CLEAR = {"clear": SHOWN["clear"]}
EXTREMES = re.compile(
    r"(?<!may have the )(?<!may be the )\b(highest|lowest)\b(?! third)", re.IGNORECASE
)


def only(*codes: str) -> dict:
    """The counts of some countries."""
    return {"clear": {code: SHOWN["clear"][code] for code in codes}}


def assert_sensible(made: Made) -> None:
    """What holds for every page, whatever it compares."""
    for word in ("nan", "None", "<NA>", "inf"):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", made.text), word
    assert "  per cent" not in made.source
    assert not re.search(r"(?<![\d.,])1 (?:countries|pairs)\b", made.text)
    for table in re.findall(r"<table.*?</table>", made.html, flags=re.DOTALL):
        assert table.count("<tr") > 1, table
    # A heading stands over something of its own, if only headings below it.
    assert not re.search(r"^(#+) [^\n]*\n\s*^(?:#{1,2}|\1) ", made.source, re.MULTILINE)
    assert not re.search(r"^## [^\n]*\s*\Z", made.source, re.MULTILINE)
    assert_claims_are_founded(made)


def assert_claims_are_founded(made: Made) -> None:
    """No sentence names a highest or lowest country unless the set of such countries is one."""
    sets = made.table("rank_sets")
    sets = sets[(sets["method"] == "mogstad_step_down") & (sets["scope"] == "simultaneous")]
    words = {"highest": "may_be_highest", "lowest": "may_be_lowest"}
    sole = {
        word
        for word, flag in words.items()
        for _, own in sets.groupby("indicator")
        if len(own) > 1 and (own[flag] == "True").sum() == 1
    }
    said = {found.lower() for found in EXTREMES.findall(made.source)}
    assert said <= sole


def kinds(made: Made) -> set[str]:
    """The kinds of figures that were left out."""
    return {name.partition("-")[0] for name in made.absent}


@pytest.mark.slow
def test_one_country(tmp_path):
    made = make(tmp_path, only("KEN"))
    assert_sensible(made)
    assert (
        "Of every 100 internet-using children aged 12-\u206017 in Kenya, about 22 are counted"
        in made.text
    )
    assert "| Kenya | 1,000 | 22.0 | 19.4 to 24.8 | 1 |" in made.book
    assert '  name: "Kenya"' in made.source
    assert "Nothing: Kenya is the only country of this study." in made.text
    # Whether countries differ is no question of one.
    assert "fewer than two countries" not in made.text
    # No word on which country may be first, whatever silence hides, where there is one.
    assert "may be the highest" not in made.text
    assert (
        "Kenya: girls less boys: +8.8 percentage points (+3.6 to +14.0); they differ." in made.text
    )
    assert not EXTREMES.search(made.source)
    assert kinds(made) == {"ranks", "pooled", "silence"}
    assert all(made.absent.values())
    for name in ("pairwise", "gap_pairs", "bound_pairs", "leave_one_out"):
        assert made.table(name).empty
    pooled = made.table("pooled").set_index("estimand")
    assert pooled.loc["random_effects", "estimate"] == ""
    assert "fewer than 3 countries" in pooled.loc["random_effects", "note"]


def test_two_countries(tmp_path):
    made = make(tmp_path, only("KEN", "KHM"))
    assert_sensible(made)
    assert len(made.table("pairwise")) == 1
    assert made.table("leave_one_out").empty
    # With two, the test of the pair says which is above the other, and nobody is called highest.
    assert not EXTREMES.search(made.source)
    assert re.search(
        r"Kenya less Cambodia: \+[\d.]+ percentage points \([^)]*\); they differ\b", made.text
    )
    # Too few to say what a typical country is like.
    pooled = made.table("pooled").set_index(["group", "estimand"])
    assert pooled.loc[("all", "random_effects"), "estimate"] == ""
    assert "fewer than 3 countries" in pooled.loc[("all", "random_effects"), "note"]
    assert "A similar country" not in made.source + made.book


@pytest.mark.slow
def test_a_country_without_an_indicator(tmp_path):
    counts = {"clear": SHOWN["clear"], "daily": dict(list(SHOWN["wide"].items())[:4])}
    made = make(tmp_path, counts)
    assert_sensible(made)
    daily = made.table("prevalence").query("indicator == 'daily'")
    assert sorted(daily["country"]) == ["KEN", "KHM", "NAM", "UGA"]
    pooled = made.table("pooled").query("indicator == 'daily' and group == 'all'")
    assert set(pooled["countries"]) == {"4"}
    assert pooled["left_out"].str.contains("THA: no estimate").all()
    assert "| Daily use | 4 | 21%\xa0(20–\u206023) | 4 of 6 |" in made.source


def test_a_hidden_headline(tmp_path):
    counts = {"clear": SHOWN["clear"] | {"NAM": (900, 4)}}
    made = make(tmp_path, counts)
    assert_sensible(made)
    hidden = made.table("prevalence").set_index("country").loc["NAM"]
    assert hidden["status"].startswith("suppress")
    assert hidden["estimate"] == hidden["n"] == ""
    for name in ("pairwise", "gap_pairs", "bound_pairs", "silence_claims"):
        table = made.table(name)
        assert "NAM" not in {*table["country_a"], *table["country_b"]}
    for name in ("against_region", "gaps", "rank_sets", "bounds", "denominators", "adjusted",
                 "silence_ranks", "adjusted_countries"):  # fmt: skip
        assert "NAM" not in set(made.table(name)["country"]), name
    assert set(made.table("rank_sets")["countries"]) == {"4"}
    average = made.table("pooled").query("group == 'all'").set_index("estimand")
    weighted = average.loc["population_weighted"]
    assert (weighted["bounded"], weighted["estimate"]) == ("NAM", "")
    low, high, ci_low, ci_high = (
        f"{100 * float(weighted[name]):g}" for name in ("set_low", "set_high", "ci_low", "ci_high")
    )
    assert re.search(
        rf"in 5 countries, between {low} and {high} are counted[^.;]*; "
        rf"with chance, from {ci_low} to {ci_high}\.",
        made.text,
    )
    assert "that include Namibia (below 5 per cent) are ranges, as this estimate is" in made.text
    assert "Namibia (below 5 per cent) may be lower still: only a bound is printed." in made.text
    assert f"| Namibia | – | {mark(hidden)} | – | – |" in made.book


def mark(cell: pd.Series) -> str:
    return re.sub(r"([*<>])", r"\\\1", cell["shown"])


@pytest.mark.slow
def test_identical_estimates(tmp_path):
    made = make(tmp_path, {"clear": dict.fromkeys(SHOWN["clear"], (1000, 150))})
    assert_sensible(made)
    pairs = made.table("pairwise")
    assert len(pairs) == 10
    assert set(pairs["difference"]) <= {"0.0", "-0.0", "0"}
    assert set(pairs["clear"]) == {"False"}
    sets = made.table("rank_sets")
    assert set(sets["rank_low"]) == {"1"}
    assert set(sets["rank_high"]) == {"5"}
    assert "5 of the 5 countries with an estimate may be the highest." in made.text
    assert "5 of the 5 countries with an estimate may be the lowest." in made.text
    model = made.table("pooled").query("estimand == 'random_effects' and group == 'all'")
    assert model["tau2"].astype(float).tolist() == [0]
    assert "−0" not in made.text


@pytest.mark.slow
def test_hidden_ends_leave_nobody_highest(tmp_path):
    counts = {"daily": SHOWN["clear"] | {"KEN": (1000, 1000), "NAM": (900, 900)}}
    made = make(tmp_path, counts)
    assert_sensible(made)
    shown = made.table("prevalence").set_index("country")
    assert set(shown.loc[["KEN", "NAM"], "shown"]) == {"> 95"}
    assert len(made.table("pairwise")) == 3
    # Who is hidden may well be higher than the one country that stands alone among those shown.
    assert (
        "Of the 3 countries with an estimate to compare, Uganda alone may be the highest."
        in made.text
    )
    bound = "(above 95 per cent)"
    beyond = f"Kenya {bound} and Namibia {bound} may be higher still: only a bound is printed."
    assert beyond in made.text
    assert "possibly anywhere" not in made.text
    assert not EXTREMES.search(made.source)


@pytest.mark.slow
def test_hidden_ends_are_said_where_several_may_stand_first(tmp_path):
    alike = dict.fromkeys(SHOWN["clear"], (1000, 150))
    made = make(tmp_path, {"daily": alike | {"KEN": (1000, 2)}})
    assert_sensible(made)
    assert made.table("prevalence").set_index("country").loc["KEN", "shown"] == "< 5"
    assert "4 of the 4 countries with an estimate may be the lowest." in made.text
    assert "Kenya (below 5 per cent) may be lower still: only a bound is printed." in made.text


@pytest.mark.slow
def test_no_variance_where_estimates_are_shown(tmp_path):
    """Nobody, or everybody, said yes, under rules that hid nothing: no test, but an order."""
    counts = {"daily": SHOWN["clear"] | {"KEN": (1000, 0), "NAM": (900, 900), "UGA": (480, 0)}}
    made = make(tmp_path, counts, show_all=True)
    assert_sensible(made)
    assert made.table("prevalence").set_index("country").loc["NAM", "shown"] == "100.0"
    pairs = made.table("pairwise").set_index(["country_a", "country_b"])
    for pair in (("KEN", "NAM"), ("KEN", "UGA")):
        tested = pairs.loc[pair, ["ci_low", "ratio", "p_value", "p_holm", "p_text"]]
        assert tested.tolist() == [""] * 5
        assert pairs.loc[pair, "clear"] == "False"
    assert pairs.loc[("KEN", "KHM"), "clear"] == "True"
    assert "Namibia has the highest share of the countries compared." in made.text
    pooled = made.table("pooled").set_index(["group", "estimand"])["note"]
    assert "KEN NAM UGA: from its interval" in pooled["all", "random_effects"]


@pytest.mark.slow
def test_no_regions(tmp_path):
    made = make(tmp_path, CLEAR, regions={})
    assert_sensible(made)
    assert made.table("against_region").empty
    assert set(made.table("pooled")["group"]) == {"all"}
    assert AFRICA not in made.text


@pytest.mark.slow
def test_one_region_is_no_group_beside_all(tmp_path):
    made = make(tmp_path, CLEAR, regions=dict.fromkeys(SHOWN["clear"], AFRICA))
    assert_sensible(made)
    assert set(made.table("pooled")["group"]) == {"all"}
    assert len(made.table("against_region")) == 5


@pytest.mark.slow
def test_a_country_set_apart(tmp_path):
    made = make(tmp_path, CLEAR, apart={"KEN": "clear"})
    assert_sensible(made)
    shown = made.table("prevalence").set_index("country")
    assert shown.loc["KEN", "estimate"] == "0.22"
    for name in ("pairwise", "against_region", "gaps", "gap_pairs", "rank_sets", "leave_one_out",
                 "standardised", "bounds", "bound_pairs", "denominators", "adjusted",
                 "silence_claims", "silence_ranks", "adjusted_countries"):  # fmt: skip
        table = made.table(name)
        places = table.columns.intersection(["country", "country_a", "country_b", "without"])
        assert not (table[places] == "KEN").any(axis=None), name
    assert made.table("pooled")["left_out"].str.contains("KEN: not comparable")[0]
    assert "| Kenya | no, set apart |" in made.source
    assert "Kenya is set apart: definition: another question" in made.text
    assert re.search(
        r"in 4 countries, about 16 are counted[^.;]*; its range is from 14 to 18\.", made.text
    )
    assert "Set apart, and in no average: Kenya." in made.text
    assert "| Kenya | 1,000 | 22.0 | 19.4 to 24.8 | – |" in made.book


@pytest.mark.slow
def test_all_countries_set_apart_for_one_indicator(tmp_path):
    counts = {"clear": SHOWN["clear"], "daily": SHOWN["wide"]}
    made = make(tmp_path, counts, apart=dict.fromkeys(SHOWN["wide"], "daily"))
    assert_sensible(made)
    assert set(made.table("pairwise")["indicator"]) == {"clear"}
    assert set(made.table("prevalence")["indicator"]) == {"clear", "daily"}
    assert "No published estimate can be compared." in made.absent.values()
    assert "| Kenya | in part |" in made.source
    for name in ("Cambodia", "Kenya", "Namibia", "Thailand", "Uganda"):
        assert f"{name} is set apart for Daily use: definition: another question." in made.text
    assert "| Daily use |" not in made.source + made.book
    pooled = made.table("pooled").query("indicator == 'daily'")
    assert set(pooled["countries"]) == {"0"}
    assert set(pooled["estimate"]) == {""}


def test_means_alone(tmp_path):
    averages = {"KEN": (2.5, 0.1), "NAM": (3.5, 0.1), "UGA": (2.6, 0.1), "KHM": (3.0, 0.2)}
    made = make(tmp_path, averages=averages)
    assert_sensible(made)
    assert len(made.table("pairwise")) == 6
    assert made.table("denominators").empty
    assert made.table("bounds").empty
    assert made.table("silence_claims").empty
    assert made.table("silence_ranks").empty
    assert "silent" not in made.text
    assert "Mean hours" in made.text
