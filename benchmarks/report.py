"""The results as a table on the screen and as a page of the documentation."""

import io
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from unit import Unit

from disrupting_harm.core.files import atomic_path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "svy", "samplics", "leafblower", "duckdb")
# A section's text ends with the day when it was measured.
DAY = re.compile(r"(?:Measured|It ended)[^.]*? on (\d+ \w+ \d{4})")
DAYS = "Days of measurement"

DOTS_AN_INCH = 200


class Row(NamedTuple):
    """One measurement; ``ratio`` is to ours, or as the section says."""

    name: str
    seconds: float
    ratio: float | None
    basis: str
    unit: Unit | None = None


class Section(NamedTuple):
    """A job and what it took."""

    title: str
    text: str
    rows: Sequence[Row]


def ratio(row: Row) -> str:
    if row.ratio is None:
        return ""
    return f"{row.ratio:,.0f} x" if row.ratio >= 20 else f"{row.ratio:.2f} x"


def units(row: Row) -> str:
    """Say how many units a row took, with three digits; nothing where no unit was taken."""
    if row.unit is None:
        return ""
    number = row.seconds / row.unit.seconds
    digits = np.format_float_positional(number, 3, unique=False, fractional=False)
    return f"{number:,.0f}" if number >= 1000 else digits.removesuffix(".")


def basis(row: Row) -> str:
    """Return what a row says of itself, and its units where they differ."""
    if row.unit is None or row.unit.steady:
        return row.basis
    uneven = f"units of {row.unit.before:.1f} s before and {row.unit.after:.1f} s after"
    return f"{row.basis}; {uneven}" if row.basis else uneven


def show_section(section: Section, page: bool) -> None:
    """Print a section, and write it with its day and machine into the page of benchmarks."""
    print(f"\n{section.title}")
    for row in section.rows:
        numbers = f"{row.seconds:10.3f} s{units(row):>10}{ratio(row):>10}"
        print(f"  {row.name:<50}{numbers}   {basis(row)}", flush=True)
    if page:
        write_section(PAGE, section._replace(text=f"{section.text} {dated(section.rows)}"))


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


def dated(rows: Sequence[Row]) -> str:
    """Say when rows were measured, beside how much other work, and how long units took then."""
    waiting, cores = os.getloadavg()[1], os.cpu_count() or 1
    busy = f"with {waiting:.0f} processes that wanted its {cores} cores"
    machine = busy if waiting > cores else f"of {cores} cores without much other work"
    text = f"Measured on {datetime.now(UTC):%d %B %Y}, on a machine {machine}"
    seconds = [second for row in rows if row.unit for second in row.unit]
    if not seconds:
        return f"{text}."
    return f"{text}; a unit took {min(seconds):.1f} to {max(seconds):.1f} s."


def write_section(path: Path, section: Section) -> None:
    """Write one section into the page: in its place where it is there, else at the end."""
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = _replace_section(lines, section.title, _lines(section))
    days = sorted(_days(lines), key=lambda day: datetime.strptime(day[0], "%d %B %Y"))
    lines = _replace_section(lines, DAYS, _day_lines(days))
    with atomic_path(path) as part:
        part.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8")


def _replace_section(lines: list[str], title: str, new: list[str]) -> list[str]:
    heads = [place for place, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
    old = [place for place in heads[:-1] if lines[place] == f"## {title}"]
    first = old[0] if old else len(lines) + 1
    after = heads[heads.index(first) + 1] if old else len(lines)
    return [*lines[: first - 1], "", *new, "", *lines[after:]]


def _days(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the day and the title of each section of the page."""
    title = ""
    for line in lines:
        title = line[3:] if line.startswith("## ") else title
        if day := DAY.search(line):
            yield day[1], title


def _day_lines(days: Sequence[tuple[str, str]]) -> list[str]:
    """Say which sections were measured on which day, and what that means for their seconds."""
    dates = list(dict.fromkeys(day for day, _ in days))
    one_day = "All sections were measured on one day."
    mixed = (
        f"**This page mixes {len(dates)} days**, from {dates[0]} to {dates[-1]}, on which the "
        "machine was not equally fast. Seconds of different days must not be compared; units and "
        "ratios may."
    )
    text = one_day if len(dates) == 1 else mixed
    lines = [f"## {DAYS}", "", text, "", "| day | sections |", "|---|---|"]
    for date in dates:
        titles = "; ".join(title for day, title in days if day == date)
        lines.append(f"| {date} | {titles} |")
    return lines


def _lines(section: Section) -> list[str]:
    """Return a section as Markdown, without the columns that no row fills."""
    # The text says what a unit took: rows say it where they do not share one.
    shared = len({row.unit for row in section.rows}) == 1
    columns = {
        "job": [row.name for row in section.rows],
        "seconds": [f"{row.seconds:,.3f}" for row in section.rows],
        "units": [units(row) for row in section.rows],
        "ratio": [ratio(row) for row in section.rows],
        "basis": [row.basis if shared else basis(row) for row in section.rows],
    }
    filled = {name: cells for name, cells in columns.items() if any(cells)}
    rules = ["---" if name in ("job", "basis") else "---:" for name in filled]
    lines = [f"## {section.title}", "", section.text, ""]
    lines += [f"| {' | '.join(filled)} |", f"|{'|'.join(rules)}|"]
    return lines + [f"| {' | '.join(cells)} |" for cells in zip(*filled.values(), strict=True)]
