"""What all pages of how numbers were made share: style, templates and their own versions."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from disrupting_harm import __version__
from disrupting_harm.files import write_text
from disrupting_harm.provenance.anchors import FOLDER
from disrupting_harm.report.web_pages import OWN_FILES, content_policy, csp_hash, page_templates
from disrupting_harm.report.words import english
from disrupting_harm.study.study import Study


def write_page(
    name: str,
    template: str,
    context: Mapping[str, Any],
    *,
    study: Study,
    public: Path,
    templates: Path,
) -> Path:
    """Write a page; the same context gives the same bytes.

    Args:
        name: of the page below ``explained/``, without ``.html``; it may have a folder.
        template: its template.
        context: what it says beside what all pages say.
        study: its title and date.
        public: the public folder.
        templates: the folder of all templates.

    Returns:
        The file.
    """
    root = "../" * (1 + name.count("/"))
    style = (templates / FOLDER / "explained.css").read_text(encoding="utf-8")
    style = style.replace("url(../", f"url({root}")
    shared = {
        "root": root,
        "study": study.config.study,
        "date": english(study.config.study.areas).date(study.config.study.date),
        "version": __version__,
        "style": style,
        "policy": content_policy(style=f"'{csp_hash(style)}'", font=OWN_FILES),
    }
    path = public / FOLDER / f"{name}.html"
    page = _environment(templates / FOLDER).get_template(template)
    write_text(path, page.render({**shared, **context}))
    return path


def _environment(folder: Path) -> jinja2.Environment:
    environment = page_templates(folder)
    environment.filters["plain"] = _in_element
    return environment


def _in_element(text: str) -> Markup:
    """Return a text as it stands between tags, where quotation marks need no escape."""
    return Markup(html.escape(text, quote=False))
