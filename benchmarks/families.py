"""What does a family of one indicator mean over all headline indicators together?

    python benchmarks/families.py results        after `make run`, some seconds

Nothing differs between the countries: their estimates vary about one truth, and the errors of the
headline proportions of one country have the correlations of the study's own estimates. Prints how
often something is found in at least one of the families.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import norm

from designbased.estimates.covariance import joint_estimates
from disrupting_harm.stages.estimate import build_design, read_analysis, read_composites
from disrupting_harm.study.study import Study, load_study

SEED, STUDIES, AT_ONCE = 20261125, 100_000, 2000


def correlations(study: Study, restricted: Path) -> np.ndarray:
    """(K, K) correlations of national estimates of the headline proportions, mean of countries."""
    names = [
        entry.id
        for entry in study.codebook.indicators
        if entry.headline and entry.statistic == "proportion"
    ]
    found = []
    for code in study.codes:
        prepared = restricted / "prepared" / code
        weights = str(restricted / "weights" / code / "weights.parquet")
        files = str(prepared / "sample.parquet"), str(prepared / "indicators.parquet")
        frame, outcomes, domains = read_analysis(*files, weights, study.codebook)
        parts = read_composites(prepared / "parts.parquet", outcomes.index)
        joint = joint_estimates(
            build_design(frame, study.config.estimation.lonely_psu),
            outcomes[names],
            domains[["total"]],
            composites={name: parts[name] for name in names if name in parts},
        )
        error = np.sqrt(np.diag(joint.matrix))
        found.append(joint.matrix / np.outer(error, error))
    mean: np.ndarray = np.mean(found, axis=0)
    return mean


def largest_differences(
    correlation: np.ndarray, countries: int, studies: int, seed: int
) -> np.ndarray:
    """(studies, K) the largest standardised difference of any two countries, by indicator."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(correlation)
    parts = []
    for _ in range(0, studies, AT_ONCE):
        errors = rng.standard_normal((AT_ONCE, countries, len(root))) @ root.T
        parts.append((errors.max(axis=1) - errors.min(axis=1)) / np.sqrt(2))
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    study = load_study(Path("config/config.yaml"))
    correlation = correlations(study, options.results / "restricted")
    alpha, countries, count = study.config.comparison.alpha, len(study.codes), len(correlation)
    largest = largest_differences(correlation, countries, STUDIES, SEED)
    pairs = countries * (countries - 1) // 2
    print(f"{count} indicators, {countries} countries, alpha {alpha}, {STUDIES:,} studies")
    for name, limit in (
        ("Holm, any pair", norm.isf(alpha / (2 * pairs))),
        ("simultaneous intervals", np.quantile(largest, 1 - alpha)),
    ):
        found = largest > limit
        one, some = found.mean(), found.any(axis=1).mean()
        print(
            f"{name}: one indicator {one:.3f}, at least one of {count} {some:.3f} "
            f"(independent {1 - (1 - one) ** count:.3f})"
        )
    rng = np.random.default_rng(SEED)
    single = rng.standard_normal((STUDIES, count)) @ np.linalg.cholesky(correlation).T
    found = np.abs(single) > norm.isf(alpha / 2)
    print(f"one comparison, unadjusted: at least one of {count} {found.any(axis=1).mean():.3f}")


if __name__ == "__main__":
    main()
