"""Nothing restricted is in anything public.

Proven here, for every file below ``public`` and whatever is embedded in it:

- no number of six or more significant digits is a restricted estimate, limit, population, standard
  error, design effect or effective n of any cell, as a share or in per cent;
- no identifier, weight or answer of the mini study's raw rows stands anywhere;
- public tables hold no number of a hidden cell, whatever their name, and say of it what the
  decision says;
- the public files do not depend on the numbers of hidden cells at all: with other numbers, and the
  same decisions, every public file stays the same to the byte;
- figures, reports and site read public files only.

Not proven: that the decisions are right (tests of disclosure and reliability), and that a short
number such as 4 per cent in prose is not a hidden one by chance; the last two points make sure that
no such number can come from a hidden cell.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from checkout import SMALL, Checkout, hashes
from leaks import Secrets, leaks
from mini_study import CANARY, CONFIG

KEYS = ["country", "indicator", "domain", "level"]


def released(checkout: Checkout, results: str, countries: tuple[str, ...]) -> pd.DataFrame:
    """Return the decisions of all countries at full precision."""
    folder = checkout.folder / results / "restricted" / "release"
    return pd.concat([pd.read_parquet(folder / f"{code}.parquet") for code in countries])


def raw_secrets(mini: Checkout) -> set[str]:
    """Return every identifier, weight and number of hours of the mini study's rows."""
    frames = [pd.read_csv(mini.folder / "mini" / f"{code}.csv", dtype=str) for code in "NS"]
    return {text for frame in frames for name in ("id", "w", "q3") for text in frame[name]}


def test_no_restricted_number_is_public(small: Checkout, nhanes2: Checkout) -> None:
    found = leaks(
        small.folder / "results" / "public", Secrets.of(released(small, "results", SMALL))
    )
    assert found == []
    example = released(nhanes2, "results/nhanes2", ("MW", "NE", "S", "W"))
    assert leaks(nhanes2.folder / "results/nhanes2/public", Secrets.of(example)) == []


def test_no_row_of_the_microdata_is_public(mini: Checkout) -> None:
    public = mini.folder / "results" / "mini" / "public"
    words = sorted(raw_secrets(mini))
    assert len(words) == 3 * 2 * 540
    pattern = re.compile("|".join(map(re.escape, [CANARY, *words])))
    canaries = [
        path
        for path in public.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes()
    ]
    assert canaries == []
    found = leaks(public, Secrets.of(released(mini, "results/mini", ("N", "S"))), [CANARY])
    assert found == []
    texts = [path for path in public.rglob("*") if path.suffix in {".csv", ".json", ".html"}]
    assert texts
    assert not [path for path in texts if pattern.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("kind", ["csv", "html", "split", "svg", "png", "docx", "pdf", "word"])
def test_a_planted_leak_is_caught(tmp_path: Path, kind: str) -> None:
    """The search itself works: the same secret is planted in each type of file."""
    secret = 0.0412896317
    cell = {
        "status": "present",
        "estimate": secret,
        "ci_low": 0.02,
        "ci_high": 0.07,
        "population": 120,
    }
    release = pd.DataFrame([{**cell, "se": 0.0123456789, "deff": 1.5, "n_eff": 80.0}])
    percent = f"{100 * secret:.5f}"
    plant = {
        "csv": lambda: (tmp_path / "a.csv").write_text(f"n,estimate\n3,{secret:.8f}\n"),
        "html": lambda: (tmp_path / "a.html").write_text(f'<p title="{percent} per cent">x</p>'),
        "split": lambda: (tmp_path / "a.html").write_text("<b>4.1</b><i>2896</i>"),
        "svg": lambda: (tmp_path / "a.svg").write_text(f"<svg><desc>{percent}</desc></svg>"),
        "png": lambda: _write_png(tmp_path / "a.png", percent),
        "docx": lambda: _write_docx(tmp_path / "a.docx", percent),
        "pdf": lambda: _write_pdf(tmp_path / "a.pdf", percent),
        "word": lambda: (tmp_path / "a.qmd").write_text(f"as {CANARY}-N0001 said"),
    }
    assert leaks(tmp_path, Secrets.of(release), [CANARY]) == []
    plant[kind]()
    assert len(leaks(tmp_path, Secrets.of(release), [CANARY])) >= 1


def test_tables_hold_no_number_of_a_hidden_cell(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    decisions = released(small, "results", SMALL).set_index(KEYS)
    checked = hidden = 0
    for path in sorted(public.rglob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if not {"country", "indicator", "shown"} <= set(table):
            continue
        table = table if "domain" in table else table.assign(domain="total", level="all")
        cells = decisions.loc[list(table[KEYS].itertuples(index=False, name=None))]
        assert list(table["shown"]) == list(cells["shown"]), path
        assert list(table["status"]) == list(cells["status"]), path
        suppressed = cells["status"].str.startswith("suppress").to_numpy()
        numbers = [
            name
            for name in ("n", "population", "estimate", "ci_low", "ci_high", "interval")
            if name in table
        ]
        assert (table.loc[suppressed, numbers] == "").all(axis=None), path
        assert (table.loc[~suppressed, numbers] != "").all(axis=None), path
        checked += 1
        hidden += suppressed.sum()
    assert checked > 50
    assert hidden > 1000


def test_pairs_are_compared_only_where_both_are_shown(small: Checkout) -> None:
    shown = released(small, "results", SMALL).set_index(KEYS)["status"]
    pairs = pd.read_csv(small.folder / "results/public/comparison/pairwise.csv")
    assert len(pairs) > 0
    for side in ("country_a", "country_b"):
        for code, indicator in zip(pairs[side], pairs["indicator"], strict=True):
            assert not shown[code, indicator, "total", "all"].startswith("suppress")


def test_public_files_do_not_depend_on_the_numbers_of_hidden_cells(mini_copy: Checkout) -> None:
    results = mini_copy.folder / "results" / "mini"
    before, decided = hashes(results / "public"), hashes(results / "restricted" / "release")
    for code in ("N", "S"):
        _change_hidden(results, code)
    done = mini_copy.run("results/mini/public/index.html", config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert hashes(results / "public") == before
    after = hashes(results / "restricted" / "release")
    assert all(after[name] != decided[name] for name in decided)


def _change_hidden(results: Path, code: str) -> None:
    """Give the hidden cells of a country other numbers that lead to the same decisions."""
    path = results / "restricted" / "estimates" / f"{code}.parquet"
    status = pd.read_parquet(results / "restricted" / "release" / f"{code}.parquet")["status"]
    hidden = status.str.startswith("suppress")
    assert hidden.sum() == 5
    table = pd.read_parquet(path)
    for name in ("estimate", "se", "ci_low", "ci_high", "population", "deff", "n_eff"):
        table.loc[hidden, name] *= 1.02
    # One child who said yes moves to another group.
    moved = {("sex", "boy"): -1, ("sex", "girl"): 1, ("area", "urban"): 1, ("area", "rural"): -1}
    for (domain, level), step in moved.items():
        rows = hidden & (table["domain"] == domain) & (table["level"] == level)
        assert rows.sum() == 1
        table.loc[rows, "n_yes"] += step
    from disrupting_harm.study.contracts import ESTIMATES, write_table

    write_table(path, table, ESTIMATES, simulated=False)


def test_documents_read_public_files_only(small: Checkout) -> None:
    planned = subprocess.run(
        [sys.executable, "-m", "snakemake", "--dry-run", "--forceall", "--cores", "1"],
        cwd=small.folder,
        env=small.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    jobs = re.findall(r"^(?:local)?rule (\w+):\n\s+input: (.*)$", planned, re.MULTILINE)
    below = {"figures", "comparison_figures", "report", "site"}
    reads = {name: files for name, files in jobs if name in below}
    assert set(reads) == below
    assert not [name for name, files in reads.items() if "restricted" in files]


def _write_png(path: Path, text: str) -> None:
    data = b"Comment\0" + text.encode()
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + len(data).to_bytes(4, "big") + b"tEXt" + data + b"0000")


def _write_docx(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:t>{text[:3]}</w:t><w:t>{text[3:]}</w:t>")


def _write_pdf(path: Path, text: str) -> None:
    import typst

    source = path.with_suffix(".typst")
    source.write_text(f"Some words and {text}.")
    path.write_bytes(typst.compile(source))
    source.unlink()
