"""Check claims about order: "highest" and "lowest" are allowed only where the data support them.

A point estimate above all others is no reason to call a country the highest: with intervals as
wide as those of this kind of survey, the true order is mostly another. The words are allowed for
one country alone in its simultaneous rank set, and for nobody else.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.comparison.ledger import NOT_AVAILABLE, comparability_ledger
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.markdown import attribute, escape
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON

# The method and scope of the rank sets that decide.
METHOD, SCOPE = "mogstad_step_down", "simultaneous"
HIGHEST, LOWEST = "highest", "lowest"
_FLAGS = {HIGHEST: "may_be_highest", LOWEST: "may_be_lowest"}
# "May have the highest share" is no claim: it is what a rank set says. Texts in other languages are
# translations of English ones, which are held to the English words as well; what they may not say
# stands in their file ``language.yml``.
_ENGLISH = (
    r"(?<!may be )(?<!may be the )(?<!may have the )"
    r"\b(?:highest|lowest|top[- ]ranked|bottom[- ]ranked|ranks? (?:first|last))\b"
)
UNFOUNDED = "it speaks of the highest or lowest, but more than one country may be it"
SAY_INSTEAD = "Say what the rank sets say, or let the report write the sentence"
_SENTENCE_END = re.compile(r"(?<=[.!?។])\s+|\n+")


def sole_extremes(rank_sets: Iterable[Mapping[str, str]], indicator: str) -> dict[str, str]:
    """Return the country that alone may be highest, and the one that alone may be lowest.

    Args:
        rank_sets: rows of ``comparison/rank_sets.csv``.
        indicator: of which.

    Returns:
        A country code under ``highest`` and ``lowest``, each only where the set of countries that
        may be so holds one country, of two or more compared.
    """
    rows = [
        row
        for row in rank_sets
        if (row["indicator"], row["method"], row["scope"]) == (indicator, METHOD, SCOPE)
    ]
    found = {}
    for word, flag in _FLAGS.items():
        possible = [row["country"] for row in rows if row[flag] == "True"]
        if len(possible) == 1 and len(rows) > 1:
            found[word] = possible[0]
    return found


def unfounded_claims(
    text: str, founded: Collection[str] = (), superlatives: str = _ENGLISH
) -> list[str]:
    """Return the sentences that speak of the highest or lowest without standing in ``founded``.

    Args:
        text: the document, without labels of the codebook.
        founded: sentences that rank sets of one country bear.
        superlatives: pattern of the words that claim an order in the document's language, by
            default English; where it is empty nothing is searched.
    """
    if not superlatives:
        return []
    words = re.compile(superlatives, re.IGNORECASE)
    claims = (sentence.strip().lstrip("-* ") for sentence in _SENTENCE_END.split(text))
    return [claim for claim in claims if words.search(claim) and claim not in founded]


def refuse_unfounded(
    text: str, founded: Collection[str], where: str, superlatives: str = _ENGLISH
) -> None:
    """Stop where a sentence speaks of the highest or lowest without standing in ``founded``.

    Args:
        text, founded, superlatives: as of :func:`unfounded_claims`.
        where: name of the document for the error.

    Raises:
        StudyError: with the first such sentence.
    """
    for claim in unfounded_claims(text, founded, superlatives):
        raise StudyError(f"{where}, sentence '{claim}'", UNFOUNDED, SAY_INSTEAD)


def without_labels(text: str, codebook: Codebook, translator: Translator[str]) -> str:
    """Return ``text`` without the codebook's own words, such as "Lowest third", as translated."""
    own: set[str] = set()
    for item in codebook.items:
        own |= {item.question, *item.value_labels.values()}
    for domain in codebook.domains:
        own |= {domain.label, *domain.levels_label.values()}
    own |= {module.label for module in codebook.modules}
    for indicator in codebook.indicators:
        own |= {indicator.label, indicator.figure_label, indicator.note, indicator.base}
    translated = {translator.plain(each) for each in own}
    # As they stand in a document: with their signs escaped, in attributes as references.
    written = translated | {escape(each) for each in translated}
    written |= {attribute(each)[1:-1] for each in translated}
    for label in sorted(written, key=len, reverse=True):
        text = text.replace(label, "")
    return text


# Why a country cannot be compared with the others, for its own report.
#
# The ledger depends on the countries file, the codebook and the study's judgements. It is made here
# from these alone, without what the answers show, so that the report of one country does not wait
# for the data of all others.


@dataclass(frozen=True)
class Incomparable:
    """One reason, its source (may be empty), and the indicators; none where it holds for all."""

    reason: str
    source: str
    indicators: tuple[str, ...]


def reasons_incomparable(
    country: str,
    countries: Mapping[str, Country],
    codebook: Codebook,
    judgements: Sequence[Judgement],
) -> list[Incomparable]:
    """Return why the headline indicators of ``country`` stand apart; empty if they do not."""
    headline = codebook.headlines()
    if len(countries) < 2:
        return []
    rows = comparability_ledger(countries, codebook, headline, {}, judgements, "")
    own = rows[(rows["country"] == country) & (rows["comparable"] == "no")]
    found: dict[tuple[str, str], list[str]] = {}
    for row in own.itertuples():
        found.setdefault((decisive(str(row.reason)), str(row.source)), []).append(
            str(row.indicator)
        )
    return [
        Incomparable(reason, source, () if len(names) == len(headline) else tuple(names))
        for (reason, source), names in found.items()
    ]


def is_set_apart(row: Mapping[str, str]) -> bool:
    """Return whether a row of the ledger sets a survey apart.

    One that did not ask is not comparable on this question either; it has no number that anyone
    could compare, and nothing is wrong with its other numbers.
    """
    return row["comparable"] != "yes" and decisive(row["reason"]) != UNASKED_REASON


def decisive(reason: str) -> str:
    """Return a ledger's reason without the facts that are only not available."""
    parts = [part for part in reason.split("; ") if not part.startswith(NOT_AVAILABLE)]
    return "; ".join(parts)


def reason_said(translator: Translator[str], reason: str) -> str:
    """Return a ledger's reason in the reader's language.

    The ledger joins what the study's judgements say; catalogues hold each judgement by itself, and
    one may have a semicolon of its own.
    """
    whole = translator.plain(reason) != reason
    parts = [reason] if whole else reason.split("; ")
    return "; ".join(translator.of_study(part) for part in parts)
