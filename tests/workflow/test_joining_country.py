"""A country whose microdata stay at home beside two with microdata: the same comparisons."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checkout import Checkout, hashes
from mini_study import CONFIG, write_raw

from disrupting_harm.comparison import COMPARED
from disrupting_harm.study.statuses import AT_HOME

# Two studies of its own; of single tables the same is asked in tests/unit/aggregates/.
pytestmark = pytest.mark.slow
RESULTS = Path("results") / "mini"
HOME = "E"
SENT = f"sent/{HOME}"
RESTRICTED, PUBLIC = RESULTS / "restricted", RESULTS / "public"
TOLERANCE = 1e-12
REGIONS = """\
country,name,region,raw,statistics,children,children_source,internet_use_rate,internet_use_source
N,North,Coast,N.csv,,90000,census,0.5,survey
S,South,Coast,S.csv,,80000,census,0.6,survey
E,East,Coast,E.csv,,70000,census,0.7,survey
"""


def say(checkout: Checkout, *words: str) -> subprocess.CompletedProcess[str]:
    """Use a command of the study."""
    return checkout.say(*words, "--config", CONFIG)


@pytest.fixture(scope="module")
def whole(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Three regions with microdata, run; and the statistics of one of them."""
    checkout = mini.copy_to(tmp_path_factory.mktemp("whole") / "study")
    write_raw(checkout.folder / "mini" / f"{HOME}.csv", HOME, 2, refusals=30)
    (checkout.folder / "mini" / "regions.csv").write_text(REGIONS, encoding="utf-8")
    checkout.edit(
        "mini/indicators.yaml", "daily, headline: true,", "daily, headline: true, silence: true,"
    )
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    exported = say(checkout, "statistics", "export", HOME, f"mini/{SENT}", "--exact")
    assert exported.returncode == 0, exported.stderr
    return checkout


@pytest.fixture(scope="module")
def mixed(whole: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The same study where one region sent its statistics alone."""
    folder = tmp_path_factory.mktemp("mixed") / "study"
    left = shutil.ignore_patterns("results", ".snakemake", f"{HOME}.csv")
    checkout = Checkout(Path(shutil.copytree(whole.folder, folder, ignore=left)))
    checkout.edit("mini/regions.csv", f"{HOME}.csv,", f",{SENT}")
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    return checkout


@pytest.mark.parametrize("name", COMPARED)
def test_every_comparison_is_that_of_the_microdata(whole: Checkout, mixed: Checkout, name: str):
    ours, theirs = (
        pd.read_parquet(study.folder / RESTRICTED / "comparison" / f"{name}.parquet")
        for study in (mixed, whole)
    )
    assert list(ours) == list(theirs)
    assert len(ours) == len(theirs)
    places = theirs.columns.intersection(["country", "country_a", "country_b"])
    # Averages without one of three countries are of too few, and no two of them differ; this study
    # names no associations.
    assert len(theirs) or name in ("leave_one_out", "silence_claims", "associations")
    without_home = ("pooled", "total", "leave_one_out", "silence_claims", "associations")
    assert name in without_home or HOME in set(theirs[places].to_numpy().ravel())
    numbers = theirs.select_dtypes("number").columns
    pd.testing.assert_frame_equal(ours.drop(columns=numbers), theirs.drop(columns=numbers))
    for column in numbers:
        a, b = (table[column].to_numpy(dtype=float) for table in (ours, theirs))
        np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
        np.testing.assert_allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, err_msg=column)
    printed = (
        (study.folder / PUBLIC / "comparison" / f"{name}.csv").read_bytes()
        for study in (mixed, whole)
    )
    assert next(printed) == next(printed)


@pytest.mark.parametrize("what", ["countries", "figures", "reports"])
def test_what_is_public_of_the_country_is_what_it_published(
    whole: Checkout, mixed: Checkout, what: str
) -> None:
    """But for the table of questions, which is not carried."""
    ours, theirs = (hashes(study.folder / PUBLIC / what / HOME) for study in (mixed, whole))
    apart = {"questions.csv"} if what == "countries" else set()
    assert ours
    assert ours == {name: digest for name, digest in theirs.items() if name not in apart}
    assert apart <= set(theirs)


def test_no_child_came_along_and_what_cannot_is_said(mixed: Checkout) -> None:
    for stage in ("prepared", "weights", "estimates"):
        assert not list((mixed.folder / RESTRICTED / stage).glob(f"{HOME}*"))
    effects = mixed.folder / PUBLIC / "comparison" / "adjusted_countries.csv"
    with effects.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["country"] == HOME]
    assert rows
    assert {(row["ratio"], row["note"]) for row in rows} == {("", AT_HOME)}
    page = (mixed.folder / PUBLIC / "regional" / "en" / "report.qmd").read_text(encoding="utf-8")
    assert "Not in the model, as the answers stay at home: East." in page
    log = mixed.folder / RESTRICTED / "logs" / "import_statistics" / f"{HOME}.log"
    assert "adjusted_countries" in log.read_text(encoding="utf-8")


def test_exports_are_for_their_owner_alone(whole: Checkout) -> None:
    files = sorted((whole.folder / "mini" / SENT).iterdir())
    assert len(files) == 8
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_statistics_fit_the_study_or_the_fault_is_named(mixed: Checkout, tmp_path: Path) -> None:
    fits = say(mixed, "statistics", "import", HOME, f"mini/{SENT}")
    assert fits.returncode == 0, fits.stderr
    assert "They fit this study" in fits.stdout
    broken = mixed.folder / "broken"
    shutil.copytree(mixed.folder / "mini" / SENT, broken)
    cells = broken / "cells.csv"
    cells.write_text(cells.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    refused = say(mixed, "statistics", "import", HOME, "broken")
    assert refused.returncode == 1
    assert "cells.csv: it is not the file whose SHA-256 statistics.json has" in refused.stderr
    stranger = say(mixed, "statistics", "import", "N", f"mini/{SENT}")
    assert "the statistics are of E, not of N" in stranger.stderr


def test_a_check_reads_the_statistics(mixed: Checkout) -> None:
    checked = say(mixed, "check")
    assert checked.returncode == 0, checked.stderr
    assert f"{HOME}: statistics of study 'mini', 2026-11-24" in checked.stdout


def test_a_template_has_the_headings_and_what_is_agreed(whole: Checkout, tmp_path: Path) -> None:
    made = say(whole, "statistics", "template", HOME, str(tmp_path / "empty"))
    assert made.returncode == 0, made.stderr
    for path in sorted((whole.folder / "mini" / SENT).glob("*.csv")):
        heading = path.read_text(encoding="utf-8").partition("\n")[0]
        empty = (tmp_path / "empty" / path.name).read_text(encoding="utf-8")
        assert set(heading.split(",")) == set(empty.strip().split(","))
    agreed, sent = (
        json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
        for folder in (tmp_path / "empty", whole.folder / "mini" / SENT)
    )
    for key in ("rules", "indicators", "domains", "simulated", "country"):
        assert agreed[key] == sent[key]


def test_neither_exports_nor_releases_are_made_of_statistics(mixed: Checkout) -> None:
    again = say(mixed, "statistics", "export", HOME, "again")
    assert again.returncode == 1
    assert "its microdata are not here" in again.stderr
    assert not (mixed.folder / "again").exists()
    accepted = say(mixed, "release", "accept", "2026-1")
    assert accepted.returncode == 1
    assert "Accept releases where the microdata are" in accepted.stderr


@pytest.mark.parametrize("address", ["compare/pairwise/daily/E/N/difference", "E/daily/estimate"])
def test_lines_of_r_that_would_need_its_answers_are_not_given(
    mixed: Checkout, address: str
) -> None:
    told = say(mixed, "explain", address)
    assert told.returncode == 0, told.stderr
    assert f"no lines: the answers of {HOME} are not here, it joined by statistics" in told.stdout
    assert "library(survey)" not in told.stdout
    export = say(mixed, "explain", address, "--restricted", "--export", "check")
    assert export.returncode == 1
    assert f"the answers of {HOME} are not here" in export.stderr
    assert not (mixed.folder / "check").exists()


def test_lines_of_all_countries_take_its_estimate_as_it_was_sent(mixed: Checkout) -> None:
    address = "compare/rank_sets/daily/N/mogstad_step_down/simultaneous/rank_low"
    done = say(mixed, "explain", address, "--restricted", "--export", "check")
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (mixed.folder / "check").iterdir()}
    assert written == {"cell.R", "family.csv", "critical.csv", "N.csv", "S.csv"}
    family = pd.read_csv(mixed.folder / "check" / "family.csv", index_col="country")
    sent = pd.read_parquet(mixed.folder / RESTRICTED / "release" / f"{HOME}.parquet")
    own = sent[(sent["indicator"] == "daily") & (sent["domain"] == "total")].iloc[0]
    assert family.loc[HOME, ["estimate", "se", "df"]].tolist() == pytest.approx(
        [own["estimate"], own["se"], own["df"]], rel=1e-11
    )
