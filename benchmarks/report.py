"""The results as a table on the screen and as a page of the documentation."""

import io
import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from disrupting_harm.core.files import atomic_path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "svy", "samplics", "leafblower")


DOTS_AN_INCH = 200


class Row(NamedTuple):
    """One measurement; ``ratio`` is to ours, or as the section says."""

    name: str
    seconds: float
    ratio: float | None
    basis: str


class Section(NamedTuple):
    """A job and what it took."""

    title: str
    text: str
    rows: Sequence[Row]


def ratio(row: Row) -> str:
    if row.ratio is None:
        return ""
    return f"{row.ratio:,.0f} x" if row.ratio >= 20 else f"{row.ratio:.2f} x"


def print_section(section: Section) -> None:
    print(f"\n{section.title}")
    for row in section.rows:
        print(f"  {row.name:<50}{row.seconds:10.3f} s{ratio(row):>10}   {row.basis}", flush=True)


def render_png(figure: Figure, title: str) -> bytes:
    """Return a picture of a page as PNG, the same bytes everywhere."""
    buffer = io.BytesIO()
    metadata = {"Title": title, "Software": None}
    figure.savefig(buffer, format="png", dpi=DOTS_AN_INCH, metadata=metadata)
    return buffer.getvalue()


def environment() -> str:
    """Say what was measured with: the machine, Python, R and the libraries."""
    parts = [
        f"{os.cpu_count()} cores ({_processor()}, {platform.system()} {platform.machine()})",
        f"Python {platform.python_version()}",
        *(f"{name} {_version(name)}" for name in LIBRARIES),
    ]
    if shutil.which("Rscript"):
        program = 'cat(as.character(getRversion()), as.character(packageVersion("survey")))'
        command = ["Rscript", "--vanilla", "-e", program]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        parts.append("R {} with survey {}".format(*found.split()))
    return ", ".join(parts)


def _processor() -> str:
    """The processor's name as Linux has it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unnamed processor"


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def write_section(path: Path, section: Section) -> None:
    """Write one section into the page: in its place where it is there, else at the end."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [place for place, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
    own = [place for place in heads[:-1] if lines[place] == f"## {section.title}"]
    first = own[0] if own else len(lines) + 1
    after = heads[heads.index(first) + 1] if own else len(lines)
    _write(path, [*lines[: first - 1], "", *_lines(section), "", *lines[after:]])


def dated() -> str:
    """Say when something was measured by itself, and beside how much other work."""
    waiting, cores = os.getloadavg()[1], os.cpu_count() or 1
    busy = f"with {waiting:.0f} processes that wanted its {cores} cores"
    machine = busy if waiting > cores else f"of {cores} cores without much other work"
    return f"Measured by itself on {datetime.now(UTC):%d %B %Y}, on a machine {machine}."


def _lines(section: Section) -> list[str]:
    lines = [f"## {section.title}", "", section.text, ""]
    lines += ["| job | seconds | ratio | basis |", "|---|---:|---:|---|"]
    for row in section.rows:
        lines.append(f"| {row.name} | {row.seconds:,.3f} | {ratio(row)} | {row.basis} |")
    return lines


def _write(path: Path, lines: Sequence[str]) -> None:
    with atomic_path(path) as part:
        part.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")
