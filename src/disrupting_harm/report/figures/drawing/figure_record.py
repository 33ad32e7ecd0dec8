"""One entry of ``figures.json``: what documents know of a figure without drawing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from disrupting_harm.report.figures.drawing.widths import TEXT
from disrupting_harm.report.language.addressed_text import AddressedNumber

# Why a row of a figure's data is not drawn: the figure shows counts of other kinds, or all of which
# it is a part; so few gave the answer that they could be recognised; nobody counted a part of what
# was reported; the figure has room for other pairs of groups; a slope needs both denominators.
UndrawnReason = Literal["other_counts", "too_few", "no_count", "other_pairs", "one_denominator"]
# The addresses of such rows.
Undrawn = Mapping[UndrawnReason, Sequence[str]]


@dataclass(frozen=True)
class FigureRecord:
    """One entry of ``figures.json``; ``files`` is empty where ``absent`` says why none is drawn.

    ``title``, ``subtitle`` and ``source`` stand in the figure itself; ``alt`` gives its finding in
    numbers, ``alt_short`` in a few sentences. ``simulated`` are the words in it that mark data
    as simulated, wholly or in part; empty where none are.
    """

    id: str
    kind: str
    module: str
    indicator: str
    title: str
    caption: str
    alt: str
    alt_short: str = ""
    subtitle: str = ""
    source: str = ""
    simulated: str = ""
    # The width in which it is drawn (:mod:`.widths`).
    cut: str = TEXT.name
    files: tuple[str, ...] = ()
    # An SVG of the same marks for a telephone, where the figure is wide.
    phone: str = ""
    csv: str = ""
    absent: str = ""
    # Of a translated figure: its texts that stand in English.
    untranslated: tuple[str, ...] = ()
    # The numbers of each text that has some, in reading order.
    numbers: Mapping[str, tuple[AddressedNumber, ...]] = field(default_factory=dict)
    # The rows of its data that it leaves out; of all others it has a mark.
    undrawn: Undrawn = field(default_factory=dict)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of the numbers in its alternative text, in reading order."""
        return tuple(number.address for number in self.numbers.get("alt", ()))
