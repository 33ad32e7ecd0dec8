"""Numbers and names of the regional report as printed."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import number_of, with_address_of
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.printed_bounds import describe_bound
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.rows import PublicRow

MISSING = Markdown("–")


class ComparisonFormatter:
    """Print what the comparison holds: per cent, points, ratios, children, names.

    ``country_names`` are the countries' names by code; ``in_text`` those that a sentence has
    otherwise, such as "the Philippines".
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        results: RegionalResults,
        country_names: Mapping[str, Markdown],
        in_text: Mapping[str, Markdown] | None = None,
    ) -> None:
        self.translator = translator
        self.labels = labels
        self.results = results
        self.country_names = country_names
        self._in_text = in_text or {}

    def country(self, code: str) -> Markdown:
        """Return a country's name as it stands alone."""
        return self.country_names[code]

    def in_text(self, code: str) -> Markdown:
        """Return a country's name inside a sentence."""
        return self._in_text.get(code) or self.country_names[code]

    def country_at_head(self, code: str) -> Markdown:
        """Return a country's name at the head of a sentence."""
        name = self.in_text(code)
        return Markdown(name[:1].upper() + name[1:])

    def countries(self, codes: Sequence[str]) -> Markdown:
        """Return the names of several countries as a list in a sentence."""
        ordered = sorted(codes, key=lambda code: build_sort_key(self.country_names[code]))
        return self.translator.enumeration([self.in_text(code) for code in ordered])

    def sort_by_country_name(self, rows: Sequence[PublicRow]) -> list[PublicRow]:
        """Return rows in the order of their countries' names."""
        return sorted(rows, key=lambda row: build_sort_key(self.country_names[row["country"]]))

    def is_share(self, indicator: str) -> bool:
        """Return whether an indicator is a proportion, printed in per cent."""
        return self.labels.definition(indicator).statistic == "proportion"

    def value(self, indicator: str, value: str, *countries: str) -> Markdown:
        """Return an estimate of some countries, a share in per cent without the sign."""
        digits = self.results.digits(indicator, *countries)
        if not value:
            return MISSING
        if not self.is_share(indicator):
            return self.translator.number(number_of(value), digits)
        return self.translator.percent(number_of(value), digits)

    def span(
        self, indicator: str, row: PublicRow, *countries: str, ends: Sequence[str]
    ) -> Markdown:
        """Return two limits of a row, e.g. ``5.1 to 8.3``."""
        low, high = (self.value(indicator, row[end], *countries) for end in ends)
        return MISSING if MISSING in (low, high) else Markdown(f"{low} to {high}")

    def interval(self, indicator: str, row: PublicRow, *countries: str) -> Markdown:
        """Return the interval of a row."""
        return self.span(indicator, row, *countries, ends=("ci_low", "ci_high"))

    def bound(self, indicator: str, country: str) -> Markdown | None:
        """Return the bound that is printed for a country, e.g. ``below 5 per cent``, if any."""
        row = self.results.row("prevalence", indicator=indicator, country=country)
        return describe_bound(self.translator, row, self.results.coded) if row else None

    def describe_composite(self, indicator: str) -> list[Markdown]:
        """Return a sentence on what a composite counts; none for an indicator of one question."""
        composite_parts = self.labels.definition(indicator).any_of
        if not composite_parts:
            return []
        return [
            self.translator(
                "“{label}” counts who said yes to at least one of: {parts}.",
                label=self.labels.short(indicator),
                parts=Markdown(
                    "; ".join(
                        f"“{self.labels.short(composite_part)}”"
                        for composite_part in composite_parts
                    )
                ),
            )
        ]

    def is_below(self, indicator: str, country: str) -> bool:
        """Return whether the bound that is printed for a country is an upper one."""
        row = self.results.row("prevalence", indicator=indicator, country=country)
        return row is not None and bool(row["bound_high"]) and row.number("bound_high") < 1

    def points(self, row: PublicRow) -> tuple[Markdown, Markdown]:
        """Return a difference of shares in percentage points with its sign, and its interval.

        They have the decimals of the row itself: the groups of a gap are smaller than countries.
        """
        values = [row[column] for column in ("difference", "ci_low", "ci_high")]
        digits = max(max(len(printed_value.partition(".")[2]) for printed_value in values) - 2, 0)
        difference, low, high = (self._format_signed(value, digits) for value in values)
        interval = MISSING if MISSING in (low, high) else Markdown(f"{low} to {high}")
        return difference, interval

    def _format_signed(self, value: str, digits: int) -> Markdown:
        if not value:
            return MISSING
        number = number_of(value)
        formatted = self.translator.percent(with_address_of(abs(number), number), digits)
        if not remove_addresses(formatted).strip("0.,"):
            return formatted
        return Markdown(("−" if value.startswith("-") else "+") + formatted)

    def ratios(self, row: PublicRow, columns: Sequence[str]) -> list[Markdown]:
        """Return ratios of a row with the decimals that the public table gives them.

        They are rounded together; a table of numbers drops the zeros at their ends.
        """
        digits = max(len(row[column].partition(".")[2]) for column in columns)
        return [
            self.translator.number(row.number(column), digits) if row[column] else MISSING
            for column in columns
        ]

    def format_count(self, value: str) -> Markdown:
        """Return a number of children."""
        return self.translator.number(number_of(value)) if value else MISSING

    def ranks(self, row: PublicRow) -> Markdown:
        """Return a set of ranks, e.g. ``2 to 7``."""
        if not row["rank_low"]:
            return MISSING
        low, high = (self.translator.number(row.number(name)) for name in ("rank_low", "rank_high"))
        return low if row["rank_low"] == row["rank_high"] else Markdown(f"{low} to {high}")
