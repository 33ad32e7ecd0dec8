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
from disrupting_harm.provenance.r_code.changes import CHANGES
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

_FAMILY_COLUMNS = ["country", "estimate", "se", "df"]
_GAP_KEY = ("indicator", "domain", "level_a", "level_b")
# Numbers of these rest on all countries' answers.
ALL_COUNTRY_TABLES = (POOLED, WITHOUT_ONE, SUM, RANKS, SILENCE, DENOMINATORS, REGIONS, COUNTRIES)


@dataclass(frozen=True)
class FamilyFiles:
    """The countries of a family, critical values that hold step by step, and hidden countries.

    ``hidden`` has the countries that count with their bounds, without any estimate.
    """

    countries: pd.DataFrame
    critical: Sequence[float] = field(default_factory=tuple)
    hidden: pd.DataFrame | None = None


def read_family_files(
    table: str, row: Mapping[str, str], study: Study, restricted: Path
) -> FamilyFiles | None:
    """Return what the lines of a row read of its family; None where they read nothing.

    Args:
        table: one of those with lines.
        row: of its public form.

    Raises:
        StudyError: if a restricted table is missing.
    """
    rules = study.config.comparison
    draws, alpha = Draws(rules.draws, study.config.seed), rules.alpha
    if table in (GAPS, GAP_PAIRS) or (table == CLAIMS and row["domain"] != TOTAL[0]):
        return FamilyFiles(_read_gaps(row, restricted))
    if table in (PAIRS, CLAIMS):
        rows = _estimates_of_indicator(
            row["indicator"], _compared_countries(PAIRS, row, restricted), study, restricted
        )
        return FamilyFiles(rows[_FAMILY_COLUMNS])
    if table in (RANKS, SILENCE, REGIONS):
        rows = _estimates_of_indicator(
            row["indicator"], _compared_countries(table, row, restricted), study, restricted
        )
        if table == SILENCE:
            return FamilyFiles(rows)
        if table == REGIONS:
            return FamilyFiles(rows.sort_values(["region", "country"]))
        estimate, se = _scale_estimates(rows, study, row["indicator"])
        critical = critical_values(estimate, se, floats(rows, "df"), alpha, draws)
        return FamilyFiles(rows, critical)
    if table in (POOLED, WITHOUT_ONE, SUM, DENOMINATORS):
        return _pooled_family(table, row, study, restricted, draws)
    if table == CHANGES:
        return FamilyFiles(_read_changes(row, restricted))
    if table == ADJUSTED:
        ratios = read_table(
            _comparison_path(restricted, ADJUSTED), restricted_contract(f"comparison/{ADJUSTED}")
        )
        ratios_of_indicator = ratios[ratios["indicator"] == row["indicator"]]
        return FamilyFiles(ratios_of_indicator[["country", "term", "level", "p_value"]])
    return _adjusted_family(row, restricted) if table == COUNTRIES else None


def _comparison_path(restricted: Path, name: str) -> Path:
    return restricted / "comparison" / f"{name}.parquet"


def _read_gaps(row: Mapping[str, str], restricted: Path) -> pd.DataFrame:
    gaps = read_table(_comparison_path(restricted, GAPS), restricted_contract(f"comparison/{GAPS}"))
    gap_rows = gaps[(gaps[list(_GAP_KEY)] == [row[name] for name in _GAP_KEY]).all(axis=1)]
    rows = gap_rows.drop(columns="estimate", errors="ignore").rename(
        columns={"difference": "estimate"}
    )
    return rows[_FAMILY_COLUMNS].reset_index(drop=True)


def _read_changes(row: Mapping[str, str], restricted: Path) -> pd.DataFrame:
    """Return the family of a change: all indicators and pairs of waves in its group.

    What is hidden keeps its part of alpha, with a P value of 1.
    """
    path = restricted / "change" / row["country"] / f"{CHANGES}.parquet"
    changes = read_table(path, restricted_contract(f"change/{CHANGES}"))
    group = (changes["domain"] == row["domain"]) & (changes["level"] == row["level"])
    rows = changes[group & (changes["alpha_share"] > 0)]
    columns = ["indicator", "wave_from", "wave_to", "alpha_share"]
    return rows[columns].assign(
        p_value=rows["p_value"].fillna(1.0), covariance=rows["covariance"].fillna(0.0)
    )


def _compared_countries(table: str, row: Mapping[str, str], restricted: Path) -> list[str]:
    """Return the countries that a table compares on the indicator of a row."""
    compared = read_table(
        _comparison_path(restricted, table), restricted_contract(f"comparison/{table}")
    )
    rows_of_indicator = compared[compared["indicator"] == row["indicator"]]
    names = [name for name in ("country", "country_a", "country_b") if name in rows_of_indicator]
    return sorted({code for name in names for code in rows_of_indicator[name]})


def _read_national_estimates(
    codes: Sequence[str], restricted: Path, n: str = "n_printed"
) -> pd.DataFrame:
    """Return the national estimates of all indicators, with n as published, or as it is."""
    paths = (restricted / "release" / f"{code}.parquet" for code in codes)
    rows = pd.concat([read_table(path, COMPARED_RELEASE) for path in paths], ignore_index=True)
    return rows[rows["domain"] == TOTAL[0]].assign(n=rows[n])


def _estimates_of_indicator(
    indicator: str, codes: Sequence[str], study: Study, restricted: Path, n: str = "n_printed"
) -> pd.DataFrame:
    rows = _read_national_estimates(codes, restricted, n)
    rows = rows.loc[rows["indicator"] == indicator, [*_FAMILY_COLUMNS, "n"]].reset_index(drop=True)
    return _add_populations(rows, codes, study)


def _add_populations(rows: pd.DataFrame, codes: Sequence[str], study: Study) -> pd.DataFrame:
    """Return rows of countries, in the order of ``codes``, with their regions and children."""
    sizes = country_populations(study.countries, codes)
    return rows.assign(
        region=[study.countries[code].region or "" for code in codes],
        persons=sizes.children,
        rate=sizes.rate,
        rate_se=sizes.rate_se,
    )


def _scale_estimates(
    rows: pd.DataFrame, study: Study, indicator: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return estimates and standard errors on the scale on which countries are ranked."""
    estimate, se, n, df = (floats(rows, name) for name in ("estimate", "se", "n", "df"))
    if study.codebook.statistics[indicator] != "proportion":
        return estimate, se
    return on_log_odds(estimate, se, n, df)


def _pooled_family(
    table: str, row: Mapping[str, str], study: Study, restricted: Path, draws: Draws
) -> FamilyFiles:
    codes = sorted(study.countries)
    (family,) = (
        candidate
        for candidate in build_families(
            _read_national_estimates(codes, restricted),
            read_table(
                _comparison_path(restricted, "comparability"),
                restricted_contract("comparison/comparability"),
            ),
            [study.codebook.indicator(name) for name in study.codebook.headlines()],
            codes,
            study.config.publication.disclosure.method,
        )
        if candidate.indicator.id == row["indicator"]
    )
    shown_codes = np.array(codes)[family.members(codes)].tolist()
    # Limits of a country's number of children are those of its estimate, of all who answered.
    n = "n" if table == SUM else "n_printed"
    rows = _estimates_of_indicator(row["indicator"], shown_codes, study, restricted, n)
    if table != DENOMINATORS:
        return FamilyFiles(rows, hidden=_hidden_countries(family, codes, study))
    y, se, df = ranking_scale(
        family, country_populations(study.countries, codes), row["denominator"]
    )
    has_number, alpha = ~np.isnan(y), study.config.comparison.alpha
    critical = critical_values(y[has_number], se[has_number], df[has_number], alpha, draws)
    return FamilyFiles(rows, critical)


def _hidden_countries(family: Family, codes: Sequence[str], study: Study) -> pd.DataFrame:
    """Return what everybody can know of the countries that count with their bounds."""
    bounded = family.bounded(codes)
    hidden_codes = np.array(codes)[bounded].tolist()
    columns = {
        "bound_low": family.bound_low,
        "bound_high": family.bound_high,
        "size": family.sample_size,
        "deff": family.deff,
    }
    numbers = {name: values[bounded] for name, values in columns.items()}
    return _add_populations(pd.DataFrame({"country": hidden_codes, **numbers}), hidden_codes, study)


def _adjusted_family(row: Mapping[str, str], restricted: Path) -> FamilyFiles:
    """Return the countries of the model."""
    table = read_table(
        _comparison_path(restricted, COUNTRIES), restricted_contract(f"comparison/{COUNTRIES}")
    )
    rows_of_indicator = table[(table["indicator"] == row["indicator"]) & table["ratio"].notna()]
    return FamilyFiles(rows_of_indicator[["country"]])
