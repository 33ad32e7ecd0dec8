"""What a country report says of change: its sentences and its tables.

All numbers come from the public table ``changes.csv`` of the country. It has numbers only where
both waves show their estimates and what was asked has stayed the same. Half of the file are whole
messages, one for each way in which a number can change.
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import cell_count, number_of, without_sign
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.change.change_numbers import (
    Row,
    decimals_of_change,
    format_difference,
    format_share,
)
from disrupting_harm.report.findings.change.verdicts import (
    CLEAR,
    Segment,
    find_segments,
    is_step,
    list_surveys,
)
from disrupting_harm.report.findings.change.waves import name_figure, name_waves, split_by_series
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    format_caption,
    format_pipe_table,
    join_paragraphs,
)
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

    def describe_indicator(self, rows: Sequence[Row]) -> Markdown:
        """Return what became of one indicator, from all its rows."""
        segments = find_segments(rows)
        sentences = [part for segment in segments for part in self._describe_segment(segment)]
        sentences += [
            self._describe_break(row)
            for row in rows
            if row["status"] == BREAK and is_step(row, rows)
        ]
        if not sentences:
            sentences = [self._translator("Not asked in two of these surveys.")]
        label = self._labels.with_base(rows[0]["indicator"])
        return self._translator(
            "{label}: {change}", label=label, change=Markdown(" ".join(sentences))
        )

    def _describe_segment(self, segment: Segment) -> list[Markdown]:
        """Return the sentences on surveys that are compared with each other."""
        first_to_last = segment.first_to_last
        shares = self._translator.enumeration(
            [self._describe_share(*survey) for survey in list_surveys(segment)]
        )
        sentences = [Markdown(f"{shares}.")]
        if not segment.is_tested:
            return [*sentences, self._describe_hidden(first_to_last)]
        sentences += self._describe_clear_changes(segment)
        if first_to_last["fixed_difference"]:
            sentences.append(self._describe_fixed_composition(first_to_last))
        if any(row["status"] == "caution" for row in (first_to_last, *segment.steps)):
            sentences.append(
                self._translator(
                    "Use with caution: an estimate of one of the surveys is less precise."
                )
            )
        clear = [first_to_last] if first_to_last["change"] in CLEAR else segment.clear_steps
        return [*sentences, *(self._describe_silence(row) for row in clear if row["order_turns"])]

    def _describe_clear_changes(self, segment: Segment) -> list[Markdown]:
        """Return what the clear rows say, or that none is clear."""
        first_to_last, steps = (
            segment.first_to_last,
            list(map(self._describe_step, segment.clear_steps)),
        )
        if first_to_last["change"] in CLEAR:
            return [self._describe_overall_change(first_to_last), *steps]
        if steps:
            return [
                *steps,
                *([self._describe_no_change(first_to_last)] if first_to_last["change"] else []),
            ]
        none = self._translator("No clear change between any two of the surveys compared.")
        if not first_to_last["change"]:
            return [none]
        no_change = (
            [none, self._describe_compatible_changes(first_to_last)]
            if segment.steps
            else [self._describe_no_change(first_to_last)]
        )
        return [
            *no_change,
            *(
                [self._describe_detectable_changes(first_to_last)]
                if first_to_last["detectable_rise"]
                else []
            ),
        ]

    def _describe_share(self, row: Row, side: str) -> Markdown:
        year = self._years[row[f"wave_{side}"]]
        if not row[f"estimate_{side}"]:
            return self._translator("not shown in {year}", year=year)
        share = format_share(self._translator, row, side)
        return self._translator("{share} per cent in {year}", share=share, year=year)

    def _describe_overall_change(self, row: Row) -> Markdown:
        message = {
            "rose": self._translator(
                "It rose from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._format_size(row),
            ),
            "fell": self._translator(
                "It fell from {before} to {after} by {size} percentage points (interval {low} to "
                "{high}).",
                **self._format_size(row),
            ),
        }
        return message[row["change"]]

    def _describe_step(self, row: Row) -> Markdown:
        message = {
            "rose": self._translator(
                "It rose between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._format_size(row),
            ),
            "fell": self._translator(
                "It fell between {before} and {after} by {size} percentage points (interval {low} "
                "to {high}).",
                **self._format_size(row),
            ),
        }
        return message[row["change"]]

    def _describe_no_change(self, row: Row) -> Markdown:
        """Return that a change from a first survey to a last one is not clear, and what fits."""
        return self._translator(
            "No clear change from {before} to {after}: anything from {low} to {high} percentage "
            "points would fit.",
            **self._format_limits(row),
        )

    def _describe_compatible_changes(self, row: Row) -> Markdown:
        return self._translator(
            "From {before} to {after}, anything from {low} to {high} percentage points would fit.",
            **self._format_limits(row),
        )

    def _describe_fixed_composition(self, row: Row) -> Markdown:
        numbers = {
            name: format_difference(
                self._translator, number_of(row[f"fixed_{name}"]), decimals_of_change(row)
            )
            for name in ("difference", "low", "high")
        }
        return self._translator(
            "With the composition of {before} by {groups}, the difference is {difference} "
            "({low} to {high}).",
            before=self._format_years(row)["before"],
            groups=self._groups,
            **numbers,
        )

    def _format_years(self, row: Row) -> dict[str, str]:
        return {
            "before": self._years[row["wave_from"]],
            "after": self._years[row["wave_to"]],
        }

    def _format_size(self, row: Row) -> dict[str, str]:
        """Return how large a clear change is, without its sign, and when it was."""
        near, far = sorted((number_of(row["ci_low"]), number_of(row["ci_high"])), key=abs)
        sizes = {"size": number_of(row["difference"]), "low": near, "high": far}
        digits = decimals_of_change(row)
        # A rise is printed as the table has it; of a fall the sign is in the verb.
        if row["change"] == "fell":
            sizes = {name: without_sign(size) for name, size in sizes.items()}
        printed = {name: self._translator.percent(size, digits) for name, size in sizes.items()}
        return {**self._format_years(row), **printed}

    def _format_limits(self, row: Row) -> dict[str, str]:
        limits = {
            name: format_difference(
                self._translator, number_of(row[f"ci_{name}"]), decimals_of_change(row)
            )
            for name in ("low", "high")
        }
        return {**self._format_years(row), **limits}

    def _describe_silence(self, row: Row) -> Markdown:
        """Return how much silence would explain a change.

        More may tell in a later survey, after a campaign or in a safer interview: a rise is then
        one of telling.
        """
        quiet, other = ("before", "after")[:: 1 if row["change"] == "rose" else -1]
        goes, turns = (number_of(row[name]) for name in ("claim_goes", "order_turns"))
        texts = {
            "quiet": self._format_years(row)[quiet],
            "other": self._format_years(row)[other],
            "turns": self._translator.percent(turns),
        }
        if goes > 0:
            return self._translator(
                "If {goes} per cent of those to whom it happened kept silent in {quiet}, and "
                "nobody in {other}, this change would no longer be certain; at {turns} per cent "
                "there would be none.",
                goes=self._translator.percent(goes),
                **texts,
            )
        return self._translator(
            "If a small share of those to whom it happened kept silent in {quiet}, and nobody "
            "in {other}, this change would no longer be certain; at {turns} per cent there "
            "would be none.",
            **texts,
        )

    def _describe_detectable_changes(self, row: Row) -> Markdown:
        """Return what these surveys would have found."""
        digits, fall = decimals_of_change(row), row["detectable_fall"]
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

    def _describe_hidden(self, row: Row) -> Markdown:
        return self._translator(
            "No change can be shown between {before} and {after}, because an estimate is not "
            "shown.",
            **self._format_years(row),
        )

    def _describe_break(self, row: Row) -> Markdown:
        return self._translator(
            "No change is computed between {before} and {after}, because what was asked, of whom "
            "or how is not the same.",
            **self._format_years(row),
        )


# Tables of change: one row for each indicator and each pair of surveys that is listed.


WIDTHS = (40, 14, 14, 32)


class ChangeTables:
    """Set changes beside each other.

    Args:
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

    def render_table(self, rows: Sequence[Row], label: str) -> Markdown:
        """Return one table with its caption; ``label`` is what the text points to."""
        header = (
            self._translator("Indicator"),
            self._translator.in_context("earlier survey", "Before"),
            self._translator.in_context("later survey", "After"),
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
                format_share(self._translator, row, "from"),
                format_share(self._translator, row, "to"),
                self._format_change(row),
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
            *self._explain_signs(rows),
            self._origin,
        ]
        return format_pipe_table(
            header,
            body,
            WIDTHS,
            caption=format_caption(
                self._translator("{caption}.", caption=self._translator("Change between surveys")),
                notes,
            ),
            label=label,
        )

    def _explain_signs(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return what the signs in place of estimates mean, of those that the table has."""
        printed = {row[f"shown_{side}"] for row in rows for side in ("from", "to")}
        return [
            MEANINGS[sign](self._translator)
            for sign in (UNRELIABLE, CONFIDENTIAL)
            if sign in printed
        ]

    def _format_change(self, row: Row) -> str:
        if row["status"] == BREAK:
            return self._translator("not compared: something else was asked")
        if row["status"] == NOT_ASKED:
            return self._translator("not asked")
        if row["status"] == HIDDEN or not row["difference"] or not row["ci_low"]:
            return self._translator.in_context("a change", "not shown")
        digits = decimals_of_change(row)
        numbers = [
            format_difference(self._translator, number_of(row[name]), digits)
            for name in ("difference", "ci_low", "ci_high")
        ]
        verdict = {
            "rose": self._translator("rose"),
            "fell": self._translator("fell"),
            "no clear change": self._translator("no clear change"),
        }[row["change"]]
        return self._translator(
            "{difference} ({low} to {high}): {verdict}",
            difference=numbers[0],
            low=numbers[1],
            high=numbers[2],
            verdict=verdict,
        )


class Changes:
    """Write about the changes of one country in one language.

    Args:
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
        self._years = name_waves(proportions)
        self._rows = proportions

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def years(self) -> Markdown:
        """When the surveys were in the field, the first one first."""
        return self._translator.enumeration(list(self._years.values()))

    def summary(self) -> Markdown:
        """Return how many indicators changed clearly, of those that could be compared."""
        segments = {name: find_segments(rows) for name, rows in self._rows_by_indicator().items()}
        tested = {
            name: [segment for segment in segments_of_indicator if segment.is_tested]
            for name, segments_of_indicator in segments.items()
        }
        clear = {
            name: [segment for segment in segments_of_indicator if segment.clear_rows]
            for name, segments_of_indicator in tested.items()
        }
        return self._translator(
            "{clear} of the {tested} indicators that could be compared changed clearly between two "
            "of these surveys.",
            clear=self._translator.number(_count_indicators(clear)),
            tested=self._translator.number(_count_indicators(tested)),
        )

    def sentences(self) -> list[Markdown]:
        """Return a sentence on every headline indicator over all surveys."""
        writer = ChangeSentences(self._translator, self._labels, self._years, self._groups)
        return [writer.describe_indicator(rows) for rows in self._rows_by_indicator().values()]

    @property
    def figures(self) -> list[str]:
        """Names of the figures, one for each table."""
        indicators = list(dict.fromkeys(row["indicator"] for row in self._rows))
        groups = split_by_series(
            indicators, lambda indicator: self._labels.definition(indicator).series
        )
        return [name_figure(index) for index in range(len(groups))]

    def tables(self, label: str) -> Markdown:
        """Return all pairs of surveys, an indicator in one row for each.

        Composites of different series stand in different tables.
        """
        indicators = list(dict.fromkeys(row["indicator"] for row in self._rows))
        groups = split_by_series(
            indicators, lambda indicator: self._labels.definition(indicator).series
        )
        writer = ChangeTables(self._translator, self._labels, self._years, self._origin)
        return join_paragraphs(
            [
                writer.render_table(
                    [row for row in self._rows if row["indicator"] in group],
                    f"{label}-{index + 1}" if index else label,
                )
                for index, group in enumerate(groups)
            ]
        )

    def _rows_by_indicator(self) -> dict[str, list[Row]]:
        rows_of_indicator: dict[str, list[Row]] = {}
        for row in self._rows:
            rows_of_indicator.setdefault(row["indicator"], []).append(row)
        return rows_of_indicator


def _count_indicators(segments: Mapping[str, Sequence[Segment]]) -> int:
    """Return how many indicators have any of these, with the addresses of a verdict of each."""
    first_segments = [
        segments_of_indicator[0]
        for segments_of_indicator in segments.values()
        if segments_of_indicator
    ]
    verdicts = [
        next(
            row
            for row in (*segment.clear_rows, segment.first_to_last, *segment.steps)
            if row["change"]
        )
        for segment in first_segments
    ]
    return cell_count([f"{address_of_row('changes', row)}/change" for row in verdicts])
