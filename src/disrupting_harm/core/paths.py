"""Where the package lies on this machine, and the rules and templates that belong to it.

Found from the package itself: another workflow may import these rules from anywhere.
"""

import os
import shutil
import sys
from pathlib import Path

import designbased

PACKAGE = Path(__file__).parents[1]
# The folder that holds the package.
SOURCE = PACKAGE.parent
ENGINE = Path(designbased.__file__).parent
# The folders from which the modules of both are imported.
SOURCES = (SOURCE, ENGINE.parent)


def workflow_folder() -> Path:
    """Return the folder of rules, scripts and templates.

    An installed package has it inside; in the repository it lies beside the package's folder.
    """
    inside = PACKAGE / "workflow"
    return inside if inside.is_dir() else SOURCE.parent / "workflow"


def format_command(*arguments: object) -> str:
    """Return a command of the program as it can be typed here.

    The environment of `make` lies below this folder, and no shell looks for programs there.
    """
    program = "disrupting-harm"
    installed = Path(sys.executable).with_name(program)
    if shutil.which(program) is None and installed.is_relative_to(Path.cwd()):
        program = str(installed.relative_to(Path.cwd()))
    return " ".join([program, *map(str, arguments)])


def templates_folder() -> Path:
    """Return the folder of templates, as seen from the working folder."""
    return Path(os.path.relpath(workflow_folder() / "templates"))
