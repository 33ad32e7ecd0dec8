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

from disrupting_harm.comparison.judgements import (
    DECISIVE,
    WAVE_ATTRIBUTES,
    Judgement,
    spell_attribute,
)
from disrupting_harm.comparison.ledger import (
    NOT_ASKED,
    NOT_AVAILABLE,
    describe_survey,
    select_judgements,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.mapping import Mapping as RawMapping
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

# A difference in one of these is a break: between countries a mode is a caution only, but the waves
# of one country are compared because all else is the same.
BREAKING = (*DECISIVE, *WAVE_ATTRIBUTES, "mode")
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
        judgements: of the study's file. ``value`` replaces what is known of a survey; whether a
            wave can be compared with the next one is decided by a line on the earlier of the two,
            such as ``KEN-1``.

    Returns:
        The columns of ``change/waves``, all text but the year. ``comparable`` and ``reason`` speak
        of the wave and the last one before it that asked the same.
    """
    rows = []
    for name in indicators:
        facts_by_wave = [_describe_wave(wave, codebook, name, judgements) for wave in waves]
        judgements_by_wave = [
            select_judgements(wave.row.country, name, judgements) for wave in waves
        ]
        verdicts, last_asked = [], None
        for position, wave in enumerate(waves):
            if name in wave.unasked:
                verdicts.append(("no" if position else "", UNASKED_REASON, ""))
                continue
            verdicts.append(
                ("", _describe_missing(facts_by_wave[position]), "")
                if last_asked is None
                else _judge_wave(
                    facts_by_wave[last_asked],
                    facts_by_wave[position],
                    judgements_by_wave[last_asked],
                )
            )
            last_asked = position
        for wave, facts_of_wave, (comparable, reason, source) in zip(
            waves, facts_by_wave, verdicts, strict=True
        ):
            rows.append(
                {
                    "indicator": name,
                    "country": wave.row.code,
                    "wave": wave.row.wave,
                    "wave_year": wave.row.wave_year,
                    **facts_of_wave,
                    "comparable": comparable,
                    "reason": reason,
                    "source": source,
                    "data_kind": data_kind,
                }
            )
    return in_shape(pd.DataFrame(rows), restricted_contract("change/waves"))


def _describe_wave(
    wave: Wave, codebook: Codebook, indicator: str, judgements: Sequence[Judgement]
) -> dict[str, str]:
    judgements_by_attribute = select_judgements(wave.row.country, indicator, judgements)
    general = describe_survey(
        wave.row, codebook, indicator, wave.response_rates, judgements_by_attribute, wave.unasked
    )
    judged_values = {
        attribute: judgement.value
        for attribute, judgement in judgements_by_attribute.items()
        if judgement.value
    }
    wave_facts = {
        "wording": judged_values.get("wording", NOT_AVAILABLE),
        "options": judged_values.get("options")
        or _describe_options(wave.mapping, codebook, indicator),
        "universe": judged_values.get("universe")
        or codebook.indicator(indicator).base
        or ALL_CHILDREN,
    }
    all_facts = general | wave_facts
    if indicator in wave.unasked:
        all_facts |= dict.fromkeys(("definition", "wording", "options", "universe"), NOT_ASKED)
    return {name: all_facts[name] for name in FACTS}


def _describe_options(mapping: RawMapping, codebook: Codebook, indicator: str) -> str:
    """Return which answers beside those of the codebook a child could give, item by item.

    Codes that stand for "don't know" or "prefer not to say" in one wave only are other response
    options: a refusal has to go somewhere.
    """
    offered_by_item = []
    for name in find_items(codebook, indicator):
        variable = mapping.variables.get(name)
        special_codes = {*variable.missing, *variable.codes.values()} if variable else set()
        offered = [
            answer
            for answer in SPECIAL_ANSWERS[:2]
            if answer in special_codes or answer in mapping.missing
        ]
        offered_by_item.append(
            " or ".join(spell_attribute(answer) for answer in offered) or "answers alone"
        )
    return "; ".join(dict.fromkeys(offered_by_item))


def find_items(codebook: Codebook, indicator: str) -> list[str]:
    """Return the items that an indicator is made of, those of its parts included."""
    definition = codebook.indicator(indicator)
    items = [condition.item for condition in (*definition.universe, *definition.numerator)]
    items += [definition.value] if definition.value else []
    component_items = [
        item for component in definition.any_of for item in find_items(codebook, component)
    ]
    return list(dict.fromkeys([*items, *component_items]))


def _judge_wave(
    before: Mapping[str, str],
    after: Mapping[str, str],
    judgements: Mapping[str, Judgement],
) -> tuple[str, str, str]:
    """Return whether two waves can be compared, why, and who says so."""
    differing = [
        name
        for name in BREAKING
        if name not in judgements
        and before[name] != after[name]
        and NOT_AVAILABLE not in (before[name], after[name])
    ]
    refused = [
        judgement.description for judgement in judgements.values() if not judgement.comparable
    ]
    accepted = [judgement.description for judgement in judgements.values() if judgement.comparable]
    changed = [
        f"{spell_attribute(name)}: {after[name]}, before {before[name]}" for name in differing
    ]
    reason = "; ".join(filter(None, [*refused, *changed, *accepted, _describe_missing(after)]))
    source = "; ".join(
        dict.fromkeys(judgement.source for judgement in judgements.values() if judgement.source)
    )
    return "no" if refused or differing else "yes", reason, source


def _describe_missing(wave_facts: Mapping[str, str]) -> str:
    missing = [spell_attribute(name) for name in FACTS if wave_facts[name] == NOT_AVAILABLE]
    return f"{NOT_AVAILABLE}: {', '.join(missing)}" if missing else ""
