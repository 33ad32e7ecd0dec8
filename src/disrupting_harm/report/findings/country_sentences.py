"""Sentences with a number of one cell of the public table, or the reason why it is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.populations import describe_invented_use
from disrupting_harm.report.language.signs import sign_of, sign_of_interval
from disrupting_harm.report.language.translator import Translator, read_whole_percent
from disrupting_harm.report.language.whole_percent import format_interval, format_whole_percent
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SUPPRESS_DISCLOSURE, TOTAL

SMALL = 5  # per cent: below it rounding to a whole per cent moves a number of people by a tenth


class CountrySentences:
    """Write about the estimates of one country in one language.

    Args:
        names: values that every sentence may use: ``population`` and ``country``.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        results: Results,
        printed_names: dict[str, Markdown],
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._names = printed_names
        self.confidence = translator.percent(results.quality["confidence"])

    def say(
        self,
        indicator: str,
        message: str,
        *,
        domain: str = TOTAL[0],
        level: str = TOTAL[1],
        **values: Any,
    ) -> Markdown:
        """Return ``message`` with ``{share}`` filled, or a sentence on why it is not there.

        Args:
            indicator: the estimate that the message speaks of.
            message: a translated sentence with ``{share}``.
            values: further values of the message.

        Raises:
            StudyError: if the public table has no such cell.
        """
        cell = self._results.cell(indicator, domain, level)
        share = self.share(cell)
        if share is None:
            return self.explain_hidden(cell)
        message_values = {"share": share, **self._names, **values}
        try:
            return self._translator.contract_articles(message.format(**message_values))
        except KeyError as error:
            raise StudyError(
                f"sentence '{message}'",
                f"nothing fills {error}",
                "Use the names that the English sentence uses",
            ) from None

    def say_if_published(self, indicator: str, message: str) -> Markdown:
        """Return what :meth:`say` does of the national estimate; empty where there is none."""
        if self.share(self._results.cell(indicator)) is None:
            return Markdown("")
        return self.say(indicator, message)

    def findings(self, indicators: Iterable[str]) -> list[Markdown]:
        """Return those national estimates that are shown, each a sentence led by its label."""
        sentences = []
        for indicator in indicators:
            pattern = self.choose_pattern(self._labels.definition(indicator))
            if self.share(self._results.cell(indicator)) is not None:
                label, base = self._labels.indicator(indicator), self._labels.base(indicator)
                sentences.append(self.say(indicator, pattern, label=label, base=base))
        return sentences

    def share(self, cell: Cell) -> Markdown | None:
        """Return an estimate with its interval as words; None where nothing may be said."""
        if cell.bound:
            return self._format_bound(*cell.bound)
        if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
            return None
        values = {
            "estimate": self.format_value(cell, cell.estimate),
            "low": self.format_value(cell, cell.ci_low),
            "high": self.format_value(cell, cell.ci_high),
            "confidence": self.confidence,
        }
        share = self._is_proportion(cell)
        precise = not (sign_of(cell) or sign_of_interval(cell))
        if share and precise:
            return self._translator(
                "{estimate} per cent ({confidence} per cent interval {low} to {high})", **values
            )
        if share:
            return self._translator(
                "{estimate} per cent ({confidence} per cent interval {low} to {high}; use with "
                "caution)",
                **values,
            )
        if precise:
            return self._translator(
                "{estimate} ({confidence} per cent interval {low} to {high})", **values
            )
        return self._translator(
            "{estimate} ({confidence} per cent interval {low} to {high}; use with caution)",
            **values,
        )

    def format_value(self, cell: Cell, value: float) -> Markdown:
        """Return a number of a cell with the decimals that the public table prints."""
        if self._is_proportion(cell):
            return self._translator.percent(value, cell.digits)
        return self._translator.number(value, cell.digits)

    def _is_proportion(self, cell: Cell) -> bool:
        return self._labels.definition(cell.indicator).statistic == "proportion"

    def _format_bound(self, sign: str, share: float) -> Markdown:
        limit = self._translator.percent(share)
        if self._results.coded:
            return (
                self._translator("by the estimate fewer than {limit} per cent", limit=limit)
                if sign == "<"
                else self._translator("by the estimate more than {limit} per cent", limit=limit)
            )
        if sign == "<":
            return self._translator("fewer than {limit} per cent", limit=limit)
        return self._translator("more than {limit} per cent", limit=limit)

    def explain_bound(self, cell: Cell) -> Markdown:
        """Return what a bound is a bound of, and why it stands there; empty where none does.

        Bounds stand in place of estimates that are withheld to protect respondents, of no others.
        """
        if cell.bound is None:
            return Markdown("")
        if not self._results.coded:
            return self._translator(
                "This bound holds for the whole group, not only for those who answered (97.5 per "
                "cent sure). The survey's estimate is not printed, to protect them."
            )
        sign, share = cell.bound
        limit = self._translator.percent(share)
        if sign == "<":
            return self._translator(
                "The survey's estimate is below {limit} in 100. It is not printed, to protect "
                "those who answered. The true share may be higher.",
                limit=limit,
            )
        return self._translator(
            "The survey's estimate is above {limit} in 100. It is not printed, to protect "
            "those who answered. The true share may be lower.",
            limit=limit,
        )

    def choose_pattern(self, indicator: Indicator) -> Markdown:
        """Return the sentence of an estimate that is led by its label, to be filled."""
        if indicator.statistic != "proportion":
            return self._translator("{label}: {share}.")
        if self._labels.base(indicator.id):
            return self._translator("{label}: {share} of {base}.")
        return self._translator("{label}: {share} of {population}.")

    def name_cell(self, cell: Cell) -> Markdown:
        """Return what a cell is an estimate of, with its group."""
        label = self._labels.indicator(cell.indicator)
        if cell.domain == TOTAL[0]:
            return label
        group = self._labels.group(cell.domain, cell.level)
        return self._translator("{label} ({group})", label=label, group=group)

    def explain_hidden(self, cell: Cell, label: Markdown | None = None) -> Markdown:
        """Return a sentence on why a cell has no estimate; ``label`` is what it calls the cell."""
        label = label or self.name_cell(cell)
        if cell.status == NOT_ASKED and self._labels.definition(cell.indicator).any_of:
            return self._translator(
                "There is no estimate for “{label}”: this survey did not ask all that it is made "
                "of.",
                label=label,
            )
        if cell.status == NOT_ASKED:
            return self._translator("“{label}” was not asked in this survey.", label=label)
        if cell.status == NOBODY_INTERVIEWED:
            return self._translator(
                "There is no estimate for “{label}”: nobody was interviewed there.", label=label
            )
        if cell.status == SUPPRESS_DISCLOSURE:
            return self._translator(
                "The estimate for “{label}” is not shown, to protect respondents.", label=label
            )
        return self._translator(
            "The estimate for “{label}” is not shown, because it is not reliable enough.",
            label=label,
        )


# Shares in the sentences of a brief, each with its interval.


def format_share_with_interval(
    translator: Translator[Markdown], share: PercentInterval
) -> Markdown:
    """Return a share with its interval, e.g. "17% (14–21)"."""
    return Markdown(
        f"{format_whole_percent(translator, share)}\u00a0{format_interval(translator, share)}"
    )


def format_tile_number(translator: Translator[Markdown], share: PercentInterval) -> Markdown:
    """Return the number of a tile: a share, and smaller beside it its interval."""
    limits = format_interval(translator, share)
    return Markdown(f"{format_whole_percent(translator, share)} [{limits}]{{.limits}}")


def format_tile_bar(share: PercentInterval) -> str:
    """Return the attributes by which a tile draws a share with its interval."""
    return f" low={share.low} estimate={share.estimate} high={share.high}"


class ShortSentences(CountrySentences):
    """Sentences whose numbers are as short as a brief needs."""

    def share(self, cell: Cell) -> Markdown | None:
        """Return a share as "17% (14–21)", a bound as "fewer than 10 per cent"; None if hidden."""
        return (
            format_share_with_interval(self._translator, cell.percent)
            if cell.percent
            else super().share(cell)
        )


def describe_children(translator: Translator[Markdown], row: PublicRow | None) -> Markdown:
    """Return how many children a share stands for; empty where the comparison does not say.

    Args:
        row: of ``denominators.csv``, of the children who use the internet.
    """
    if row is None or not row["children"]:
        return Markdown("")
    sentence = translator(
        "That means about **{children} {respondents}** ({low} to {high}).",
        children=translator.number(row.number("children")),
        low=translator.number(row.number("children_low")),
        high=translator.number(row.number("children_high")),
    )
    return Markdown(f"{sentence} {describe_invented_use(translator, row)}".strip())


def describe_rounding(translator: Translator[Markdown], cell: Cell) -> Markdown:
    """Return from what a number of people follows where a whole per cent says little of it."""
    if cell.percent is None or cell.percent.estimate >= SMALL or not cell.digits:
        return Markdown("")
    return translator(
        "The number of {respondents} follows from {share} per cent, before rounding.",
        share=translator.percent(cell.estimate or 0, cell.digits),
    )


# Those who gave no valid answer, and what a share may be whatever they would have said.


@dataclass(frozen=True)
class Silence:
    """Numbers in whole per cent, as printed.

    Attributes:
        missing: who gave no valid answer, of those asked.
        low, high: what the share may be, with chance and with any answer of theirs.
        some: whether anybody said yes: then no limit is 0.
    """

    missing: int
    low: int
    high: int
    some: bool = False

    def describe_limits(self, translator: Translator[Markdown], confidence: Markdown) -> Markdown:
        """Return between which limits the share may be, at ``confidence`` per cent."""
        if self.some and self.low == 0:
            return translator(
                "Whatever they would have said, the share is at most {upper}, with {level} per "
                "cent confidence.",
                level=confidence,
                upper=translator.with_sign(self.high),
            )
        return translator(
            "Whatever they would have said, the range is no wider than {lower} to {upper}, with "
            "{level} per cent confidence.",
            level=confidence,
            lower=translator.with_sign(self.low),
            upper=translator.with_sign(self.high),
        )


def read_silence(row: PublicRow | None) -> Silence | None:
    """Return what is known of silence; None where its bounds are not printed, or not compared.

    Args:
        row: of ``bounds.csv``.
    """
    if row is None or not row["ci_low"] or not row["ci_high"]:
        return None
    valid = row.number("valid_share")
    return Silence(
        read_whole_percent(derive_number("remainder", 1 - valid, [valid])),
        read_whole_percent(row.number("ci_low")),
        read_whole_percent(row.number("ci_high")),
        bool(row["estimate"]) and row.number("estimate") > 0,
    )
