"""Titles of figures that say what the drawn estimates are; a plain name where they say nothing.

A study may have forms of a title, of which the first that the numbers bear is printed. Of others
the ends of what is drawn are named with their numbers, and nothing is compared.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures.estimate_chart import percent_at
from disrupting_harm.report.findings.headings import HALF
from disrupting_harm.report.findings.title_definition import ENDS, Cell, FigureTitle
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import format_whole_percent
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.statuses import SHOWN_STATUSES, TOTAL


class TitleFinder:
    """Find the title that a study has for a figure of one country, if its numbers bear one.

    Two shares of the same people differ clearly where their intervals, as printed, do not overlap:
    the interval of a difference is never longer than both of theirs together.

    Args:
        forms: of the titles by figure.
        estimates: the public estimates of the country, with addresses.
        options: its public table of questions; None where there is none.
    """

    def __init__(
        self,
        translator: Translator[str],
        forms: Mapping[str, Sequence[FigureTitle]] | None = None,
        estimates: pd.DataFrame | None = None,
        options: pd.DataFrame | None = None,
    ) -> None:
        self.translator = translator
        self._forms = forms or {}
        self._shares = {} if estimates is None or not forms else dict(_list_shares(estimates))
        self._options = options

    def find(self, figure: str, groups: Sequence[Row] = ()) -> str:
        """Return the first form that the numbers bear; empty where none is.

        Args:
            groups: the rows of a figure by group.
        """
        for form in self._forms.get(figure, ()):
            numbers = self._print_numbers(form, groups)
            if all(name in numbers for name in form.placeholders) and self._meets_conditions(form):
                return self.translator.fill_sentence(form.text, numbers)
        return ""

    def _print_numbers(self, form: FigureTitle, groups: Sequence[Row]) -> dict[str, str]:
        cells: dict[str, Cell] = {name: (name, *TOTAL) for name in form.placeholders}
        numbers = {
            name: format_whole_percent(self.translator, self._shares[cell])
            for name, cell in {**cells, **form.shares}.items()
            if cell in self._shares
        }
        ends = _find_ends([row for row in groups if row.estimate is not None])
        return numbers | dict(zip(ENDS, (row.printed_text for row in ends or ()), strict=False))

    def _meets_conditions(self, form: FigureTitle) -> bool:
        """Return whether the printed numbers bear each claim of a form."""
        of_all = {name: share for (name, *cell), share in self._shares.items() if (*cell,) == TOTAL}
        most = all(name in of_all and of_all[name].low > HALF for name in form.most)
        above = all(
            {name, other} <= of_all.keys() and of_all[name].low > of_all[other].high
            for name, others in form.above.items()
            for other in others
        )
        return most and above and all(self._is_first(*pair) for pair in form.first.items())

    def _is_first(self, question: str, option: str) -> bool:
        """Return whether an answer alone may have been given most often."""
        if self._options is None:
            return False
        rows = self._options[self._options["question"] == question]
        possible_first = rows[rows["may_be_first"].astype(str) == "True"]
        shown = possible_first["status"].isin(SHOWN_STATUSES)
        return (
            len(rows) > 1 and list(possible_first.loc[shown, "option"]) == [option] and all(shown)
        )


def _list_shares(estimates: pd.DataFrame) -> Iterator[tuple[Cell, PercentInterval]]:
    printed = estimates.dropna(subset=["whole", "whole_low", "whole_high"])
    for row in printed.itertuples():
        yield (str(row.indicator), str(row.domain), str(row.level)), percent_at(row)


def title_ends(translator: Translator[str], subject: str, rows: Sequence[Row]) -> str:
    """Return a title with the least and the greatest of several shares.

    It is ``subject`` alone where a row has no estimate, which might be one of them, or where both
    print the same number.
    """
    ends = _find_ends(rows)
    if ends is None or any(row.estimate is None for row in rows):
        return subject
    low, high = ends
    return translator(
        "{subject}: from {low} to {high}",
        subject=subject,
        low=low.printed_text,
        high=high.printed_text,
    )


def title_groups(translator: Translator[str], subject: str, rows: Sequence[Row], plain: str) -> str:
    """Return a title with the least and the greatest share of the groups shown; else ``plain``."""
    ends = _find_ends([row for row in rows if row.estimate is not None])
    if ends is None:
        return plain
    low, high = ends
    return translator(
        "{subject}: from {low} to {high} in the groups shown",
        subject=subject,
        low=low.printed_text,
        high=high.printed_text,
    )


def title_first_answers(
    translator: Translator[str], sections: Sequence[Section], plain: str, named: bool
) -> str:
    """Return a title with what stands first below the first two headings.

    It is ``plain`` where one of the two has no estimate there. ``named``: with the headings.
    """
    first = [section.rows[0] for section in sections[:2]]
    if len(first) < 2 or any(row.estimate is None for row in first):
        return plain
    if not named:
        return translator(
            "{label}, {share}; {other_label}, {other_share}",
            label=first[0].label,
            share=first[0].printed_text,
            other_label=first[1].label,
            other_share=first[1].printed_text,
        )
    return translator(
        "{heading}: {label}, {share}; {other_heading}: {other_label}, {other_share}",
        heading=sections[0].heading,
        label=first[0].label,
        share=first[0].printed_text,
        other_heading=sections[1].heading,
        other_label=first[1].label,
        other_share=first[1].printed_text,
    )


def _find_ends(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """Return the rows with the least and the greatest estimate; None where they print alike."""
    ordered = sorted((row for row in rows if row.estimate is not None), key=_read_estimate)
    if len(ordered) < 2 or len({strip_addresses(row.printed_text) for row in ordered}) < 2:
        return None
    return ordered[0], ordered[-1]


def _read_estimate(row: Row) -> float:
    return row.estimate or 0.0
