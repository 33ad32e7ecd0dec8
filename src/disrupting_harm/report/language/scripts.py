"""What documents, pages and figures need of each script: ``scripts.yml``, beside this module."""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.section import (
    Section,
    Text,
    read_yaml,
    validate_content,
)

HERE = Path(__file__).parent
LATIN = "Latn"


class Typeface(Section):
    """A font: the name of its family, and where its file lies."""

    family: Text
    font: Text

    @property
    def path(self) -> Path:
        """The file: in a package, or beside this module."""
        folder, _, name = self.font.partition("/")
        beside = HERE / self.font
        package = None if beside.is_file() else find_spec(folder)
        path = Path(package.origin).parent / name if package and package.origin else beside
        if not path.is_file():
            remedy = "Install the package, or put the file there with its licence"
            raise StudyError("scripts.yml", f"the font '{self.font}' is not there", remedy)
        return path


class Script(Typeface):
    """One script; ``scripts.yml`` says what its keys mean."""

    letters: Text
    direction: Literal["ltr", "rtl"] = "ltr"
    pdf: Literal["text", "print"] = "text"
    tall: bool = False
    level_marks: bool = False
    drawn: str = ""
    breaks: str = ""
    sort: str = ""
    other_font: Typeface | None = None

    @property
    def code_points(self) -> tuple[int, ...]:
        """The letters that a page carries, in ascending order."""
        return tuple(read_ranges(self.letters))


def read_ranges(ranges: str) -> Iterable[int]:
    """Yield the code points of ranges as CSS writes them, e.g. ``U+20-7E, U+A0``."""
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        yield from range(int(first, 16), int(last or first, 16) + 1)


def read_scripts(path: Path) -> dict[str, Script]:
    """Read the scripts by code, in the order in which fonts are asked for a letter."""
    return {
        code: validate_content(Script, row, f"{path}, '{code}'")
        for code, row in read_yaml(path).items()
    }


SCRIPTS = read_scripts(HERE / "scripts.yml")


def list_typefaces() -> list[Typeface]:
    """Return the fonts of all scripts, each once; those of letters that others lack come last."""
    others = [script.other_font for script in SCRIPTS.values() if script.other_font]
    by_family = {face.family: face for face in (*SCRIPTS.values(), *others)}
    return list(by_family.values())


def list_families() -> list[str]:
    """Return the families of documents, in the order in which they are asked for a letter."""
    return list(dict.fromkeys(script.family for script in SCRIPTS.values()))
