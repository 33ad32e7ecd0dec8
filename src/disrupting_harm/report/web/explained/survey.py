"""Write the page of a survey: every published number of it, and how it was made."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from inspect import getdoc
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from designbased.intervals.limits import INTERVALS, clopper_pearson
from disrupting_harm.comparison import ON_INTERNET_USE
from disrupting_harm.comparison.denominators import DENOMINATORS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.provenance.anchors import anchor_of_row
from disrupting_harm.provenance.explain.explain_survey import (
    DEGREES,
    HIDDEN_REASONS,
    PASSED,
    Line,
    base_of,
    describe_interval,
    describe_rounding,
    describe_variance,
    describe_weighting_steps,
    explain_questions,
    explain_sample,
    format_limits,
    level_label,
    recall_period,
)
from disrupting_harm.provenance.explain.lookup import PublishedFiles, read_numbered_rows, table_file
from disrupting_harm.provenance.moved_addresses import read_moved_rows
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.r_code.recompute import estimate_lines
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import unescape
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.reasons import translate_reasons
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.report.web.explained.comparison_and_evidence import write_page
from disrupting_harm.report.web.explained.tables import read_survey_tables
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.configuration.publication_config import Disclosure
from disrupting_harm.study.statuses import NOT_ASKED, RETRACTED_REASON, is_total
from disrupting_harm.study.study import Study

# The estimates of a survey by indicator: what its numbers share, and a row for each.


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

# How a number of each statistic comes about, in words.
NUMBER_STEPS = {
    "proportion": "The weights of those who count, divided by those of all who answered.",
    "mean": "Each answer times its weight, added up and divided by the weights of all who "
    "answered. Rounded once.",
    "total": "Each answer times its weight, added up. Rounded once.",
}

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
        about: of whom and of which time it speaks.
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
    period = f"; {recall_period(indicator)}" if indicator.recall != "none" else ""
    return Section(
        id=indicator.id,
        title=indicator.label,
        about=f"Of {base_of(indicator, study)}{period}.",
        questions=list_questions(indicator, study.codebook),
        missing=_describe_uncounted_answers(indicator),
        statistic=indicator.statistic,
        lines=definition_lines,
        figures=_describe_main_number(rows[0], study.config.estimation.confidence)
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
    answered = f"{int(row['n']):,} stand for {int(row['population']):,}"
    if indicator.statistic != "proportion":
        return f"{answered}."
    share = Decimal(row["estimate"])
    counted = _round_like(share, share * int(row["population"]))
    return f"{answered}; of these {counted:,} count."


def _round_like(share: Decimal, product: Decimal) -> int:
    """Return a product to as many significant digits as the share that it is made of has."""
    digits = len(share.normalize().as_tuple().digits)
    return int(Decimal(f"{product:.{max(digits, 2) - 1}e}"))


def _describe_main_number(row: Cells, confidence: float) -> str:
    """Return the quotient of weights that a share is, and how precise it is."""
    return (
        f"{int(row['n']):,} answered; their weights add up to {int(row['population']):,}. "
        f"{row['estimate']} of that counts.{_describe_precision(row, confidence)}"
    )


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
        return f" Effective answers: {n:,}."
    effective = Decimal(f"{brentq(find_excess_width, fewest, n):.1e}")
    return f" Effective answers: about {int(effective):,}."


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
            "Who skipped a part and said no to the others counts in part: as often yes as those "
            "with the same other answers."
        )
    left_out = "“Don't know” counts as no; other missing answers are left out."
    return left_out if indicator.dont_know == "no" else ""


def list_questions(indicator: Indicator, codebook: Codebook) -> list[str]:
    """Return the questions of an indicator in the codebook's words; of a composite of its parts."""
    translator = build_english().with_markup(MARKDOWN)
    labels = Labels(codebook, translator)
    questions = [
        unescape(describe_question(translator, labels, codebook, part))
        for part in _list_simple_parts(indicator, codebook)
    ]
    return list(dict.fromkeys(questions))


def _list_simple_parts(indicator: Indicator, codebook: Codebook) -> Iterator[Indicator]:
    if not indicator.any_of:
        yield indicator
    for name in indicator.any_of or ():
        yield from _list_simple_parts(codebook.indicator(name), codebook)


_BY_PLACE = "People of one place answer alike, so places are compared."
_EACH_ALONE = (
    "The data do not tell who was selected together: the interval holds only as if each person had "
    "been selected alone."
)


def describe_steps(
    study: Study, quality: Mapping[str, Any], rows: Sequence[Cells]
) -> list[tuple[str, str, str]]:
    """Return the steps from interviews to a number that many numbers share, in words.

    Args:
        quality: what is published on the survey's data (``quality.json``).
        rows: of its table of estimates.

    Returns:
        Title and text, each with the statistic that it is of; "" where it is of all.
    """
    undescribed = quality.get("undescribed", ())
    each_alone = "psu" in undescribed
    took_part = f"{quality['interviewed']:,} took part"
    took_part += "" if each_alone else f", in {quality['psus']:,} places"
    if quality["response_rates"]:
        took_part = f"Of {quality['drawn']:,} drawn, {took_part}"
    weights = "; ".join(describe_weighting_steps(study, undescribed=undescribed))
    statistics = study.codebook.statistics
    methods: dict[str, set[str]] = {statistic: set() for statistic in NUMBER_STEPS}
    for row in rows:
        methods[statistics[row["indicator"]]].update(filter(None, [row["interval"]]))
    of_statistics = {statistic: names for statistic, names in methods.items() if names}
    return [
        ("Who took part", f"{took_part}.", ""),
        ("Weights", f"Each stands for many: {weights}.", ""),
        *(("The number", NUMBER_STEPS[statistic], statistic) for statistic in of_statistics),
        *(
            (
                "The interval",
                f"{_EACH_ALONE if each_alone else _BY_PLACE} Method: "
                f"{_name_methods(names)}, {100 * study.config.estimation.confidence:g}%.",
                statistic,
            )
            for statistic, names in of_statistics.items()
        ),
    ]


def _name_methods(names: Collection[str]) -> str:
    """Return the plain names of intervals, as sentences below figures have them."""
    phrases = {name: method.phrase for name, method in INTERVALS.items() if method.phrase}
    return " or ".join(
        phrases.get(name, LABELS.get(name, name)).removesuffix(" method") for name in sorted(names)
    )


def _format_numbers(
    indicator: Indicator, rows: Sequence[Cells], study: Study, codes: Sequence[str]
) -> list[Number]:
    numbers = []
    for row in rows:
        group = _format_group_name(row, study)
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


def _format_group_name(row: Cells, study: Study) -> str:
    """Return the name of a group without its domain, which is said once for all indicators."""
    if is_total(row):
        return "Everyone"
    return level_label(row["level"], row["domain"], study.codebook)


def _list_groups(rows: Sequence[Cells], study: Study) -> str:
    """Return the domains of a table, each with its groups, in the order of the table."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if not is_total(row):
            groups.setdefault(row["domain"], {})[_format_group_name(row, study)] = None
    labels = {domain.id: domain.label for domain in study.codebook.domains}
    return "; ".join(f"{labels[domain]}: {', '.join(names)}" for domain, names in groups.items())


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


# What all estimates of a survey have in common: who was asked, weights, formulas and rules.


# w: weight; y: the answer, of a share 1 for yes and 0 for no.
POINT = {
    "proportion": "p = Σ w y / Σ w over those of the group who answered; y is 1 for yes, 0 for no",
    "mean": "p = Σ w y / Σ w over those of the group who answered; y is the answer",
    "total": "p = Σ w y over those of the group who answered; y is the answer",
}
IMPUTED = (
    "p = Σ w v / Σ w over those of the group who were asked any part; v is 1 for a yes to any "
    "part, 0 for a no to all, and for those with open parts and no yes the weighted share of yes "
    "to these parts among those who answered all and have no yes in the others"
)
VARIANCE = (
    "V = Σ over strata of (1 − f) m / (m − 1) Σ over PSUs of (z − z̄)²; z is a PSU's sum of "
    "w (y − p) / Σ w (of a total: of w y) in the group, 0 where nobody of the group is, z̄ the "
    "mean of z in the stratum, m its PSUs, f the part of all PSUs that was drawn, where it is "
    "known, else 0"
)
_ONE_PSU = {
    "fail": "a stratum with one PSU ends the run",
    "collapse": "a stratum with one PSU is joined with a neighbour",
    "centre": "a stratum with one PSU takes its deviation from the mean of all PSUs",
    "average": "a stratum with one PSU counts as the mean of the others",
    "certainty": "a stratum with one PSU adds nothing",
    "remove": "a stratum with one PSU adds nothing",
}
_T = "p ± t √V; t is that of the degrees of freedom"
_EFFECTIVE = "n* = min(n, p (1 − p) / V · (t of n − 1 / t of the degrees of freedom)²)"
# By interval; limits in the order low, high. docs/methods.md has their sources.
LIMITS = {
    "korn_graubard": f"{_EFFECTIVE}; the limits of Clopper and Pearson for n* answers, p n* of "
    "them yes; where p is 0 or 1 for n answers",
    "korn_graubard_stabilised": "as korn_graubard, with a design effect that is averaged with the "
    "one that weights and PSUs make likely, and never smaller than its own",
    "beta": "as korn_graubard, but n* may be larger than n",
    "logit": "the limits of logit p ± t √V / (p (1 − p)), turned back into shares",
    "modified_wilson": "the limits of Wilson for p (1 − p) / V answers, corrected once for the "
    "degrees of freedom",
    "arcsine": "sin²(arcsin √p ± t / (2 √(p (1 − p) / V)))",
    "likelihood": "all shares that a likelihood ratio for p (1 − p) / V answers does not refuse",
    "wald_t": _T,
    "log_t": "exp(log p ± t √V / p)",
}


def describe_common_methods(
    study: Study, quality: Mapping[str, Any], rows: Sequence[Mapping[str, str]]
) -> list[Line]:
    """Return what is the same for all estimates of a survey.

    Args:
        quality: what is published on the country's data (``quality.json``).
        rows: of its table of estimates.
    """
    config = study.config
    return [
        *explain_sample(quality),
        *([("groups", groups)] if (groups := _list_groups(rows, study)) else []),
        (
            "weights",
            "; ".join(
                describe_weighting_steps(study, undescribed=quality.get("undescribed", ()))
            ),
        ),
        *_describe_formulas(study.codebook, config, {row["indicator"] for row in rows}),
        *_describe_limits(config, {row["interval"] for row in rows if row["estimate"]}),
        ("degrees of freedom", f"{DEGREES.partition(': ')[2]}; at most "
         f"{quality['psus'] - quality['strata']}"),
        ("counts", "yes to the question, where it names no other answers"),
        ("missing answers", f"{USUAL}, where an indicator says nothing else"),
        ("answers (n)", "answers that count, not weighted; of a sensitive question the most of all "
         "that were put to the same respondents, so that it tells of none who gave no answer, "
         "and groups may add up to a few more than all"),
        *_describe_publication_rules(config, rows),
    ]  # fmt: skip


def _describe_formulas(
    codebook: Codebook, config: Configuration, indicator_ids: Collection[str]
) -> list[Line]:
    estimation = config.estimation
    published = [indicator for indicator in codebook.indicators if indicator.id in indicator_ids]
    imputed = {
        indicator.id
        for indicator in published
        if indicator.any_of and indicator.partly_missing == "imputed"
    }
    formula_lines = []
    for statistic in POINT:
        indicators_of_statistic = [
            indicator for indicator in published if indicator.statistic == statistic
        ]
        if any(indicator.id not in imputed for indicator in indicators_of_statistic):
            formula_lines.append((f"weighted {statistic}", POINT[statistic]))
    if imputed:
        formula_lines.append(("weighted proportion of a composite", IMPUTED))
    formula_lines.append(("variance", describe_variance(estimation).partition(" ")[2]))
    formula_lines.append(("", f"{VARIANCE}; {_ONE_PSU[estimation.lonely_psu]}"))
    if imputed:
        formula_lines.append(("", "of a composite z has the error of the imputed shares, too"))
    formula_lines += [
        ("rounding", f"{statistic}: {describe_rounding(statistic, config.publication)}")
        for statistic in POINT
        if any(indicator.statistic == statistic for indicator in published)
    ]
    return formula_lines


def _describe_limits(config: Configuration, methods: Collection[str]) -> list[Line]:
    return [
        (
            "interval",
            f"{describe_interval(method, config.estimation)}: {_find_limit_formula(method)}",
        )
        for method in sorted(filter(None, methods))
    ]


def _find_limit_formula(method: str) -> str:
    """Return the formula of limits; for the study's own intervals the head of their docstring."""
    if method in LIMITS:
        return LIMITS[method]
    formula = (getdoc(INTERVALS[method].function) or "").partition("\n")[0].rstrip(".")
    return formula or f"by the function {method}"


def _describe_publication_rules(
    config: Configuration, rows: Sequence[Mapping[str, str]]
) -> list[Line]:
    """Return what decides whether a number is printed, and what the words of rows mean."""
    policy, disclosure = POLICIES[config.publication.reliability], config.publication.disclosure
    translator = build_english(config.study.areas, config.study.respondents).with_markup(MARKDOWN)
    statuses = {row["status"] for row in rows}
    return [
        ("reliability", f"{policy.title}. {policy.source} A number without a remark meets it."),
        *(("", f"({number}) {code}: {translate_reasons(translator, code)}")
          for number, code in enumerate(collect_reason_codes(rows), start=1)),
        ("disclosure", f"A printed number {PASSED}. {_describe_thresholds(disclosure)}"),
        *(
            (f"“{word}”", HIDDEN_REASONS[status])
            for status, word in SHORT.items()
            if status in statuses
        ),
        ("", "Of a hidden number no more than that is told: not whether few said so, nor "
         "whether it could be worked out from other cells."),
    ]  # fmt: skip


def _describe_thresholds(disclosure: Disclosure) -> str:
    min_count, min_count_sensitive = disclosure.min_count, disclosure.min_count_sensitive
    sentence = f"Too few are fewer than {min_count} who said yes, who did not, or who answered"
    if min_count_sensitive != min_count:
        sentence += f"; of sensitive questions, in groups, fewer than {min_count_sensitive}"
    bounds = {
        "plain": "",
        "ranges": " A bound in place of a number holds for all of the group (97.5 per cent sure). "
        "Where few said yes it follows from how many answered and how they were drawn, not from "
        "what they said.",
        "coded": " A bound stands wherever the estimate lies within it, whatever the count.",
    }
    return f"{sentence}.{bounds[disclosure.method]}"


def write_survey_page(
    survey: str, study: Study, *, public: Path, templates: Path, inputs: Sequence[str]
) -> Path:
    """Write ``explained/{survey}.html``; the same public files and definitions give the same bytes.

    Args:
        survey: code of a country, or of an earlier survey of one.
        public: the public results, of which the survey's folder is read, and from the comparison
            how many children its shares stand for.
        inputs: names of the files of data behind the numbers, without folders of this machine.
    """
    file = f"countries/{survey}/{ESTIMATES}.csv"
    rows = [row for _, row in read_numbered_rows(public / file)]
    recipes = RLines(study)
    row = study.row(survey)
    translator = build_english(study.config.study.areas, study.config.study.respondents)
    sections_by_module = group_sections_by_module(
        rows, study, recipes, _read_numbers_of_children(public, survey)
    )
    quality = read_json(public / "countries" / survey / "quality.json")
    context: dict[str, Any] = {
        "survey": survey,
        "way": [
            (f"../countries/{row.country}.html", translator.country(row.country, row.name)),
            ("#all-numbers", "All numbers"),
        ],
        "place": translator.country(row.country, row.name),
        "name": translator.country(row.country, row.name),
        "parts": sections_by_module,
        "example": _find_example_anchor(sections_by_module),
        "steps": describe_steps(study, quality, rows),
        "not_reached": study.config.study.not_reached,
        "common": describe_common_methods(study, quality, rows),
        "recipes": recipes,
        "level": LEVEL,
        "tables": read_survey_tables(PublishedFiles(public), survey),
        "moved": _list_moved_anchors(public, survey),
        "file": file,
        "digest": sha256(public / file),
        "inputs": inputs,
        "simulated": study.config.study.simulated,
        "confidence": f"{100 * study.config.estimation.confidence:g}",
    }
    return write_page(
        survey, "survey.html.j2", context, study=study, public=public, templates=templates
    )


def _read_numbers_of_children(public: Path, survey: str) -> NumbersOfChildren:
    """Return how many children shares stand for; none of an earlier wave, or without comparison."""
    path = public / table_file(COMPARE, ON_INTERNET_USE[0])
    rows_by_indicator: dict[str, dict[str, Cells]] = {}
    for _, row in read_numbered_rows(path) if path.is_file() else ():
        if row["country"] == survey and row["children"]:
            rows_by_indicator.setdefault(row["indicator"], {})[row["denominator"]] = row
    return rows_by_indicator


def _find_example_anchor(sections_by_module: Sequence[tuple[str, Sequence[Section]]]) -> str:
    """Return the anchor of a number of a group, or of any: links to it are shown as an example."""
    sections_and_numbers = [
        (section, number)
        for _, sections in sections_by_module
        for section in sections
        for number in section.numbers
    ]
    of_groups = [number.anchor for _, number in sections_and_numbers if number.anchor and number.n]
    return of_groups[0] if of_groups else sections_and_numbers[0][0].id


def _list_moved_anchors(public: Path, survey: str) -> list[tuple[str, str, str]]:
    """Return old anchors of the survey, the anchors that took their place, and what became."""
    return [
        (anchor_of_row(moved_row.old), anchor_of_row(moved_row.new), moved_row.describe())
        for moved_row in read_moved_rows(public).values()
        if moved_row.old.startswith(f"{survey}/")
    ]
