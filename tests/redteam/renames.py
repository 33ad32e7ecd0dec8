"""Two releases in which an indicator or a group has two names: is one subtracted from the other?"""

from collections.abc import Iterator

import pandas as pd
from released import CELL, NATION, Published

# Shares as printed differ by rounding, and by a child or two.
ALIKE, FEW = 0.02, 10


def named_today(before: Published, after: Published) -> pd.DataFrame:
    """Return the cells of a release under the names that ``addresses-moved.csv`` gives them."""
    cells = before.cells.copy()
    if not (after.folder / "addresses-moved.csv").is_file():
        return cells
    moved = after.table("addresses-moved.csv").set_index("old")["new"]
    today = {_address(row): row for row in after.cells[CELL].to_dict("records")}
    for at, row in zip(cells.index, cells[CELL].to_dict("records"), strict=True):
        if new := today.get(moved.get(_address(row), "")):
            cells.loc[at, CELL] = [new[name] for name in CELL]
    return cells


def unsaid(before: Published, after: Published) -> Iterator[str]:
    """Yield indicators that are new, and in all groups have the shares of one that is gone.

    That many children differ in the country protects nobody who alone differs in a group: it is
    enough that one group has so few.
    """
    was, now = named_today(before, after), after.cells
    for country in sorted(set(was["country"]) & set(now["country"])):
        old, new = (cells[cells["country"] == country] for cells in (was, now))
        gone = sorted(set(old["indicator"]) - set(new["indicator"]))
        for name in sorted(set(new["indicator"]) - set(old["indicator"])):
            for other in gone:
                if _alike(old[old["indicator"] == other], new[new["indicator"] == name]):
                    yield f"{country}/{name}: it is {other} of the release before"


def _alike(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    both = old.merge(new, on=["domain", "level"], suffixes=("_before", ""))
    both = both[both["n"].notna() & both["n_before"].notna()]
    shares = (both["estimate"] - both["estimate_before"]).abs().dropna()
    steps = (both["n"] - both["n_before"]).abs()
    return len(shares) >= 2 and bool((steps < FEW).any() and (shares < ALIKE).all())


def _address(row: dict[str, str]) -> str:
    group = (row["domain"], row["level"])
    tail = "" if group == NATION else f"/{group[0]}:{group[1].replace('|', '+')}"
    return f"{row['country']}/{row['indicator']}{tail}"
