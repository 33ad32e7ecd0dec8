"""The page of what each rule reads and writes, from the files of rules.

It needs neither a study nor Snakemake: inputs and outputs are read as Python, and a function that
finds inputs is described by its docstring.
"""

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import PUBLIC, RESTRICTED, write_text

PAGE_HEAD = """\
# What each rule reads and writes

Generated from `workflow/rules/` by `make docs`; do not edit by hand. Paths begin in the folder of
results: what is below `restricted/` never leaves, what is below `public/` may. Words stand where
the study's configuration decides what is read. How another workflow uses these rules is said
[here](workflow.md#in-another-workflow).

| rule | reads | writes | what it writes is |
|---|---|---|---|
"""
# A rule, or one that says what differs from another: ``use rule compare as ... with:``.
RULE_PATTERN = re.compile(
    r"^(?P<indent> *)(?:use rule (?P<base>\w+) as |rule )(?P<name>\w+)(?: with)?:\n"
    r"(?P<body>(?:(?P=indent) +.*\n|\n)+)",
    re.MULTILINE,
)
SECTION_PATTERN = r"^{name}:\n((?: .*\n|\n)+)"
FUNCTION_PATTERN = re.compile(
    r'^def (?P<name>\w+)\(.*\):\n    """(?P<says>[^"\n.;]+).*\n(?:    .*\n|\n)+', re.MULTILINE
)
# Folders as rules write them, and as Python between braces.
TOP_FOLDER = re.compile(r"^(?:<(restricted|public)>|\{(RESTRICTED|PUBLIC)\})/")
# How a rule names a key of the configuration.
STUDY_KEY_PREFIX = "STUDY.config."


@dataclass(frozen=True)
class Finder:
    """A function that finds files: what it says of them, and their paths where it writes them."""

    summary: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule as it is written: paths below the results, or words in their place."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def reach(self) -> str:
        """Whether what it writes may leave."""
        paths = " ".join(self.writes)
        return " and ".join(top for top in (RESTRICTED, PUBLIC) if f"{top}/" in paths)


def write_interface(rules: Path, page: Path) -> None:
    """Write the page of all rules of a folder."""
    rows = [
        f"| `{rule.name}` | {_join_items(rule.reads)} | {_join_items(rule.writes)} "
        f"| {rule.reach} |\n"
        for rule in read_rules(rules)
    ]
    write_text(page, PAGE_HEAD + "".join(rows))


def read_rules(folder: Path) -> list[Rule]:
    """Return all rules of a folder by their names."""
    common_files = (
        path.read_text(encoding="utf-8") for path in sorted(folder.glob("common/*.smk"))
    )
    finders = _read_finders("\n\n".join(common_files))
    matches = {
        match["name"]: match
        for path in folder.glob("*.smk")
        for match in RULE_PATTERN.finditer(path.read_text(encoding="utf-8"))
    }

    def read_section(rule: re.Match[str], section: str) -> tuple[str, ...]:
        items = _read_section(rule, section, finders)
        return items if items or not rule["base"] else read_section(matches[rule["base"]], section)

    return [
        Rule(name, read_section(rule, "input"), read_section(rule, "output"))
        for name, rule in sorted(matches.items())
    ]


def read_rule_texts(folder: Path) -> dict[str, str]:
    """Return the text of each rule by its name, with that of the rule that it differs from."""
    matches = {
        match["name"]: match
        for path in folder.glob("*.smk")
        for match in RULE_PATTERN.finditer(path.read_text(encoding="utf-8"))
    }
    return {
        name: match["body"] + (matches[match["base"]]["body"] if match["base"] else "")
        for name, match in sorted(matches.items())
    }


def _read_finders(text: str) -> dict[str, Finder]:
    return {
        match["name"]: Finder(match["says"], tuple(_find_paths(ast.parse(match[0]))))
        for match in FUNCTION_PATTERN.finditer(text)
    }


def _read_section(rule: re.Match[str], section: str, finders: dict[str, Finder]) -> tuple[str, ...]:
    """Return what a section of a rule names, each once, as Markdown."""
    body = textwrap.dedent(rule["body"])
    section_match = re.search(SECTION_PATTERN.format(name=section), body, re.MULTILINE)
    if not section_match:
        return ()
    return tuple(
        dict.fromkeys(_describe_expression(ast.parse(f"section(\n{section_match[1]})"), finders))
    )


def _describe_expression(node: ast.AST, finders: dict[str, Finder]) -> Iterator[str]:
    """Yield the paths in an expression, and what its functions find, in their order."""
    name = node.func if isinstance(node, ast.Call) else node
    if isinstance(name, ast.Name) and name.id in finders:
        yield _describe_finder(finders[name.id], node.args if isinstance(node, ast.Call) else [])
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield from (f"`{path}`" for path in _find_paths(node))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _describe_expression(child, finders)


def _describe_finder(finder: Finder, arguments: list[ast.expr]) -> str:
    """Return what a function finds: its words, then its paths or what it was asked about."""
    argument_texts = [ast.unparse(argument).strip("'") for argument in arguments]
    quoted_names = [
        argument_text
        for argument_text, argument in zip(argument_texts, arguments, strict=True)
        if _is_text(argument)
    ]
    study_keys = [
        argument_text.removeprefix(STUDY_KEY_PREFIX)
        for argument_text in argument_texts
        if argument_text.startswith(STUDY_KEY_PREFIX)
    ]
    paths = [
        path.replace("{name}", name) for path in finder.paths for name in quoted_names or ["{name}"]
    ]
    listed_paths = ", ".join(
        f"`{argument}`" for argument in dict.fromkeys(paths or quoted_names or study_keys)
    )
    return f"{finder.summary}: {listed_paths}" if listed_paths else finder.summary


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _find_paths(node: ast.AST) -> Iterator[str]:
    """Yield the paths below the results in an expression, each from its folder on."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        path_parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(map(_format_path_part, path_parts))
        if TOP_FOLDER.match(text):
            yield TOP_FOLDER.sub(lambda match: f"{match[match.lastindex or 1].lower()}/", text)
        return
    for child in ast.iter_child_nodes(node):
        yield from _find_paths(child)


def _format_path_part(part: ast.expr) -> str:
    """Return a part of a path; in place of a value its name, without the object that it is of."""
    if isinstance(part, ast.FormattedValue):
        return f"{{{ast.unparse(part.value).rpartition('.')[2]}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def _join_items(items: tuple[str, ...]) -> str:
    return "<br>".join(items) or "the study's configuration"
