"""Where the package lies on this machine, and the templates that belong to it.

Found from the package itself: another workflow may import these rules from anywhere.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
# The folder that holds the package.
SOURCE = PACKAGE.parent


def templates_folder() -> Path:
    """Return the folder of templates, as seen from the working folder.

    An installed package has them inside; in the repository they lie beside the rules.
    """
    inside = PACKAGE / "templates"
    beside = SOURCE.parent / "workflow" / "templates"
    return Path(os.path.relpath(inside if inside.is_dir() else beside))
