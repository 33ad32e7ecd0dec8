"""Two runs beside each other, by what they publish: what changed, the most important first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, read_json
from disrupting_harm.provenance.addresses import STUDY, list_leaves
from disrupting_harm.provenance.rebuild import describe_versions, differing_keys
from disrupting_harm.provenance.signature import MANIFEST
from disrupting_harm.runs.differences.documents import (
    FigureDifference,
    SentenceDifference,
    count_printed,
    find_figure_differences,
    find_sentence_differences,
)
from disrupting_harm.runs.differences.tables import (
    MAIN_NUMBER,
    OTHER_NUMBER,
    VERDICT,
    WORDS,
    Change,
    FileDifference,
    RowDifference,
    find_row_differences,
)

SAME, DIFFERENT = 0, 1
# How a line begins that tells a change.
MARKS: dict[Change, str] = {"changed": "~", "added": "+", "gone": "-"}
# What is listed, in this order.
SECTIONS = {
    MAIN_NUMBER: "Numbers that documents print",
    VERDICT: "Ranks and verdicts",
    "file": "Tables and documents that only one run has",
    "sentence": "Sentences",
    "figure": "Texts of figures",
    "row": "Rows that only one run has",
    OTHER_NUMBER: "Other numbers",
    WORDS: "Words in tables",
}
# What is counted of rows that both runs have, cell by cell.
COUNTED = {
    MAIN_NUMBER: "main_numbers_changed",
    VERDICT: "ranks_and_verdicts_changed",
    OTHER_NUMBER: "other_numbers_changed",
    WORDS: "words_changed",
}


@dataclass(frozen=True)
class RunDifferences:
    """What differs between two runs.

    Attributes:
        origin: what the runs were made of or with that is not the same, in words.
        rows: those with numbers that most documents print first, then those with verdicts.
        simulated: whether one of the runs says that its data are.
    """

    before: Path
    after: Path
    origin: tuple[str, ...]
    rows: tuple[RowDifference, ...]
    files: tuple[FileDifference, ...]
    sentences: tuple[SentenceDifference, ...]
    figures: tuple[FigureDifference, ...]
    simulated: bool

    @property
    def status(self) -> int:
        """The exit status: 0 where nothing that is compared differs, else 1."""
        return DIFFERENT if any(self.count().values()) else SAME

    def list_lines(self) -> dict[str, list[str]]:
        """Return a line for each difference, below the keys of :data:`SECTIONS`, in their order.

        A row stands where its most important cell belongs.
        """
        lines: dict[str, list[str]] = {name: [] for name in SECTIONS}
        for row in self.rows:
            lines[find_section(row)].append(_describe_row(row))
        lines["file"] = [_describe_file(file) for file in self.files]
        lines["sentence"] = [
            f"{MARKS[sentence.change]} {sentence.document}: "
            f"{_show_pair(sentence.before, sentence.after)}"
            for sentence in self.sentences
        ]
        lines["figure"] = [
            f"{MARKS[figure.change]} {figure.file}, {figure.figure}, {name}: {_show_pair(*pair)}"
            for figure in self.figures
            for name, pair in figure.texts.items()
        ]
        return lines

    def count(self) -> dict[str, int]:
        """Return how many differences there are of each kind."""
        cells = Counter(
            cell.kind for row in self.rows if row.change == "changed" for cell in row.cells
        )
        counts = {name: cells[kind] for kind, name in COUNTED.items()}
        by_noun: dict[str, list[Change]] = {
            "rows": [row.change for row in self.rows if row.change != "changed"],
            "files": [file.change for file in self.files],
            "sentences": [sentence.change for sentence in self.sentences],
            "figures": [figure.change for figure in self.figures],
        }
        for noun, changes in by_noun.items():
            for change in MARKS:
                if change != "changed" or noun not in ("rows", "files"):
                    counts[f"{noun}_{change}"] = changes.count(change)
        return counts

    def record(self) -> dict[str, Any]:
        """Return all of it for programs."""
        return {
            "before": self.before.as_posix(),
            "after": self.after.as_posix(),
            "origin": list(self.origin),
            "counts": self.count(),
            "rows": [asdict(row) for row in self.rows],
            "files": [asdict(file) for file in self.files],
            "sentences": [
                {"change": sentence.change, **asdict(sentence)} for sentence in self.sentences
            ],
            "figures": [
                asdict(figure)
                | {
                    "texts": {
                        name: {"before": before, "after": after}
                        for name, (before, after) in figure.texts.items()
                    }
                }
                for figure in self.figures
            ],
        }

    def format_lines(self, most: int) -> Iterator[str]:
        """Yield what a person reads: what the runs are of, counts, and the first differences.

        Args:
            most: differences that are listed, of all sections together.
        """
        yield from (f"before: {self.before}", f"after:  {self.after}")
        yield from (f"not the same: {line}" for line in self.origin)
        if self.status == SAME:
            yield "no number, verdict, sentence or text of a figure differs"
        for name, count in self.count().items():
            if count:
                yield f"{count:>7,} {name.replace('_', ' ')}"
        remaining = 0
        for name, lines in self.list_lines().items():
            listed = lines[:most]
            if listed:
                yield from ("", SECTIONS[name], *listed)
            most -= len(listed)
            remaining += len(lines) - len(listed)
        if remaining:
            yield from ("", f"{remaining:,} more; --most N lists more, --page and --json all")


def find_differences(before: Path, after: Path) -> RunDifferences:
    """Compare what two finished runs publish.

    Args:
        before, after: their folders of results, or the public folders in these.

    Raises:
        StudyError: there is no finished run in a folder.
    """
    old, new = (find_public_folder(folder) for folder in (before, after))
    manifests = [read_json(public / MANIFEST) for public in (old, new)]
    rows, tables = find_row_differences(old, new, count_printed(old, new))
    sentences, documents = find_sentence_differences(old, new)
    order = list(SECTIONS)
    rows.sort(key=lambda row: (order.index(find_section(row)), -row.documents))
    return RunDifferences(
        before,
        after,
        tuple(_describe_origin(old, new, *manifests)),
        tuple(rows),
        (*tables, *documents),
        tuple(sentences),
        tuple(find_figure_differences(old, new)),
        any(manifest.get("simulated") for manifest in manifests),
    )


def find_public_folder(folder: Path) -> Path:
    """Return the public folder of results, which the folder is or holds.

    Raises:
        StudyError: it has no manifest, or one of another kind.
    """
    public = folder / PUBLIC if (folder / PUBLIC).is_dir() else folder
    manifest = public / MANIFEST
    if (
        not manifest.is_file()
        or not {"study", "configuration", "code"} <= read_json(manifest).keys()
    ):
        finding = f"no finished run: no {MANIFEST} of public results"
        raise StudyError(
            str(public), finding, "Name 'results' or 'results/public' of a finished run"
        )
    return public


def _describe_origin(
    old_folder: Path, new_folder: Path, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    """Yield what two runs were made of or with that is not the same, the study first."""
    for name in ("study", "release", "simulated"):
        if old.get(name) != new.get(name):
            yield f"{name}: '{old.get(name)}', and now '{new.get(name)}'"
    surveys = [
        {path.name for path in (public / "countries").glob("*") if path.is_dir()}
        for public in (old_folder, new_folder)
    ]
    for name, missing in (("gone", surveys[0] - surveys[1]), ("added", surveys[1] - surveys[0])):
        if missing:
            yield f"countries {name}: {', '.join(sorted(missing))}"
    settings = [dict(list_leaves(manifest["configuration"], STUDY)) for manifest in (old, new)]
    for address in sorted(differing_keys(*settings)):
        was, now = (leaves.get(address, "not set") for leaves in settings)
        yield f"configuration, {address}: {was}, and now {now}"
    for name in sorted(differing_keys(old.get("inputs", {}), new.get("inputs", {}))):
        yield f"input {name}"
    yield from describe_versions(old, new)


def find_section(row: RowDifference) -> str:
    """Return the section of :data:`SECTIONS` where a row is listed."""
    if row.change != "changed" and not row.has(MAIN_NUMBER):
        return "row"
    return next((kind for kind in (MAIN_NUMBER, VERDICT, OTHER_NUMBER) if row.has(kind)), WORDS)


def _describe_row(row: RowDifference) -> str:
    """Return a row in a line: its address, each cell that differs, and how many print it."""
    printed = f" (in {amount(row.documents, 'document')})" if row.documents else ""
    cells = ", ".join(f"{cell.column} {_show_pair(cell.before, cell.after)}" for cell in row.cells)
    changed = f": {cells}" if row.change == "changed" else ""
    return f"{MARKS[row.change]} {row.address}{changed}{printed}"


def _show_pair(before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return (after if before is None else before) or "empty"
    return f"{before or 'empty'} -> {after or 'empty'}"


def _describe_file(file: FileDifference) -> str:
    parts = "sentence" if file.file.endswith(".qmd") else "row"
    return f"{MARKS[file.change]} {file.file}, {amount(file.parts, parts)}"
