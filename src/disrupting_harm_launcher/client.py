"""Inside Snakemake: scripts go to the server instead of to a new Python."""

import os
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from tempfile import gettempdir
from threading import Lock
from typing import Any

import snakemake

from disrupting_harm.core.job import ENVIRONMENT, WARM
from disrupting_harm_launcher.protocol import DONE, STARTED, WHOLE_RUN

# The one version whose inner parts, of which nothing is promised, were tested with this module.
TESTED_SNAKEMAKE = "9.27.1"
# Snakemake gives a job these variables, with the number of its threads.
THREAD_VARIABLES = ("GOTO", "MKL", "NUMEXPR", "OMP", "OPENBLAS", "VECLIB_MAXIMUM")


class Server:
    """The server as its only client sees it; started when the first job asks for it.

    ``is_whole_run`` lets it load the last stages before they are asked for. With ``stages`` it is
    started at once, and loads these.
    """

    def __init__(self, *, is_whole_run: bool, stages: Collection[str] = ()) -> None:
        self._arguments = [*([WHOLE_RUN] if is_whole_run else []), *stages]
        self._has_jobs = False
        self._starting = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        if stages:
            self._start_server()

    def run_script(self, script: str) -> bool:
        """Run a script in a child of the server; return False if the server did not take it.

        Raises:
            CalledProcessError: the script failed or was killed.
        """
        self._has_jobs = True
        own_end, server_end = socket.socketpair()
        with own_end:
            with server_end:
                try:
                    socket.send_fds(
                        self._start_server(), [os.fsencode(script)], [server_end.fileno()]
                    )
                except OSError:
                    return False
            if own_end.recv(1) != STARTED:
                return False
            if own_end.recv(1) != DONE:
                raise subprocess.CalledProcessError(1, script)
        return True

    def stop(self) -> None:
        """Tell the server that there are no more jobs, and wait for its end."""
        if self._requests is not None and self._process is not None:
            self._requests.close()
            if not self._has_jobs:
                self._process.kill()
            self._process.wait()

    def _start_server(self) -> socket.socket:
        with self._starting:
            if self._requests is None:
                # Each message is one script.
                self._requests, server_end = socket.socketpair(
                    socket.AF_UNIX, socket.SOCK_SEQPACKET
                )
                with server_end:
                    number = server_end.fileno()
                    module = "disrupting_harm_launcher.server"
                    self._process = subprocess.Popen(
                        [sys.executable, "-P", "-m", module, str(number), *self._arguments],
                        pass_fds=[number],
                        # The rules, which set it for the jobs, may not have been read yet.
                        env=os.environ
                        | ENVIRONMENT
                        | {f"{name}_NUM_THREADS": "1" for name in THREAD_VARIABLES},
                    )
            return self._requests


@contextmanager
def fork_jobs(*, is_whole_run: bool, stages: Collection[str] = ()) -> Iterator[None]:
    """Inside the block, let Snakemake run Python scripts as children of a server where it can.

    ``is_whole_run`` says that the last stages will run, too, ``stages`` which others are expected.
    """
    if not can_fork():
        yield
        return
    # Late: another version may not have it.
    from snakemake.script import PythonScript

    server = Server(is_whole_run=is_whole_run, stages=stages)
    ordinary = PythonScript.execute_script

    def execute_script(self: PythonScript, fname: str, edit: bool = False) -> None:
        if edit or not needs_only_python(self) or not server.run_script(fname):
            ordinary(self, fname, edit)

    PythonScript.execute_script = execute_script
    try:
        yield
    finally:
        PythonScript.execute_script = ordinary
        server.stop()


def can_fork() -> bool:
    """Whether jobs may be forked: on Linux, by the tested Snakemake, and not switched off."""
    return (
        sys.platform == "linux"
        and snakemake.__version__ == TESTED_SNAKEMAKE
        and os.environ.get(WARM) != "off"
    )


def needs_only_python(script: Any) -> bool:
    """Whether a job needs nothing but this very Python: no other software, folder or threads."""
    other_environment = (
        script.conda_env,
        script.container_img,
        script.env_modules,
        script.shadow_dir,
    )
    own_folder = script.resources.get("tmpdir", gettempdir()) != gettempdir()
    measured = script.bench_record is not None
    return not any((*other_environment, own_folder, measured)) and script.threads == 1
