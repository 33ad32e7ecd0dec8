"""The command ``backtest``: a finished run beside figures that others have printed."""

import argparse
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config, add_json


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    backtest = commands.add_parser("backtest", help="compare a finished run with a printed table")
    backtest.add_argument("file", type=Path, metavar="published.csv")
    add_config(backtest)
    add_json(backtest)
    backtest.set_defaults(function=print_backtest)


def print_backtest(options: argparse.Namespace) -> int:
    """Print each printed figure that the run does not give; return 0 where it gives all."""
    from disrupting_harm.audit.printed_figures import print_backtest

    return print_backtest(options.file, options.config, options.json)
