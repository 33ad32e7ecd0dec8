"""Snakemake as a run of this project starts it; takes Snakemake's own arguments.

Without arguments it loads its libraries and waits for them at its standard input, with variables of
the environment: the run looks at the study and its results meanwhile.
"""

import json
import os
import sys
from importlib import import_module

from disrupting_harm_launcher.hiding import hide_libraries, hide_within

# What most targets need first.
FIRST_STAGES = ("prepare", "weight", "estimate", "publish")


def main() -> int:
    """Do what the command ``snakemake`` does, and return the exit status."""
    load_snakemake()
    from snakemake.cli import args_to_api, parse_args
    from snakemake.exceptions import print_exception

    from disrupting_harm_launcher.client import fork_jobs

    if not sys.argv[1:] and not take_request():
        return 0
    try:
        parser, arguments = parse_args(sys.argv[1:])
        if arguments.executor in (None, "local"):
            # A limit for clusters. Its timers, one more chain with every job that ends, let the
            # scheduler look at all waiting jobs again and again.
            arguments.max_jobs_per_timespan = None
            # Snakemake loads them where they are installed, to see whether a parameter is a table.
            # None is here, and jobs are processes of their own.
            hide_libraries("pandas", "polars")
        # Whoever names targets waits for few jobs: their libraries load while rules are read.
        stages = (arguments.allowed_rules or FIRST_STAGES) if arguments.targets else ()
        with fork_jobs(is_whole_run=not arguments.targets, stages=stages):
            return 0 if args_to_api(arguments, parser) else 1
    except Exception as error:
        print_exception(error)
        return 1


def load_snakemake() -> None:
    """Load Snakemake without what it would load where it is installed, and need not."""
    # They load these where they are installed, for arrays in a profile and for files on the web.
    with hide_within("numpy", "requests"):
        import_module("yte")
        import_module("smart_open")
    import_module("snakemake.cli")


def take_request() -> bool:
    """Take arguments and environment from the run; return whether it has any, and has not ended."""
    message = sys.stdin.buffer.read()
    if not message:
        return False
    request = json.loads(message)
    sys.argv[1:] = request["arguments"]
    os.environ.clear()
    os.environ.update(request["environment"])
    return True


if __name__ == "__main__":
    sys.exit(main())
