"""How much silence would turn round what a comparison says.

A child to whom it happened may answer "no", out of shame or fear. If a share s of them does and
nobody else says "yes", the true proportion is p / (1 - s). How large s is no survey of answers
tells; what can be computed is how large it would have to be (sensitivity analysis; of proportions
in general Rogan and Gladen 1978, Am J Epidemiol 107(1)). The same silence everywhere changes no
order and no ratio. So for a claim "A is above B" silence is put where it matters most, in B alone:

- the *order turns* at s = 1 - p_B / p_A: from there on B's true proportion is the higher one;
- the *claim goes* at s = 1 - exp(-L), with L the lower limit of ln(p_A / p_B): from there on the
  difference would no longer be certain. L has the level at which Holm's method tested the claim.

Rank sets with a margin hold whatever share of those children is silent in each country, from none
to S, freely: a country is clearly above another only where ln p_i - ln p_j exceeds -ln(1 - S) for
certain, by Holm's method over all ordered pairs. Both work on the scale of ln p, on which silence
is a shift. The shares are assumptions, never estimates.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.averages import errors_at_boundary
from disrupting_harm.comparison.gaps import GAP
from disrupting_harm.comparison.multiplicity import stacked
from disrupting_harm.comparison.pairwise import families, log_ratios, pair_rows
from disrupting_harm.comparison.ranks import Limits, limits_of, pairs_of
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.silence_contracts import SILENCE_CLAIMS, SILENCE_RANKS
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.survey.tables.corrections import holm_rows

SHARES = (0.1, 0.2, 0.3)
PAIR = ["indicator", "country_a", "country_b"]
# Halvings of the range of ln p: the share is known to better than 1e-12.
HALVINGS = 50


def tipping_points(
    log_ratio: Floats, se: Floats, df: Floats, level: Floats | float
) -> tuple[Floats, Floats]:
    """Return where silence in the lower of two makes a claim uncertain, and where the order turns.

    Args:
        log_ratio: ln(p_A / p_B), A the higher one; missing where p_B is zero.
        se: standard error of the logarithm.
        df: its degrees of freedom.
        level: two-sided level of the test of the claim.

    Returns:
        Shares of those to whom it happened in B: ``1 - exp(-L)``, with L the lower limit of the
        logarithm and 0 where L is below 0, and ``1 - p_B / p_A``. Missing where the logarithm is.
    """
    low = log_ratio - stdtrit(df, 1 - np.asarray(level) / 2) * se
    return -np.expm1(-np.maximum(low, 0)), -np.expm1(-log_ratio)


def silence_claims(
    pairs: pd.DataFrame,
    gaps: pd.DataFrame,
    release: pd.DataFrame,
    within: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Return the tipping points of every claim that one country, or group, is above another.

    Args:
        pairs: from ``comparison.pairwise.pairwise``.
        gaps: from ``comparison.gaps.gaps``.
        release: the restricted releases that ``pairs`` were made of.
        within: the countries' tables of gaps that ``gaps`` were made of.
        indicators: those of which a "no" may be silence.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of the families, as that of ``pairs`` and ``gaps``.

    Returns:
        The columns of :data:`SILENCE_CLAIMS`, one row for each comparison that differs: first of
        countries (``domain`` total), then of two groups of one country. ``above`` says which of
        the two is above; ``ratio`` is a over b; ``n`` is the smaller sample.
    """
    parts = [
        _claims(_of_countries(pairs, release, indicators), ["indicator"], alpha),
        _claims(_of_groups(gaps, within, indicators), GAP, alpha),
    ]
    return stacked(parts, SILENCE_CLAIMS, data_kind)


def silence_ranks(
    release: pd.DataFrame, indicators: Sequence[str], data_kind: str, alpha: float = 0.05
) -> pd.DataFrame:
    """Return the ranks that every country may have with silence up to each of :data:`SHARES`.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: those of which a "no" may be silence; proportions.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of the sets, which hold for all countries jointly.

    Returns:
        The columns of :data:`SILENCE_RANKS`. ``highest_until`` is the largest share up to which the
        country alone may be highest; it is missing for a country that is not alone even without
        silence. ``lowest_until`` alike. ``smallest_n`` is the smallest sample compared.
    """
    parts = []
    for countries in families(release, indicators):
        n, df = floats(countries, "n"), floats(countries, "df")
        # As in rank sets: 0 and 100 per cent have the middle and the error of their interval.
        p, se = errors_at_boundary(floats(countries, "estimate"), floats(countries, "se"), n, df)
        case = np.log(p), se / p, df
        until = {
            f"{end}_until": alone_until(*case, alpha, highest=end == "highest")
            for end in ("highest", "lowest")
        }
        for share in SHARES:
            low, high = margin_limits(*case, share, alpha)
            parts.append(
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
    return stacked(parts, SILENCE_RANKS, data_kind)


def margin_limits(log_p: Floats, se: Floats, df: Floats, silence: float, alpha: float) -> Limits:
    """Return the lowest and the highest rank that every country may have with some silence.

    Args:
        log_p: (K,) ln p of independent countries.
        se: (K,) standard errors of ln p, above zero.
        df: (K,) degrees of freedom.
        silence: the largest share silent in any country, below 1.
        alpha: error rate of all ranks together.
    """
    difference, spread, of_pairs = pairs_of(log_p, se, df)
    others = ~np.eye(len(log_p), dtype=bool)
    beyond = difference[others] + np.log1p(-silence)
    clear = np.zeros_like(others)
    p_value = stdtr(of_pairs[others], -beyond / spread[others])
    clear[others] = holm_rows(p_value, 1.0, alpha).clear
    return limits_of(clear, clear)


def alone_until(
    log_p: Floats, se: Floats, df: Floats, alpha: float, *, highest: bool = True
) -> Floats:
    """Return the largest silence with which one country alone may be highest, or lowest.

    Args:
        log_p, se, df, alpha: as of :func:`margin_limits`.
        highest: or lowest.

    Returns:
        (K,) shares; missing but for the one country that is alone where nobody is silent. More
        silence never orders more pairs, so that the share is found by halving.
    """

    def possible(margin: float) -> np.ndarray:
        low, high = margin_limits(log_p, se, df, -np.expm1(-margin), alpha)
        return np.flatnonzero(low == 1 if highest else high == len(log_p))

    found = np.full(len(log_p), np.nan)
    alone = possible(0.0)
    if len(log_p) < 2 or len(alone) != 1:
        return found
    stands, falls = 0.0, float(np.ptp(log_p))
    for _ in range(HALVINGS):
        middle = (stands + falls) / 2
        stands, falls = (middle, falls) if len(possible(middle)) == 1 else (stands, middle)
    found[alone] = -np.expm1(-stands)
    return found


def _of_countries(
    pairs: pd.DataFrame, release: pd.DataFrame, indicators: Sequence[str]
) -> pd.DataFrame:
    """Return the pairs of countries with the logarithms of their ratios."""
    logs = [*_logs(release, indicators)]
    if not logs:
        return pairs.iloc[:0]
    known = pairs.merge(pd.concat(logs), on=PAIR, validate="one_to_one")
    domain, level = TOTAL
    return known.assign(domain=domain, level_a=level, level_b=level)


def _logs(release: pd.DataFrame, indicators: Sequence[str]) -> Iterator[pd.DataFrame]:
    for countries in families(release, indicators):
        a, b = pair_rows(len(countries))
        estimate, se, df = (floats(countries, name) for name in ("estimate", "se", "df"))
        log_ratio, log_se, log_df = log_ratios(estimate, se, df, (a, b))
        codes, n = countries["country"].to_numpy(), floats(countries, "n")
        yield pd.DataFrame(
            {
                "indicator": np.repeat(countries["indicator"].to_numpy()[:1], len(a)),
                "country_a": codes[a],
                "country_b": codes[b],
                "n": np.fmin(n[a], n[b]),
                "log_ratio": log_ratio,
                "log_se": log_se,
                "log_df": log_df,
            }
        )


def _of_groups(gaps: pd.DataFrame, within: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the gaps with the logarithms of their ratios, as the countries computed them."""
    keys = ["country", *GAP]
    logs = within[[*keys, "log_ratio", "log_ratio_se"]].rename(columns={"log_ratio_se": "log_se"})
    own = gaps[gaps["indicator"].isin(indicators)]
    known = own.merge(logs, on=keys, how="left", validate="one_to_one")
    return known.assign(
        country_a=known["country"],
        country_b=known["country"],
        n=np.fmin(floats(known, "n_a"), floats(known, "n_b")),
        log_df=known["df"],
    )


def _claims(compared: pd.DataFrame, family: list[str], alpha: float) -> pd.DataFrame:
    """Return the comparisons that differ with their tipping points."""
    if compared.empty:
        return compared
    level = compared.groupby(family, sort=False)["p_value"].transform(
        lambda p_values: holm_rows(p_values.to_numpy(float), 1.0, alpha).level
    )
    claims = compared.assign(level=level)[compared["differs"]]
    a_is_higher = floats(claims, "difference") > 0
    goes, turns = tipping_points(
        np.where(a_is_higher, 1, -1) * floats(claims, "log_ratio"),
        *(floats(claims, name) for name in ("log_se", "log_df", "level")),
    )
    return claims.assign(above=np.where(a_is_higher, "a", "b"), claim_goes=goes, order_turns=turns)
