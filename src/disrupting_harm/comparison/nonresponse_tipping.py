"""How much silence would turn round what a comparison says.

A child to whom it happened may answer "no", out of shame or fear. If a share s of them does and
nobody else says "yes", the true proportion is p / (1 - s). How large s is no survey of answers
tells; what can be computed is how large it would have to be (sensitivity analysis; of proportions
in general Rogan and Gladen 1978, Am J Epidemiol 107(1)). The same silence everywhere changes no
order and no ratio. So for a claim "A is above B" silence is put where it matters most, in B alone:

- the *order turns* at s = 1 - p_B / p_A: from there on B's true proportion is the higher one;
- the *claim goes* at s = 1 - exp(-L), with L the lower limit of ln(p_A / p_B): from there on the
  difference would no longer be certain. L is the limit of the ratio in the claim's own row.

Rank sets with a margin hold whatever share of those children is silent in each country, from none
to S, freely: a country is clearly above another only where ln p_i - ln p_j exceeds -ln(1 - S) for
certain, by Holm's method over all ordered pairs. Both work on the scale of ln p, on which silence
is a shift. The shares are assumptions, never estimates.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from designbased.arrays import Floats
from designbased.estimates.corrections import adjust_by_holm
from disrupting_harm.comparison.differences.multiplicity import stack_families
from disrupting_harm.comparison.differences.pairwise import iterate_families
from disrupting_harm.comparison.differences.rank_sets import (
    Limits,
    count_rank_limits,
    pairwise_differences,
)
from disrupting_harm.comparison.pooling.averages import errors_at_boundary
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.tables.contracts import restricted_contract

SHARES = (0.1, 0.2, 0.3)
# Halvings of the range of ln p: the share is known to better than 1e-12.
HALVINGS = 50


def tipping_points(ratio: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return where silence in the lower of two makes a claim uncertain, and where the order turns.

    Args:
        ratio, low, high: of the two, with the limits of the claim's row; missing where the lower
            one is zero.

    Returns:
        Shares of those to whom it happened in the lower of the two: ``1 - exp(-L)``, with L the
        distance from zero of the nearer limit of the logarithm and 0 where the limits hold 1, and
        ``1 - lower / higher``. Missing where the ratio is.
    """
    nearer = np.where(ratio > 1, 1 / low, high)
    return 1 - np.minimum(nearer, 1), 1 - np.minimum(ratio, 1 / ratio)


def silence_claims(
    pairs: pd.DataFrame,
    gaps: pd.DataFrame,
    release: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
) -> pd.DataFrame:
    """Return the tipping points of every claim that one country, or group, is above another.

    Args:
        pairs: from ``pairwise.compare_country_pairs``.
        gaps: from ``gaps.compare_gaps``.
        release: the restricted releases that ``pairs`` were made of.
        indicators: those of which a "no" may be silence.

    Returns:
        The columns of ``comparison/silence_claims``, one row for each comparison that is clear:
        first of countries (``domain`` total), then of two groups of one country. ``above`` says
        which of the two is above; ``ratio`` is a over b; ``n`` is the smaller sample.
    """
    tables = [_claims_on_countries(pairs, release, indicators), _claims_on_groups(gaps, indicators)]
    return stack_families(tables, restricted_contract("comparison/silence_claims"), data_kind)


def silence_ranks(
    release: pd.DataFrame, indicators: Sequence[str], data_kind: str, alpha: float = 0.05
) -> pd.DataFrame:
    """Return the ranks that every country may have with silence up to each of :data:`SHARES`.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: those of which a "no" may be silence; proportions.
        alpha: error rate of the sets, which hold for all countries jointly.

    Returns:
        The columns of ``comparison/silence_ranks``. ``highest_until`` is the largest share up to
        which the country alone may be highest; it is missing for a country that is not alone even
        without silence. ``lowest_until`` alike. ``smallest_n`` is the smallest sample compared.
    """
    tables = []
    for countries in iterate_families(release, indicators):
        n, df = floats(countries, "n"), floats(countries, "df")
        # As in rank sets: 0 and 100 per cent have the middle and the error of their interval.
        p, se = errors_at_boundary(floats(countries, "estimate"), floats(countries, "se"), n, df)
        log_scale = np.log(p), se / p, df
        until = {
            f"{end}_until": alone_until(*log_scale, alpha, highest=end == "highest")
            for end in ("highest", "lowest")
        }
        for share in SHARES:
            low, high = margin_limits(*log_scale, share, alpha)
            tables.append(
                pd.DataFrame(
                    {
                        "indicator": countries["indicator"].to_numpy(),
                        "country": countries["country"].to_numpy(),
                        "countries": len(countries),
                        "smallest_n": float(np.min(n)),
                        "silence": share,
                        "rank_low": low,
                        "rank_high": high,
                        "may_be_highest": low == 1,
                        "may_be_lowest": high == len(countries),
                        **until,
                    }
                )
            )
    return stack_families(tables, restricted_contract("comparison/silence_ranks"), data_kind)


def margin_limits(log_p: Floats, se: Floats, df: Floats, silence: float, alpha: float) -> Limits:
    """Return the lowest and the highest rank that every country may have with some silence.

    Args:
        log_p: (K,) ln p of independent countries.
        se: (K,) standard errors of ln p, above zero.
        df: (K,) degrees of freedom.
        silence: the largest share silent in any country, below 1.
        alpha: error rate of all ranks together.
    """
    difference, spread, of_pairs = pairwise_differences(log_p, se, df)
    other_countries = ~np.eye(len(log_p), dtype=bool)
    beyond = difference[other_countries] + np.log1p(-silence)
    clear = np.zeros_like(other_countries)
    p_value = stdtr(of_pairs[other_countries], -beyond / spread[other_countries])
    clear[other_countries] = adjust_by_holm(p_value, 1.0, alpha).clear
    return count_rank_limits(clear, clear)


def alone_until(
    log_p: Floats, se: Floats, df: Floats, alpha: float, *, highest: bool = True
) -> Floats:
    """Return the largest silence with which one country alone may be highest, or lowest.

    Args:
        log_p, se, df, alpha: as of :func:`margin_limits`.

    Returns:
        (K,) shares; missing but for the one country that is alone where nobody is silent. More
        silence never orders more pairs, so that the share is found by halving.
    """

    def find_possible(margin: float) -> np.ndarray:
        low, high = margin_limits(log_p, se, df, -np.expm1(-margin), alpha)
        return np.flatnonzero(low == 1 if highest else high == len(log_p))

    largest_shares = np.full(len(log_p), np.nan)
    alone = find_possible(0.0)
    if len(log_p) < 2 or len(alone) != 1:
        return largest_shares
    stands, falls = 0.0, float(np.ptp(log_p))
    for _ in range(HALVINGS):
        middle = (stands + falls) / 2
        stands, falls = (middle, falls) if len(find_possible(middle)) == 1 else (stands, middle)
    largest_shares[alone] = -np.expm1(-stands)
    return largest_shares


def _claims_on_countries(
    pairs: pd.DataFrame, release: pd.DataFrame, indicators: Sequence[str]
) -> pd.DataFrame:
    """Return the claims on two countries; n is the smaller of theirs."""
    claims = pairs[pairs["clear"] & pairs["indicator"].isin(indicators)]
    national = release[release["domain"] == TOTAL[0]].set_index(["indicator", "country"])["n"]
    a, b = (
        national.reindex(pd.MultiIndex.from_frame(claims[["indicator", column]])).to_numpy(float)
        for column in ("country_a", "country_b")
    )
    domain, level = TOTAL
    return _add_tipping_points(
        claims.assign(domain=domain, level_a=level, level_b=level, n=np.fmin(a, b))
    )


def _claims_on_groups(gaps: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the claims on two groups of one country."""
    claims = gaps[gaps["clear"] & gaps["indicator"].isin(indicators)]
    smaller = np.fmin(floats(claims, "n_a"), floats(claims, "n_b"))
    codes = claims["country"]
    return _add_tipping_points(claims.assign(country_a=codes, country_b=codes, n=smaller))


def _add_tipping_points(clear: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons that are clear with their tipping points."""
    claim_goes, order_turns = tipping_points(
        *(floats(clear, name) for name in ("ratio", "ratio_low", "ratio_high"))
    )
    higher = np.where(floats(clear, "difference") > 0, "a", "b")
    return clear.assign(above=higher, claim_goes=claim_goes, order_turns=order_turns)
