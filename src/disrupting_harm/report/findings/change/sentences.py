"""What a country report says of change: its sentences and its tables.

All numbers come from the public table ``changes.csv`` of the country. It has numbers only where
both waves show their estimates and what was asked has stayed the same.
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import cell_count, number_of, without_sign
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.change.change_numbers import Row, digits_of, share_of, signed
from disrupting_harm.report.findings.change.verdicts import (
    CLEAR,
    Segment,
    is_step,
    segments_of,
    surveys_of,
)
from disrupting_harm.report.findings.change.waves import apart, figure_name, names_of_waves
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, captioned, paragraphs, pipe_table
from disrupting_harm.report.language.signs import CONFIDENTIAL, MEANINGS, UNRELIABLE
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.statuses import BREAK, HIDDEN, NOT_ASKED, is_total

# Sentences on changes: "rose" and "fell" stand only where the public table calls a row clear.
#
# Of a segment of surveys it is said, from its clear rows alone::
#
#     none                             no clear change between any two of the surveys compared
#     first to last                    rose from the first to the last; clear steps are named
#     first to last, opposite step     rose from the first to the last; fell between two
#     steps only                       rose between two; from first to last no clear change


class ChangeSentences:
    """Write on the changes of one indicator between the surveys of a country.

    Args:
        translator: messages in the reader's language.
        labels: words of the codebook.
        years: what each wave is called.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        years: Mapping[str, str],
        groups: str,
    ) -> None:
        self._translator, self._labels, self._years, self._groups = (
            translator,
            labels,
            years,
            groups,
        )

    def sentence(self, rows: Sequence[Row]) -> Markdown:
        """Return what became of one indicator, from all its rows."""
        segments = segments_of(rows)
        parts = [part for segment in segments for part in self._segment(segment)]
        parts += [self._break(row) for row in rows if row["status"] == BREAK and is_step(row, rows)]
        if not parts:
            parts = [self._translator("Not asked in two of these surveys.")]
        label = self._labels.with_base(rows[0]["indicator"])
        return self._translator("{label}: {change}", label=label, change=Markdown(" ".join(parts)))

    def _segment(self, segment: Segment) -> list[Markdown]:
        """Return the sentences on surveys that are compared with each other."""
        whole = segment.whole
        shares = self._translator.enumeration([self._share(*one) for one in surveys_of(segment)])
        parts = [Markdown(f"{shares}.")]
        if not segment.is_tested:
            return [*parts, self._hidden(whole)]
        parts += self._changes(segment)
        if whole["fixed_difference"]:
            parts.append(self._fixed(whole))
        if any(row["status"] == "caution" for row in (whole, *segment.steps)):
            parts.append(
                self._translator(
                    "Use with caution: an estimate of one of the surveys is less precise."
                )
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
        none = self._translator("No clear change between any two of the surveys compared.")
        if not whole["change"]:
            return [none]
        fits = [none, self._fits(whole)] if segment.steps else [self._no_change(whole)]
        return [*fits, *([self._unseen(whole)] if whole["detectable_rise"] else [])]

    def _share(self, row: Row, side: str) -> Markdown:
        year = self._years[row[f"wave_{side}"]]
        if not row[f"estimate_{side}"]:
            return self._translator("not shown in {year}", year=year)
        share = share_of(self._translator, row, side)
        return self._translator("{share} per cent in {year}", share=share, year=year)

    def _from_first_to_last(self, row: Row) -> Markdown:
        message = {
            "rose": self._translator(
                "It rose from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._size(row),
            ),
            "fell": self._translator(
                "It fell from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._size(row),
            ),
        }
        return message[row["change"]]

    def _between(self, row: Row) -> Markdown:
        message = {
            "rose": self._translator(
                "It rose between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._size(row),
            ),
            "fell": self._translator(
                "It fell between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._size(row),
            ),
        }
        return message[row["change"]]

    def _no_change(self, row: Row) -> Markdown:
        """Return that a change from a first survey to a last one is not clear, and what fits."""
        return self._translator(
            "No clear change from {before} to {after}: anything from {low} to {high} percentage "
            "points would fit.",
            **self._signed_limits(row),
        )

    def _fits(self, row: Row) -> Markdown:
        return self._translator(
            "From {before} to {after}, anything from {low} to {high} percentage points would fit.",
            **self._signed_limits(row),
        )

    def _fixed(self, row: Row) -> Markdown:
        number = {
            name: signed(self._translator, number_of(row[f"fixed_{name}"]), digits_of(row))
            for name in ("difference", "low", "high")
        }
        return self._translator(
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
            sizes = {name: without_sign(size) for name, size in sizes.items()}
        printed = {name: self._translator.percent(size, digits) for name, size in sizes.items()}
        return {**self._when(row), **printed}

    def _signed_limits(self, row: Row) -> dict[str, str]:
        limits = {
            name: signed(self._translator, number_of(row[f"ci_{name}"]), digits_of(row))
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
            "turns": self._translator.percent(turns),
        }
        if goes > 0:
            return self._translator(
                "If {goes} per cent of those to whom it happened kept silent in {quiet}, and "
                "nobody in {other}, this change would no longer be certain; at {turns} per cent "
                "there would be none.",
                goes=self._translator.percent(goes),
                **known,
            )
        return self._translator(
            "If a small share of those to whom it happened kept silent in {quiet}, and nobody "
            "in {other}, this change would no longer be certain; at {turns} per cent there "
            "would be none.",
            **known,
        )

    def _unseen(self, row: Row) -> Markdown:
        """Return what these surveys would have found."""
        digits, fall = digits_of(row), row["detectable_fall"]
        rise = self._translator.percent(number_of(row["detectable_rise"]), digits)
        if not fall:
            return self._translator(
                "Two surveys like these find a true rise of {rise} points in four of five cases, "
                "and any fall less often.",
                rise=rise,
            )
        return self._translator(
            "Two surveys like these find a true rise of {rise} points, or a true fall of "
            "{fall}, in four of five cases; smaller changes mostly stay unseen.",
            rise=rise,
            fall=self._translator.percent(number_of(fall), digits),
        )

    def _hidden(self, row: Row) -> Markdown:
        return self._translator(
            "No change can be shown between {before} and {after}, because an estimate is not "
            "shown.",
            **self._when(row),
        )

    def _break(self, row: Row) -> Markdown:
        return self._translator(
            "No change is computed between {before} and {after}, because what was asked, of whom "
            "or how is not the same.",
            **self._when(row),
        )


# Tables of change: one row for each indicator and each pair of surveys that is listed.


WIDTHS = (40, 14, 14, 32)


class ChangeTables:
    """Set changes beside each other.

    Args:
        translator: messages in the reader's language.
        labels: words of the codebook.
        years: what each wave is called.
        origin: the sentences that end every caption.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        years: Mapping[str, str],
        origin: str,
    ) -> None:
        self._translator, self._labels, self._years, self._origin = (
            translator,
            labels,
            years,
            origin,
        )

    def table(self, rows: Sequence[Row], label: str) -> Markdown:
        """Return one table with its caption; ``label`` is what the text points to."""
        header = (
            self._translator("Indicator"),
            self._translator("Before"),
            self._translator("After"),
            self._translator("Change in percentage points, with its interval"),
        )
        body = [
            (
                self._translator(
                    "{label}, {before} to {after}",
                    label=self._labels.indicator(row["indicator"]),
                    before=self._years[row["wave_from"]],
                    after=self._years[row["wave_to"]],
                ),
                share_of(self._translator, row, "from"),
                share_of(self._translator, row, "to"),
                self._in_table(row),
            )
            for row in rows
        ]
        notes = [
            self._translator(
                "Tested together, by Holm's method, for all indicators: each survey of {years} "
                "with the next that can be compared, and the first of these with the last. Each "
                "interval is as wide as its step asks; it leaves out zero exactly where a change "
                "is clear. Changes are computed before rounding.",
                years=self._translator.enumeration(list(self._years.values())),
            ),
            *self._signs(rows),
            self._origin,
        ]
        return pipe_table(
            header,
            body,
            WIDTHS,
            caption=captioned(
                self._translator("{caption}.", caption=self._translator("Change between surveys")),
                notes,
            ),
            label=label,
        )

    def _signs(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return what the signs in place of estimates mean, of those that the table has."""
        printed = {row[f"shown_{side}"] for row in rows for side in ("from", "to")}
        return [
            MEANINGS[sign](self._translator)
            for sign in (UNRELIABLE, CONFIDENTIAL)
            if sign in printed
        ]

    def _in_table(self, row: Row) -> str:
        if row["status"] == BREAK:
            return self._translator("not compared: something else was asked")
        if row["status"] == NOT_ASKED:
            return self._translator("not asked")
        if row["status"] == HIDDEN or not row["difference"] or not row["ci_low"]:
            return self._translator("not shown")
        digits = digits_of(row)
        number = [
            signed(self._translator, number_of(row[name]), digits)
            for name in ("difference", "ci_low", "ci_high")
        ]
        verdict = {
            "rose": self._translator("rose"),
            "fell": self._translator("fell"),
            "no clear change": self._translator("no clear change"),
        }[row["change"]]
        return self._translator(
            "{difference} ({low} to {high}): {verdict}",
            difference=number[0],
            low=number[1],
            high=number[2],
            verdict=verdict,
        )


class Changes:
    """Write about the changes of one country in one language.

    Args:
        translator: messages in the reader's language.
        labels: words of the codebook.
        rows: of the public table.
        origin: the sentences that end every caption.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        rows: Sequence[Row],
        origin: str,
        groups: str,
    ) -> None:
        self._translator, self._origin = translator, origin
        self._labels, self._groups = labels, groups
        national = [row for row in rows if is_total(row)]
        proportions = [
            row for row in national if labels.definition(row["indicator"]).statistic == "proportion"
        ]
        self._years = names_of_waves(proportions)
        self._rows = proportions

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def years(self) -> Markdown:
        """When the surveys were in the field, the first one first."""
        return self._translator.enumeration(list(self._years.values()))

    def summary(self) -> Markdown:
        """Return how many indicators changed clearly, of those that could be compared."""
        segments = {name: segments_of(rows) for name, rows in self._by_indicator().items()}
        tested = {name: [one for one in found if one.is_tested] for name, found in segments.items()}
        clear = {name: [one for one in found if one.clear_rows] for name, found in tested.items()}
        return self._translator(
            "{clear} of the {tested} indicators that could be compared changed clearly between two "
            "of these surveys.",
            clear=self._translator.number(_how_many(clear)),
            tested=self._translator.number(_how_many(tested)),
        )

    def sentences(self) -> list[Markdown]:
        """Return a sentence on every headline indicator over all surveys."""
        writer = ChangeSentences(self._translator, self._labels, self._years, self._groups)
        return [writer.sentence(rows) for rows in self._by_indicator().values()]

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
        writer = ChangeTables(self._translator, self._labels, self._years, self._origin)
        return paragraphs(
            [
                writer.table(
                    [row for row in self._rows if row["indicator"] in part],
                    f"{label}-{at + 1}" if at else label,
                )
                for at, part in enumerate(parts)
            ]
        )

    def _by_indicator(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows:
            found.setdefault(row["indicator"], []).append(row)
        return found


def _how_many(segments: Mapping[str, Sequence[Segment]]) -> int:
    """Return how many indicators have any of these, with the addresses of a verdict of each."""
    first = [found[0] for found in segments.values() if found]
    verdicts = [
        next(row for row in (*one.clear_rows, one.whole, *one.steps) if row["change"])
        for one in first
    ]
    return cell_count([f"{address_of_row('changes', row)}/change" for row in verdicts])
