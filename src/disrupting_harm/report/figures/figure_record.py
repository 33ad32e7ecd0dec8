"""Figures and their entries in ``figures.json``: what documents know without drawing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from disrupting_harm.report.drawing.widths import TEXT
from disrupting_harm.report.language.addressed_text import AddressedNumber

# Why a row of a figure's data is not drawn: the figure shows counts of other kinds, or all of which
# it is a part; so few gave the answer that they could be recognised; nobody counted a part of what
# was reported; the figure has room for other pairs of groups; of two shares one is unknown; the
# action is neither shared by nearly all countries nor compared with others; no source answers.
UndrawnReason = Literal[
    "other_counts",
    "too_few",
    "no_count",
    "other_pairs",
    "one_denominator",
    "other_actions",
    "no_answer",
]
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
    # The width in which it is drawn (:mod:`..drawing.widths`).
    cut: str = TEXT.name
    files: tuple[str, ...] = ()
    # An SVG of the same marks for telephones; authors get none.
    phone: str = ""
    csv: str = ""
    absent: str = ""
    # Of a translated figure: its texts that stand in English.
    untranslated: tuple[str, ...] = ()
    # Of the first figure of a folder: hashes of the English texts that its figures print.
    texts: tuple[str, ...] = ()
    # The numbers of each text that has some, in reading order.
    numbers: Mapping[str, tuple[AddressedNumber, ...]] = field(default_factory=dict)
    # The rows of its data that it leaves out; of all others it has a mark.
    undrawn: Undrawn = field(default_factory=dict)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of the numbers in its alternative text, in reading order."""
        return tuple(number.address for number in self.numbers.get("alt", ()))


@dataclass(frozen=True)
class FigureTexts:
    """The texts beside a figure.

    Attributes:
        title: what it shows and where, for who sees it outside its document.
        caption: how to read it.
        alt: its finding in numbers, for who hears it.
        alt_short: the first of that.
    """

    title: str
    caption: str
    alt: str
    alt_short: str


@dataclass(frozen=True)
class FigureIdentity:
    """What names a figure; ``module`` and ``indicator`` are empty where it is about several."""

    id: str
    kind: str
    module: str = ""
    indicator: str = ""

    def describe_absence(self, topic: str, reason: str) -> FigureRecord:
        """Return the entry of a figure that is not drawn, with the reason."""
        return FigureRecord(
            self.id, self.kind, self.module, self.indicator, topic, caption="", alt="",
            absent=reason,
        )  # fmt: skip
