"""Tables of the regional report, each from one public table."""

from collections.abc import Sequence

from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.regional.claims import METHOD, SCOPE
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import MISSING, Wording

NOT_AVAILABLE = "not available"
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
        """Return what is known about each country's survey, one row a country."""
        text = self._text
        header = (
            *(text("Country"), text("Wave"), text("Ages"), text("Mode"), text("Fieldwork")),
            *(text("Coverage"), text("Response rate"), text("Compared")),
        )
        rows = [
            (
                self._wording.country(row["country"]),
                *(text.plain(row[name]) for name in ("wave", "age_range", "mode", "fieldwork")),
                self._share(row["coverage"]),
                self._share(row["response_rate"]),
                text("yes") if row["comparable"] == "yes" else text("no"),
            )
            for row in self._first_by_country()
        ]
        caption = text("What is known about the survey in each country; rates in per cent.")
        widths = (16, 7, 9, 25, 13, 11, 11, 8)
        return pipe_table(header, rows, widths, caption=caption, label=label)

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
        return pipe_table(header, rows, (22, 28, 11, 10, 15, 14), caption=caption, label=label)

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
        return pipe_table(header, rows, (27, 19, 14, 20, 9, 11), caption=caption, label=label)

    def orderings(self, indicator: str, label: str) -> Markdown:
        """Return pairs of countries whose order survives the worst case of missing answers."""
        text, wording = self._text, self._wording
        rows = []
        for row in wording.results.rows("bound_pairs", indicator=indicator, survives="True"):
            pair = (row["country_a"], row["country_b"])
            test = wording.results.row(
                "pairwise", indicator=indicator, country_a=pair[0], country_b=pair[1]
            )
            if test is None:
                continue
            lower = pair[1] if row["higher"] == pair[0] else pair[0]
            sign = 1 if row["higher"] == pair[0] else -1
            ends = [f"{sign * float(test[end])}" for end in ("ci_low", "ci_high")][::sign]
            rows.append(
                (
                    wording.country(row["higher"]),
                    wording.country(lower),
                    wording.points(indicator, f"{abs(float(test['difference']))}", *pair),
                    Markdown(
                        f"{wording.points(indicator, ends[0], *pair)} to "
                        f"{wording.points(indicator, ends[1], *pair)}"
                    ),
                )
            )
        if not rows:
            return Markdown("")
        header = (text("Higher"), text("Lower"), text("Difference"), self._interval)
        caption = text(
            "{label}: differences between two countries that stand after Holm's correction, "
            "whatever those without a valid answer would have said; percentage points.",
            label=wording.labels.indicator(indicator),
        )
        return pipe_table(header, sorted(rows), (30, 30, 16, 24), caption=caption, label=label)

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
        return pipe_table(header, rows, (19, 17, 10, 13, 16, 10, 15), caption=caption, label=label)

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

    def _unit(self, indicator: str) -> Markdown:
        text = self._text
        return text("Per cent") if self._wording.is_share(indicator) else text("Estimate")

    def _share(self, value: str) -> Markdown:
        if value in ("", NOT_AVAILABLE):
            return self._text("not available")
        return self._text.percent(float(value))

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
