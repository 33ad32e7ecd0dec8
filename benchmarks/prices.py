"""What two parts save that are there for speed alone: the launcher and the printer of figures.

    python benchmarks/prices.py [--page]

The default study runs three times, one run after the other on two cores: as it is; with a Python
for every job; and with matplotlib's ``savefig`` in the place of the printer, which walks through a
figure once for all its files. What is not committed is not run.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from report import PAGE, Row, Section, dated, print_section, write_section
from whole_study import CORES, Run, checkout, run_study

SOURCE = Path("src")
LAUNCHER = ("disrupting_harm_launcher", "snakemake_logger_plugin_disrupting_harm")
DRAWING = SOURCE / "disrupting_harm/report/figures/drawing"
PRINTER = ("print_formats.py", "text_shaping.py", "svg_compaction.py")
# The same formats at the same size, each by a walk of its own; marks keep their addresses.
SAVEFIG = '''

def print_figure(figure: Figure, title: str, press: Press) -> dict[str, bytes]:
    """Print every format by itself."""
    check_marks_within_axes(figure)
    files = {}
    with matplotlib.rc_context(LIVE if press.live else {}):
        for file_format in press.formats:
            content = io.BytesIO()
            metadata = METADATA.get(file_format)
            figure.savefig(content, format=file_format, dpi=press.dpi, metadata=metadata)
            files[file_format] = content.getvalue()
    files["svg"] = replace_links_by_addresses(files["svg"].decode("utf-8")).encode("utf-8")
    return files
'''


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    section = price_list()
    print_section(section)
    if parser.parse_args().page:
        write_section(PAGE, section._replace(text=f"{section.text} {dated()}"))


def price_list() -> Section:
    """Run the study as it is and without each part; return the seconds and the lines of code."""
    with checkout("HEAD") as folder:
        launcher_lines = count_lines(folder, [SOURCE / name for name in LAUNCHER])
        printer_lines = count_lines(folder, [DRAWING / name for name in PRINTER])
        today = run_study(folder, "as it is")
    with checkout("HEAD") as folder:
        cold = run_study(folder, f"without the launcher ({launcher_lines:,} lines)", "--no-warm")
    with checkout("HEAD") as folder:
        printer = folder / DRAWING / "print_formats.py"
        printer.write_text(printer.read_text(encoding="utf-8") + SAVEFIG, encoding="utf-8")
        saved = run_study(folder, f"without the printer of figures ({printer_lines:,} lines)")
    return _section(today, [cold, saved])


def _section(today: Run, others: Sequence[Run]) -> Section:
    rows = [
        Row(
            run.name,
            run.cpu_seconds,
            None if run is today else run.cpu_seconds / today.cpu_seconds,
            f"{run.wall_seconds:.0f} s by the clock, {CORES} cores; "
            f"figures {_seconds_of_figures(run):.1f} s",
        )
        for run in [today, *others]
    ]
    return Section(
        "The price of two parts",
        "What the whole default study takes without a part that is here for speed alone, and how "
        "many lines that part has. Ratios are to the study as it is. Figures are the CPU seconds "
        "of all stages that draw.",
        rows,
    )


def _seconds_of_figures(run: Run) -> float:
    return sum(seconds for stage, seconds in (run.stages or {}).items() if "figures" in stage)


def count_lines(folder: Path, parts: Sequence[Path]) -> int:
    """Return the lines of the Python files at or below some paths of a checkout."""
    files = [
        file
        for part in parts
        for file in ([folder / part] if part.suffix else sorted((folder / part).rglob("*.py")))
    ]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


if __name__ == "__main__":
    main()
