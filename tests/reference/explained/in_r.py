"""Run the lines of R of many numbers, each in the folder that holds its data."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError

# All in one process of R: to start one for each takes longer than its lines.
_EACH = """
for (one in commandArgs(TRUE)) {
  setwd(one)
  cat("NUMBER\\n")
  source("cell.R")
}
"""


def told_by_r(folders: Sequence[Path]) -> list[list[str]]:
    """Return the lines that R prints in each folder, in their order.

    Raises:
        StudyError: with the end of what R says, where some lines fail.
    """
    command = ["Rscript", "-e", _EACH, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StudyError("lines of R", done.stderr[-400:], "Mend them")
    return [said.strip().splitlines() for said in done.stdout.split("NUMBER\n")[1:]]
