"""Composite indicators whose estimate is below the drawn bound of a component.

No component of a composite is more frequent than it. Yet the bar of a component's bound ("under
5%") may be longer than the composite's estimate, which a reader would not expect: a note says so.
It speaks of all indicators of a figure, so that there is none where some are no components.
"""

from collections.abc import Collection, Iterator, Mapping

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def find_exceeded_composites(
    codebook: Codebook,
    drawn_indicators: Collection[str],
    limits: Mapping[str, float],
    estimates: Mapping[str, float],
) -> list[Indicator]:
    """Return the composites of which a component's bound is drawn up to more than their estimate.

    A composite counts only where nothing else than it and its components is drawn.

    Args:
        drawn_indicators: of one figure.
        limits: upper ends of the bounds that are printed in place of estimates, by indicator.
        estimates: those printed, by indicator, also of indicators that are not drawn.
    """
    return [
        composite
        for composite in codebook.indicators
        if composite.id in estimates
        and set(drawn_indicators) <= {composite.id, *_list_components(codebook, composite)}
        and any(
            limits.get(component, 0.0) > estimates[composite.id]
            for component in composite.any_of
            if component in drawn_indicators
        )
    ]


def _list_components(codebook: Codebook, composite: Indicator) -> Iterator[str]:
    """Yield the components of an indicator, and theirs."""
    for component in composite.any_of:
        yield component
        yield from _list_components(codebook, codebook.indicator(component))


def note_exceeded_composites(
    translator: Translator[str], composite_names: Collection[str]
) -> list[str]:
    """Return a sentence for each composite: none of its components is more frequent than it."""
    return [
        translator("“{whole}” counts all of these: none is more frequent than it.", whole=name)
        for name in composite_names
    ]
