"""One indicator in all countries: its public tables, and how its numbers and names are printed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import (
    ADDRESS,
    COMPARE,
    address_part,
    cell_count,
    row_count,
    with_address_of,
)
from disrupting_harm.provenance.compared_row_addresses import addresses_of_compared_rows
from disrupting_harm.report.drawing.marks import Chart
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import (
    WITHOUT_NUMBER,
    add_row_addresses,
    build_row,
    check_hidden_rows,
    percents_at,
)
from disrupting_harm.report.figures.figure_record import Undrawn
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import (
    format_interval_in_figure,
    format_whole_percent,
    sort_shares,
)
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED

NOT_AVAILABLE = "not available"  # what the ledger writes where the study says nothing
MINUS = "\u2212"


@dataclass(frozen=True)
class Drawing:
    """A declared figure with its texts.

    Attributes:
        chart: what draws it in any cut.
        subtitle: of whom, by what, when, in which unit.
        caption: how to read it.
        opening: what kind of picture it is.
        findings: what it shows, in numbers.
        notes: what marks mean, and who is not drawn.
        main_findings: the finding that a short text gives, where that is not the first.
        of_groups: whether it compares groups, of which the comparison does not tell how many
            answered; those of whole countries would be read as theirs.
        undrawn: the addresses of the rows of its data that the figure leaves out.
        topic: a title that tells what was found; empty: the plain name of the figure.
    """

    chart: Chart
    subtitle: str
    caption: str
    opening: str
    findings: Sequence[str]
    notes: Sequence[str] = ()
    main_findings: Sequence[str] = ()
    of_groups: bool = False
    undrawn: Undrawn = field(default_factory=dict)
    topic: str = ""


@dataclass(frozen=True)
class NotDrawn:
    """Why a figure was not drawn."""

    reason: str


@dataclass(frozen=True)
class IndicatorComparison:
    """One indicator in all countries.

    Attributes:
        tables: rows of this indicator in each public table that the study has.
        country_names: the countries' names as printed, by code.
        regions: the countries' regions in English, by code; empty where there are none.
        incomparable: incomparable countries that asked it.
        names_in_text: the names that a sentence has otherwise, by code.
        base: of whom the estimates speak; empty: of the whole population.
    """

    indicator: Indicator
    tables: Mapping[str, pd.DataFrame]
    country_names: Mapping[str, str]
    regions: Mapping[str, str]
    incomparable: frozenset[str]
    context: FigureContext
    names_in_text: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    @property
    def translator(self) -> Translator[str]:
        """The language."""
        return self.context.translator

    @property
    def prevalence(self) -> pd.DataFrame:
        """The indicator's rows of the table of prevalence."""
        return self.tables["prevalence"]

    def find_table(self, name: str) -> pd.DataFrame | None:
        """Return the indicator's rows of a table; None where there are none."""
        rows = self.tables.get(name)
        return None if rows is None or rows.empty else rows

    def explain_missing_table(self) -> NotDrawn:
        """Return the reason why a figure whose table has no row is not drawn."""
        return NotDrawn(
            self.translator("The comparison has no numbers of this kind for this indicator.")
        )

    @cached_property
    def published(self) -> pd.DataFrame:
        """The prevalence rows that are shown and comparable."""
        table = self.prevalence
        return table[
            ~table["status"].isin(WITHOUT_NUMBER) & ~table["country"].isin(self.incomparable)
        ]

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The comparable countries whose estimate is not shown."""
        table = self.prevalence
        hidden_countries = table.loc[table["status"].isin(HIDDEN_STATUSES), "country"]
        return frozenset(hidden_countries) - self.incomparable

    @cached_property
    def bounded(self) -> frozenset[str]:
        """Those of the hidden countries of which a bound is printed."""
        table = self.prevalence
        return self.hidden & set(table.loc[table["bound_high"].notna(), "country"])

    @cached_property
    def unasked(self) -> tuple[str, ...]:
        """The countries whose survey did not ask it: nothing is hidden there."""
        table = self.prevalence
        return tuple(table.loc[table["status"] == NOT_ASKED, "country"])

    @cached_property
    def ordered_countries(self) -> list[str]:
        """Comparable countries that asked it by name: those shown, then those hidden.

        The order of estimates would look like a ranking, which their intervals seldom bear.
        """
        published = set(self.published["country"])
        excluded = {*self.incomparable, *self.unasked}
        codes = self.sort_by_name(set(self.prevalence["country"]) - excluded)
        return sorted(codes, key=lambda code: code not in published)

    @cached_property
    def country_rows(self) -> dict[str, Row]:
        """The row of each country in a chart of estimates."""
        labels = [self.country_name(code) for code in self.prevalence["country"]]
        cells = index_by_country(self.prevalence.assign(label=labels))
        return {code: build_row(cell, self.translator) for code, cell in cells.items()}

    def build_sections(
        self, countries: Iterable[str], build_country_row: Callable[[str], Row]
    ) -> list[Section]:
        """Return a section of rows for each region, countries in the order given."""
        return [
            Section(
                self.translator.translate_or_keep(region) if region else "",
                tuple(map(build_country_row, members)),
            )
            for region, members in self.group_by_region(countries).items()
        ]

    def list_with_bounds(self, countries: Iterable[str]) -> str:
        """Return hidden countries as a list in words, each with its bound where one is printed."""
        names_with_bounds = [
            f"{self.name_in_sentence(code)} ({self.country_rows[code].printed_text})"
            if code in self.bounded
            else self.name_in_sentence(code)
            for code in self.sort_by_name(countries)
        ]
        return self.translator.enumeration(names_with_bounds)

    def format_count(self, value: int, table: str, *conditions: str) -> str:
        """Return a number of the indicator's rows of a table that meet conditions, as printed."""
        rows = "/".join(
            (COMPARE, table, f"indicator:{address_part(self.indicator.id)}", *conditions)
        )
        return self.translator.number(row_count(value, rows))

    def sort_by_name(self, countries: Iterable[str]) -> list[str]:
        """Return the countries by their printed names."""
        return sorted(
            set(countries), key=lambda code: (build_sort_key(self.country_name(code)), code)
        )

    def country_name(self, country: str) -> str:
        """Return a country's name as printed."""
        return self.country_names.get(country, country)

    def name_in_sentence(self, country: str) -> str:
        """Return a country's name inside a sentence."""
        return self.names_in_text.get(country) or self.country_name(country)

    def list_names(self, countries: Iterable[str]) -> str:
        """Return the countries' names as a list in words, in alphabetical order."""
        return self.translator.enumeration(
            [self.name_in_sentence(code) for code in self.sort_by_name(countries)]
        )

    def group_by_region(self, countries: Iterable[str]) -> dict[str, list[str]]:
        """Return the countries by region, in the order given; one group without a name if none."""
        groups: dict[str, list[str]] = {}
        for country in countries:
            groups.setdefault(self.regions.get(country, ""), []).append(country)
        return dict(sorted(groups.items()))

    def format_share(self, share: PercentInterval) -> tuple[str, str]:
        """Return a share with the sign, and its limits in brackets."""
        return format_whole_percent(self.translator, share), format_interval_in_figure(
            self.translator, share
        )

    def format_percent(self, share: PercentInterval) -> str:
        """Return a share without the sign, as in sentences."""
        return self.translator.of_100(share.estimate, share.some)

    def format_limits(self, share: PercentInterval) -> tuple[str, str]:
        """Return the limits of a share without the sign, as in sentences."""
        return (
            self.translator.of_100(share.low, share.some),
            self.translator.of_100(share.high, share.some),
        )

    def format_span(self, shares: Iterable[PercentInterval]) -> str:
        """Return shares as ``lowest to highest`` in per cent; as one where they print alike."""
        ordered = sort_shares(shares)
        texts = [self.format_percent(share) for share in (ordered[0], ordered[-1])]
        if strip_addresses(texts[0]) == strip_addresses(texts[1]):
            return texts[0]
        return self.translator("{low} to {high}", low=texts[0], high=texts[1])

    def title_span(self, subject: str) -> str:
        """Return a title with the span of the estimates; ``subject`` alone of fewer than two."""
        if len(self.published) < 2:
            return subject
        return self.translator(
            "{subject}: {span} per cent in {count} {areas}",
            subject=subject,
            span=self.format_span(percents_at(self.published)),
            count=self.translator.number(
                cell_count([f"{address}/whole" for address in self.published[ADDRESS]])
            ),
        )

    def format_points(self, points: int) -> str:
        """Return a difference in whole percentage points with its sign."""
        sign = "" if not points else MINUS if points < 0 else "+"
        return f"{sign}{self.translator.number(with_address_of(abs(points), points))}"


def build_comparisons(
    tables: Mapping[str, pd.DataFrame],
    country_names: Mapping[str, str],
    regions: Mapping[str, str | None],
    codebook: Codebook,
    context: FigureContext,
    names_in_text: Mapping[str, str],
    groups: pd.DataFrame | None = None,
) -> list[IndicatorComparison]:
    """Return each headline proportion that is compared, in the order of the codebook.

    The arguments are those of :func:`.draw_comparison.draw_comparison`.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    check_hidden_rows(tables["prevalence"], "public comparison")
    tables = {
        name: add_row_addresses(table, partial(addresses_of_compared_rows, name))
        for name, table in tables.items()
    } | ({} if groups is None else {"groups": groups})
    compared_indicators = set(tables["prevalence"]["indicator"])
    comparisons = []
    for name in codebook.headlines("proportion"):
        if name not in compared_indicators:
            continue
        rows = {
            table_name: table[table["indicator"] == name].reset_index(drop=True)
            for table_name, table in tables.items()
        }
        indicator = codebook.indicator(name)
        comparisons.append(
            IndicatorComparison(
                indicator,
                rows,
                country_names,
                {code: region for code, region in regions.items() if region},
                _find_incomparable(rows),
                context,
                names_in_text,
                describe_base(context.translator, codebook, indicator),
            )
        )
    return comparisons


def _find_incomparable(rows: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Return the countries that asked an indicator, and cannot be compared by it."""
    if "comparability" not in rows:
        return frozenset()
    ledger, national = rows["comparability"], rows["prevalence"]
    asking_countries = set(national.loc[national["status"] != NOT_ASKED, "country"])
    return frozenset(ledger.loc[ledger["comparable"] == "no", "country"]) & asking_countries


def index_by_country(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of a table as named tuples, by country."""
    return {str(row.country): row for row in table.itertuples()}


def describe_share(comparison: IndicatorComparison) -> str:
    """Return the subtitle of a chart of estimates."""
    return alt_text.describe_share(comparison.context, comparison.indicator.recall, comparison.base)


def name_population(comparison: IndicatorComparison) -> str:
    """Return of whom the estimates speak."""
    return comparison.base or comparison.translator.of_study(comparison.context.population)


def describe_fieldwork(comparison: IndicatorComparison) -> list[str]:
    """Return the sentence that names the periods of fieldwork, if any is known."""
    ledger = comparison.find_table("comparability")
    periods_of_ledger = set() if ledger is None else set(ledger["fieldwork"].str.strip())
    periods = sorted(periods_of_ledger - {"", NOT_AVAILABLE})
    if not periods:
        return []
    return [
        comparison.translator(
            "Fieldwork: {periods}.", periods=comparison.translator.enumeration(periods)
        )
    ]
