"""What a country sends in the place of its microdata does not give hidden cells back."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checkout import SMALL, Checkout

from disrupting_harm.publication.attack import additive_lines, attack, hidden_system
from disrupting_harm.publication.release import is_shown
from disrupting_harm.stages.export_statistics import export_statistics
from disrupting_harm.statistics.agreement import CELLS, COVARIANCES, STANDARDISED
from disrupting_harm.statistics.form import FILES
from disrupting_harm.statistics.reading import typed_rows
from disrupting_harm.study.study import Study, load_study

CONFIDENTIAL = "suppress_disclosure"
# The rule counts children. In sums of weights the same intervals are narrower where those who said
# yes have small weights; no more than this part of them may be lost.
KEPT = 0.5


def exported(study: Study, results: Path, country: str, folder: Path) -> dict[str, pd.DataFrame]:
    """Export, and read every file as the partner does."""
    config = study.config.model_copy(update={"results": results})
    export_statistics(country=country, config=config, codebook=study.codebook, target=folder)
    return {name: typed_rows(folder / name, contract) for name, contract in FILES.items()}


def left_open(study: Study, cells: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Attack the cells with all that was sent, and with the sizes of all hidden cells besides.

    Args:
        cells: those that were sent.
        truth: the restricted release, in the same order.

    Returns:
        One row for each cell with a small count of its own: how many children are left ``open``
        by the counts of shown cells, and by their sums of weights (``weighted``, in children of
        the cell's mean weight), and how many the rule asks for (``asked``).
    """
    crosses = {e.id: (e.cross[0], e.cross[1]) for e in study.codebook.domains if e.cross}
    minimum = study.config.publication.disclosure.min_count
    bound = study.config.publication.disclosure.coarse_bound
    systems, found = [], []
    for name, own in cells.groupby("indicator", sort=False):
        true = truth.loc[own.index]
        hidden = ~is_shown(own).to_numpy()
        confidential = (own["status"] == CONFIDENTIAL).to_numpy()
        small = true["reason"].str.contains("small_count").to_numpy()
        if study.codebook.statistics[str(name)] != "proportion" or not small.any():
            continue
        lines = additive_lines(list(zip(own["domain"], own["level"], strict=True)), crosses)
        n, yes = true["n"].to_numpy(float), true["n_yes"].to_numpy(float)
        weights = true["population"].fillna(0).to_numpy()
        mean = weights / np.where(n > 0, n, 1)
        weighted = np.nan_to_num(weights * true["estimate"].to_numpy())
        marks = own["shown"].str[0].to_numpy()
        for counts, sizes in ((yes, n), (weighted, weights)):
            low = np.where(confidential & (marks == ">"), (1 - bound) * sizes, 0.0)
            high = np.where(confidential & (marks == "<"), bound * sizes, sizes)
            # A mark is of the unweighted count; that of the weights may lie beyond it.
            low, high = np.minimum(low, counts), np.maximum(high, counts)
            systems.append(hidden_system(lines, counts, hidden, low, high, small))
        found.append(pd.DataFrame({"n": n[small], "mean": mean[small], "indicator": name}))
    ends = attack(systems)
    parts = []
    for table, counted, summed in zip(found, ends[::2], ends[1::2], strict=True):
        open_children = counted[:, 1] - counted[:, 0]
        open_weight = (summed[:, 1] - summed[:, 0]) / table["mean"].where(table["mean"] > 0, 1)
        parts.append(table.assign(open=open_children, weighted=open_weight))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["n"] > 0]
    return table.assign(asked=np.minimum(minimum, table["n"]))


@pytest.mark.parametrize("country", SMALL)
def test_hidden_cells_cannot_be_computed(small: Checkout, tmp_path: Path, country: str) -> None:
    study = load_study(small.folder / "config" / "config.yaml")
    results = small.folder / "results"
    tables = exported(study, results, country, tmp_path / country)
    cells = tables[CELLS].reset_index(drop=True)
    truth = pd.read_parquet(results / "restricted" / "release" / f"{country}.parquet")
    keys = ["indicator", "domain", "level"]
    pd.testing.assert_frame_equal(cells[keys], truth[keys])
    found = left_open(study, cells, truth)
    assert len(found) > 100
    assert (found["open"] >= found["asked"] - 1e-6).all()
    assert (found["weighted"] >= KEPT * found["asked"]).all()


@pytest.mark.parametrize("country", SMALL)
def test_nothing_else_tells_of_hidden_cells(small: Checkout, tmp_path: Path, country: str) -> None:
    study = load_study(small.folder / "config" / "config.yaml")
    tables = exported(study, small.folder / "results", country, tmp_path / country)
    cells = tables[CELLS]
    hidden = cells[~is_shown(cells)]
    assert hidden.select_dtypes("number").isna().all(axis=None)
    assert (hidden["interval"] == "").all()
    assert set(hidden.loc[hidden["status"] == CONFIDENTIAL, "reason"]) == {"confidential"}
    shown = pd.MultiIndex.from_frame(cells.loc[is_shown(cells), ["indicator", "domain", "level"]])
    for side in ("level_a", "level_b"):
        pairs = tables[COVARIANCES][["indicator", "domain", side]]
        assert pd.MultiIndex.from_frame(pairs).isin(shown).all()
    assert study.config.comparison.standard
    domain = study.config.comparison.standard.domain
    groups = hidden[(hidden["domain"] == domain) & (hidden["status"] == CONFIDENTIAL)]
    printed = tables[STANDARDISED]
    beside = printed[printed["indicator"].isin(groups["indicator"])]
    assert len(beside)
    assert beside[["se", "df"]].isna().all(axis=None)
    for name in ("estimate", "ci_low", "ci_high"):
        np.testing.assert_array_equal(beside[name], beside[name].round(2))
