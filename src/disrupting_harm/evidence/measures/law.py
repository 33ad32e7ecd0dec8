"""Law in the order in which it is printed, and of how many countries each point is known."""

from collections.abc import Mapping, Sequence

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED

UNKNOWN = "unknown"


def order_rows(rows: pd.DataFrame, column: str, codes: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows by country, then by ``column``: its codes in their order, else by value.

    Raises:
        StudyError: a row is simulated; real law and simulated law never stand in one table.
    """
    if SIMULATED in set(rows["data_kind"]):
        row = rows[rows["data_kind"] == SIMULATED].iloc[0]
        raise StudyError(
            f"evidence on law, {row['country']}, column 'source_id'",
            f"the source '{row['source_id']}' is a simulation",
            "Name the source that says it, or leave the row out: nobody can tell simulated law "
            "from law",
        )
    place = rows[column].map(list(codes).index) if codes else rows[column]
    ordered = rows.assign(_place=place).sort_values(
        ["country", "_place"], kind="stable", ignore_index=True
    )
    return ordered.drop(columns="_place")


def order_claims(claims: pd.DataFrame, topics: Sequence[str]) -> pd.DataFrame:
    """Return claims by country and point, the points as ``topics`` has them, the chosen first."""
    chosen_first = claims.sort_values("chosen", ascending=False, kind="stable")
    return order_rows(chosen_first, "topic", topics)


def choose_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the chosen claims, one for each country and point.

    ``claims`` counts those on the point, ``other_answers`` those among them that answer otherwise.
    """
    point = ["country", "topic"]
    chosen = claims[claims["chosen"] == "yes"].set_index(point, drop=False)
    answers = claims["answer"] + claims["age"].fillna(0).astype("str")
    chosen_answers = chosen["answer"] + chosen["age"].fillna(0).astype("str")
    others = answers != claims[point].agg(tuple, axis=1).map(chosen_answers)
    counted = claims.assign(claims=1, other_answers=others.astype(int)).groupby(point)[
        ["claims", "other_answers"]
    ]
    return chosen.join(counted.sum()).reset_index(drop=True)


def count_coverage(
    public: Mapping[str, pd.DataFrame],
    points: Mapping[str, tuple[str, Sequence[str]]],
    countries: int,
) -> pd.DataFrame:
    """Return of how many countries each point is known; one that no source answers has 0.

    Args:
        public: the public tables by name; those named in ``points`` are counted.
        points: the column that tells points of a table apart, and all points; "" and none where
            any row will do.
        countries: how many countries the study has.
    """
    rows = []
    for table, (column, items) in points.items():
        if table not in public:
            continue
        known = public[table]
        if column:
            answer = "answer" if "answer" in known else "status"
            known = known[known[answer] != UNKNOWN]
        for item in items or ["all"]:
            of_item = known[known[column] == item] if column else known
            rows.append(
                {
                    "country": WORLD,
                    "table": table,
                    "item": item,
                    "known": of_item["country"].nunique(),
                    "countries": countries,
                    "data_kind": PUBLISHED,
                }
            )
    return pd.DataFrame(rows)
