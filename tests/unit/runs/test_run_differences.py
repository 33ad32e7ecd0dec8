"""``compare-runs`` lists what was changed between two runs, all of it, and nothing else."""

import csv
import json
import random
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from checkout import Checkout

REPORT = "reports/N/en/report.qmd"


@pytest.fixture
def runs(mini: Checkout, tmp_path: Path) -> tuple[Path, Path]:
    """The public results of the mini study, twice."""
    public = mini.folder / "results/mini/public"
    before = Path(shutil.copytree(public, tmp_path / "before"))
    return before, Path(shutil.copytree(public, tmp_path / "after" / "public"))


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def edit_cell(path: Path, keys: dict[str, str], column: str, value: str) -> tuple[str, int]:
    """Change a cell; return what stood there, and its line."""
    rows = read(path)
    place = {name: number for number, name in enumerate(rows[0])}
    (line,) = (
        number
        for number, row in enumerate(rows)
        if all(row[place[name]] == text for name, text in keys.items())
    )
    before, rows[line][place[column]] = rows[line][place[column]], value
    write(path, rows)
    return before, line + 1


def edit_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def compare(mini: Checkout, *words: object) -> tuple[int, dict[str, object]]:
    done = mini.say("compare-runs", *map(str, words), "--json")
    return done.returncode, json.loads(done.stdout)


def test_a_run_is_the_same_as_itself(mini: Checkout, runs: tuple[Path, Path]) -> None:
    # Cells that are written in another way hold the same number.
    path = runs[1] / "comparison/pairwise.csv"
    rows = read(path)
    place = rows[0].index("difference")
    rows[1][place] += "0"
    write(path, rows)
    status, record = compare(mini, runs[0], runs[1].parent)
    assert status == 0
    assert not any(record["counts"].values())
    done = mini.say("compare-runs", *map(str, runs))
    assert (done.returncode, done.stdout.splitlines()[2:]) == (
        0,
        ["no number, verdict, sentence or text of a figure differs"],
    )


def test_exactly_what_somebody_edited_is_listed(
    mini: Checkout, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    after = runs[1]
    everyone = {"indicator": "daily", "domain": "total"}
    was_share, line = edit_cell(after / "countries/N/estimates.csv", everyone, "estimate", "0.977")
    pair = {"indicator": "daily", "country_a": "N", "country_b": "S"}
    was_clear, clear_line = edit_cell(after / "comparison/pairwise.csv", pair, "clear", "Perhaps")
    ranks = read(after / "comparison/rank_sets.csv")
    write(after / "comparison/rank_sets.csv", ranks[:-1])
    quality = after / "countries/S/quality.json"
    facts = json.loads(quality.read_text(encoding="utf-8"))
    facts["interviewed"] += 1
    quality.write_text(json.dumps(facts), encoding="utf-8")
    edit_text(
        after / REPORT,
        "No weight was capped.",
        "No large weight was capped. A sentence [more](x.html).",
    )
    figures = after / "figures/N/en/figures.json"
    drawn = json.loads(figures.read_text(encoding="utf-8"))
    title, drawn[0]["title"] = drawn[0]["title"], "Another title"
    figures.write_text(json.dumps(drawn), encoding="utf-8")
    (after / "reports/S/en/report.qmd").unlink()
    manifest = json.loads((after / "manifest.json").read_text(encoding="utf-8"))
    manifest["configuration"]["publication"]["review"] = "hide"
    manifest["code"]["tree"] = "another"
    (after / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    status, record = compare(mini, *runs)
    assert status == 1
    cells = {
        (row["address"], cell["column"]): (row["file"], row["line"], cell)
        for row in record["rows"]
        if row["change"] == "changed"
        for cell in row["cells"]
    }
    assert {place: values[:2] for place, values in cells.items()} == {
        ("N/daily", "estimate"): ("countries/N/estimates.csv", line),
        ("compare/pairwise/daily/N/S", "clear"): ("comparison/pairwise.csv", clear_line),
        ("S/quality", "interviewed"): ("countries/S/quality.json", 0),
    }
    share = cells["N/daily", "estimate"][2]
    assert (share["kind"], share["before"], share["after"]) == ("main_number", was_share, "0.977")
    assert share["documents"] == 1
    clear = cells["compare/pairwise/daily/N/S", "clear"][2]
    assert (clear["kind"], clear["before"], clear["after"]) == ("verdict", was_clear, "Perhaps")
    (gone,) = (row for row in record["rows"] if row["change"] != "changed")
    key = dict(zip(ranks[0], ranks[-1], strict=True))
    parts = (key["indicator"], key["country"], key["method"], key["scope"])
    assert (gone["change"], gone["address"]) == ("gone", f"compare/rank_sets/{'/'.join(parts)}")
    assert {cell["before"] for cell in gone["cells"]} <= {*ranks[-1]}
    assert [file["file"] for file in record["files"]] == ["reports/S/en/report.qmd"]
    assert [
        (entry["document"], entry["change"], entry["before"], entry["after"])
        for entry in record["sentences"]
    ] == [
        (
            REPORT,
            "changed",
            "No weight was capped.",
            "No large weight was capped.",
        ),
        (REPORT, "added", None, "A sentence more."),
    ]
    (figure,) = record["figures"]
    assert (figure["figure"], figure["texts"]) == (
        drawn[0]["id"],
        {"title": {"before": title, "after": "Another title"}},
    )
    assert record["origin"] == [
        "configuration, study/publication/review: show, and now hide",
        "code of the workflow",
    ]
    # What documents print stands before verdicts, and these before the rest.
    page = tmp_path / "page.html"
    done = mini.say("compare-runs", *map(str, runs), "--page", str(page))
    assert done.returncode == 1
    listed = [line for line in done.stdout.splitlines() if line.startswith(("~ ", "+ ", "- "))]
    assert listed[:3] == [
        f"~ N/daily: estimate {was_share} -> 0.977 (in 1 document)",
        "~ S/quality: interviewed 540 -> 541 (in 1 document)",
        f"~ compare/pairwise/daily/N/S: clear {was_clear} -> Perhaps",
    ]
    assert len(listed) == 8
    assert [line for line in done.stdout.splitlines() if line.endswith("changed")] == [
        "      2 main numbers changed",
        "      1 ranks and verdicts changed",
        "      1 sentences changed",
        "      1 figures changed",
    ]
    few = mini.say("compare-runs", *map(str, runs), "--most", "1").stdout.splitlines()
    assert few[-3:] == [listed[0], "", "7 more; --most N lists more, --page and --json all"]
    reader = PageTexts()
    reader.feed(page.read_text(encoding="utf-8"))
    assert {"N/daily", was_share, "0.977", "Perhaps", "A sentence more."} <= {
        text.strip() for text in reader.texts
    }
    assert reader.marked == ["0.977", "541", "Perhaps", "not", "large", "Another", "title"]
    assert reader.links == []
    assert page.stat().st_mode & 0o777 == 0o600


class PageTexts(HTMLParser):
    """The texts of a page, those that are marked as new, and the files that it would bring in."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.is_marked = False

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.is_marked and data.strip():
            self.marked.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self.is_marked = self.is_marked and tag != "ins"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_marked = tag == "ins"
        named = dict(attrs)
        links = [named.get("src"), named.get("href")]
        self.links += [link for link in links if link and not link.startswith("#")]


@pytest.mark.parametrize("seed", [1, 2])
def test_drawn_cells_are_those_that_pandas_finds(
    mini: Checkout, runs: tuple[Path, Path], seed: int
) -> None:
    """Keys are those of the data package, cells those of ``DataFrame.compare``."""
    before, after = runs
    drawn = random.Random(seed)
    package = json.loads((before / "datapackage.json").read_text(encoding="utf-8"))
    expected: set[tuple[str, str, str, str]] = set()
    for resource in package["resources"]:
        name = resource["path"]
        if not name.startswith(("comparison/", "countries/")) or not name.endswith(".csv"):
            continue
        rows = read(after / name)
        keys = resource["schema"]
        if isinstance(keys, str):
            keys = json.loads((before / keys).read_text(encoding="utf-8"))
        key = keys["primaryKey"]
        free = [number for number, column in enumerate(rows[0]) if column not in key]
        for row in drawn.sample(rows[1:], min(4, len(rows) - 1)):
            row[drawn.choice(free)] = f"{drawn.random():.6f}"
        write(after / name, rows)
        old, new = (
            pd.read_csv(public / name, dtype=str, keep_default_na=False).set_index(key)
            for public in runs
        )
        found = old.compare(new, keep_shape=True, align_axis="columns")
        for line, (_, row) in enumerate(found.iterrows(), start=2):
            for column in old.columns:
                if pd.notna(row[column, "other"]):
                    cell = (name, line, column, row[column, "self"], row[column, "other"])
                    expected.add(tuple(map(str, cell)))
    _, record = compare(mini, before, after)
    listed = {
        (row["file"], str(row["line"]), cell["column"], cell["before"], cell["after"])
        for row in record["rows"]
        for cell in row["cells"]
    }
    assert len(expected) > 30
    assert listed == expected
    assert not record["sentences"]
    assert not record["figures"]


def test_what_is_no_run_is_not_compared(
    mini: Checkout, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    restricted = mini.folder / "results/mini/restricted"
    for folder in (tmp_path / "nothing", restricted):
        done = mini.say("compare-runs", str(runs[0]), str(folder))
        assert (done.returncode, done.stdout) == (2, "")
        assert f"error: {folder}: no finished run" in done.stderr
    done = mini.say("compare-runs", *map(str, runs), "--page", str(runs[1] / "page.html"))
    assert done.returncode == 2
    assert "two runs together tell more than each of them" in done.stderr
    assert not (runs[1] / "page.html").exists()
