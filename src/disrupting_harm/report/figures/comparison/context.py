"""One indicator in all countries: the data from which every figure of the comparison is drawn."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import (
    ADDRESS,
    COMPARE,
    address_part,
    row_count,
    with_address_of,
)
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext, join_sentences
from disrupting_harm.report.figures.drawing.figure_record import Undrawn
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.estimate_chart import (
    WITHOUT_NUMBER,
    build_hidden_row,
    respondent_counts,
)
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import in_order, in_percent, interval
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED

NOT_AVAILABLE = "not available"  # what the ledger writes where the study says nothing
MINUS = "\u2212"


@dataclass(frozen=True)
class Drawing:
    """A figure that was drawn, with its texts and the table behind it.

    Attributes:
        figure: the figure.
        frame: the texts in it.
        caption: how to read it.
        alt: what it shows, in numbers.
        alt_short: the first of that.
        data: the table behind it.
        undrawn: the addresses of its rows that the figure leaves out.
    """

    figure: Figure
    frame: Frame
    caption: str
    alt: str
    alt_short: str
    data: pd.DataFrame
    undrawn: Undrawn = field(default_factory=dict)


@dataclass(frozen=True)
class NotDrawn:
    """Why a figure was not drawn."""

    reason: str


@dataclass(frozen=True)
class IndicatorComparison:
    """One indicator in all countries.

    Attributes:
        indicator: the indicator.
        tables: rows of this indicator in each public table that the study has.
        names: the countries' names as printed, by code.
        regions: the countries' regions in English, by code; empty where there are none.
        apart: incomparable countries that asked it.
        setting: language and what all texts need.
        in_text: the names that a sentence has otherwise, by code.
        cells: column and row of their tiles on the map of their region, for those that have one.
        who: of whom the estimates speak; empty: of the whole population.
    """

    indicator: Indicator
    tables: Mapping[str, pd.DataFrame]
    names: Mapping[str, str]
    regions: Mapping[str, str]
    apart: frozenset[str]
    setting: FigureContext
    in_text: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    who: str = ""

    @property
    def translator(self) -> Translator[str]:
        """The language."""
        return self.setting.translator

    @property
    def prevalence(self) -> pd.DataFrame:
        """The indicator's rows of the table of prevalence."""
        return self.tables["prevalence"]

    def table(self, name: str) -> pd.DataFrame | None:
        """Return the indicator's rows of a table; None where there are none."""
        found = self.tables.get(name)
        return None if found is None or found.empty else found

    def missing(self) -> NotDrawn:
        """Return the reason why a figure whose table has no row is not drawn."""
        return NotDrawn(
            self.translator("The comparison has no numbers of this kind for this indicator.")
        )

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The prevalence rows that are shown and comparable."""
        table = self.prevalence
        return table[~table["status"].isin(WITHOUT_NUMBER) & ~table["country"].isin(self.apart)]

    @cached_property
    def hidden(self) -> dict[str, str]:
        """The sign of each comparable country whose estimate is not shown."""
        table = self.prevalence
        own = table[table["status"].isin(HIDDEN_STATUSES) & ~table["country"].isin(self.apart)]
        return dict(zip(own["country"], own["shown"], strict=True))

    @cached_property
    def unasked(self) -> tuple[str, ...]:
        """The countries whose survey did not ask it: nothing is hidden there."""
        table = self.prevalence
        return tuple(table.loc[table["status"] == NOT_ASKED, "country"])

    def bound(self, country: str) -> tuple[str, float] | None:
        """Return the sign and the per cents of a hidden country's printed bound, if it has one."""
        own = self.prevalence[self.prevalence["country"] == country]
        low, high = float(own["bound_low"].iloc[0]), float(own["bound_high"].iloc[0])
        if math.isnan(high):
            return None
        return ("<", 100 * high) if high < 1 else (">", 100 * low)

    def signed(self, countries: Iterable[str]) -> str:
        """Return hidden countries as a list in words, each with its bound where one is printed."""
        named = [
            f"{self.inside(code)} ({self._sign(code)})" if self.bound(code) else self.inside(code)
            for code in self.alphabetical(countries)
        ]
        return self.translator.enumeration(named)

    def _sign(self, country: str) -> str:
        """Return what is printed in place of a hidden country's estimate."""
        where = dict(zip(self.prevalence["country"], self.prevalence[ADDRESS], strict=True))
        return build_hidden_row(
            "", self.hidden[country], self.translator, where[country]
        ).printed_text

    def count(self, value: int, table: str, *conditions: str) -> str:
        """Return a number of the indicator's rows of a table that meet conditions, as printed."""
        rows = "/".join(
            (COMPARE, table, f"indicator:{address_part(self.indicator.id)}", *conditions)
        )
        return self.translator.number(row_count(value, rows))

    def alphabetical(self, countries: Iterable[str]) -> list[str]:
        """Return the countries by their printed names."""
        return sorted(set(countries), key=lambda code: (by_letters(self.name(code)), code))

    def name(self, country: str) -> str:
        """Return a country's name as printed."""
        return self.names.get(country, country)

    def inside(self, country: str) -> str:
        """Return a country's name inside a sentence."""
        return self.in_text.get(country) or self.name(country)

    def listed(self, countries: Iterable[str]) -> str:
        """Return the countries' names as a list in words, in alphabetical order."""
        return self.translator.enumeration(
            [self.inside(code) for code in self.alphabetical(countries)]
        )

    def grouped(self, countries: Iterable[str]) -> dict[str, list[str]]:
        """Return the countries by region, in the order given; one group without a name if none."""
        groups: dict[str, list[str]] = {}
        for country in countries:
            groups.setdefault(self.regions.get(country, ""), []).append(country)
        return dict(sorted(groups.items()))

    def share(self, share: PercentInterval) -> tuple[str, str]:
        """Return a share with the sign, and its limits in brackets."""
        return in_percent(self.translator, share), interval(self.translator, share)

    def percent(self, share: PercentInterval) -> str:
        """Return a share without the sign, as in sentences."""
        return self.translator.of_100(share.estimate, share.some)

    def limits(self, share: PercentInterval) -> tuple[str, str]:
        """Return the limits of a share without the sign, as in sentences."""
        return (
            self.translator.of_100(share.low, share.some),
            self.translator.of_100(share.high, share.some),
        )

    def span(self, shares: Iterable[PercentInterval]) -> str:
        """Return shares as ``lowest to highest`` in per cent; as one where they print alike."""
        ordered = in_order(shares)
        texts = [self.percent(share) for share in (ordered[0], ordered[-1])]
        if strip_addresses(texts[0]) == strip_addresses(texts[1]):
            return texts[0]
        return self.translator("{low} to {high}", low=texts[0], high=texts[1])

    def points(self, points: int) -> str:
        """Return a difference in whole percentage points with its sign."""
        sign = "" if not points else MINUS if points < 0 else "+"
        return f"{sign}{self.translator.number(with_address_of(abs(points), points))}"


def by_country(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of a table as named tuples, by country."""
    return {str(row.country): row for row in table.itertuples()}


def frame(
    comparison: IndicatorComparison,
    topic: str,
    subtitle: str,
    notes: Sequence[str] = (),
    *,
    of_groups: bool = False,
) -> Frame:
    """Return the texts round a chart of the comparison.

    Args:
        comparison: the indicator.
        topic: the title.
        subtitle: of whom, by what, when, in which unit.
        notes: what marks mean, and who is not drawn.
        of_groups: whether it compares groups, of which the comparison does not tell how many
            answered; those of whole countries would be read as theirs.
    """
    said = [*notes, *_fieldwork(comparison)]
    answered = [] if of_groups else respondent_counts(comparison.shown)
    return alt_text.build_frame(comparison.setting, topic, subtitle, answered, said)


def share(comparison: IndicatorComparison) -> str:
    """Return the subtitle of a chart of estimates."""
    return alt_text.describe_share(comparison.setting, comparison.indicator.recall, comparison.who)


def population(comparison: IndicatorComparison) -> str:
    """Return of whom the estimates speak."""
    return comparison.who or comparison.translator.of_study(comparison.setting.population)


def alternative(
    comparison: IndicatorComparison, opening: str, findings: Sequence[str], main: Sequence[str] = ()
) -> tuple[str, str]:
    """Return an alternative text and a short one: what kind of picture it is, what it shows.

    Args:
        comparison: the indicator.
        opening: what kind of picture it is.
        findings: what it shows.
        main: the one of them that a short text gives, where that is not the first.
    """
    whole = join_sentences([opening, *findings, comparison.setting.stamp])
    return whole, alt_text.join_short_text(comparison.setting, opening, [*main, *findings][:1])


def _fieldwork(comparison: IndicatorComparison) -> list[str]:
    ledger = comparison.table("comparability")
    known = set() if ledger is None else set(ledger["fieldwork"].str.strip())
    periods = sorted(known - {"", NOT_AVAILABLE})
    if not periods:
        return []
    return [
        comparison.translator(
            "Fieldwork: {periods}.", periods=comparison.translator.enumeration(periods)
        )
    ]
