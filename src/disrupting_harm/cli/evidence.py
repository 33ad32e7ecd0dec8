"""The command ``evidence``: make a workbook to fill, check a filled file or printed percentages."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from disrupting_harm.cli.arguments import Commands, add_json

if TYPE_CHECKING:
    from disrupting_harm.study.study import Study


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    evidence = commands.add_parser("evidence", help="workbooks of evidence: make and check them")
    actions = evidence.add_subparsers(dest="action", required=True)
    template = actions.add_parser("template", help="write an empty workbook to fill")
    template.set_defaults(function=write_template)
    filled = actions.add_parser("check", help="list every fault of a filled workbook or CSV file")
    filled.set_defaults(function=check_filled)
    for action in (template, filled):
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--table", nargs="+", default=[], metavar="TABLE", help="some tables")
        action.add_argument("--config", type=Path, help="study whose countries and items to use")
    add_json(filled)
    filled.add_argument("--sources", type=Path, help="table of sources, beside the workbook's own")
    percentages = actions.add_parser(
        "percentages", help="find published percentages that differ from their count and base"
    )
    percentages.add_argument("file", type=Path, metavar="FILE")
    percentages.set_defaults(function=check_percentages)


def write_template(options: argparse.Namespace) -> int:
    """Write an empty workbook to fill."""
    from disrupting_harm.evidence.reading.filled_workbooks import write_empty_workbook

    study = _load_study(options.config)
    write_empty_workbook(options.file, options.table, study)
    print(f"{options.file}: written")
    return 0


def check_filled(options: argparse.Namespace) -> int:
    """Print the faults of a filled file; return 1 where it has one."""
    from disrupting_harm.evidence.reading.filled_workbooks import print_faults

    study = _load_study(options.config)
    return print_faults(options.file, options.table, options.sources, study, options.json)


def check_percentages(options: argparse.Namespace) -> int:
    """Print the percentages that differ from their count and base; return 1 where one does."""
    from disrupting_harm.evidence.reading.filled_workbooks import print_percentage_faults

    return print_percentage_faults(options.file)


def _load_study(config: Path | None) -> "Study | None":
    from disrupting_harm.study.study import load_study

    return load_study(config) if config else None
