"""Stage *change*: compare the waves of one country."""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.comparison.change.ledger import Wave, ledger_of_waves
from disrupting_harm.comparison.change.tables import changes
from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.files import read_json
from disrupting_harm.study.change_contracts import OF_CHANGE
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.compared_contracts import COMPARED_RELEASE
from disrupting_harm.study.countries import Country
from disrupting_harm.study.mapping import Mapping as RawMapping
from disrupting_harm.study.statuses import data_kind


def compare_waves(
    *,
    country: str,
    rows: Sequence[Mapping[str, Any]],
    mappings: Sequence[Mapping[str, Any]],
    releases: Sequence[str],
    quality: Sequence[str],
    judgements: str | None,
    listed: Sequence[str],
    codebook: dict[str, Any],
    alpha: float,
    confidence: float,
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write the ledger of a country's waves, and what changed from one to another.

    All lists are of its surveys, the first one first.

    Args:
        rows: of the countries file.
        mappings: of the raw files.
        releases: restricted releases.
        quality: public ``quality.json``, for the response rates and what was not asked.
        judgements: the study's own file, or None.
        listed: codes of all surveys; judgements may name any of them.
        alpha: error rate of a family.
        confidence: of an interval alone.
        outputs: the files ``changes`` and ``waves``.
    """
    definitions, kind = Codebook.model_validate(codebook), data_kind(simulated)
    facts = [read_json(path) for path in quality]
    waves = [
        Wave(
            Country.model_validate(row),
            RawMapping.model_validate(mapping),
            fact["response_rates"],
            fact["not_asked"],
        )
        for row, mapping, fact in zip(rows, mappings, facts, strict=True)
    ]
    indicators = definitions.headlines("proportion", "mean")
    names = [entry.id for entry in definitions.indicators]
    told = read_comparability(judgements, listed, names) if judgements else ()
    ledger = ledger_of_waves(waves, definitions, indicators, told, kind)
    tables = {
        "waves": ledger,
        "changes": changes(
            country,
            [read_table(path, COMPARED_RELEASE) for path in releases],
            ledger,
            indicators,
            definitions.headlines("proportion"),
            kind,
            alpha,
            confidence,
        ),
    }
    for name, (contract, _) in OF_CHANGE.items():
        write_table(outputs[name], tables[name], contract, simulated)
