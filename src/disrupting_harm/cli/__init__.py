"""The commands of the command line: a module holds those of one group, and registers them.

A module names the arguments of its commands, what ``--help`` says of each, and the function that
runs it. That function loads the libraries that it needs, so that ``--help`` loads none.
"""

import argparse
from typing import Any

from disrupting_harm.cli import (
    backtest,
    compare_runs,
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

MODULES = (
    run,
    documents,
    provenance,
    backtest,
    compare_runs,
    reference_pages,
    plan,
    evidence,
    releases,
    statistics,
    translations,
)

# What ``--help`` lists together, by what somebody wants to do.
TASKS = {
    "Plan and run": ("init", "check", "run", "plan", "policies", "backtest"),
    "Write": ("preview", "render", "note", "author-pack", "figure-cuts", "single-file"),
    "Check texts": ("lint-numbers", "compare-docx", "translate"),
    "Follow a number": ("explain", "compare-runs", "impact", "verify"),
    "Publish": ("release", "sign", "crate"),
    "Work with partners": ("imitate", "evidence", "statistics"),
    "Maintain": ("schema", "completion"),
}


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


class _ProgramParser(_Parser):
    """The parser of the program itself: its help has the commands by task."""

    def format_help(self) -> str:
        """Return the help; a command stands below its task, with what it does."""
        (commands,) = (
            action for action in self._actions if isinstance(action, argparse._SubParsersAction)
        )
        meanings = {choice.dest: choice.help for choice in commands._get_subactions()}
        lines = [f"usage: {self.prog} COMMAND ...", "", self.description or ""]
        for task, names in TASKS.items():
            lines += ["", f"{task}:", *(f"  {name:<13} {meanings[name]}" for name in names)]
        lines += ["", f"`{self.prog} COMMAND --help` has the arguments of a command.", ""]
        return "\n".join(lines)


def command_line(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of all commands; ``description`` is what the program does.

    The parsed options have the command's ``function``, which takes them and returns the exit
    status.
    """
    parser = _ProgramParser(prog="disrupting-harm", description=description)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, parser_class=_Parser, metavar="COMMAND"
    )
    for module in MODULES:
        module.register(commands)
    completion = commands.add_parser("completion", help="lines that complete commands in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    completion.set_defaults(function=lambda options: print_completion(parser, options.shell))
    return parser


def print_completion(parser: argparse.ArgumentParser, shell: str) -> int:
    """Print what a shell reads to complete the commands and arguments of a parser."""
    import shtab

    print(shtab.complete(parser, shell))
    return 0
