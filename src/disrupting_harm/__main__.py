"""Command line: run a study, check it, or write the documentation of the configuration."""

import argparse
import os
import sys
from pathlib import Path

from disrupting_harm.errors import StudyError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options, passed_on = _parser().parse_known_args(arguments)
    if passed_on and options.command != "run":
        _parser().error(f"unknown argument {passed_on[0]}")
    try:
        return _dispatch(options, passed_on)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="disrupting-harm", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a study; further arguments go to Snakemake")
    run.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    run.add_argument("--only", nargs="+", metavar="COUNTRY", help="some of its countries")
    run.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    check = commands.add_parser("check", help="check a configuration without running it")
    check.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    commands.add_parser("schema", help="write docs/configuration.md and config/schema.json")
    return parser


def _dispatch(options: argparse.Namespace, passed_on: list[str]) -> int:
    if options.command == "run":
        from disrupting_harm.run import run

        return run(options.config, options.cores, passed_on, options.only)
    if options.command == "check":
        from disrupting_harm.study.study import load_study

        study = load_study(options.config)
        print(f"{options.config}: {len(study.codes)} {study.config.study.areas}, no fault found")
        return 0
    from disrupting_harm.study.reference import write_reference

    write_reference(Path("docs/configuration.md"), Path("config/schema.json"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
