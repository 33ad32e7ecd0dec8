"""What is said of a country names no small number."""

import pytest

from disrupting_harm.releases.words import summary


@pytest.mark.parametrize(
    ("new", "frozen", "said"),
    [
        (480, 0, "KEN: all 480 tables may be published anew after release 2026-1."),
        (
            31,
            449,
            "KEN: 31 of 480 tables are new, 449 stay as in release 2026-1: too few children "
            "differ. Nothing to do, or wait and add changes together.",
        ),
        (
            3,
            477,
            "KEN: fewer than 10 of 480 tables are new, 477 stay as in release 2026-1: too few "
            "children differ. Nothing to do, or wait and add changes together.",
        ),
        (
            0,
            480,
            "KEN: none of 480 tables are new, 480 stay as in release 2026-1: too few children "
            "differ. Nothing to do, or wait and add changes together.",
        ),
    ],
)
def test_a_country_in_one_line(new: int, frozen: int, said: str) -> None:
    assert summary("KEN", ["frozen"] * frozen + ["equal"] * new, "2026-1") == said
