"""Benchmarks are programs: their modules are found in their own folder."""

from collections.abc import Iterator

import pytest
from repository import PROJECT


@pytest.fixture(autouse=True, scope="module")
def _benchmarks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROJECT / "benchmarks")
        yield
