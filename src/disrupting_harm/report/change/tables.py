"""Tables of change: one row for each indicator and each pair of surveys that is listed."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.change.numbers import Row, digits_of, share_of, signed
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.signs import CONFIDENTIAL, MEANINGS, UNRELIABLE
from disrupting_harm.report.text import Text
from disrupting_harm.study.change_contracts import BREAK, HIDDEN
from disrupting_harm.study.statuses import NOT_ASKED

WIDTHS = (40, 14, 14, 32)


class ChangeTables:
    """Set changes beside each other.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        years: what each wave is called.
        origin: the sentences that end every caption.
    """

    def __init__(self, text: Text, labels: Labels, years: Mapping[str, str], origin: str) -> None:
        self._text, self._labels, self._years, self._origin = text, labels, years, origin

    def table(self, rows: Sequence[Row], label: str) -> Markdown:
        """Return one table with its caption; ``label`` is what the text points to."""
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
                share_of(self._text, row, "from"),
                share_of(self._text, row, "to"),
                self._in_table(row),
            )
            for row in rows
        ]
        notes = [
            self._text(
                "Tested together, by Holm's method, for all indicators: each survey of {years} "
                "with the next that can be compared, and the first of these with the last. Each "
                "interval is as wide as its step asks; it leaves out zero exactly where a change "
                "is clear. Changes are computed before rounding.",
                years=self._text.enumeration(list(self._years.values())),
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

    def _in_table(self, row: Row) -> str:
        if row["status"] == BREAK:
            return self._text("not compared: something else was asked")
        if row["status"] == NOT_ASKED:
            return self._text("not asked")
        if row["status"] == HIDDEN or not row["difference"] or not row["ci_low"]:
            return self._text("not shown")
        digits = digits_of(row)
        number = [
            signed(self._text, number_of(row[name]), digits)
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
