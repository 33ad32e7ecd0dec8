"""The comparability ledger: what was asked, of whom and how, in each country, for each indicator.

Countries are compared, ranked or pooled only where the ledger marks them as comparable. They are
not where the definition, the recall period or the ages differ from what most countries have, and
where the study's own file of judgements decides so. A fact that is not known is named, and excludes
no country. What a survey did not ask cannot be compared, and does not count in what most have; a
composite judged on the parts that were asked has these parts in its definition.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.comparison.judgements import (
    CAUTIONS,
    DECISIVE,
    EVERY_INDICATOR,
    Judgement,
    spell_attribute,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

FACTS = (
    "wave", "definition", "recall", "age_range", "mode", "response_rate", "coverage", "fieldwork",
)  # fmt: skip
NOT_AVAILABLE = "not available"
NOT_ASKED = "not asked"
# The rate that reports on each country name, so that two documents never differ.
RESPONSE_RATE = "rr2"


def comparability_ledger(
    countries: Mapping[str, Country],
    codebook: Codebook,
    indicators: Sequence[str],
    response_rates: Mapping[str, Mapping[str, float | None] | None],
    judgements: Sequence[Judgement],
    data_kind: str,
    unasked: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """Return one row per indicator and country, in this order, countries by their codes.

    Args:
        countries: the rows of the countries file that take part.
        codebook: its labels are the definitions.
        response_rates: the AAPOR rates of each country's ``quality.json``, None where unknown.
        judgements: from ``judgements.read_comparability``; other countries' have no effect.
        unasked: by country, the indicators that its survey did not ask.

    Returns:
        The columns of ``comparison/comparability``, all text: ``comparable`` is ``yes`` or ``no``;
        ``reason`` says why not, and names cautions and facts that are not available; ``source`` is
        that of the study's judgements.

    Raises:
        StudyError: no value of a definition, a recall period or an age range is the most common.
    """
    unasked_by_country, rows = unasked or {}, []
    for name in indicators:
        judgements_by_country = {
            code: select_judgements(code, name, judgements) for code in sorted(countries)
        }
        facts_by_country = {
            code: describe_survey(
                countries[code],
                codebook,
                name,
                response_rates.get(code),
                of_country,
                unasked_by_country.get(code, ()),
            )
            for code, of_country in judgements_by_country.items()
        }
        judgements_where_asked = {
            code: of_country
            for code, of_country in judgements_by_country.items()
            if name not in unasked_by_country.get(code, ())
        }
        usual = {
            attribute: _find_most_common(name, attribute, facts_by_country, judgements_where_asked)
            for attribute in (*DECISIVE, *CAUTIONS)
        }
        rows += [
            _format_ledger_row(
                name, code, facts_by_country[code], judgements_where_asked[code], usual, data_kind
            )
            if code in judgements_where_asked
            else _format_unasked_row(name, code, facts_by_country[code], data_kind)
            for code in judgements_by_country
        ]
    return in_shape(pd.DataFrame(rows), restricted_contract("comparison/comparability"))


def select_comparable(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``rows`` (with ``country`` and ``indicator``) that can be compared.

    Raises:
        StudyError: a country and indicator that the ledger does not have.
    """
    verdicts = dict(
        zip(
            zip(ledger["country"], ledger["indicator"], strict=True),
            ledger["comparable"],
            strict=True,
        )
    )
    keys = list(zip(rows["country"], rows["indicator"], strict=True))
    unknown = [key for key in keys if key not in verdicts]
    if unknown:
        raise StudyError(
            "comparability ledger",
            f"it has no row for {' and '.join(unknown[0])}",
            "Make the ledger for all that is compared",
        )
    return rows[np.array([verdicts[key] == "yes" for key in keys], dtype=bool)]


def select_judgements(
    country: str, indicator: str, judgements: Sequence[Judgement]
) -> dict[str, Judgement]:
    """Return the judgement on each attribute; one on this indicator before one on all."""
    of_country = [judgement for judgement in judgements if judgement.country == country]
    general = {
        judgement.attribute: judgement
        for judgement in of_country
        if judgement.indicator == EVERY_INDICATOR
    }
    return general | {
        judgement.attribute: judgement
        for judgement in of_country
        if judgement.indicator == indicator
    }


def describe_survey(
    country: Country,
    codebook: Codebook,
    indicator: str,
    rates: Mapping[str, float | None] | None,
    judgements: Mapping[str, Judgement],
    unasked: Collection[str],
) -> dict[str, str]:
    """Return :data:`FACTS` of one survey and indicator, judgements before what is known."""
    definition = codebook.indicator(indicator)
    rate = (rates or {}).get(RESPONSE_RATE)
    known_facts = {
        "wave": country.wave,
        "definition": _describe_definition(codebook, indicator, unasked),
        "recall": definition.recall,
        "age_range": country.age_range,
        "mode": country.mode,
        "response_rate": None if rate is None else f"{rate:.3f}",
        "coverage": None if country.coverage is None else f"{country.coverage:g}",
        "fieldwork": country.fieldwork,
    }
    judged_values = {
        attribute: judgement.value for attribute, judgement in judgements.items() if judgement.value
    }
    return {name: judged_values.get(name) or known_facts[name] or NOT_AVAILABLE for name in FACTS}


def _describe_definition(codebook: Codebook, indicator: str, unasked: Collection[str]) -> str:
    """Return an indicator's label; of a composite without all parts, which ones it lacks."""
    definition = codebook.indicator(indicator)
    missing_labels = [
        codebook.indicator(component).label
        for component in definition.any_of
        if component in unasked
    ]
    return "; ".join([definition.label, *(f"without '{label}'" for label in missing_labels)])


def _format_unasked_row(
    indicator: str, country: str, survey_facts: Mapping[str, str], data_kind: str
) -> dict[str, str]:
    return {
        "indicator": indicator,
        "country": country,
        **survey_facts,
        "definition": NOT_ASKED,
        "recall": NOT_ASKED,
        "comparable": "no",
        "reason": UNASKED_REASON,
        "source": "",
        "data_kind": data_kind,
    }


def _find_most_common(
    indicator: str,
    attribute: str,
    facts_by_country: Mapping[str, Mapping[str, str]],
    judgements_where_asked: Mapping[str, Mapping[str, Judgement]],
) -> str | None:
    """Return the value that most countries have, of those on which no line decides."""
    voters = [
        code
        for code, of_country in judgements_where_asked.items()
        if attribute not in of_country
        and all(judgement.comparable for judgement in of_country.values())
    ]
    votes = Counter(
        facts_by_country[code][attribute]
        for code in voters
        if facts_by_country[code][attribute] != NOT_AVAILABLE
    )
    ranked = votes.most_common()
    if not ranked:
        return None
    if attribute in DECISIVE and len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        values = " and ".join(f"'{value}'" for value, count in ranked if count == ranked[0][1])
        raise StudyError(
            f"comparability of '{indicator}'",
            f"as many countries have the {spell_attribute(attribute)} {values}",
            f"Add a line on '{attribute}' to the comparability file for the countries that differ",
        )
    return ranked[0][0]


def _format_ledger_row(
    indicator: str,
    country: str,
    survey_facts: Mapping[str, str],
    judgements: Mapping[str, Judgement],
    usual: Mapping[str, str | None],
    data_kind: str,
) -> dict[str, str]:
    differing = [
        attribute
        for attribute, common in usual.items()
        if attribute not in judgements
        and common is not None
        and survey_facts[attribute] not in (common, NOT_AVAILABLE)
    ]
    refused = [
        judgement.description for judgement in judgements.values() if not judgement.comparable
    ]
    accepted = [judgement.description for judgement in judgements.values() if judgement.comparable]
    differences = [
        f"{spell_attribute(name)}: {survey_facts[name]}, elsewhere {usual[name]}"
        for name in differing
    ]
    missing = [spell_attribute(name) for name in FACTS if survey_facts[name] == NOT_AVAILABLE]
    unknown = [f"{NOT_AVAILABLE}: {', '.join(missing)}"] if missing else []
    is_incomparable = bool(refused) or any(name in DECISIVE for name in differing)
    return {
        "indicator": indicator,
        "country": country,
        **survey_facts,
        "comparable": "no" if is_incomparable else "yes",
        "reason": "; ".join([*refused, *differences, *accepted, *unknown]),
        "source": "; ".join(
            dict.fromkeys(judgement.source for judgement in judgements.values() if judgement.source)
        ),
        "data_kind": data_kind,
    }
