"""Snakemake as a run of this project starts it; takes Snakemake's own arguments."""

import sys
from importlib import import_module

from disrupting_harm_launcher.hiding import hidden, hide


def main() -> int:
    """Do what the command ``snakemake`` does, and return the exit status."""
    # They load these where they are installed, for arrays in a profile and for files on the web.
    with hidden("numpy", "requests"):
        import_module("yte")
        import_module("smart_open")
    from snakemake.cli import args_to_api, parse_args
    from snakemake.exceptions import print_exception

    from disrupting_harm_launcher.client import forked_jobs

    try:
        parser, arguments = parse_args(sys.argv[1:])
        if arguments.executor in (None, "local"):
            # A limit for clusters. Its timers, one more chain with every job that ends, let the
            # scheduler look at all waiting jobs again and again.
            arguments.max_jobs_per_timespan = None
            # Snakemake loads them where they are installed, to see whether a parameter is a table.
            # None is here, and jobs are processes of their own.
            hide("pandas", "polars")
        with forked_jobs():
            return 0 if args_to_api(arguments, parser) else 1
    except Exception as error:
        print_exception(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
