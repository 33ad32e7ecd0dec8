"""One sentence on each change: a word such as "rose" stands only where it was tested."""

from collections.abc import Mapping
from typing import Any

from disrupting_harm.provenance.addresses import number_of, size_of
from disrupting_harm.report.change.numbers import Row, digits_of, share_of, signed
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text
from disrupting_harm.study.change_contracts import BREAK, SHOWN_CHANGES
from disrupting_harm.study.statuses import NOT_ASKED


class ChangeSentences:
    """Write on changes between two surveys.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        years: when the two surveys were in the field, by ``before`` and ``after``.
        confidence: level of the intervals, as printed.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self, text: Text, labels: Labels, years: Mapping[str, str], confidence: str, groups: str
    ) -> None:
        self._text, self._labels, self._years = text, labels, years
        self._confidence, self._groups = confidence, groups

    def sentence(self, row: Row) -> Markdown:
        """Return what became of one indicator."""
        label = self._labels.with_base(row["indicator"])
        if row["status"] not in SHOWN_CHANGES or not row["change"]:
            return self._none(row, label)
        digits = digits_of(row)
        known = {
            "label": label,
            **self._years,
            "share_before": share_of(self._text, row, "from"),
            "share_after": share_of(self._text, row, "to"),
            "confidence": self._confidence,
        }
        return Markdown(f"{self._told(row, known, digits)}{self._silence(row)}")

    def _told(self, row: Row, known: Mapping[str, Any], digits: int) -> Markdown:
        """Return what changed, with its interval, or that nothing clearly did."""
        low, high = number_of(row["ci_low"]), number_of(row["ci_high"])
        size = size_of(number_of(row["difference"]))
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
                low=self._text.percent(size_of(high), digits),
                high=self._text.percent(size_of(low), digits),
            )
            return self._complete(fell, row, digits)
        if low > 0 or high < 0:
            alone = self._text(
                "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. "
                "By itself the change ({confidence} per cent interval {low} to {high} percentage "
                "points) would stand out; tested together with the other indicators it is not "
                "clear.",
                **known,
                low=signed(self._text, low, digits),
                high=signed(self._text, high, digits),
            )
            return self._complete(alone, row, digits, self._unseen(row, digits))
        open_question = self._text(
            "{label}: {share_before} per cent in {before}, {share_after} per cent in {after}. No "
            "clear change: anything from {low} to {high} percentage points would fit "
            "({confidence} per cent interval).",
            **known,
            low=signed(self._text, low, digits),
            high=signed(self._text, high, digits),
        )
        return self._complete(open_question, row, digits, self._unseen(row, digits))

    def _complete(
        self, sentence: Markdown, row: Row, digits: int, unseen: Markdown | None = None
    ) -> Markdown:
        """Return a sentence with what stands beside every change."""
        parts = [sentence, unseen or ""]
        if row["fixed_difference"]:
            number = {
                name: signed(self._text, number_of(row[f"fixed_{name}"]), digits)
                for name in ("difference", "low", "high")
            }
            parts.append(
                self._text(
                    "With the composition of {before} by {groups}, the difference is {difference} "
                    "({low} to {high}).",
                    before=self._years["before"],
                    groups=self._groups,
                    **number,
                )
            )
        if row["status"] == "caution":
            parts.append(
                self._text("Use with caution: an estimate of one of the surveys is less precise.")
            )
        return Markdown(" ".join(part for part in parts if part))

    def _silence(self, row: Row) -> Markdown:
        """Return how much silence would explain a change, after a space; empty if not told.

        More may tell in a later survey, after a campaign or in a safer interview: a rise is then
        one of telling.
        """
        if not row["order_turns"]:
            return Markdown("")
        quiet, other = ("before", "after")[:: 1 if row["change"] == "rose" else -1]
        goes, turns = (number_of(row[name]) for name in ("claim_goes", "order_turns"))
        known = {
            "quiet": self._years[quiet],
            "other": self._years[other],
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

    def _none(self, row: Row, label: Markdown) -> Markdown:
        if row["status"] == BREAK:
            return self._text(
                "{label}: no change is computed, because what was asked, of whom or how is not the "
                "same in {before} and in {after}.",
                label=label,
                **self._years,
            )
        if row["status"] == NOT_ASKED:
            return self._text(
                "{label}: not asked in {before}, or not in {after}.", label=label, **self._years
            )
        return self._text(
            "{label}: no change can be shown, because the estimate of {before} or that of {after} "
            "is not shown.",
            label=label,
            **self._years,
        )
