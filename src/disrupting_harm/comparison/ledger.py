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
    words,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON
from disrupting_harm.tables.comparison_contracts import COMPARABILITY
from disrupting_harm.tables.rules import in_shape

FACTS = (
    "wave", "definition", "recall", "age_range", "mode", "response_rate", "coverage", "fieldwork",
)  # fmt: skip
NOT_AVAILABLE = "not available"
NOT_ASKED = "not asked"
# The strictest of AAPOR's rates: it never flatters.
RESPONSE_RATE = "rr1"


def ledger(
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
        indicators: which to compare.
        response_rates: the AAPOR rates of each country's ``quality.json``, None where unknown.
        judgements: from ``judgements.read_comparability``; other countries' have no effect.
        data_kind: ``simulated`` or ``observed``.
        unasked: by country, the indicators that its survey did not ask.

    Returns:
        The columns of :data:`COMPARABILITY`, all text: ``comparable`` is ``yes`` or ``no``;
        ``reason`` says why not, and names cautions and facts that are not available; ``source`` is
        that of the study's judgements.

    Raises:
        StudyError: no value of a definition, a recall period or an age range is the most common.
    """
    absent, rows = unasked or {}, []
    for name in indicators:
        every = {code: lines_of(code, name, judgements) for code in sorted(countries)}
        facts = {
            code: facts_of(
                countries[code],
                codebook,
                name,
                response_rates.get(code),
                lines,
                absent.get(code, ()),
            )
            for code, lines in every.items()
        }
        own = {code: lines for code, lines in every.items() if name not in absent.get(code, ())}
        usual = {
            attribute: _most_common(name, attribute, facts, own)
            for attribute in (*DECISIVE, *CAUTIONS)
        }
        rows += [
            _row(name, code, facts[code], own[code], usual, data_kind)
            if code in own
            else _unasked_row(name, code, facts[code], data_kind)
            for code in every
        ]
    return in_shape(pd.DataFrame(rows), COMPARABILITY)


def comparable(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
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


def lines_of(country: str, indicator: str, judgements: Sequence[Judgement]) -> dict[str, Judgement]:
    """Return the judgement on each attribute; one on this indicator before one on all."""
    of_country = [line for line in judgements if line.country == country]
    general = {line.attribute: line for line in of_country if line.indicator == EVERY_INDICATOR}
    return general | {line.attribute: line for line in of_country if line.indicator == indicator}


def facts_of(
    country: Country,
    codebook: Codebook,
    indicator: str,
    rates: Mapping[str, float | None] | None,
    lines: Mapping[str, Judgement],
    absent: Collection[str],
) -> dict[str, str]:
    """Return :data:`FACTS` of one survey and indicator, judgements before what is known."""
    definition = codebook.indicator(indicator)
    rate = (rates or {}).get(RESPONSE_RATE)
    known = {
        "wave": country.wave,
        "definition": _made_of(codebook, indicator, absent),
        "recall": definition.recall,
        "age_range": country.age_range,
        "mode": country.mode,
        "response_rate": None if rate is None else f"{rate:.3f}",
        "coverage": None if country.coverage is None else f"{country.coverage:g}",
        "fieldwork": country.fieldwork,
    }
    told = {attribute: line.value for attribute, line in lines.items() if line.value}
    return {name: told.get(name) or known[name] or NOT_AVAILABLE for name in FACTS}


def _made_of(codebook: Codebook, indicator: str, absent: Collection[str]) -> str:
    """Return an indicator's label; of a composite without all parts, which ones it lacks."""
    definition = codebook.indicator(indicator)
    lacking = [codebook.indicator(part).label for part in definition.any_of if part in absent]
    return "; ".join([definition.label, *(f"without '{label}'" for label in lacking)])


def _unasked_row(
    indicator: str, country: str, facts: Mapping[str, str], data_kind: str
) -> dict[str, str]:
    return {
        "indicator": indicator,
        "country": country,
        **facts,
        "definition": NOT_ASKED,
        "recall": NOT_ASKED,
        "comparable": "no",
        "reason": UNASKED_REASON,
        "source": "",
        "data_kind": data_kind,
    }


def _most_common(
    indicator: str,
    attribute: str,
    facts: Mapping[str, Mapping[str, str]],
    own: Mapping[str, Mapping[str, Judgement]],
) -> str | None:
    """Return the value that most countries have, of those on which no line decides."""
    voters = [
        code
        for code, lines in own.items()
        if attribute not in lines and all(line.comparable for line in lines.values())
    ]
    votes = Counter(
        facts[code][attribute] for code in voters if facts[code][attribute] != NOT_AVAILABLE
    )
    ranked = votes.most_common()
    if not ranked:
        return None
    if attribute in DECISIVE and len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        values = " and ".join(f"'{value}'" for value, count in ranked if count == ranked[0][1])
        raise StudyError(
            f"comparability of '{indicator}'",
            f"as many countries have the {words(attribute)} {values}",
            f"Add a line on '{attribute}' to the comparability file for the countries that differ",
        )
    return ranked[0][0]


def _row(
    indicator: str,
    country: str,
    facts: Mapping[str, str],
    lines: Mapping[str, Judgement],
    usual: Mapping[str, str | None],
    data_kind: str,
) -> dict[str, str]:
    differs = [
        attribute
        for attribute, common in usual.items()
        if attribute not in lines
        and common is not None
        and facts[attribute] not in (common, NOT_AVAILABLE)
    ]
    refused = [line.text for line in lines.values() if not line.comparable]
    accepted = [line.text for line in lines.values() if line.comparable]
    differences = [f"{words(name)}: {facts[name]}, elsewhere {usual[name]}" for name in differs]
    missing = [words(name) for name in FACTS if facts[name] == NOT_AVAILABLE]
    unknown = [f"{NOT_AVAILABLE}: {', '.join(missing)}"] if missing else []
    apart = bool(refused) or any(name in DECISIVE for name in differs)
    return {
        "indicator": indicator,
        "country": country,
        **facts,
        "comparable": "no" if apart else "yes",
        "reason": "; ".join([*refused, *differences, *accepted, *unknown]),
        "source": "; ".join(dict.fromkeys(line.source for line in lines.values() if line.source)),
        "data_kind": data_kind,
    }
