"""Stage *contrast*: comparisons inside one country, from its microdata."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic, code_levels
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite, CompositeEstimator, complete_only
from designbased.missing.bounds import worst_case_bounds
from disrupting_harm.comparison import WITHIN
from disrupting_harm.comparison.adjusted import adjusted_ratios
from disrupting_harm.comparison.differences.within_country import estimate_gaps
from disrupting_harm.comparison.slopes import estimate_slopes
from disrupting_harm.comparison.standardisation import effective_se, standardise
from disrupting_harm.publication.reliability import judge
from disrupting_harm.releases.accepted_release import load_former_comparisons
from disrupting_harm.releases.frozen_comparisons import ComparisonBasis, keep_frozen_contrasts
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.releases.history import read_accepted_releases
from disrupting_harm.releases.records import CurrentNames
from disrupting_harm.stages.estimate import (
    build_calibration,
    build_design,
    compute_item_nonresponse,
    read_analysis,
    read_composites,
    read_table_of_children,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import find_domains_of_same_answers
from disrupting_harm.study.configuration.intervals import choose_without_psus
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.tables.contracts import ASKED, restricted_contract
from disrupting_harm.tables.io import write_table
from disrupting_harm.tables.rules import in_shape

_COLUMN_NAMES = {
    "n": "n_asked",
    "answered": "valid_share",
    "region_low": "lower_ci_low",
    "region_high": "upper_ci_high",
}


def contrast_country(
    *,
    country: str,
    sample: str,
    indicators: str,
    asked: str,
    parts: str,
    weights: str,
    item_answers: str,
    codebook: dict[str, Any],
    estimation: dict[str, Any],
    margins: Sequence[str],
    comparison: dict[str, Any],
    reliability: str,
    simulated: bool,
    outputs: Mapping[str, str],
    gate: Sequence[str] = (),
    results: str = "",
    moved: Mapping[str, Any] | None = None,
) -> None:
    """Write the gaps, standardised estimates, bounds, adjusted ratios and slopes of one country.

    They are of the headline indicators: gaps and standardised estimates of proportions and means,
    bounds and ratios of proportions; slopes of what ``comparison.associations`` names. What the
    study does not ask for is an empty table.

    Args:
        margins: to which the weights were calibrated.
        comparison: ``gaps``, ``standard``, ``adjust_for`` and ``associations`` of the
            configuration.
        outputs: the file of each table of :data:`WITHIN`.
        gate: the files of :class:`~.gate_outputs.GateFiles` in its order; none where no release
            is updated. What rests on a table that stays is as the last release has it.
        results: folder of the results, with the accepted releases.
        moved: ``publication.release.moved`` of the configuration.

    Raises:
        StudyError: the inputs are not of the same children, or a table breaks its contract.
    """
    definitions = Codebook.model_validate(codebook)
    contracts = {name: restricted_contract(f"contrasts/{name}") for name in WITHIN}
    verdict = GateFiles(*gate).read_verdict() if gate else None
    if verdict and verdict.is_held:
        # Nothing is computed of a country that the gate holds.
        tables = {name: in_shape(pd.DataFrame(), contracts[name]) for name in WITHIN}
    else:
        files = Files(sample, indicators, asked, parts, weights, item_answers)
        computed = _compute_contrasts(
            files, definitions, estimation, margins, comparison, reliability
        )
        tables = {
            name: in_shape(computed[name].assign(country=country), contracts[name])
            for name in WITHIN
        }
    if verdict:
        renames = {name: Rename.model_validate(renamed) for name, renamed in (moved or {}).items()}
        releases = read_accepted_releases(Path(results))
        last_release = load_former_comparisons(
            Path(results), releases, country, CurrentNames(renames, definitions)
        )
        standard = comparison["standard"]
        domain = standard["domain"] if standard else None
        basis = ComparisonBasis(definitions, domain, comparison["adjust_for"])
        tables = keep_frozen_contrasts(tables, last_release, verdict, basis)
    for name in WITHIN:
        write_table(outputs[name], tables[name], contracts[name], simulated)


@dataclass(frozen=True)
class Files:
    """The prepared tables and the weights of one country."""

    sample: str
    indicators: str
    asked: str
    parts: str
    weights: str
    item_answers: str


def _compute_contrasts(
    files: Files,
    definitions: Codebook,
    estimation: dict[str, Any],
    margins: Sequence[str],
    comparison: Mapping[str, Any],
    reliability: str,
) -> dict[str, pd.DataFrame]:
    """Return the tables of :data:`WITHIN` without the country."""
    # Totals, which are no rates, are not compared.
    headlines = definitions.headlines("proportion", "mean")
    associated = comparison["associations"] or {"outcomes": (), "characteristics": ()}
    further = [*associated["outcomes"], *associated["characteristics"]]
    frame, answers, domains = read_analysis(
        files.sample,
        files.indicators,
        files.weights,
        definitions,
        list(dict.fromkeys([*headlines, *further])),
    )
    outcomes = answers[headlines]
    design = build_design(frame, estimation["lonely_psu"])
    statistics = {name: definitions.statistics[name] for name in headlines}
    proportions = definitions.headlines("proportion")
    all_composites = read_composites(files.parts, outcomes.index)
    composites = {name: all_composites[name] for name in outcomes if name in all_composites}
    complete_answers = complete_only(answers, all_composites)
    terms = list(comparison["adjust_for"])
    same_answers = find_domains_of_same_answers(definitions, terms)
    confidence = estimation["confidence"]
    interval = choose_without_psus(estimation["interval"])
    calibration = build_calibration(frame, margins) if estimation["calibrated_errors"] else None
    return {
        "gaps": estimate_gaps(
            design,
            outcomes,
            domains[list(comparison["gaps"])],
            statistics,
            confidence,
            calibration,
            composites,
        ),
        "standardised": _standardise_and_judge(
            design,
            outcomes,
            domains,
            comparison["standard"],
            statistics,
            estimation,
            reliability,
            compute_item_nonresponse(files.item_answers),
            calibration,
            composites,
        ),
        "bounds": bound_proportions(
            design,
            outcomes[proportions],
            read_table_of_children(files.asked, ASKED, outcomes.index, columns=proportions),
            interval,
            confidence,
            calibration,
            composites,
        ),
        "ratios": adjusted_ratios(
            design,
            complete_answers[proportions],
            domains[terms],
            same_answers,
            confidence,
            calibration,
        ),
        "slopes": estimate_slopes(
            design,
            complete_answers[list(associated["outcomes"])],
            complete_answers[list(associated["characteristics"])],
            domains[terms],
            same_answers,
            calibration,
        ),
    }


def bound_proportions(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    asked: pd.DataFrame,
    interval: str,
    confidence: float,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Return what missing answers could do to national proportions.

    Args:
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        asked: (n, K) true where the child was asked.
        interval: interval of proportions.
        calibration: what the weights were calibrated to; None takes them as given.
        composites: the parts of composites whose open answers are imputed.

    Returns:
        The columns of ``contrasts/bounds`` without the country: among the ``n_asked``, ``n_valid``
        gave a valid answer (``valid_share`` weighted) and ``estimate`` is the proportion of these.
        The proportion of all asked lies between ``lower`` and ``upper``; ``lower_ci_low`` to
        ``upper_ci_high`` covers both bounds, ``ci_low`` to ``ci_high`` the proportion itself
        (Imbens & Manski 2004).
    """
    if outcomes.empty:
        return in_shape(
            pd.DataFrame(), restricted_contract("contrasts/bounds"), without=["country"]
        )
    everyone = pd.DataFrame({"total": pd.Categorical(["all"] * design.n_rows)}, index=design.index)
    table = worst_case_bounds(design, outcomes, asked, everyone, interval, confidence, calibration)
    table = table.rename(columns=_COLUMN_NAMES)
    # lower = valid_share · estimate
    proportion = table["lower"] / table["valid_share"]
    composites_here = {
        name: composite for name, composite in (composites or {}).items() if name in outcomes
    }
    if composites_here:
        levels = code_levels(everyone, design.rows)
        cells_of_composite = {
            name: CompositeEstimator.from_composite(design, composite, levels)
            for name, composite in composites_here.items()
        }
        imputed = table["indicator"].map(
            {name: float(cells.point[0]) for name, cells in cells_of_composite.items()}
        )
        proportion = imputed.where(table["indicator"].isin(list(composites_here)), proportion)
    return in_shape(
        table.assign(estimate=proportion),
        restricted_contract("contrasts/bounds"),
        without=["country"],
    )


def _standardise_and_judge(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame,
    standard: dict[str, Any] | None,
    statistics: Mapping[str, Statistic],
    estimation: dict[str, Any],
    reliability: str,
    nonresponse: "pd.Series[float]",
    calibration: CalibratedFrame | None,
    composites: Mapping[str, Composite],
) -> pd.DataFrame:
    """Standardise, and judge as every estimate is judged: on the effective sample size."""
    if standard is None or outcomes.empty:
        return in_shape(
            pd.DataFrame(), restricted_contract("contrasts/standardised"), without=["country"]
        )
    levels = domains[standard["domain"]]
    table = standardise(
        design,
        outcomes,
        levels,
        standard["shares"],
        statistics,
        choose_without_psus(estimation["interval"]),
        estimation["confidence"],
        calibration,
        composites,
    )
    measured = table.assign(
        se=effective_se(table, [statistics[name] == "proportion" for name in table["indicator"]]),
        item_nonresponse=table["indicator"].map(nonresponse),
    )
    verdict = judge(measured, reliability, statistics)[["reliability", "reason"]]
    return table.join(verdict)
