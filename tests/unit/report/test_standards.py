"""Every name that the configuration accepts is known, and has words in the report."""

from typing import get_args

import pytest

from designbased.estimates.stabilised_intervals import STABILISED
from designbased.intervals.limits import INTERVALS, PROPORTION_INTERVALS
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.configuration.publication_config import Publication

ACCEPTED = get_args(Estimation.model_fields["interval"].annotation)
STANDARDS = get_args(Publication.model_fields["reliability"].annotation)


def test_the_configuration_accepts_what_may_be_published() -> None:
    assert set(ACCEPTED) == {*PROPORTION_INTERVALS, STABILISED}
    assert "wald" not in ACCEPTED
    assert tuple(POLICIES) == STANDARDS


def test_words_for_every_interval() -> None:
    # Means have the t interval, whichever the proportions have.
    used = {*ACCEPTED, "wald_t"}
    in_tables = {LABELS[name] for name in used}
    in_pictures = {INTERVALS[name].phrase for name in used - {STABILISED}}
    assert len(in_tables) == len(in_pictures) + 1 == len(used)
    assert not in_pictures & used
    assert "" not in in_tables | in_pictures


@pytest.mark.parametrize("name", STANDARDS)
def test_words_for_every_standard(name: str) -> None:
    assert POLICIES[name].statement.startswith("**What is shown.** ")
