"""Which intervals fall short, and does their mark find them? Writes docs/coverage-short.md.

    python benchmarks/coverage_short.py     a minute or two

150 designs of 20 to 100 PSUs: correlations within PSUs of 0.03 to 0.2, coefficients of variation
of the weights of 0.5 and 1, proportions of 1 to 20 per cent. Each sample is printed and marked by
the rule of the workflow. Seeds are fixed.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from coverage_page import markdown

from designbased.estimates.stabilised_intervals import Clusters, stabilised_limits
from designbased.intervals.limits import korn_graubard
from disrupting_harm.core.files import write_text
from disrupting_harm.publication.rounding import decimal_places, round_to
from disrupting_harm.publication.short_intervals import find_short_intervals
from disrupting_harm.study.configuration.publication_config import Rounding

PAGE = Path("docs/coverage-short.md")
SEED = 20261201
SAMPLES = 4000
# PSUs, and children in each.
SIZES = ((20, 15), (30, 20), (40, 20), (60, 15), (100, 10))
CORRELATIONS = (0.03, 0.1, 0.2)
PROPORTIONS = (0.01, 0.02, 0.05, 0.1, 0.2)
WEIGHT_CVS = (0.5, 1.0)
# Of a design whose interval is too short.
TOO_LOW = 0.93
INTERVALS = {"plain": "Korn–Graubard", "stabilised": "stabilised"}


def main() -> int:
    designs = list(product(SIZES, CORRELATIONS, PROPORTIONS, WEIGHT_CVS))
    tables = []
    for number, (size, correlation, proportion, weight_cv) in enumerate(designs):
        rng = np.random.default_rng([SEED, number])
        samples = draw_samples(rng, *size, correlation, proportion, weight_cv)
        tables.append(samples.assign(design=number, psus=size[0]))
    write_text(PAGE, describe_coverage(pd.concat(tables, ignore_index=True)))
    print(f"Written: {PAGE}", file=sys.stderr)
    return 0


def draw_samples(
    rng: np.random.Generator,
    psus: int,
    size: int,
    correlation: float,
    proportion: float,
    weight_cv: float,
    samples: int = SAMPLES,
) -> pd.DataFrame:
    """Return of each sample whether it is marked and, by interval, how it fares.

    The weights of a design are drawn once; the shares of PSUs have a beta distribution.

    Returns:
        ``marked``; ``plain_covers, plain_below, plain_width`` and the same of ``stabilised``:
        whether the truth lies between the limits, whether above them, and their distance.
    """
    spread = np.sqrt(np.log1p(weight_cv**2))
    weight = rng.lognormal(0, spread, (psus, size))
    n, total, squares = psus * size, weight.sum(), (weight**2).sum()
    kish = n * squares / total**2
    expected = kish * (1 + ((weight.sum(axis=1) ** 2).sum() / squares - 1) * 0.1)
    prior = 1 / correlation - 1
    shares = rng.beta(proportion * prior, (1 - proportion) * prior, (samples, psus))
    yes = rng.random((samples, psus, size)) < shares[:, :, np.newaxis]
    estimate = (yes * weight).sum(axis=(1, 2)) / total
    scores = ((yes - estimate[:, np.newaxis, np.newaxis]) * weight).sum(axis=2) / total
    se = np.sqrt(psus * scores.var(axis=1, ddof=1))
    with_yes, with_no = yes.any(axis=2).sum(axis=1), (~yes).any(axis=2).sum(axis=1)
    clusters = Clusters(np.full(samples, expected), np.minimum(with_yes, with_no).astype(float))
    numbers = estimate, se, np.full(samples, n), np.full(samples, psus - 1)
    is_share = np.full(samples, True)
    decimals = decimal_places(estimate, numbers[2].astype(float), is_share, Rounding())
    everyone = {"domain": "total", "level": "all", "n": n, "interval": "korn_graubard"}
    printed = pd.DataFrame({"estimate": round_to(estimate, decimals)}).assign(**everyone)
    group = {"domain": ["total"], "level": ["all"], "group_kish": [np.ceil(kish * 100) / 100],
             "group_psus": [float(psus)], "group_df": [psus - 1.0]}  # fmt: skip
    table = pd.DataFrame({"marked": find_short_intervals(printed, pd.DataFrame(group), is_share)})
    limits = {"plain": korn_graubard(*numbers), "stabilised": stabilised_limits(*numbers, clusters)}
    for name, (low, high) in limits.items():
        table[f"{name}_covers"] = (low <= proportion) & (proportion <= high)
        table[f"{name}_below"] = high < proportion
        table[f"{name}_width"] = high - low
    return table


def describe_coverage(samples: pd.DataFrame) -> str:
    """Return the page in Markdown."""
    designs = samples.groupby("design").mean()
    is_short = designs["plain_covers"] < TOO_LOW
    # A design is marked where most of its samples are.
    is_marked = designs["marked"] >= 0.5
    by_design = [
        _describe(title, designs[chosen])
        for title, chosen in (("marked", is_marked), ("not marked", ~is_marked))
    ]
    kinds = samples.groupby("marked").mean()
    by_sample = [
        [title, f"{(samples['marked'] == marked).mean():.0%}",
         *(f"{100 * kinds.loc[marked, f'{name}_covers']:.1f}" for name in INTERVALS),
         *(f"{100 * kinds.loc[marked, f'{name}_below']:.1f}" for name in INTERVALS)]
        for title, marked in (("marked", True), ("not marked", False))
    ]  # fmt: skip
    by_size = [
        _describe(f"{psus}, {title}", designs[(designs["psus"] == psus) & chosen])
        for psus, _ in SIZES
        for title, chosen in (("marked", is_marked), ("not marked", ~is_marked))
    ]
    columns = ["designs", "number", "K.–G. at worst", "stabilised", "K.–G. on average",
               "stabilised", "K.–G. too low", "stabilised", "width"]  # fmt: skip
    of_samples = ["samples", "share", "K.–G. covers", "stabilised", "K.–G. too low", "stabilised"]
    return PAGE_TEXT.format(
        designs=len(designs),
        samples=SAMPLES,
        short=int(is_short.sum()),
        caught=int((is_short & is_marked).sum()),
        limit=100 * TOO_LOW,
        by_design=markdown(columns, by_design),
        by_sample=markdown(of_samples, by_sample),
        by_size=markdown(["PSUs", *columns[1:]], by_size),
    )


def _describe(title: str, designs: pd.DataFrame) -> list[str]:
    covers = [designs[f"{name}_covers"] for name in INTERVALS]
    below = [designs[f"{name}_below"].mean() for name in INTERVALS]
    ratio = (designs["stabilised_width"] / designs["plain_width"]).mean()
    numbers = [*(c.min() for c in covers), *(c.mean() for c in covers), *below]
    return [
        title,
        str(len(designs)),
        *(f"{100 * number:.1f}" for number in numbers),
        f"{ratio:.2f}",
    ]


PAGE_TEXT = """\
# Intervals that may be too short

Written by `benchmarks/coverage_short.py`; do not edit by hand. The numbers are the same on every
machine.

Where few yes answers (or few no answers) lie behind an estimate, for the design, Korn–Graubard's
interval holds the truth less often than it says, and where it misses it is mostly too low. Public
tables mark such a cell `may_be_short` in the column `interval_note`, documents with § beside the
limits. The rule takes nothing but what is printed:

    n · min(p, 1 − p) / expected < 12,    expected = Kish · (1 + (max(n / m, 1) − 1) · 0.1),

with `n` and `p` as printed, and Kish's factor of the weights and the `m` PSUs of the group as
`quality.json` has them (`kish_deff`, `psus`). So anyone can repeat it, and the mark tells nothing
else. In the default study it marks 1,041 of 15,938 published proportions, 6.5 per cent.

{designs} designs, {samples:,} samples of each; coverage in per cent. A design counts as marked
where most of its samples are. Korn–Graubard covers less than {limit:.0f} per cent in {short}
designs; {caught} of them are marked. "Too low" are the samples whose upper limit lies below the
truth; width is that of the stabilised interval in multiples of Korn–Graubard's.

{by_design}
Of single samples, whatever their design:

{by_sample}
By the number of PSUs:

{by_size}
`estimation: {{interval: korn_graubard_stabilised}}` prints the wider interval everywhere, and then
no cell is marked ([hard designs](coverage-hard.md)).
"""


if __name__ == "__main__":
    sys.exit(main())
