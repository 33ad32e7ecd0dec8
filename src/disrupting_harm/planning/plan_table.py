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
    chances,
    checked_cells,
    plan,
    planned_cells,
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
        deff: its design effect.
        df: its degrees of freedom, None for no penalty.
        shares: ``name=share`` of its parts, separated by commas.
        cells: CSV file with the columns ``cell, n, deff`` and, if known, ``df``.
        policies: names of standards separated by commas; empty for all.
        threshold: of disclosure control: smallest number of yes answers, of others and of all.
        output: CSV file to write.
        again: answers in a second survey; then the changes are told that both would find.
        family: indicators whose changes are tested together.
        correlation: of both surveys' estimates, where PSUs are kept.

    Raises:
        StudyError: arguments that do not fit together or are out of range.
    """
    if threshold < 1:
        raise StudyError("--threshold", str(threshold), "Give a whole number of at least 1")
    planned = _planned(n, deff, df, shares, cells)
    table = plan(planned, _chosen_policies(policies))
    change = plan_change(planned, PREVALENCES, again, family, correlation) if again else None
    likely = pd.DataFrame([_chances(row, threshold) for row in table.to_dict("records")])
    if output:
        whole = table.join(likely)
        write_csv(output, whole if change is None else whole.merge(change, on="cell", how="left"))
        return
    table["df"] = table["df"].map(lambda value: "n - 1" if pd.isna(value) else f"{value:g}")
    for cell, part in table.groupby("cell", sort=False):
        first = part.iloc[0]
        print(
            f"\n{cell}: n {first['n']:g}, deff {first['deff']:g}, n_eff {first['n_eff']:.0f}, "
            f"df {first['df']}"
        )
        shown = part.drop(columns=["cell", "n", "deff", "n_eff", "df", "smallest", "largest"])
        print(shown.to_string(index=False, na_rep="-", float_format="{:.0f}".format))
        print(_chance_lines(part, likely.loc[part.index], threshold))
        if change is not None:
            own = change[change["cell"] == cell].to_dict("records")
            print(_change_lines(own[0], family))


def _chances(row: Mapping[Any, Any], threshold: int) -> dict[str, float]:
    rule = ReleaseRule.of(int(row["n"]), row["deff"], row["df"], row["policy"], threshold)
    return chances(rule, PREVALENCES)


def _chance_lines(part: pd.DataFrame, likely: pd.DataFrame, threshold: int) -> str:
    """Return the chances of one cell, in per cent, one line a standard."""
    columns = {
        "policy": part["policy"],
        "smallest shown": likely["smallest shown"].map(_percent),
        **{f"at {name}": likely[f"share shown in {name}"].map(_percent) for name in _CHANCE_NAMES},
    }
    for p in PREVALENCES:
        name = f"{100 * p:g} %"
        triple = (f"{kind} for {name}" for kind in ("chance", "mean shown", "coverage shown"))
        columns[name] = likely[list(triple)].map(_percent).agg(" / ".join, axis=1)
    return (
        f"Chance of being shown (standard, and {threshold} yes, {threshold} others), per cent. "
        "smallest shown: the smallest figure that can\nappear; at 50, 80, 95 %: the true share "
        "that is shown so often; then by true share: chance / mean of\nshown figures / coverage of "
        "their intervals. A mean above the true share is what selection adds.\n"
        + pd.DataFrame(columns).to_string(index=False)
    )


def _change_lines(row: Mapping[Any, Any], family: int) -> str:
    """Return what a second survey would find of one cell, by the true share of the first."""
    told = [
        {
            "from": f"{100 * p:g} %",
            **{kind: _percent(row[f"{kind} from {100 * p:g} %"]) for kind in ("rise", "fall")},
        }
        for p in PREVALENCES
    ]
    among = f", among {family} indicators by Holm's method" if family > 1 else ""
    return (
        "Found again: smallest true change, in percentage points, that both surveys find in four "
        f"of five cases{among}.\n" + pd.DataFrame(told).to_string(index=False)
    )


def _percent(share: float) -> str:
    if pd.isna(share):
        return "-"
    return "<0.1" if 0 < share < 0.0005 else f"{100 * share:.3g}"


def _planned(
    n: int | None, deff: float | None, df: float | None, shares: str, cells: Path | None
) -> pd.DataFrame:
    if cells is not None:
        if n is not None or shares:
            raise StudyError("plan", "both --cells and --n or --shares", "Give one of them")
        read_text(cells)
        return checked_cells(pd.read_csv(cells), str(cells))
    if n is None or deff is None:
        raise StudyError("plan", "neither --cells nor both --n and --deff", "Give one of them")
    return planned_cells(n, deff, df, _shares(shares))


def _shares(text: str) -> dict[str, float]:
    shares = {}
    for part in text.split(",") if text else []:
        name, _, share = part.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            raise StudyError("--shares", f"'{part}'", "Write name=share, e.g. girls=0.5") from None
    return shares


def _chosen_policies(text: str) -> list[str]:
    chosen = [name.strip() for name in text.split(",")] if text else list(POLICIES)
    for name in chosen:
        if name not in POLICIES:
            raise StudyError("--policies", f"'{name}'", f"Use some of {', '.join(POLICIES)}")
    return chosen
