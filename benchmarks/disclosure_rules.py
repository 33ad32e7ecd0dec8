"""What each rule of disclosure control prints of a finished study (docs/how-small.md).

python benchmarks/disclosure_rules.py [--results results]      about a minute
"""

import argparse
from pathlib import Path

import pandas as pd

from disrupting_harm.publication.release import decide_release
from disrupting_harm.study.configuration.publication_config import FEW, Publication
from disrupting_harm.study.statuses import NOT_ASKED
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

RULES = (("plain", 10), ("ranges", 10), ("coded", 10), ("ranges", 5))
SMALL = 9


def printed(study: Study, folder: Path, method: str, min_count: int) -> dict[str, object]:
    """Return what one rule prints of all countries whose estimates are in a folder."""
    content = study.config.publication.model_dump()
    content["disclosure"] |= {
        "method": method,
        "min_count": min_count,
        "min_count_sensitive": min_count,
    }
    rules = Publication.model_validate(content)
    tables = [
        read_table(path, restricted_contract("country/estimates"))
        for path in sorted(folder.glob("*.parquet"))
    ]
    decided = pd.concat([decide_release(table, rules, study.codebook, FEW) for table in tables])
    cells = decided[decided["status"] != NOT_ASKED]
    sign = cells["shown"].str[0]
    bound, value = sign.isin(["<", ">"]), ~sign.isin(["<", ">", "*", "c"])
    sensitive = [entry.id for entry in study.codebook.indicators if entry.sensitive]
    groups = cells["indicator"].isin(sensitive) & (cells["domain"] != "total")
    keys = [cells.loc[groups, name] for name in ("country", "indicator", "domain")]
    says = (bound | value)[groups].groupby(keys).any()
    least = cells["n_yes"].where(cells["n_yes"] < cells["n"] / 2, cells["n"] - cells["n_yes"])
    return {
        "method": method,
        "min_count": min_count,
        "estimates": int(value.sum()),
        "bounds": int(bound.sum()),
        "sensitive tables that say nothing, %": round(100 * float(1 - says.mean()), 1),
        "estimates on fewer than 10": int((value & (least <= SMALL)).sum()),
    }


def main() -> None:
    """Print one row per rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    parser.add_argument("--results", type=Path, default=Path("results"))
    options = parser.parse_args()
    study, folder = load_study(options.config), options.results / "restricted" / "estimates"
    print(pd.DataFrame([printed(study, folder, *rule) for rule in RULES]).to_string(index=False))


if __name__ == "__main__":
    main()
