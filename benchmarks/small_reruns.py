"""The CPU seconds of small reruns of the default study: nothing new, one text, one raw file.

    python benchmarks/small_reruns.py                of today's checkout
    python benchmarks/small_reruns.py 1a2b3c4        of another commit
    python benchmarks/small_reruns.py --folder x     of a finished study, in the folder x

The whole study of a commit runs once in a folder of its own; then what a user edits is edited
there, and the study runs again, each time after two edits, of which the least time counts. What is
not committed is not measured.
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
# Messages: two that reports alone print, and one of figures.
OF_REPORT, OF_KHMER_REPORT = "Disrupting Harm methods", "Annex: data quality"
OF_FIGURES = "{subject}, by region"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("commit", nargs="?", default="HEAD")
    parser.add_argument("--folder", type=Path, help="a checkout whose default study is finished")
    parser.add_argument("--repeats", type=int, default=2, help="edits of each kind")
    arguments = parser.parse_args()
    if arguments.folder:
        print_section(reruns_in(arguments.folder, arguments.repeats))
    else:
        print_section(small_reruns(arguments.commit, arguments.repeats))


def small_reruns(commit: str = "HEAD", repeats: int = 2) -> Section:
    """Run the default study of a commit and return what small reruns of it take."""
    with checkout(commit) as folder:
        run_study(folder, "whole study")
        return reruns_in(folder, repeats)


def reruns_in(folder: Path, repeats: int) -> Section:
    """Return what small reruns of the finished default study in a folder take."""
    edits = {
        "a second run": lambda: None,
        "one sentence of all reports, in a template": partial(
            lengthen, folder / TEMPLATE, OF_REPORT
        ),
        "one text of the Khmer catalogue, of the report": partial(
            lengthen, folder / CATALOGUE, translation(OF_KHMER_REPORT)
        ),
        "one text of the Khmer catalogue, of a figure": partial(
            lengthen, folder / CATALOGUE, translation(OF_FIGURES)
        ),
    }
    rows = [least(folder, name, edit, repeats) for name, edit in edits.items()]
    return Section(
        "Small reruns",
        "CPU seconds of a run of the finished default study after one edit, each row the least of "
        f"{repeats}.",
        [*rows, *raw_file(folder, repeats)],
    )


def translation(message: str) -> str:
    """Return how the entry of a message begins in a catalogue."""
    return f'msgid "{message}"\nmsgstr "'


def raw_file(folder: Path, repeats: int) -> list[Row]:
    """Measure what follows an interview less in one country: its own files, then all the rest."""
    report = f"results/public/reports/{COUNTRY}/renderer.json"
    own, joint = [], []
    for _ in range(repeats):
        shorten(folder / SAMPLE)
        own.append(run_study(folder, "one raw file: the country's own tables and report", report))
        joint.append(run_study(folder, "one raw file: then the comparison and what follows"))
    return [row_of(min(runs, key=lambda run: run.cpu_seconds)) for runs in (own, joint)]


def least(folder: Path, name: str, edit: Callable[[], None], repeats: int) -> Row:
    """Edit and run several times, and return the row of the run that took least."""
    runs = []
    for _ in range(repeats):
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
