"""What every job of the workflow does around its one call of the library."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from disrupting_harm.errors import StudyError, stack_of, unexpected

# Jobs that still run hold this lock, shared; a new run waits for it (see disrupting_harm.run).
JOBS_LOCK = Path(".snakemake") / "disrupting-harm-jobs.lock"


@contextmanager
def logged_job(log: str | os.PathLike[str]) -> Iterator[None]:
    """Send what a job says to its log; end it with a plain message when it fails.

    A `StudyError` leaves its one sentence in the log, anything else the lines of code that it came
    through, too; the last line starting with ``error:`` is what the progress display shows.
    """
    JOBS_LOCK.parent.mkdir(exist_ok=True)
    with Path(log).open("w", encoding="utf-8") as file, JOBS_LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        sys.stdout.flush()
        sys.stderr = sys.stdout = file
        try:
            yield
        except StudyError as error:
            print(f"error: {error}", file=file, flush=True)
            os._exit(1)
        except BaseException as error:
            print(stack_of(error), file=file)
            print(f"error: {unexpected(error)}", file=file, flush=True)
            os._exit(1)
        finally:
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
