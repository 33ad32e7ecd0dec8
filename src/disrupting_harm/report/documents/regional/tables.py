"""Tables of the estimates of all countries, and of their averages, for report and data book."""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import (
    COMPARE,
    address_of,
    address_part,
    row_count,
)
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.comparison_text import MISSING, ComparisonFormatter
from disrupting_harm.report.language.markdown import (
    Markdown,
    cite_number,
    escape,
    format_caption,
    format_pipe_table,
)
from disrupting_harm.report.language.populations import find_invented_use, find_sources_of_use
from disrupting_harm.report.language.ranges import format_range, read_range
from disrupting_harm.report.language.signs import CAUTION, MEANINGS, REVIEWED
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.comparison_results import NOT_AVAILABLE
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.study.statuses import NOT_ASKED


def format_denominators(
    wording: ComparisonFormatter, indicator: str, label: str, interval: Markdown, origin: str
) -> Markdown:
    """Return estimates per internet-using child and per child, and numbers of children.

    Empty where the study knows the internet use of no country.
    """
    translator = wording.translator
    users = wording.results.rows(
        "denominators", indicator=indicator, denominator="internet_using_children"
    )
    everyone = {
        row["country"]: row
        for row in wording.results.rows(
            "denominators", indicator=indicator, denominator="all_children"
        )
    }
    if not any(row["estimate"] for row in everyone.values()):
        return Markdown("")
    rows = []
    for row in wording.sort_by_country_name(users):
        row_of_all = everyone[row["country"]]
        rows.append(
            (
                wording.country(row["country"]),
                wording.value(indicator, row["estimate"], row["country"]),
                wording.ranks(row),
                wording.value(indicator, row_of_all["estimate"], row["country"]),
                wording.ranks(row_of_all),
                wording.format_count(row_of_all["children"]),
                MISSING
                if not row_of_all["children_low"]
                else Markdown(
                    f"{wording.format_count(row_of_all['children_low'])} to "
                    f"{wording.format_count(row_of_all['children_high'])}"
                ),
                translator.translate_or_keep(row_of_all["population_source"] or NOT_AVAILABLE),
            )
        )
    header = (
        *(
            translator("{Area}"),
            translator("Of users, %"),
            translator("Ranks"),
            translator("Of all, %"),
        ),
        *(translator("Ranks"), translator("{Respondents}"), interval, translator("Population")),
    )
    caption = translator(
        "{label}: share of internet-using {respondents}, share of all {respondents} of that age, "
        "where those who do not use the internet count as a no, and number of {respondents}, with "
        "the source of the population.",
        label=wording.labels.indicator(indicator),
    )
    notes = note_internet_use(wording, [*everyone.values()])
    codes_with_row = {row["country"] for row in users}
    codes_without_row = [
        row["country"]
        for row in wording.results.rows("prevalence", indicator=indicator)
        if row["country"] not in codes_with_row
    ]
    if codes_without_row:
        note = translator(
            "Without a row, for it is not shown or not comparable: {countries}.",
            countries=wording.countries(codes_without_row),
        )
        notes.insert(0, note)
    widths = (12, 8, 11, 7, 11, 11, 16, 24)
    return format_pipe_table(
        header,
        rows,
        widths,
        caption=format_caption(caption, [*notes, origin]),
        label=label,
        text_columns=(0, 7),
    )


def note_populations(wording: ComparisonFormatter, rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return where the numbers of all children come from, and the shares of them online."""
    sources = sorted({row["population_source"] for row in rows if row["population_source"]})
    names = wording.translator.enumeration(
        [wording.translator.translate_or_keep(source) for source in sources]
    )
    of_children = (
        [wording.translator("Numbers of {respondents}: {sources}.", sources=names)]
        if sources
        else []
    )
    return [*of_children, *note_internet_use(wording, rows)]


def note_internet_use(wording: ComparisonFormatter, rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return where the shares of children online come from, and whose are invented.

    Args:
        rows: of ``denominators.csv``; those without a number of children tell of no share.
    """
    translator, notes = wording.translator, []
    rows_with_children = [row for row in rows if row["children"]]
    if sources := find_sources_of_use(rows_with_children):
        source_names = translator.enumeration(
            [translator.translate_or_keep(name) for name in sources]
        )
        notes.append(translator("Shares of them online: {sources}.", sources=source_names))
    if invented := find_invented_use(rows_with_children):
        country_names = wording.countries(invented)
        notes.append(
            translator(
                "The share online of {countries} is invented for this simulation.",
                countries=country_names,
            )
        )
    return notes


_SIGN_OF_STATUS = {"caution": CAUTION, "review": REVIEWED}
ESTIMANDS = {
    "population_weighted": "{Areas} count by their number of {respondents}",
    "equal_country": "Each {area} counts equally",
    "random_effects": "A typical {area} of this kind (random effects)",
}


class RegionalTables:
    """Make the tables of what was estimated in each country.

    ``origin`` ends every caption: the source of the estimates, and whether they are simulated;
    ``population`` is the whole population, as printed.
    """

    def __init__(
        self, wording: ComparisonFormatter, confidence: Markdown, origin: str, population: str
    ) -> None:
        self._wording = wording
        self._translator = wording.translator
        self._interval = wording.translator("{confidence} per cent interval", confidence=confidence)
        self._origin = origin
        self._population = population

    def prevalence(self, indicator: str, label: str) -> Markdown:
        """Return estimates, intervals and rank sets by country, alphabetically within regions."""
        translator, wording = self._translator, self._wording
        ranks = {
            row["country"]: wording.ranks(row)
            for row in wording.results.rows(
                "rank_sets", indicator=indicator, method=METHOD, scope=SCOPE
            )
        }
        public = wording.results.rows("prevalence", indicator=indicator)
        rows = [
            (
                wording.country(row["country"]),
                wording.format_count(row["n"]),
                translator("not asked") if row["status"] == NOT_ASKED else _format_estimate(row),
                wording.interval(indicator, row, row["country"]),
                ranks.get(row["country"], MISSING),
            )
            for row in wording.sort_by_country_name(public)
        ]
        header = (
            *(translator("{Area}"), translator("n"), self._unit_heading(indicator), self._interval),
            translator("Possible ranks"),
        )
        used = {_SIGN_OF_STATUS.get(row["status"]) for row in public}
        caption = format_caption(
            translator("{label}, by {area}.", label=wording.labels.with_base(indicator)),
            [
                *[meaning(translator) for sign, meaning in MEANINGS.items() if sign in used],
                translator(
                    "Possible ranks: all of them hold at once with the confidence of the "
                    "intervals; rank 1 is the largest estimate. –: not shown or not comparable."
                ),
                self._origin,
            ],
        )
        return format_pipe_table(header, rows, (30, 12, 14, 24, 20), caption=caption, label=label)

    def averages(self, indicators: Sequence[str], label: str) -> Markdown:
        """Return the average of each indicator, and how many pairs differ; empty without any.

        In the average each area counts the same.
        """
        translator, wording = self._translator, self._wording
        wording.labels.refuse_two_series(indicators, f"table {label}")
        rows = []
        for indicator in indicators:
            row = wording.results.averages(indicator).get("equal_country")
            if row is None:
                continue
            pairs = wording.results.rows("pairwise", indicator=indicator)
            clear_pairs = [pair for pair in pairs if pair["clear"] == "True"]
            address = f"{COMPARE}/pairwise/indicator:{address_part(indicator)}"
            rows.append(
                (
                    self._name_indicator(indicator),
                    translator.number(row.number("countries")),
                    _format_average(translator, row),
                    translator(
                        "{differ} of {pairs}",
                        differ=translator.number(
                            row_count(len(clear_pairs), f"{address}/clear:True")
                        ),
                        pairs=translator.number(row_count(len(pairs), address)),
                    ),
                )
            )
        if not rows:
            return Markdown("")
        header = (
            translator("Indicator"),
            translator("{Areas}"),
            translator("Average"),
            translator("Pairs that differ"),
        )
        caption = format_caption(
            translator("Averages of other indicators, where each {area} counts the same."),
            [
                *wording.labels.describe_bases_of_table(indicators, self._population, short=True),
                *[sentence for name in indicators for sentence in wording.describe_composite(name)],
                translator("Pairs: tested for each indicator by itself."),
                self._origin,
            ],
        )
        return format_pipe_table(header, rows, (66, 10, 12, 12), caption=caption, label=label)

    def _name_indicator(self, indicator: str) -> Markdown:
        """Return what an indicator measures; of a composite also the name that the caption has."""
        wording = self._wording
        label = wording.labels.indicator(indicator)
        if not wording.describe_composite(indicator):
            return label
        return self._translator(
            "{label} (“{name}”)", label=label, name=wording.labels.short(indicator)
        )

    def pooled(self, indicators: Sequence[str], label: str) -> Markdown:
        """Return the pooled estimates of some indicators, always side by side; empty if none."""
        translator, wording = self._translator, self._wording
        wording.labels.refuse_two_series(indicators, f"table {label}")
        rows = [
            (
                wording.labels.short(indicator) if is_first else Markdown(""),
                translator(ESTIMANDS[row["estimand"]]),
                translator.number(row.number("countries")),
                wording.span(indicator, row, ends=("set_low", "set_high"))
                if row["set_low"]
                else wording.value(indicator, row["estimate"]),
                wording.interval(indicator, row),
                wording.span(indicator, row, ends=("prediction_low", "prediction_high")),
            )
            for indicator in indicators
            for is_first, row in _mark_first(list(wording.results.averages(indicator).values()))
        ]
        if not rows:
            return Markdown("")
        header = [
            *(translator("Indicator"), translator("What is averaged"), translator("{Areas}")),
            *(translator("Estimate"), self._interval, translator("A similar {area}")),
        ]
        notes = [
            *wording.labels.describe_bases_of_table(indicators, self._population, short=True),
            translator("These averages answer different questions and are never to be mixed."),
            *(
                [
                    translator(
                        "A range: a hidden {area} counts with the ends of what is printed of it."
                    )
                ]
                if any(
                    row["set_low"]
                    for indicator in indicators
                    for row in wording.results.averages(indicator).values()
                )
                else []
            ),
        ]
        column_count, widths = len(header), [21, 27, 11, 11, 15, 15]
        if all(row[-1] == MISSING for row in rows):
            column_count, widths = column_count - 1, [21, 34, 11, 12, 22]
        else:
            notes.append(
                translator(
                    "“A similar {area}” is the prediction interval of the random-effects model; "
                    "the {areas} are not a random sample of others, so it is a guide only."
                )
            )
        caption = format_caption(
            translator("Averages of the {areas} compared."), [*notes, self._origin]
        )
        body = [row[:column_count] for row in rows]
        return format_pipe_table(
            header[:column_count], body, widths, caption=caption, label=label, text_columns=(0, 1)
        )

    def denominators(self, indicator: str, label: str) -> Markdown:
        """Return the table of :func:`format_denominators`."""
        return format_denominators(self._wording, indicator, label, self._interval, self._origin)

    def _unit_heading(self, indicator: str) -> Markdown:
        translator = self._translator
        return (
            translator("Per cent") if self._wording.is_share(indicator) else translator("Estimate")
        )


def _format_estimate(row: PublicRow) -> Markdown:
    """Return what is printed of a country, with the sign of an estimate that is less precise."""
    sign = _SIGN_OF_STATUS.get(row["status"], "")
    if not row["estimate"]:
        return _format_missing(row)
    formatted = cite_number(escape(row["shown"]), address_of(row["estimate"]))
    return Markdown(f"{formatted} {sign}".strip())


def _format_missing(row: PublicRow) -> Markdown:
    """Return what stands in place of an estimate: a bound with the address of its limit, a sign."""
    sign, _, limit = row["shown"].partition(" ")
    if not limit:
        return escape(row["shown"])
    bound = row["bound_high"] if sign == "<" else row["bound_low"]
    return Markdown(f"{escape(sign)} {cite_number(escape(limit), address_of(bound))}")


def _format_average(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    """Return an average in whole per cent with its interval, or the range that it lies in."""
    if ends := read_range(row):
        return format_range(translator, ends)
    share = read_percent_interval(row)
    assert share is not None, "what is no range has an estimate"
    return format_share_with_interval(translator, share)


def _mark_first(rows: Sequence[PublicRow]) -> list[tuple[bool, PublicRow]]:
    return [(index == 0, row) for index, row in enumerate(rows)]
