"""The estimates of a survey by indicator: what its numbers share, and a row for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.anchors import anchor
from disrupting_harm.provenance.explain_survey import (
    EVERYONE,
    Line,
    base,
    level,
    limits,
    missing,
    questions,
    recall,
    weighting_steps,
)
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.recompute import r_lines
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.study.definitions import Indicator
from disrupting_harm.study.statuses import NOT_ASKED, RETRACTED_REASON, TOTAL
from disrupting_harm.study.study import Study

# In the lines of R: the level of the row, as its address has it behind ':'.
LEVEL = "LEVEL"
# Why a row has no number; what these words mean is said once, at the head of the page.
SHORT = {
    "suppress_disclosure": "protected",
    "suppress_reliability": "uncertain",
    NOT_ASKED: "not asked",
}

# What was wrong is no protected number.
RETRACTED = "retracted, as it was wrong"

# How missing answers count where an indicator says nothing else: said once for all.
USUAL = "don't know is a missing answer; other missing answers are left out"

Cells = Mapping[str, str]


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
        lines: question, coding, universe, missing answers and what else is its own.
        file: on which lines of the table its rows stand.
        recipe: number of its lines of R among the page's; 0 where there are none.
        numbers: its rows, in the order of the table.
    """

    id: str
    title: str
    about: str
    lines: Sequence[Line]
    file: str
    recipe: int
    numbers: Sequence[Number]


class Recipes:
    """Lines of R, each text once.

    Attributes:
        texts: them, in the order in which they were first needed.
        why_not: why there are none, if R's package has not the rule of the study.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self.texts: list[str] = []
        self.why_not = ""

    def number(self, rows: Sequence[Cells]) -> int:
        """Return the number of the lines that compute the numbers of an indicator; 0 for none."""
        printed = [row for row in rows if row["estimate"]]
        if not printed:
            return 0
        try:
            text = r_lines({**printed[0], "level": LEVEL}, self._study)
        except StudyError as error:
            self.why_not = error.found
            return 0
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text) + 1


def parts_of(
    rows: Sequence[tuple[int, Cells]], study: Study, recipes: Recipes
) -> list[tuple[str, list[Section]]]:
    """Return the indicators in the order of the table, under the labels of their modules.

    Args:
        rows: of the table of estimates, each with its line in the file.
        study: configuration and codebook.
        recipes: gets the lines of R.
    """
    known = {one.id: one for one in study.codebook.indicators}
    labels = {one.id: one.label for one in study.codebook.modules}
    codes = codes_of(row for _, row in rows)
    numbered = [{"line": str(line), **row} for line, row in rows]
    found = [(known[name], list(own)) for name, own in groupby(numbered, itemgetter("indicator"))]
    return [
        (labels[module], [_section(one, own, study, recipes, codes) for one, own in entries])
        for module, entries in groupby(found, lambda entry: entry[0].module)
    ]


def _section(
    indicator: Indicator,
    rows: Sequence[dict[str, Any]],
    study: Study,
    recipes: Recipes,
    codes: Sequence[str],
) -> Section:
    lines = [line for line in questions(indicator, study.codebook) if line[1] != EVERYONE]
    if missing(indicator) != USUAL:
        lines.append(("missing", missing(indicator)))
    if indicator.weight is not None:
        lines.append(("weights", weighting_steps(study.config.weighting, indicator)[0]))
    if indicator.statistic != "proportion":
        lines.append(("estimator", f"weighted {indicator.statistic}"))
    return Section(
        id=indicator.id,
        title=indicator.label,
        about=f"Of {base(indicator, study)}; {recall(indicator)}.",
        lines=lines,
        file=f"{rows[0]['line']} to {rows[-1]['line']}",
        recipe=recipes.number(rows),
        numbers=_numbers(indicator, rows, study, codes),
    )


def _numbers(
    indicator: Indicator, rows: Sequence[Cells], study: Study, codes: Sequence[str]
) -> list[Number]:
    found, before = [], TOTAL[0]
    for row in rows:
        group, before = _group(row, before, study), row["domain"]
        printed, n = _hidden(row), ""
        if row["estimate"]:
            low, high = limits(row, indicator)
            printed, n = f"{row['shown']} ({low}–{high})", row["n"]
        # The total is found by the heading of its indicator.
        where = "" if is_total(row) else anchor(prefix(ESTIMATES, row))
        found.append(Number(where, group, printed + _remark(row, codes), n))
    return found


def is_total(row: Cells) -> bool:
    """Return whether a row is about everyone."""
    return (row["domain"], row["level"]) == TOTAL


def _hidden(row: Cells) -> str:
    """Return the word for why there is no number, and the bound in its place."""
    if row["reason"] == RETRACTED_REASON:
        return RETRACTED
    word = SHORT.get(row["status"], "no number")
    return f"{word}: {row['shown']}" if row["bound_high"] else word


def _group(row: Cells, before: str, study: Study) -> str:
    """Return the name of a group; the first of a domain names the domain, too."""
    if is_total(row):
        return "Everyone"
    name = level(row["level"], row["domain"], study.codebook)
    if row["domain"] == before:
        return name
    label = next(one.label for one in study.codebook.domains if one.id == row["domain"])
    return f"{label}: {name}"


def _remark(row: Cells, codes: Sequence[str]) -> str:
    """Return what marks a row: an unusual status and its reasons."""
    told = f" {row['status']}" if row["status"] in ("caution", "review") else ""
    if row["status"] != "suppress_disclosure" and row["reason"]:
        places = [str(codes.index(code) + 1) for code in row["reason"].split(";")]
        told += f" ({', '.join(places)})"
    return told


def codes_of(rows: Iterable[Cells]) -> list[str]:
    """Return the codes of reasons that rows name by their places; protected rows tell none."""
    told = {row["reason"] for row in rows if row["status"] != "suppress_disclosure"}
    return sorted({code for reason in told for code in reason.split(";") if code})
