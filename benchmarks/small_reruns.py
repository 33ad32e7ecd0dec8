"""The CPU seconds of small reruns of the default study: nothing new, one text, one raw file.

    python benchmarks/small_reruns.py                of today's checkout
    python benchmarks/small_reruns.py 1a2b3c4        of another commit

The whole study of a commit runs once in a folder of its own; then what a user edits is edited
there, and the study runs again, each time after two edits, of which the least time counts. What
is not committed is not measured.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from report import Row, Section, print_section
from whole_study import Run, checkout, run_study

COUNTRY = "KEN"
CATALOGUE = Path("workflow/templates/locale/km/LC_MESSAGES/report.po")
TEMPLATE = Path("workflow/templates/country/methods.qmd.j2")
SAMPLE = Path(f"results/restricted/simulated/{COUNTRY}/sample.csv")
# Messages of the Khmer catalogue: one that the report alone prints, one of figures.
OF_REPORT, OF_FIGURES = "Disrupting Harm methods", "{subject}, by region"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("commit", nargs="?", default="HEAD")
    print_section(small_reruns(parser.parse_args().commit))


def small_reruns(commit: str = "HEAD") -> Section:
    """Return what small reruns of a commit's default study take."""
    with checkout(commit) as folder:
        run_study(folder, "whole study")
        edits = {
            "a second run": lambda: None,
            "one text of the Khmer catalogue, of the report": partial(
                lengthen, folder / CATALOGUE, f'msgid "{OF_REPORT}"\nmsgstr "'
            ),
            "one text of the Khmer catalogue, of a figure": partial(
                lengthen, folder / CATALOGUE, f'msgid "{OF_FIGURES}"\nmsgstr "'
            ),
            "one sentence of all reports, in a template": partial(
                lengthen, folder / TEMPLATE, OF_REPORT
            ),
        }
        rows = [least(folder, name, edit) for name, edit in edits.items()]
        rows += raw_file(folder)
    return Section(
        "Small reruns",
        "CPU seconds of a run of the finished default study after one edit, the least of two.",
        rows,
    )


def raw_file(folder: Path) -> list[Row]:
    """Measure what follows an interview less in one country: its own files, then all the rest."""
    report = f"results/public/reports/{COUNTRY}/renderer.json"
    own, joint = [], []
    for _ in range(2):
        shorten(folder / SAMPLE)
        own.append(run_study(folder, "one raw file: the country's own tables and report", report))
        joint.append(run_study(folder, "one raw file: then the comparison and what follows"))
    return [row_of(min(runs, key=lambda run: run.cpu_seconds)) for runs in (own, joint)]


def least(folder: Path, name: str, edit: Callable[[], None]) -> Row:
    """Edit and run twice, and return the row of the run that took less."""
    runs = []
    for _ in range(2):
        edit()
        runs.append(run_study(folder, name))
    return row_of(min(runs, key=lambda run: run.cpu_seconds))


def row_of(run: Run) -> Row:
    """Return a run with the stages that took most of it."""
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in (run.stages or {}).items())
    jobs = sum((run.stages or {}).values())
    basis = f"{run.wall_seconds:.1f} s by the clock; {stages + ', ' if stages else ''}"
    return Row(run.name, run.cpu_seconds, None, f"{basis}Snakemake {run.cpu_seconds - jobs:.1f}")


def lengthen(path: Path, text: str) -> None:
    """Add a letter behind a text that stands once in a file."""
    content = path.read_text(encoding="utf-8")
    if content.count(text) != 1:
        raise SystemExit(f"{path}: {content.count(text)} times {text!r}; correct the benchmark")
    path.write_text(content.replace(text, f"{text}x"), encoding="utf-8")


def shorten(path: Path) -> None:
    """Take the last line from a file."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")


if __name__ == "__main__":
    main()
