"""The commands of the command line: a module holds those of one group, and registers them.

A module names the arguments of its commands, what ``--help`` says of each, and the function that
runs it. That function loads the libraries that it needs, so that ``--help`` loads none.
"""

import argparse
from typing import Any

from disrupting_harm.cli import (
    backtest,
    documents,
    evidence,
    plan,
    provenance,
    reference_pages,
    releases,
    run,
    statistics,
    translations,
)
from disrupting_harm.core.version import __version__

# In the order of ``--help``.
GROUPS = (
    run,
    documents,
    provenance,
    backtest,
    reference_pages,
    plan,
    evidence,
    releases,
    statistics,
    translations,
)


class _HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Help that ends with the default of an argument, where it has one that says something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default is None or action.default is False or action.default in ("", []):
            return action.help
        return super()._get_help_string(action)


class _Parser(argparse.ArgumentParser):
    """A parser whose help tells defaults; those of commands are of its class."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _HelpFormatter, **options})


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``description`` is what the program does.

    The parsed options have the command's ``function``, which takes them and returns the exit
    status.
    """
    parser = _Parser(prog="disrupting-harm", description=description)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    for group in GROUPS:
        group.register(commands)
    return parser
