"""The process that loads the modules of each stage once, and forks a child for each of its jobs.

It forks only while it has no thread but its own: a lock that another thread holds would stay
locked in the child for ever. So it imports and calls little else, and leaves to the children what
starts threads. It ends with its client, whose requests come through the socket that it inherits.
"""

import ast
import gc
import importlib
import os
import runpy
import select
import socket
import sys
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

from disrupting_harm.core.job import FORKED, hide_needless_libraries
from disrupting_harm_launcher.hiding import hide_within
from disrupting_harm_launcher.protocol import DONE, STARTED, WHOLE_RUN

# What every script needs, by the lines that Snakemake puts before it.
NEEDED_BY_EVERY_SCRIPT = ("snakemake.io", "snakemake.iocontainers", "snakemake.logging")
# What a module, once it is loaded, loads when it is used, in every job again. None starts a thread.
LOADED_WHEN_USED = {
    "pandas": (
        "pandas.core.arrays.arrow.extension_types",
        "pandas.io.formats.csvs",
        "pandas.io.formats.string",
        "pyarrow.dataset",
        "pyarrow.parquet",
    ),
    "pandera": (
        "pandera.accessors.pandas_accessor",
        "pandera.api.geopandas.model",
        "pandera.backends.pandas.builtin_checks",
        "pandera.backends.pandas.builtin_hypotheses",
        "pandera.backends.pandas.register",
        "pandera.strategies.pandas_strategies",
    ),
    "matplotlib.figure": ("matplotlib.backends.backend_pdf",),
    "designbased.models.regression": ("statsmodels.genmod.generalized_linear_model", "patsy"),
    "disrupting_harm.report.rendering.pandoc_typst": ("pypandoc", "typst"),
    "disrupting_harm.report.language.fonts": (
        "fontTools.ttLib",
        "matplotlib",
    ),
    "disrupting_harm.report.language.translator": ("pycountry.db",),
}
# What the children would all work out again from the project's and libraries' own files, by module.
COMPUTED_ONCE = {
    "disrupting_harm.report.drawing.letters": "load_fonts",
    "disrupting_harm.report.documents.templates": "compile_templates",
    "disrupting_harm.report.rendering.cache": "hash_code",
    "disrupting_harm.report.rendering.pandoc_typst": "read_program_versions",
    "disrupting_harm.report.language.showable_letters": "find_known_letters",
}
# The stages that every run with documents ends with: loaded while others work.
LAST_STAGES = ("disrupting_harm.stages.site", "disrupting_harm.stages.manifest")
# statsmodels would load this for frames of its kind, which nobody passes; it starts threads.
HIDDEN_LIBRARY = "polars"
# How long a job that has said that it is done may take to end as a process.
SECONDS_OF_AN_END = 0.5


def main() -> None:
    """Serve until the client has gone."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    requests.set_inheritable(False)
    is_whole_run = WHOLE_RUN in sys.argv
    prepare_process()
    if expected := [name for name in sys.argv[2:] if name != WHOLE_RUN]:
        load_modules(*(f"disrupting_harm.stages.{stage}" for stage in expected))
    while True:
        message, numbers, _, _ = socket.recv_fds(requests, 4096, 1, socket.MSG_CMSG_CLOEXEC)
        collect_children(0 if message else SECONDS_OF_AN_END)
        if not message:
            return
        with socket.socket(fileno=numbers[0]) as answer:
            script = os.fsdecode(message)
            load_modules(*modules_of(script))
            if has_one_thread():
                answer.sendall(STARTED)
                if os.fork() == 0:
                    requests.close()
                    run_in_child(script, answer)
        if is_whole_run and not has_request(requests):
            load_last_stages()


def has_request(requests: socket.socket) -> bool:
    """Whether a request has come, or the client has gone."""
    return bool(select.select([requests], [], [], 0)[0])


@cache
def load_last_stages() -> None:
    """Load the last stages, once."""
    load_modules(*LAST_STAGES)


def prepare_process() -> None:
    """Set this process up, before it loads any library."""
    # Otherwise Arrow's memory allocator starts a thread as soon as it is loaded.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    os.environ[FORKED] = "yes"
    hide_needless_libraries()


def modules_of(script: str) -> list[str]:
    """Return the modules that a script names."""
    tree = ast.parse(Path(script).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [node.module for node in imports if node.module]


def load_modules(*modules: str) -> None:
    """Import modules of the library, and what these load when used."""
    with hide_within(HIDDEN_LIBRARY):
        import_quietly(*NEEDED_BY_EVERY_SCRIPT, *modules)
        import_quietly(
            *(
                name
                for module, names in LOADED_WHEN_USED.items()
                if module in sys.modules
                for name in names
            )
        )
    for module, function in COMPUTED_ONCE.items():
        if module in sys.modules:
            with suppress(Exception):
                compute_once(module, function)
    # What is there by now stays: no child needs to look through it, or to copy it for that.
    gc.collect()
    gc.freeze()


@cache
def compute_once(module: str, function: str) -> None:
    """Call a function of a module once, for what it keeps in memory."""
    getattr(sys.modules[module], function)()


def import_quietly(*names: str) -> None:
    """Import modules; a fault in one is the child's to report, in the log of its job."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


def has_one_thread() -> bool:
    """Whether this process has no thread but this one, those of C libraries included."""
    return len(list(Path("/proc/self/task").iterdir())) == 1


def collect_children(seconds: float) -> None:
    """Collect the children that have ended, or end soon, so that what they used is counted."""
    last = time.monotonic() + seconds
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] or time.monotonic() < last:
            time.sleep(0.01 if seconds else 0)


def run_in_child(script: str, answer: socket.socket) -> None:
    """In the child: run a script as Python would, say when it is done, and end."""
    status = 1
    try:
        runpy.run_path(script, run_name="__main__")
        sys.stdout.flush()
        sys.stderr.flush()
        answer.sendall(DONE)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # The server's own end is not this process's business.
        os._exit(status)


if __name__ == "__main__":
    main()
