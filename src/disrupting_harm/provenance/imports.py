"""Which files of the library a stage uses, so that an edit of any of them reruns the stage.

Read from the import statements, because to import the modules would take seconds at every call.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from pathlib import Path

LIBRARIES = ("disrupting_harm", "designbased")
STATEMENT = re.compile(
    rf"^[ \t]*from (?P<module>(?:{'|'.join(LIBRARIES)})\b[\w.]*)"
    r" import (?P<names>\([^)]*\)|[^(\n]+)",
    re.MULTILINE,
)


@cache
def imported_files(start: Path, *sources: Path) -> frozenset[Path]:
    """Return ``start`` and every module of the workflow and the engine that it imports.

    Directly or not, and imports inside functions count. Modules are imported by
    ``from ... import`` only, but for packages that load all modules of their folder.

    Args:
        start: a module below one of ``sources``.
        sources: the folders that hold the packages.
    """
    modules = _modules(sources)
    found: set[str] = set()
    waiting = {name for name, path in modules.items() if path == start}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _direct(name, sources) - found
    return frozenset(modules[name] for name in found)


def fingerprint(files: Iterable[Path], *sources: Path) -> str:
    """Return a digest that changes with the content or the name of any of ``files``.

    Args:
        files: files below one of ``sources``, in any order.
        sources: the folders that they are named from, so that the digest is the same anywhere.
    """
    return digest("".join(sorted(_line(path, sources) for path in files)))


def digest(text: str) -> str:
    """Return a digest that changes with a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _line(path: Path, sources: tuple[Path, ...]) -> str:
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    source = next(source for source in sources if source in path.parents)
    return f"{content}  {path.relative_to(source).as_posix()}\n"


@cache
def _modules(sources: tuple[Path, ...]) -> dict[str, Path]:
    """Return the file of every module and package of the libraries by its dotted name."""
    return {
        _name(path, source): path
        for source in sources
        for library in LIBRARIES
        for path in source.glob(f"{library}/**/*.py")
    }


def _name(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")


@cache
def _direct(name: str, sources: tuple[Path, ...]) -> frozenset[str]:
    modules = _modules(sources)
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
