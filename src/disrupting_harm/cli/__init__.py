"""The commands of the command line: a module holds those of one group, and registers them.

A module names the arguments of its commands, what ``--help`` says of each, and the function that
runs it. That function loads the libraries that it needs, so that ``--help`` loads none.
"""

import argparse

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


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``description`` is what the program does.

    The parsed options have the command's ``function``, which takes them and returns the exit
    status.
    """
    parser = argparse.ArgumentParser(prog="disrupting-harm", description=description)
    commands = parser.add_subparsers(dest="command", required=True)
    for group in GROUPS:
        group.register(commands)
    return parser
