"""The estimates of a survey by indicator: what its numbers share, and a row for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import numpy as np
from scipy.optimize import brentq

from designbased.intervals.limits import clopper_pearson
from disrupting_harm.comparison.denominators import DENOMINATORS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.anchors import anchor_of_row
from disrupting_harm.provenance.explain.explain_survey import (
    Line,
    describe_weighting_steps,
    explain_questions,
    format_limits,
    level_label,
    recall_period,
)
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.r_code.recompute import estimate_lines
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import unescape
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import NOT_ASKED, RETRACTED_REASON, is_total
from disrupting_harm.study.study import Study

# In the lines of R: the level of the row, as its address has it behind ':'.
LEVEL = "LEVEL"
# Why a row has no number; what these words mean is said once, at the head of the page.
SHORT = {
    "suppress_disclosure": "hidden",
    "suppress_reliability": "uncertain",
    NOT_ASKED: "not asked",
}

# What was wrong is no hidden number.
RETRACTED = "retracted, as it was wrong"

# How missing answers count where an indicator says nothing else: said once for all.
USUAL = "don't know is a missing answer; other missing answers are left out"

Cells = Mapping[str, str]
# By indicator and denominator: rows of the comparison.
NumbersOfChildren = Mapping[str, Mapping[str, Cells]]


@dataclass(frozen=True)
class Number:
    """A row: its anchor ("" of the total), its group, and what is printed; n of a number alone."""

    anchor: str
    group: str
    printed: str
    n: str = ""


@dataclass(frozen=True)
class Section:
    """An indicator: what is the same for all its numbers, and the numbers.

    Attributes:
        id, title: of the indicator.
        about: of whom it speaks, where these are not all, and of which time; may be empty.
        questions: of the codebook, with the answers that count; of a composite those of its parts.
        missing: how missing answers count; "" where as in nearly all indicators.
        statistic: what kind of number it has.
        lines: what else is its own, and not said for all.
        figures: how many answered, for how many they stand, and how precise the number is; "" where
            that is not printed.
        children: from the share to a number of children; "" where the study prints none.
        in_words: why a text may say "1 in 6"; "" where none may.
        recipe: number of its lines of R among the page's; 0 where there are none.
        numbers: its rows, in the order of the table.
    """

    id: str
    title: str
    about: str
    questions: Sequence[str]
    missing: str
    statistic: str
    lines: Sequence[Line]
    figures: str
    children: str
    in_words: str
    recipe: int
    numbers: Sequence[Number]


class RLines:
    """Lines of R, each text once.

    Attributes:
        texts: in the order of their first use.
        why_not: why there are none, where R's package lacks a rule of the study; else empty.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self.texts: list[str] = []
        self.why_not = ""

    def find_recipe(self, rows: Sequence[Cells]) -> int:
        """Return the number of the lines that compute the numbers of an indicator; 0 for none."""
        rows_with_estimate = [row for row in rows if row["estimate"]]
        if not rows_with_estimate:
            return 0
        try:
            r_lines = estimate_lines({**rows_with_estimate[0], "level": LEVEL}, self._study)
        except StudyError as error:
            self.why_not = error.found
            return 0
        if r_lines not in self.texts:
            self.texts.append(r_lines)
        return self.texts.index(r_lines) + 1


def group_sections_by_module(
    rows: Sequence[Cells], study: Study, r_lines: RLines, children: NumbersOfChildren
) -> list[tuple[str, list[Section]]]:
    """Return the indicators in the order of the table, under the labels of their modules.

    Args:
        rows: of the table of estimates.
        r_lines: gets the lines of R.
        children: by indicator, how many children its share stands for.
    """
    indicators_by_id = {indicator.id: indicator for indicator in study.codebook.indicators}
    labels = {indicator.id: indicator.label for indicator in study.codebook.modules}
    codes = collect_reason_codes(rows)
    rows_by_indicator = [
        (indicators_by_id[name], list(indicator_rows))
        for name, indicator_rows in groupby(rows, itemgetter("indicator"))
    ]
    return [
        (
            labels[module],
            [
                _describe_indicator(
                    indicator, indicator_rows, study, r_lines, codes, children.get(indicator.id)
                )
                for indicator, indicator_rows in indicators_of_module
            ],
        )
        for module, indicators_of_module in groupby(
            rows_by_indicator, lambda indicator_and_rows: indicator_and_rows[0].module
        )
    ]


def _describe_indicator(
    indicator: Indicator,
    rows: Sequence[Cells],
    study: Study,
    r_lines: RLines,
    codes: Sequence[str],
    children: Mapping[str, Cells] | None,
) -> Section:
    # Who was asked and which answers count stand in the words of the codebook.
    definition_lines = [
        line for line in explain_questions(indicator, study.codebook) if line[0] == "made of"
    ]
    if indicator.weight is not None:
        definition_lines.append(("weights", describe_weighting_steps(study, indicator)[0]))
    if indicator.statistic != "proportion":
        definition_lines.append(("estimator", f"weighted {indicator.statistic}"))
    period = recall_period(indicator) if indicator.recall != "none" else ""
    # The page says once of whom its numbers are, and the heading of a number that is shown alone.
    base = f"of {indicator.base}" if indicator.base else ""
    about = "; ".join(filter(None, (base, period)))
    return Section(
        id=indicator.id,
        title=indicator.label,
        about=f"{about[:1].upper()}{about[1:]}." if about else "",
        questions=list_questions(indicator, study.codebook),
        missing=_describe_uncounted_answers(indicator),
        statistic=indicator.statistic,
        lines=definition_lines,
        figures=_describe_main_number(indicator, rows[0], study.config.estimation.confidence)
        if children
        else _describe_figures(indicator, rows[0]),
        children=_describe_children(rows[0], children) if children else "",
        in_words=_describe_words(rows[0]) if children else "",
        recipe=r_lines.find_recipe(rows),
        numbers=_format_numbers(indicator, rows, study, codes),
    )


def _describe_figures(indicator: Indicator, row: Cells) -> str:
    """Return how many answered, for how many they stand, and for how many those who count do.

    The last is worked out from the printed share, and has no more digits than that.
    """
    # Weights that add up to few, as those of some files do, say of nobody how many there are.
    if not (is_total(row) and row["estimate"]) or int(row["population"] or 0) <= int(row["n"]):
        return ""
    n, population = _format_sizes(indicator, row)
    answered = f"{n} stand for {population}"
    if indicator.statistic != "proportion":
        return f"{answered}."
    share = Decimal(row["estimate"])
    counted = _round_like(share, share * int(row["population"]))
    return f"{answered}; {counted:,} count."


def _round_like(share: Decimal, product: Decimal) -> int:
    """Return a product to as many significant digits as the share that it is made of has."""
    digits = len(share.normalize().as_tuple().digits)
    return int(Decimal(f"{product:.{max(digits, 2) - 1}e}"))


def _describe_main_number(indicator: Indicator, row: Cells, confidence: float) -> str:
    """Return the quotient of weights that a share is, and how precise it is."""
    n, population = _format_sizes(indicator, row)
    precision = _describe_precision(row, confidence)
    return (
        f"{n} answered; their weights add up to {population}. "
        f"{row['estimate']} of that counts.{precision}"
    )


def _format_sizes(indicator: Indicator, row: Cells) -> tuple[str, str]:
    """Return how many answered, and the sum of their weights, as a sentence begins with them.

    Of a sensitive indicator they are the most of all that were put to the same persons, so that
    nobody can work out how many kept silent.
    """
    sizes = f"{int(row['n']):,}", f"{int(row['population']):,}"
    return (f"At most {sizes[0]}", f"at most {sizes[1]}") if indicator.sensitive else sizes


def _describe_precision(row: Cells, confidence: float) -> str:
    """Return how many answers, each drawn alone, have an interval as wide as the printed one.

    The interval is that of Clopper and Pearson. The number has two significant digits, as the
    limits have hardly more. Empty for limits that such an interval cannot have.
    """
    share, low, high = (float(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    n = int(row["n"])

    def find_excess_width(answers: float) -> float:
        limits = clopper_pearson(np.array([share]), np.array([answers]), confidence)
        return float(limits[1][0] - limits[0][0]) - (high - low)

    fewest = 2.0
    if not low < share < high or find_excess_width(fewest) <= 0:
        return ""
    if find_excess_width(n) >= 0:
        return f" Effective sample size: {n:,}."
    effective = Decimal(f"{brentq(find_excess_width, fewest, n):.1e}")
    return f" Effective sample size: about {int(effective):,}."


def _describe_words(row: Cells) -> str:
    """Return how "1 in k" follows from a share as texts print it; "" where none does."""
    whole = int(row["whole"])
    parts = PercentInterval(whole, int(row["whole_low"]), int(row["whole_high"]), False).one_in
    if parts is None:
        return ""
    return (
        f"{row['shown']}% is {whole} in whole per cent, as is 100 ÷ {parts} = {100 / parts:.1f}: "
        f"1 in {parts}."
    )


def _describe_children(row: Cells, children: Mapping[str, Cells]) -> str:
    """Return how the number of children follows from a share, as the comparison publishes both."""
    online, all_of_age = (children[denominator] for denominator in DENOMINATORS)
    rate = f"{(100 * Decimal(online['internet_use_rate'])).normalize():f}"
    total, users, counted, low, high = (
        f"{int(number):,}"
        for number in (
            all_of_age["population"],
            *(online[key] for key in ("population", "children", "children_low", "children_high")),
        )
    )
    # Each source once; of a number that the study invented there is none.
    named = dict.fromkeys([online["population_source"], online["internet_use_source"]])
    sources = "; ".join(filter(None, named)) or "no source"
    return (
        f"{total} children × {rate}% online = {users} ({sources}). {row['shown']}% are {counted} "
        f"({low}–{high})."
    )


def _describe_uncounted_answers(indicator: Indicator) -> str:
    """Return what becomes of answers that are missing; "" where they are left out, as mostly."""
    if indicator.any_of and indicator.partly_missing == "imputed":
        return (
            "A part left open, with no to the rest, counts by the share of yes among those "
            "answering alike."
        )
    left_out = "“Don't know” counts as no; other missing answers are left out."
    return left_out if indicator.dont_know == "no" else ""


def list_questions(indicator: Indicator, codebook: Codebook) -> list[str]:
    """Return the questions of an indicator in the codebook's words; of a composite its parts."""
    if indicator.any_of:
        # Each part has its question in a section of its own.
        parts = _list_simple_parts(indicator, codebook)
        return list(dict.fromkeys(part.figure_label for part in parts))
    translator = build_english().with_markup(MARKDOWN)
    labels = Labels(codebook, translator)
    return [unescape(describe_question(translator, labels, codebook, indicator))]


def _list_simple_parts(indicator: Indicator, codebook: Codebook) -> Iterator[Indicator]:
    if not indicator.any_of:
        yield indicator
    for name in indicator.any_of or ():
        yield from _list_simple_parts(codebook.indicator(name), codebook)


def _format_numbers(
    indicator: Indicator, rows: Sequence[Cells], study: Study, codes: Sequence[str]
) -> list[Number]:
    numbers = []
    for row in rows:
        group = format_group_name(row, study)
        value, n = _describe_hidden_number(indicator, row), ""
        if row["estimate"]:
            low, high = format_limits(row, indicator)
            value = f"{row['shown']}{_unit_of(indicator)} ({low}–{high})"
            n = f"{int(row['n']):,}"
        # The total is found by the heading of its indicator.
        anchor = "" if is_total(row) else anchor_of_row(address_of_row(ESTIMATES, row))
        numbers.append(Number(anchor, group, value + _format_remark(row, codes), n))
    return numbers


def _unit_of(indicator: Indicator) -> str:
    return "%" if indicator.statistic == "proportion" else ""


def _describe_hidden_number(indicator: Indicator, row: Cells) -> str:
    """Return the word for why there is no number, and the bound in its place."""
    if row["reason"] == RETRACTED_REASON:
        return RETRACTED
    word = SHORT.get(row["status"], "no number")
    return f"{word}: {row['shown']}{_unit_of(indicator)}" if row["bound_high"] else word


def format_group_name(row: Cells, study: Study) -> str:
    """Return the name of a group without its domain, which is said once for all indicators."""
    if is_total(row):
        return "Everyone"
    return level_label(row["level"], row["domain"], study.codebook)


def _format_remark(row: Cells, codes: Sequence[str]) -> str:
    """Return what marks a row: an unusual status and its reasons."""
    remark = f" {row['status']}" if row["status"] in ("caution", "review") else ""
    if row["status"] != "suppress_disclosure" and row["reason"]:
        reason_numbers = [str(codes.index(code) + 1) for code in row["reason"].split(";")]
        remark += f" ({', '.join(reason_numbers)})"
    return remark


def collect_reason_codes(rows: Iterable[Cells]) -> list[str]:
    """Return the sorted codes of reasons; rows name them by number, hidden rows name none."""
    reasons = {row["reason"] for row in rows if row["status"] != "suppress_disclosure"}
    return sorted({code for reason in reasons for code in reason.split(";") if code})
