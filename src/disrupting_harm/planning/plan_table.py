"""The plan of a survey as printed: what of a planned sample each standard could publish."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text, write_csv
from disrupting_harm.planning.planner import (
    CHANCES,
    PREVALENCES,
    ReleaseRule,
    describe_chances,
    plan_publication,
    planned_cells,
    read_cells,
)
from disrupting_harm.publication.detectable_change import plan_change
from disrupting_harm.publication.policies import POLICIES

_CHANCE_NAMES = tuple(f"{100 * chance:g} %" for chance in CHANCES)


def print_plan(
    n: int | None,
    deff: float | None,
    df: float | None,
    shares: str,
    cells: Path | None,
    policies: str,
    threshold: int,
    output: Path | None,
    again: int | None = None,
    family: int = 1,
    correlation: float = 0.0,
) -> None:
    """Print the plan of a sample, or write it as CSV.

    Below what each standard is expected to publish stand the chances that a cell is shown in the
    sample drawn, and what shown figures are then on average.

    Args:
        n: answers in the whole sample; with ``deff``, ``df`` and ``shares`` in place of ``cells``.
        df: degrees of freedom, None for no penalty.
        shares: ``name=share`` of its parts, separated by commas.
        cells: CSV file with the columns ``cell, n, deff`` and, if known, ``df``.
        policies: standards, separated by commas; empty for all.
        threshold: of disclosure control: smallest number of yes answers, of others and of all.
        output: CSV file to write.
        again: answers in a second survey; then the changes that both would find are printed.
        family: indicators whose changes are tested together.
        correlation: of both surveys' estimates, where PSUs are kept.

    Raises:
        StudyError: arguments that do not fit together or are out of range.
    """
    if threshold < 1:
        raise StudyError("--threshold", str(threshold), "Give a whole number of at least 1")
    plan_cells = _read_planned_cells(n, deff, df, shares, cells)
    table = plan_publication(plan_cells, _read_policies(policies))
    change_table = (
        plan_change(plan_cells, PREVALENCES, again, family, correlation) if again else None
    )
    chance_table = pd.DataFrame(
        [_chances_of_row(row, threshold) for row in table.to_dict("records")]
    )
    if output:
        full_table = table.join(chance_table)
        write_csv(
            output,
            full_table
            if change_table is None
            else full_table.merge(change_table, on="cell", how="left"),
        )
        return
    table["df"] = table["df"].map(lambda value: "n - 1" if pd.isna(value) else f"{value:g}")
    for cell, cell_rows in table.groupby("cell", sort=False):
        first_row = cell_rows.iloc[0]
        short_below = 100 * first_row["short_below"]
        print(
            f"\n{cell}: n {first_row['n']:g}, deff {first_row['deff']:g}, "
            f"n_eff {first_row['n_eff']:.0f}, df {first_row['df']}; intervals may be too short "
            f"below {short_below:.1f} % and above {100 - short_below:.1f} %"
        )
        printed_columns = cell_rows.drop(
            columns=["cell", "n", "deff", "n_eff", "df", "short_below", "smallest", "largest"]
        )
        print(printed_columns.to_string(index=False, na_rep="-", float_format="{:.0f}".format))
        print(_format_chances(cell_rows, chance_table.loc[cell_rows.index], threshold))
        if change_table is not None:
            changes_of_cell = change_table[change_table["cell"] == cell].to_dict("records")
            print(_format_changes(changes_of_cell[0], family))


def _chances_of_row(row: Mapping[Any, Any], threshold: int) -> dict[str, float]:
    rule = ReleaseRule.from_policy(int(row["n"]), row["deff"], row["df"], row["policy"], threshold)
    return describe_chances(rule, PREVALENCES)


def _format_chances(cell_rows: pd.DataFrame, chance_table: pd.DataFrame, threshold: int) -> str:
    """Return the chances of one cell, in per cent, one line a standard."""
    columns = {
        "policy": cell_rows["policy"],
        "smallest shown": chance_table["smallest shown"].map(_format_percent),
        **{
            f"at {name}": chance_table[f"share shown in {name}"].map(_format_percent)
            for name in _CHANCE_NAMES
        },
    }
    for p in PREVALENCES:
        name = f"{100 * p:g} %"
        triple = (f"{measure} for {name}" for measure in ("chance", "mean shown", "coverage shown"))
        columns[name] = chance_table[list(triple)].map(_format_percent).agg(" / ".join, axis=1)
    return (
        f"Chance of being shown (standard, and {threshold} yes, {threshold} others), per cent. "
        "smallest shown: the smallest figure that can\nappear; at 50, 80, 95 %: the true share "
        "that is shown so often; then by true share: chance / mean of\nshown figures / coverage of "
        "their intervals. A mean above the true share is what selection adds.\n"
        + pd.DataFrame(columns).to_string(index=False)
    )


def _format_changes(row: Mapping[Any, Any], family: int) -> str:
    """Return what a second survey would find of one cell, by the true share of the first."""
    change_rows = [
        {
            "from": f"{100 * p:g} %",
            **{
                direction: _format_percent(row[f"{direction} from {100 * p:g} %"])
                for direction in ("rise", "fall")
            },
        }
        for p in PREVALENCES
    ]
    among = f", among {family} indicators by Holm's method" if family > 1 else ""
    return (
        "Found again: smallest true change, in percentage points, that both surveys find in four "
        f"of five cases{among}.\n" + pd.DataFrame(change_rows).to_string(index=False)
    )


def _format_percent(share: float) -> str:
    if pd.isna(share):
        return "-"
    return "<0.1" if 0 < share < 0.0005 else f"{100 * share:.3g}"


def _read_planned_cells(
    n: int | None, deff: float | None, df: float | None, shares: str, cells: Path | None
) -> pd.DataFrame:
    if cells is not None:
        if n is not None or shares:
            raise StudyError("plan", "both --cells and --n or --shares", "Give one of them")
        read_text(cells)
        return read_cells(pd.read_csv(cells), str(cells))
    if n is None or deff is None:
        raise StudyError("plan", "neither --cells nor both --n and --deff", "Give one of them")
    return planned_cells(n, deff, df, _read_shares(shares))


def _read_shares(argument: str) -> dict[str, float]:
    shares = {}
    for assignment in argument.split(",") if argument else []:
        name, _, share = assignment.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            raise StudyError(
                "--shares", f"'{assignment}'", "Write name=share, e.g. girls=0.5"
            ) from None
    return shares


def _read_policies(argument: str) -> list[str]:
    policy_names = [name.strip() for name in argument.split(",")] if argument else list(POLICIES)
    for name in policy_names:
        if name not in POLICIES:
            raise StudyError("--policies", f"'{name}'", f"Use some of {', '.join(POLICIES)}")
    return policy_names
