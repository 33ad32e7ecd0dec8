"""End on Ctrl-C and SIGTERM: stop the running program and print one sentence."""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

# Snakemake as a run starts it.
SNAKEMAKE = (sys.executable, "-m", "disrupting_harm_launcher")
# So long may jobs that are nearly done go on, in seconds.
GRACE = 5


class StopSignal(BaseException):
    """A signal to stop; like KeyboardInterrupt it is no fault that somebody should handle."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)

    @property
    def status(self) -> int:
        """The exit status by which shells know the signal: 130 or 143."""
        return 128 + self.number


@contextmanager
def raise_stop_signals() -> Iterator[None]:
    """Raise `StopSignal` on SIGINT and SIGTERM inside the block."""
    handlers = {
        number: signal.signal(number, _raise_stop_signal)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def leave_closed_output() -> bool:
    """Return whether nobody reads standard output any more, as after ``| head``.

    What is still to be written there then goes nowhere, so that Python ends without a complaint.
    """
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    if not any(event & (select.POLLERR | select.POLLHUP) for _, event in output.poll(0)):
        return False
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return True


class Program:
    """A program that is started ahead: it loads its libraries, and waits for instructions.

    Without any it ends with the block ``with Program(...)``, as anything else that still works.
    It gets a process group of its own, so that Ctrl-C reaches this program alone.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            process_group=0,
            preexec_fn=_die_with_parent,
            umask=0o077,
        )

    def run_to_end(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        """Give the program its arguments and variables, and return its exit status.

        On a signal it is told to stop, once; what still works after `GRACE` seconds, or at a second
        signal, is ended.

        Raises:
            StopSignal: after a signal, when all of it has ended.
        """
        instructions = json.dumps({"arguments": list(arguments), "environment": dict(environment)})
        try:
            self._child.communicate(instructions.encode())
        except StopSignal:
            self._child.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired, StopSignal):
                self._child.wait(GRACE)
            raise
        return self._child.returncode

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()


def _raise_stop_signal(number: int, _frame: FrameType | None) -> NoReturn:
    raise StopSignal(number)


def _die_with_parent() -> None:
    """Let the program end when this process is killed (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
