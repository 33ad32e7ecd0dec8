"""Where the repository lies, and where Python finds its packages."""

import os
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def python_path(folder: Path) -> str:
    """Return where Python finds the workflow and the engine of a copy of the repository."""
    return os.pathsep.join(str(folder / source) for source in ("src", "engine/src"))
