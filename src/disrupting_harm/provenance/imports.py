"""Which files of the library a stage uses, so that an edit of any of them reruns the stage.

Read from the import statements, because to import the modules would take seconds at every call.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from pathlib import Path

LIBRARY = "disrupting_harm"
STATEMENT = re.compile(
    rf"^[ \t]*from (?P<module>{LIBRARY}[\w.]*) import (?P<names>\([^)]*\)|[^(\n]+)", re.MULTILINE
)


@cache
def imported_files(start: Path, source: Path) -> frozenset[Path]:
    """Return ``start`` and every module of the library that it imports, directly or not.

    Imports inside functions count. The library imports its modules by ``from ... import`` only,
    but for packages that load all modules of their folder.

    Args:
        start: a module of the library.
        source: the folder that holds the package.
    """
    modules = _modules(source)
    found: set[str] = set()
    waiting = {_name(start, source)}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _direct(name, source) - found
    return frozenset(modules[name] for name in found)


def fingerprint(files: Iterable[Path], source: Path) -> str:
    """Return a digest that changes with the content or the name of any of ``files``.

    Args:
        files: files below ``source``, in any order.
        source: the folder that they are named from, so that the digest is the same anywhere.
    """
    return digest("".join(sorted(_line(path, source) for path in files)))


def digest(text: str) -> str:
    """Return a digest that changes with a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _line(path: Path, source: Path) -> str:
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{content}  {path.relative_to(source).as_posix()}\n"


@cache
def _modules(source: Path) -> dict[str, Path]:
    """Return the file of every module and package of the library by its dotted name."""
    return {_name(path, source): path for path in source.glob(f"{LIBRARY}/**/*.py")}


def _name(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")


@cache
def _direct(name: str, source: Path) -> frozenset[str]:
    modules = _modules(source)
    text = modules[name].read_text(encoding="utf-8")
    found: set[str] = set()
    if "iter_modules(__path__)" in text:
        found |= {each for each in modules if each.rpartition(".")[0] == name}
    for statement in STATEMENT.finditer(text):
        module = statement["module"]
        # With a module come the packages that it lies in.
        found |= set(accumulate(module.split("."), "{}.{}".format))
        # What is imported may be a module of a package, or a name in a module.
        found |= {f"{module}.{each}" for each in re.findall(r"\w+", statement["names"])}
    return frozenset(found & modules.keys())
