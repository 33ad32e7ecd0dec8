"""What a country sends in the place of its microdata does not give hidden cells back."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sent
from checkout import SMALL, Checkout

from disrupting_harm.aggregates.agreement import (
    BOUNDS,
    CELLS,
    COVARIANCES,
    RATIOS,
    STANDARDISED,
    shared_rules,
)
from disrupting_harm.aggregates.contracts import FILES
from disrupting_harm.aggregates.reading import read_typed_rows
from disrupting_harm.publication.disclosure.certificate import audit_release
from disrupting_harm.publication.release import KEYS, is_shown
from disrupting_harm.stages.export_statistics import export_statistics
from disrupting_harm.stages.import_statistics import OUTPUTS, import_statistics
from disrupting_harm.study.study import Study, load_study

ROW = ("indicator", "domain", "level_a", "level_b", "term", "level")
CONFIDENTIAL = "suppress_disclosure"


def exported(
    study: Study, results: Path, country: str, folder: Path, exact: bool = True
) -> dict[str, pd.DataFrame]:
    """Export, and read every file as the partner does."""
    config = study.config.model_copy(update={"results": results})
    export_statistics(
        country=country, config=config, codebook=study.codebook, target=folder, exact=exact
    )
    return {name: read_typed_rows(folder / name, contract) for name, contract in FILES.items()}


def imported(study: Study, country: str, folder: Path) -> dict[str, str]:
    """Import what lies in ``sent``; return where each table is."""
    outputs = {each: str(folder / f"{each}.parquet") for each in OUTPUTS}
    outputs |= {"table": str(folder / "table.csv"), "quality": str(folder / "quality.json")}
    import_statistics(
        country=country, folder=str(folder / "sent"), codebook=study.codebook.definitions(),
        rules=shared_rules(study.config), gaps=study.config.comparison.gaps,
        publication=study.config.publication.model_dump(mode="json"), simulated=True,
        outputs=outputs,
    )  # fmt: skip
    return outputs


@pytest.mark.parametrize("country", SMALL)
def test_no_count_follows_but_from_what_is_published(
    small: Checkout, tmp_path: Path, country: str
) -> None:
    """Ranges of counts by the written digits alone; with all digits each range is narrower."""
    study = load_study(small.folder / "config" / "config.yaml")
    results = small.folder / "results"
    for exact in (False, True):
        exported(study, results, country, tmp_path / str(exact), exact)
    public = results / "public" / "countries" / country / "estimates.csv"
    tables = [
        sent.read_cells(path)
        for path in (public, *(tmp_path / str(exact) / CELLS for exact in (False, True)))
    ]
    shares = [name for name, what in study.codebook.statistics.items() if what == "proportion"]
    for ranges in (sent.count_ranges, sent.hidden_sums):
        published, printed, narrow = (ranges(table, shares) for table in tables)
        assert len(published) > 100
        assert printed == published
        width = {key: high - low for key, (low, high) in published.items()}
        assert all(high - low < width[key] for key, (low, high) in narrow.items())
    # The mark of an interval follows from the others and from quality.json.
    common = set(next(iter(tables[0].values()))) - {"population", "interval_note"}
    for key, row in tables[1].items():
        there = tables[0][key]
        assert {name: row[name].removesuffix(".0") for name in common} == {
            name: there[name].removesuffix(".0") for name in common
        }


TWO_DIGITS = {
    CELLS: ("se",),
    COVARIANCES: ("covariance",),
    STANDARDISED: ("se",),
    RATIOS: ("p_value", "log_ratio_se"),
}
AS_PUBLISHED = {BOUNDS: "bounds", STANDARDISED: "standardised"}


@pytest.mark.parametrize("country", SMALL)
def test_other_numbers_have_the_digits_of_published_tables(
    small: Checkout, tmp_path: Path, country: str
) -> None:
    study = load_study(small.folder / "config" / "config.yaml")
    results = small.folder / "results"
    exported(study, results, country, tmp_path / "sent", exact=False)
    said = json.loads((tmp_path / "sent" / "statistics.json").read_text(encoding="utf-8"))
    assert said["digits"] == "as published"
    files = {name: list(rows(tmp_path / "sent" / name)) for name in FILES}
    for name, columns in TWO_DIGITS.items():
        for column in columns:
            texts = [row[column] for row in files[name] if row[column]]
            assert texts
            assert max(sent.significant_digits(text) for text in texts) == 2, (name, column)
    for row in files[RATIOS]:
        for column in ("ratio", "ci_low", "ci_high", "crude_ratio", "margin_ratio"):
            assert len(row[column].partition(".")[2]) <= 2
            assert row[column] == "" or float(row[column]) > 0
    for name, table in AS_PUBLISHED.items():
        published = {
            (row["indicator"], row["country"]): row
            for row in rows(results / "public" / "comparison" / f"{table}.csv")
        }
        for row in files[name]:
            there = published.get((row["indicator"], row["country"]))
            for column in set(row) & set(there or ()) - {"note", "crude"}:
                assert there is not None
                assert row[column] == there[column], (name, row["indicator"], column)
    national = {row["indicator"]: row for row in files[CELLS] if row["domain"] == "total"}
    for row in files[STANDARDISED]:
        assert row["crude"] in ("", national[row["indicator"]]["estimate"])
    assert {row["n_valid"] for row in files[BOUNDS]} <= {
        row["n"].removesuffix(".0") for row in files[CELLS]
    }
    # And what comes back is what the country published.
    imported(study, country, tmp_path)
    public = results / "public" / "countries" / country / "estimates.csv"
    assert (tmp_path / "table.csv").read_bytes() == public.read_bytes()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("country", SMALL)
def test_hidden_cells_cannot_be_computed(small: Checkout, tmp_path: Path, country: str) -> None:
    """By a reader who knows all weighted sums of shown cells, nor by one who counts children."""
    study = load_study(small.folder / "config" / "config.yaml")
    results = small.folder / "results"
    tables = exported(study, results, country, tmp_path / country)
    cells = tables[CELLS].reset_index(drop=True)
    truth = pd.read_parquet(results / "restricted" / "release" / f"{country}.parquet")
    pd.testing.assert_frame_equal(cells[KEYS[1:]], truth[KEYS[1:]])
    # Only the marks of what was sent are taken, and the truth behind them.
    marks = ["bound_low", "bound_high", "status"]
    marked = truth.assign(**{name: cells[name] for name in marks})
    *_, told = audit_release(marked.sort_values(KEYS), study.config.publication, study.codebook)
    assert len(told) == 0
    small_counts = truth["reason"].str.contains("small_count")
    assert small_counts.sum() > 100
    told = marked.assign(status=marked["status"].mask(small_counts, "present"))
    *_, told = audit_release(told.sort_values(KEYS), study.config.publication, study.codebook)
    assert len(told) > 100


@pytest.mark.parametrize("country", SMALL)
def test_what_a_comparison_reads_is_what_the_microdata_give(
    small: Checkout, tmp_path: Path, country: str
) -> None:
    """Row by row, of the rows that the release shows; rows of hidden cells are not there."""
    study = load_study(small.folder / "config" / "config.yaml")
    results = small.folder / "results"
    exported(study, results, country, tmp_path / "sent")
    outputs = imported(study, country, tmp_path)
    public = results / "public" / "countries" / country / "estimates.csv"
    assert (tmp_path / "table.csv").read_bytes() == public.read_bytes()
    for name in ("gaps", "standardised", "bounds", "ratios"):
        here = pd.read_parquet(outputs[name])
        there = pd.read_parquet(results / "restricted" / "contrasts" / country / f"{name}.parquet")
        keys = [key for key in ROW if key in here]
        if name == "standardised":
            here = here[here["se"].notna()]
        assert len(here) > 2, name
        there = here[keys].merge(there, on=keys, validate="one_to_one")
        assert len(there) == len(here), name
        # The number of answers is as printed, which is what the comparison takes of all countries.
        printed = ["n"] if name == "standardised" else ["n_a", "n_b"]
        for column in here.select_dtypes("number").columns.difference(printed):
            a, b = (table[column].to_numpy(dtype=float) for table in (here, there))
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12, err_msg=f"{name}, {column}")


@pytest.mark.parametrize("country", SMALL)
def test_nothing_else_tells_of_hidden_cells(small: Checkout, tmp_path: Path, country: str) -> None:
    study = load_study(small.folder / "config" / "config.yaml")
    tables = exported(study, small.folder / "results", country, tmp_path / country)
    cells = tables[CELLS]
    hidden = cells[~is_shown(cells)]
    numbers = hidden.select_dtypes("number").drop(columns=["bound_low", "bound_high"])
    assert numbers.isna().all(axis=None)
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
