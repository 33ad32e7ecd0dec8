"""The certificate: an audit of the release as it is printed, and nothing that it does not say."""

import datetime
import json

import numpy as np
import pytest
from linked_survey import LINKED, linked_release
from release_cells import codebook_of, from_counts, released

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.certificate import build_certificate
from disrupting_harm.publication.release import decide_release
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication

DATE = datetime.date(2026, 11, 24)
PLAIN = Publication.model_validate({"disclosure": {"method": "plain"}})


@pytest.mark.parametrize("method", ["plain", "ranges", "coded"])
def test_what_a_certificate_says(method):
    rules = Publication.model_validate({"disclosure": {"method": method}})
    table = linked_release(3, method)
    found = build_certificate(table, rules, LINKED, DATE)
    assert json.loads(json.dumps(found)) == found
    assert (found["country"], found["date"], found["method"]) == ("KEN", "2026-11-24", method)
    assert (found["told"], found["cells"]) == (0, len(table))
    # Nothing but what anyone can count in the public table.
    assert found["without_estimate"] == (table["status"] == "suppress_disclosure").sum()
    assert [each["counts_in"] for each in found["attackers"]] == ["persons", "weights"]
    assert found["solver"].startswith("HiGHS of SciPy ")


def test_a_release_that_gives_a_number_away_has_no_certificate():
    cells = [("x", "total", "all", 400, 34), ("x", "sex", "boy", 200, 4)]
    table = released(from_counts([*cells, ("x", "sex", "girl", 200, 30)]))
    rules, codebook = Publication(), codebook_of(table)
    assert build_certificate(table, rules, codebook, DATE)["told"] == 0
    printed = np.where(table["level"] == "girl", "present", table["status"])
    with pytest.raises(StudyError, match="KEN, x: a hidden number could be worked back"):
        build_certificate(table.assign(status=printed), rules, codebook, DATE)


def test_it_reads_the_bounds_that_are_printed():
    cells = [("x", "total", "all", 400, 25), ("x", "sex", "boy", 200, 4)]
    table = released(from_counts([*cells, ("x", "sex", "girl", 200, 21)]))
    rules, codebook = Publication(), codebook_of(table)
    assert build_certificate(table, rules, codebook, DATE)["told"] == 0
    # A bare c in place of "< 20" would say that there are 20 girls at least.
    girl = table["level"] == "girl"
    bare = table.assign(**{k: table[k].mask(girl) for k in ("bound_low", "bound_high")})
    with pytest.raises(StudyError, match="could be worked back"):
        build_certificate(bare, rules, codebook, DATE)


def as_marked(cells, marks):
    """A release by hand of linked questions; ``marks`` are the cells that are not shown."""
    table = decide_release(
        from_counts(cells).assign(reliability="present", reason=""), PLAIN, LINKED
    )
    keys = zip(table["indicator"], table["level"], strict=True)
    return table.assign(status=[marks.get(key, "present") for key in keys], reason="")


def test_how_many_are_in_no_group_is_known_of_each_domain_by_itself():
    """Everyone is a boy or a girl, and twenty live in no region that is known."""
    cells = [
        ("any", "total", "all", 400, 90), ("any", "sex", "boy", 200, 45),
        ("any", "sex", "girl", 200, 45), ("any", "region", "A", 380, 80),
        ("told", "total", "all", 50, 34), ("told", "sex", "boy", 26, 15),
        ("told", "sex", "girl", 24, 19),
    ]  # fmt: skip
    table = as_marked(cells, {("told", "girl"): "suppress_disclosure"})
    with pytest.raises(StudyError, match="KEN, told: a hidden number could be worked back"):
        build_certificate(table, PLAIN, LINKED, DATE)
    # Where no question tells how many are neither, that of another release may.
    known = ~table["level"].isin(["boy", "girl"]) | (table["indicator"] == "told")
    with pytest.raises(StudyError, match="KEN, told: a hidden number could be worked back"):
        build_certificate(table[known], PLAIN, LINKED, DATE)


def test_a_star_says_ten_and_ten_of_however_many():
    cells = [
        ("any", "total", "all", 300, 128), ("any", "sex", "boy", 28, 23),
        ("any", "sex", "girl", 272, 105), ("told", "total", "all", 126, 60),
        ("told", "sex", "boy", 22, 11), ("told", "sex", "girl", 104, 49),
    ]  # fmt: skip
    hidden = {("any", "boy"), ("any", "girl"), ("told", "boy"), ("told", "girl")}
    bare = as_marked(cells, dict.fromkeys(hidden, "suppress_disclosure"))
    assert build_certificate(bare, PLAIN, LINKED, DATE)["told"] == 0
    boys = (bare["indicator"] == "told") & (bare["level"] == "boy")
    star = bare.assign(status=bare["status"].mask(boys, "suppress_reliability"))
    # 20 boys at least were asked on, of 28 to whom it may have happened.
    with pytest.raises(StudyError, match="KEN, any: a hidden number could be worked back"):
        build_certificate(star, PLAIN, LINKED, DATE)


@pytest.mark.parametrize("dropped", ["universe", "any_of"])
def test_a_codebook_without_its_ties_makes_releases_that_tell(dropped):
    """All but four boys said yes, and how many were asked the follow-up tells it, or the parts."""
    cells = {
        "universe": [
            ("any", "total", "all", 200, 144), ("any", "sex", "boy", 100, 96),
            ("any", "sex", "girl", 100, 48), ("told", "total", "all", 143, 70),
            ("told", "sex", "boy", 95, 45), ("told", "sex", "girl", 48, 25),
        ],
        "any_of": [
            ("any", "total", "all", 1000, 51), ("any", "sex", "boy", 500, 29),
            ("any", "sex", "girl", 500, 22), ("one", "total", "all", 1000, 34),
            ("one", "sex", "boy", 500, 22), ("one", "sex", "girl", 500, 12),
            ("two", "total", "all", 1000, 23), ("two", "sex", "boy", 500, 9),
            ("two", "sex", "girl", 500, 14),
        ],
    }[dropped]  # fmt: skip
    estimates = from_counts(cells).assign(reliability="present", reason="")
    content = LINKED.definitions()
    for entry in content["indicators"]:
        if entry.pop(dropped, None) and dropped == "any_of":
            entry["numerator"] = [{"item": "happened", "among": ["yes"]}]
    blind = decide_release(estimates, PLAIN, Codebook.model_validate(content))
    with pytest.raises(StudyError, match="could be worked back"):
        build_certificate(blind, PLAIN, LINKED, DATE)
    assert (
        build_certificate(decide_release(estimates, PLAIN, LINKED), PLAIN, LINKED, DATE)["told"]
        == 0
    )
