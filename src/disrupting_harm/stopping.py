"""End on Ctrl-C and SIGTERM: stop the running program and print one sentence."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

# So long may jobs that are nearly done go on, in seconds.
GRACE = 5


class Stopped(BaseException):
    """A signal to stop; like KeyboardInterrupt it is no fault that somebody should handle."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)

    @property
    def status(self) -> int:
        """The exit status by which shells know the signal: 130 or 143."""
        return 128 + self.number


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` on SIGINT and SIGTERM inside the block."""
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_to_end(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program and return its exit status; it ends with this one.

    It gets a process group of its own, so that Ctrl-C reaches this program alone, which then tells
    the other one once, and ends what still works after `GRACE` seconds or at a second signal.

    Raises:
        Stopped: after a signal, when all of it has ended.
    """
    with subprocess.Popen(
        command, env=dict(environment), process_group=0, preexec_fn=_die_with_parent
    ) as child:
        try:
            return child.wait()
        except Stopped:
            child.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired, Stopped):
                child.wait(GRACE)
            raise
        finally:
            _end_group(child)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _die_with_parent() -> None:
    """Let the program end when this process is killed (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
