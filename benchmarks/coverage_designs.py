"""Are standard errors right in samples of unequal probability and of two phases?

    python benchmarks/coverage_designs.py       a few minutes (make coverage)

Writes docs/coverage-designs.md. Samples are drawn again and again from populations that are known
row by row. Seeds are fixed: the same numbers come out everywhere. Exits with 1 where the mean of a
variance that should be unbiased is further from the truth than the draws allow.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from designbased import PpsDesign, SurveyDesign, TwoPhaseDesign
from disrupting_harm.core.files import write_text

PAGE = Path("docs/coverage-designs.md")
SAMPLES = 4_000
SEED = 20261201
CONFIDENCE = 0.95
# A mean of variances further from the truth than so many of its Monte Carlo errors is a fault.
MOST_ERRORS = 4.0
FORMS = ("brewer", "overton", "hartley_rao", "horvitz_thompson", "yates_grundy")
UNBIASED = ("horvitz_thompson", "yates_grundy", "two phases")


# Samples of unequal probability: forty of three hundred places, by Tillé's elimination.


def places(random: np.random.Generator) -> pd.DataFrame:
    """300 places of very unequal size, with children, and children who say yes."""
    size = np.round(random.lognormal(5, 0.9, 300))
    share = np.clip(random.normal(0.2, 0.06, 300), 0.02, 0.6)
    frame = pd.DataFrame({"size": size, "children": np.round(size * random.uniform(0.2, 0.4, 300))})
    frame["yes"] = np.round(share * frame["children"])
    return frame


def probabilities(size: np.ndarray, n: int) -> np.ndarray:
    """Inclusion probabilities in proportion to size, one for the units that are too large."""
    certain = np.zeros(len(size), dtype=bool)
    while True:
        rest = (n - certain.sum()) / size[~certain].sum()
        p = np.where(certain, 1.0, size * rest)
        if (p <= 1 + 1e-12).all():
            return np.minimum(p, 1.0)
        certain |= p > 1


def draw_by_elimination(
    size: np.ndarray, n: int, samples: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Tillé 1996, Biometrika 83: samples (S, N) and the joint probabilities (N, N).

    Of k + 1 units left one goes, with the probability r = 1 - p(k)/p(k + 1); a pair of units stays
    with the product of all 1 - r_i - r_j.
    """
    present = np.ones((samples, len(size)), dtype=bool)
    joint = np.ones((len(size), len(size)))
    above = np.ones(len(size))
    for k in range(len(size) - 1, n - 1, -1):
        p = probabilities(size, k)
        goes = 1 - p / above
        joint *= 1 - np.add.outer(goes, goes)
        chance = np.cumsum(np.where(present, goes, 0.0), axis=1)
        gone = (chance < random.random((samples, 1)) * chance[:, -1:]).sum(axis=1)
        present[np.arange(samples), gone] = False
        above = p
    np.fill_diagonal(joint, above)
    return present, joint


def estimates(design: Any, frame: pd.DataFrame, above: str, below: str) -> Iterator[list[float]]:
    """A total, and a ratio of two totals: each with its variance."""
    weighted = {
        name: np.bincount(design.psu, design.weight * frame[name].fillna(0.0))
        for name in (above, below)
    }
    total, of = weighted[above].sum(), weighted[below].sum()
    ratio = total / of
    for value, scores in (
        (total, weighted[above]),
        (ratio, (weighted[above] - ratio * weighted[below]) / of),
    ):
        squares = design.form.deviations(scores[:, np.newaxis])[:, 0] ** 2
        yield [value, float(design.form.sign @ squares), float(design.df)]


def unequal_probabilities(samples: int) -> pd.DataFrame:
    random = np.random.default_rng([SEED, 1])
    population = places(random)
    size = population["size"].to_numpy()
    present, joint = draw_by_elimination(size, 40, samples, random)
    chance = np.diag(joint).copy()
    population["p"], population["squares"] = chance, (chance**2).sum()
    rows = []
    for drawn in present:
        units = np.flatnonzero(drawn)
        frame = population.iloc[units].reset_index(drop=True)
        for form in FORMS:
            table = joint[np.ix_(units, units)] if form in UNBIASED else None
            known = "squares" if form == "hartley_rao" else None
            design = PpsDesign.from_frame(frame, "p", form, table, squares=known)  # type: ignore[arg-type]
            for name, numbers in zip(
                ("total", "ratio"), estimates(design, frame, "yes", "children"), strict=True
            ):
                rows.append(["forty of 300 places", form, name, *numbers])
    truth = {"total": population["yes"].sum()}
    truth["ratio"] = truth["total"] / population["children"].sum()
    return summarise(rows, {"forty of 300 places": truth})


# Samples of two phases: many children are asked a little, some of these a lot.

REGIONS = {"north": (420, 60), "middle": (300, 48), "south": (180, 36)}
SHARES = {"none": 0.3, "some": 0.5, "much": 1.0}


def children(random: np.random.Generator) -> pd.DataFrame:
    """900 children in 60 places of three regions, with the answer to a screening question."""
    frame = pd.DataFrame({"region": np.repeat(list(REGIONS), [n for n, _ in REGIONS.values()])})
    frame["regional"] = frame["region"].map({name: n for name, (n, _) in REGIONS.items()})
    frame["place"] = np.arange(900) // 15
    frame["screen"] = random.choice(list(SHARES), 900, p=[0.5, 0.3, 0.2])
    strength = frame["screen"].map({"none": 0, "some": 1, "much": 2})
    frame["hours"] = random.gamma(4, 0.5, 900) + strength / 2
    frame["cost"] = 4 + 2 * frame["hours"] + 3 * strength + random.normal(0, 1, 900)
    return frame.assign(everyone=900, places=60, one=1.0)


def draw_children(
    population: pd.DataFrame, kind: str, random: np.random.Generator
) -> tuple[pd.DataFrame, SurveyDesign]:
    """Draw both phases; the design is that of the first."""
    if kind == "places":
        chosen = random.choice(60, 24, replace=False)
        frame = population[population["place"].isin(chosen)].reset_index(drop=True)
        columns: dict[str, Any] = {"stratum": None, "psu": "place", "fpc": "places"}
    elif kind == "children":
        chosen = np.sort(random.choice(900, 144, replace=False))
        frame = population.iloc[chosen].reset_index(drop=True)
        columns = {"stratum": None, "psu": None, "fpc": "everyone"}
    else:
        parts = [
            random.choice(np.flatnonzero(population["region"] == name), n, replace=False)
            for name, (_, n) in REGIONS.items()
        ]
        frame = population.iloc[np.concatenate(parts)].reset_index(drop=True)
        columns = {"stratum": "region", "psu": None, "fpc": "regional"}
    frame["drawn"] = False
    for answer, rows in frame.groupby("screen").groups.items():
        count = max(2, int(np.ceil(SHARES[str(answer)] * len(rows))))
        frame.loc[random.choice(rows, count, replace=False), "drawn"] = True
    return frame, SurveyDesign.from_frame(frame, weight=None, **columns)


def two_phases(samples: int) -> pd.DataFrame:
    random = np.random.default_rng([SEED, 2])
    population = children(random)
    total = population["cost"].sum()
    kinds = ("children", "children by region", "places")
    rows = []
    for kind in kinds:
        for _ in range(samples):
            frame, one = draw_children(population, kind, random)
            design = TwoPhaseDesign.from_frame(frame, one, "drawn", "screen")
            for name, numbers in zip(
                ("total", "mean"), estimates(design, frame, "cost", "one"), strict=True
            ):
                rows.append([kind, "two phases", name, *numbers])
    truth = {"total": total, "mean": total / 900}
    return summarise(rows, dict.fromkeys(kinds, truth))


def summarise(rows: list[list[Any]], truths: dict[str, dict[str, float]]) -> pd.DataFrame:
    """One row per sample, form and statistic: what is true and what is estimated."""
    names = ["sample", "form", "statistic", "estimate", "variance", "df"]
    summaries = []
    for key, part in pd.DataFrame(rows, columns=names).groupby(names[:3], sort=False):
        sample, form, statistic = key  # type: ignore[misc]
        truth, estimate, variance = truths[sample][statistic], part["estimate"], part["variance"]
        n, positive = len(part), variance > 0
        squares = (estimate - estimate.mean()) ** 2
        limit = student.ppf((1 + CONFIDENCE) / 2, part["df"])
        held = (estimate - truth).abs() <= limit * np.sqrt(variance.where(positive))
        # The error of the difference of two means over the same samples.
        error = (variance - squares).std() / n**0.5
        summaries.append(
            {
                "sample": sample,
                "form": form,
                "statistic": statistic,
                "bias": estimate.mean() / truth - 1,
                "true_se": estimate.std(),
                "mean_se": np.sqrt(max(variance.mean(), 0.0)),
                "errors": (variance.mean() - squares.sum() / (n - 1)) / error,
                "negative": (variance < 0).mean(),
                "covered": held[positive].mean(),
                "samples": n,
            }
        )
    return pd.DataFrame(summaries)


def describe(summary: pd.DataFrame) -> str:
    lines = [
        "| sample | variance | of | bias, % | true s.e. | estimated | negative, % | covered, % |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in summary.itertuples():
        lines.append(
            f"| {row.sample} | {row.form} | {row.statistic} | {100 * row.bias:.2f} "
            f"| {row.true_se:.4g} | {row.mean_se:.4g} | {100 * row.negative:.1f} "
            f"| {100 * row.covered:.1f} |"
        )
    return "\n".join(lines)


def page(unequal: pd.DataFrame, phases: pd.DataFrame) -> str:
    samples = int(phases["samples"].iloc[0])
    return f"""# Standard errors of unequal probabilities and of two phases

Written by `benchmarks/coverage_designs.py`; do not edit by hand. The numbers are the same on every
machine.

{samples:,} samples of each kind from populations known row by row. *True* is the standard deviation
of the estimates, *estimated* the root of the mean variance, negative ones included; *covered*, how
often the interval of 95 per cent holds the truth, among samples with a variance above zero.

## Unequal probabilities

`PpsDesign`: forty of 300 places, drawn in proportion to their size by Tillé's elimination, whose
joint probabilities are known. Totals of yes, and their ratio to the number of children.

{describe(unequal)}

Horvitz and Thompson's and Yates and Grundy's form are unbiased; the others need no joint
probabilities. Overton's is too small for totals. Brewer's, the default, is never negative.

## Two phases

`TwoPhaseDesign`: 144 of 900 children (simple, or by region), or 24 of 60 places with all their
children; of these, more of those who say more to a screening question. Totals and means of what is
asked in the second phase alone.

{describe(phases)}

The variance is Särndal, Swensson and Wretman's (1992, 9.3.7), which is unbiased for totals and can
be negative: then there is no standard error, and a warning says so. That is rare, but where the
first phase took whole places it is so for many totals: estimate means there. R's `twophase` has
another variance of totals where the first phase has strata: in the sample that
`tests/reference/designs/two_phase.R` draws 1.4 times this one.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=SAMPLES)
    samples = parser.parse_args().samples
    unequal, phases = unequal_probabilities(samples), two_phases(samples)
    both = pd.concat([unequal, phases])
    print(both.to_string())
    if samples == SAMPLES:
        write_text(PAGE, page(unequal, phases))
    linear = both[both["form"].isin(UNBIASED) & (both["statistic"] == "total")]
    far = linear[linear["errors"].abs() > MOST_ERRORS]
    for row in far.itertuples():
        print(f"{row.sample}, {row.form}: {row.errors:.1f} errors from the truth", file=sys.stderr)
    return int(len(far) > 0)


if __name__ == "__main__":
    sys.exit(main())
