"""Stage *ledger*: which countries can be compared on which indicator, and why not."""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.comparison.ledger import comparability_ledger
from disrupting_harm.core.files import read_json
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import write_table


def write_ledger(
    *,
    countries: Sequence[Mapping[str, Any]],
    listed: Sequence[str],
    quality: Sequence[str],
    judgements: str | None,
    codebook: dict[str, Any],
    associations: Mapping[str, Sequence[str]] | None,
    simulated: bool,
    output: str,
) -> None:
    """Write the comparability of the headline indicators, and of those that associations name.

    Args:
        countries: rows of the countries file that take part.
        listed: codes of all its rows; judgements may name any of them.
        quality: the countries' ``quality.json``, for the response rates and what was not asked.
        judgements: the study's own file, or None.
        associations: ``comparison.associations`` of the configuration.
    """
    definitions = Codebook.model_validate(codebook)
    associated = [name for names in (associations or {}).values() for name in names]
    quality_facts = [read_json(path) for path in quality]
    table = comparability_ledger(
        {row["country"]: Country.model_validate(row) for row in countries},
        definitions,
        list(dict.fromkeys([*definitions.headlines(), *associated])),
        {
            quality_of_country["country"]: quality_of_country["response_rates"]
            for quality_of_country in quality_facts
        },
        read_comparability(
            judgements, listed, [indicator.id for indicator in definitions.indicators]
        )
        if judgements
        else (),
        data_kind(simulated),
        {
            quality_of_country["country"]: quality_of_country["not_asked"]
            for quality_of_country in quality_facts
        },
    )
    write_table(output, table, restricted_contract("comparison/comparability"), simulated)
