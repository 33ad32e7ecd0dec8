"""The results as a table on the screen and as a page of the documentation."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from disrupting_harm.files import atomic_path

LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "svy", "samplics")


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


def write_page(path: Path, sections: Sequence[Section]) -> None:
    """Write the page; the numbers are those of the machine and the day that it names."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make benchmark`, which measures everything again. All ratios come from one "
        "run on one machine. Every time is the least of two runs or more, because other work on a "
        "machine only ever adds to it; linear algebra has one thread. Where only a part of a job "
        "was run, its time was scaled up, and the table says so. The engines agree to 1e-9 on what "
        "they both compute, or the benchmark stops.",
        "",
        f"Measured on {datetime.now(UTC):%d %B %Y} with {os.cpu_count()} cores "
        f"({platform.system()} {platform.machine()}), Python {platform.python_version()}, "
        f"{libraries}.",
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.text, ""]
        lines += ["| job | seconds | ratio | basis |", "|---|---:|---:|---|"]
        for row in section.rows:
            lines.append(f"| {row.name} | {row.seconds:,.3f} | {ratio(row)} | {row.basis} |")
    with atomic_path(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
