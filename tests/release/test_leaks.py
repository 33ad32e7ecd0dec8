"""Nothing restricted is in anything public.

Proven here, for every file below ``public`` and whatever is embedded in it:

- no number of six or more significant digits is a restricted estimate, limit, population, standard
  error, design effect or effective n of any cell, as a share or in per cent;
- no identifier, weight or answer of the mini study's raw rows stands anywhere;
- public tables hold no number of a hidden cell, whatever their name, and say of it what the
  decision says;
- every row of every comparison rests on cells that are shown, all of them, and an attacker who
  knows all shown estimates exactly learns nothing of a confidential group from standardised ones;
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

import numpy as np
import pandas as pd
import pytest
from checkout import SMALL, Checkout, hashes
from leaks import Secrets, leaks
from mini_study import CANARY, CONFIG
from scipy.optimize import linprog

from disrupting_harm.comparison import WITHIN
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import write_table

# Where a study's results are, and its countries.
STUDIES = {
    "small": ("results", SMALL),
    "mini": ("results/mini", ("N", "S")),
    "nhanes2": ("results/nhanes2", ("MW", "NE", "S", "W")),
}
KEYS = ["country", "indicator", "domain", "level"]
# Comparisons, with the columns of the cells below the national ones that a row rests on.
LEVELS = (("domain", "level_a"), ("domain", "level_b"))
RESTS_ON: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("pairwise", "against_region", "rank_sets"), ()),
    **dict.fromkeys(("standardised", "bounds", "bound_pairs", "denominators"), ()),
    "adjusted_countries": (),
    "gaps": LEVELS,
    "silence_claims": LEVELS,
    "silence_ranks": (),
    "gap_pairs": LEVELS,
    "adjusted": (("term", "level"), ("term", "reference")),
}
# What each country needs is made where a study recommends something.
RECOMMENDS = {"small"}
# Tables whose rows speak of hidden countries, too, or of many at once.
SPEAK_OF_ALL = ("prevalence", "pooled", "leave_one_out", "total", "comparability", "associations")


def released(checkout: Checkout, results: str, countries: tuple[str, ...]) -> pd.DataFrame:
    """Return the decisions of all countries at full precision."""
    folder = checkout.folder / results / "restricted" / "release"
    return pd.concat([pd.read_parquet(folder / f"{code}.parquet") for code in countries])


def raw_secrets(mini: Checkout) -> set[str]:
    """Return every identifier, weight and number of hours of the mini study's rows."""
    frames = [pd.read_csv(mini.folder / "mini" / f"{code}.csv", dtype=str) for code in "NS"]
    return {text for frame in frames for name in ("id", "w", "q3") for text in frame[name]}


def derived(checkout: Checkout, results: str) -> list[pd.DataFrame]:
    """Return all contrasts and comparisons at full precision."""
    folder = checkout.folder / results / "restricted"
    found = [*folder.glob("contrasts/*/*.parquet"), *folder.glob("comparison/*.parquet")]
    assert len(found) >= 4 + len(RESTS_ON)
    return [pd.read_parquet(path) for path in found]


def takes_long(path: Path) -> bool:
    """Say whether a file is a PDF, which take long to open, of another country than Kenya."""
    return path.suffix == ".pdf" and "KEN" not in path.parts


@pytest.mark.parametrize(
    ("study", "long"),
    [
        ("small", [False]),
        pytest.param("small", [True], marks=pytest.mark.slow),
        pytest.param("nhanes2", [False, True], marks=pytest.mark.slow),
    ],
    ids=["small", "small, other papers", "nhanes2"],
)
def test_no_restricted_number_is_public(
    request: pytest.FixtureRequest, study: str, long: list[bool]
) -> None:
    checkout: Checkout = request.getfixturevalue(study)
    results, countries = STUDIES[study]
    secrets = Secrets.of(released(checkout, results, countries), *derived(checkout, results))
    public = checkout.folder / results / "public"
    assert leaks(public, secrets, which=lambda path: takes_long(path) in long) == []


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
    by_address = {name_cell(*key): status for key, status in decisions["status"].items()}
    checked = hidden = 0
    for path in sorted(public.rglob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if {"address", "sign", "value"} <= set(table):
            marks = table[table["address"].isin(by_address.keys())]
            statuses = marks["address"].map(by_address)
            suppressed = statuses.str.startswith("suppress").astype(bool)
            assert (marks.loc[suppressed, "value"] == "").all(), path
            assert (marks.loc[suppressed, "sign"] != "").all(), path
            asked = ~suppressed & (statuses != "not_asked")
            assert (marks.loc[asked, ["value", "low", "high"]] != "").all(axis=None), path
            checked += 1
            hidden += suppressed.sum()
            continue
        # Standardised estimates have decisions of their own.
        if not {"country", "indicator", "shown"} <= set(table) or path.stem == "standardised":
            continue
        # Rows of several countries together are no cells.
        table = table[table["country"] != ""]
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


def name_cell(country: str, indicator: str, domain: str, level: str) -> str:
    """Return the address of a cell of the public estimates."""
    group = [] if domain == "total" else [f"{domain}:{level.replace('|', '+')}"]
    return "/".join([country, indicator, *group])


def cells_behind(table: str, row: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return the cells that a row of a comparison rests on."""
    indicator, nation = row["indicator"], ("total", "all")
    countries = [row[name] for name in ("country", "country_a", "country_b") if name in row]
    names = RESTS_ON[table]
    levels = [nation, *((row[domain], row[level]) for domain, level in names)]
    # A gap needs its levels; the national estimate does not make them.
    levels = levels[1:] if table in ("gaps", "gap_pairs", "silence_claims") else levels
    return [(code, indicator, *level) for code in countries for level in levels]


@pytest.mark.parametrize(
    "study", ["small", "mini", pytest.param("nhanes2", marks=pytest.mark.slow)]
)
def test_comparisons_rest_on_shown_cells_alone(request: pytest.FixtureRequest, study: str) -> None:
    checkout: Checkout = request.getfixturevalue(study)
    results, codes = STUDIES[study]
    decisions = released(checkout, results, codes).set_index(KEYS)["status"]
    hidden = set(decisions.index[decisions.str.startswith("suppress")])
    folder = checkout.folder / results / "public" / "comparison"
    ledger = pd.read_csv(folder / "comparability.csv")
    apart = set(ledger.loc[ledger["comparable"] == "no", ["country", "indicator"]].itertuples(
        index=False, name=None))  # fmt: skip
    # A study that does not say how many are within reach of its survey scales nothing up.
    scaled = set() if study == "small" else {"denominators", "total"}
    there = {path.stem for path in folder.glob("*.csv")}
    needs = {"needs"} if study in RECOMMENDS else set()
    assert there == {*RESTS_ON, *SPEAK_OF_ALL} - scaled | needs
    for table in there & RESTS_ON.keys():
        rows = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        for row in rows.to_dict("records"):
            if table == "standardised" and not row["estimate"]:
                assert not any(row[name] for name in ("n", "crude", "ci_low", "ci_high", "note"))
                continue
            behind = cells_behind(table, row)
            assert behind
            assert not hidden & set(behind), (table, row)
            assert not apart & {(code, indicator) for code, indicator, *_ in behind}
    printed_n = pd.read_csv(folder / "prevalence.csv", dtype=str, keep_default_na=False)
    printed_n = printed_n.set_index(["indicator", "country"])["n"]
    for row in pd.read_csv(folder / "standardised.csv", dtype=str, keep_default_na=False).to_dict(
        "records"
    ):
        # The number of answers to one sensitive question would tell how many gave none.
        assert row["n"] in ("", printed_n[row["indicator"], row["country"]]), row
    for row in pd.read_csv(folder / "leave_one_out.csv", dtype=str, keep_default_na=False).to_dict(
        "records"
    ):
        silent = {code for code in codes if (code, row["indicator"], "total", "all") in hidden}
        counted = (
            silent
            - {row["without"]}
            - {code for code in codes if (code, row["indicator"]) in apart}
        )
        assert counted == set(row["bounded"].split()), row
        assert not (row["bounded"] and row["estimate"]), row
    if needs:
        check_needs_rest_on_shown_cells(folder, hidden)
    for table, number in (("pooled", "estimate"), ("total", "children")):
        if table not in there:
            continue
        rows = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        for row in rows.to_dict("records"):
            left_out = {part.partition(":")[0] for part in row["left_out"].split("; ") if part}
            counted, bounded = set(codes) - left_out, set(row["bounded"].split())
            cells = {(code, row["indicator"], "total", "all") for code in counted - bounded}
            # No number where a hidden country counts: what holds it has the ends of a set.
            assert not (bounded and row[number]), (table, row)
            if row["group"] == "all" and int(row["countries"]):
                assert int(row["countries"]) <= len(counted)
                assert not hidden & cells, (table, row)


def check_needs_rest_on_shown_cells(folder: Path, hidden: set[tuple[str, str, str, str]]) -> None:
    """Check that actions rest on national estimates that are shown, and gaps on six countries."""
    rows = pd.read_csv(folder / "needs.csv", dtype=str, keep_default_na=False)
    of_survey = rows[rows["kind"] == "survey"]
    assert len(of_survey) > 10
    for row in of_survey.to_dict("records"):
        country, indicator, column = row["address"].split("/")
        assert (country, column) == (row["country"], "shown")
        assert (country, indicator, "total", "all") not in hidden, row
    # A mean of fewer than five others could give back one of them.
    few = rows[rows["others"].replace("", "0").astype(int) < 5]
    assert (few[["mean_low", "mean_high", "gap", "gap_low", "gap_high"]] == "").all(axis=None)


def test_standardised_estimates_tell_nothing_of_confidential_groups(small: Checkout) -> None:
    """Attacked by linear programming, with all weights and shown estimates known exactly."""
    release = released(small, "results", SMALL)
    path = small.folder / "results/public/comparison/standardised.csv"
    table = pd.read_csv(path, dtype={"shown": "str"})
    attacked = 0
    for row in table.dropna(subset=["estimate"]).itertuples():
        own = release[(release["country"] == row.country) & (release["indicator"] == row.indicator)]
        groups = own[own["domain"] == "sex_age"].reset_index(drop=True)
        known, values = _known(own, groups)
        half = 0.005 if len(row.shown.partition(".")[2]) == 0 else 0.0005
        standard = np.full(len(groups), 1 / len(groups))
        for cell in groups.index[groups["status"] == "suppress_disclosure"]:
            without = _width(cell, known, values)
            beside = _width(
                cell, known, values, standard, (row.estimate - half, row.estimate + half)
            )
            size = groups.loc[cell, "n"]
            # Ten children is what disclosure control leaves in doubt.
            assert size * beside > min(10, size * without) - 1e-4, (row, groups.loc[cell, "level"])
            attacked += 1
    assert attacked > 20


def _known(own: pd.DataFrame, groups: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the equations of shown cells in the proportions of the groups of sex and age."""
    shown = own[~own["status"].str.startswith("suppress")]
    rows = []
    for cell in shown.itertuples():
        if cell.domain not in ("total", "sex", "age_band", "sex_age"):
            continue
        inside = [
            cell.domain == "total" or cell.level in (level, *level.split("|"))
            for level in groups["level"]
        ]
        weight = groups["population"].to_numpy() * inside
        rows.append(weight / weight.sum())
    # The groups of a composite with imputed parts need not add exactly to the wider cell: the
    # attacker is told what they do add to.
    known = np.array(rows)
    return known, known @ groups["estimate"].to_numpy()


def _width(
    cell: int,
    known: np.ndarray,
    values: np.ndarray,
    standard: np.ndarray | None = None,
    limits: tuple[float, float] = (0, 1),
) -> float:
    """Return how far apart the smallest and the largest possible proportion of a group are."""
    aim = np.zeros(known.shape[1])
    aim[cell] = 1
    slack = 1e-9
    above = (
        [known, -known] if standard is None else [known, -known, standard[None], -standard[None]]
    )
    ends = [values + slack, slack - values]
    ends += [] if standard is None else [[limits[1]], [-limits[0]]]
    found = [
        linprog(sign * aim, A_ub=np.vstack(above), b_ub=np.concatenate(ends), bounds=(0, 1))
        for sign in (1, -1)
    ]
    assert all(result.success for result in found)
    return float(-found[1].fun - found[0].fun)


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
    write_table(path, table, restricted_contract("country/estimates"), simulated=False)
    # Every cell of this indicator is hidden, so that all that is derived from it is, too.
    assert set(table.loc[hidden, "indicator"]) == {"rare"}
    for name in WITHIN:
        path = results / "restricted" / "contrasts" / code / f"{name}.parquet"
        derived = pd.read_parquet(path)
        rows = derived["indicator"] == "rare"
        # This study names no associations: its table of slopes is empty.
        assert rows.any() or (name == "slopes" and derived.empty)
        numbers = derived.select_dtypes("float").columns.difference(["df", "p_value"])
        derived.loc[rows, numbers] *= 0.98
        write_table(path, derived, restricted_contract(f"contrasts/{name}"), simulated=False)


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
    below = {"figures", "comparison_figures", "region_figures", "evidence_figures"}
    below |= {"report", "regional", "site"}
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
