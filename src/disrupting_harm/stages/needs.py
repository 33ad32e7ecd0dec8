"""Stage *needs*: what each country needs most, from public tables and the study's actions."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.comparison.ledger import comparability_ledger
from disrupting_harm.comparison.needs import rank_needs
from disrupting_harm.report.findings.needed_actions import (
    collect_shares,
    find_countries_known,
    find_countries_with,
    find_needs,
    list_action_rules,
    list_reasons_apart,
)
from disrupting_harm.report.findings.recommendations import Recommendations, load_recommendations
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import write_table


def write_needs(
    *,
    public: str,
    recommendations: Sequence[str],
    judgements: Sequence[str],
    countries: Sequence[dict[str, Any]],
    listed: Sequence[str],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    output: str,
) -> None:
    """Write the actions that each country needs, in groups and in order.

    Args:
        public: folder of public results; nothing else is read of the countries.
        recommendations: the study's file of actions.
        judgements: its files of judgements on comparability, at most one.
        countries: rows of the countries file that take part, with what the ledger compares.
        listed: codes of all its rows; judgements may name any of them.
    """
    codes, config = Codebook.model_validate(codebook), Configuration.model_validate(settings)
    has_survey = config.codebook is not None
    actions = load_recommendations(Path(recommendations[0]), codes if has_survey else None)
    rows = {row["country"]: Country.model_validate(row) for row in countries}
    results = {code: read_results(code, Path(public), has_survey) for code in sorted(rows)}
    kind = data_kind(config.study.simulated)
    ledger = (
        _judge_comparability(actions, rows, results, codes, judgements, listed, kind)
        if has_survey
        else []
    )
    table = rank_needs(
        find_needs(results, actions, kind),
        list_action_rules(actions),
        collect_shares(results, actions, list_reasons_apart(ledger)),
        find_countries_with(actions, results),
        find_countries_known(actions, results),
        list(results),
        config.estimation.confidence,
        config.comparison.alpha,
    )
    write_table(output, table, public_contract("comparison/needs"), config.study.simulated)


def _judge_comparability(
    actions: Recommendations,
    rows: dict[str, Country],
    results: dict[str, Results],
    codebook: Codebook,
    judgements: Sequence[str],
    listed: Sequence[str],
    kind: str,
) -> list[dict[Hashable, Any]]:
    """Return the ledger of the indicators that actions rest on."""
    indicators = dict.fromkeys(
        action.when.indicator for _, action in actions.actions if action.when.indicator
    )
    known = [indicator.id for indicator in codebook.indicators]
    quality = {code: of_country.quality for code, of_country in results.items()}
    table = comparability_ledger(
        rows,
        codebook,
        list(indicators),
        {code: facts["response_rates"] for code, facts in quality.items()},
        [line for path in judgements for line in read_comparability(path, listed, known)],
        kind,
        {code: facts["not_asked"] for code, facts in quality.items()},
    )
    return table.to_dict("records")
