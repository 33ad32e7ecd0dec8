"""What the tables of questions and of pairs tell beside the table of estimates."""

from collections.abc import Iterator
from itertools import product

import pandas as pd
from released import CELL, NATION, Published, limits_of

NUMBERS = ("n", "estimate", "ci_low", "ci_high", "whole", "whole_low", "whole_high")
AS_ESTIMATED = ("n", "estimate", "whole", "shown", "status")
OPEN = 10
HALF = 0.005 + 1e-9
MEASURES = ("caregiver_if_child", "agree", "kappa")


def options(study: Published) -> Iterator[str]:
    """Yield options that say anything else than the estimates, or more of a hidden one."""
    known = study.table("estimates.csv").set_index(CELL)
    for path in _tables(study, "questions.csv"):
        table = study.table(path)
        for _, own in table.groupby("question", sort=False):
            for row in own.to_dict("records"):
                where = f"{path}, {row['question']}, {row['option']}"
                key = (row["country"], row["option"], *NATION)
                numbers = [row[name] for name in NUMBERS]
                if key not in known.index:
                    if any(numbers) or row["shown"]:
                        yield f"{where}: a number of answers that no indicator counts"
                    continue
                one = known.loc[key]
                if any(
                    row[name] != one[name] for name in ("n", "estimate", "whole", "shown", "status")
                ):
                    yield f"{where}: other numbers than the estimates"
                if not row["estimate"] and any(numbers):
                    yield f"{where}: a number beside a hidden one"
            yield from _said_of_hidden(study, path, own.to_dict("records"), known)


def _said_of_hidden(
    study: Published, path: str, rows: list[dict[str, str]], known: pd.DataFrame
) -> Iterator[str]:
    """Yield hidden options that are said not to be first where print does not say so."""
    item = {entry["id"]: entry for entry in study.codebook["items"]}.get(rows[0]["question"])
    one_answer = item is not None and item["type"] == "choice"
    shown = [row for row in rows if row["estimate"]]
    rest = 1 - sum(limits_of(row)[0] for row in shown) if one_answer else 1.0
    highest = max((float(row["ci_low"] or 0) for row in shown), default=0.0)
    for row in rows:
        if row["estimate"] or row["may_be_first"] == "True":
            continue
        key = (row["country"], row["option"], *NATION)
        most = limits_of(known.loc[key].to_dict())[1] if key in known.index else 1.0
        if highest + 0.005 <= min(most, rest):
            yield f"{path}, {row['question']}, {row['option']}: not first, which print does not say"


def pairs(study: Published) -> Iterator[str]:
    """Yield pairs of respondents whose printed numbers tell the yes of few children."""
    for path in _tables(study, "dyads.csv"):
        for key, own in study.table(path).groupby(["child", "caregiver"], sort=False):
            where = f"{path}, {'/'.join(key)}"
            told = own[own["estimate"] != ""].set_index("measure")
            if told.empty:
                if (own[["n", "ci_low", "ci_high"]] != "").any(axis=None):
                    yield f"{where}: a number beside a hidden one"
                continue
            if not set(told.index) <= set(MEASURES):
                yield f"{where}: more measures than three"
                continue
            n = int(told["n"].iloc[0])
            if n % 10 or len(set(told["n"])) > 1:
                yield f"{where}: the number of pairs is not in tens"
            share = pd.to_numeric(told["estimate"]).to_dict()
            # Who knows all who answered may know the number of pairs nearly.
            for exact in (n, n + 9):
                found = _tables_like(exact, share)
                for side, yes in (("children", 0), ("caregivers", 1)):
                    counts = [table[yes] for table in found]
                    if counts and max(counts) - min(counts) < OPEN:
                        yield f"{where}: {min(counts)} to {max(counts)} {side} of {exact} say yes"


def _tables_like(n: int, share: dict[str, float]) -> list[tuple[int, int]]:
    """Return the yes of both sides in all tables of ``n`` pairs that print like this."""
    found = []
    same = range(_up((share["agree"] - HALF) * n), int((share["agree"] + HALF) * n) + 1)
    for child, agree in product(range(1, n + 1), same):
        low, high = ((share["caregiver_if_child"] + one) * child for one in (-HALF, HALF))
        for both in range(_up(low), int(high) + 1):
            caregiver = both + (n - agree) - (child - both)
            if min(child - both, caregiver - both, agree - both) < 0:
                continue
            chance = (child * caregiver + (n - child) * (n - caregiver)) / n**2
            kappa = (agree / n - chance) / (1 - chance) if chance < 1 else None
            if "kappa" not in share or kappa is None or abs(kappa - share["kappa"]) <= HALF:
                found.append((child, caregiver))
    return found


def _up(value: float) -> int:
    return -int(-value // 1)


def _tables(study: Published, name: str) -> list[str]:
    found = study.folder.glob(f"countries/*/{name}")
    return sorted(path.relative_to(study.folder).as_posix() for path in found)
