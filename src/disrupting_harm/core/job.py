"""Logging, stopping and the list of written files, around each job's call of the library."""

import fcntl
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, TextIO

from disrupting_harm.core.errors import (
    StudyError,
    describe_unexpected,
    format_one_line,
    format_stack,
)
from disrupting_harm.core.files import WRITTEN
from disrupting_harm.core.job_records import record_path, write_record

# The same clock, locale and hash order in every job, so that the same inputs give the same bytes.
# One thread a job: Snakemake already uses all cores. Arrow takes its threads from OpenMP's
# variable, and with the system's memory it need not fetch as much anew for each table.
ENVIRONMENT = {
    "SOURCE_DATE_EPOCH": "1767225600",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
# Set by the process that forks jobs (see `disrupting_harm_launcher.server`).
FORKED = "DISRUPTING_HARM_FORKED"


def format_usage() -> str:
    """Return the CPU seconds of this process, and of the ended programs that it started.

    It also says whether the process was forked from one that had loaded the libraries.
    ``benchmarks/stages.py`` reads the line.
    """
    own_seconds, program_seconds = (
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    process_kind = "forked" if FORKED in os.environ else "own Python"
    return f"used: {own_seconds:.2f} CPU s, {program_seconds:.2f} CPU s in programs, {process_kind}"


# Jobs that still run hold this lock, shared; a new run waits for it
# (see disrupting_harm.runs.snakemake_run).
JOBS_LOCK = Path(".snakemake") / "disrupting-harm-jobs.lock"
# Set to "off", this variable lets every job start a Python of its own: no process is kept warm
# (see disrupting_harm_launcher).
WARM = "DISRUPTING_HARM_WARM"
# What no job loads, wherever it is installed; `requirements.lock` has none of it. pandera and
# statsmodels would load the first two: a third of a second and some threads for each job, and
# nothing for its results. pandera would look for geopandas at each column of each table, which
# takes as long as to check it. openpyxl would write other bytes with lxml.
_NEEDLESS = ("hypothesis", "formulaic", "geopandas", "lxml")


@contextmanager
def stage(job: Any) -> Iterator[Callable[..., None]]:
    """Give a rule's script what runs its stage: ``run(function)``, inside :func:`logged_job`.

    The function gets the values of the rule by the names of its arguments (see
    :func:`bind_arguments`), and those that the script names itself. ``job`` is ``snakemake``, as
    every script has it.
    """
    with logged_job(job.log[0]):
        yield partial(_run_stage, job)


def _run_stage(job: Any, function: Callable[..., None], **script_arguments: Any) -> None:
    function(**bind_arguments(function, job, script_arguments), **script_arguments)


def bind_arguments(
    function: Callable[..., None], job: Any, script_arguments: dict[str, Any]
) -> dict[str, Any]:
    """Return the arguments of a stage that a job's rule gives.

    An argument is the param, input or wildcard of its name, in this order. ``x_output`` is the
    output ``x``, ``output`` the only output, and ``outputs`` all of them by name. What an argument
    calls a file (``str``) is the only one of its input, or None where the input is empty.

    ``script_arguments`` are those that the script gives itself: they are not looked up.

    Raises:
        TypeError: the rule has nothing of an argument's name.
    """
    outputs = dict(job.output.items())
    values = {
        **dict(job.wildcards.items()),
        **dict(job.input.items()),
        **dict(job.params.items()),
        **{f"{name}_output": path for name, path in outputs.items()},
        "outputs": outputs,
        **({"output": job.output[0]} if len(job.output) == 1 else {}),
    }
    arguments = {}
    for name, parameter in signature(function).parameters.items():
        if name in script_arguments or (
            name not in values and parameter.default is not Parameter.empty
        ):
            continue
        if name not in values:
            raise TypeError(f"the rule of {function.__name__} has no input or param '{name}'")
        value = values[name]
        if isinstance(value, list):
            # Lists of Snakemake also answer to names; a stage gets plain ones.
            is_single_file = parameter.annotation in (
                str,
                str | None,
                str | Path,
                str | Path | None,
            )
            value = next(iter(value), None) if is_single_file else list(value)
        arguments[name] = value
    return arguments


@contextmanager
def logged_job(log: str | os.PathLike[str]) -> Iterator[None]:
    """Send what a job prints to its log; end it with a plain message when it fails.

    A `StudyError` leaves its one sentence in the log, anything else the lines of code that it came
    through, too; the last line starting with ``error:`` is what the progress display shows. A job
    that succeeds leaves a record of what it made (see `disrupting_harm.core.job_records`), and in
    its log what it used of the machine.
    """
    os.umask(0o077)
    hide_needless_libraries()
    WRITTEN.clear()
    JOBS_LOCK.parent.mkdir(exist_ok=True)
    with Path(log).open("w", encoding="utf-8") as file, JOBS_LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        sys.stdout.flush()
        sys.stderr = sys.stdout = file
        try:
            yield
            record = record_path(Path(log))
            if record:
                write_record(record, WRITTEN)
            print(format_usage(), file=file)
        except StudyError as error:
            _print_error(str(error), file)
            os._exit(1)
        except BaseException as error:
            print(format_stack(error), file=file)
            _print_error(describe_unexpected(error), file)
            os._exit(1)
        finally:
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def hide_needless_libraries() -> None:
    """Let this process find none of the libraries that no job needs, unless it has them already.

    So a job does the same, and takes as long, whether or not they are installed.
    """
    for name in _NEEDLESS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def _print_error(message: str, file: TextIO) -> None:
    """Print a message as it is where it has lines, and last in one line for the display."""
    message_line = format_one_line(message)
    if "\n" in message:
        print(message, file=file)
    print(f"error: {message_line}", file=file, flush=True)
