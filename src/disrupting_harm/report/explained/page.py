"""Write the page of a survey: every published number of it, and how it was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import read_json
from disrupting_harm.provenance.anchors import anchor
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.moved import read_moved
from disrupting_harm.provenance.published import Published, numbered_rows
from disrupting_harm.report.explained.common import in_common
from disrupting_harm.report.explained.layout import write_page
from disrupting_harm.report.explained.numbers import LEVEL, Recipes, Section, parts_of
from disrupting_harm.report.explained.tables import tables_of
from disrupting_harm.report.words import english
from disrupting_harm.study.study import Study


def write_explained(
    survey: str, study: Study, *, public: Path, templates: Path, inputs: Sequence[str]
) -> Path:
    """Write ``explained/{survey}.html``; the same public files and definitions give the same bytes.

    Args:
        survey: code of a country, or of an earlier survey of one.
        study: its configuration and codebook, and the row of this survey.
        public: the public results, of which the survey's folder alone is read.
        templates: the folder of templates.
        inputs: names of the files of data behind the numbers, without folders of this machine.

    Returns:
        The file.
    """
    file = f"countries/{survey}/{ESTIMATES}.csv"
    rows = numbered_rows(public / file)
    recipes = Recipes(study)
    row = study.row(survey)
    words = english(study.config.study.areas, study.config.study.respondents)
    parts = parts_of(rows, study, recipes)
    quality = read_json(public / "countries" / survey / "quality.json")
    context: dict[str, Any] = {
        "survey": survey,
        "name": words.country(row.country, row.name),
        "parts": parts,
        "example": _example(parts),
        "common": in_common(study, quality, [content for _, content in rows]),
        "recipes": recipes,
        "level": LEVEL,
        "tables": tables_of(Published(public), survey),
        "moved": _moved(public, survey),
        "file": file,
        "digest": sha256(public / file),
        "inputs": inputs,
        "simulated": study.config.study.simulated,
        "confidence": f"{100 * study.config.estimation.confidence:g}",
    }
    return write_page(
        survey, "survey.html.j2", context, study=study, public=public, templates=templates
    )


def _example(parts: Sequence[tuple[str, Sequence[Section]]]) -> str:
    """Return the anchor of a number of a group, or of any: links to it are shown as an example."""
    found = [
        (section, number)
        for _, sections in parts
        for section in sections
        for number in section.numbers
    ]
    of_groups = [number.anchor for _, number in found if number.anchor and number.n]
    return of_groups[0] if of_groups else found[0][0].id


def _moved(public: Path, survey: str) -> list[tuple[str, str, str]]:
    """Return old anchors of the survey, the anchors that took their place, and what became."""
    return [
        (anchor(one.old), anchor(one.new), one.said())
        for one in read_moved(public).values()
        if one.old.startswith(f"{survey}/")
    ]
