"""Parts that are drawn larger than their whole: what a bound leaves open, the whole does not.

Of an indicator made of several, none of its parts is more frequent than it. Yet the bar of a part's
bound ("under 5%") may be longer than the estimate of the whole, which a reader would not expect.
The note on it speaks of all that a figure draws: where the whole counts some of it, none stands.
"""

from collections.abc import Collection, Iterator, Mapping

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def wholes_exceeded(
    codebook: Codebook,
    drawn: Collection[str],
    limits: Mapping[str, float],
    estimates: Mapping[str, float],
) -> list[Indicator]:
    """Return the indicators of which a part is drawn up to more than their estimate.

    Nothing else than such an indicator and parts of it may be drawn.

    Args:
        codebook: says which indicators are made of which.
        drawn: the indicators of a figure.
        limits: upper ends of the bounds that are printed in place of estimates, by indicator.
        estimates: printed estimates of all indicators, by indicator.
    """
    return [
        whole
        for whole in codebook.indicators
        if whole.id in estimates
        and set(drawn) <= {whole.id, *_parts(codebook, whole)}
        and any(
            limits.get(part, 0.0) > estimates[whole.id] for part in whole.any_of if part in drawn
        )
    ]


def _parts(codebook: Codebook, whole: Indicator) -> Iterator[str]:
    """Return what an indicator counts: its parts, and theirs."""
    for part in whole.any_of:
        yield part
        yield from _parts(codebook, codebook.indicator(part))


def note_on_wholes(translator: Translator[str], names: Collection[str]) -> list[str]:
    """Return, for each name of such a whole, that none of its parts is more frequent than it."""
    return [
        translator("“{whole}” counts all of these: none is more frequent than it.", whole=name)
        for name in names
    ]
