"""Statistics of one country, of what its release shows, for a comparison that is made elsewhere."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from disrupting_harm.aggregates.agreement import (
    BOUNDS,
    CELLS,
    COVARIANCES,
    DISCLOSURE,
    QUALITY,
    RATIOS,
    STANDARDISED,
    STATEMENT,
)
from disrupting_harm.aggregates.contracts import EXACT, FILES, KEYS, PRINTED, statement_of
from disrupting_harm.aggregates.printed_form import round_statistics
from disrupting_harm.comparison import WITHIN
from disrupting_harm.comparison.derived_tables import (
    Standard,
    adjusted_table,
    has_confidential_group,
    public_standardised,
    standardised_table,
)
from disrupting_harm.comparison.differences.within_country import gap_covariances
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes, write_csv, write_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.core.version import __version__
from disrupting_harm.publication.disclosure.audit_case import check_nothing_disclosed
from disrupting_harm.publication.disclosure.certificate import audit_release
from disrupting_harm.publication.release import PUBLIC_DISCLOSURE_REASON, is_proportion, is_shown
from disrupting_harm.publication.rounding import add_whole_per_cents
from disrupting_harm.stages.estimate import (
    calibration_of,
    design_of,
    read_analysis,
    read_composites,
)
from disrupting_harm.stages.finished_run import Results
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.statuses import (
    BOUND,
    NOT_ASKED,
    SHOWN_STATUSES,
    SUPPRESS_DISCLOSURE,
    data_kind,
)
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import checked, read_table
from disrupting_harm.tables.rules import float_columns, in_shape

# Numbers of the release that are computed again, for their last bits.
_EXACT = ("population", "estimate", "se", "ci_low", "ci_high", "df")
# Files of the release have twelve significant digits.
_TWELVE_DIGITS = 1e-11
_ROUNDED = ["estimate", "ci_low", "ci_high"]


def export_statistics(
    *,
    country: str,
    config: Configuration,
    codebook: Codebook,
    target: Path,
    updating: bool = False,
    exact: bool = False,
) -> dict[str, int]:
    """Write the statistics of a country into a new folder; return the rows of each table.

    Args:
        country: its code.
        config: of the study whose last run made the results.
        codebook: of the study.
        target: the folder, which does not exist yet or is empty.
        updating: whether that run updated an accepted release.
        exact: whether numbers have all digits, for restricted use, or those of published tables.

    Raises:
        StudyError: the folder has files, an indicator has the weight of a subsample, the estimates
            are not those of the release, some stay as an earlier release has them, or a hidden
            number could be worked back from the cells that are sent.
    """
    require_empty(target)
    _refuse_subsamples(codebook)
    found = Results(config.results, country, updating)
    found.require_made_anew()
    tables = statistics_of(found, config, codebook, exact)
    require_nothing_told(
        tables[CELLS],
        read_table(found.release, restricted_contract("country/release")),
        config,
        codebook,
    )
    for name, contract in FILES.items():
        table = checked(tables[name], contract, name)
        # Every bit where digits are exact: twelve of two estimates leave fewer of their difference.
        write_csv(target / name, table, exact=True)
    for name in (QUALITY, DISCLOSURE):
        write_bytes(target / name, found.public(name).read_bytes())
    digests = {name: sha256(target / name) for name in (*FILES, QUALITY, DISCLOSURE)}
    software = f"disrupting-harm {__version__}"
    digits = EXACT if exact else PRINTED
    statement = statement_of(config, codebook, country, software, digests, digits)
    write_json(target / STATEMENT, statement.model_dump(mode="json"))
    return {name: len(table) for name, table in tables.items()}


def _refuse_subsamples(codebook: Codebook) -> None:
    """Refuse indicators with the weight of a subsample, which the form of statistics cannot tell.

    Raises:
        StudyError: there is one.
    """
    for weight, names in codebook.subsamples.items():
        raise StudyError(
            f"codebook, indicator '{names[0]}', key 'weight'",
            f"the weight '{weight}' of a subsample, and statistics hold those of one weight",
            "Take the indicators of the subsample out of the codebook, and export from that study",
        )


def require_nothing_told(
    cells: pd.DataFrame, release: pd.DataFrame, config: Configuration, codebook: Codebook
) -> None:
    """Refuse cells from which a hidden number can be worked back, as they are sent.

    Args:
        cells: the table that is sent, of which the marks are read.
        release: the country's restricted release, for the numbers behind them.
        config, codebook: of the study.

    Raises:
        StudyError: it names the indicators, and no number.
    """
    marks, keys = ["status", "bound_low", "bound_high"], list(KEYS)
    sent = release.drop(columns=marks).merge(cells[[*keys, *marks]], on=keys, validate="1:1")
    asked = sent[sent["status"] != NOT_ASKED].sort_values(keys).reset_index(drop=True)
    case, told = audit_release(asked, config.publication, codebook, config.ethics.few)
    check_nothing_disclosed(str(asked["country"].iloc[0]), case.cells, told)


def require_empty(folder: Path) -> None:
    """Refuse a folder in which something lies.

    Raises:
        StudyError: it has files, or is one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(str(folder), "there are files", "Name a new or an empty folder")


def statistics_of(
    found: Results, config: Configuration, codebook: Codebook, exact: bool
) -> dict[str, pd.DataFrame]:
    """Return the tables of :data:`.form.FILES`: of cells that the release shows."""
    release = read_table(found.release, restricted_contract("country/release"))
    within = {
        name: read_table(found.contrast(name), restricted_contract(f"contrasts/{name}"))
        for name in WITHIN
    }
    again, of_pairs = _computed_again(found, config, codebook)
    shown = release[is_shown(release)]
    tables = {
        CELLS: _cells(release, again, codebook.statistics),
        COVARIANCES: _between_shown(of_pairs, shown),
        STANDARDISED: _standardised(within["standardised"], release, config, codebook, exact),
        BOUNDS: _of_national(within["bounds"], shown),
        RATIOS: _ratios(within["ratios"], release, codebook),
    }
    tables = {name: _in_file(tables[name], contract) for name, contract in FILES.items()}
    if exact:
        return tables
    return round_statistics(tables, config.publication.rounding, codebook.statistics)


def _in_file(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    return in_shape(table.reset_index(drop=True), contract)


def _computed_again(
    found: Results, config: Configuration, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return estimates and covariances to their last bit, from the microdata."""
    frame, outcomes, domains = read_analysis(
        found.prepared("sample.parquet"),
        found.prepared("indicators.parquet"),
        found.weights,
        codebook,
    )
    design = design_of(frame, config.estimation.lonely_psu)
    composites = read_composites(found.prepared("parts.parquet"), outcomes.index)
    calibration = (
        calibration_of(frame, config.weighting.margins)
        if config.estimation.calibrated_errors
        else None
    )
    exact = estimate(
        design,
        outcomes,
        domains,
        statistics=codebook.statistics,
        interval=config.estimation.interval,
        confidence=config.estimation.confidence,
        calibration=calibration,
        composites=composites,
    )
    compared = codebook.headlines("proportion", "mean")
    joint = joint_estimates(
        design,
        outcomes[compared],
        domains.drop(columns="total"),
        {name: codebook.statistics[name] for name in compared},
        calibration,
        {name: composites[name] for name in compared if name in composites},
    )
    return _with_those_of_gaps(exact, joint.cells), gap_covariances(design, joint)


def _with_those_of_gaps(exact: pd.DataFrame, joint: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates; for levels those of which gaps are made, whose last bit may differ."""
    keys = list(KEYS[1:])
    both = exact.merge(joint[[*keys, "estimate"]], on=keys, how="left", suffixes=("_alone", ""))
    return both.assign(estimate=both["estimate"].fillna(both["estimate_alone"]))


def _cells(
    release: pd.DataFrame, again: pd.DataFrame, statistics: Mapping[str, str]
) -> pd.DataFrame:
    """Return the release as the public table has it, shown numbers to their last bit."""
    keys = list(KEYS[1:])
    table = release.drop(columns=list(_EXACT)).merge(
        again[[*keys, *_EXACT]], on=keys, how="left", validate="one_to_one"
    )
    shown = is_shown(table)
    for name in _EXACT:
        ours, theirs = (frame.loc[shown, name].to_numpy(dtype=float) for frame in (table, release))
        if not np.allclose(ours, theirs, rtol=_TWELVE_DIGITS, atol=0, equal_nan=True):
            raise StudyError(
                f"release of {release['country'].iloc[0]}, column '{name}'",
                "the microdata now give other estimates",
                "Run the study again, and export what that run made",
            )
    numbers = [name for name in float_columns(FILES[CELLS]) if name not in BOUND]
    # Those of one sensitive question would tell how many gave no answer.
    table["n"] = table["n_printed"].astype(float)
    table["population"] = table["population_printed"]
    table.loc[~shown, numbers] = np.nan
    table.loc[~shown, "interval"] = ""
    # Which of the two rules hid a cell bounds its count.
    table.loc[table["status"] == SUPPRESS_DISCLOSURE, "reason"] = PUBLIC_DISCLOSURE_REASON
    return add_whole_per_cents(table, table, is_proportion(table["indicator"], statistics))


def _between_shown(of_pairs: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    cells = pd.MultiIndex.from_frame(shown[list(KEYS[1:])])
    both = np.ones(len(of_pairs), dtype=bool)
    for level in ("level_a", "level_b"):
        both &= pd.MultiIndex.from_frame(of_pairs[["indicator", "domain", level]]).isin(cells)
    return of_pairs[both]


def _of_national(table: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    national = shown.loc[shown["domain"] == "total", "indicator"]
    return table[table["indicator"].isin(national)]


def _ratios(ratios: pd.DataFrame, release: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    kept = adjusted_table(
        ratios, release, _all_comparable(release), codebook.headlines(), "observed"
    )
    keys = ["indicator", "term", "level"]
    return ratios.merge(kept[keys], on=keys, validate="one_to_one")


def _standardised(
    own: pd.DataFrame,
    release: pd.DataFrame,
    config: Configuration,
    codebook: Codebook,
    exact: bool,
) -> pd.DataFrame:
    """Return standardised estimates with the verdict on each.

    Beside the groups that are shown, a standardised estimate is one more equation for those that
    are not. Where one of these is confidential it is exported as it is printed, and no error.
    """
    chosen = config.comparison.standard
    if chosen is None:
        return in_shape(pd.DataFrame(), FILES[STANDARDISED])
    (domain,) = (entry for entry in codebook.domains if entry.id == chosen.domain)
    standard = Standard(domain.id, chosen.shares, tuple(domain.cross))
    statistics, rounding = codebook.statistics, config.publication.rounding
    decided = standardised_table(
        own,
        release,
        _all_comparable(release),
        codebook.headlines(),
        config.publication,
        statistics,
        data_kind(config.study.simulated),
        codebook,
        standard,
        config.ethics.few,
    )
    printed = public_standardised(decided, rounding, statistics)
    coarse = has_confidential_group(decided, release, standard)
    table = decided.assign(verdict=decided["status"], note=printed["note"])
    rounded = coarse if exact else np.full(len(table), True)
    table.loc[rounded, _ROUNDED] = printed.loc[rounded, _ROUNDED].to_numpy(dtype=float)
    table.loc[coarse, ["se", "df"]] = np.nan
    verdicts = own[["indicator", "reliability"]]
    table = table.merge(verdicts, on="indicator", validate="one_to_one")
    hidden = ~table["status"].isin(SHOWN_STATUSES)
    table.loc[hidden, "reliability"] = "suppress"
    table["n"] = table["n"].fillna(0)
    return table


def _all_comparable(release: pd.DataFrame) -> pd.DataFrame:
    """Return a ledger in which nothing sets the country apart: that is for the comparison."""
    return release[["indicator", "country"]].drop_duplicates().assign(comparable="yes")
