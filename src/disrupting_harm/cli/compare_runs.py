"""The commands ``compare-runs`` and ``impact``: what changed between runs, what a file changes."""

import argparse
import sys
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config, add_json
from disrupting_harm.core.errors import StudyError

CANNOT_COMPARE = 2
MOST_LISTED = 20


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    compare = commands.add_parser(
        "compare-runs",
        help="which numbers, verdicts, sentences and figures changed",
        description="Compare what two finished runs publish. Nothing restricted is read.",
        epilog="Ends with 0 where no number, verdict, sentence or text of a figure differs, 1 "
        "where something does, 2 where the runs cannot be compared.",
    )
    for name, meaning in (("before", "the earlier run"), ("after", "the later run")):
        compare.add_argument(
            name, type=Path, metavar=f"RUN_{name.upper()}", help=f"{meaning}: results[/public]"
        )
    compare.add_argument(
        "--most", type=int, default=MOST_LISTED, metavar="N", help="differences that are listed"
    )
    compare.add_argument("--page", type=Path, metavar="OUT.html", help="write all as a page, too")
    add_json(compare)
    compare.set_defaults(function=compare_runs)
    impact = commands.add_parser(
        "impact",
        help="which documents, figures and tables depend on a file",
        description="Say what a run could make anew if a file were changed: data, configuration, "
        "codebook, mapping, template, catalogue, module. Nothing is run.",
    )
    impact.add_argument("path", type=Path, metavar="PATH", help="the file, or a folder")
    add_config(impact)
    add_json(impact)
    impact.set_defaults(function=print_impact)


def compare_runs(options: argparse.Namespace) -> int:
    """Print what differs between two runs; return 1 where something does."""
    from disrupting_harm.core.files import format_json
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.runs.differences.comparison import find_differences
    from disrupting_harm.runs.differences.page import write_page

    try:
        runs = find_differences(options.before, options.after)
        if options.page:
            write_page(runs, options.page, templates_folder())
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return CANNOT_COMPARE
    if options.json:
        print(format_json(runs.record()), end="")
    else:
        print("\n".join(runs.format_lines(options.most)))
    return runs.status


def print_impact(options: argparse.Namespace) -> int:
    """Print what of the study depends on a file."""
    from disrupting_harm.core.files import format_json
    from disrupting_harm.runs.impact import find_impact

    impact = find_impact(options.config, options.path)
    print(
        format_json(impact.record()).rstrip() if options.json else "\n".join(impact.format_lines())
    )
    return 0
