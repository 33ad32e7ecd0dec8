"""Words that a person still has to write into the files of a study, each marked ``TODO``."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import read_text
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.microdata.csv_table import read_csv_rows

TODO = "TODO"
# Keys of the configuration, and of its section on the report, that name files of words.
_NAMING = ("countries", "codebook", "mapping", "brief", "findings", "recommendations")
_TODO = re.compile(rf"\b{TODO}\b")


class Todo(NamedTuple):
    """A line in which something is left to decide."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.text}"


def list_study_files(config: Path) -> list[Path]:
    """Return the configuration and the files of words that it names, as far as it can be read."""
    content = read_yaml(config)
    sections = [content, content.get("report")] if isinstance(content, dict) else []
    names = [
        section[key] for section in sections if isinstance(section, dict)
        for key in _NAMING if isinstance(section.get(key), str)
    ]  # fmt: skip
    paths = [config, *(config.parent / name for name in names)]
    countries = config.parent / str(content.get("countries")) if sections else config
    if countries.is_file() and countries.suffix == ".csv":
        header, rows = read_csv_rows(countries)
        if "mapping" in header:
            cells = (row[header.index("mapping")] for _, row in rows)
            paths += [config.parent / cell for cell in cells if cell]
    return paths


def list_todos(paths: Iterable[Path]) -> list[Todo]:
    """Return the lines with a ``TODO`` of the files that are there, file by file."""
    return [
        Todo(path, number, line.strip())
        for path in dict.fromkeys(paths)
        if path.is_file()
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if _TODO.search(line)
    ]


def refuse_todos(todos: list[Todo]) -> None:
    """Raise a `StudyError` where something is left to decide."""
    if todos:
        raise StudyError(
            f"{todos[0].path}, line {todos[0].line}",
            f"{amount(len(todos), 'line')} with the word {TODO} left in the files of the study",
            f"Decide, write it in and take the word {TODO} out; `disrupting-harm check` lists all",
        )
