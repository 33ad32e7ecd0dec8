"""Which code made the results that a note reads: other code may read them wrongly."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, describe_unexpected
from disrupting_harm.provenance.manifest import code_digest


@contextmanager
def warn_of_other_code(public: Path) -> Iterator[None]:
    """Print a warning, before anything of results is read, where other code made them.

    Within this block a fault that nobody foresaw is reported with that code as its reason.

    Args:
        public: the folder of public results; one without a manifest is for others to refuse.

    Raises:
        StudyError: other code made the results, and this code cannot read them.
    """
    path = public / "manifest.json"
    other_code = _describe_other_code(path)
    if other_code is None:
        yield
        return
    remedy = "Run the study again (make run), or use that code"
    print(f"warning: {path}: results of {other_code}. {remedy}.", file=sys.stderr)
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        finding = (
            f"results of {other_code}, which this code cannot read ({describe_unexpected(error)})"
        )
        raise StudyError(str(path), finding, remedy) from error


def _describe_other_code(path: Path) -> str | None:
    """Return what is known of the code that made results; None where it is this code."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    code = manifest.get("code")
    if not isinstance(code, dict) or not code.get("tree"):
        return "older code, which they do not name"
    if code["tree"] == code_digest():
        return None
    commit = code.get("commit")
    return f"other code (commit {commit[:12]})" if commit else "other code"
