"""How long the comparison of 14 countries in 40 indicators takes, on one core.

    OPENBLAS_NUM_THREADS=1 python benchmarks/comparison_speed.py

Every table of the stage *compare* at full precision, then all of them written, read again, rounded
and published, of made-up survey estimates: pairs, regional means, gaps of five pairs of levels,
pairs of gaps, rank sets, pools, bounds, denominators, standardised and adjusted results. Exits with
1 where all together take more than five seconds of processor time.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from disrupting_harm.comparison import TABLES
from disrupting_harm.comparison.ledger import comparability_ledger
from disrupting_harm.stages.compare import Rules, compare_all
from disrupting_harm.stages.publish_comparison import publish_comparison
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Comparison
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table, write_table

COUNTRIES, INDICATORS, SEED, LIMIT = 14, 40, 20261124, 5.0
LEVELS = {
    "sex": {"boy": 480, "girl": 480},
    "age_band": {"12-13": 320, "14-15": 320, "16-17": 320},
    "area": {"urban": 400, "rural": 560},
}
N = 960
CODES = [f"C{number:02d}" for number in range(COUNTRIES)]
NAMES = [f"indicator_{number:02d}" for number in range(INDICATORS)]
COMPARISON = Comparison.model_validate(
    {
        "gaps": list(LEVELS),
        "standard": {"domain": "sex", "shares": {"boy": 1, "girl": 1}, "source": "equal shares"},
        "adjust_for": list(LEVELS),
    }
)
PUBLICATION = Publication()


def main() -> int:
    """Time the two stages and print the seconds of each."""
    random = np.random.default_rng(SEED)
    release = cells(random)
    definitions, rows = codebook(), countries()
    comparability = comparability_ledger(rows, definitions, NAMES, {}, (), "simulated")
    rules = Rules(definitions, COMPARISON, PUBLICATION, 0.95, SEED, "simulated")
    within = contrasts(release)
    tables: dict[str, pd.DataFrame] = {}
    with tempfile.TemporaryDirectory() as folder:
        steps: dict[str, Callable[[], None]] = {
            "compared": lambda: tables.update(
                compare_all(release, within, comparability, rows, rules)
            ),
            "published": lambda: publish(tables, comparability, definitions, Path(folder)),
        }
        total = sum([timed(name, step) for name, step in steps.items()])
    print(f"{'all':12}{total:6.2f} s of at most {LIMIT:g} s, {COUNTRIES} countries, "
          f"{INDICATORS} indicators, {sum(map(len, tables.values())):,} rows")  # fmt: skip
    return 1 if total > LIMIT else 0


def timed(name: str, step: Callable[[], None]) -> float:
    """Run a step and return its seconds of processor time."""
    start = time.process_time()
    step()
    seconds = time.process_time() - start
    print(f"{name:12}{seconds:6.2f} s")
    return seconds


def publish(
    tables: dict[str, pd.DataFrame],
    comparability: pd.DataFrame,
    definitions: Codebook,
    folder: Path,
) -> None:
    """Write the restricted tables, and publish them."""
    effects = country_effects(tables["standardised"])
    every = {**tables, "comparability": comparability, "adjusted_countries": effects}
    files = {name: str(folder / f"{name}.parquet") for name in TABLES}
    for name in TABLES:
        write_table(files[name], every[name], restricted_contract(f"comparison/{name}"), True)
    publish_comparison(
        tables=files,
        codebook=definitions.model_dump(mode="json"),
        publication=PUBLICATION.model_dump(mode="json"),
        simulated=True,
        outputs={name: str(folder / f"{name}.csv") for name in TABLES},
    )


def codebook() -> Codebook:
    """Return a codebook of headline proportions."""
    yes = [{"item": "answer", "among": ["yes"]}]
    own = {"module": "m", "headline": True, "numerator": yes}
    items = [{"id": name, "type": "choice", "values": [*levels]} for name, levels in LEVELS.items()]
    domains = [{"id": name, "label": name, "item": name} for name in LEVELS]
    return Codebook.model_validate(
        {
            "items": [{"id": "answer", "type": "yes_no"}, *items],
            "domains": [{"id": "total", "label": "All"}, *domains],
            "modules": [{"id": "m", "label": "Module"}],
            "indicators": [{"id": name, "label": name, **own} for name in NAMES],
        }
    )


def countries() -> dict[str, Country]:
    """Return countries of two regions."""
    known = {"children": 1_000_000, "internet_use_rate": 0.6, "internet_use_se": 0.02}
    return {
        code: Country.model_validate({"country": code, "region": f"region {place % 2}", **known})
        for place, code in enumerate(CODES)
    }


def cells(random: np.random.Generator) -> pd.DataFrame:
    """Return released estimates of every country, indicator and group."""
    sizes = {("total", "all"): N}
    sizes |= {(name, level): n for name, own in LEVELS.items() for level, n in own.items()}
    parts = []
    for (domain, level), n in sizes.items():
        rows = pd.MultiIndex.from_product([CODES, NAMES], names=["country", "indicator"])
        table = rows.to_frame(index=False)
        p = random.uniform(0.08, 0.6, len(table))
        deff = random.uniform(1.2, 4, len(table))
        se = np.sqrt(p * (1 - p) * deff / n)
        parts.append(
            table.assign(
                domain=domain, level=level, n=n, n_yes=np.round(n * p), population=1e6,
                estimate=p, se=se, ci_low=p - 2 * se, ci_high=p + 2 * se, deff=deff,
                n_eff=n / deff, df=88.0, interval="korn_graubard", reliability="present",
                n_printed=n, shown="1.0", bound_low=np.nan, bound_high=np.nan, status="present",
                reason="",
            )
        )  # fmt: skip
    return check_table(
        pd.concat(parts, ignore_index=True),
        restricted_contract("country/release"),
        "made-up release",
    )


def contrasts(release: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables inside countries that belong to the estimates."""
    pairs = pair_rows(release)
    a, b = (pairs[f"estimate_{side}"] for side in "ab")
    national = release[release["domain"] == "total"]
    p = national["estimate"]
    found = {
        "gaps": pairs.assign(
            difference=a - b, se=np.hypot(pairs["se_a"], pairs["se_b"]), df=88.0,
            log_ratio=np.log(a / b),
            log_ratio_se=np.hypot(pairs["se_a"] / a, pairs["se_b"] / b),
        ),
        "standardised": national.assign(crude=p, note=""),
        "bounds": national.assign(
            n_asked=N + 40, n_valid=N, valid_share=0.96, lower=0.96 * p, upper=0.96 * p + 0.04,
            ci_low=0.9 * p, ci_high=p + 0.1,
        ),
        "ratios": pairs[pairs["level_a"] != "16-17"].assign(
            term=pairs["domain"], level=pairs["level_a"], reference=pairs["level_b"], n=N,
            n_yes=100, ratio=a / b, log_ratio_se=0.1, df=88.0, ci_low=0.8 * a / b,
            ci_high=1.25 * a / b, p_value=0.02, crude_ratio=a / b, crude_low=0.8 * a / b,
            crude_high=1.25 * a / b, margin_ratio=a / b, note="",
        ),
    }  # fmt: skip
    return {
        name: typed(table, restricted_contract(f"contrasts/{name}"))
        for name, table in found.items()
    }


def pair_rows(release: pd.DataFrame) -> pd.DataFrame:
    """Return every later level beside every earlier one, with estimates and errors of both."""
    order = {level: place for own in LEVELS.values() for place, level in enumerate(own)}
    own = release.loc[
        release["domain"] != "total",
        ["country", "indicator", "domain", "level", "n", "estimate", "se"],
    ]
    both = own.merge(own, on=["country", "indicator", "domain"], suffixes=("_a", "_b"))
    return both[both["level_a"].map(order) > both["level_b"].map(order)].reset_index(drop=True)


def country_effects(standardised: pd.DataFrame) -> pd.DataFrame:
    """Return made-up effects of the countries."""
    made = standardised.assign(
        n=N, ratio=1.2, log_ratio_se=0.1, df=88.0, ci_low=1.0, ci_high=1.4,
        p_value=0.05, p_holm=0.5, step_alpha=0.0125, clear=False, crude_ratio=1.2, note="",
    )  # fmt: skip
    return typed(made, restricted_contract("comparison/adjusted_countries"))


def typed(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the columns of a contract; numbers that the comparison does not use are missing."""
    return table.reindex(columns=list(contract.columns)).reset_index(drop=True)


if __name__ == "__main__":
    sys.exit(main())
