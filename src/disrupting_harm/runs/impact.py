"""What of a study depends on a file: its outputs by kind, from Snakemake's own list of jobs.

Files that a rule declares as inputs are followed from job to job. What reaches a rule as parameters
(settings, codebook, mappings, modules, translations) is read from the text of the rules. Of such a
file all that its rules make is named, whichever part of it is changed: a run may make less anew.
"""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, read_rows
from disrupting_harm.core.job_records import read_digests, record_path
from disrupting_harm.core.paths import PACKAGE, SOURCES, templates_folder, workflow_folder
from disrupting_harm.provenance.imports import imported_files
from disrupting_harm.reference.interface import read_rule_texts
from disrupting_harm.runs.folder_checks import child_environment, find_rules
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.study.study import Study

MOST_NAMED = 3
# The kinds of outputs in the order in which they are printed, and what their paths begin with.
KINDS = {
    "documents": ("reports/", "briefs/", "regional/", "databooks/"),
    "figures": ("figures/",),
    "tables": ("*.csv",),
    "explanations": ("explained/", "explorer/"),
    "pages and other public files": ("",),
}
RESTRICTED_KIND = "restricted tables and records"
DOCUMENT_SUFFIXES = (".html", ".pdf", ".docx", ".xlsx", ".qmd")
# Words by which a rule gets what a file of the study says.
CODEBOOK_WORDS = re.compile(r"\b(CODEBOOK|DEFINITIONS|KEY_INDICATORS)\b")
MAPPING_WORDS = re.compile(r"\bmappings?=")
SIMULATION_WORDS = re.compile(r"\bcountry_simulation\b")
TRANSLATION_WORDS = re.compile(r"\btexts=")
LIBRARY = re.compile(r"\blibrary\(([^)]*)\)")


class Output(NamedTuple):
    """A file that a job of the study makes."""

    path: str
    rule: str
    log: str
    inputs: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The country or kind that its job is about; the rule where it has one job."""
        return Path(self.log).stem

    @property
    def job(self) -> str:
        """The rule, and what its job is about where it has several."""
        return self.rule if self.subject == self.rule else f"{self.rule} {self.subject}"


class Impact(NamedTuple):
    """What depends on a file."""

    path: str
    # A rule and, where it has several jobs, a country or a kind.
    jobs: tuple[str, ...]
    jobs_of_study: int
    paths_by_kind: dict[str, list[str]]
    # In public tables that a finished run has made.
    rows: int

    def record(self) -> dict[str, Any]:
        """Return it for programs."""
        return {**self._asdict(), "counts": {k: len(v) for k, v in self.paths_by_kind.items()}}

    def format_lines(self) -> list[str]:
        """Return it for people: a line a kind, with the first names."""
        if not self.jobs:
            return [f"{self.path}: no job of this study reads it."]
        lines = [f"{self.path}: {len(self.jobs)} of {amount(self.jobs_of_study, 'job')}"]
        for kind, paths in self.paths_by_kind.items():
            more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
            rows = f" ({self.rows} rows)" if kind == "tables" and self.rows else ""
            lines.append(f"  {len(paths):>4} {kind}{rows}: {', '.join(paths[:MOST_NAMED])}{more}")
        return lines


def find_impact(config: Path, path: Path) -> Impact:
    """Return what of the study of a configuration depends on a file, or on all files of a folder.

    Raises:
        StudyError: there is no such file, or the study cannot be planned.
    """
    if not path.exists():
        raise StudyError(str(path), "there is no such file", "Name a file, or a folder of files")
    study = load_runnable(config)
    outputs = _list_outputs(config)
    is_read = _select_readers(study, path)
    reached = {output.path for output in outputs if is_read(output)}
    while more := {
        output.path
        for output in outputs
        if output.path not in reached and not reached.isdisjoint(output.inputs)
    }:
        reached |= more
    results = study.config.results
    followed = [output for output in outputs if output.path in reached]
    paths_by_kind: dict[str, list[str]] = {}
    for kind, name in sorted({*_list_kinds(followed, results)}, key=_rank_kind):
        paths_by_kind.setdefault(kind, []).append(name)
    tables = (results / PUBLIC / name for name in paths_by_kind.get("tables", ()))
    return Impact(
        str(path),
        tuple(sorted({output.job for output in followed})),
        len({output.log for output in outputs}),
        paths_by_kind,
        sum(_count_rows(table) for table in tables if table.is_file()),
    )


def _list_outputs(config: Path) -> list[Output]:
    """Return all files that the rules of a study declare, as Snakemake plans them.

    Raises:
        StudyError: it cannot be planned, or some were never made: their inputs are not told.
    """
    options = ("--configfile", str(config), *find_rules(), "--detailed-summary")
    planned = subprocess.run(
        [sys.executable, "-m", "snakemake", *options],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if planned.returncode != 0:
        raise StudyError(str(config), planned.stderr.strip()[-500:], "Run `disrupting-harm check`")
    lines = planned.stdout.splitlines()
    rows = [*csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    if missing := [row["output_file"] for row in rows if row["log-file(s)"] == "-"]:
        found = f"no run has ended: {len(missing)} of {amount(len(rows), 'file')} are not there"
        raise StudyError(missing[0], found, "Run first: make run")
    return [
        Output(
            row["output_file"],
            row["rule"],
            row["log-file(s)"],
            tuple(filter(None, row["input-file(s)"].split(","))),
        )
        for row in rows
    ]


def _select_readers(study: Study, path: Path) -> Callable[[Output], bool]:
    """Return what says of an output whether its job reads a file itself."""
    place = path.resolve()
    texts = read_rule_texts(workflow_folder() / "rules")
    rules, countries = _find_rules(study, place, texts), _find_countries(study, place)

    def is_read(output: Output) -> bool:
        if any(Path(name).resolve().is_relative_to(place) for name in output.inputs):
            return True
        is_about = countries is None or output.subject in countries
        return output.rule in rules and (is_about or output.subject not in study.surveys)

    return is_read


def _find_rules(study: Study, place: Path, texts: Mapping[str, str]) -> set[str]:
    """Return the rules that a file reaches as a parameter or as code."""
    config = study.config

    def is_file(named: Path | None) -> bool:
        return named is not None and study.resolve(named).resolve() == place

    if place == study.path.resolve() or is_file(config.countries):
        return {*texts}
    if place.suffix == ".smk":
        text = place.read_text(encoding="utf-8")
        defined = {name for name in texts if re.search(rf"\brule {name}:|\bas {name} with:", text)}
        # A file without rules is one of functions that all use.
        return defined or {*texts}
    words: list[re.Pattern[str]] = []
    if is_file(config.codebook):
        words.append(CODEBOOK_WORDS)
    if _find_mapped(study, place):
        words.append(MAPPING_WORDS)
    if is_file(config.simulation):
        words.append(SIMULATION_WORDS)
    if _find_language(place):
        words.append(TRANSLATION_WORDS)
    by_words = {name for name, text in texts.items() if any(word.search(text) for word in words)}
    return by_words | {name for name, text in texts.items() if place in _list_code(text)}


def _list_code(text: str) -> Iterator[Path]:
    """Yield the files of code that a rule uses: its script, and what its stage imports."""
    if script := re.search(r'script:\s*"\.\./(.+)"', text):
        yield workflow_folder().resolve() / script[1]
    for match in LIBRARY.finditer(text):
        stage, *patterns = re.findall(r'"([^"]+)"', match[1])
        for start in ("core/job.py", f"stages/{stage}.py"):
            yield from (path.resolve() for path in imported_files(PACKAGE / start, *SOURCES))
        for pattern in patterns:
            yield from (path.resolve() for path in PACKAGE.glob(pattern))


def _find_mapped(study: Study, place: Path) -> list[str]:
    """Return the surveys whose mapping a file is."""
    return [
        survey
        for survey in study.surveys
        if (named := study.row(survey).mapping or study.config.mapping)
        and study.resolve(named).resolve() == place
    ]


def _find_countries(study: Study, place: Path) -> Sequence[str] | None:
    """Return the countries that a file is about; None where it is not about some of them."""
    if mapped := _find_mapped(study, place):
        return mapped
    language = _find_language(place)
    if language is None:
        return None
    rows = study.countries.items()
    return [code for code, row in rows if language in {*row.languages, *row.languages_of_brief}]


def _find_language(place: Path) -> str | None:
    """Return the language whose catalogue a file is; None where it is no catalogue."""
    catalogues = (templates_folder() / "locale").resolve()
    is_catalogue = place.is_relative_to(catalogues) and place.suffix == ".po"
    return place.relative_to(catalogues).parts[0] if is_catalogue else None


def _list_kinds(outputs: Iterable[Output], results: Path) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what jobs made in the last run, also of what no rule declares.

    A document is a folder with all its formats, a figure a file without those of its other cuts.
    """
    records = {record for output in outputs if (record := record_path(Path(output.log)))}
    made = read_digests(record for record in records if record.is_file())
    declared = (Path(output.path) for output in outputs)
    for path in {*made, *declared}:
        if not path.is_relative_to(results / PUBLIC):
            yield RESTRICTED_KIND, os.path.relpath(path, results)
            continue
        name = path.relative_to(results / PUBLIC)
        kind = _find_kind(name)
        if kind == "documents":
            if name.suffix in DOCUMENT_SUFFIXES:
                yield kind, str(name.parent)
        elif kind == "figures":
            if name.suffix == ".svg" and not name.stem.endswith("-phone"):
                yield kind, str(name)
        else:
            yield kind, str(name)


def _find_kind(name: Path) -> str:
    """Return the kind of a public file; ``name`` is its path below the public folder."""
    return next(
        kind
        for kind, patterns in KINDS.items()
        if any(
            name.match(pattern) if "*" in pattern else name.as_posix().startswith(pattern)
            for pattern in patterns
        )
    )


def _rank_kind(kind_and_name: tuple[str, str]) -> tuple[int, str]:
    kind, name = kind_and_name
    return [*KINDS, RESTRICTED_KIND].index(kind), name


def _count_rows(table: Path) -> int:
    return len(read_rows(table)[1]) if table.suffix == ".csv" else 0
