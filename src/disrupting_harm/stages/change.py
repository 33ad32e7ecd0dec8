"""Stage *change*: compare the waves of one country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Integers
from disrupting_harm.comparison import CHANGE
from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.comparison.waves.changes import AnswerResults, estimate_changes
from disrupting_harm.comparison.waves.ledger import Wave, ledger_of_waves
from disrupting_harm.comparison.waves.overlap import (
    Answers,
    find_listed_pairs,
    fit_trends,
    fixed_composition,
    select_with_trend,
    wave_covariances,
)
from disrupting_harm.core.files import read_json
from disrupting_harm.stages.estimate import (
    build_calibration,
    build_design,
    read_analysis,
    read_composites,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.same_answers import find_domains_of_same_answers
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.kept_psus import read_kept_psus
from disrupting_harm.study.microdata.mapping import Mapping as RawMapping
from disrupting_harm.study.statuses import TOTAL, data_kind
from disrupting_harm.tables.compared_contracts import COMPARED_RELEASE
from disrupting_harm.tables.contracts import SAMPLE, restricted_contract
from disrupting_harm.tables.io import read_table, write_table


def compare_waves(
    *,
    country: str,
    rows: Sequence[Mapping[str, Any]],
    mappings: Sequence[Mapping[str, Any]],
    files: Mapping[str, Sequence[str]],
    kept_psus: Sequence[str],
    judgements: str | None,
    listed: Sequence[str],
    codebook: dict[str, Any],
    estimation: dict[str, Any],
    margins: Sequence[str],
    comparison: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write the ledger of a country's waves, what changed from one to another, and trends.

    Args:
        rows: of the countries file, the first wave first, as in all that follows.
        mappings: of the raw files.
        files: of each wave ``releases``, ``quality`` (public, for the response rates and what was
            not asked), ``samples``, ``indicators``, ``parts`` and ``weights``.
        kept_psus: the tables of kept PSUs of the waves that have one, in their order.
        judgements: the study's own file on comparability, or None.
        listed: codes of all surveys; judgements may name any of them.
        margins: to which weights were calibrated.
        comparison: ``alpha``, ``standard`` and ``adjust_for`` of the configuration.
        outputs: the files ``changes``, ``waves`` and ``trends``.

    Raises:
        StudyError: a faulty table of kept PSUs, or files of other children.
    """
    definitions, kind = Codebook.model_validate(codebook), data_kind(simulated)
    countries = [Country.model_validate(row) for row in rows]
    quality_facts = [read_json(path) for path in files["quality"]]
    described_waves = [
        Wave(
            row, RawMapping.model_validate(mapping), quality["response_rates"], quality["not_asked"]
        )
        for row, mapping, quality in zip(countries, mappings, quality_facts, strict=True)
    ]
    indicators = definitions.headlines("proportion", "mean")
    proportions = definitions.headlines("proportion")
    indicator_ids = [indicator.id for indicator in definitions.indicators]
    judged = read_comparability(judgements, listed, indicator_ids) if judgements else ()
    ledger = ledger_of_waves(described_waves, definitions, indicators, judged, kind)
    releases = [read_table(path, COMPARED_RELEASE) for path in files["releases"]]
    surveys = [
        _read_survey(paths, definitions, indicators, estimation, margins)
        for paths in zip(*(files[name] for name in _ANSWER_FILES), strict=True)
    ]
    kept_by_step = _read_kept_psus(countries, kept_psus, surveys)
    results_of_pair = {
        pair: _compare_answers(
            surveys, releases, kept_by_step, pair, comparison["standard"], indicators
        )
        for pair in find_listed_pairs(ledger)
    }
    terms = list(comparison["adjust_for"])
    domains_of_indicator = find_domains_of_same_answers(definitions, terms)
    tables = {
        "waves": ledger,
        "changes": estimate_changes(
            country,
            releases,
            ledger,
            indicators,
            proportions,
            kind,
            comparison["alpha"],
            results_of_pair,
            definitions.headlines_with_silence(),
        ),
        "trends": fit_trends(
            country,
            [survey.frame for survey in surveys],
            [survey.answers for survey in surveys],
            [row.wave_year or 0.0 for row in countries],
            select_with_trend(releases, ledger, proportions),
            {
                name: [term for term in terms if term not in domains_of_indicator[name]]
                for name in proportions
            },
            kind,
            has_kept_psus=bool(kept_psus),
        ),
    }
    for name in CHANGE:
        write_table(outputs[name], tables[name], restricted_contract(f"change/{name}"), simulated)


_ANSWER_FILES = ("samples", "indicators", "parts", "weights")


@dataclass(frozen=True, eq=False)
class _Survey:
    """The answers of one wave, its design columns, and all PSUs of its sample."""

    answers: Answers
    frame: pd.DataFrame
    psus: set[tuple[str, str]]

    @property
    def psu_positions(self) -> dict[tuple[str, str], int]:
        """The place in the design of each PSU with interviews."""
        rows = zip(self.frame["stratum"], self.frame["psu"], self.answers.design.psu, strict=True)
        return {(str(stratum), str(psu)): int(position) for stratum, psu, position in rows}


def _read_survey(
    paths: tuple[str, ...],
    codebook: Codebook,
    indicators: Sequence[str],
    estimation: dict[str, Any],
    margins: Sequence[str],
) -> _Survey:
    sample, answers, parts, weights = paths
    frame, outcomes, domains = read_analysis(sample, answers, weights, codebook)
    composites = read_composites(parts, outcomes.index)
    statistics = codebook.statistics
    answers_of_wave = Answers(
        build_design(frame, estimation["lonely_psu"]),
        outcomes[list(indicators)],
        domains,
        {name: statistics[name] for name in indicators},
        {name: composites[name] for name in indicators if name in composites},
        build_calibration(frame, margins) if estimation["calibrated_errors"] else None,
    )
    sample_psus = read_table(sample, SAMPLE)[["stratum", "psu"]].astype(str)
    psus = set(sample_psus.itertuples(index=False, name=None))
    return _Survey(answers_of_wave, frame, psus)


def _read_kept_psus(
    countries: Sequence[Country], tables: Sequence[str], surveys: Sequence[_Survey]
) -> list[dict[tuple[str, str], tuple[str, str]]]:
    """Return for each wave but the first the PSUs that it kept: their names before and now."""
    remaining_tables = iter(tables)
    return [
        dict(read_kept_psus(next(remaining_tables), before.psus, now.psus)) if row.kept_psus else {}
        for row, before, now in zip(countries[1:], surveys, surveys[1:], strict=False)
    ]


def _compare_answers(
    surveys: Sequence[_Survey],
    releases: Sequence[pd.DataFrame],
    steps: Sequence[dict[tuple[str, str], tuple[str, str]]],
    pair: tuple[int, int],
    standard: dict[str, Any] | None,
    indicators: Sequence[str],
) -> AnswerResults:
    first, second = (surveys[index] for index in pair)
    kept_positions = _find_kept_positions(first, second, steps[pair[0] : pair[1]])
    fixed_results = None
    if standard is not None:
        df = pd.DataFrame(
            {
                wave: _select_national_df(releases[index], indicators)
                for wave, index in zip(("first", "second"), pair, strict=True)
            }
        )
        fixed_results = fixed_composition(
            first.answers, second.answers, standard["domain"], df, kept_positions
        )
    return AnswerResults(
        None
        if kept_positions is None
        else wave_covariances(first.answers, second.answers, kept_positions),
        fixed_results,
        standard["domain"] if standard else "",
    )


def _find_kept_positions(
    first: _Survey, second: _Survey, steps: Sequence[dict[tuple[str, str], tuple[str, str]]]
) -> Integers | None:
    """Return the places of PSUs that were kept through all steps and have interviews in both."""
    kept_psus = {psu: psu for psu in first.psus}
    for step in steps:
        kept_psus = {start: step[now] for start, now in kept_psus.items() if now in step}
    first_positions, second_positions = first.psu_positions, second.psu_positions
    pairs = [
        (first_positions[a], second_positions[b])
        for a, b in kept_psus.items()
        if a in first_positions and b in second_positions
    ]
    return np.array(sorted(pairs), dtype=np.intp) if pairs else None


def _select_national_df(release: pd.DataFrame, indicators: Sequence[str]) -> "pd.Series[float]":
    national = release[release["domain"] == TOTAL[0]].set_index("indicator")
    return national["df"].reindex(list(indicators))
