"""Which files of the library a stage uses, so that an edit of any of them reruns the stage.

Modules are read from the import statements, because to import them would take seconds at every
call, and tables from the calls that name them.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from pathlib import Path

from disrupting_harm.tables.schema import FIELDS, list_schema_names, read_schema

LIBRARIES = ("disrupting_harm", "designbased")
IMPORT_STATEMENT = re.compile(
    rf"^[ \t]*from (?P<module>(?:{'|'.join(LIBRARIES)})\b[\w.]*)"
    r" import (?P<names>\([^)]*\)|[^(\n]+)",
    re.MULTILINE,
)
# What is imported for annotations alone is never run.
FOR_TYPES = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t].*\n|\n)+", re.MULTILINE)
# The room of the tables, and how a module names those that it reads: one, or all that begin so.
TABLES = "disrupting_harm.tables"
NAMED = re.compile(
    r"\b(?P<function>restricted_contract|public_contract|read_schemas?|read_table_keys?)"
    r"\(\s*f?\"(?P<name>[\w/]*)(?P<end>[\"{])"
)
# What stands for the rules of a table, and for its key alone.
TABLE, KEY = ".yaml", ".key"
DATA_BESIDE = ".yml"
# The module that says what columns mean depends on all that is said of them.
MEANINGS = "disrupting_harm.provenance.datapackage"


@cache
def imported_files(start: Path, *sources: Path) -> frozenset[Path]:
    """Return ``start``, every module of the workflow and the engine that it imports, and tables.

    Directly or not, and imports inside functions count. Modules are imported by
    ``from ... import`` only, but for packages that load all modules of their folder. Of tables
    those count that a module names: by their file, or where their key alone is read by a name that
    ends with ``.key``. ``fields.yaml`` stands for the meanings of all. Data that a module reads lie
    beside it, in a file of its name.

    Args:
        start: a module below one of ``sources``.
        sources: the folders that hold the packages.
    """
    modules = _list_modules(sources)
    names: set[str] = set()
    pending = {name for name, path in modules.items() if path == start}
    while pending:
        name = pending.pop()
        names.add(name)
        pending |= _direct_imports(name, sources) - names
    tables = {table for name in names for table in _named_tables(name, sources)}
    beside = {modules[name].with_suffix(DATA_BESIDE) for name in names}
    return frozenset(modules[name] for name in names) | tables | {*filter(Path.is_file, beside)}


def fingerprint(files: Iterable[Path], *sources: Path) -> str:
    """Return a digest that changes with the content or the name of any of ``files``.

    Args:
        files: files below one of ``sources``, in any order.
        sources: the folders that they are named from, so that the digest is the same anywhere.
    """
    return digest("".join(sorted(_format_digest_line(path, sources) for path in files)))


def digest(text: str) -> str:
    """Return a digest that changes with a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _format_digest_line(path: Path, sources: tuple[Path, ...]) -> str:
    content = _digest_of_content(path)
    source = next(source for source in sources if source in path.parents)
    return f"{content}  {path.relative_to(source).as_posix()}\n"


def _digest_of_content(path: Path) -> str:
    """Return the digest of a file: of a table that of its rules or key, wherever these stand.

    So a stage does not rerun after a meaning is put in other words, but for those that print it.
    """
    is_table = path.suffix in (TABLE, KEY)
    folder = next((f for f in path.parents if is_table and (f / FIELDS).is_file()), None)
    if folder is None:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    if path.name == FIELDS:
        return digest(
            "".join(f.read_text(encoding="utf-8") for f in sorted(folder.rglob("*.yaml")))
        )
    schema = read_schema(path.relative_to(folder).with_suffix("").as_posix(), folder)
    return digest(schema.rules() if path.suffix == TABLE else repr(schema.key))


@cache
def _named_tables(module: str, sources: tuple[Path, ...]) -> frozenset[Path]:
    """Return the files of the tables that a module names."""
    modules = _list_modules(sources)
    if TABLES not in modules:
        return frozenset()
    folder = modules[TABLES].parent
    file_names: set[str] = set()
    for call in NAMED.finditer(modules[module].read_text(encoding="utf-8")):
        is_family = call["end"] == "{" or call["function"] in ("read_schemas", "read_table_keys")
        names = list_schema_names(call["name"], folder) if is_family else (call["name"],)
        suffix = KEY if call["function"].startswith("read_table_key") else TABLE
        file_names |= {f"{name}{suffix}" for name in names}
    if module == MEANINGS:
        file_names.add(FIELDS)
    return frozenset(folder / name for name in file_names)


@cache
def _list_modules(sources: tuple[Path, ...]) -> dict[str, Path]:
    """Return the file of every module and package of the libraries by its dotted name."""
    return {
        _module_name(path, source): path
        for source in sources
        for library in LIBRARIES
        for path in source.glob(f"{library}/**/*.py")
    }


def _module_name(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")


@cache
def _direct_imports(name: str, sources: tuple[Path, ...]) -> frozenset[str]:
    modules = _list_modules(sources)
    source = FOR_TYPES.sub("", modules[name].read_text(encoding="utf-8"))
    names: set[str] = set()
    if "iter_modules(__path__)" in source:
        names |= {
            imported_name for imported_name in modules if imported_name.rpartition(".")[0] == name
        }
    for statement in IMPORT_STATEMENT.finditer(source):
        module = statement["module"]
        # With a module come the packages that it lies in.
        names |= set(accumulate(module.split("."), "{}.{}".format))
        # What is imported may be a module of a package, or a name in a module.
        names |= {
            f"{module}.{imported_name}" for imported_name in re.findall(r"\w+", statement["names"])
        }
    return frozenset(names & modules.keys())
