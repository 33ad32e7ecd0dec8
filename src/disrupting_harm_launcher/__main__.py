"""Snakemake as a run of this project starts it; takes Snakemake's own arguments."""

import sys

from snakemake.cli import args_to_api, parse_args
from snakemake.exceptions import print_exception

from disrupting_harm_launcher.client import forked_jobs


def main() -> int:
    """Do what the command ``snakemake`` does, and return the exit status."""
    try:
        parser, arguments = parse_args(sys.argv[1:])
        if arguments.executor in (None, "local"):
            # A limit for clusters. Its timers, one more chain with every job that ends, let the
            # scheduler look at all waiting jobs again and again.
            arguments.max_jobs_per_timespan = None
        with forked_jobs():
            return 0 if args_to_api(arguments, parser) else 1
    except Exception as error:
        print_exception(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
