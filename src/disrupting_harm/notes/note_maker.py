"""Which code made the results that a note reads: asked first, for another may read them wrongly."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, describe_unexpected
from disrupting_harm.provenance.manifest import tree


@contextmanager
def asked_of_code(public: Path) -> Iterator[None]:
    """Say before anything of results is read that other code made them, where it did.

    Within this block a fault that nobody foresaw is told as what it then is, with what to do.

    Args:
        public: the folder of public results; one without a manifest is for others to refuse.

    Raises:
        StudyError: other code made the results, and this code cannot read them.
    """
    path = public / "manifest.json"
    made_by = _other_code(path)
    if made_by is None:
        yield
        return
    remedy = "Run the study again (make run), or use that code"
    print(f"warning: {path}: results of {made_by}. {remedy}.", file=sys.stderr)
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        found = f"results of {made_by}, which this code cannot read ({describe_unexpected(error)})"
        raise StudyError(str(path), found, remedy) from error


def _other_code(path: Path) -> str | None:
    """Return what is known of the code that made results; None where it is this code."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made = manifest.get("code")
    if not isinstance(made, dict) or not made.get("tree"):
        return "older code, which they do not name"
    if made["tree"] == tree():
        return None
    commit = made.get("commit")
    return f"other code (commit {commit[:12]})" if commit else "other code"
