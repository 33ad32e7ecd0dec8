"""Sentences on changes: "rose" and "fell" stand only where the public table calls a row clear.

Of a segment of surveys it is said, from its clear rows alone::

    none                             no clear change between any two of the surveys compared
    first to last                    rose from the first to the last; clear steps are named
    first to last, opposite step     rose from the first to the last; fell between two
    steps only                       rose between two; from first to last no clear change
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import number_of, size_of
from disrupting_harm.report.change.numbers import Row, digits_of, share_of, signed
from disrupting_harm.report.change.verdicts import CLEAR, Segment, is_step, segments_of, surveys_of
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text
from disrupting_harm.study.change_contracts import BREAK


class ChangeSentences:
    """Write on the changes of one indicator between the surveys of a country.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        years: what each wave is called.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(self, text: Text, labels: Labels, years: Mapping[str, str], groups: str) -> None:
        self._text, self._labels, self._years, self._groups = text, labels, years, groups

    def sentence(self, rows: Sequence[Row]) -> Markdown:
        """Return what became of one indicator, from all its rows."""
        segments = segments_of(rows)
        parts = [part for segment in segments for part in self._segment(segment)]
        parts += [self._break(row) for row in rows if row["status"] == BREAK and is_step(row, rows)]
        if not parts:
            parts = [self._text("Not asked in two of these surveys.")]
        label = self._labels.with_base(rows[0]["indicator"])
        return self._text("{label}: {change}", label=label, change=Markdown(" ".join(parts)))

    def _segment(self, segment: Segment) -> list[Markdown]:
        """Return the sentences on surveys that are compared with each other."""
        whole = segment.whole
        shares = self._text.enumeration([self._share(*one) for one in surveys_of(segment)])
        parts = [Markdown(f"{shares}.")]
        if not segment.is_tested:
            return [*parts, self._hidden(whole)]
        parts += self._changes(segment)
        if whole["fixed_difference"]:
            parts.append(self._fixed(whole))
        if any(row["status"] == "caution" for row in (whole, *segment.steps)):
            parts.append(
                self._text("Use with caution: an estimate of one of the surveys is less precise.")
            )
        clear = [whole] if whole["change"] in CLEAR else segment.clear_steps
        return [*parts, *(self._silence(row) for row in clear if row["order_turns"])]

    def _changes(self, segment: Segment) -> list[Markdown]:
        """Return what the clear rows say, or that none is clear."""
        whole, steps = segment.whole, list(map(self._between, segment.clear_steps))
        if whole["change"] in CLEAR:
            return [self._from_first_to_last(whole), *steps]
        if steps:
            return [*steps, *([self._no_change(whole)] if whole["change"] else [])]
        none = self._text("No clear change between any two of the surveys compared.")
        if not whole["change"]:
            return [none]
        fits = [none, self._fits(whole)] if segment.steps else [self._no_change(whole)]
        return [*fits, *([self._unseen(whole)] if whole["detectable_rise"] else [])]

    def _share(self, row: Row, side: str) -> Markdown:
        year = self._years[row[f"wave_{side}"]]
        if not row[f"estimate_{side}"]:
            return self._text("not shown in {year}", year=year)
        share = share_of(self._text, row, side)
        return self._text("{share} per cent in {year}", share=share, year=year)

    def _from_first_to_last(self, row: Row) -> Markdown:
        message = {
            "rose": self._text(
                "It rose from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._size(row),
            ),
            "fell": self._text(
                "It fell from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._size(row),
            ),
        }
        return message[row["change"]]

    def _between(self, row: Row) -> Markdown:
        message = {
            "rose": self._text(
                "It rose between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._size(row),
            ),
            "fell": self._text(
                "It fell between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._size(row),
            ),
        }
        return message[row["change"]]

    def _no_change(self, row: Row) -> Markdown:
        """Return that a change from a first survey to a last one is not clear, and what fits."""
        return self._text(
            "No clear change from {before} to {after}: anything from {low} to {high} percentage "
            "points would fit.",
            **self._signed_limits(row),
        )

    def _fits(self, row: Row) -> Markdown:
        return self._text(
            "From {before} to {after}, anything from {low} to {high} percentage points would fit.",
            **self._signed_limits(row),
        )

    def _fixed(self, row: Row) -> Markdown:
        number = {
            name: signed(self._text, number_of(row[f"fixed_{name}"]), digits_of(row))
            for name in ("difference", "low", "high")
        }
        return self._text(
            "With the composition of {before} by {groups}, the difference is {difference} "
            "({low} to {high}).",
            before=self._when(row)["before"],
            groups=self._groups,
            **number,
        )

    def _when(self, row: Row) -> dict[str, str]:
        return {
            "before": self._years[row["wave_from"]],
            "after": self._years[row["wave_to"]],
        }

    def _size(self, row: Row) -> dict[str, str]:
        """Return how large a clear change is, without its sign, and when it was."""
        near, far = sorted((number_of(row["ci_low"]), number_of(row["ci_high"])), key=abs)
        sizes = {"size": number_of(row["difference"]), "low": near, "high": far}
        digits = digits_of(row)
        # A rise is printed as the table has it; of a fall the sign is in the verb.
        if row["change"] == "fell":
            sizes = {name: size_of(size) for name, size in sizes.items()}
        printed = {name: self._text.percent(size, digits) for name, size in sizes.items()}
        return {**self._when(row), **printed}

    def _signed_limits(self, row: Row) -> dict[str, str]:
        limits = {
            name: signed(self._text, number_of(row[f"ci_{name}"]), digits_of(row))
            for name in ("low", "high")
        }
        return {**self._when(row), **limits}

    def _silence(self, row: Row) -> Markdown:
        """Return how much silence would explain a change.

        More may tell in a later survey, after a campaign or in a safer interview: a rise is then
        one of telling.
        """
        quiet, other = ("before", "after")[:: 1 if row["change"] == "rose" else -1]
        goes, turns = (number_of(row[name]) for name in ("claim_goes", "order_turns"))
        known = {
            "quiet": self._when(row)[quiet],
            "other": self._when(row)[other],
            "turns": self._text.percent(turns),
        }
        if goes > 0:
            return self._text(
                "If {goes} per cent of those to whom it happened kept silent in {quiet}, and "
                "nobody in {other}, this change would no longer be certain; at {turns} per cent "
                "there would be none.",
                goes=self._text.percent(goes),
                **known,
            )
        return self._text(
            "If a small share of those to whom it happened kept silent in {quiet}, and nobody "
            "in {other}, this change would no longer be certain; at {turns} per cent there "
            "would be none.",
            **known,
        )

    def _unseen(self, row: Row) -> Markdown:
        """Return what these surveys would have found."""
        digits, fall = digits_of(row), row["detectable_fall"]
        rise = self._text.percent(number_of(row["detectable_rise"]), digits)
        if not fall:
            return self._text(
                "Two surveys like these find a true rise of {rise} points in four of five cases, "
                "and any fall less often.",
                rise=rise,
            )
        return self._text(
            "Two surveys like these find a true rise of {rise} points, or a true fall of "
            "{fall}, in four of five cases; smaller changes mostly stay unseen.",
            rise=rise,
            fall=self._text.percent(number_of(fall), digits),
        )

    def _hidden(self, row: Row) -> Markdown:
        return self._text(
            "No change can be shown between {before} and {after}, because an estimate is not "
            "shown.",
            **self._when(row),
        )

    def _break(self, row: Row) -> Markdown:
        return self._text(
            "No change is computed between {before} and {after}, because what was asked, of whom "
            "or how is not the same.",
            **self._when(row),
        )
