"""The seconds of small reruns of the default study: nothing new, one text, one raw file.

    python benchmarks/small_reruns.py                        of today's checkout
    python benchmarks/small_reruns.py 1a2b3c4                of another commit
    python benchmarks/small_reruns.py --folder x             of a finished study, in the folder x
    python benchmarks/small_reruns.py --folder x --before y  beside that of an earlier checkout

The whole study of a commit runs once in a folder of its own; then what a user edits is edited
there, and the study runs again, each time after several edits, of which the least times count. What
is not committed is not measured.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from report import Row, Section, show_section
from unit import in_units
from whole_study import Run, checkout, run_study

COUNTRY = "KEN"
CATALOGUE = Path("workflow/templates/locale/km/LC_MESSAGES/report.po")
TEMPLATE = Path("workflow/templates/country/methods.qmd.j2")
SAMPLE = Path(f"results/restricted/simulated/{COUNTRY}/sample.csv")
# Stages that took less stand together.
SHOWN_FROM = 2.0
REPORT = f"results/public/reports/{COUNTRY}/renderer.json"


class Edit(NamedTuple):
    """What a user edits in the folder of a study, and the runs after it: targets by name."""

    make: Callable[[Path], None]
    runs: dict[str, tuple[str, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("commit", nargs="?", default="HEAD")
    parser.add_argument("--folder", type=Path, help="a checkout whose default study is finished")
    parser.add_argument("--before", type=Path, help="with --folder: an earlier one")
    parser.add_argument("--edits", default="", help="a word of the names of those to measure")
    parser.add_argument("--repeats", type=int, default=2, help="edits of each kind")
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    arguments = parser.parse_args()
    if arguments.folder:
        edits = [edit for edit in EDITS if arguments.edits in " ".join(edit.runs)]
        before, repeats = arguments.before, arguments.repeats
        section = reruns_in(arguments.folder, repeats, before, edits)
    else:
        section = small_reruns(arguments.commit, arguments.repeats)
    show_section(section, arguments.page)


def small_reruns(commit: str = "HEAD", repeats: int = 2) -> Section:
    """Run the default study of a commit and return what small reruns of it take."""
    with checkout(commit) as folder:
        run_study(folder, "whole study")
        return reruns_in(folder, repeats)


def reruns_in(
    folder: Path, repeats: int, before: Path | None = None, edits: Sequence[Edit] = ()
) -> Section:
    """Return what small reruns of the finished default study in a folder take.

    With ``before``, the folder of an earlier checkout, each edit is made there, too, in turn.
    Without ``edits`` all are measured.
    """
    folders = [folder] if before is None else [folder, before]
    earlier = "" if before is None else " Ratios are of an earlier commit to this one."
    return Section(
        "Small reruns",
        "CPU seconds of a run of the finished default study after one edit, each row the least of "
        f"{repeats}.{earlier}",
        list(in_units(row for edit in edits or EDITS for row in measured(edit, folders, repeats))),
    )


def measured(edit: Edit, folders: Sequence[Path], repeats: int) -> list[Row]:
    """Edit and run several times in each folder in turn; return a row for each run."""
    found: dict[tuple[str, Path], list[Run]] = {}
    for _ in range(repeats):
        for folder in folders:
            edit.make(folder)
            for name, targets in edit.runs.items():
                run = run_study(folder, name, *targets)
                found.setdefault((name, folder), []).append(run)
    return [row_of(*(found[name, folder] for folder in folders)) for name in edit.runs]


def row_of(runs: Sequence[Run], before: Sequence[Run] = ()) -> Row:
    """Return the run that took least, with the stages that took most of it."""
    least = min(runs, key=lambda run: run.cpu_seconds)
    used = least.stages
    large = {name: seconds for name, seconds in used.items() if seconds >= SHOWN_FROM}
    others = sum(used.values()) - sum(large.values())
    shown = {**large, "others": others} if others else large
    stages = "".join(f"{name} {seconds:.1f}, " for name, seconds in shown.items())
    basis = f"{stages}Snakemake {least.cpu_seconds - sum(used.values()):.1f}"
    clock = f"{min(run.wall_seconds for run in runs):.1f} s by the clock"
    if not before:
        return Row(least.name, least.cpu_seconds, None, f"{clock}; {basis}")
    earlier = min(run.cpu_seconds for run in before)
    clock = f"{clock}, before {min(run.wall_seconds for run in before):.1f} s"
    return Row(least.name, least.cpu_seconds, earlier / least.cpu_seconds, f"{clock}; {basis}")


def translation(message: str) -> str:
    """Return how the entry of a message begins in a catalogue."""
    return f'msgid "{message}"\nmsgstr "'


def lengthen(file: Path, text: str, folder: Path) -> None:
    """Add a letter behind a text that stands once in a file."""
    path = folder / file
    content = path.read_text(encoding="utf-8")
    if content.count(text) != 1:
        raise SystemExit(f"{path}: {content.count(text)} times {text!r}; correct the benchmark")
    path.write_text(content.replace(text, f"{text}x"), encoding="utf-8")


def shorten(folder: Path) -> None:
    """Let one country have an interview less."""
    path = folder / SAMPLE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")


def leave(folder: Path) -> None:
    """Edit nothing."""


# Messages: two that reports alone print, and one of figures.
EDITS = (
    Edit(leave, {"a second run": ()}),
    Edit(
        partial(lengthen, TEMPLATE, "Intervals follow the sample design"),
        {"one sentence of all reports, in a template": ()},
    ),
    Edit(
        partial(lengthen, CATALOGUE, translation("Who took part")),
        {"one text of the Khmer catalogue, of the report": ()},
    ),
    Edit(
        partial(lengthen, CATALOGUE, translation("Who took part")),
        {
            "the same text, its report alone": ("--document", "report", "KHM"),
            "the same text, then all that follows": (),
        },
    ),
    Edit(
        partial(lengthen, CATALOGUE, translation("{subject}, by region")),
        {"one text of the Khmer catalogue, of a figure": ()},
    ),
    Edit(
        shorten,
        {
            "one raw file: the country's own tables and report": (REPORT,),
            "one raw file: then the comparison and what follows": (),
        },
    ),
)


if __name__ == "__main__":
    main()
