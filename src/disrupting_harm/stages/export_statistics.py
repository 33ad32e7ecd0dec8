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
from disrupting_harm.aggregates.contracts import EXACT, FILES, KEYS, PRINTED, build_statement
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
    build_calibration,
    build_design,
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
from disrupting_harm.tables.io import check_table, read_table
from disrupting_harm.tables.rules import float_columns, in_shape

# Numbers of the release that are computed again, for their last bits.
_EXACT = ("population", "estimate", "se", "ci_low", "ci_high", "df")
# Files of the release have twelve significant digits.
_TWELVE_DIGITS = 1e-11
_PRINTED_COLUMNS = ["estimate", "ci_low", "ci_high"]


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
        config: of the study whose last run made the results.
        target: the folder, which does not exist yet or is empty.
        updating: whether that run updated an accepted release.
        exact: whether numbers have all digits, for restricted use, or those of published tables.

    Raises:
        StudyError: the folder has files, an indicator has the weight of a subsample, the estimates
            are not those of the release, some stay as an earlier release has them, or a hidden
            number could be worked back from the cells that are sent.
    """
    refuse_filled_folder(target)
    _refuse_subsample_weights(codebook)
    run_files = Results(config.results, country, updating)
    run_files.require_made_anew()
    tables = compute_statistics(run_files, config, codebook, exact)
    refuse_disclosing_cells(
        tables[CELLS],
        read_table(run_files.release_file, restricted_contract("country/release")),
        config,
        codebook,
    )
    for name, contract in FILES.items():
        table = check_table(tables[name], contract, name)
        # Every bit where digits are exact: twelve of two estimates leave fewer of their difference.
        write_csv(target / name, table, exact=True)
    for name in (QUALITY, DISCLOSURE):
        write_bytes(target / name, run_files.public_file(name).read_bytes())
    digests = {name: sha256(target / name) for name in (*FILES, QUALITY, DISCLOSURE)}
    software = f"disrupting-harm {__version__}"
    digits = EXACT if exact else PRINTED
    statement = build_statement(config, codebook, country, software, digests, digits)
    write_json(target / STATEMENT, statement.model_dump(mode="json"))
    return {name: len(table) for name, table in tables.items()}


def _refuse_subsample_weights(codebook: Codebook) -> None:
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


def refuse_disclosing_cells(
    cells: pd.DataFrame, release: pd.DataFrame, config: Configuration, codebook: Codebook
) -> None:
    """Refuse cells from which a hidden number can be worked back, as they are sent.

    Args:
        cells: the table that is sent, of which the marks are read.
        release: the country's restricted release, for the numbers behind them.

    Raises:
        StudyError: it names the indicators, and no number.
    """
    marks, keys = ["status", "bound_low", "bound_high"], list(KEYS)
    sent_cells = release.drop(columns=marks).merge(cells[[*keys, *marks]], on=keys, validate="1:1")
    asked_cells = (
        sent_cells[sent_cells["status"] != NOT_ASKED].sort_values(keys).reset_index(drop=True)
    )
    audit_case, _, disclosed = audit_release(
        asked_cells, config.publication, codebook, config.ethics.few
    )
    check_nothing_disclosed(str(asked_cells["country"].iloc[0]), audit_case.cells, disclosed)


def refuse_filled_folder(folder: Path) -> None:
    """Refuse a folder in which something lies.

    Raises:
        StudyError: it has files, or is one.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(str(folder), "there are files", "Name a new or an empty folder")


def compute_statistics(
    run_files: Results, config: Configuration, codebook: Codebook, exact: bool
) -> dict[str, pd.DataFrame]:
    """Return the tables of :data:`.form.FILES`: of cells that the release shows."""
    release = read_table(run_files.release_file, restricted_contract("country/release"))
    within = {
        name: read_table(run_files.contrast_table(name), restricted_contract(f"contrasts/{name}"))
        for name in WITHIN
    }
    exact_estimates, covariances = _compute_again(run_files, config, codebook)
    shown_cells = release[is_shown(release)]
    tables = {
        CELLS: _restore_last_bits(release, exact_estimates, codebook.statistics),
        COVARIANCES: _select_shown_pairs(covariances, shown_cells),
        STANDARDISED: _decide_standardised(
            within["standardised"], release, config, codebook, exact
        ),
        BOUNDS: _select_national(within["bounds"], shown_cells),
        RATIOS: _select_shown_ratios(within["ratios"], release, codebook),
    }
    tables = {name: _shape_for_file(tables[name], contract) for name, contract in FILES.items()}
    if exact:
        return tables
    return round_statistics(tables, config.publication.rounding, codebook.statistics)


def _shape_for_file(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    return in_shape(table.reset_index(drop=True), contract)


def _compute_again(
    run_files: Results, config: Configuration, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return estimates and covariances to their last bit, from the microdata."""
    frame, outcomes, domains = read_analysis(
        run_files.prepared_table("sample.parquet"),
        run_files.prepared_table("indicators.parquet"),
        run_files.weights_file,
        codebook,
    )
    design = build_design(frame, config.estimation.lonely_psu)
    composites = read_composites(run_files.prepared_table("parts.parquet"), outcomes.index)
    calibration = (
        build_calibration(frame, config.weighting.margins)
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
    compared_indicators = codebook.headlines("proportion", "mean")
    joint = joint_estimates(
        design,
        outcomes[compared_indicators],
        domains.drop(columns="total"),
        {name: codebook.statistics[name] for name in compared_indicators},
        calibration,
        {name: composites[name] for name in compared_indicators if name in composites},
    )
    return _take_estimates_of_gaps(exact, joint.cells), gap_covariances(design, joint)


def _take_estimates_of_gaps(exact: pd.DataFrame, joint: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates; for levels those of which gaps are made, whose last bit may differ."""
    keys = list(KEYS[1:])
    merged = exact.merge(joint[[*keys, "estimate"]], on=keys, how="left", suffixes=("_alone", ""))
    return merged.assign(estimate=merged["estimate"].fillna(merged["estimate_alone"]))


def _restore_last_bits(
    release: pd.DataFrame, exact_estimates: pd.DataFrame, statistics: Mapping[str, str]
) -> pd.DataFrame:
    """Return the release as the public table has it, shown numbers to their last bit."""
    keys = list(KEYS[1:])
    table = release.drop(columns=list(_EXACT)).merge(
        exact_estimates[[*keys, *_EXACT]], on=keys, how="left", validate="one_to_one"
    )
    is_shown_cell = is_shown(table)
    for name in _EXACT:
        exact_values, released_values = (
            frame.loc[is_shown_cell, name].to_numpy(dtype=float) for frame in (table, release)
        )
        if not np.allclose(
            exact_values, released_values, rtol=_TWELVE_DIGITS, atol=0, equal_nan=True
        ):
            raise StudyError(
                f"release of {release['country'].iloc[0]}, column '{name}'",
                "the microdata now give other estimates",
                "Run the study again, and export what that run made",
            )
    numbers = [name for name in float_columns(FILES[CELLS]) if name not in BOUND]
    # Those of one sensitive question would tell how many gave no answer.
    table["n"] = table["n_printed"].astype(float)
    table["population"] = table["population_printed"]
    table.loc[~is_shown_cell, numbers] = np.nan
    table.loc[~is_shown_cell, "interval"] = ""
    # Which of the two rules hid a cell bounds its count.
    table.loc[table["status"] == SUPPRESS_DISCLOSURE, "reason"] = PUBLIC_DISCLOSURE_REASON
    return add_whole_per_cents(table, table, is_proportion(table["indicator"], statistics))


def _select_shown_pairs(covariances: pd.DataFrame, shown_cells: pd.DataFrame) -> pd.DataFrame:
    cells = pd.MultiIndex.from_frame(shown_cells[list(KEYS[1:])])
    are_shown = np.ones(len(covariances), dtype=bool)
    for level in ("level_a", "level_b"):
        are_shown &= pd.MultiIndex.from_frame(covariances[["indicator", "domain", level]]).isin(
            cells
        )
    return covariances[are_shown]


def _select_national(table: pd.DataFrame, shown_cells: pd.DataFrame) -> pd.DataFrame:
    national = shown_cells.loc[shown_cells["domain"] == "total", "indicator"]
    return table[table["indicator"].isin(national)]


def _select_shown_ratios(
    ratios: pd.DataFrame, release: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    adjusted = adjusted_table(
        ratios, release, _build_open_ledger(release), codebook.headlines(), "observed"
    )
    keys = ["indicator", "term", "level"]
    return ratios.merge(adjusted[keys], on=keys, validate="one_to_one")


def _decide_standardised(
    estimates: pd.DataFrame,
    release: pd.DataFrame,
    config: Configuration,
    codebook: Codebook,
    exact: bool,
) -> pd.DataFrame:
    """Return standardised estimates with the verdict on each.

    Beside the groups that are shown, a standardised estimate is one more equation for those that
    are not. Where one of these is confidential it is exported as it is printed, and no error.
    """
    standard_config = config.comparison.standard
    if standard_config is None:
        return in_shape(pd.DataFrame(), FILES[STANDARDISED])
    (domain,) = (
        candidate for candidate in codebook.domains if candidate.id == standard_config.domain
    )
    standard = Standard(domain.id, standard_config.shares, tuple(domain.cross))
    statistics, rounding = codebook.statistics, config.publication.rounding
    decided = standardised_table(
        estimates,
        release,
        _build_open_ledger(release),
        codebook.headlines(),
        config.publication,
        statistics,
        data_kind(config.study.simulated),
        codebook,
        standard,
        config.ethics.few,
    )
    printed_form = public_standardised(decided, rounding, statistics)
    is_printed_only = has_confidential_group(decided, release, standard)
    table = decided.assign(verdict=decided["status"], note=printed_form["note"])
    rounded = is_printed_only if exact else np.full(len(table), True)
    table.loc[rounded, _PRINTED_COLUMNS] = printed_form.loc[rounded, _PRINTED_COLUMNS].to_numpy(
        dtype=float
    )
    table.loc[is_printed_only, ["se", "df"]] = np.nan
    verdicts = estimates[["indicator", "reliability"]]
    table = table.merge(verdicts, on="indicator", validate="one_to_one")
    hidden = ~table["status"].isin(SHOWN_STATUSES)
    table.loc[hidden, "reliability"] = "suppress"
    table["n"] = table["n"].fillna(0)
    return table


def _build_open_ledger(release: pd.DataFrame) -> pd.DataFrame:
    """Return a ledger in which nothing sets the country apart: that is for the comparison."""
    return release[["indicator", "country"]].drop_duplicates().assign(comparable="yes")
