"""What ``--json`` prints is JSON and nothing else, with the findings that people read as lines."""

import json
from pathlib import Path
from typing import Any

import polib
import pytest
from checkout import Checkout
from mini_study import CONFIG
from repository import PROJECT

ESTIMATES = "results/mini/public/countries/N/estimates.csv"
REPORT = "results/mini/public/reports/N/en/report.qmd"


def ask(checkout: Checkout, *words: str, config: str = CONFIG, status: int = 0) -> Any:
    """Return what a command prints for programs."""
    done = checkout.say(*words, "--json", *(("--config", config) if config else ()))
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_check_says_what_was_read_and_every_fault(mini: Checkout, mini_copy: Checkout) -> None:
    record = ask(mini, "check")
    assert (record["config"], record["todos"], record["faults"]) == (CONFIG, [], [])
    assert record["study"].startswith("2 regions, ")
    lines = mini.say("check", "--config", CONFIG).stdout.splitlines()
    assert [f"  {line}" for line in record["read"]] == lines[1:-1]
    raw = mini_copy.folder / "mini/N.csv"
    raw.write_text(raw.read_text(encoding="utf-8").replace("stratum", "strata"), encoding="utf-8")
    (fault,) = ask(mini_copy, "check", status=1)["faults"]
    assert {*fault} == {"where", "found", "remedy"}
    assert "N.csv" in fault["where"]
    # Of a study that cannot be loaded the fault is an entry, too.
    mini_copy.edit("mini/config.yaml", "codebook: indicators.yaml", "codebook: TODO")
    record = ask(mini_copy, "check", status=1)
    assert [todo["text"] for todo in record["todos"]] == ["codebook: TODO"]
    assert (record["read"], len(record["faults"])) == ([], 1)


def test_explain_has_each_part_and_each_place(mini: Checkout) -> None:
    record = ask(mini, "explain", "N/daily/estimate")
    assert record["address"] == "N/daily/estimate"
    parts = {part["name"]: part["text"] for part in record["parts"]}
    line = parts["file"].split("line ")[1].split(",")[0]
    row = (mini.folder / ESTIMATES).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert row.startswith("N,daily,total,all,")
    shown = row.split(",")[6]
    places = ask(mini, "explain", "--find", f"{float(shown) * 100:.1f}", "--in", "N")
    assert "N/daily/estimate" in [place["address"] for place in places]
    for place in places:
        assert all({*entry} == {"place", "words"} for entry in place["places"])


def test_verify_lists_files_by_what_is_wrong(mini_copy: Checkout) -> None:
    public, restricted = ask(mini_copy, "verify")["folders"]
    assert {*public} == {"folder", "listed", "missing", "changed", "foreign"}
    assert (public["folder"], restricted["folder"]) == (
        "results/mini/public",
        "results/mini/restricted",
    )
    assert public["listed"] > 50
    assert not public["missing"] + public["changed"] + public["foreign"]
    (mini_copy.folder / ESTIMATES).unlink()
    (mini_copy.folder / "results/mini/public/new.txt").write_text("x", encoding="utf-8")
    (public, _) = ask(mini_copy, "verify", status=1)["folders"]
    assert (public["missing"], public["foreign"]) == (["countries/N/estimates.csv"], ["new.txt"])
    refused = mini_copy.say("verify", "--json", "--rebuild", "--config", CONFIG)
    assert (refused.returncode, refused.stdout) == (1, "")


def test_lint_numbers_names_document_and_fault(mini_copy: Checkout) -> None:
    record = ask(mini_copy, "lint-numbers")
    assert (record["documents"] > 10, record["faults"]) == (True, [])
    mini_copy.edit(REPORT, "No weight was capped.", "Of 77 weights none was capped.")
    record = ask(mini_copy, "lint-numbers", status=1)
    assert [fault["document"] for fault in record["faults"]] == [REPORT]
    assert "77" in record["faults"][0]["fault"]


def test_state_of_translations_counts_texts_of_each_document(mini: Checkout) -> None:
    record = ask(mini, "translate", "review", "state")
    assert {*record} == {"documents", "open_questions"}
    documents = {document["document"]: document for document in record["documents"]}
    report = documents["reports/N/en/report"]
    assert report["language"] == "en"
    assert {*report} == {"document", "language", "level", "texts"}
    lines = mini.say("translate", "review", "state", "--config", CONFIG).stdout.splitlines()
    (line,) = (line for line in lines if f" {report['document']}: " in line)
    level, _, counts = line.split(maxsplit=2)
    assert level == report["level"]
    assert counts == ", ".join(f"{count} {name}" for name, count in report["texts"].items())


def test_backtest_says_what_differs(mini: Checkout, tmp_path: Path) -> None:
    table = tmp_path / "published.csv"
    header = "area,indicator,domain,level,value,unit\n"
    table.write_text(f"{header}N,daily,total,all,99.9,percent\n", encoding="utf-8")
    record = ask(mini, "backtest", str(table), status=1)
    assert (record["file"], record["figures"]) == (table.as_posix(), 1)
    assert len(record["differences"]) == 1
    assert "99.9" in record["differences"][0]


@pytest.mark.slow
def test_check_of_translations_counts_messages(mini: Checkout) -> None:
    record = ask(mini, "translate", "check", config="")
    catalogue = polib.pofile(str(PROJECT / "workflow/templates/locale/report.pot"))
    assert record["faults"] == []
    assert record["messages"] == len(catalogue)
    assert all(line.startswith("open: ") for line in record["open"])
