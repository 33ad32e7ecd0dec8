"""What a model of small groups costs where countries differ. Writes docs/hidden-groups.md.

    python benchmarks/hidden_groups.py     two minutes

Studies of 14 countries and six groups of 160 children, design effect 1.5, countries' log-odds
normal with standard deviation 0.6 around 6 to 35 per cent, groups between -0.5 and +0.5. Each group
of each country deviates on its own with standard deviation tau: 0 is what a simulator without such
deviations would show.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from coverage_page import markdown
from scipy.special import expit, logit, ndtr

from designbased.intervals.limits import korn_graubard
from disrupting_harm.comparison.small_area import CLAIM_FROM, model_groups
from disrupting_harm.core.files import write_text

PAGE = Path("docs/hidden-groups.md")
SEED = 20261127
STUDIES = 1000
COUNTRIES, GROUPS, CHILDREN, DEFF, DF = 14, 6, 160, 1.5, 88
EFFECTS = np.linspace(-0.5, 0.5, GROUPS)
CENTRES = logit([0.06, 0.12, 0.2, 0.35])
TAUS = (0.0, 0.2, 0.4, 0.7)
BANDS = [0, 0.03, 0.05, 0.1, 0.2, 0.5, 1]
NAMES = ["below 3", "3 to 5", "5 to 10", "10 to 20", "20 to 50", "above 50"]
SHOWN_FROM = 10
# A share named beforehand, and from which probability on a group is said to lie above it.
ABOVE, CLAIMS_FROM = 0.1, (0.9, CLAIM_FROM)


def main() -> int:
    cells = pd.concat([_studies(tau, at) for at, tau in enumerate(TAUS)], ignore_index=True)
    write_text(PAGE, page(cells))
    print(f"Written: {PAGE}", file=sys.stderr)
    return 0


def _studies(tau: float, at: int) -> pd.DataFrame:
    """Return every group of many studies: truth, direct and model estimates."""
    rng = np.random.default_rng([SEED, at])
    found = [
        _study(rng, tau, CENTRES[number % len(CENTRES)]).assign(study=number)
        for number in range(STUDIES)
    ]
    return pd.concat(found, ignore_index=True).assign(tau=tau)


def _study(rng: np.random.Generator, tau: float, centre: float) -> pd.DataFrame:
    of_country = rng.normal(centre, 0.6, COUNTRIES)[:, np.newaxis]
    deviation = rng.standard_normal((COUNTRIES, GROUPS))
    truth = expit(of_country + EFFECTS + tau * deviation).ravel()
    # Beta-binomial answers have exactly this design effect.
    concentration = (CHILDREN - 1) / (DEFF - 1) - 1
    chance = rng.beta(truth * concentration, (1 - truth) * concentration)
    yes = rng.binomial(CHILDREN, chance)
    share = yes / CHILDREN
    # The error of a variance with so many degrees of freedom, too.
    se = np.sqrt(DEFF * share * (1 - share) / CHILDREN * rng.chisquare(DF, truth.size) / DF)
    low, high = korn_graubard(share, se, CHILDREN, DF)
    cells = pd.DataFrame(
        {
            "country": np.repeat([f"C{c:02d}" for c in range(COUNTRIES)], GROUPS),
            "level": np.tile([f"g{g}" for g in range(GROUPS)], COUNTRIES),
            "n": CHILDREN,
            "estimate": share,
            "se": se,
            "population": 1.0,
            "ci_low": low,
            "ci_high": high,
            "truth": truth,
            "direct_exceedance": _probability_above(share, se),
            "deviation": deviation.ravel(),
            "shown": (yes >= SHOWN_FROM) & (CHILDREN - yes >= SHOWN_FROM),
        }
    )
    national = cells.groupby("country").agg(estimate=("estimate", "mean"), n=("n", "sum"))
    national["se"] = cells.groupby("country")["se"].apply(lambda s: np.sqrt((s**2).sum()) / len(s))
    return model_groups(cells, national, above=ABOVE)


def _probability_above(share: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Return what a group's own answers alone give, on the log-odds; 0 of no yes, 1 of all."""
    inside = (share > 0) & (share < 1)
    p, error = np.where(inside, share, 0.5), np.where(inside, se, 1.0)
    above = ndtr((logit(p) - logit(ABOVE)) / (error / (p * (1 - p))))
    return np.where(inside, above, share)


def _counts_left(own_share: float) -> str:
    """Return how many counts of yes share a printed whole per cent, from 4 to 32 yes answers.

    The prediction moves with the count as ``own_share`` times the log-odds do; all else is known.
    """
    n = CHILDREN / DEFF
    yes = np.arange(CHILDREN + 1)
    y = logit((yes / CHILDREN * n + 0.5) / (n + 1))
    expected = logit(0.1)
    shown = np.round(100 * expit(own_share * y + (1 - own_share) * expected))
    left = [int((shown == shown[count]).sum()) for count in range(4, 33)]
    return f"{min(left)} to {max(left)}"


PAGE_TEXT = """\
# Model estimates of hidden groups

Written by `benchmarks/hidden_groups.py`; do not edit by hand.

Of a group with few yes answers the direct estimate is hidden, or right only to within many
points. `comparison.model` names a domain, such as `sex_age`, whose groups get **model estimates**
as well: a Fay–Herriot model of all groups of all countries
([methods](methods.md#model-estimates-of-groups)). They stand in
`restricted/comparison/modelled.parquet`, for statisticians, and nowhere else: no report, figure,
rank, gap or test uses them.

**Why they are not published.** A prediction is a known function of the hidden count. Whoever
knows or guesses the model's few numbers can turn a printed whole per cent back into {left_half}
possible counts of yes where a group's own answers weigh a half, into {left_third} where they
weigh a third ({children} children, 4 to 32 of them yes), and the countries' totals give one more
equation. The disclosure check proves that a hidden count stays open; for these numbers it has no
proof, and so they stay where the counts themselves are.

**What they cost.** {studies} simulated studies for each tau: {countries} countries, {groups}
groups of {children} children, design effect {deff}. tau is the standard deviation of what a group
of a country has of its own, on the log-odds. *Nobody knows it for a real study; 0 is the best
case*, and 0.7 means that a group expected at 10 per cent lies between 3 and 30 in 95 of 100
countries. Root mean squared error and bias in points; coverage in per cent of 95 per cent
intervals (direct: Korn–Graubard).

{overall}
**Which groups lie above a share** (`comparison.exceedance`, here {above:.0f} per cent, decided
beforehand). `exceedance` is the model's probability of it. Claims per 100 groups, and in brackets
the per cent of countries with a false claim among their {groups} groups; a group's own answers
alone beside it.

{exceedance}
A claim rests on it from {claim:g} on (`surely_above`). From 0.9 on, three times as many countries
have a false one. A probability below {claim:g} is no evidence that a group lies below the share.

By the true share, model estimates: bias in per cent of the truth, and coverage.

{by_truth}
- Where groups have little of their own the error is about half of the direct one. At 0.4 the two
  are close, and at 0.7 the model has nothing to give.
- **Groups that stand out are pulled back.** Of the groups that lie one tau or more above what
  their country and group would give, shares are understated by {low_2:.0f} per cent at tau 0.2,
  {low_4:.0f} at 0.4 and {low_7:.0f} at 0.7: those are the groups that child protection looks for.
- Small shares are overstated, by {small:.0f} per cent below 3 per cent at tau 0.4, and their
  intervals hold too seldom. Intervals are the model's own: they hold on average over groups, not
  for each one.
- Groups that would be shown are selected for many yes answers. Direct estimates of shown groups
  with true shares of 5 to 10 per cent are {direct:.0f} per cent too high on average at tau 0.4,
  the model's of the same groups {model:.0f}: the model does not mend that.

`own_share` says how much a group's own answers weigh. Below 0.05 the row is called "expected from
country and group": it says nothing of this group. `beyond_direct` marks estimates outside the
direct interval: there the model is contradicted by the group's own answers.
"""


def page(cells: pd.DataFrame) -> str:
    """Return the page in Markdown."""
    cells = cells.assign(
        band=pd.cut(cells["truth"], BANDS, labels=NAMES),
        direct_error=cells["estimate"] - cells["truth"],
        model_error=cells["model_estimate"] - cells["truth"],
        direct_covers=cells["truth"].between(cells["ci_low"], cells["ci_high"]),
        model_covers=cells["truth"].between(cells["model_low"], cells["model_high"]),
    )
    selected = cells[cells["shown"] & (cells["tau"] == 0.4) & (cells["band"] == "5 to 10")]
    truth = selected["truth"].mean()
    apart = cells[cells["deviation"] >= 1].groupby("tau")[["model_error", "truth"]].mean()
    low = -100 * apart["model_error"] / apart["truth"]
    rare = cells[(cells["tau"] == 0.4) & (cells["band"] == NAMES[0])]
    return PAGE_TEXT.format(
        studies=STUDIES,
        countries=COUNTRIES,
        groups=GROUPS,
        children=CHILDREN,
        deff=DEFF,
        left_half=_counts_left(0.5),
        left_third=_counts_left(1 / 3),
        overall=_overall(cells),
        by_truth=_by_truth(cells),
        exceedance=_exceedance(cells),
        above=100 * ABOVE,
        claim=CLAIM_FROM,
        low_2=low[0.2],
        low_4=low[0.4],
        low_7=low[0.7],
        small=100 * rare["model_error"].mean() / rare["truth"].mean(),
        direct=100 * selected["direct_error"].mean() / truth,
        model=100 * selected["model_error"].mean() / truth,
    )


def _overall(cells: pd.DataFrame) -> str:
    rows = []
    for tau, own in cells.groupby("tau"):
        errors = [100 * np.sqrt((own[f"{name}_error"] ** 2).mean()) for name in ("direct", "model")]
        covers = [100 * own[f"{name}_covers"].mean() for name in ("direct", "model")]
        rows.append(
            [
                f"{tau:g}",
                *(f"{value:.1f}" for value in (*errors, *covers)),
                f"{100 * own['own_share'].mean():.0f}",
                f"{100 * own['beyond_direct'].mean():.1f}",
            ]
        )
    head = ["tau", "error: direct", "model", "coverage: direct", "model"]
    return markdown([*head, "own share, per cent", "beyond direct, per cent"], rows)


def _exceedance(cells: pd.DataFrame) -> str:
    rows = []
    for tau, own in cells.groupby("tau"):
        row = [f"{tau:g}"]
        for column in ("exceedance", "direct_exceedance"):
            for limit in CLAIMS_FROM:
                claimed = own[column] >= limit
                false = claimed & (own["truth"] <= ABOVE)
                of_country = false.groupby([own["study"], own["country"]]).any()
                row.append(f"{100 * claimed.mean():.1f} ({100 * of_country.mean():.1f})")
        rows.append(row)
    head = [f"{way} from {limit:g}" for way in ("model", "own answers") for limit in CLAIMS_FROM]
    return markdown(["tau", *head], rows)


def _by_truth(cells: pd.DataFrame) -> str:
    rows = []
    for tau, own in cells.groupby("tau"):
        row = [f"{tau:g}"]
        for name in NAMES:
            band = own[own["band"] == name]
            if len(band) < 100:
                row.append("")
                continue
            bias = 100 * band["model_error"].mean() / band["truth"].mean()
            row.append(f"{bias:+.0f} ({100 * band['model_covers'].mean():.0f})")
        rows.append(row)
    return markdown(["tau", *(f"{name} %" for name in NAMES)], rows)


if __name__ == "__main__":
    sys.exit(main())
