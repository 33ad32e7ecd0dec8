"""What a country report says of change: a word such as "rose" stands only where it was tested.

All numbers come from the public table ``changes.csv`` of the country. It has numbers only where
both waves show their estimates and what was asked has stayed the same.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from disrupting_harm.provenance.addresses import how_many, number_of, of_cell
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, captioned, paragraphs, pipe_table
from disrupting_harm.report.signs import CONFIDENTIAL, MEANINGS, UNRELIABLE
from disrupting_harm.report.text import Text
from disrupting_harm.study.change_contracts import BREAK, HIDDEN, SHOWN_CHANGES
from disrupting_harm.study.statuses import NOT_ASKED, TOTAL

Row = dict[str, str]
WIDTHS = (40, 14, 14, 32)


class Changes:
    """Write about the changes of one country in one language.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        rows: of the public table.
        trends: of the public table of trends, which has none with two surveys.
        confidence: level of the intervals, as printed.
        origin: the sentences that end every caption.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self,
        text: Text,
        labels: Labels,
        rows: Sequence[Row],
        trends: Sequence[Row],
        confidence: str,
        origin: str,
        groups: str,
    ) -> None:
        self._text, self._labels, self._trends = text, labels, trends
        self._groups = groups
        self._confidence, self._origin = confidence, origin
        national = [row for row in rows if (row["domain"], row["level"]) == TOTAL]
        proportions = [
            row for row in national if labels.definition(row["indicator"]).statistic == "proportion"
        ]
        self._years = names_of_waves(proportions)
        newest = proportions[-1]["wave_to"] if proportions else ""
        before = [row["wave_from"] for row in proportions if row["wave_to"] == newest]
        self._last = (before[0], newest) if before else ("", "")
        self._rows = proportions

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def years(self) -> Markdown:
        """When the surveys were in the field, the first one first."""
        return self._text.enumeration(list(self._years.values()))

    @property
    def last_two(self) -> Sequence[str]:
        """When the two newest surveys were in the field."""
        return [self._years[wave] for wave in self._last]

    def summary(self) -> Markdown:
        """Return how many indicators changed clearly, of those that could be compared."""
        tested = [row for row in self._newest() if row["change"]]
        clear = [row for row in tested if row["change"] != "no clear change"]
        before, after = self.last_two
        return self._text(
            "From {before} to {after}, {clear} of the {tested} indicators that could be compared "
            "changed clearly.",
            before=before,
            after=after,
            clear=self._text.number(_how_many(clear)),
            tested=self._text.number(_how_many(tested)),
        )

    def sentences(self) -> list[Markdown]:
        """Return a sentence on every headline indicator between the two newest surveys."""
        return [self._sentence(row) for row in self._newest()]

    def trends(self) -> list[Markdown]:
        """Return what may be said of all surveys together, from three on."""
        shapes = {
            "linear rise": self._text("a steady rise"),
            "linear fall": self._text("a steady fall"),
            "bend": self._text("a change whose pace or direction turned"),
            "change without a trend": self._text("a change that follows no line"),
            "no clear change": self._text("no clear change"),
        }
        return [
            self._text(
                "{label}: {shape}.",
                label=self._labels.with_base(row["indicator"]),
                shape=shapes[row["shape"]],
            )
            for row in self._trends
            if row["shape"]
        ]

    @property
    def figures(self) -> list[str]:
        """Names of the figures, one for each table."""
        names = list(dict.fromkeys(row["indicator"] for row in self._rows))
        parts = apart(names, lambda name: self._labels.definition(name).series)
        return [figure_name(at) for at in range(len(parts))]

    def tables(self, label: str) -> Markdown:
        """Return all pairs of surveys, an indicator in one row for each.

        Composites of different series stand in different tables.
        """
        names = list(dict.fromkeys(row["indicator"] for row in self._rows))
        parts = apart(names, lambda name: self._labels.definition(name).series)
        return paragraphs(
            [
                self._table(
                    [row for row in self._rows if row["indicator"] in part],
                    f"{label}-{at + 1}" if at else label,
                )
                for at, part in enumerate(parts)
            ]
        )

    def _table(self, rows: Sequence[Row], label: str) -> Markdown:
        header = (
            self._text("Indicator"),
            self._text("Before"),
            self._text("After"),
            self._text("Change in percentage points, with its interval"),
        )
        body = [
            (
                self._text(
                    "{label}, {before} to {after}",
                    label=self._labels.indicator(row["indicator"]),
                    before=self._years[row["wave_from"]],
                    after=self._years[row["wave_to"]],
                ),
                self._share(row, "from"),
                self._share(row, "to"),
                self._in_table(row),
            )
            for row in rows
        ]
        notes = [
            self._text(
                "In brackets: the {level} per cent interval of the change alone. Changes are "
                "computed before rounding; the words follow Holm's method over all indicators of "
                "two surveys.",
                level=self._confidence,
            ),
            *self._signs(rows),
            self._origin,
        ]
        return pipe_table(
            header,
            body,
            WIDTHS,
            caption=captioned(
                self._text("{caption}.", caption=self._text("Change between surveys")), notes
            ),
            label=label,
        )

    def _signs(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return what the signs in place of estimates mean, of those that the table has."""
        printed = {row[f"shown_{side}"] for row in rows for side in ("from", "to")}
        return [
            MEANINGS[sign](self._text) for sign in (UNRELIABLE, CONFIDENTIAL) if sign in printed
        ]

    def _newest(self) -> list[Row]:
        return [row for row in self._rows if (row["wave_from"], row["wave_to"]) == self._last]

    def _sentence(self, row: Row) -> Markdown:
        label = self._labels.with_base(row["indicator"])
        years = dict(zip(("before", "after"), self.last_two, strict=True))
        if row["status"] not in SHOWN_CHANGES or not row["change"]:
            return self._none(row, label, years)
        digits = _digits(row)
        known = {
            "label": label,
            **years,
            "share_before": self._share(row, "from"),
            "share_after": self._share(row, "to"),
            "confidence": self._confidence,
        }
        return Markdown(f"{self._told(row, known, digits)}{self._silence(row, years)}")

    def _told(self, row: Row, known: Mapping[str, Any], digits: int) -> Markdown:
        """Return what changed, with its interval, or that nothing clearly did."""
        low, high = number_of(row["ci_low"]), number_of(row["ci_high"])
        size = _size(number_of(row["difference"]))
        if row["change"] == "rose":
            rose = self._text(
                "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. "
                "It rose by {size} percentage points ({confidence} per cent interval {low} to "
                "{high}).",
                **known,
                size=self._text.percent(size, digits),
                low=self._text.percent(low, digits),
                high=self._text.percent(high, digits),
            )
            return self._complete(rose, row, digits)
        if row["change"] == "fell":
            fell = self._text(
                "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. "
                "It fell by {size} percentage points ({confidence} per cent interval {low} to "
                "{high}).",
                **known,
                size=self._text.percent(size, digits),
                low=self._text.percent(_size(high), digits),
                high=self._text.percent(_size(low), digits),
            )
            return self._complete(fell, row, digits)
        if low > 0 or high < 0:
            alone = self._text(
                "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. "
                "By itself the change ({confidence} per cent interval {low} to {high} percentage "
                "points) would stand out; tested together with the other indicators it is not "
                "clear.",
                **known,
                low=_signed(self._text, low, digits),
                high=_signed(self._text, high, digits),
            )
            return self._complete(alone, row, digits, self._unseen(row, digits))
        open_question = self._text(
            "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. No "
            "clear change: anything from {low} to {high} percentage points would fit "
            "({confidence} per cent interval).",
            **known,
            low=_signed(self._text, low, digits),
            high=_signed(self._text, high, digits),
        )
        return self._complete(open_question, row, digits, self._unseen(row, digits))

    def _complete(
        self, sentence: Markdown, row: Row, digits: int, unseen: Markdown | None = None
    ) -> Markdown:
        """Return a sentence with what stands beside every change."""
        parts = [sentence, unseen or ""]
        if row["fixed_difference"]:
            number = {
                name: _signed(self._text, number_of(row[f"fixed_{name}"]), digits)
                for name in ("difference", "low", "high")
            }
            parts.append(
                self._text(
                    "With the composition of {before} by {groups}, the difference is {difference} "
                    "({low} to {high}).",
                    before=self.last_two[0],
                    groups=self._groups,
                    **number,
                )
            )
        if row["status"] == "caution":
            parts.append(
                self._text("Use with caution: an estimate of one of the surveys is less precise.")
            )
        return Markdown(" ".join(part for part in parts if part))

    def _silence(self, row: Row, years: Mapping[str, str]) -> Markdown:
        """Return how much silence would explain a change, after a space; empty if not told.

        More may tell in a later survey, after a campaign or in a safer interview: a rise is then
        one of telling.
        """
        if not row["order_turns"]:
            return Markdown("")
        quiet, other = ("before", "after")[:: 1 if row["change"] == "rose" else -1]
        goes, turns = (number_of(row[name]) for name in ("claim_goes", "order_turns"))
        known = {
            "quiet": years[quiet],
            "other": years[other],
            "turns": self._text.percent(turns),
        }
        if goes > 0:
            sentence = self._text(
                "If {goes} per cent of those to whom it happened kept silent in {quiet}, and "
                "nobody in {other}, this change would no longer be certain; at {turns} per cent "
                "there would be none.",
                goes=self._text.percent(goes),
                **known,
            )
        else:
            sentence = self._text(
                "If a small share of those to whom it happened kept silent in {quiet}, and nobody "
                "in {other}, this change would no longer be certain; at {turns} per cent there "
                "would be none.",
                **known,
            )
        return Markdown(f" {sentence}")

    def _unseen(self, row: Row, digits: int) -> Markdown:
        """Return what these surveys would have found; empty if not known."""
        rise, fall = row["detectable_rise"], row["detectable_fall"]
        if not rise:
            return Markdown("")
        found = {"rise": self._text.percent(number_of(rise), digits)}
        if not fall:
            sentence = self._text(
                "Two surveys like these find a true rise of {rise} points in four of five cases, "
                "and any fall less often.",
                **found,
            )
        else:
            sentence = self._text(
                "Two surveys like these find a true rise of {rise} points, or a true fall of "
                "{fall}, in four of five cases; smaller changes mostly stay unseen.",
                **found,
                fall=self._text.percent(number_of(fall), digits),
            )
        return sentence

    def _none(self, row: Row, label: Markdown, years: dict[str, str]) -> Markdown:
        if row["status"] == BREAK:
            return self._text(
                "{label}: no change is computed, because what was asked, of whom or how is not the "
                "same in {before} and in {after}.",
                label=label,
                **years,
            )
        if row["status"] == NOT_ASKED:
            return self._text(
                "{label}: not asked in {before}, or not in {after}.", label=label, **years
            )
        return self._text(
            "{label}: no change can be shown, because the estimate of {before} or that of {after} "
            "is not shown.",
            label=label,
            **years,
        )

    def _share(self, row: Row, side: str) -> Markdown:
        """Return the estimate of one wave as printed, or the sign in its place."""
        if not row[f"estimate_{side}"]:
            return self._text.plain(row[f"shown_{side}"])
        digits = len(row[f"shown_{side}"].partition(".")[2])
        return self._text.percent(number_of(row[f"estimate_{side}"]), digits)

    def _in_table(self, row: Row) -> str:
        if row["status"] == BREAK:
            return self._text("not compared: something else was asked")
        if row["status"] == NOT_ASKED:
            return self._text("not asked")
        if row["status"] == HIDDEN or not row["difference"] or not row["ci_low"]:
            return self._text("not shown")
        digits = _digits(row)
        number = [
            _signed(self._text, number_of(row[name]), digits)
            for name in ("difference", "ci_low", "ci_high")
        ]
        verdict = {
            "rose": self._text("rose"),
            "fell": self._text("fell"),
            "no clear change": self._text("no clear change"),
        }[row["change"]]
        return self._text(
            "{difference} ({low} to {high}): {verdict}",
            difference=number[0],
            low=number[1],
            high=number[2],
            verdict=verdict,
        )


def apart(names: Sequence[str], series: Callable[[str], str | None]) -> list[list[str]]:
    """Split indicators so that no part holds composites of two series."""
    parts: list[list[str]] = []
    for name in names:
        own = series(name)
        fits = (
            part for part in parts if own is None or all(series(o) in (None, own) for o in part)
        )
        part = next(fits, None)
        if part is None:
            parts.append([name])
        else:
            part.append(name)
    return parts


def figure_name(place: int) -> str:
    """Return the name of the figure of a part: ``change``, ``change-2`` and so on."""
    return f"change-{place + 1}" if place else "change"


def _digits(row: Row) -> int:
    """Return the decimals of a change: those of the less exact of its two estimates."""
    return min(len(row[name].partition(".")[2]) for name in ("shown_from", "shown_to"))


def _how_many(rows: Sequence[Row]) -> int:
    """Return how many changes there are, with the addresses of their verdicts."""
    return how_many([f"{prefix('changes', row)}/change" for row in rows])


def _size(difference: float) -> float:
    """Return a difference without its sign, with the address that it carries."""
    return of_cell(abs(difference), difference)  # type: ignore[no-any-return]


def _signed(text: Text, difference: float, digits: int) -> Markdown:
    """Return a difference in percentage points with its sign."""
    number = text.percent(_size(difference), digits)
    if round(difference, digits + 2) == 0:
        return number
    return Markdown(f"{'+' if difference > 0 else '−'}{number}")


def names_of_waves(rows: Sequence[Mapping[Any, Any]]) -> dict[str, str]:
    """Return what each wave is called: its year, or the wave where a year has two."""
    years: dict[str, float] = {}
    for row in rows:
        for side in ("from", "to"):
            years[row[f"wave_{side}"]] = float(row[f"year_{side}"])
    ordered = dict(sorted(years.items(), key=lambda wave: wave[1]))
    whole = [int(year) for year in ordered.values()]
    if any(a == b for a, b in pairwise(whole)):
        return {wave: wave for wave in ordered}
    return {wave: str(int(year)) for wave, year in ordered.items()}
