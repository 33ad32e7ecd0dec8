"""Small public tables of a comparison, made by simple rules, for the tests of its figures."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd
from printed_bounds import bounds_of
from whole_per_cents_by_hand import DIFFERENCE, ESTIMATE, PREDICTION, table_with_wholes

AFRICA, ASIA = "Eastern and Southern Africa", "Southeast Asia"
HALF = 0.03  # half the width of every interval


def prevalence(indicator: str, shown: Mapping[str, str]) -> pd.DataFrame:
    """National estimates as ``PUBLIC["prevalence"]`` has them; a sign hides a country."""
    rows = []
    for country, text in shown.items():
        row: dict[str, object] = {"country": country, "indicator": indicator, "shown": text}
        if text in ("*", "c") or text[0] in "<>":
            status = "suppress_reliability" if text == "*" else "suppress_disclosure"
            rows.append(row | {"status": status, **bounds_of(text)})
            continue
        estimate = float(text) / 100
        low, high = max(estimate - HALF, 0.0), min(estimate + HALF, 1.0)
        numbers = {"estimate": estimate, "ci_low": round(low, 4), "ci_high": round(high, 4)}
        rows.append(row | numbers | {"n": 987, "population": 5000, "status": "present"})
    table = pd.DataFrame(rows)
    for column in ("estimate", "ci_low", "ci_high", "bound_low", "bound_high", "n", "population"):
        if column not in table:
            table[column] = None
        table[column] = table[column].astype("Float64").astype(float)
    table[["n", "population"]] = table[["n", "population"]].astype("Int64")
    return table_with_wholes(table.assign(data_kind="simulated"))


def tables(
    indicator: str,
    shown: Mapping[str, str],
    regions: Mapping[str, str],
    apart: Mapping[str, str] | None = None,
    ages: Sequence[str] = ("12-13", "14-15", "16-17"),
) -> dict[str, pd.DataFrame]:
    """All public tables of one indicator; only countries shown and not ``apart`` are compared."""
    apart = apart or {}
    national = prevalence(indicator, shown)
    value = {
        row.country: row.estimate
        for row in national.dropna(subset=["estimate"]).itertuples()
        if row.country not in apart
    }
    made = {
        "against_region": _against_region(value, regions),
        "gaps": _gaps(value, ages),
        "gap_pairs": _gap_pairs(value),
        "rank_sets": _rank_sets(value),
        "silence_ranks": _silence_ranks(value),
        "pooled": _pooled(value, regions, _bounds_of_hidden(national, apart)),
        "bounds": _bounds(value),
        "bound_pairs": _bound_pairs(value),
        "denominators": _denominators(value),
        "comparability": _ledger(shown, apart),
    }
    kind = {"indicator": indicator, "data_kind": "simulated"}
    every = {name: table.assign(**kind) for name, table in made.items()}
    return with_whole_per_cents({"prevalence": national, **every})


def _against_region(value: Mapping[str, float], regions: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for country, estimate in value.items():
        region = regions.get(country, "")
        members = [value[code] for code in value if regions.get(code, "") == region]
        difference = estimate - sum(members) / len(members)
        rows.append((region, country, difference, abs(difference) > HALF))
    return pd.DataFrame(rows, columns=["region", "country", "difference", "clear"])


def _gaps(value: Mapping[str, float], ages: Sequence[str]) -> pd.DataFrame:
    pairs = [("sex", "girl", "boy"), ("area", "urban", "rural")]
    pairs += [("age_band", b, a) for a, b in combinations(ages, 2)]
    rows = []
    for domain, a, b in pairs:
        for number, country in enumerate(value):
            gap = round(0.015 * (number % 5 - 1) + 0.01 * (len(a) + len(b) - 8), 3)
            rows.append((domain, a, b, country, gap, abs(gap) > 0.04))
    table = pd.DataFrame(
        rows, columns=["domain", "level_a", "level_b", "country", "difference", "clear"]
    )
    # Clear is what lies more than a half-width from zero.
    return table.assign(ci_low=table["difference"] - 0.04, ci_high=table["difference"] + 0.04)


def with_whole_per_cents(made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables of the comparison with the whole per cents of their shares."""
    columns = {
        "prevalence": ESTIMATE,
        "denominators": ESTIMATE,
        "pooled": ESTIMATE | PREDICTION,
        "gaps": DIFFERENCE,
    }
    return made | {
        name: table_with_wholes(made[name], own)
        for name, own in columns.items()
        if name in made and len(made[name])
    }


def _gap_pairs(value: Mapping[str, float]) -> pd.DataFrame:
    rows = [("sex", "girl", "boy", a, b, 0.01, False) for a, b in combinations(value, 2)]
    return pd.DataFrame(
        rows,
        columns=["domain", "level_a", "level_b", "country_a", "country_b", "difference", "clear"],
    )


def ranks(value: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """First and last rank when only estimates two half-widths apart are in a known order."""
    total = len(value)
    higher = {c: sum(v > value[c] + 2 * HALF for v in value.values()) for c in value}
    lower = {c: sum(v < value[c] - 2 * HALF for v in value.values()) for c in value}
    return {c: (1 + higher[c], total - lower[c]) for c in value}


def _rank_sets(value: Mapping[str, float]) -> pd.DataFrame:
    rows = []
    for country, (low, high) in ranks(value).items():
        wide = (country, float(len(value)), "klein", "simultaneous", 1.0, float(len(value)))
        own = (country, float(len(value)), "mogstad_step_down", "simultaneous", low, high)
        rows += [wide, own]
    columns = ["country", "countries", "method", "scope", "rank_low", "rank_high"]
    return pd.DataFrame(rows, columns=columns)


def silent_ranks(value: Mapping[str, float], share: float) -> dict[str, tuple[int, int]]:
    """The ranks, one further to either side for every tenth that may be silent."""
    wider, last = round(10 * share), len(value)
    return {
        c: (max(low - wider, 1), min(high + wider, last)) for c, (low, high) in ranks(value).items()
    }


def _silence_ranks(value: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        (country, float(len(value)), share, float(low), float(high))
        for share in (0.1, 0.2, 0.3)
        for country, (low, high) in silent_ranks(value, share).items()
    ]
    return pd.DataFrame(rows, columns=["country", "countries", "silence", "rank_low", "rank_high"])


def _bounds_of_hidden(
    national: pd.DataFrame, apart: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """The ends between which each hidden country lies that can be compared."""
    hidden = national[national["status"].str.startswith("suppress")].set_index("country")
    ends = hidden[["bound_low", "bound_high"]].fillna({"bound_low": 0.0, "bound_high": 1.0})
    return {str(row.Index): (row.bound_low, row.bound_high) for row in ends.itertuples()
            if row.Index not in apart}  # fmt: skip


def _pooled(
    value: Mapping[str, float],
    regions: Mapping[str, str],
    hidden: Mapping[str, tuple[float, float]],
) -> pd.DataFrame:
    """Averages with limits two points to either side; a hidden country makes a range of them."""
    ends = {code: (share, share) for code, share in value.items()} | dict(hidden)
    groups = {"all": list(ends)}
    for country in ends:
        if regions.get(country):
            groups.setdefault(regions[country], []).append(country)
    rows = []
    for group, members in groups.items():
        if not members or not set(members) & set(value):
            continue
        low, high = (sum(ends[code][end] for code in members) / len(members) for end in (0, 1))
        for estimand, shift in (
            ("population_weighted", 0.01),
            ("equal_country", 0.0),
            ("random_effects", -0.005),
        ):
            range_ = (round(low + shift, 3), round(high + shift, 3))
            rows.append((group, estimand, float(len(members)), *range_))
    table = pd.DataFrame(rows, columns=["group", "estimand", "countries", "set_low", "set_high"])
    table[["set_low", "set_high"]] = table[["set_low", "set_high"]].clip(0, 1)
    table["ci_low"] = (table["set_low"] - 0.02).clip(lower=0).round(4)
    table["ci_high"] = (table["set_high"] + 0.02).clip(upper=1).round(4)
    random = (table["estimand"] == "random_effects") & (table["countries"] > 1)
    table["prediction_low"] = (table["set_low"] * 0.3).where(random)
    table["prediction_high"] = (table["set_high"] * 2.2).clip(upper=1).where(random)
    of_hidden = table["set_low"] < table["set_high"]
    table.insert(3, "estimate", table["set_low"].mask(of_hidden))
    table[["set_low", "set_high"]] = table[["set_low", "set_high"]].where(of_hidden, axis=0)
    numbers = [name for name in table if name not in ("group", "estimand", "countries")]
    table.loc[table["set_high"] - table["set_low"] > 0.1, numbers] = None
    bounded = " ".join(hidden)
    return table.assign(i2=0.912, bounded=bounded, left_out="", note="")


def _bounds(value: Mapping[str, float]) -> pd.DataFrame:
    """Bounds in whole per cents, five wide, with limits two further out."""
    rows = []
    for country, share in value.items():
        low = int(95 * share + 1e-9)
        ends = low / 100, (low + 5) / 100, max(low - 2, 0) / 100, min(low + 7, 100) / 100
        rows.append((country, 0.95, share, *ends))
    columns = ["country", "valid_share", "estimate", "lower", "upper", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns)


def _bound_pairs(value: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        (a, b, abs(value[a] - value[b]) > 0.05, abs(value[a] - value[b]) > 0.1)
        for a, b in combinations(value, 2)
    ]
    return pd.DataFrame(rows, columns=["country_a", "country_b", "clear", "survives"])


def _denominators(value: Mapping[str, float]) -> pd.DataFrame:
    rates = [0.25, 0.92, 0.67, 0.81, 0.56, 0.94, 0.8, 0.95, 0.3, 0.9, 0.7, 0.4, 0.89, 0.69]
    rate = {c: rates[number % len(rates)] for number, c in enumerate(value)}
    shares = {
        "internet_using_children": dict(value),
        "all_children": {c: round(v * rate[c], 3) for c, v in value.items()},
    }
    rows = []
    for denominator, share in shares.items():
        for country, (low, high) in ranks(share).items():
            estimate = share[country]
            size = 1_000_000 * (1 + len(rows) % 7)
            rows.append(
                {
                    "country": country,
                    "denominator": denominator,
                    "estimate": estimate,
                    "ci_low": max(estimate - 0.025, 0.0),
                    "ci_high": min(estimate + 0.025, 1.0),
                    "rank_low": float(low),
                    "rank_high": float(high),
                    "children": round(estimate * size, -3),
                    "children_low": round(max(estimate - 0.025, 0.0) * size, -3),
                    "children_high": round(min(estimate + 0.025, 1.0) * size, -3),
                    "internet_use_rate": rate[country],
                    "internet_use_source": "invented" if country == "RWA" else "a roster",
                }
            )
    return pd.DataFrame(rows).round(3)


def _ledger(shown: Mapping[str, str], apart: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        (c, 1, "no" if c in apart else "yes", apart.get(c, ""), "2020" if n % 2 else "2021")
        for n, c in enumerate(shown)
    ]
    return pd.DataFrame(rows, columns=["country", "wave", "comparable", "reason", "fieldwork"])
