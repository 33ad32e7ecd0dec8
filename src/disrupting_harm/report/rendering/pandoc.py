"""Run pandoc with the same options everywhere."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.errors import StudyError

# Of Haskell's runtime: pandoc collects its garbage half as often, which takes a tenth less time.
_MEMORY = ("+RTS", "-A128m", "-RTS")
# What our filter reports by itself ends pandoc with this status.
FILTER_FAULT = 3
# Pandoc has no words of its own, such as "Abstract", in some languages (Swahili, Nepali, Burmese).
# No document prints one of them: all words of the layout are ours.
_WITHOUT_TERMS = re.compile(
    r"\[WARNING\] Could not load translations for (\S+)\n\s+data file translations/\1\.yaml not "
    r"found\n|\[WARNING\] The term Abstract has no translation defined\.\n"
)


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
        [pypandoc.get_pandoc_path(), *_MEMORY, *arguments],
        input=text.encode(),
        capture_output=True,
        cwd=folder,
        env=reproducible_environment(epoch),
        check=False,
    )
    words = _WITHOUT_TERMS.sub("", done.stderr.decode(errors="replace")).strip()
    if done.returncode or words:
        ours = done.returncode in (0, FILTER_FAULT)
        raise StudyError(where, words, "Mend the document" if ours else "See pandoc's message")
    return done.stdout


def pandoc_version() -> str:
    """Return pandoc's version, e.g. ``3.9``."""
    import pypandoc

    return str(pypandoc.get_pandoc_version())
