"""A short study of how often pooled numbers hold the truth."""

from collections.abc import Iterator

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def short() -> Iterator[pd.DataFrame]:
    """600 repetitions of six countries: 93 % is 2 standard errors from 95 %."""
    import pooling_coverage

    return pooling_coverage.coverage(600, (6,), (0.0, 0.6), (0.10,))


def of(table: pd.DataFrame, tau: float, method: str) -> pd.Series:
    return table[(table["tau"] == tau) & (table["method"] == method)].iloc[0]


def test_what_is_printed_covers(short: pd.DataFrame) -> None:
    for tau in (0.0, 0.6):
        for method in (
            "equal_country", "population_weighted", "modified_hartung_knapp", "prediction", "tau2",
        ):  # fmt: skip
            assert of(short, tau, method)["covered"] > 0.93, (tau, method)
    # The modification is on the safe side where countries do not differ; Wald's falls short
    # where they do.
    assert of(short, 0.0, "modified_hartung_knapp")["covered"] > 0.97
    assert of(short, 0.6, "wald")["covered"] < 0.93


def test_another_country_is_further_away_than_the_centre(short: pd.DataFrame) -> None:
    for tau in (0.0, 0.6):
        centre, another = of(short, tau, "modified_hartung_knapp"), of(short, tau, "prediction")
        assert another["width"] > centre["width"]
    assert of(short, 0.6, "prediction")["width"] > 4 * of(short, 0.0, "prediction")["width"]


def test_the_page_has_a_row_for_every_scenario(short: pd.DataFrame) -> None:
    import hidden_coverage
    import pooling_coverage_page

    hidden = hidden_coverage.coverage(10)
    text = pooling_coverage_page.page(short, 600, hidden)
    assert text.count("\n| 6 | 0 | 10 |") == text.count("\n| 6 | 0.6 | 10 |") == 3
    for scenario in hidden_coverage.scenarios():
        assert text.count(f"\n| {scenario.name} |") == 2
    assert pooling_coverage_page.picture(short).startswith(b"\x89PNG")


def test_the_same_numbers_again(short: pd.DataFrame) -> None:
    import pooling_coverage

    again = pooling_coverage.coverage(600, (6,), (0.6,), (0.10,))
    same = short[short["tau"] == 0.6].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, same)
