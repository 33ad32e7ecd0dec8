"""What web pages are made with: templates that refuse what is missing, and a policy by hashes."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import jinja2


def create_page_environment(folder: Path) -> jinja2.Environment:
    """Return the templates of a folder: texts are escaped, and a missing value is a fault."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# What lies beside the page; opened from a disk it is of no 'self'.
OWN_FILES = "'self' file:"


def format_content_policy(**sources: str) -> str:
    """Return a content security policy: a page runs and brings in nothing but what is named.

    Args:
        sources: what may be brought in of each kind, e.g. ``script="'sha256-…'"``.
    """
    directives = [
        f"{resource_type}-src {source}"
        for resource_type, source in {"default": "'none'", **sources}.items()
    ]
    return "; ".join([*directives, "base-uri 'none'", "form-action 'none'"])


def hash_for_policy(source: str) -> str:
    """Return how a content security policy names a script or a style by its bytes."""
    return f"sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode('ascii')}"


def format_json_in_page(value: Any) -> str:
    """Return JSON that no text in it can end: ``<`` is written as a number."""
    json_text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json_text.replace("<", "\\u003c")
