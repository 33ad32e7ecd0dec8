"""Lines of R that compute options of a question, and what a child and a caregiver say, again."""

from collections.abc import Mapping
from pathlib import Path

from disrupting_harm.files import write_csv, write_text
from disrupting_harm.provenance.recompute import (
    BY_T,
    DATA,
    KORN_GRAUBARD,
    LINES,
    check_answers,
    check_interval,
    design_of_children,
    packages,
)
from disrupting_harm.publication.questions import answers_to, questions
from disrupting_harm.study.checked_tables import read_table
from disrupting_harm.study.contracts import INDICATORS
from disrupting_harm.study.study import Study

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
_SHOW = """\
cat(sprintf("%s %.15g", c("estimate", "se", "ci_low", "ci_high", "df"),
  c(p, se, low, high, df)), sep = "\\n")"""


def question_lines(table: str, row: Mapping[str, str], options: int, study: Study) -> str:
    """Return the lines of R that compute the numbers of a row again from :data:`DATA`.

    Args:
        table: of :data:`OPTIONS` and :data:`PAIRS`.
        row: of its public form.
        options: how many a question has, whose limits hold together.
        study: configuration and codebook.

    Raises:
        StudyError: if R's package has not the rule of the study, these lines have not its interval,
            or the country's answers are not here.
    """
    check_answers(row, study)
    estimation = study.config.estimation
    kappa = row.get("measure") == "kappa"
    if not kappa:
        check_interval(estimation)
    tail = (1 - estimation.confidence) / 2 / (options if table == OPTIONS else 1)
    limits = (BY_T if kappa else KORN_GRAUBARD).format(
        lower=f"{tail:.15g}", upper=f"{1 - tail:.15g}"
    )
    of_row = _SHARE if table == OPTIONS else _PAIR + _MEASURES[row["measure"]]
    begin = "".join(f"{line}\n" for line in packages(estimation)) + _READ.format(data=DATA)
    return begin + of_row + _NUMBERS + limits + _SHOW


def write_question_lines(
    table: str, row: Mapping[str, str], options: int, study: Study, restricted: Path, folder: Path
) -> Path:
    """Write the lines of a row and the answers that they read; return the file of lines.

    Args:
        table, row, options, study: as :func:`question_lines` takes them.
        restricted: the restricted results.
        folder: where both files go; they are for their owner alone.

    Raises:
        StudyError: if a restricted table is missing, or as :func:`question_lines` does.
    """
    text = question_lines(table, row, options, study)
    country = row["country"]
    told = read_table(restricted / "prepared" / country / "indicators.parquet", INDICATORS)
    told = told.set_index("child_id")
    if table == PAIRS:
        known = told[[row["child"], row["caregiver"]]].set_axis(["child", "caregiver"], axis=1)
    else:
        (question,) = (one for one in questions(study.codebook) if one.name == row["question"])
        known = answers_to(question, told)[[row["option"]]].set_axis(["answer"], axis=1)
    design = design_of_children(country, restricted)
    write_csv(folder / DATA, design.join(known).reset_index(drop=True))
    write_text(folder / LINES, text + "\n")
    return folder / LINES
