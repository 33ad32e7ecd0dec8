"""How an estimate of a survey was made: what is the same for all, for an indicator, for a row.

The command ``explain`` says all of it of one number; the page of a country says what numbers have
in common once. Of a hidden number nothing is told that tells it from another hidden one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.country_names import english_name
from disrupting_harm.study.statuses import (
    NOT_ASKED,
    RETRACTED_REASON,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
    is_total,
)
from disrupting_harm.study.study import Study

# A line of an explanation: what it is about, and what it says.
Line = tuple[str, str]
# What is said of a number that is not printed.
HIDDEN_REASONS = {
    SUPPRESS_DISCLOSURE: "hidden, to protect respondents",
    SUPPRESS_RELIABILITY: "hidden: it is too uncertain to be printed",
    NOT_ASKED: "the survey did not ask: there is no number, and nothing is hidden",
}
NOT_TOLD = "not told, as the number is hidden to protect respondents"
PASSED = "rests on enough answers, and is not to be worked out from other cells"
# Of whom a question is asked that has no universe of its own.
EVERYONE = "all who were interviewed"
DEGREES = "degrees of freedom: PSUs less strata, of those who answered"
PSU = "primary sampling units (PSUs), such as villages or blocks,"
# What the steps of weighting are called where a study has them.
_WEIGHT_SOURCES = {
    "column": "weights of the file, as the survey's owners made them",
    "selection": "1 over the chance to be drawn (place, household, person)",
}
EQUAL_WEIGHTS = "none in the data: all answers count alike"
_RECALL = {
    "none": "no reference period", "past_year": "the past year", "lifetime": "ever",
    "past_three_months": "the past three months", "last_time": "the last time it happened",
}  # fmt: skip
_PARTLY_MISSING = {
    "imputed": "a composite with open answers and no yes counts with the share of yes among those "
    "who gave the same other answers",
}


def explain_estimate(row: Mapping[str, str], study: Study) -> list[Line]:
    """Return what is said of one row of the table of estimates."""
    indicator = next(
        known_indicator
        for known_indicator in study.codebook.indicators
        if known_indicator.id == row["indicator"]
    )
    mapping = study.mappings.get(row["country"])
    undescribed = mapping.undescribed if mapping else ()
    return [
        ("value", _format_estimate(row, indicator, study)),
        ("what it is", _describe_indicator(row, indicator, study)),
        *explain_questions(indicator, study.codebook),
        ("missing", describe_missing_answers(indicator)),
        ("weights", "; ".join(describe_weighting_steps(study, indicator, undescribed))),
        (
            "estimator",
            f"weighted {indicator.statistic}; {describe_variance(study.config.estimation)}",
        ),
        ("df", DEGREES),
        # Of a hidden number no interval is named: a table of means has another one.
        *(
            [("interval", describe_interval(row["interval"], study.config.estimation))]
            if _has_printed_interval(row)
            else []
        ),
        ("rounding", describe_rounding(indicator.statistic, study.config.publication)),
        *explain_verdict(row, study.config.publication),
    ]


def _has_printed_interval(row: Mapping[str, str]) -> bool:
    return bool(row["estimate"] and row["interval"])


def _format_estimate(row: Mapping[str, str], indicator: Indicator, study: Study) -> str:
    if not row["estimate"]:
        return explain_hidden_number(row, indicator)
    low, high = format_limits(row, indicator)
    level = f"{100 * study.config.estimation.confidence:g} per cent interval"
    return f"{row['shown']}{_unit_suffix(indicator)} ({level} {low} to {high}), n {row['n']}"


def _unit_suffix(indicator: Indicator) -> str:
    return " per cent" if indicator.statistic == "proportion" else ""


def format_limits(row: Mapping[str, str], indicator: Indicator) -> tuple[str, str]:
    """Return the limits of a row with an estimate as printed, low first: shares in per cent."""
    factor = 100 if indicator.statistic == "proportion" else 1
    digits = len(row["shown"].partition(".")[2])
    low, high = (f"{factor * float(row[name]):.{digits}f}" for name in ("ci_low", "ci_high"))
    return low, high


def explain_hidden_number(row: Mapping[str, str], indicator: Indicator) -> str:
    """Return why a row has no estimate, and the bound that is printed in its place, if any is."""
    reason = HIDDEN_REASONS.get(row["status"], "there is no number")
    bound = (
        f"; printed in its place: {row['shown']}{_unit_suffix(indicator)}"
        if row["bound_high"]
        else ""
    )
    return f"{reason}{bound}"


def _describe_indicator(row: Mapping[str, str], indicator: Indicator, study: Study) -> str:
    country = study.countries.get(row["country"])
    name = english_name(row["country"], country.name if country else None)
    group = ""
    if not is_total(row):
        domain = next(domain for domain in study.codebook.domains if domain.id == row["domain"])
        group = f"; {domain.label}: {level_label(row['level'], row['domain'], study.codebook)}"
    base = base_of(indicator, study)
    return f"{indicator.label}, of {base}, {name}{group}; {recall_period(indicator)}"


def base_of(indicator: Indicator, study: Study) -> str:
    """Return of whom a number speaks."""
    return indicator.base or study.config.study.population


def recall_period(indicator: Indicator) -> str:
    """Return of which time a number speaks."""
    return _RECALL[indicator.recall]


def level_label(name: str, domain_id: str, codebook: Codebook) -> str:
    """Return the label of a level of a domain; of a crossed one both labels."""
    domain = next(
        codebook_entry for codebook_entry in codebook.domains if codebook_entry.id == domain_id
    )
    if domain.cross and name not in domain.levels_label:
        level_pairs = zip(name.split("|"), domain.cross, strict=True)
        return ", ".join(level_label(level, cross, codebook) for level, cross in level_pairs)
    item = next(
        (codebook_entry for codebook_entry in codebook.items if codebook_entry.id == domain.item),
        None,
    )
    labels = {**(item.value_labels if item else {}), **domain.levels_label}
    return labels.get(name, name)


def explain_questions(indicator: Indicator, codebook: Codebook) -> list[Line]:
    """Return the questions behind an indicator, and which answers count."""
    item_ids = {indicator.value, *(item.item for item in indicator.numerator)}
    no_wording = "its wording is not in the codebook"
    lines = [
        ("question", f"{item.id}: {item.question or no_wording}")
        for item in codebook.items
        if item.id in item_ids
    ]
    if indicator.any_of:
        lines.append(("made of", f"any yes to {', '.join(indicator.any_of)}"))
    if indicator.numerator:
        lines.append(("counts", " and ".join(map(str, indicator.numerator))))
    universe = " and ".join(map(str, indicator.universe)) or EVERYONE
    return [*lines, ("asked of", universe)]


def explain_sample(quality: Mapping[str, Any]) -> list[Line]:
    """Return who was asked in a survey, and which rows of its file were left out and why.

    Args:
        quality: what is published on its data (``quality.json``).
    """
    interviews = f"{quality['interviewed']} interviewed"
    if quality.get("response_rates"):
        interviews += f", {quality['drawn']} drawn"
    dropped = [
        f"{dropped_row['reason']}: {dropped_row['count']}"
        for dropped_row in quality.get("dropped_rows", ())
    ]
    return [
        ("who was asked", f"{interviews}; {_describe_draw(quality)}"),
        ("rows left out", "; ".join(dropped) or "none"),
    ]


def _describe_draw(quality: Mapping[str, Any]) -> str:
    if "psu" in quality.get("undescribed", ()):
        return "the data do not tell how they were drawn"
    strata = quality["strata"]
    return f"{quality['psus']} {PSU} in {strata} {'stratum' if strata == 1 else 'strata'}"


def describe_missing_answers(indicator: Indicator) -> str:
    """Return how missing answers count."""
    dont_know_rules = {"missing": "don't know is a missing answer", "no": "don't know counts as no"}
    rules = [dont_know_rules[indicator.dont_know], "other missing answers are left out"]
    if indicator.any_of:
        rule = indicator.partly_missing
        rules.append(_PARTLY_MISSING.get(rule, f"a composite with open answers: {rule}"))
    return "; ".join(rules)


def describe_weighting_steps(
    study: Study, indicator: Indicator | None = None, undescribed: Collection[str] = ()
) -> list[str]:
    """Return the steps by which weights come about, in words.

    Args:
        undescribed: keys of the design of which the country's data do not tell.
        indicator: one that may have weights of a subsample of its own.
    """
    if indicator is not None and indicator.weight is not None:
        return [f"weights of the subsample {indicator.weight}"]
    weighting = study.config.weighting
    steps = [EQUAL_WEIGHTS if "weight" in undescribed else _WEIGHT_SOURCES[weighting.source]]
    if weighting.nonresponse:
        classes = _list_domain_labels(weighting.nonresponse.classes, study.codebook)
        way = "by" if weighting.nonresponse.method == "classes" else "by chances of an answer from"
        steps.append(f"adjusted for non-response {way} {classes}")
    if weighting.margins:
        margins = _list_domain_labels(weighting.margins, study.codebook)
        steps.append(f"fitted to population totals of {margins}")
    if weighting.trimming and weighting.trimming.method != "none":
        # In the words of reports and of the page of methods.
        steps.append(
            "extreme weights are capped where the design effect of weighting exceeds "
            f"{weighting.trimming.only_above_deff:.1f}"
        )
    return steps


def _list_domain_labels(domain_ids: Sequence[str], codebook: Codebook) -> str:
    labels = {domain.id: domain.label for domain in codebook.domains}
    return ", ".join(f"“{labels[domain_id]}”" for domain_id in domain_ids)


def describe_variance(estimation: Estimation) -> str:
    """Return how the variance of an estimate comes about."""
    errors = "with" if estimation.calibrated_errors else "without"
    return (
        f"variance between PSUs within strata, by linearisation, {errors} regard to the calibration"
    )


def describe_interval(method: str, estimation: Estimation) -> str:
    """Return the name of an interval and its level."""
    return f"{LABELS.get(method, method)} ({method}), {100 * estimation.confidence:g} per cent"


def describe_rounding(statistic: str, publication: Publication) -> str:
    """Return how numbers are rounded: by n alone, never by what was answered."""
    if statistic != "proportion":
        return "three significant digits; limits with the same decimals"
    least = publication.rounding.one_decimal_from
    return f"tenths of a per cent from n {least} on, whole per cent below; limits as the estimate"


def explain_verdict(row: Mapping[str, str], publication: Publication) -> list[Line]:
    """Return what the presentation standard and disclosure control say, as far as it is public."""
    policy = POLICIES[publication.reliability]
    if row["reason"] == RETRACTED_REASON:
        return [
            ("disclosure", "retracted, as it was wrong; too few answers change for a new number")
        ]
    if row["status"] == SUPPRESS_DISCLOSURE:
        return [("reliability", NOT_TOLD), ("disclosure", HIDDEN_REASONS[row["status"]])]
    reasons = f" ({row['reason']})" if row["reason"] else ""
    lines = [("reliability", f"{policy.title}: {row['status']}{reasons}")]
    if row["estimate"]:
        lines.append(("disclosure", PASSED))
    return lines


# How a number of evidence was made: what its table has, what is computed, what is protected.


_CHANGE = (
    "change_percent",
    "from one year to the next, where the same source counts the same thing; never across a break",
)
_RATE = (
    "rate_per_1000_children",
    "1,000 × the count / children of the country aged 12-17; none without a published number of "
    "them",
)
_RANGE = (
    "ratios",
    "the smallest, the middle and the largest of a year's count over that of the year before; they "
    "describe what was seen, and forecast nothing",
)
_BAND = (
    "band",
    "from 8 asked on: few_or_none below a third, most_or_all above two thirds, else some; printed "
    "where the count, or the others, are few",
)
_AS_IN_SOURCE = ("numbers", "as the source has them")

# What is computed in a public table; the others have numbers as their source tells them.
EVIDENCE_METHODS: dict[str, tuple[Line, ...]] = {
    "cybertips": (
        ("reports", PLACED_BY_UPLOAD),
        _CHANGE,
        ("share_world_percent", "100 × reports / the reports of the world in that year"),
    ),
    "cybertip_changes": (_RANGE,),
    "reporters": (
        ("share_percent", "100 × reports / all reports of that year"),
        ("hhi, hhi_high", "sum of the squared shares: at the least, and whoever made the reports "
         "without a known reporter"),
    ),
    "transparency": (_CHANGE,),
    "offence_rates": (
        ("offences", "added over offence codes, and over nothing else; incomplete where a part has "
         "no number, and then without a rate"),
        _RATE, _CHANGE,
    ),
    "offence_changes": (_RANGE,),
    "hotlines": (_CHANGE,),
    "capacity_profile": (
        ("score_mean", "mean of the items asked, each averaged over agencies, from 0 to 3"),
        ("gap", "(3 − score_mean) / 3"),
    ),
    "capacity_needs": (
        ("rank_low, rank_high", "the ranks that hold on every rising scale: an area stands above "
         "another only if for each score at least as large a share of its items lies at or below "
         "it, and a larger one for some; items not asked count against it"),
        ("weighted_rank", "rank of weight × gap"),
    ),
    "frontline": (
        ("share_percent", "100 × count / n, in whole per cent, from ten answers on"),
        _BAND,
    ),
    "justice": (_BAND,),
    "policy_areas": (
        ("share_in_place", "in_place / (in_place + partly + not_in_place)"),
    ),
    "triangulation": (
        ("figures", "stand side by side, and are never added, averaged or divided by each other"),
    ),
}  # fmt: skip
_SOURCE_TABLES = {public.name: table for table in TABLES.values() for public in table.public}


def explain_evidence_table(table: str) -> list[Line]:
    """Return what is the same for all numbers of a public table of evidence."""
    lines = [("table", f"{PUBLIC[table].title}."), *EVIDENCE_METHODS.get(table, (_AS_IN_SOURCE,))]
    if table in _SOURCE_TABLES:
        lines.append(("small counts", _SOURCE_TABLES[table].protection.why))
    return lines


# How the other tables of a survey were made: of questions, of pairs, of change. What is the same
# for a whole table stands on its page once; the command ``explain`` says it of a number.
COUNTRY_TABLE_METHODS = {
    "questions": "Options of a question, among those who answered it, with the weights of the "
    "estimates. Their intervals are wider: they hold for all options of a question at once, and so "
    "does the test of which may be the first.",
    "dyads": "What a child and a caregiver of the same household say of the same, weighted as the "
    "estimates are.",
    "changes": "Estimates of two surveys of the country and their difference; printed where both "
    "asked the same.",
    "trends": "A model of the answers of all surveys of the country; it decides nothing.",
    "waves": "How the surveys of the country differ.",
}
# Columns of these tables that name an indicator.
_INDICATOR_COLUMNS = ("indicator", "option", "child", "caregiver")


def explain_country_table(table: str, row: Mapping[str, str], study: Study) -> list[Line]:
    """Return what is said of a number of one of these tables beside its row.

    Args:
        table: one of :data:`COUNTRY_TABLE_METHODS`.
    """
    indicators = {indicator.id: indicator for indicator in study.codebook.indicators}
    named_indicators = [
        indicators[row[name]] for name in _INDICATOR_COLUMNS if row.get(name) in indicators
    ]
    base_lines = [
        ("of", f"{indicator.label}, of {base_of(indicator, study)}; {recall_period(indicator)}")
        for indicator in named_indicators
    ]
    # Answers that no indicator counts, and how surveys differ, are of everyone.
    return [
        *(base_lines or [("of", study.config.study.population)]),
        ("table", COUNTRY_TABLE_METHODS[table]),
    ]


def statistic_of(row: Mapping[str, str], study: Study) -> str:
    """Return the statistic of the indicator that a row is of; "" where it is of none."""
    statistics = study.codebook.statistics
    return next(
        (statistics[row[name]] for name in _INDICATOR_COLUMNS if row.get(name) in statistics), ""
    )
