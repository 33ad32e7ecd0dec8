"""Check claims about order: "highest" and "lowest" are allowed only where the data support them.

A point estimate above all others is no reason to call a country the highest: with intervals as
wide as those of this kind of survey, the true order is mostly another. The words are allowed for
one country alone in its simultaneous rank set, and for nobody else.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.comparison.judgements import Judgement, spell_attribute
from disrupting_harm.comparison.ledger import NOT_AVAILABLE, comparability_ledger
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.markdown import escape, quote_attribute
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
    r"\b(?:highest|lowest|(?:top|bottom|best|worst)[- ](?:ranked|placed)"
    r"|(?:ranks?|ranked|comes?) (?:first|last)"
    r"|(?:tops?|leads?|heads?) the (?:list|ranking|table))\b"
)
UNFOUNDED = "it speaks of the highest or lowest, but more than one country may be it"
SAY_INSTEAD = "Say what the rank sets say, or let the report write the sentence"
# How the ledger begins a reason that is about ages, and how it writes that they differ.
_AGES = f"{spell_attribute('age_range')}: "
_DIFFERING_AGES = re.compile(r"(?P<ages>[\d-]+), elsewhere (?P<others>[\d-]+)")
_SENTENCE_END = re.compile(r"(?<=[.!?។])\s+|\n+")


def find_sole_extremes(rank_sets: Iterable[Mapping[str, str]], indicator: str) -> dict[str, str]:
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
    extremes = {}
    for word, flag in _FLAGS.items():
        possible = [row["country"] for row in rows if row[flag] == "True"]
        if len(possible) == 1 and len(rows) > 1:
            extremes[word] = possible[0]
    return extremes


def find_unfounded_claims(
    document: str, founded: Collection[str] = (), superlatives: str = _ENGLISH
) -> list[str]:
    """Return the sentences that speak of the highest or lowest without standing in ``founded``.

    Args:
        document: the document, without labels of the codebook.
        founded: sentences that rank sets of one country bear.
        superlatives: pattern of the words that claim an order in the document's language, by
            default English; where it is empty nothing is searched.
    """
    if not superlatives:
        return []
    superlative_pattern = re.compile(superlatives, re.IGNORECASE)
    claims = (sentence.strip().lstrip("-* ") for sentence in _SENTENCE_END.split(document))
    return [claim for claim in claims if superlative_pattern.search(claim) and claim not in founded]


def refuse_unfounded_claims(
    document: str, founded: Collection[str], document_name: str, superlatives: str = _ENGLISH
) -> None:
    """Stop where a sentence speaks of the highest or lowest without standing in ``founded``.

    Args:
        document, founded, superlatives: as of :func:`find_unfounded_claims`.
        document_name: name of the document for the error.

    Raises:
        StudyError: with the first such sentence.
    """
    for claim in find_unfounded_claims(document, founded, superlatives):
        raise StudyError(f"{document_name}, sentence '{claim}'", UNFOUNDED, SAY_INSTEAD)


def remove_labels(document: str, codebook: Codebook, translator: Translator[str]) -> str:
    """Return a document without the codebook's own words, such as "Lowest third", translated."""
    codebook_texts: set[str] = set()
    for item in codebook.items:
        codebook_texts |= {item.question, *item.value_labels.values()}
    for domain in codebook.domains:
        codebook_texts |= {domain.label, *domain.levels_label.values()}
    codebook_texts |= {module.label for module in codebook.modules}
    for indicator in codebook.indicators:
        codebook_texts |= {indicator.label, indicator.figure_label, indicator.note, indicator.base}
    translated = {translator.translate_or_keep(codebook_text) for codebook_text in codebook_texts}
    # As they stand in a document: with their signs escaped, in attributes as references.
    forms_in_document = translated | {escape(codebook_text) for codebook_text in translated}
    forms_in_document |= {quote_attribute(codebook_text)[1:-1] for codebook_text in translated}
    for label in sorted(forms_in_document, key=len, reverse=True):
        document = document.replace(label, "")
    return document


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


def find_reasons_incomparable(
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
    incomparable_rows = rows[(rows["country"] == country) & (rows["comparable"] == "no")]
    indicators_by_reason: dict[tuple[str, str], list[str]] = {}
    for row in incomparable_rows.itertuples():
        indicators_by_reason.setdefault(
            (select_decisive_reasons(str(row.reason)), str(row.source)), []
        ).append(str(row.indicator))
    return [
        Incomparable(reason, source, () if len(indicators) == len(headline) else tuple(indicators))
        for (reason, source), indicators in indicators_by_reason.items()
    ]


def is_set_apart(row: Mapping[str, str]) -> bool:
    """Return whether a row of the ledger sets a survey apart.

    One that did not ask is not comparable on this question either; it has no number that anyone
    could compare, and nothing is wrong with its other numbers.
    """
    return row["comparable"] != "yes" and select_decisive_reasons(row["reason"]) != UNASKED_REASON


def select_decisive_reasons(reason: str) -> str:
    """Return a ledger's reason without the facts that are only not available."""
    decisive_reasons = [
        single_reason
        for single_reason in reason.split("; ")
        if not single_reason.startswith(NOT_AVAILABLE)
    ]
    return "; ".join(decisive_reasons)


def translate_reason(translator: Translator[str], reason: str) -> str:
    """Return a ledger's reason in the reader's language.

    The ledger joins what the study's judgements say; catalogues hold each judgement by itself, and
    one may have a semicolon of its own.
    """
    is_one_message = translator.translate_or_keep(reason) != reason
    single_reasons = [reason] if is_one_message else reason.split("; ")
    return "; ".join(_translate_single_reason(translator, each) for each in single_reasons)


def describe_other_ages(translator: Translator[str], reason: str, counted: str | None) -> str:
    """Return which ages a survey asked, where they are among the reasons; else nothing.

    Args:
        counted: those of whom its numbers are. They are named where the reason leaves them open.
    """
    single_reasons = reason.split("; ")
    ages = next((each for each in single_reasons if each.startswith(_AGES)), "")
    if not ages:
        return ""
    asked = translator("Ages asked: {ages}.", ages=_translate_ages(translator, ages))
    if counted is None or _DIFFERING_AGES.fullmatch(ages.removeprefix(_AGES)):
        return asked
    of_numbers = translator("All numbers of the survey here are of ages {ages}.", ages=counted)
    return f"{asked} {of_numbers}"


def _translate_single_reason(translator: Translator[str], reason: str) -> str:
    if not reason.startswith(_AGES):
        return translator.of_study(reason)
    return translator("ages asked: {ages}", ages=_translate_ages(translator, reason))


def _translate_ages(translator: Translator[str], reason: str) -> str:
    ages = reason.removeprefix(_AGES)
    if found := _DIFFERING_AGES.fullmatch(ages):
        return translator("{ages}, elsewhere {others}", **found.groupdict())
    return translator.of_study(ages)
