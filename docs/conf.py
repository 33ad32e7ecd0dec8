"""Settings of the documentation as a site: ``make docs-site`` builds it, with search, offline."""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "engine" / "src"))

project = "Disrupting Harm workflow"
copyright = "the contributors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["conf.py"]
html_theme = "furo"
# What a program prints is no code.
highlight_language = "none"
html_title = project
# No clock: the same sources give the same pages.
html_last_updated_fmt = None
html_show_copyright = False
html_static_path: list[str] = []
# A link to a heading of a page is checked, as GitHub makes its anchors.
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = True
# Files of the repository are no pages of the site: their paths are named.
_FILE = re.compile(r"\[([^\]]+)\]\(\.\./([^)#]+)[^)]*\)")


def name_files(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the path of a file in the place of a link that leaves the documentation."""
    source[0] = _FILE.sub(r"\1 (`\2`)", source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Add what this documentation needs beside its extensions."""
    app.connect("source-read", name_files)
    return {"parallel_read_safe": True}
