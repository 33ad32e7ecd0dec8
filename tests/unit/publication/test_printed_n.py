"""Sensitive questions that were put alike share one number of answers."""

import pandas as pd
import pytest
from linked_survey import LINKED, linked_survey, require_truth_within
from release_cells import from_counts, released

from disrupting_harm.publication.disclosure.audit import audit
from disrupting_harm.publication.disclosure.audit_case import build_case_of_release
from disrupting_harm.publication.disclosure.earlier_releases import EarlierReleases
from disrupting_harm.publication.release import (
    KEYS,
    add_printed_sizes,
    decide_release,
    public_table,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication

RULES = Publication()


def sensitive(*names):
    """The linked codebook with some indicators sensitive."""
    content = LINKED.definitions()
    for entry in content["indicators"]:
        entry["sensitive"] = entry["id"] in names
    return Codebook.model_validate(content)


def test_one_number_for_all_that_were_put_to_the_same_children():
    table = linked_survey(2)
    codebook = sensitive("one", "two", "told", "known")
    sizes = add_printed_sizes(table, codebook)
    printed = table.assign(n=sizes["n_printed"]).set_index(["indicator", "domain", "level"])
    own = table.set_index(["indicator", "domain", "level"])["n"]
    for group in (("total", "all"), ("sex", "boy"), ("region", "C")):
        alike = max(own[name, *group] for name in ("one", "two", "any"))
        assert printed.loc["one", *group]["n"] == printed.loc["two", *group]["n"] == alike
        # Follow-ups were put to others, and what is not sensitive keeps its own number.
        after = [own[name, *group] for name in ("told", "known", "family", "stranger")]
        assert printed.loc["told", *group]["n"] == printed.loc["known", *group]["n"] == max(after)
        assert printed.loc["any", *group]["n"] == own["any", *group]


def test_no_number_of_refusals_of_a_sensitive_question_is_public():
    cells = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    cells += [("c", "total", "all", 399, 90)]
    table = released(from_counts(cells), sensitive={"a", "b"})
    public = public_table(table, RULES.rounding).set_index("indicator")
    assert public["n"].to_dict() == {"a": 400, "b": 400, "c": 399}
    assert table["n"].tolist() == [400, 397, 399]


def test_a_bound_follows_from_the_printed_number_and_tells_nothing_of_who_did_not_answer():
    """Of 400 children 5 per cent are enough for a bound, of 399 only 10 are."""
    for answers in (400, 399, 385):
        cells = [("a", "total", "all", 400, 100), ("b", "total", "all", answers, 3)]
        shared = released(from_counts(cells), sensitive={"a", "b"})
        assert shared["shown"].tolist() == ["25", "< 5"]
        # A question that is not sensitive prints its own number, and its own bound.
        alone = released(from_counts(cells), sensitive={"a"})
        assert alone["shown"].iloc[1] == ("< 5" if answers == 400 else "< 10")


@pytest.mark.parametrize("seed", range(4))
def test_what_is_printed_of_sensitive_questions_tells_no_small_number(seed):
    """Every attacker believes the truth, though not all whom the bound was made for answered."""
    codebook = sensitive("one", "two", "any", "known", "family", "stranger", "told")
    decided = decide_release(linked_survey(seed), RULES, codebook)
    ordered = decided.sort_values(KEYS).reset_index(drop=True)
    assert (ordered["n_printed"] > ordered["n"]).any()
    case, step = build_case_of_release(ordered, RULES, codebook)
    for attacker in case.attackers:
        known = attacker.system(step)
        require_truth_within(known)
        assert len(audit(known, attacker.targets)) == 0


def test_that_of_a_question_that_is_not_sensitive_counts_too():
    """Beside 400 answers to another question, 397 would tell that three left it unanswered."""
    cells = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    table = released(from_counts(cells), sensitive={"b"})
    assert table["n_printed"].tolist() == [400, 400]


def test_a_composite_is_of_the_children_of_its_parts():
    content = LINKED.definitions()
    both = {"id": "both", "module": "m", "label": "both", "any_of": ["told", "family"]}
    content["indicators"].append({**both, "sensitive": True})
    own = linked_survey(2).query("indicator == 'family'").assign(indicator="both")
    table = pd.concat([linked_survey(2), own], ignore_index=True)
    printed = add_printed_sizes(table, Codebook.model_validate(content))["n_printed"]
    asked = table["indicator"].isin(["told", "known", "family", "stranger"])
    largest = table[asked].groupby(["domain", "level"])["n"].max()
    rows = table[table["indicator"] == "both"]
    groups = zip(rows["domain"], rows["level"], strict=True)
    assert printed[rows.index].tolist() == [largest[group] for group in groups]


def test_decimals_follow_the_number_that_is_printed():
    cells = [("a", "total", "all", 501, 100), ("b", "total", "all", 499, 121)]
    table = released(from_counts(cells), sensitive={"a", "b"})
    assert table["shown"].tolist() == ["20.0", "24.2"]
    assert released(from_counts(cells))["shown"].tolist() == ["20.0", "24"]


def test_the_release_of_a_linked_survey_carries_it():
    table = decide_release(linked_survey(1), RULES, sensitive("one", "two"))
    own = table[table["indicator"].isin(["one", "two"])]
    assert own.groupby(["domain", "level"])["n_printed"].nunique().eq(1).all()
    assert (table["n_printed"] >= table["n"]).all()


def test_the_weight_of_the_answers_is_one_too():
    """A child weighs about as much as another: 4,000 less would be some four children."""
    cells = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    cells += [("c", "total", "all", 399, 90)]
    table = from_counts(cells)
    table["population"] = [401_000.0, 396_500.0, 399_200.0]
    public = public_table(released(table, sensitive={"a", "b"}), RULES.rounding)
    assert public["population"].tolist() == [401_000, 401_000, 399_200]


def test_a_question_put_to_half_of_the_children_keeps_its_own_number():
    cells = [("a", "total", "all", 400, 100), ("b", "total", "all", 200, 60)]
    cells += [("a", "sex", "boy", 190, 60), ("b", "sex", "boy", 97, 40)]
    table = released(from_counts(cells), sensitive={"a", "b"})
    assert table["n_printed"].tolist() == [400, 200, 190, 97]


def updated(first, second, same, frozen=(), sensitive=("a", "b", "c")):
    """n of the two releases as printed; of these cells nobody differs, and these tables stay."""
    before = released(from_counts(first), sensitive=sensitive).assign(release="first")
    before["same"] = before["indicator"].isin(list(same))
    earlier = EarlierReleases(
        before, {(name, domain) for name in frozen for domain in ("total", "sex")}
    )
    after = released(from_counts(second), sensitive=sensitive, earlier=earlier)
    columns = ["n_printed", "population_printed"]
    keys = ["indicator", "domain", "level"]
    return before.set_index(keys)[columns], after.set_index(keys)[columns]


def test_n_stays_where_nobody_differs_and_the_largest_is_of_a_table_that_stays():
    """Three children left "a", which stays as it was: 397 beside "b" would tell it."""
    first = [("a", "total", "all", 400, 100), ("b", "total", "all", 390, 120)]
    second = [("a", "total", "all", 397, 98), ("b", "total", "all", 390, 120)]
    for sensitive in ("ab", "b"):
        before, after = updated(first, second, "b", "a", sensitive)
        assert before.loc["b"].equals(after.loc["b"])
        assert before.loc["b", "n_printed"].tolist() == [400]


def test_n_stays_where_nobody_differs_and_the_largest_is_published_anew():
    """Fewer answers to "a" do not tell how few there were to "b" when both were the same."""
    first = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    second = [("a", "total", "all", 380, 95), ("b", "total", "all", 397, 120)]
    _, after = updated(first, second, "b")
    assert after["n_printed"].tolist() == [400, 400]
    assert after["population_printed"].tolist() == [400_000, 400_000]


def test_a_larger_number_of_answers_is_that_of_the_questions_published_anew():
    first = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    second = [("a", "total", "all", 430, 105), ("b", "total", "all", 397, 120)]
    second.append(("c", "total", "all", 425, 90))
    _, after = updated(first, second, "b")
    assert after["n_printed"].tolist() == [430, 400, 430]


def test_where_children_differ_n_is_of_the_new_answers():
    first = [("a", "total", "all", 400, 100), ("b", "total", "all", 397, 120)]
    second = [("a", "total", "all", 380, 95), ("b", "total", "all", 377, 115)]
    _, after = updated(first, second, "")
    assert after["n_printed"].tolist() == [380, 380]


def test_a_cell_is_the_same_by_itself():
    """Of a table in which some levels changed, the others keep their number."""
    first = [("a", "sex", "boy", 200, 50), ("a", "sex", "girl", 200, 50)]
    first += [("b", "sex", "boy", 196, 60), ("b", "sex", "girl", 195, 60)]
    second = [("a", "sex", "boy", 197, 49), ("a", "sex", "girl", 230, 60)]
    second += [("b", "sex", "boy", 196, 60), ("b", "sex", "girl", 225, 70)]
    before = released(from_counts(first), sensitive={"a", "b"})
    same = [False, False, True, False]
    earlier = EarlierReleases(before.assign(release="first", same=same))
    after = released(from_counts(second), sensitive={"a", "b"}, earlier=earlier)
    assert after["n_printed"].tolist() == [200, 230, 200, 230]
