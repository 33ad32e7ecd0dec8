"""Every name that the configuration accepts is known, and has words in the report."""

from typing import get_args

import pytest

from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.figures.alt_text import _method
from disrupting_harm.report.signs import interval_name
from disrupting_harm.report.standards import standard_sentence
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words
from disrupting_harm.study.config import Estimation, Publication
from disrupting_harm.survey.tables.intervals import PROPORTION_INTERVALS

WORDS = Words("en", {})
ACCEPTED = get_args(Estimation.model_fields["interval"].annotation)
STANDARDS = get_args(Publication.model_fields["reliability"].annotation)


def test_the_configuration_accepts_what_may_be_published() -> None:
    assert set(ACCEPTED) == set(PROPORTION_INTERVALS)
    assert "wald" not in ACCEPTED
    assert tuple(POLICIES) == STANDARDS


def test_words_for_every_interval() -> None:
    # Means have the t interval, whichever the proportions have.
    used = {*ACCEPTED, "wald_t"}
    in_tables = {str(interval_name(Text(WORDS), name)) for name in used}
    in_pictures = {_method(WORDS, name) for name in used}
    assert len(in_tables) == len(in_pictures) == len(used)
    assert not in_pictures & used


@pytest.mark.parametrize("name", STANDARDS)
def test_words_for_every_standard(name: str) -> None:
    assert str(standard_sentence(Text(WORDS), name)).startswith("**What is shown.** ")
