"""Lines of R that compute a published estimate of a survey again, and the data that they read.

They use the package survey for estimate and standard error. The Korn-Graubard interval is written
out: ``svyciprop(method = "beta")`` takes an effective sample size above n where clusters are more
mixed than the population (deff below 1), and the interval published here never does.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from designbased.estimates.composites import MIN_DONORS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv, write_text
from disrupting_harm.publication.question_groups import find_questions, select_answers
from disrupting_harm.study.codebook.codebook import SUBSAMPLE, Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.codebook.indicators import OUTSIDE_PART, PART_OF
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.countries import OF_WAVE
from disrupting_harm.study.study import Study
from disrupting_harm.tables.contracts import ASKED, INDICATORS, PARTS, SAMPLE, restricted_contract
from disrupting_harm.tables.io import read_table

ANSWERS_FILE, LINES_FILE = "answers.csv", "cell.R"
# Countries that a row names.
COUNTRIES = ("country", "country_a", "country_b")
# What R's package survey calls the rules for a stratum with one PSU; one of ours it has not.
_LONELY = {
    "fail": "fail", "centre": "adjust", "average": "average", "certainty": "certainty",
    "remove": "remove",
}  # fmt: skip
MEANS = {"proportion": "svymean", "mean": "svymean", "total": "svytotal"}
KORN_GRAUBARD = """\
n_eff <- if (se > 0) p * (1 - p) / se^2 else n
adjusted <- if (p <= 0 || p >= 1) n else min(n, n_eff * (qt({upper}, n - 1) / qt({upper}, df))^2)
low <- if (p <= 0) 0 else qbeta({lower}, adjusted * p, adjusted * (1 - p) + 1)
high <- if (p >= 1) 1 else qbeta({upper}, adjusted * p + 1, adjusted * (1 - p))
"""
BY_T = """\
low <- p - qt({upper}, df) * se
high <- p + qt({upper}, df) * se
"""
# What the lines compute, by the column of the restricted estimates that has the same.
_VARIABLES = {
    "estimate": "p", "se": "se", "ci_low": "low", "ci_high": "high", "n": "n", "df": "df",
}  # fmt: skip
_INTERVALS = {"korn_graubard": KORN_GRAUBARD, "wald_t": BY_T}
# A composite with open answers, of those who are ``here``: its share p, and score, whose total over
# the sample has the standard error of the share.
IMPUTED = f"""\
parts <- as.matrix(d[grepl("^part_", names(d))])
open <- is.na(parts)
yes <- rowSums(parts == 1, na.rm = TRUE) > 0
complete <- d$asked == 1 & rowSums(open) == 0
v <- as.numeric(yes)
asked <- d$asked == 1 & here
pattern <- apply(open, 1, paste, collapse = " ")
score <- numeric(nrow(d))
for (one in unique(pattern[asked & !yes & rowSums(open) > 0])) {{
  left <- open[match(one, pattern), ]
  same <- complete & rowSums(parts[, !left, drop = FALSE] == 1, na.rm = TRUE) == 0
  # With fewer donors than {MIN_DONORS} a group takes the share of the whole sample.
  if (sum(same & here) >= {MIN_DONORS}) same <- same & here
  given <- rowSums(parts[, left, drop = FALSE] == 1, na.rm = TRUE) > 0
  q <- sum(d$weight[same & given]) / sum(d$weight[same])
  who <- asked & !yes & pattern == one
  v[who] <- q
  score[same] <- score[same] + sum(d$weight[who]) / sum(d$weight[same]) * (given[same] - q)
}}
p <- sum((d$weight * v)[asked]) / sum(d$weight[asked])
score[asked] <- score[asked] + v[asked] - p
score <- score / sum(d$weight[asked])
answered <- asked & rowSums(!open) > 0
"""
_COMPOSITE = """\
design$variables$score <- score
se <- as.numeric(SE(svytotal(~score, design)))
n <- sum(answered)
df <- degf(subset(design, answered))
"""


def estimate_lines(row: Mapping[str, str], study: Study) -> str:
    """Return the R lines that compute a row of the table of estimates from :data:`ANSWERS_FILE`.

    Raises:
        StudyError: if R's package has no such rule for a stratum with one PSU, standard errors
            account for the calibration, or the country's answers are not here.
    """
    check_answers(find_surveys(row, study), study)
    estimation = study.config.estimation
    indicator = _find_indicator(row, study.codebook)
    tail = (1 - estimation.confidence) / 2
    limits = _INTERVALS.get(row["interval"], "# limits: see docs/methods.md\n")
    head_lines = [
        *package_lines(study.config.estimation),
        f'd <- read.csv("{ANSWERS_FILE}", '
        'colClasses = c(stratum = "character", psu = "character"))',
        "design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d,",
        '  nest = TRUE, fpc = if ("fpc" %in% names(d)) ~fpc)',
    ]
    shown = [*_VARIABLES]
    if row["interval"] not in _INTERVALS:
        shown = [name for name in shown if name not in ("ci_low", "ci_high")]
    return "\n".join(
        [
            *head_lines,
            *_estimate_code(row, indicator).splitlines(),
            *limits.format(lower=f"{tail:g}", upper=f"{1 - tail:g}").splitlines(),
            _show_line(shown),
        ]
    )


def _show_line(names: Sequence[str]) -> str:
    """Return the line of R that prints numbers, each behind its name."""
    quoted = ", ".join(f'"{name}"' for name in names)
    variables = ", ".join(_VARIABLES[name] for name in names)
    return f'cat(sprintf("%s %.15g", c({quoted}),\n  c({variables})), sep = "\\n")'


def find_surveys(row: Mapping[str, str], study: Study) -> list[str]:
    """Return the codes of the surveys that a row names: of countries, or of waves of one."""
    if "wave_from" in row:
        codes = [f"{row['country']}{OF_WAVE}{row[name]}" for name in ("wave_from", "wave_to")]
        # The newest survey has the code of its country.
        return [code if code in study.earlier else row["country"] for code in codes]
    return list(dict.fromkeys(row[name] for name in COUNTRIES if row.get(name)))


def check_answers(surveys: Sequence[str], study: Study) -> None:
    """Check that the answers of some surveys are here.

    Raises:
        StudyError: if one of them sent statistics.
    """
    for code in surveys:
        if code in study.countries and study.countries[code].statistics is not None:
            raise StudyError(
                f"country '{code}'",
                f"the answers of {code} are not here, it joined by statistics",
                f"Ask for the lines in the study of {code}, where its answers are",
            )


def package_lines(estimation: Estimation) -> list[str]:
    """Return the lines with which all others begin.

    Raises:
        StudyError: if R's package has no such rule for a stratum with one PSU, or standard errors
            account for the calibration.
    """
    if estimation.lonely_psu not in _LONELY or estimation.calibrated_errors:
        raise StudyError(
            "estimates",
            "their standard errors follow a rule that these lines do not have",
            "Compare with the audit of the run (restricted/audit)",
        )
    return ["library(survey)", f'options(survey.lonely.psu = "{_LONELY[estimation.lonely_psu]}")']


def check_interval(estimation: Estimation) -> None:
    """Check that lines that write out Korn and Graubard's interval have that of the study.

    Raises:
        StudyError: if it is another one.
    """
    if estimation.interval != "korn_graubard":
        raise StudyError(
            "estimates",
            f"their limits are by the interval '{estimation.interval}', which these lines do not "
            "have",
            "Compare with docs/methods.md",
        )


def _estimate_code(row: Mapping[str, str], indicator: Indicator) -> str:
    group_filter = f'd$group %in% "{row["level"]}"'
    if is_imputed(indicator):
        return f"here <- {group_filter}\n{IMPUTED}{_COMPOSITE}"
    function = MEANS[indicator.statistic]
    return (
        f"part <- subset(design, !is.na(d$answer) & {group_filter})\n"
        f"m <- {function}(~answer, part)\n"
        "p <- as.numeric(coef(m))\n"
        "se <- as.numeric(SE(m))\n"
        "n <- nrow(part)\n"
        "df <- degf(part)"
    )


def write_estimate_lines(
    row: Mapping[str, str], study: Study, restricted: Path, folder: Path
) -> Path:
    """Write the R lines and what they read: design, weight, group and answer of each child.

    No child's id is among it. Returns the file of lines.

    Args:
        folder: where both files go; they are for their owner alone.

    Raises:
        StudyError: if a restricted table is missing, or as :func:`estimate_lines` does.
    """
    lines = estimate_lines(row, study)
    indicator = _find_indicator(row, study.codebook)
    write_csv(
        folder / ANSWERS_FILE, read_answers(row["country"], indicator, row["domain"], restricted)
    )
    write_text(folder / LINES_FILE, lines + "\n")
    return folder / LINES_FILE


def read_answers(
    country: str, indicator: Indicator, domain: str, restricted: Path, terms: Sequence[str] = ()
) -> pd.DataFrame:
    """Return what lines of R read of a country: design, weight, group and answer of each child.

    No child's id is among it. ``answer`` is what the child said, where that is valid; ``put`` is 1
    where the child was asked. Of a composite whose open answers are imputed it has the parts.

    Args:
        domain: whose levels are the groups.
        terms: domains of a model, which have a column each; of a composite the model takes the
            answers of children who answered all parts.

    Raises:
        StudyError: if a restricted table is missing.
    """
    prepared = restricted / "prepared" / country
    columns = ["child_id", indicator.id]
    answers, who_was_asked = (
        read_table(prepared / f"{name}.parquet", contract, columns=columns).set_index("child_id")
        for name, contract in (("indicators", INDICATORS), ("asked", ASKED))
    )
    sample = read_table(prepared / "sample.parquet", SAMPLE).set_index("child_id")
    sample_of_children = sample.loc[answers.index]
    table = read_design(country, restricted).loc[answers.index]
    if indicator.weight is not None:
        table["weight"] = sample_of_children[SUBSAMPLE + indicator.weight]
    table["group"] = sample_of_children[domain].astype("str")
    table["put"] = who_was_asked[indicator.id].astype(int)
    table["answer"] = answers[indicator.id]
    if is_imputed(indicator):
        parts = _read_parts(prepared / "parts.parquet", indicator.id)
        table = table.join(parts)
        if terms:
            part_answers = parts.drop(columns="asked")
            complete = (parts["asked"] == 1) & part_answers.notna().all(axis=1)
            table["answer"] = part_answers.max(axis=1).where(complete)
    for name in terms:
        table[name] = (
            sample_of_children[name].astype("str").where(sample_of_children[name].notna(), "")
        )
    return table.reset_index(drop=True)


def read_design(country: str, restricted: Path) -> pd.DataFrame:
    """Return stratum, PSU, ``fpc`` where the sample has it, and final weight of each child.

    The index is the child's id.

    Raises:
        StudyError: if a restricted table is missing.
    """
    weights = read_table(
        restricted / "weights" / country / "weights.parquet", restricted_contract("country/weights")
    )
    final = weights.set_index("child_id")["weight"]
    sample_path = restricted / "prepared" / country / "sample.parquet"
    columns = ["child_id", "stratum", "psu", "fpc"]
    sample_design = read_table(sample_path, SAMPLE, columns=columns).set_index("child_id")
    return sample_design.loc[final.index].assign(weight=final)


def _read_parts(path: Path, name: str) -> pd.DataFrame:
    """Return the parts of a composite as 1, 0 and missing, and who was asked any."""
    all_parts = read_table(path, PARTS, lambda column: PART_OF in column).set_index("child_id")
    parts_of_composite = all_parts[
        [column for column in all_parts if str(column).partition(PART_OF)[0] == name]
    ]
    answers = parts_of_composite.astype("str")
    coded = {
        f"part_{number}": answers[column].map({"yes": 1.0, "no": 0.0, OUTSIDE_PART: 0.0})
        for number, column in enumerate(parts_of_composite, start=1)
    }
    return pd.DataFrame(coded).assign(asked=(answers != OUTSIDE_PART).any(axis=1).astype(int))


def is_imputed(indicator: Indicator) -> bool:
    """Return whether open answers to a composite are imputed."""
    return bool(indicator.any_of) and indicator.partly_missing == "imputed"


def _find_indicator(row: Mapping[str, str], codebook: Codebook) -> Indicator:
    return next(indicator for indicator in codebook.indicators if indicator.id == row["indicator"])


# Lines of R that compute options of a question, and what a child and a caregiver say, again.

OPTIONS, PAIRS = "questions", "dyads"
_READ = """\
d <- read.csv("{data}", colClasses = c(stratum = "character", psu = "character"))
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d,
  nest = TRUE, fpc = if ("fpc" %in% names(d)) ~fpc)
"""
_SHARE = """\
part <- subset(design, !is.na(answer))
m <- svymean(~answer, part)
base <- part
"""
# Of each pair both answered; a share is of all pairs, or of those where the child said yes.
_PAIR = """\
part <- subset(design, !is.na(child) & !is.na(caregiver))
part <- update(part, both = child * caregiver, agree = as.numeric(child == caregiver),
  first = factor(child), second = factor(caregiver))
"""
_MEASURES = {
    "caregiver_if_child": "m <- svyratio(~both, ~child, part)\nbase <- subset(part, child == 1)\n",
    "agree": "m <- svymean(~agree, part)\nbase <- part\n",
    "kappa": "m <- svykappa(~first + second, part)\nbase <- part\n",
}
_NUMBERS = """\
p <- as.numeric(coef(m))
se <- as.numeric(SE(m))
n <- nrow(base)
df <- degf(base)
"""


def question_lines(table: str, row: Mapping[str, str], options: int, study: Study) -> str:
    """Return the lines of R that compute the numbers of a row again from :data:`ANSWERS_FILE`.

    Args:
        table: of :data:`OPTIONS` and :data:`PAIRS`.
        options: how many a question has, whose limits hold together.

    Raises:
        StudyError: if R's package has not the rule of the study, these lines have not its interval,
            or the country's answers are not here.
    """
    check_answers(find_surveys(row, study), study)
    estimation = study.config.estimation
    kappa = row.get("measure") == "kappa"
    if not kappa:
        check_interval(estimation)
    tail = (1 - estimation.confidence) / 2 / (options if table == OPTIONS else 1)
    limits = (BY_T if kappa else KORN_GRAUBARD).format(
        lower=f"{tail:.15g}", upper=f"{1 - tail:.15g}"
    )
    row_lines = _SHARE if table == OPTIONS else _PAIR + _MEASURES[row["measure"]]
    head_lines = "".join(f"{line}\n" for line in package_lines(estimation)) + _READ.format(
        data=ANSWERS_FILE
    )
    return head_lines + row_lines + _NUMBERS + limits + _show_line([*_VARIABLES])


def write_question_lines(
    table: str, row: Mapping[str, str], options: int, study: Study, restricted: Path, folder: Path
) -> Path:
    """Write the lines of a row and the answers that they read; return the file of lines.

    Args:
        folder: where both files go; they are for their owner alone.

    Raises:
        StudyError: if a restricted table is missing, or as :func:`question_lines` does.
    """
    lines = question_lines(table, row, options, study)
    country = row["country"]
    indicators = read_table(restricted / "prepared" / country / "indicators.parquet", INDICATORS)
    indicators = indicators.set_index("child_id")
    if table == PAIRS:
        answers = indicators[[row["child"], row["caregiver"]]].set_axis(
            ["child", "caregiver"], axis=1
        )
    else:
        (question,) = (
            question
            for question in find_questions(study.codebook)
            if question.name == row["question"]
        )
        answers = select_answers(question, indicators)[[row["option"]]].set_axis(["answer"], axis=1)
    design = read_design(country, restricted)
    write_csv(folder / ANSWERS_FILE, design.join(answers).reset_index(drop=True))
    write_text(folder / LINES_FILE, lines + "\n")
    return folder / LINES_FILE
