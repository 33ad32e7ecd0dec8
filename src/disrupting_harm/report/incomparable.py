"""Why a country cannot be compared with the others, for its own report.

The ledger depends on the countries file, the codebook and the study's judgements. It is made here
from these alone, without what the answers show, so that the report of one country does not wait for
the data of all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.comparison.ledger import NOT_AVAILABLE, ledger
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import UNASKED_REASON


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
    rows = ledger(countries, codebook, headline, {}, judgements, "")
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


def reason_said(words: Words, reason: str) -> str:
    """Return a ledger's reason in the reader's language.

    The ledger joins what the study's judgements say; catalogues hold each judgement by itself, and
    one may have a semicolon of its own.
    """
    whole = words.plain(reason) != reason
    parts = [reason] if whole else reason.split("; ")
    return "; ".join(words.of_study(part) for part in parts)
