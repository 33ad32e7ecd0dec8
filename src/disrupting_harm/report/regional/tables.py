"""Tables of the regional report, each from one public table."""

from collections.abc import Sequence

from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.regional.claims import METHOD, SCOPE
from disrupting_harm.report.regional.results import NOT_AVAILABLE, Row
from disrupting_harm.report.regional.wording import MISSING, Wording

RATES = ("coverage", "response_rate")
FACTS = {
    "wave": "Wave",
    "age_range": "Ages",
    "mode": "Mode",
    "fieldwork": "Fieldwork",
    "coverage": "Coverage",
    "response_rate": "Response rate",
}
ESTIMANDS = {
    "population_weighted": "Each child counts equally",
    "equal_country": "Each country counts equally",
    "random_effects": "A typical country of this kind (random effects)",
}


class RegionalTables:
    """Make the tables of the comparison."""

    def __init__(self, wording: Wording, confidence: Markdown) -> None:
        self._wording = wording
        self._text = wording.text
        self._interval = wording.text("{confidence} per cent interval", confidence=confidence)

    def ledger(self, label: str) -> Markdown:
        """Return what is known about each country's survey: a column for each fact that differs."""
        text = self._text
        facts = [name for name in FACTS if len(self._values(name)) > 1]
        header = (text("Country"), *(text(FACTS[name]) for name in facts), text("Compared"))
        rows = [
            (
                self._wording.country(row["country"]),
                *(self._fact(name, row[name]) for name in facts),
                text("yes") if row["comparable"] == "yes" else text("no, see below"),
            )
            for row in self._first_by_country()
        ]
        same = [
            text("{fact}: {value}", fact=text(FACTS[name]), value=self._fact(name, *values))
            for name in FACTS
            if len(values := self._values(name)) == 1
        ]
        caption = captioned(
            text("What is known about the survey in each country; rates in per cent."),
            [text("The same everywhere: {facts}.", facts=Markdown("; ".join(same)))]
            if same
            else [],
        )
        share = 60 // (len(facts) + 1)
        widths = (100 - share * (len(facts) + 1), *[share] * (len(facts) + 1))
        texts = [at for at, name in enumerate(("", *facts, "")) if name not in RATES]
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=texts)

    def prevalence(self, indicator: str, label: str) -> Markdown:
        """Return estimates, intervals and rank sets by country, alphabetically within regions."""
        text, wording = self._text, self._wording
        ranks = {
            row["country"]: wording.ranks(row)
            for row in wording.results.rows(
                "rank_sets", indicator=indicator, method=METHOD, scope=SCOPE
            )
        }
        rows = [
            (
                wording.country(row["country"]),
                wording.whole(row["n"]),
                Markdown(_shown(row)),
                wording.interval(indicator, row, row["country"]),
                ranks.get(row["country"], MISSING),
            )
            for row in self._by_name(wording.results.rows("prevalence", indicator=indicator))
        ]
        header = (
            *(text("Country"), text("n"), self._unit(indicator), self._interval),
            text("Possible ranks"),
        )
        caption = captioned(
            text("{label}, by country.", label=wording.labels.indicator(indicator)),
            [
                text(
                    "Possible ranks: all of them hold at once with the confidence of the "
                    "intervals; rank 1 is the largest estimate. –: not shown or not comparable."
                )
            ],
        )
        return pipe_table(header, rows, (30, 12, 14, 24, 20), caption=caption, label=label)

    def pooled(self, indicators: Sequence[str], label: str) -> Markdown:
        """Return the three pooled estimates of some indicators, always side by side."""
        text, wording = self._text, self._wording
        rows = [
            (
                wording.labels.short(indicator) if first else Markdown(""),
                text(ESTIMANDS[row["estimand"]]),
                Markdown(row["countries"]),
                wording.value(indicator, row["estimate"]),
                wording.interval(indicator, row),
                wording.span(indicator, row, ends=("prediction_low", "prediction_high")),
            )
            for indicator in indicators
            for first, row in _marked(
                wording.results.rows("pooled", indicator=indicator, group="all")
            )
        ]
        header = (
            *(text("Indicator"), text("What is averaged"), text("Countries")),
            *(text("Estimate"), self._interval, text("A similar country")),
        )
        caption = captioned(
            text("Averages of the countries compared."),
            [
                text(
                    "The three averages answer different questions and are never to be mixed. "
                    "“A similar country” is the prediction interval of the random-effects model; "
                    "the countries were chosen and not drawn at random, so it is a guide only."
                )
            ],
        )
        widths = (21, 27, 11, 11, 15, 15)
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=(0, 1))

    def denominators(self, indicator: str, label: str) -> Markdown:
        """Return estimates per internet-using child and per child, and numbers of children."""
        text, wording = self._text, self._wording
        users = wording.results.rows(
            "denominators", indicator=indicator, denominator="internet_using_children"
        )
        everyone = {
            row["country"]: row
            for row in wording.results.rows(
                "denominators", indicator=indicator, denominator="all_children"
            )
        }
        rows = []
        for row in self._by_name(users):
            whole = everyone[row["country"]]
            rows.append(
                (
                    wording.country(row["country"]),
                    wording.value(indicator, row["estimate"], row["country"]),
                    wording.ranks(row),
                    wording.value(indicator, whole["estimate"], row["country"]),
                    wording.ranks(whole),
                    wording.whole(whole["children"]),
                    MISSING
                    if not whole["children_low"]
                    else Markdown(
                        f"{wording.whole(whole['children_low'])} to "
                        f"{wording.whole(whole['children_high'])}"
                    ),
                    text.plain(whole["population_source"] or NOT_AVAILABLE),
                )
            )
        header = (
            *(text("Country"), text("Of users, %"), text("Ranks"), text("Of all, %")),
            *(text("Ranks"), text("Children"), self._interval, text("Population")),
        )
        caption = text(
            "{label}: share of internet-using children, share of all children of that age, and "
            "number of children, with the source of the population.",
            label=wording.labels.indicator(indicator),
        )
        return pipe_table(header, rows, (14, 9, 9, 9, 9, 13, 19, 18), caption=caption, label=label)

    def gaps(self, indicator: str, label: str) -> Markdown:
        """Return within-country gaps whose simultaneous interval leaves out zero, if any."""
        text, wording = self._text, self._wording
        rows = [
            (
                self.gap_name(row),
                wording.country(row["country"]),
                wording.points(indicator, row["difference"]),
                wording.points_interval(indicator, row),
                wording.ratio(row["ratio"]),
                wording.text.plain(_p(row["p_holm"])),
            )
            for row in wording.results.rows("gaps", indicator=indicator)
            if row["differs"] == "True"
        ]
        if not rows:
            return Markdown("")
        header = (
            *(text("Gap"), text("Country"), text("Difference"), self._interval),
            *(text("Ratio"), text("p (Holm)")),
        )
        caption = text(
            "{label}: gaps within countries that stand after Holm's correction, in percentage "
            "points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (27, 19, 14, 20, 9, 11)
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=(0, 1))

    def orderings(self, indicator: str, label: str) -> Markdown:
        """Return pairs of countries whose order survives the worst case of missing answers."""
        text, wording = self._text, self._wording
        rows = [
            self._ordering(indicator, row)
            for row in wording.results.rows("bound_pairs", indicator=indicator, survives="True")
        ]
        if not rows:
            return Markdown("")
        header = (text("Higher"), text("Lower"), text("Difference"), self._interval)
        caption = text(
            "{label}: differences between two countries that stand after Holm's correction, "
            "whatever those without a valid answer would have said; percentage points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (30, 30, 16, 24)
        return pipe_table(header, sorted(rows), widths, caption=caption, label=label, texts=(0, 1))

    def adjusted(self, indicators: Sequence[str], label: str) -> Markdown:
        """Return crude, standardised and adjusted results by country, one row each."""
        text, wording = self._text, self._wording
        rows = []
        for indicator in indicators:
            models = {
                row["country"]: row
                for row in wording.results.rows("adjusted_countries", indicator=indicator)
            }
            standard = self._by_name(wording.results.rows("standardised", indicator=indicator))
            for first, row in _marked(standard):
                model = models.get(row["country"])
                rows.append(
                    (
                        wording.labels.short(indicator) if first else Markdown(""),
                        wording.country(row["country"]),
                        wording.value(indicator, row["crude"], row["country"]),
                        wording.value(indicator, row["estimate"], row["country"]),
                        wording.interval(indicator, row, row["country"]),
                        wording.ratio(model["ratio"]) if model else MISSING,
                        wording.ratio_interval(
                            model, ("ci_low_simultaneous", "ci_high_simultaneous")
                        )
                        if model
                        else MISSING,
                    )
                )
        if not rows:
            return Markdown("")
        header = (
            *(text("Indicator"), text("Country"), text("Crude, %"), text("Standardised, %")),
            *(self._interval, text("Adjusted ratio"), text("Simultaneous interval")),
        )
        caption = text(
            "Crude and standardised shares, and adjusted prevalence ratios to the geometric mean "
            "of the countries."
        )
        widths = (19, 17, 10, 13, 16, 10, 15)
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=(0, 1))

    def gap_name(self, row: Row) -> Markdown:
        """Return what a gap sets against what, e.g. Girls against boys."""
        labels = self._wording.labels
        first, second = (
            labels.level(row["domain"], row[level]) for level in ("level_a", "level_b")
        )
        return self._text(
            "{domain}: {first} against {second}",
            domain=labels.domain(row["domain"]),
            first=first,
            second=second,
        )

    def _ordering(self, indicator: str, row: Row) -> tuple[Markdown, ...]:
        """Return a surviving ordering, the higher country first, with its difference."""
        wording = self._wording
        pair = (row["country_a"], row["country_b"])
        test = wording.results.row(
            "pairwise", indicator=indicator, country_a=pair[0], country_b=pair[1]
        )
        assert test is not None, "a pair with bounds was compared"
        ends = [test[name] for name in ("difference", "ci_low", "ci_high")]
        first, last = pair
        if row["higher"] == last:
            first, last = last, first
            ends = [str(-float(ends[at])) for at in (0, 2, 1)]
        difference, low, high = (wording.points(indicator, end, *pair) for end in ends)
        return (
            wording.country(first),
            wording.country(last),
            difference,
            Markdown(f"{low} to {high}"),
        )

    def _unit(self, indicator: str) -> Markdown:
        text = self._text
        return text("Per cent") if self._wording.is_share(indicator) else text("Estimate")

    def _fact(self, name: str, value: str) -> Markdown:
        known = name in RATES and value != NOT_AVAILABLE
        return self._text.percent(float(value)) if known else self._text.plain(value)

    def _values(self, name: str) -> list[str]:
        return sorted({row[name] for row in self._first_by_country()})

    def _by_name(self, rows: Sequence[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: self._wording.country(row["country"]).casefold())

    def _first_by_country(self) -> list[Row]:
        first: dict[str, Row] = {}
        for row in self._wording.results.rows("comparability"):
            first.setdefault(row["country"], row)
        return self._by_name(list(first.values()))


def _shown(row: Row) -> str:
    return row["shown"].replace("*", "\\*").replace("<", "\\<").replace(">", "\\>")


def _marked(rows: Sequence[Row]) -> list[tuple[bool, Row]]:
    return [(at == 0, row) for at, row in enumerate(rows)]


def _p(value: str) -> str:
    if not value:
        return "–"
    return "<0.001" if float(value) < 0.001 else f"{float(value):.3f}"
