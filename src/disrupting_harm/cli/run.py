"""The commands ``init``, ``imitate``, ``check`` and ``run``: draft, check and run a study."""

import argparse
import os
from pathlib import Path

from disrupting_harm.cli.arguments import CONFIGURATIONS, Commands, add_config, add_json
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.signals import SNAKEMAKE, Program


def register(commands: Commands) -> None:
    """Add the commands to those of the command line."""
    init = commands.add_parser("init", help="draft the files of a study from its raw files")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder, for the study")
    init.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        metavar="FILE",
        help="raw files: SPSS (.sav), Stata (.dta), CSV or Parquet",
    )
    init.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="columns of answers, by default all; q5_* stands for all that begin so",
    )
    init.set_defaults(function=init_study)
    imitate = commands.add_parser(
        "imitate", help="write a file in the shape of a real one, of rows that were never there"
    )
    imitate.add_argument("file", type=Path, metavar="FILE", help="the real file")
    imitate.add_argument("--out", type=Path, required=True, metavar="FILE", help="the imitation")
    imitate.add_argument("--rows", type=int, default=1000, help="how many it has")
    imitate.add_argument("--seed", type=int, default=1, help="another draws other rows")
    imitate.add_argument(
        "--rename",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="columns whose codes become running numbers, such as names of places",
    )
    imitate.add_argument(
        "--nested",
        nargs=2,
        action="append",
        default=[],
        metavar=("PSU", "STRATUM"),
        help="the first column decides the second; again for further pairs",
    )
    imitate.set_defaults(function=imitate_raw_file)
    run = commands.add_parser(
        "run",
        help="run a study; further arguments go to Snakemake",
        epilog="Further arguments go to Snakemake: --dry-run, --force results/…, --forcerun RULE.",
    )
    add_config(run)
    run.add_argument("--only", nargs="+", metavar="COUNTRY", help="some of its countries")
    run.add_argument(
        "--document",
        nargs="+",
        metavar=("KIND", "COUNTRY"),
        help="write a report, brief or databook again with the numbers of the last run",
    )
    cores = os.cpu_count() or 1
    run.add_argument("--cores", type=int, default=cores, help="jobs at once")
    run.add_argument("--no-warm", action="store_true", help="start a Python for every job")
    run.set_defaults(function=run_study)
    check = commands.add_parser("check", help="read and check all that a run needs; write nothing")
    add_config(check)
    add_json(check)
    check.set_defaults(function=check_study)


def init_study(options: argparse.Namespace) -> int:
    """Draft a study and print what a person has to decide."""
    from disrupting_harm.drafting.write_study import describe_drafts, draft_study

    todos = draft_study(options.folder, options.data, options.columns)
    print("\n".join(describe_drafts(options.folder, todos)))
    return 0


def imitate_raw_file(options: argparse.Namespace) -> int:
    """Write a file in the shape of a real one, and say what it tells of that."""
    from disrupting_harm.drafting.imitate_file import LEAST, imitate_file

    survey = imitate_file(
        options.file,
        options.out,
        options.rows,
        options.seed,
        options.rename,
        [(inner, outer) for inner, outer in options.nested],
    )
    print(
        f"{options.out}: {options.rows} rows that were never there, {len(survey.columns)} columns. "
        f"Of {options.file} it tells names, labels, codes of {LEAST} rows or more, and roughly how "
        "far numbers reach and how many cells are empty. Read it before you share it: labels and "
        "names of places stand in it unless --rename takes them out."
    )
    return 0


def run_study(options: argparse.Namespace) -> int:
    """Run a study; ``options.snakemake`` are the arguments that Snakemake gets as they are.

    Raises:
        StudyError: there is no study in this folder, and none is named.
    """
    if options.config in CONFIGURATIONS and not options.config.is_file():
        names = " nor ".join(map(str, CONFIGURATIONS))
        raise StudyError(
            str(Path.cwd()),
            f"there is neither {names} in this folder",
            "Name a study by `--config`; `disrupting-harm init` drafts one of your own data",
        )
    # It loads its libraries while this process loads ours and looks at the results.
    with Program(SNAKEMAKE) as snakemake:
        from disrupting_harm.runs.snakemake_run import run_study

        return run_study(
            snakemake,
            options.config,
            options.cores,
            options.snakemake,
            options.only,
            options.document,
            warm=not options.no_warm,
        )


def check_study(options: argparse.Namespace) -> int:
    """Check a study and print what was read; return 1 where there is a fault."""
    from disrupting_harm.core.files import format_json
    from disrupting_harm.runs.study_checks import check_study, record_check

    if not options.json:
        return check_study(options.config)
    findings = record_check(options.config)
    print(format_json(findings), end="")
    return 1 if findings["faults"] else 0
