"""A copy of a finished study's texts that a test puts faults in, and what finds them."""

from pathlib import Path

import pytest
from checkout import Checkout
from published_copy import copy_of_texts

from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts
from disrupting_harm.study.study import load_study


@pytest.fixture(scope="module")
def copy(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("texts")
    copy_of_texts(small.folder / "results" / "public", folder)
    return folder


@pytest.fixture(scope="module")
def texts(small: Checkout) -> StudyTexts:
    return StudyTexts.from_study(load_study(small.folder / "config/config.yaml"))


@pytest.fixture(scope="module")
def checks(copy: Path, texts: StudyTexts) -> NumberChecks:
    return NumberChecks(texts, copy)
