"""What the lines of R of the comparison read beside answers: the countries of a family.

Estimates, standard errors and degrees of freedom are at full precision; those that are published
have too few digits. Critical values of ranks are those of the run's draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from disrupting_harm.comparison.denominators import ranking_scale
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.rank_sets import critical_values
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.comparison.pooling.families import Family, build_families
from disrupting_harm.comparison.populations import country_populations
from disrupting_harm.provenance.r_code.averages import POOLED, SUM, WITHOUT_ONE
from disrupting_harm.provenance.r_code.models import ADJUSTED, COUNTRIES
from disrupting_harm.provenance.r_code.pairs import CLAIMS, GAP_PAIRS, GAPS, PAIRS
from disrupting_harm.provenance.r_code.ranks import DENOMINATORS, RANKS, SILENCE
from disrupting_harm.provenance.r_code.regions import REGIONS
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study
from disrupting_harm.tables.compared_contracts import COMPARED_RELEASE
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

_KNOWN = ["country", "estimate", "se", "df"]
_KEY = ("indicator", "domain", "level_a", "level_b")
# Numbers of these rest on all countries' answers.
OF_ALL = (POOLED, WITHOUT_ONE, SUM, RANKS, SILENCE, DENOMINATORS, REGIONS, COUNTRIES)


@dataclass(frozen=True)
class FamilyFiles:
    """The countries of a family, critical values that hold step by step, and hidden countries.

    ``hidden`` has the countries that count with their bounds, without any estimate.
    """

    countries: pd.DataFrame
    critical: Sequence[float] = field(default_factory=tuple)
    hidden: pd.DataFrame | None = None


def family_files(
    table: str, row: Mapping[str, str], study: Study, restricted: Path
) -> FamilyFiles | None:
    """Return what the lines of a row read of its family; None where they read nothing.

    Args:
        table: one of those with lines.
        row: of its public form.
        study: configuration and codebook.
        restricted: the restricted results.

    Raises:
        StudyError: if a restricted table is missing.
    """
    rules = study.config.comparison
    draws, alpha = Draws(rules.draws, study.config.seed), rules.alpha
    if table in (GAPS, GAP_PAIRS) or (table == CLAIMS and row["domain"] != TOTAL[0]):
        return FamilyFiles(_gaps(row, restricted))
    if table in (PAIRS, CLAIMS):
        found = _national(row["indicator"], _compared_in(PAIRS, row, restricted), study, restricted)
        return FamilyFiles(found[_KNOWN])
    if table in (RANKS, SILENCE, REGIONS):
        found = _national(row["indicator"], _compared_in(table, row, restricted), study, restricted)
        if table == SILENCE:
            return FamilyFiles(found)
        if table == REGIONS:
            return FamilyFiles(found.sort_values(["region", "country"]))
        estimate, se = _scaled(found, study, row["indicator"])
        critical = critical_values(estimate, se, floats(found, "df"), alpha, draws)
        return FamilyFiles(found, critical)
    if table in (POOLED, WITHOUT_ONE, SUM, DENOMINATORS):
        return _pooled(table, row, study, restricted, draws)
    if table == ADJUSTED:
        ratios = read_table(
            _path(restricted, ADJUSTED), restricted_contract(f"comparison/{ADJUSTED}")
        )
        own = ratios[ratios["indicator"] == row["indicator"]]
        return FamilyFiles(own[["country", "term", "level", "p_value"]])
    return _adjusted(row, restricted) if table == COUNTRIES else None


def _path(restricted: Path, name: str) -> Path:
    return restricted / "comparison" / f"{name}.parquet"


def _gaps(row: Mapping[str, str], restricted: Path) -> pd.DataFrame:
    compared = read_table(_path(restricted, GAPS), restricted_contract(f"comparison/{GAPS}"))
    own = compared[(compared[list(_KEY)] == [row[name] for name in _KEY]).all(axis=1)]
    found = own.drop(columns="estimate", errors="ignore").rename(columns={"difference": "estimate"})
    return found[_KNOWN].reset_index(drop=True)


def _compared_in(table: str, row: Mapping[str, str], restricted: Path) -> list[str]:
    """Return the countries that a table compares on the indicator of a row."""
    compared = read_table(_path(restricted, table), restricted_contract(f"comparison/{table}"))
    own = compared[compared["indicator"] == row["indicator"]]
    names = [name for name in ("country", "country_a", "country_b") if name in own]
    return sorted({code for name in names for code in own[name]})


def _releases(codes: Sequence[str], restricted: Path, n: str = "n_printed") -> pd.DataFrame:
    """Return the national estimates of all indicators, with n as published, or as it is."""
    paths = (restricted / "release" / f"{code}.parquet" for code in codes)
    found = pd.concat([read_table(path, COMPARED_RELEASE) for path in paths], ignore_index=True)
    return found[found["domain"] == TOTAL[0]].assign(n=found[n])


def _national(
    indicator: str, codes: Sequence[str], study: Study, restricted: Path, n: str = "n_printed"
) -> pd.DataFrame:
    found = _releases(codes, restricted, n)
    found = found.loc[found["indicator"] == indicator, [*_KNOWN, "n"]].reset_index(drop=True)
    return _with_sizes(found, codes, study)


def _with_sizes(found: pd.DataFrame, codes: Sequence[str], study: Study) -> pd.DataFrame:
    """Return rows of countries, in the order of ``codes``, with their regions and children."""
    sizes = country_populations(study.countries, codes)
    return found.assign(
        region=[study.countries[code].region or "" for code in codes],
        persons=sizes.children,
        rate=sizes.rate,
        rate_se=sizes.rate_se,
    )


def _scaled(found: pd.DataFrame, study: Study, indicator: str) -> tuple[np.ndarray, np.ndarray]:
    """Return estimates and standard errors on the scale on which countries are ranked."""
    estimate, se, n, df = (floats(found, name) for name in ("estimate", "se", "n", "df"))
    if study.codebook.statistics[indicator] != "proportion":
        return estimate, se
    return on_log_odds(estimate, se, n, df)


def _pooled(
    table: str, row: Mapping[str, str], study: Study, restricted: Path, draws: Draws
) -> FamilyFiles:
    codes = sorted(study.countries)
    (family,) = (
        each
        for each in build_families(
            _releases(codes, restricted),
            read_table(
                _path(restricted, "comparability"), restricted_contract("comparison/comparability")
            ),
            [study.codebook.indicator(name) for name in study.codebook.headlines()],
            codes,
            study.config.publication.disclosure.method,
        )
        if each.indicator.id == row["indicator"]
    )
    shown = np.array(codes)[family.members(codes)].tolist()
    # Limits of a country's number of children are those of its estimate, of all who answered.
    n = "n" if table == SUM else "n_printed"
    found = _national(row["indicator"], shown, study, restricted, n)
    if table != DENOMINATORS:
        return FamilyFiles(found, hidden=_hidden(family, codes, study))
    y, se, df = ranking_scale(
        family, country_populations(study.countries, codes), row["denominator"]
    )
    known, alpha = ~np.isnan(y), study.config.comparison.alpha
    critical = critical_values(y[known], se[known], df[known], alpha, draws)
    return FamilyFiles(found, critical)


def _hidden(family: Family, codes: Sequence[str], study: Study) -> pd.DataFrame:
    """Return what everybody can know of the countries that count with their bounds."""
    bounded = family.bounded(codes)
    hidden = np.array(codes)[bounded].tolist()
    columns = ("bound_low", "bound_high", "size", "deff")
    known = {name: getattr(family, name)[bounded] for name in columns}
    return _with_sizes(pd.DataFrame({"country": hidden, **known}), hidden, study)


def _adjusted(row: Mapping[str, str], restricted: Path) -> FamilyFiles:
    """Return the countries of the model."""
    table = read_table(_path(restricted, COUNTRIES), restricted_contract(f"comparison/{COUNTRIES}"))
    own = table[(table["indicator"] == row["indicator"]) & table["ratio"].notna()]
    return FamilyFiles(own[["country"]])
