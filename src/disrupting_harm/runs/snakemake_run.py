"""Run a study with Snakemake: check, lock, show progress, print where to start reading."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import RESTRICTED, read_json, write_text
from disrupting_harm.core.job import JOBS_LOCK, WARM, format_usage
from disrupting_harm.core.job_records import LOGS
from disrupting_harm.core.signals import SNAKEMAKE, Program, StopSignal
from disrupting_harm.releases.history import find_last_release, guarded_folders, read_key
from disrupting_harm.releases.run_messages import GATE_DECIDES, describe_releases, has_gate_stopped
from disrupting_harm.runs.chosen_documents import ChosenJobs, choose_documents
from disrupting_harm.runs.folder_checks import (
    child_environment,
    find_rules,
    prepare_results,
    require_room,
    results_match,
    say_unfinished,
)
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.study import Study

RUN_LOCK = Path(".snakemake") / "disrupting-harm-run.lock"


def run_study(
    snakemake: Program,
    config: Path,
    cores: int,
    arguments: list[str],
    only: Sequence[str] | None = None,
    document: Sequence[str] | None = None,
    *,
    warm: bool = True,
) -> int:
    """Run the study of ``config`` with Snakemake and return its exit status.

    Public files that are missing or were changed since they were made are made again. At the end
    the public results are compared with their manifest.

    Args:
        snakemake: started, and waiting for its arguments.
        config: the study's configuration file.
        cores: number of processes at once.
        arguments: passed on to Snakemake as they are.
        only: countries to run; absent: those of the configuration.
        document: documents to write with the numbers as they are (see
            :func:`~disrupting_harm.runs.chosen_documents.choose_documents`); absent: all results.
        warm: whether jobs may be forked from a process that has loaded the libraries.

    Returns:
        That of Snakemake; 3 where the study asks to stop rather than to keep a released table.

    Raises:
        StudyError: if the configuration is faulty, the results cannot be written or another run
            works in this folder.
    """
    start = time.monotonic()
    study = load_runnable(config, {"only": only} if only else None)
    dry = _is_dry(arguments)
    check_executor(arguments)
    require_room(study.config.results, dry)
    if (last := find_last_release(study.config)) and not dry:
        read_key(last, guarded_folders(study))
    jobs = choose_documents(study, document) if document else ChosenJobs()
    settings = _build_options(config, cores, only, jobs)
    area = "country" if study.config.study.areas == "countries" else "region"
    data_note = " · simulated data" if study.config.study.simulated else ""
    extent = f"{amount(len(study.codes), area)} · {amount(cores, 'core')}"
    _print_message(f"{study.config.study.title}{data_note} · {extent}")
    with _lock_folder() as interrupted:
        if interrupted and _is_locked():
            subprocess.run([*SNAKEMAKE, *settings, "--unlock"], check=True)
        # Where somebody's own Snakemake works, this one will refuse: nothing is touched.
        prepare_results(study, dry or _is_locked())
        # All that a run makes is its owner's; the library opens what is public.
        os.umask(0o077)
        environment = child_environment() | ({} if warm else {WARM: "off"})
        began = time.time()
        status = snakemake.run_to_end([*settings, *arguments], environment)
        if status != 0 and not dry:
            say_unfinished(study)
        if status != 0 and has_gate_stopped(study, began):
            return GATE_DECIDES
        if status == 0 and not dry and not results_match(study):
            return 1
    if status == 0 and not dry:
        seconds = time.monotonic() - start
        log = study.config.results / RESTRICTED / LOGS / "run.log"
        write_text(log, f"took: {seconds:.2f} s\n{format_usage()}\n")
        _print_end(study, seconds)
    return status


def _build_options(
    config: Path, cores: int, only: Sequence[str] | None, jobs: ChosenJobs
) -> list[str]:
    return [
        # Options that take any number of values come first: targets may follow the cores.
        *("--logger", "disrupting-harm", "--configfile", str(config), *find_rules()),
        *(("--config", f"only=[{','.join(only)}]") if only else ()),
        *(("--allowed-rules", *jobs.rules) if jobs.rules else ()),
        *("--cores", str(cores), *jobs.targets),
    ]


def _is_locked() -> bool:
    return any((Path(".snakemake") / "locks").glob("*"))


def _is_dry(arguments: list[str]) -> bool:
    return any(argument in ("-n", "--dry-run", "--lint", "--report") for argument in arguments)


def check_executor(arguments: Sequence[str]) -> None:
    """Check that what hands jobs to a cluster, as a profile names it, is installed.

    Snakemake answers with all its arguments, and not with how to install it.

    Raises:
        StudyError: it is not.
    """
    profile = dict(pairwise(arguments)).get("--profile")
    path = Path(profile or "") / "profile.yaml"
    settings = read_yaml(path) if profile and path.is_file() else {}
    name = str(settings.get("executor", "local"))
    if name not in ("local", "dryrun", "touch") and not find_spec(
        f"snakemake_executor_plugin_{name.replace('-', '_')}"
    ):
        remedy = "Add it by `make cluster` (slurm) or `make cloud` (kubernetes): docs/scaling.md"
        raise StudyError(f"{path}, key 'executor'", f"'{name}' is not installed", remedy)


def _print_message(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _print_end(study: Study, seconds: float) -> None:
    index = study.config.results / "public" / "index.html"
    for line in [*list_obstacles(study), *describe_releases(study)]:
        _print_message(line)
    # A target such as ``estimates`` makes no pages.
    reading = f" Start reading: {index}" if index.is_file() else ""
    _print_message(f"Done in {round(seconds)} s.{reading}")


def list_obstacles(study: Study) -> list[str]:
    """Return what keeps documents of the last run from their publication, one line each."""
    public = study.config.results / "public"
    paths = [
        path
        for document in ("reports", "briefs", "databooks")
        for path in public.glob(f"{document}/*/*/status.json")
    ]
    status_by_path = {path: read_json(path) for path in sorted(paths)}

    def list_documents(key: str) -> list[str]:
        folders = [path.parent for path, status in status_by_path.items() if status[key]]
        return list(dict.fromkeys(f"{folder.parent.name} ({folder.name})" for folder in folders))

    messages = []
    if unconfirmed := list_documents("not_for_publication"):
        messages.append(
            "NOT FOR PUBLICATION, no helpline is confirmed (countries file, column "
            f"'helpline_confirmed'): {', '.join(unconfirmed)}"
        )
    if drafts := list_documents("draft_translation"):
        messages.append(f"Draft translation, marked on every page: {', '.join(drafts)}")
    for path, status in status_by_path.items():
        if unwritten := status.get("to_be_written"):
            messages.append(f"{len(unwritten)} places for authors to write, listed in {path}")
    for path, status in status_by_path.items():
        if status["untranslated"]:
            messages.append(f"{len(status['untranslated'])} texts in English, listed in {path}")
    return messages


@contextmanager
def _lock_folder() -> Iterator[bool]:
    """Hold this folder for one run; yield True when the run before was interrupted."""
    RUN_LOCK.parent.mkdir(mode=0o700, exist_ok=True)
    RUN_LOCK.parent.chmod(0o700)
    with RUN_LOCK.open("a+") as lock:
        RUN_LOCK.chmod(0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StudyError(
                str(Path.cwd()),
                "another run is working in this folder",
                "Wait for it to end, or run in another folder",
            ) from None
        lock.seek(0)
        interrupted = lock.read() == "running"
        if interrupted:
            _wait_for_jobs()
        _write_state(lock.fileno(), b"running")
        try:
            yield interrupted
        except StopSignal:
            # The next run treats this one as interrupted.
            raise
        except BaseException:
            _write_state(lock.fileno(), b"")
            raise
        _write_state(lock.fileno(), b"")


def _write_state(descriptor: int, state: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, state, 0)


def _wait_for_jobs() -> None:
    """Wait until the last jobs of an interrupted run, if any, have ended."""
    with JOBS_LOCK.open("w") as jobs:
        try:
            fcntl.flock(jobs, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _print_message("Waiting for the last jobs of an interrupted run to end ...")
            fcntl.flock(jobs, fcntl.LOCK_EX)
