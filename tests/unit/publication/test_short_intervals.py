"""The mark of short intervals: what decides, and that it tells nothing that is not printed."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts, random_survey, released

from designbased.estimates.stabilised_intervals import STABILISED
from disrupting_harm.publication.quality import _describe_group_designs
from disrupting_harm.publication.release import public_table
from disrupting_harm.study.configuration.publication_config import Publication

ROUNDING = Publication().rounding
DESIGN = {"group_kish": 1.3, "group_psus": 50.0, "group_df": 40.0}


def read_marks(public: pd.DataFrame, groups: list[dict]) -> list[str]:
    """Return the marks that a reader of the public files finds, from their text alone."""
    by_group = {(g["domain"], g["level"]): (g["kish_deff"], g["psus"]) for g in groups}
    marks = []
    for row in csv.DictReader(io.StringIO(public.to_csv(index=False))):
        short = False
        if row["estimate"]:
            kish, psus = by_group[row["domain"], row["level"]]
            n, share = int(row["n"]), float(row["estimate"])
            expected = kish * (1 + (max(n / psus, 1) - 1) * 0.1)
            short = n * min(share, 1 - share) / expected < 12
        marks.append("may_be_short" if short else "")
    return marks


def with_designs(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return a release with a design of its own for each group."""
    rng = np.random.default_rng(seed)
    groups = table[["domain", "level"]].drop_duplicates()
    groups["group_kish"] = rng.uniform(1, 3, len(groups)).round(2)
    groups["group_psus"] = rng.integers(5, 90, len(groups)).astype(float)
    groups["group_df"] = groups["group_psus"] - 4
    return table.merge(groups, on=["domain", "level"], how="left")


@pytest.mark.parametrize("seed", range(4))
def test_every_mark_follows_from_public_files_alone(seed: int) -> None:
    release = with_designs(released(random_survey(seed)), seed)
    public = public_table(release, ROUNDING)
    marks = read_marks(public, _describe_group_designs(release))
    assert public["interval_note"].tolist() == marks
    assert 0 < marks.count("may_be_short") < len(marks)
    assert not public.loc[public["estimate"].isna(), "interval_note"].any()


def test_a_table_that_stays_has_the_mark_of_the_published_design() -> None:
    """By its own design of then, a mark would tell that it stays: of 500 with 14 yes."""
    cells = [(name, "total", "all", 500, 14) for name in ("a", "b")]
    new = released(from_counts(cells)).assign(**DESIGN, release="")
    old = {"release": "2026-1", "group_kish": 1.0, "group_psus": 500.0, "group_df": 400.0}
    stays = new.assign(**{k: new[k].mask(new["indicator"] == "a", v) for k, v in old.items()})
    for release in (new, stays):
        assert public_table(release, ROUNDING)["interval_note"].tolist() == ["may_be_short"] * 2
    assert public_table(new.assign(**old), ROUNDING)["interval_note"].tolist() == ["", ""]


def test_printed_numbers_decide_and_not_the_answers() -> None:
    """Printed 10 per cent of 300: 29 and 31 yes answers have one mark."""
    marks = set()
    for yes in (29, 30, 31):
        release = released(from_counts([("x", "total", "all", 300, yes)])).assign(**DESIGN)
        public = public_table(release, ROUNDING)
        assert public["shown"].tolist() == ["10"]
        marks |= set(public["interval_note"])
    assert marks == {""}


@pytest.mark.parametrize(("yes", "mark"), [(23, "may_be_short"), (24, ""), (477, "may_be_short")])
def test_twelve_answers_after_the_design_effect(yes: int, mark: str) -> None:
    """Kish 1.6, 500 children in 143 PSUs: 1.6 (1 + 0.1 (3.50 - 1)) = 2.0, so that 24 yes do."""
    release = released(from_counts([("x", "total", "all", 500, yes)]))
    design = {"group_kish": 1.6, "group_psus": 143.0, "group_df": 130.0}
    public = public_table(release.assign(**design), ROUNDING)
    assert public["interval_note"].tolist() == [mark]


def test_neither_means_nor_stabilised_intervals_are_marked() -> None:
    release = released(from_counts([("x", "total", "all", 500, 14)])).assign(**DESIGN)
    assert public_table(release, ROUNDING)["interval_note"].tolist() == ["may_be_short"]
    mean = public_table(release, ROUNDING, {"x": "mean"})
    stabilised = public_table(release.assign(interval=STABILISED), ROUNDING)
    assert [*mean["interval_note"], *stabilised["interval_note"]] == ["", ""]
