"""Whatever is done to a file of a study, a run stops with a place or tells the truth.

``expected.csv`` lists what comes of every mutation: its class and, where the run stops, where the
message points. ``python tests/mutation/record.py`` writes it anew; every line that moves is to be
read, and no line may say "traceback". One mutation of eleven is tried in the quick tests, spread
over all files and all that is done to them; the others are slow.
"""

import ast
import csv
from collections import Counter
from pathlib import Path

import pytest
from classes import CHANGED, EXPECTED, HEADER, SAME, STOPPED, classified
from drawn import drawn_changes
from mutations import drawn_mutations, mutations

# What respondents' cells of the mutated files say, and nobody may repeat.
PRIVATE = ("Mary Doe", "Nest Street")
FEW = 11


@pytest.fixture(
    scope="module",
    params=[True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["one of eleven", "the others"],
)
def results(request, tmp_path_factory):
    chosen = [one for at, one in enumerate(mutations()) if (at % FEW == 0) is request.param]
    return list(classified(chosen, tmp_path_factory.mktemp("mutations")))


@pytest.fixture(scope="module")
def expected():
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == HEADER
    return [tuple(row) for row in rows]


def test_the_list_is_of_all_mutations_in_their_order(expected):
    listed = [row[:3] for row in expected]
    assert listed == [(one.name, one.file, one.what) for one in mutations()]


def test_none_that_is_wrong_passes(expected):
    wrong = [row for row in expected if row[0].startswith("wrong ")]
    assert len(wrong) >= 100
    assert not [row for row in wrong if row[3] != STOPPED]


@pytest.mark.parametrize(
    "few", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["one of eleven", "the others"]
)
def test_nothing_passes_that_the_documentation_excludes(tmp_path, few):
    every = drawn_mutations()
    assert len(every) >= 100
    chosen = [one for at, one in enumerate(every) if (at % FEW == 0) is few]
    for result in classified(chosen, tmp_path):
        assert (result.kind, result.check) == (STOPPED, ""), (result.mutation.what, result.said)
        assert result.place


def test_what_is_drawn_knows_the_documentation_alone():
    source = (Path(__file__).parent / "drawn.py").read_text(encoding="utf-8")
    imported = {
        getattr(node, "module", None) or node.names[0].name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not [name for name in imported if name.startswith("disrupting_harm")]
    assert [*drawn_changes()] == [*drawn_changes()]


def test_every_mutation_ends_as_the_list_says(results, expected):
    found = [result.row() for result in results]
    moved = [row for row in found if row not in expected]
    assert not moved, "\n".join(map(str, moved))


def test_the_list_is_of_stops_and_outputs_alone(expected):
    classes = Counter(row[3] for row in expected)
    assert set(classes) == {STOPPED, SAME, CHANGED}
    assert len(expected) >= 200
    assert all((row[3] == STOPPED) == bool(row[4]) for row in expected)


def test_check_stops_where_and_only_where_a_run_does(results):
    assert not [(result.mutation.name, result.check) for result in results if result.check]


def test_no_message_repeats_a_respondents_cell(results):
    told = [result.said for result in results if result.said]
    assert len(told) > len(results) / 2
    assert not [text for text in told for private in PRIVATE if private in text]
