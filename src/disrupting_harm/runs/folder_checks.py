"""Checks before and after Snakemake: the working folder, and the files in the results."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import (
    PUBLIC,
    RESTRICTED,
    UNFINISHED,
    make_folder,
    restrict_to_owner,
)
from disrupting_harm.core.job_records import (
    SET_ASIDE,
    FaultyJob,
    find_faulty_jobs,
    find_records,
    forget_other_stages,
    read_digests,
    sha256,
    undo_job,
)
from disrupting_harm.core.paths import workflow_folder
from disrupting_harm.provenance.signature import MANIFEST, ManifestFindings, verify_public
from disrupting_harm.study.study import Study

# Stages of a country whose children's answers are here, and of one that sent statistics.
OF_MICRODATA = (
    *("simulate", "prepare", "weight", "estimate", "diagnostics", "contrast", "gate", "publish"),
)
OF_STATISTICS = ("import_statistics",)
# Those of a country with several waves.
OF_WAVES = ("change", "publish_change")
# So many files are named one by one.
NAMED = 10
# Where libraries keep what they like to find again; they look for it in the home folder.
CACHE = Path(".snakemake") / "cache"
CACHE_VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR")


def find_rules() -> list[str]:
    """Return the options by which Snakemake finds the rules; none where this folder has some.

    A folder with a study alone, and no clone of the repository, runs the rules of the package.
    """
    if Path("Snakefile").is_file():
        return []
    return ["--snakefile", str(workflow_folder() / "Snakefile")]


def require_folder(results: Path, location: str) -> None:
    """Check that nothing but a folder stands where results go.

    Raises:
        StudyError: a file or device does; ``location`` names the key.
    """
    for path in (results, results / RESTRICTED, results / PUBLIC, *results.parents):
        if path.exists() and not path.is_dir():
            raise StudyError(location, f"{path} is no folder", "Name a folder, or one to be made")


def require_room(results: Path, dry: bool) -> None:
    """Check that a run can write here.

    Raises:
        StudyError: if it cannot.
    """
    folders = [Path(".snakemake")]
    folders += [] if dry else [results, results / RESTRICTED, results / PUBLIC]
    for folder in folders:
        _require_writable(folder)
    if not dry:
        for folder in (results / RESTRICTED, results / PUBLIC):
            for subfolder, _, _ in os.walk(folder):
                if not os.access(subfolder, os.W_OK | os.X_OK):
                    raise _build_write_error(Path(subfolder))


def child_environment() -> dict[str, str]:
    """Return the environment of Snakemake: caches stay here where no home folder takes them."""
    home = Path(os.environ.get("HOME", ""))
    if os.environ.get("HOME") and _is_writable(home):
        return dict(os.environ)
    cache = str(CACHE.resolve())
    CACHE.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HOME": cache, **dict.fromkeys(CACHE_VARIABLES, cache)}


def prepare_results(study: Study, dry: bool) -> None:
    """Close restricted results to others, and take away what no finished job stands for.

    These are unfinished files of killed jobs, and all public files of a job some of whose files
    are missing or changed: Snakemake then makes them again.
    """
    results = study.config.results
    restricted, public = results / RESTRICTED, results / PUBLIC
    if not dry:
        joining = [code for code in study.codes if code not in study.with_microdata]
        forget_other_stages(restricted, joining, OF_MICRODATA)
        forget_other_stages(restricted, study.with_microdata, OF_STATISTICS)
        once = [code for code in study.codes if code not in study.with_waves]
        forget_other_stages(restricted, once, OF_WAVES)
    faulty = list(find_faulty_jobs(restricted, [*study.codes, *study.earlier]))
    _say_faulty(faulty, restricted / SET_ASIDE, dry)
    if dry:
        return
    for folder in (public, restricted):
        make_folder(folder)
    restrict_to_owner(restricted, Path(".snakemake") / "log")
    for folder in (restricted, public):
        for unfinished in folder.rglob(f"{UNFINISHED}*"):
            unfinished.unlink()
    for job in faulty:
        undo_job(job, restricted)


def results_match(study: Study) -> bool:
    """Compare the public results with their manifest; say what does not hold.

    Foreign files are named and left. A manifest that is older than the results, because only some
    of them were asked for, is said.
    """
    results = study.config.results
    public = results / PUBLIC
    if not (public / MANIFEST).is_file():
        return True
    findings = verify_public(public)
    faulty = [public / name for name in (*findings.missing, *findings.changed)]
    if not faulty:
        _say_foreign(findings, public)
        return True
    recorded_digests = read_digests(
        find_records(results / RESTRICTED, [*study.codes, *study.earlier])
    )
    if all(path.is_file() and sha256(path) == recorded_digests.get(path) for path in faulty):
        _say_fault(f"{_describe_mixed_run(findings, public)} A run without targets writes it anew.")
        return True
    for line in findings.format_lines():
        _say_fault(line)
    error = StudyError(
        str(public / MANIFEST),
        f"{len(faulty)} of its files are missing or changed",
        "Run again; if it stays, remove the results and run",
    )
    _say_fault(f"error: {error}")
    return False


def say_unfinished(study: Study) -> None:
    """Say that public files of a run that failed lie beside the manifest of an earlier one."""
    public = study.config.results / PUBLIC
    if (public / MANIFEST).is_file() and (findings := verify_public(public)).format_lines():
        _say_fault(f"{_describe_mixed_run(findings, public)} `disrupting-harm verify` names them.")


def _describe_mixed_run(findings: ManifestFindings, public: Path) -> str:
    files = amount(len(findings.format_lines()), "file")
    return (
        f"{public}: {files} not as the manifest says, which an earlier run wrote. Hand nothing on "
        "before a run has ended."
    )


def _say_faulty(jobs: list[FaultyJob], aside: Path, dry: bool) -> None:
    missing = [path for job in jobs for path in job.missing]
    changed = [path for job in jobs for path in job.changed]
    if missing:
        _say_fault(f"Missing, to be made again: {_list_paths(missing)}")
    if changed:
        aside_note = "" if dry else f" (what stood there is kept in {aside})"
        _say_fault(
            f"Changed since they were made, to be made again{aside_note}: {_list_paths(changed)}"
        )


def _say_foreign(findings: ManifestFindings, public: Path) -> None:
    if findings.foreign:
        foreign = [public / name for name in findings.foreign]
        _say_fault(f"Not of this study, left as they are: {_list_paths(foreign)}")


def _list_paths(paths: Iterable[Path]) -> str:
    listed = [str(path) for path in paths]
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return ", ".join(listed[:NAMED]) + more


def _require_writable(folder: Path) -> None:
    """Raise a StudyError unless files can be made in a folder, or in the one that will hold it."""
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not _is_writable(existing):
        raise _build_write_error(existing)


def _build_write_error(folder: Path) -> StudyError:
    return StudyError(
        str(folder), "nothing can be written there", "Give yourself the right, or free space"
    )


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _say_fault(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
