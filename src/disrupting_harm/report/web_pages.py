"""What web pages are made with: templates that refuse what is missing, and a policy by hashes."""

import hashlib
from base64 import b64encode
from pathlib import Path

import jinja2


def page_templates(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder: texts are escaped, and a missing value is a fault."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def csp_hash(source: str) -> str:
    """Return how a content security policy names a script or a style by its bytes."""
    return f"sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode('ascii')}"
