"""Write the page of a country: every published number of it, and how it was made."""

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from disrupting_harm import __version__
from disrupting_harm.files import read_json, write_text
from disrupting_harm.provenance.anchors import FOLDER, anchor
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.moved import read_moved
from disrupting_harm.provenance.published import numbered_rows
from disrupting_harm.report.explained.common import in_common
from disrupting_harm.report.explained.numbers import LEVEL, Recipes, Section, parts_of
from disrupting_harm.report.explained.tables import tables_of
from disrupting_harm.report.web_pages import csp_hash, page_templates
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
    folder = public / "countries" / survey
    file = f"countries/{survey}/{ESTIMATES}.csv"
    rows = numbered_rows(public / file)
    recipes = Recipes(study)
    row = study.row(survey)
    words = english(study.config.study.areas)
    style = (templates / FOLDER / "explained.css").read_text(encoding="utf-8")
    parts = parts_of(rows, study, recipes)
    context: dict[str, Any] = {
        "survey": survey,
        "name": words.country(row.country, row.name),
        "study": study.config.study,
        "date": words.date(study.config.study.date),
        "parts": parts,
        "example": _example(parts),
        "common": in_common(
            study, read_json(folder / "quality.json"), [content for _, content in rows]
        ),
        "recipes": recipes,
        "level": LEVEL,
        "tables": tables_of(public, survey),
        "moved": _moved(public, survey),
        "file": file,
        "digest": sha256(public / file),
        "inputs": inputs,
        "version": __version__,
        "confidence": f"{100 * study.config.estimation.confidence:g}",
        "style": style,
        "style_hash": csp_hash(style),
    }
    path = public / FOLDER / f"{survey}.html"
    write_text(path, _environment(templates / FOLDER).get_template("page.html.j2").render(context))
    return path


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


def _environment(folder: Path) -> jinja2.Environment:
    environment = page_templates(folder)
    environment.filters["plain"] = _in_element
    return environment


def _in_element(text: str) -> Markup:
    """Return a text as it stands between tags, where quotation marks need no escape."""
    return Markup(html.escape(text, quote=False))
