"""Standard errors of data books against SciPy: what anybody computes from the printed numbers."""

import math
from typing import Any

import pytest
from scipy import optimize, stats

from disrupting_harm.report.documents.databook.precision import recover_precision
from disrupting_harm.report.reading.country_results import Cell

DF = 88
QUALITY = {"confidence": 0.95, "groups": [{"domain": "total", "level": "all", "df": DF}]}
KEY = ("uses_daily", "total", "all")


def cell(**changes: Any) -> Cell:
    facts = {
        "n": 1042, "estimate": 0.482, "ci_low": 0.437, "ci_high": 0.526, "shown": "48.2",
        "status": "present", "interval": "korn_graubard",
    }  # fmt: skip
    return Cell(*KEY, **(facts | changes))


def korn_graubard_width(p: float, se: float, n: int) -> float:
    """Return the width of the interval, from its published formula (Parker and others, 2017)."""
    quantile = [stats.t.ppf(0.975, df) for df in (n - 1, DF)]
    size = min(n, p * (1 - p) / se**2 * (quantile[0] / quantile[1]) ** 2)
    yes = p * size
    low = stats.beta.ppf(0.025, yes, size - yes + 1)
    return float(stats.beta.ppf(0.975, yes + 1, size - yes) - low)


@pytest.mark.parametrize(
    ("p", "low", "high", "n"),
    [(0.482, 0.437, 0.526, 1042), (0.061, 0.038, 0.093, 540), (0.93, 0.88, 0.97, 210)],
)
def test_an_error_is_that_of_the_printed_limits(p: float, low: float, high: float, n: int) -> None:
    limits = {"estimate": p, "ci_low": low, "ci_high": high, "n": n, "shown": f"{100 * p:.1f}"}
    precision = recover_precision({KEY: cell(**limits)}, QUALITY)[KEY]
    solved = optimize.brentq(
        lambda se: korn_graubard_width(p, se, n) - (high - low),
        math.sqrt(p * (1 - p) / n) * 1.0001,
        0.2,
        xtol=1e-15,
    )
    assert precision.se == pytest.approx(solved, rel=1e-8)
    assert precision.deff == pytest.approx(solved**2 * n / (p * (1 - p)), rel=1e-8)


def test_a_logit_interval_has_its_own_error() -> None:
    """One that is narrower than that of a simple random sample, too: logit limits allow it."""
    width = math.log(0.5 / 0.5) - math.log(0.48 / 0.52)
    limits = {"estimate": 0.5, "ci_low": 0.48, "ci_high": 0.52, "shown": "50.0"}
    precision = recover_precision({KEY: cell(interval="logit", **limits)}, QUALITY)[KEY]
    assert precision.se == pytest.approx(width * 0.25 / stats.t.ppf(0.975, DF), rel=1e-8)
    assert precision.deff < 1


def test_the_narrowest_interval_tells_one_and_no_less() -> None:
    narrow = cell(estimate=0.5, ci_low=0.48, ci_high=0.52, shown="50.0")
    assert recover_precision({KEY: narrow}, QUALITY)[KEY].deff == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"ci_low": 0.48, "ci_high": 0.489},  # nine units of the last digit
        {"estimate": 0.48, "ci_low": 0.44, "ci_high": 0.53, "shown": "48"},
        {"estimate": None, "ci_low": None, "ci_high": None, "shown": "*"},
        {"interval": "korn_graubard_stabilised"},  # needs what is not printed
        {"interval": "wald_t"},  # of a mean
        {"n": None},
    ],
)
def test_where_the_limits_do_not_tell_there_is_none(changes: dict[str, Any]) -> None:
    assert recover_precision({KEY: cell(**changes)}, QUALITY) == {}


def test_a_group_without_degrees_of_freedom_has_none() -> None:
    assert recover_precision({KEY: cell()}, QUALITY | {"groups": []}) == {}
