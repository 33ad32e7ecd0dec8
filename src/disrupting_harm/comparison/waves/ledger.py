"""The ledger of a country's waves: what was asked, of whom and how, each time, by indicator.

A change is computed only where nothing that decides on an answer has changed: definition, wording,
response options, who was asked, recall period, ages and mode. Where one of these differs from the
wave before that asked the same there is a break, unless the study's file of judgements says, with
a reason, that the two can be compared. What is not known is named, and breaks nothing: equal words
of the codebook do not prove that the same was asked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from disrupting_harm.comparison.judgements import DECISIVE, OF_WAVES, Judgement, words
from disrupting_harm.comparison.ledger import NOT_ASKED, NOT_AVAILABLE, facts_of, lines_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.mapping import Mapping as RawMapping
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.tables.change_contracts import WAVES
from disrupting_harm.tables.rules import in_shape

# A difference in one of these is a break: between countries a mode is a caution only, but the waves
# of one country are compared because all else is the same.
BREAKING = (*DECISIVE, *OF_WAVES, "mode")
FACTS = (*BREAKING, "response_rate", "coverage", "fieldwork")
ALL_CHILDREN = "all respondents"


@dataclass(frozen=True)
class Wave:
    """What is known of one survey of a country.

    Attributes:
        row: its row of the countries file.
        mapping: columns and codes of its raw file.
        response_rates: AAPOR rates; None where unknown.
        unasked: the indicators that it did not ask.
    """

    row: Country
    mapping: RawMapping
    response_rates: Mapping[str, float | None] | None
    unasked: Collection[str]


def ledger_of_waves(
    waves: Sequence[Wave],
    codebook: Codebook,
    indicators: Sequence[str],
    judgements: Sequence[Judgement],
    data_kind: str,
) -> pd.DataFrame:
    """Return one row per indicator and wave, the first wave first.

    Args:
        waves: the surveys of one country, the first one first.
        codebook: its labels are the definitions.
        indicators: which to compare.
        judgements: of the study's file. ``value`` replaces what is known of a survey; whether a
            wave can be compared with the next one is decided by a line on the earlier of the two,
            such as ``KEN-1``.
        data_kind: ``simulated`` or ``observed``.

    Returns:
        The columns of :data:`WAVES`, all text but the year. ``comparable`` and ``reason`` speak of
        the wave and the last one before it that asked the same.
    """
    rows = []
    for name in indicators:
        facts = [_facts(wave, codebook, name, judgements) for wave in waves]
        lines = [lines_of(wave.row.country, name, judgements) for wave in waves]
        verdicts, before = [], None
        for place, wave in enumerate(waves):
            if name in wave.unasked:
                verdicts.append(("no" if place else "", UNASKED_REASON, ""))
                continue
            verdicts.append(
                ("", _unknown(facts[place]), "")
                if before is None
                else _verdict(facts[before], facts[place], lines[before])
            )
            before = place
        for wave, known, (comparable, reason, source) in zip(waves, facts, verdicts, strict=True):
            rows.append(
                {
                    "indicator": name,
                    "country": wave.row.code,
                    "wave": wave.row.wave,
                    "wave_year": wave.row.wave_year,
                    **known,
                    "comparable": comparable,
                    "reason": reason,
                    "source": source,
                    "data_kind": data_kind,
                }
            )
    return in_shape(pd.DataFrame(rows), WAVES)


def _facts(
    wave: Wave, codebook: Codebook, indicator: str, judgements: Sequence[Judgement]
) -> dict[str, str]:
    lines = lines_of(wave.row.country, indicator, judgements)
    general = facts_of(wave.row, codebook, indicator, wave.response_rates, lines, wave.unasked)
    told = {attribute: line.value for attribute, line in lines.items() if line.value}
    own = {
        "wording": told.get("wording", NOT_AVAILABLE),
        "options": told.get("options") or _options(wave.mapping, codebook, indicator),
        "universe": told.get("universe") or codebook.indicator(indicator).base or ALL_CHILDREN,
    }
    known = general | own
    if indicator in wave.unasked:
        known |= dict.fromkeys(("definition", "wording", "options", "universe"), NOT_ASKED)
    return {name: known[name] for name in FACTS}


def _options(mapping: RawMapping, codebook: Codebook, indicator: str) -> str:
    """Return which answers beside those of the codebook a child could give, item by item.

    Codes that stand for "don't know" or "prefer not to say" in one wave only are other response
    options: a refusal has to go somewhere.
    """
    texts = []
    for name in items_of(codebook, indicator):
        variable = mapping.variables.get(name)
        own = {*variable.missing, *variable.codes.values()} if variable else set()
        offered = [word for word in SPECIAL_ANSWERS[:2] if word in own or word in mapping.missing]
        texts.append(" or ".join(words(word) for word in offered) or "answers alone")
    return "; ".join(dict.fromkeys(texts))


def items_of(codebook: Codebook, indicator: str) -> list[str]:
    """Return the items that an indicator is made of, those of its parts included."""
    entry = codebook.indicator(indicator)
    own = [condition.item for condition in (*entry.universe, *entry.numerator)]
    own += [entry.value] if entry.value else []
    parts = [item for part in entry.any_of for item in items_of(codebook, part)]
    return list(dict.fromkeys([*own, *parts]))


def _verdict(
    before: Mapping[str, str],
    after: Mapping[str, str],
    lines: Mapping[str, Judgement],
) -> tuple[str, str, str]:
    """Return whether two waves can be compared, why, and who says so."""
    differs = [
        name
        for name in BREAKING
        if name not in lines
        and before[name] != after[name]
        and NOT_AVAILABLE not in (before[name], after[name])
    ]
    refused = [line.text for line in lines.values() if not line.comparable]
    accepted = [line.text for line in lines.values() if line.comparable]
    changed = [f"{words(name)}: {after[name]}, before {before[name]}" for name in differs]
    reason = "; ".join(filter(None, [*refused, *changed, *accepted, _unknown(after)]))
    source = "; ".join(dict.fromkeys(line.source for line in lines.values() if line.source))
    return "no" if refused or differs else "yes", reason, source


def _unknown(facts: Mapping[str, str]) -> str:
    missing = [words(name) for name in FACTS if facts[name] == NOT_AVAILABLE]
    return f"{NOT_AVAILABLE}: {', '.join(missing)}" if missing else ""
