"""Do pooled estimates cover? Writes docs/pooling-coverage.md and its picture.

    python benchmarks/pooling_coverage.py                     all of it, some minutes
    python benchmarks/pooling_coverage.py --repetitions 400   fewer samples; nothing is written

Seeds are fixed: the same numbers come out everywhere. Exits with 1 where an interval that the
workflow prints covers less than 93 %.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import hidden_coverage
import numpy as np
import pandas as pd
import pooling_coverage_page as pages
from pooling_samples import CONFIDENCE, Samples, sample
from scipy.special import expit, logit

from disrupting_harm.comparison.pooling.averages import (
    average,
    errors_at_boundary,
    share_variance,
    to_log_odds,
)
from disrupting_harm.comparison.pooling.prediction import prediction_interval
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.core.files import write_bytes, write_text

SEED = 20261124
REPETITIONS = 4000
COUNTRIES = (3, 6, 13)
TAUS = (0.0, 0.3, 0.6)
PROPORTIONS = (0.03, 0.10)
LEAST = 0.93
# Children of countries between 0.3 and 27 million; internet use between 25 and 95 per cent, known
# from 1,500 children with a design effect of 2.
SMALLEST, LARGEST = 0.3e6, 27e6
RATES, RATE_CHILDREN, RATE_DEFF = (0.25, 0.95), 1500, 2.0
PAGE = Path("docs/pooling-coverage.md")
PICTURE = Path("docs/images/pooling-coverage.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    options = parser.parse_args()
    start = time.monotonic()
    found = coverage(options.repetitions)
    say(f"{found.groupby(['k', 'tau', 'p']).ngroups} scenarios: {time.monotonic() - start:.0f} s")
    print((100 * pages.wide(found, "covered")).round(1).to_string())
    if options.repetitions == REPETITIONS:
        hidden = hidden_coverage.coverage()
        say(f"hidden countries: {time.monotonic() - start:.0f} s")
        write_text(PAGE, pages.page(found, REPETITIONS, hidden))
        write_bytes(PICTURE, pages.picture(found))
        say(f"Written: {PAGE}, {PICTURE}")
    printed = found[found["method"].isin(pages.PRINTED)]
    failed = printed[printed["covered"] < LEAST]
    for row in failed.itertuples():
        say(f"{row.method} covers {100 * row.covered:.1f} %: k {row.k}, tau {row.tau}, p {row.p}")
    return 1 if len(failed) else 0


def coverage(
    repetitions: int = REPETITIONS,
    countries: tuple[int, ...] = COUNTRIES,
    taus: tuple[float, ...] = TAUS,
    proportions: tuple[float, ...] = PROPORTIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Simulate and return one row per scenario and method.

    Returns:
        ``k, tau, p, method``; ``covered``, the share of repetitions whose interval holds the truth;
        ``width``, its median width.
    """
    rows = []
    for k in countries:
        for tau in taus:
            for p in proportions:
                key = [seed, k, round(100 * tau), round(1000 * p)]
                rng = np.random.default_rng(np.random.SeedSequence(key))
                samples = _samples(k, tau, p, repetitions, rng)
                for method, low, high, truth in _intervals(samples, tau, p, rng):
                    covered = (low <= truth) & (truth <= high)
                    width = float(np.median(high - low))
                    rows.append((k, tau, p, method, float(covered.mean()), width))
    return pd.DataFrame(rows, columns=["k", "tau", "p", "method", "covered", "width"])


def _samples(k: int, tau: float, p: float, repetitions: int, rng: np.random.Generator) -> Samples:
    """Draw the countries of every repetition and a clustered sample in each."""
    truth = expit(logit(p) + tau * rng.standard_normal((repetitions, k)))
    return sample(truth, rng)


def _intervals(
    samples: Samples, tau: float, p: float, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray | float]]:
    """Yield method, limits and truth of every pooled number."""
    repetitions, k = samples.truth.shape
    df, n = np.full(k, samples.df), np.full_like(samples.truth, samples.n)
    centre, se = errors_at_boundary(samples.estimate, samples.se, n, np.full_like(n, samples.df))
    equal = [
        average(x, error, df, np.full(k, 1 / k), CONFIDENCE, True)
        for x, error in zip(samples.estimate, se, strict=True)
    ]
    _, low, high = np.array(equal).T
    yield "equal_country", low, high, samples.truth.mean(axis=1)

    children, rates = np.geomspace(SMALLEST, LARGEST, k), np.linspace(*RATES, k)
    rate_se = np.sqrt(RATE_DEFF * rates * (1 - rates) / RATE_CHILDREN)
    weighted = []
    for x, error in zip(samples.estimate, se, strict=True):
        sizes = children * np.clip(rng.normal(rates, rate_se), 0.01, 1)
        shares = sizes / sizes.sum()
        uncertain = share_variance((shares * x).sum(), x, sizes, children * rate_se)
        weighted.append(average(x, error, df, shares, CONFIDENCE, True, uncertain))
    _, low, high = np.array(weighted).T
    true_shares = children * rates / (children * rates).sum()
    yield "population_weighted", low, high, samples.truth @ true_shares

    y, v = to_log_odds(centre, se)
    for method in ("modified_hartung_knapp", "hartung_knapp", "wald"):
        found = random_effects(y, v, CONFIDENCE, interval=method)
        yield method, expit(found.ci_low), expit(found.ci_high), p
    another = expit(logit(p) + tau * rng.standard_normal(repetitions))
    low, high = prediction_interval(y, v, CONFIDENCE)
    yield "prediction", expit(low), expit(high), another
    found = random_effects(y, v, CONFIDENCE)
    yield "prediction_hk", expit(found.prediction_low), expit(found.prediction_high), another
    older = random_effects(y, v, CONFIDENCE, prediction="higgins_thompson_spiegelhalter")
    yield "prediction_hts", expit(older.prediction_low), expit(older.prediction_high), another
    yield "tau2", found.tau2_low, found.tau2_high, tau**2


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
