"""Running pandoc the same way everywhere."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.errors import StudyError

# What our filter reports by itself ends pandoc with this status.
FILTER_FAULT = 3


def reproducible_environment(epoch: int = 0) -> dict[str, str]:
    """Return this process's environment with clock, time zone and locale fixed."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return os.environ | fixed


def run_pandoc(
    arguments: Sequence[str],
    *,
    where: str,
    text: str = "",
    folder: Path | None = None,
    epoch: int = 0,
) -> bytes:
    """Run pandoc on ``text`` and return its standard output.

    Args:
        arguments: the command line after the program's name.
        where: the document, for error messages.
        text: the standard input.
        folder: the folder in which pandoc runs and finds figures.
        epoch: the document's date in seconds since 1970.

    Raises:
        StudyError: with pandoc's words, where it fails or warns.
    """
    import pypandoc

    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--fail-if-warnings", *arguments],
        input=text.encode(),
        capture_output=True,
        cwd=folder,
        env=reproducible_environment(epoch),
        check=False,
    )
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()
        remedy = "Mend the document" if done.returncode == FILTER_FAULT else "See pandoc's message"
        raise StudyError(where, words, remedy)
    return done.stdout


def pandoc_version() -> str:
    """Return pandoc's version, e.g. ``3.9``."""
    import pypandoc

    return str(pypandoc.get_pandoc_version())
