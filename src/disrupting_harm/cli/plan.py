"""The commands ``plan`` and ``policies``: what a planned and a finished survey could publish."""

import argparse
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config
from disrupting_harm.core.files import RESTRICTED, for_owner_alone, write_csv


def register(commands: Commands) -> None:
    """Add the commands to those of the command line."""
    plan = commands.add_parser("plan", help="before fieldwork: what could be published")
    plan.add_argument("--n", type=int, help="answers in the whole sample")
    plan.add_argument("--deff", type=float, help="its design effect")
    plan.add_argument("--df", type=float, help="PSUs less strata; without it: no penalty")
    plan.add_argument("--shares", default="", help="parts of the sample: girls=0.5,rural=0.4")
    plan.add_argument("--cells", type=Path, help="CSV of planned cells: cell,n,deff[,df]")
    plan.add_argument("--policies", default="", help="standards, separated by commas; default all")
    plan.add_argument(
        "--threshold", type=int, default=10, help="of disclosure control: least yes answers"
    )
    plan.add_argument("--again", type=int, help="answers in a second survey: what change is found")
    plan.add_argument("--family", type=int, default=1, help="indicators whose changes are tested")
    plan.add_argument(
        "--correlation", type=float, default=0.0, help="of both estimates, where PSUs are kept"
    )
    plan.add_argument("--output", type=Path, help="CSV file to write instead of printing")
    plan.set_defaults(function=print_plan)
    policies = commands.add_parser("policies", help="what each standard would publish of a country")
    source = policies.add_mutually_exclusive_group(required=True)
    source.add_argument("country", nargs="?", metavar="ISO3", help="of a finished run")
    source.add_argument("--estimates", type=Path, help="restricted estimates, wherever they lie")
    add_config(policies)
    policies.add_argument("--item-answers", type=Path, help="missing answers; default: beside them")
    policies.add_argument("--output", type=Path, help="CSV file of every cell, for restricted use")
    policies.set_defaults(function=print_policies)


def print_plan(options: argparse.Namespace) -> int:
    """Print the plan of a sample, or write it as CSV."""
    from disrupting_harm.planning.plan_table import print_plan

    print_plan(
        n=options.n,
        deff=options.deff,
        df=options.df,
        shares=options.shares,
        cells=options.cells,
        policies=options.policies,
        threshold=options.threshold,
        output=options.output,
        again=options.again,
        family=options.family,
        correlation=options.correlation,
    )
    return 0


def print_policies(options: argparse.Namespace) -> int:
    """Print how many cells of one country each standard would publish; write each cell's verdict.

    Missing answers, for standards that look at them, are by default those beside the estimates.

    Raises:
        StudyError: a file is missing or breaks its contract.
    """
    from disrupting_harm.publication.policies import POLICIES
    from disrupting_harm.publication.reliability import compare_policies, count_outcomes
    from disrupting_harm.stages.estimate import compute_item_nonresponse
    from disrupting_harm.study.statuses import NOT_ASKED
    from disrupting_harm.tables.contracts import restricted_contract
    from disrupting_harm.tables.io import read_table

    estimates = options.estimates or _find_estimates(options.country, options.config)
    table = read_table(estimates, restricted_contract("country/estimates"))
    table = table[table["reliability"] != NOT_ASKED].reset_index(drop=True)
    default_path = estimates.parent.parent / "prepared" / estimates.stem / "item_answers.csv"
    item_answers = options.item_answers or (default_path if default_path.is_file() else None)
    if item_answers:
        rates = compute_item_nonresponse(item_answers)
        table = table.assign(item_nonresponse=table["indicator"].map(rates))
    # Only numbers have the t interval; no standard without counts of cases tells them apart.
    numbers = table.loc[table["interval"] == "wald_t", "indicator"]
    comparison = compare_policies(table, statistics=dict.fromkeys(numbers, "mean"))
    if options.output:
        # Every cell, hidden ones, too: for its owner alone.
        with for_owner_alone():
            write_csv(options.output, comparison)
    counts = count_outcomes(comparison)
    standards = [POLICIES[str(name)] for name in counts.index]
    counts.insert(
        0,
        "of",
        [policy.title + ("" if policy.verified else " (unverified)") for policy in standards],
    )
    print(counts.to_string())
    return 0


def _find_estimates(country: str, config: Path) -> Path:
    from disrupting_harm.study.study import load_study

    results = load_study(config).config.results
    return results / RESTRICTED / "estimates" / f"{country}.parquet"
