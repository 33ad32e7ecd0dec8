"""Which files of the library a stage uses, so that an edit of any of them reruns the stage.

Read from the import statements, because to import the modules would take seconds at every call.
"""

import re
from functools import cache
from pathlib import Path

STATEMENT = re.compile(
    r"^[ \t]*from (?P<module>disrupting_harm[\w.]*) import (?P<names>\([^)]*\)|[^(\n]+)",
    re.MULTILINE,
)


def imported_files(start: Path, source: Path) -> set[Path]:
    """Return ``start`` and every module of the library that it imports, directly or not.

    Imports inside functions count. The library imports its modules by ``from ... import`` only,
    but for packages that load all modules of their folder.

    Args:
        start: a module of the library.
        source: the folder that holds the package.
    """
    found: set[Path] = set()
    waiting = {start}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= _direct(path, source) - found
    return found


@cache
def _direct(path: Path, source: Path) -> frozenset[Path]:
    text = path.read_text(encoding="utf-8")
    files = set(path.parent.glob("*.py")) if "iter_modules(__path__)" in text else set()
    for statement in STATEMENT.finditer(text):
        folder = source.joinpath(*statement["module"].split("."))
        # What is imported may be a module of a package, or a name in a module.
        names = re.findall(r"\w+", statement["names"])
        files |= {folder.with_suffix(".py"), *(folder / f"{name}.py" for name in names)}
        files |= {
            package / "__init__.py" for package in (folder, *folder.parents) if package != source
        }
    return frozenset(file for file in files if source in file.parents and file.is_file())
