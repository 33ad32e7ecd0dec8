"""Sensitive questions that were put alike share one number of answers."""

import pandas as pd
from linked_survey import LINKED, linked_survey
from release_cells import from_counts, released

from disrupting_harm.publication.printed_n import with_printed_sizes
from disrupting_harm.publication.release import public_table, release
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Publication

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
    sizes = with_printed_sizes(table, codebook)
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
    printed = with_printed_sizes(table, Codebook.model_validate(content))["n_printed"]
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
    table = release(linked_survey(1), RULES, sensitive("one", "two"))
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
