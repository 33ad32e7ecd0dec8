"""The page of what each rule reads and writes, from the files of rules.

It needs neither a study nor Snakemake: inputs and outputs are read as Python, and a function that
finds inputs is told by its docstring.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import PUBLIC, RESTRICTED, write_text

HEAD = """\
# What each rule reads and writes

Generated from `workflow/rules/` by `make docs`; do not edit by hand. Paths begin in the folder of
results: what is below `restricted/` never leaves, what is below `public/` may. Words stand where
the study's configuration decides what is read. How another workflow uses these rules is said
[here](workflow.md#in-another-workflow).

| rule | reads | writes | what it writes is |
|---|---|---|---|
"""
RULE = re.compile(
    r"^(?P<indent> *)rule (?P<name>\w+):\n(?P<body>(?:(?P=indent) +.*\n|\n)+)", re.MULTILINE
)
SECTION = r"^{name}:\n((?: .*\n|\n)+)"
FUNCTION = re.compile(
    r'^def (?P<name>\w+)\(.*\):\n    """(?P<says>[^"\n.;]+).*\n(?:    .*\n|\n)+', re.MULTILINE
)
# Folders as rules write them, and as Python between braces.
FOLDER = re.compile(r"^(?:<(restricted|public)>|\{(RESTRICTED|PUBLIC)\})/")
# How a rule names a key of the configuration.
OF_STUDY = "STUDY.config."


@dataclass(frozen=True)
class Finder:
    """A function that finds files: what it says of them, and their paths where it writes them."""

    says: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule as it is written: paths below the results, or words in their place."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Whether what it writes may leave."""
        written = " ".join(self.writes)
        return " and ".join(top for top in (RESTRICTED, PUBLIC) if f"{top}/" in written)


def write_interface(rules: Path, page: Path) -> None:
    """Write the page of all rules.

    Args:
        rules: the folder of files of rules.
        page: the Markdown file.
    """
    rows = [
        f"| `{rule.name}` | {_listed(rule.reads)} | {_listed(rule.writes)} | {rule.kind} |\n"
        for rule in read_rules(rules)
    ]
    write_text(page, HEAD + "".join(rows))


def read_rules(folder: Path) -> list[Rule]:
    """Return all rules of a folder by their names."""
    shared = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("common/*.smk")))
    finders = _finders("\n\n".join(shared))
    found = (
        Rule(match["name"], _items(match, "input", finders), _items(match, "output", finders))
        for path in folder.glob("*.smk")
        for match in RULE.finditer(path.read_text(encoding="utf-8"))
    )
    return sorted(found, key=lambda rule: rule.name)


def _finders(text: str) -> dict[str, Finder]:
    return {
        match["name"]: Finder(match["says"], tuple(_paths(ast.parse(match[0]))))
        for match in FUNCTION.finditer(text)
    }


def _items(rule: re.Match[str], section: str, finders: dict[str, Finder]) -> tuple[str, ...]:
    """Return what a section of a rule names, each once, as Markdown."""
    body = textwrap.dedent(rule["body"])
    found = re.search(SECTION.format(name=section), body, re.MULTILINE)
    if not found:
        return ()
    return tuple(dict.fromkeys(_told(ast.parse(f"section(\n{found[1]})"), finders)))


def _told(node: ast.AST, finders: dict[str, Finder]) -> Iterator[str]:
    """Yield the paths in an expression, and what its functions find, in their order."""
    name = node.func if isinstance(node, ast.Call) else node
    if isinstance(name, ast.Name) and name.id in finders:
        yield _found(finders[name.id], node.args if isinstance(node, ast.Call) else [])
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield from (f"`{path}`" for path in _paths(node))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _told(child, finders)


def _found(finder: Finder, arguments: list[ast.expr]) -> str:
    """Return what a function finds: its words, then its paths or what it was asked about."""
    texts = [ast.unparse(each).strip("'") for each in arguments]
    named = [text for text, each in zip(texts, arguments, strict=True) if _is_text(each)]
    asked = [text.removeprefix(OF_STUDY) for text in texts if text.startswith(OF_STUDY)]
    places = [path.replace("{name}", name) for path in finder.paths for name in named or ["{name}"]]
    shown = ", ".join(f"`{each}`" for each in dict.fromkeys(places or named or asked))
    return f"{finder.says}: {shown}" if shown else finder.says


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _paths(node: ast.AST) -> Iterator[str]:
    """Yield the paths below the results in an expression, each from its folder on."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(map(_text, parts))
        if FOLDER.match(text):
            yield FOLDER.sub(lambda found: f"{found[found.lastindex or 1].lower()}/", text)
        return
    for child in ast.iter_child_nodes(node):
        yield from _paths(child)


def _text(part: ast.expr) -> str:
    """Return a part of a path; in place of a value its name, without the object that it is of."""
    if isinstance(part, ast.FormattedValue):
        return f"{{{ast.unparse(part.value).rpartition('.')[2]}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def _listed(items: tuple[str, ...]) -> str:
    return "<br>".join(items) or "the study's configuration"
