"""Run the stages of a country's survey as a run on Linux does, and print what each of them used.

    python benchmarks/forked_stages.py FOLDER

One process loads the modules of all stages once, by the launcher's own code, and forks a child for
each stage. The folder holds the arguments of each stage (see `growth.py`).
"""

import json
import os
import resource
import sys
import traceback
from importlib import import_module
from pathlib import Path

from disrupting_harm_launcher.server import (
    has_one_thread,
    load_modules,
    modules_of,
    prepare_process,
)

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"
# The function of each stage that is measured, in their order.
STAGES = {
    "prepare": "prepare",
    "weight": "weight_country",
    "estimate": "estimate_country",
    "contrast": "contrast_country",
    "publish": "publish_country",
}
LOADING = "start and modules, once"


def main() -> None:
    folder = Path(sys.argv[1])
    prepare_process()
    for stage in STAGES:
        load_modules(*modules_of(str(SCRIPTS / f"{stage}.py")))
    if not has_one_thread():
        raise SystemExit("the process that forks has a second thread")
    used = {stage: forked(stage, folder) for stage in STAGES}
    own = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({LOADING: cost(own), **used}))


def forked(stage: str, folder: Path) -> tuple[float, float]:
    """Call a stage in a child; return its processor seconds and its largest memory in MB."""
    child = os.fork()
    if child == 0:
        call(stage, folder)
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"stage {stage} failed")
    return cost(used)


def call(stage: str, folder: Path) -> None:
    """In the child: call a stage with the arguments that stand in the folder, and end."""
    status = 1
    try:
        arguments = json.loads((folder / f"{stage}.json").read_text(encoding="utf-8"))
        getattr(import_module(f"disrupting_harm.stages.{stage}"), STAGES[stage])(**arguments)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def cost(used: resource.struct_rusage) -> tuple[float, float]:
    """Return processor seconds and the largest memory in MB."""
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3


if __name__ == "__main__":
    main()
