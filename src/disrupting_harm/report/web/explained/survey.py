"""Write the page of a survey: every published number of it, and how it was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.comparison import ON_INTERNET_USE
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.provenance.anchors import anchor_of_row
from disrupting_harm.provenance.explain.lookup import PublishedFiles, read_numbered_rows, table_file
from disrupting_harm.provenance.moved_addresses import read_moved_rows
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.explained.comparison_and_evidence import write_page
from disrupting_harm.report.web.explained.indicator_sections import (
    LEVEL,
    Cells,
    NumbersOfChildren,
    RLines,
    Section,
    group_sections_by_module,
)
from disrupting_harm.report.web.explained.survey_methods import (
    describe_common_methods,
    describe_steps,
)
from disrupting_harm.report.web.explained.tables import read_survey_tables
from disrupting_harm.study.study import Study


def write_survey_page(
    survey: str,
    study: Study,
    *,
    public: Path,
    templates: Path,
    inputs: Sequence[str],
    compares: bool = False,
) -> Path:
    """Write ``explained/{survey}.html``; the same public files and definitions give the same bytes.

    Args:
        survey: code of a country, or of an earlier survey of one.
        public: the public results, of which the survey's folder is read, and from the comparison
            how many children its shares stand for.
        inputs: names of the files of data behind the numbers, without folders of this machine.
        compares: whether there is a page of the comparison to lead to.
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
        "compares": compares,
        "base": study.config.study.population,
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
