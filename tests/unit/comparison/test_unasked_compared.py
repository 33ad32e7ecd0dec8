"""Not asked in one country: what the comparison, its figures and its page say of it."""

import pytest
from compared_study import SHOWN, make
from drawing_reader import read_words

from disrupting_harm.report.reading.country_results import list_figures

UNASKED = SHOWN | {"clear": SHOWN["clear"] | {"THA": (0, 0)}}
HIDDEN_TOO = UNASKED | {"clear": UNASKED["clear"] | {"NAM": (60, 4)}}
PROTECTED = ("to protect", "withheld", "could be recognised")


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory):
    return make(tmp_path_factory.mktemp("unasked"), UNASKED)


def rows(made, table, **keys):
    found = made.table(table)
    for name, value in keys.items():
        found = found[found[name] == value]
    return found


def test_the_ledger_says_that_it_was_not_asked(made):
    row = rows(made, "comparability", indicator="clear", country="THA").iloc[0]
    assert (row["comparable"], row["reason"]) == ("no", "not asked in this survey")
    assert (row["definition"], row["recall"]) == ("not asked", "not asked")
    others = rows(made, "comparability", indicator="clear")
    assert others["comparable"].tolist().count("yes") == 4
    asked = rows(made, "comparability", indicator="wide", country="THA").iloc[0]
    assert asked["comparable"] == "yes"


def test_the_country_keeps_its_row_and_no_number(made):
    row = rows(made, "prevalence", indicator="clear", country="THA").iloc[0]
    assert (row["shown"], row["status"]) == ("not asked", "not_asked")
    assert set(row[["estimate", "ci_low", "ci_high", "n", "population"]]) == {""}


@pytest.mark.parametrize("table", ["pairwise", "rank_sets", "against_region", "gaps", "bounds"])
def test_nothing_is_compared_with_it(made, table):
    found = rows(made, table, indicator="clear")
    assert not found.empty
    assert "THA" not in found.filter(like="country").to_numpy().ravel()


def test_an_average_leaves_it_out_by_name_and_does_not_count_it_as_hidden(made):
    pooled = rows(made, "pooled", indicator="clear", group="all")
    assert set(pooled["left_out"]) == {"THA: not asked in this survey"}
    assert set(pooled["bounded"]) == {""}
    assert (pooled["estimate"] != "").all()


def test_figures_set_it_apart_from_what_is_hidden(made):
    listed = list_figures(made.public / "figures" / "comparison")
    own = [f for f in listed if f["indicator"] == "clear" and f["files"]]
    assert {f["kind"] for f in own} >= {"comparison", "ranks", "pooled", "gaps"}
    for figure in own:
        # It stands in the figure itself, and in the text for who does not see it.
        (name,) = figure["files"]
        svg = (made.public / "figures" / "comparison" / name).read_text(encoding="utf-8")
        drawn = " ".join(read_words(svg))
        of_its_own = figure["kind"] == "comparison"  # a row
        said = "Thailand not asked" if of_its_own else "Not asked in: Thailand."
        assert said in drawn, figure["id"]
        assert "Not asked in: Thailand." in figure["alt"], figure["id"]
        for said in (drawn, figure["alt"], figure["caption"]):
            assert "Not shown" not in said
            assert "Thailand (" not in said
            assert not any(word in said for word in PROTECTED)


def test_the_page_does_not_call_it_hidden(made):
    assert "Not asked in Thailand: Clear composite." in made.text
    assert "possibly anywhere" not in made.text
    assert "Thailand is set apart" not in made.text


@pytest.mark.slow
def test_what_is_hidden_beside_it_is_still_called_hidden(tmp_path):
    made = make(tmp_path, HIDDEN_TOO)
    assert "Not shown, and possibly anywhere: Namibia." in made.text

    pooled = rows(made, "pooled", indicator="clear", group="all")
    assert set(pooled["left_out"]) == {"THA: not asked in this survey"}
    # Without any bound its share could move the average of four by 25 points.
    assert set(pooled["bounded"]) == {"NAM"}
    assert set(pooled["estimate"]) == set(pooled["set_low"]) == {""}
    assert "too much of it would be the hidden share of Namibia" in made.absent["pooled-clear"]


@pytest.mark.slow
def test_what_no_country_asked_has_no_figure_and_says_why(tmp_path):
    nobody = {"clear": dict.fromkeys(SHOWN["clear"], (0, 0)), "wide": SHOWN["wide"]}
    made = make(tmp_path, nobody)
    reasons = {key: text for key, text in made.absent.items() if key.endswith("-clear")}
    assert reasons["comparison-clear"] == "The survey did not ask what this figure would show."
    assert "can be published" not in " ".join(reasons.values())
