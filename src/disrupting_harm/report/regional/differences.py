"""Tables of differences, for the data book: gaps, orderings, silence, and like with like."""

from disrupting_harm.provenance.addresses import address_of, number_of, of_cell
from disrupting_harm.report.markdown import Markdown, captioned, cited, escape, pipe_table
from disrupting_harm.report.regional import silence
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import MISSING, Wording

LEGEND = (
    "Each interval is as wide as its step of Holm's method asks; it leaves out zero, and that of a "
    "ratio 1, exactly where a difference is clear."
)


class DifferenceTables:
    """Make the tables of what differs between countries, and between the groups of each.

    ``origin`` ends every caption: the source of the estimates, and whether they are simulated.
    """

    def __init__(self, wording: Wording, confidence: Markdown, origin: str) -> None:
        self._wording = wording
        self._text = wording.text
        self._interval = wording.text("{confidence} per cent interval", confidence=confidence)
        self._origin = origin

    def gaps(self, indicator: str, label: str) -> Markdown:
        """Return within-country gaps that are clear, if any."""
        text, wording = self._text, self._wording
        told = silence.is_told(wording, indicator)
        rows = [
            (
                self._gap_name(row),
                wording.country(row["country"]),
                *wording.points(row),
                wording.ratios(row, ("ratio", "ratio_low", "ratio_high"))[0],
                _p(row["p_holm"]),
                *(self._of_gap(row) if told else ()),
            )
            for members in wording.results.gaps(indicator)
            for row in wording.by_name(members)
            if row["clear"] == "True"
        ]
        if not rows:
            return Markdown("")
        header = (
            *(text("Gap"), text("{Area}"), text("Difference"), text("Interval")),
            *(text("Ratio"), text("p (Holm)")),
            *(self._tipping_header() if told else ()),
        )
        caption = text(
            "{label}: gaps within {areas} that stand after Holm's correction, in percentage "
            "points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (21, 14, 12, 16, 8, 9, 10, 10) if told else (27, 19, 14, 20, 9, 11)
        return pipe_table(
            header,
            rows,
            widths,
            caption=captioned(caption, [*self._legend(told), self._origin]),
            label=label,
            texts=(0, 1),
        )

    def orderings(self, indicator: str, label: str) -> Markdown:
        """Return pairs of countries whose order survives the worst case of missing answers."""
        text, wording = self._text, self._wording
        told = silence.is_told(wording, indicator)
        rows = [
            (*self._ordering(indicator, row), *(self._of_pair(row) if told else ()))
            for row in wording.results.rows("bound_pairs", indicator=indicator, survives="True")
        ]
        if not rows:
            return Markdown("")
        header = (
            *(text("Higher"), text("Lower"), text("Difference"), text("Interval")),
            *(self._tipping_header() if told else ()),
        )
        caption = text(
            "{label}: differences between two {areas} that stand after Holm's correction, "
            "whatever those without a valid answer would have said; percentage points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (23, 23, 13, 19, 11, 11) if told else (30, 30, 16, 24)
        return pipe_table(
            header,
            sorted(rows),
            widths,
            caption=captioned(caption, [*self._legend(told), self._origin]),
            label=label,
            texts=(0, 1),
        )

    def silence(self, indicator: str, label: str) -> Markdown:
        """Return the table of :func:`.silence.ranks_table`."""
        return silence.ranks_table(self._wording, indicator, label, self._origin)

    def adjusted(self, indicator: str, label: str) -> Markdown:
        """Return crude, standardised and adjusted results by country, one row each, if any."""
        text, wording = self._text, self._wording
        standard, models = (
            {row["country"]: row for row in wording.results.rows(name, indicator=indicator)}
            for name in ("standardised", "adjusted_countries")
        )
        codes = [row["country"] for row in wording.by_name([*(models | standard).values()])]
        if not codes:
            return Markdown("")
        header = [text("{Area}")]
        if standard:
            header += [text("Crude, %"), text("Standardised, %"), self._interval]
        if models:
            header += [text("Adjusted ratio"), text("Interval")]
        rows = [
            (
                wording.country(code),
                *(self._standardised(standard.get(code)) if standard else ()),
                *(self._adjusted(models.get(code)) if models else ()),
            )
            for code in codes
        ]
        widths = (28, *[72 // (len(header) - 1)] * (len(header) - 1))
        caption = text(
            "{label}: results as if the {areas}' {respondents} were alike, where ratios are to the "
            "geometric mean of the {areas}. Whole numbers where decimals could tell of groups that "
            "are not shown. –: not shown, not asked, or too few answers.",
            label=wording.labels.indicator(indicator),
        )
        notes = [*([text(LEGEND)] if models else []), self._origin]
        return pipe_table(header, rows, widths, caption=captioned(caption, notes), label=label)

    def _gap_name(self, row: Row) -> Markdown:
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
        first, last = pair
        if row["higher"] == last:
            first, last = last, first
            ends = {"difference": "difference", "ci_low": "ci_high", "ci_high": "ci_low"}
            test = {
                name: of_cell(_negative(test[other]), test[other]) for name, other in ends.items()
            }
        return (wording.country(first), wording.country(last), *wording.points(test))

    def _tipping_header(self) -> list[Markdown]:
        return [self._text(name) for name in silence.HEADER]

    def _legend(self, told: bool) -> list[Markdown]:
        said = [self._text(LEGEND)]
        return [*said, self._text(silence.LEGEND)] if told else said

    def _of_pair(self, row: Row) -> tuple[Markdown, Markdown]:
        sides = {name: row[name] for name in ("country_a", "country_b")}
        return silence.tipping_cells(self._wording, row, **sides)

    def _of_gap(self, row: Row) -> tuple[Markdown, Markdown]:
        sides = {name: row[name] for name in ("domain", "level_a", "level_b")}
        return silence.tipping_cells(self._wording, row, country_a=row["country"], **sides)

    def _standardised(self, row: Row | None) -> tuple[Markdown, ...]:
        if row is None or not row["estimate"]:
            return (MISSING,) * 3
        text, digits = self._text, len(row["shown"].partition(".")[2])
        crude, estimate, low, high = (
            text.percent(number_of(row[name]), digits)
            for name in ("crude", "estimate", "ci_low", "ci_high")
        )
        return crude, estimate, Markdown(f"{low} to {high}")

    def _adjusted(self, row: Row | None) -> tuple[Markdown, Markdown]:
        if row is None:
            return MISSING, MISSING
        ratio, low, high = self._wording.ratios(row, ("ratio", "ci_low", "ci_high"))
        return ratio, MISSING if MISSING in (low, high) else Markdown(f"{low} to {high}")


def _negative(value: str) -> str:
    return value.removeprefix("-") if value.startswith("-") else f"-{value}"


def _p(value: str) -> Markdown:
    if not value:
        return MISSING
    shown = "<0.001" if float(value) < 0.001 else f"{float(value):.3f}"
    return cited(escape(shown), address_of(value))
