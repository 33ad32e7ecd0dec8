"""Releases of surveys at random, before an attack that shares no code with the workflow."""

import pytest
from linked import told_counts
from linked_survey import LINKED, linked_release


# Of surveys 6 and 10 two counts are told where one number of children is taken to be in no group of
# any domain, and where "*" is taken to say less than ten yes and ten no.
@pytest.mark.parametrize("seed", [*range(5), 6, 10])
@pytest.mark.parametrize("method", ["plain", "ranges"])
def test_no_count_is_told_from_outside(seed: int, method: str) -> None:
    assert told_counts([linked_release(seed, method)], LINKED.definitions()) == []
