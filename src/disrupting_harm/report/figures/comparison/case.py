"""One indicator in all countries: the data from which every figure of the comparison is drawn."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import Setting, join
from disrupting_harm.report.figures.cells import WITHOUT_NUMBER
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Indicator
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED

NOT_AVAILABLE = "not available"  # what the ledger writes where the study says nothing
MINUS = "\u2212"


@dataclass(frozen=True)
class Picture:
    """A figure that was drawn, with its texts and the table behind it."""

    figure: Figure
    caption: str
    alt: str
    data: pd.DataFrame


@dataclass(frozen=True)
class Absent:
    """Why a figure was not drawn."""

    reason: str


@dataclass(frozen=True)
class Case:
    """One indicator in all countries.

    Attributes:
        indicator: the indicator.
        tables: rows of this indicator in each public table that the study has.
        names: the countries' names as printed, by code.
        regions: the countries' regions in English, by code; empty where there are none.
        apart: incomparable countries that asked it, each with the reason as printed.
        setting: language and what all texts need.
        in_text: the names that a sentence has otherwise, by code.
        cells: column and row of their tiles on the map of their region, for those that have one.
        who: of whom the estimates speak; empty: of the whole population.
    """

    indicator: Indicator
    tables: Mapping[str, pd.DataFrame]
    names: Mapping[str, str]
    regions: Mapping[str, str]
    apart: Mapping[str, str]
    setting: Setting
    in_text: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    who: str = ""

    @property
    def words(self) -> Words:
        """The language."""
        return self.setting.words

    @property
    def prevalence(self) -> pd.DataFrame:
        """The indicator's rows of the table of prevalence."""
        return self.tables["prevalence"]

    def table(self, name: str) -> pd.DataFrame | None:
        """Return the indicator's rows of a table; None where there are none."""
        found = self.tables.get(name)
        return None if found is None or found.empty else found

    def missing(self) -> Absent:
        """Return the reason why a figure whose table has no row is not drawn."""
        return Absent(self.words("The comparison has no numbers of this kind for this indicator."))

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
        """Return hidden countries as a list in words, each with what is printed in its place."""
        named = [
            f"{self.inside(code)} ({self.hidden[code]})" for code in self.alphabetical(countries)
        ]
        return self.words.enumeration(named)

    @cached_property
    def _decimals(self) -> dict[str, int]:
        table = self.prevalence[~self.prevalence["status"].isin(WITHOUT_NUMBER)]
        return {
            code: len(text.partition(".")[2])
            for code, text in zip(table["country"], table["shown"], strict=True)
        }

    def digits(self, countries: Iterable[str] | None = None) -> int:
        """Return the decimals that per cents of these countries, or of any, are printed with."""
        known = self._decimals
        codes = known if countries is None else countries
        return max((known[code] for code in codes if code in known), default=1)

    def alphabetical(self, countries: Iterable[str]) -> list[str]:
        """Return the countries by their printed names."""
        return sorted(set(countries), key=lambda code: (self.name(code).casefold(), code))

    def name(self, country: str) -> str:
        """Return a country's name as printed."""
        return self.names.get(country, country)

    def inside(self, country: str) -> str:
        """Return a country's name inside a sentence."""
        return self.in_text.get(country) or self.name(country)

    def listed(self, countries: Iterable[str]) -> str:
        """Return the countries' names as a list in words, in alphabetical order."""
        return self.words.enumeration([self.inside(code) for code in self.alphabetical(countries)])

    def grouped(self, countries: Iterable[str]) -> dict[str, list[str]]:
        """Return the countries by region, in the order given; one group without a name if none."""
        groups: dict[str, list[str]] = {}
        for country in countries:
            groups.setdefault(self.regions.get(country, ""), []).append(country)
        return dict(sorted(groups.items()))

    def percent(self, value: float, digits: int) -> str:
        """Return a proportion as printed per cent."""
        return self.words.percent(value, digits)

    def interval(self, low: float, high: float, digits: int) -> str:
        """Return limits as printed per cents in brackets."""
        return f"({self.percent(low, digits)}–{self.percent(high, digits)})"

    def span(self, low: float, high: float, digits: int) -> str:
        """Return two proportions as ``low to high`` in per cent; as one where they print alike."""
        texts = [self.percent(value, digits) for value in (low, high)]
        if texts[0] == texts[1]:
            return texts[0]
        return self.words("{low} to {high}", low=texts[0], high=texts[1])

    def points(self, difference: float, digits: int) -> str:
        """Return a difference in percentage points with its sign."""
        text = self.words.percent(abs(difference), digits)
        if not float(f"{100 * difference:.{digits}f}"):
            return text
        return f"{MINUS if difference < 0 else '+'}{text}"


def nothing_shown(case: Case) -> Absent:
    """Return the reason why a figure of estimates that needs a comparable one is not drawn."""
    if (case.prevalence["status"] == NOT_ASKED).all():
        return Absent(case.words("The survey did not ask what this figure would show."))
    if case.prevalence["status"].isin(WITHOUT_NUMBER).all():
        return Absent(case.words("No estimate of this figure can be published."))
    return Absent(case.words("No published estimate can be compared."))


def by_country(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of a table as named tuples, by country."""
    return {str(row.country): row for row in table.itertuples()}


def not_drawn(case: Case, drawn: Iterable[str]) -> list[str]:
    """Return sentences that name the countries without a place in a figure, and why."""
    return [*hidden_sentence(case, drawn), *apart_sentence(case), *unasked_sentence(case)]


def hidden_sentence(case: Case, present: Iterable[str] = ()) -> list[str]:
    """Return the sentence that names comparable countries without a published estimate."""
    left = case.alphabetical(set(case.hidden) - set(present))
    bounded = [code for code in left if case.bound(code)]
    unknown = [code for code in left if not case.bound(code)]
    sentences = []
    if bounded:
        sentences.append(
            case.words("Only a bound is printed: {countries}.", countries=case.signed(bounded))
        )
    if unknown:
        sentences.append(case.words("Not shown: {countries}.", countries=case.signed(unknown)))
    return sentences


def left_out_sentence(case: Case, means: Iterable[float]) -> list[str]:
    """Return the sentence that names the comparable countries which no average holds.

    Which way a mean would go with them is known only where their bounds lie beyond all means.

    Args:
        case: the indicator in all countries.
        means: the means of the countries shown, as proportions.
    """
    if not case.hidden:
        return []
    percents = [100 * mean for mean in means]
    bounds = [case.bound(code) or ("", 0.0) for code in case.hidden]
    one = len(case.hidden) == 1
    lower = case.words(
        "With it a mean would be lower." if one else "With them a mean would be lower."
    )
    higher = case.words(
        "With it a mean would be higher." if one else "With them a mean would be higher."
    )
    tail = ""
    if percents and all(sign == "<" and limit <= min(percents) for sign, limit in bounds):
        tail = lower
    if percents and all(sign == ">" and limit >= max(percents) for sign, limit in bounds):
        tail = higher
    named = case.signed(case.hidden)
    return [join([case.words("In no average: {countries}.", countries=named), tail])]


def unasked_sentence(case: Case) -> list[str]:
    """Return the sentence that names the countries whose survey did not ask it, if any."""
    if not case.unasked:
        return []
    return [case.words("Not asked in: {countries}.", countries=case.listed(case.unasked))]


def apart_sentence(case: Case, reasons: bool = False) -> list[str]:
    """Return the sentence that names the incomparable countries, if any, with ``reasons`` or not.

    The reasons can be long: a caption has them, a picture only the names.
    """
    if not case.apart:
        return []
    named = [
        f"{case.name(code)} ({case.apart[code]})"
        if reasons and case.apart[code]
        else case.name(code)
        for code in case.alphabetical(case.apart)
    ]
    return [case.words("Not comparable: {countries}.", countries=case.words.enumeration(named))]


def caption(case: Case, title: str, sentences: Sequence[str]) -> str:
    """Return a caption that stands alone: what, who, when, the figure's own sentences, who
    is not comparable and why, source."""
    return join(
        [
            case.words("{caption}.", caption=title),
            alt_text.base(case.setting, case.shown["n"].dropna(), case.who),
            alt_text.recall_period(case.words, case.indicator.recall),
            _fieldwork(case),
            *sentences,
            *apart_sentence(case, reasons=True),
            *unasked_sentence(case),
            alt_text.origin(case.setting),
        ]
    )


def lines(case: Case) -> str:
    """Return what the lines of a chart of estimates are."""
    return case.words("Lines are {level} per cent intervals.", level=case.setting.level)


def alternative(case: Case, opening: str, findings: Sequence[str]) -> str:
    """Return an alternative text: what kind of picture it is, then what it shows."""
    simulated = case.words("Simulated data.") if case.setting.simulated else ""
    return join([opening, *findings, simulated])


def _fieldwork(case: Case) -> str:
    ledger = case.table("comparability")
    known = set() if ledger is None else set(ledger["fieldwork"].str.strip())
    periods = sorted(known - {"", NOT_AVAILABLE})
    if not periods:
        return ""
    return case.words("Fieldwork: {periods}.", periods=case.words.enumeration(periods))
