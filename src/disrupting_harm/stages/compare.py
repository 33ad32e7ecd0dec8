"""Stage *compare*: compare countries, from unrounded estimates that may be published."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from disrupting_harm.comparison import COMPARED
from disrupting_harm.comparison.associations import pool_slopes
from disrupting_harm.comparison.denominators import estimate_by_denominator
from disrupting_harm.comparison.derived_tables import Standard, adjusted_table, standardised_table
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.gaps import compare_gap_pairs, compare_gaps
from disrupting_harm.comparison.differences.pairwise import compare_country_pairs
from disrupting_harm.comparison.differences.rank_sets import rank_sets
from disrupting_harm.comparison.differences.regions import compare_with_region
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.comparison.nonresponse_tipping import silence_claims, silence_ranks
from disrupting_harm.comparison.pooling.families import Family, build_families
from disrupting_harm.comparison.pooling.pooling import PREDICTION, pool_countries, pool_without_each
from disrupting_harm.comparison.pooling.totals import sum_children
from disrupting_harm.comparison.prevalence import prevalence_table
from disrupting_harm.comparison.small_area import estimate_small_areas
from disrupting_harm.comparison.worst_case_bounds import bounds_table, compare_bounds
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Comparison
from disrupting_harm.study.configuration.publication_config import FEW, Ethics, Publication
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.tables.compared_contracts import COMPARED_RELEASE, COMPARED_WITHIN
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table


@dataclass(frozen=True)
class Rules:
    """What decides a comparison besides the estimates."""

    codebook: Codebook
    comparison: Comparison
    publication: Publication
    confidence: float
    seed: int
    data_kind: str
    few: int = FEW


def compare_countries(
    *,
    releases: Sequence[str],
    within: Mapping[str, Sequence[str]],
    ledger: str,
    estimates: Sequence[str] = (),
    countries: Sequence[Mapping[str, Any]],
    codebook: dict[str, Any],
    comparison: dict[str, Any],
    publication: dict[str, Any],
    ethics: dict[str, Any],
    confidence: float,
    seed: int,
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write some tables of :data:`COMPARED` for the headline indicators, or ``modelled``.

    Args:
        releases: restricted releases, one file a country.
        within: the tables of :data:`COMPARED_WITHIN`, each one file a country.
        ledger: which countries can be compared.
        estimates: restricted estimates, hidden ones too, of the countries whose microdata are here.
        comparison, publication, ethics: those sections of the configuration.
        confidence: of intervals of estimates and averages.
        seed: of the random draws behind rank sets.
        outputs: the file of each table that is asked for.
    """
    names = [name for name in COMPARED if name in outputs]
    judged = read_table(ledger, restricted_contract("comparison/comparability"))
    tables = compare_all(
        _stack_tables(releases, COMPARED_RELEASE),
        {name: _stack_tables(within[name], contract) for name, contract in COMPARED_WITHIN.items()},
        judged,
        {row["country"]: Country.model_validate(row) for row in countries},
        Rules(
            Codebook.model_validate(codebook),
            Comparison.model_validate(comparison),
            Publication.model_validate(publication),
            confidence,
            seed,
            data_kind(simulated),
            Ethics.model_validate(ethics).few,
        ),
        names,
    )
    for name in names:
        write_table(
            outputs[name], tables[name], restricted_contract(f"comparison/{name}"), simulated
        )
    if "modelled" not in outputs:
        return
    models = estimate_small_areas(
        _stack_tables(estimates, restricted_contract("country/estimates"))
        if estimates
        else pd.DataFrame(),
        judged,
        Codebook.model_validate(codebook).headlines("proportion"),
        comparison["model"],
        confidence,
        data_kind(simulated),
        comparison["exceedance"],
    )
    write_table(outputs["modelled"], models, restricted_contract("comparison/modelled"), simulated)


def _pool_averages(
    families: Sequence[Family], countries: Mapping[str, Country], rules: Rules
) -> pd.DataFrame:
    """Return the averages; without limits for another country where there is no other."""
    table = pool_countries(families, countries, rules.data_kind, rules.confidence)
    return table if rules.comparison.others else table.assign(**dict.fromkeys(PREDICTION, np.nan))


def compare_all(
    release: pd.DataFrame,
    within: Mapping[str, pd.DataFrame],
    ledger: pd.DataFrame,
    countries: Mapping[str, Country],
    rules: Rules,
    names: Collection[str] = COMPARED,
) -> dict[str, pd.DataFrame]:
    """Return comparisons of the headline indicators by their ``names``, at full precision.

    Only what is shown and comparable is compared; ``prevalence`` shows the other countries, too.
    """
    codebook, kind = rules.codebook, rules.data_kind
    indicators, statistics = codebook.headlines(), codebook.statistics
    alpha, confidence = rules.comparison.alpha, rules.confidence
    draws = Draws(rules.comparison.draws, rules.seed)
    # As published: of a country that joins by statistics no other n is known.
    published = release.assign(n=release["n_printed"])
    comparable = select_comparable(published[published["indicator"].isin(indicators)], ledger)
    regions = {code: row.region for code, row in countries.items()}
    families = build_families(
        published,
        ledger,
        [codebook.indicator(name) for name in indicators],
        sorted(countries),
        rules.publication.disclosure.method,
    )
    release_and_ledger = (release, ledger, indicators)

    # Others are made of these three.
    @cache
    def pairs() -> pd.DataFrame:
        return compare_country_pairs(comparable, indicators, kind, alpha)

    @cache
    def gaps() -> pd.DataFrame:
        return compare_gaps(within["gaps"], comparable, indicators, kind, alpha)

    @cache
    def bounds() -> pd.DataFrame:
        return bounds_table(within["bounds"], release, ledger, indicators, kind)

    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "prevalence": lambda: prevalence_table(release, indicators, kind),
        "pairwise": pairs,
        "against_region": lambda: compare_with_region(
            comparable, indicators, regions, kind, alpha, statistics=statistics
        ),
        "gaps": gaps,
        "gap_pairs": lambda: compare_gap_pairs(gaps(), kind, alpha),
        "rank_sets": lambda: rank_sets(comparable, indicators, kind, alpha, draws, statistics),
        "pooled": lambda: _pool_averages(families, countries, rules),
        "leave_one_out": lambda: pool_without_each(families, kind, confidence),
        "standardised": lambda: standardised_table(
            within["standardised"],
            *release_and_ledger,
            rules.publication,
            statistics,
            kind,
            codebook,
            _find_standard(rules),
            rules.few,
        ),
        "bounds": bounds,
        "bound_pairs": lambda: compare_bounds(pairs(), bounds(), kind),
        "silence_claims": lambda: silence_claims(
            pairs(), gaps(), comparable, codebook.headlines_with_silence(), kind
        ),
        "silence_ranks": lambda: silence_ranks(
            comparable, codebook.headlines_with_silence(), kind, alpha
        ),
        "denominators": lambda: estimate_by_denominator(
            families, countries, kind, alpha, confidence, draws
        ),
        "total": lambda: sum_children(families, countries, kind, confidence),
        "adjusted": lambda: adjusted_table(within["ratios"], *release_and_ledger, kind, alpha),
        "associations": lambda: pool_slopes(
            within["slopes"], release, ledger, kind, alpha, rules.comparison.others
        ),
    }
    return {name: tables[name]() for name in names}


def _find_standard(rules: Rules) -> Standard | None:
    standard = rules.comparison.standard
    if standard is None:
        return None
    (domain,) = (
        candidate for candidate in rules.codebook.domains if candidate.id == standard.domain
    )
    return Standard(domain.id, standard.shares, tuple(domain.cross))


def _stack_tables(paths: Sequence[str], contract: pa.DataFrameSchema) -> pd.DataFrame:
    return pd.concat([read_table(path, contract) for path in paths], ignore_index=True)
