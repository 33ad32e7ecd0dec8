"""The example with several waves, run as a user runs it: known changes are found, and no others."""

import csv
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from checkout import Checkout, make_checkout
from packed_tables import rows_of, tables_of
from release.verdicts import faults
from release.written_tables import check_results
from repository import PROJECT

from disrupting_harm.provenance.explain.explain_number import find_input_files
from disrupting_harm.provenance.explain.explain_restricted import explain_restricted
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts, list_documents
from disrupting_harm.study.study import load_study

# A study of five surveys; of single tables the same is asked in tests/unit/stages/.
pytestmark = pytest.mark.slow
CONFIG = "config/examples/waves/config.yaml"
RESULTS = Path("results") / "waves"
# What simulation.yaml says is true: region, indicator, waves and the direction.
TRUE = {
    ("N", "uses_daily", "1", "2"): "no clear change",
    ("N", "any_harm", "1", "2"): "rose",
    ("N", "knows_helpline", "1", "2"): "rose",
    ("S", "uses_daily", "1", "2"): "rose",
    ("S", "any_harm", "1", "2"): "no clear change",
    ("S", "knows_helpline", "1", "2"): "no clear change",
    ("S", "uses_daily", "2", "3"): "rose",
    ("S", "any_harm", "2", "3"): "no clear change",
    ("S", "uses_daily", "1", "3"): "rose",
    ("S", "any_harm", "1", "3"): "no clear change",
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The example, run."""
    checkout = make_checkout(tmp_path_factory.mktemp("waves") / "study")
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    return checkout


def public(checkout: Checkout, *parts: str) -> Path:
    return checkout.folder.joinpath(RESULTS, "public", *parts)


def changes(checkout: Checkout) -> pd.DataFrame:
    paths = [public(checkout, "countries", code, "changes.csv") for code in "NS"]
    kinds = dict.fromkeys(("wave_from", "wave_to", "shown_from", "shown_to"), str)
    tables = [pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
              for path in paths]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def test_every_table_is_as_its_file_says(finished: Checkout):
    seen, broken = check_results(finished.folder / RESULTS)
    assert broken == []
    assert {"changes between waves", "ledger of waves", "trends over waves"} <= seen


def test_the_run_finds_what_changed_and_nothing_else(finished: Checkout):
    table = changes(finished)
    national = table[(table["domain"] == "total") & table["change"].notna()]
    keys = ["country", "indicator", "wave_from", "wave_to"]
    assert national.set_index(keys)["change"].to_dict() == TRUE


def test_changes_are_what_r_computes_by_the_lines_that_explain_prints(finished: Checkout):
    with (PROJECT / "tests/reference/explained/changes.csv").open(encoding="utf-8") as file:
        drawn = list(csv.DictReader(file))
    columns = {one["address"].rpartition("/")[2] for one in drawn}
    assert len(drawn) >= 300
    assert columns >= {
        "difference",
        "ci_low",
        "ci_high",
        "ratio_low",
        "p_value",
        "p_holm",
        "step_alpha",
    }
    study = load_study(finished.folder / CONFIG)
    published = PublishedFiles(public(finished))
    for one in drawn:
        cell = published.find_cell(one["address"])
        assert cell.text == one["printed"], one["address"]
        lines = explain_restricted(cell, study, finished.folder / RESULTS / "restricted")
        at_full = dict(text.split(" ", 1) for name, text in lines if name == "restricted")
        ours, theirs = float(at_full[cell.column]), float(one["computed"])
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12), one["address"]


def test_a_change_names_the_files_of_both_waves(finished: Checkout):
    cell = PublishedFiles(public(finished)).find_cell("N/changes/any_harm/total/all/1/2/p_holm")
    manifest = json.loads(public(finished, "manifest.json").read_text(encoding="utf-8"))
    names = find_input_files(cell, manifest)
    assert {name.split("/")[-2] for name in names} == {"N-1", "N"}


def test_intervals_hold_the_true_changes(finished: Checkout):
    truth = {
        code: pd.read_parquet(
            finished.folder / RESULTS / "restricted" / "simulated" / code / "truth.parquet"
        ).set_index(["indicator", "domain", "level"])["truth"]
        for code in ("N-1", "N", "S-1", "S-2", "S")
    }
    table = changes(finished)
    national = table[(table["domain"] == "total") & table["difference"].notna()]
    for row in national.itertuples():
        newest = {"N": "2", "S": "3"}[row.country]
        codes = [
            row.country if wave == newest else f"{row.country}-{wave}"
            for wave in (row.wave_from, row.wave_to)
        ]
        before, after = (truth[code][row.indicator, "total", "all"] for code in codes)
        assert row.ci_low <= after - before <= row.ci_high, (row.country, row.indicator)


def test_the_other_question_is_a_break(finished: Checkout):
    table = changes(finished)
    broken = table[table["status"] == "break"]
    assert set(broken["indicator"]) == {"knows_helpline"}
    assert set(zip(broken["wave_from"], broken["wave_to"], strict=True)) == {("2", "3"), ("1", "3")}
    assert broken[["difference", "ci_low", "p_value", "ratio"]].isna().all(axis=None)


def test_both_estimates_stand_as_in_their_own_tables(finished: Checkout):
    """A change says nothing of a cell that its own wave does not print."""
    table, keys = changes(finished), ["indicator", "domain", "level"]
    for side in ("from", "to"):
        for (code, wave), own in table.groupby(["country", f"wave_{side}"]):
            newest = {"N": "2", "S": "3"}[code]
            folder = code if wave == newest else f"{code}-{wave}"
            printed = pd.read_csv(
                public(finished, "countries", folder, "estimates.csv"),
                dtype={"shown": str},
            ).set_index(keys)
            there = printed.loc[pd.MultiIndex.from_frame(own[keys])]
            assert own[f"shown_{side}"].tolist() == there["shown"].tolist()
            hidden = there["estimate"].isna().to_numpy()
            assert own[f"estimate_{side}"].isna().to_numpy().tolist() == hidden.tolist()
            numbers = own.loc[hidden, ["difference", "ci_low", "ci_high", "ratio", "p_value"]]
            assert numbers.isna().all(axis=None)


def test_reports_say_rose_only_where_it_is_clear(finished: Checkout):
    text = {
        code: public(finished, "reports", code, "en", "report.qmd").read_text(encoding="utf-8")
        for code in "NS"
    }
    assert text["N"].count("It rose from") == 2
    assert text["S"].count("It rose from") == 1
    assert text["S"].count("It rose between") == 2
    assert "No clear change from" in text["N"]
    assert "No clear change between any two of the surveys compared." in text["S"]
    assert "No change is computed between" in text["S"]
    assert all("It fell" not in own for own in text.values())
    assert "With the composition of 2021 by Sex and age" in text["N"]
    # The words come from the study.
    assert "the surveys speak of internet-using children aged 12-17, and who that is" in text["N"]


def test_no_sentence_cell_or_mark_contradicts_its_row(finished: Checkout):
    found, compared = faults(public(finished))
    assert not found, found
    assert compared["sentences"] >= 8
    assert compared["cells"] >= 10
    assert compared["marks"] >= 10


def test_a_sentence_that_contradicts_its_row_is_found(finished: Checkout, tmp_path: Path):
    tables, report = tmp_path / "countries" / "S", tmp_path / "reports" / "S" / "en"
    tables.mkdir(parents=True)
    report.mkdir(parents=True)
    shutil.copy(public(finished, "countries", "S", "changes.csv"), tables)
    told = public(finished, "reports", "S", "en", "report.qmd").read_text(encoding="utf-8")
    for right, wrong in (
        ("It rose between", "It fell between"),
        (": no clear change |", ": rose |"),
        ("It rose from", "It rose steadily from"),
    ):
        assert right in told
        (report / "report.qmd").write_text(told.replace(right, wrong, 1), encoding="utf-8")
        assert faults(tmp_path)[0], wrong
    (report / "report.qmd").write_text(told, encoding="utf-8")
    assert faults(tmp_path)[0] == []


def test_the_figure_has_all_waves_and_the_break(finished: Checkout):
    figures = public(finished, "figures", "S", "en")
    drawn = pd.read_csv(figures / "change.csv")
    surveys, steps = ["2019", "2021", "2026"], ["2019–2021", "2021–2026", "2019–2026"]
    # What was asked of help changed after the second survey.
    assert drawn.groupby("panel", sort=False)["row"].apply(list).tolist() == [
        [*surveys, *steps],
        [*surveys, *steps],
        [*surveys, *steps[:1]],
    ]
    listed = json.loads((figures / "figures.json").read_text(encoding="utf-8"))
    (figure,) = [each for each in listed if each["id"] == "change"]
    # The note is drawn in the figure; whoever does not see it is told of the break, too.
    assert "Dashed line: what was asked" in figure["alt"]
    assert all((figures / name).is_file() for name in figure["files"])


def test_the_site_leads_to_changes_and_earlier_waves(finished: Checkout):
    page = public(finished, "data.html").read_text(encoding="utf-8")
    for link in ("N/changes.csv", "N-1/estimates.csv", "S-2/estimates.csv"):
        assert f"countries/{link}" in page
        assert public(finished, "countries", link).is_file()


def test_the_explorer_holds_earlier_surveys_and_their_changes(finished: Checkout):
    page = public(finished, "explorer", "en.html").read_text(encoding="utf-8")
    tables = {name: pd.DataFrame(rows_of(table)) for name, table in tables_of(page).items()}
    for code in ("N-1", "S-1", "S-2"):
        path = public(finished, "countries", code, "estimates.csv")
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        # The page prints tenths, and has no whole per cents.
        table = table.drop(columns=["whole", "whole_low", "whole_high"])
        own = tables["earlier"][tables["earlier"]["country"] == code].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, table, check_dtype=False)
    assert tables["changes"]["country"].value_counts().to_dict() == {
        code: len(pd.read_csv(public(finished, "countries", code, "changes.csv"))) for code in "NS"
    }
    (facts,) = re.findall(r'id="facts">(.*?)</script>', page)
    assert json.loads(facts)["surveys"] == {
        "N-1": {"of": "N", "wave": "1", "year": "2021"},
        "N": {"of": "N", "wave": "2", "year": "2026"},
        "S-1": {"of": "S", "wave": "1", "year": "2019"},
        "S-2": {"of": "S", "wave": "2", "year": "2021"},
        "S": {"of": "S", "wave": "3", "year": "2026"},
    }


def test_every_number_of_its_documents_is_what_is_published(finished: Checkout):
    study = load_study(finished.folder / CONFIG)
    checks = NumberChecks(StudyTexts.from_study(study), public(finished))
    documents = list_documents(public(finished))
    assert len(documents) == 3
    assert [fault for document in documents for fault in checks.find_faults(document)] == []


def test_models_of_trends_have_no_verdict(finished: Checkout):
    trends = pd.read_csv(public(finished, "countries", "S", "trends.csv"))
    assert set(trends["indicator"]) == {"uses_daily", "any_harm"}
    assert trends[["any_change_p", "linear_p", "quadratic_p"]].notna().all(axis=None)
    assert not {"shape", "clear", "linear", "quadratic", "linear_se", "df", "n"} & set(trends)
    assert len(pd.read_csv(public(finished, "countries", "N", "trends.csv"))) == 0


def test_the_package_describes_every_column_and_earlier_waves(finished: Checkout):
    package = json.loads(public(finished, "datapackage.json").read_text(encoding="utf-8"))
    paths = {resource["path"] for resource in package["resources"]}
    assert {"countries/N/changes.csv", "countries/S/waves.csv"} <= paths
    assert "countries/S-2/estimates.csv" in paths


def test_a_new_raw_file_of_an_old_wave_reruns_that_wave_and_the_change(finished: Checkout):
    finished.edit(
        "config/examples/waves/simulation.yaml",
        "any_harm: {percent: 12}",
        "any_harm: {percent: 13}",
    )
    jobs = finished.plan(config=CONFIG)
    of_waves = {job.rpartition(" ")[0] for job in jobs if job.endswith((" N-1", " N-"))}
    assert {"simulate", "prepare", "weight", "estimate", "publish"} <= of_waves
    assert {"change N", "publish change N", "report N"} <= set(jobs)
    assert "change S" not in jobs
