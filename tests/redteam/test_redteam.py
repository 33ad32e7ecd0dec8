"""A finished study, attacked from its public files; each point turns red for a planted fault."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import points
import pytest
from checkout import Checkout
from mini_study import CANARY
from openpyxl import load_workbook
from openpyxl.comments import Comment
from programme import intervals
from released import CELL, Published, limits_of, write_rows
from releasing import PSUS, RESULTS, ReleasingStudy

CODEBOOK = Path("config") / "indicators.yaml"
LINKED = ["any_tf_csea", "offered_for_images", "clear_examples"]
# What the data book of a country is made of: its numbers of children are those of the comparison.
TABLES_OF_A_COUNTRY = ("estimates.csv", "countries", "evidence", "comparison/denominators.csv")
Row = dict[str, str]


class Planted:
    """A copy of what a study has published, to be spoilt."""

    def __init__(self, original: Checkout, folder: Path) -> None:
        self.codebook = original.folder / CODEBOOK
        self.folder = folder
        heavy = shutil.ignore_patterns("*.png", "*.pdf", "*.ttf", "_shared", "reports", "regional")
        shutil.copytree(original.folder / "results" / "public", folder, ignore=heavy)

    def keep(self, *paths: str) -> None:
        """Keep some files and folders alone: those that a point is about."""
        kept = [self.folder / path for path in paths]
        for path in self.folder.rglob("*"):
            if path.is_file() and not any(map(path.is_relative_to, kept)):
                path.unlink()

    def read(self) -> Published:
        return Published.read(self.folder, self.codebook)

    def rows(self, which: Callable[[Row], bool], path: str = "estimates.csv") -> list[Row]:
        return [row for row in self.read().table(path).to_dict("records") if which(row)]

    def change(self, cell: Row, path: str = "estimates.csv", **values: str) -> None:
        """Write other values into a row of a table."""
        table = self.read().table(path)
        chosen = (table[list(cell)] == pd.Series(cell)).all(axis=1)
        assert chosen.sum() == 1
        table.loc[chosen, list(values)] = list(values.values())
        write_rows(self.folder / path, table)

    def hide(self, cell: Row, path: str = "estimates.csv") -> None:
        numbers = dict.fromkeys(
            (
                "n",
                "population",
                "estimate",
                "ci_low",
                "ci_high",
                "interval",
                *points.WHOLE.values(),
            ),
            "",
        )
        status = {"shown": "c", "status": "suppress_disclosure", "reason": "confidential"}
        self.change(cell, path, **numbers, **status)

    def show(self, cell: Row, n: str, population: str, share: str, shown: str) -> None:
        numbers = {"n": n, "population": population, "estimate": share, "shown": shown}
        numbers |= dict.fromkeys(points.WHOLE.values(), "")
        self.change(cell, **numbers, status="present", reason="")

    def append(self, path: str, row: Row) -> None:
        table = self.read().table(path)
        write_rows(self.folder / path, pd.concat([table, pd.DataFrame([row])]).fillna(""))


@pytest.fixture
def planted(small: Checkout, tmp_path: Path) -> Planted:
    return Planted(small, tmp_path / "public")


@pytest.fixture(scope="module")
def published(small: Checkout) -> Published:
    return Published.read(small.folder / "results" / "public", small.folder / CODEBOOK)


def test_the_folder_may_be_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "public" / "comparison").mkdir(parents=True)
    (tmp_path / "public" / "comparison" / "ranks.csv").write_text("rank\n1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (path,) = Published(Path("public"), {}).tables()
    assert path == "comparison/ranks.csv"


def named(row: Row) -> Row:
    return {name: row[name] for name in CELL}


def path_of(row: Row) -> str:
    return "/".join(row[name] for name in CELL)


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(points.linked_intervals, marks=pytest.mark.slow),
        points.exact_splits,
        points.follow_ups,
        points.bounds_by_size,
        points.empty_levels,
        points.derived_numbers,
        points.figures,
        points.refusals,
        points.forbidden_texts,
        points.questions,
        points.respondents,
        points.workbooks,
        points.explorers,
        points.explained,
    ],
    ids=lambda check: check.__name__,
)
def test_a_finished_study_tells_nothing(
    published: Published, check: Callable[[Published], list[str]]
) -> None:
    assert check(published) == []


def test_the_mini_study_tells_nothing(mini: Checkout) -> None:
    study = Published.read(mini.folder / RESULTS / "public", mini.folder / "mini/indicators.yaml")
    assert not {name: faults for name, faults in points.of_one(study).items() if faults}
    raw = pd.read_csv(mini.folder / "mini" / "N.csv", dtype=str)
    marked = [CANARY, *raw.loc[[3, 333, 433], ["w", "q3"]].to_numpy().ravel()]
    assert points.canaries(study, marked) == []


@pytest.mark.slow
def test_two_releases_tell_nothing_together(mini_copy: Checkout, tmp_path: Path) -> None:
    study = ReleasingStudy(mini_copy, tmp_path / "safe" / "key")
    accepted = study.release("accept", "2026-1")
    assert accepted.returncode == 0, accepted.stderr
    shutil.copytree(study.public, tmp_path / "first")
    study.follow(after="2026-1")
    study.delete("N", range(40, 41))
    study.delete("S", PSUS)
    done = study.run("tables")
    assert done.returncode == 0, done.stderr
    codebook = mini_copy.folder / "mini" / "indicators.yaml"
    before, after = (Published.read(each, codebook) for each in (tmp_path / "first", study.public))
    assert not before.cells["n"].equals(after.cells["n"])
    assert not [fault for faults in points.of_two(before, after).values() for fault in faults]


@pytest.mark.slow
def test_no_child_is_told_through_a_new_name(mini_copy: Checkout, tmp_path: Path) -> None:
    study = ReleasingStudy(mini_copy, tmp_path / "safe" / "key")
    accepted = study.release("accept", "2026-1")
    assert accepted.returncode == 0, accepted.stderr
    shutil.copytree(study.public, tmp_path / "first")
    study.delete("N", range(40, 41))
    codebook = mini_copy.folder / "mini" / "indicators.yaml"
    mini_copy.edit("mini/indicators.yaml", "  - {id: daily, module", "  - {id: each_day, module")
    study.follow(after="2026-1")
    unsaid = study.run()
    assert unsaid.returncode == 1
    assert "indicator 'each_day': most of its answers are those of 'daily' of" in unsaid.stderr
    study.follow(after="2026-1", moved='{daily: {to: each_day, why: "the form says so"}}')
    done = study.run("tables", f"{RESULTS}/public/addresses-moved.csv")
    assert done.returncode == 0, done.stderr
    before, after = (Published.read(each, codebook) for each in (tmp_path / "first", study.public))
    assert not [fault for faults in points.of_two(before, after).values() for fault in faults]
    was, now = (
        each.table("estimates.csv").query("country == 'N' and indicator == @name")
        for each, name in ((before, "daily"), (after, "each_day"))
    )
    assert was["n"].tolist() == now["n"].tolist()
    assert was["estimate"].tolist() == now["estimate"].tolist()
    # Gaps, bounds and the model of all countries rest on the same children.
    for name, number in (
        ("gaps", "difference"),
        ("bounds", "lower"),
        ("adjusted_countries", "ratio"),
    ):
        old, new = (
            each.table(f"comparison/{name}.csv").query("indicator == @called and country == 'N'")
            for each, called in ((before, "daily"), (after, "each_day"))
        )
        assert len(old)
        assert new[number].tolist() == old[number].tolist(), name


def test_point_18_a_number_under_a_new_name(published: Published) -> None:
    cells = published.cells[published.cells["country"] == "KEN"]
    later = cells.assign(
        indicator=cells["indicator"].replace("told_nobody", "told_no_one"), n=cells["n"] - 1
    )
    before, after = (_of(published, table) for table in (cells, later))
    assert points.renamed(before, before) == []
    assert points.renamed(before, after) == [
        "KEN/told_no_one: it is told_nobody of the release before"
    ]


def test_point_18_one_child_of_a_group_among_many_who_left(published: Published) -> None:
    """Twelve children less in the country: eleven girls and one boy, who is told by the boys."""
    cells = published.cells[published.cells["country"] == "KEN"]
    cells = cells[cells["domain"].isin(["total", "sex"])]
    fewer = cells["level"].map({"all": 12, "girl": 11, "boy": 1})
    names = cells["indicator"].replace("told_nobody", "told_no_one")
    before = _of(published, cells)
    after = _of(published, cells.assign(indicator=names, n=cells["n"] - fewer))
    assert points.renamed(before, after) == [
        "KEN/told_no_one: it is told_nobody of the release before"
    ]
    many = _of(published, cells.assign(indicator=names, n=cells["n"] - fewer.clip(lower=10)))
    assert points.renamed(before, many) == []


def test_intervals_are_those_of_arithmetic(tmp_path: Path) -> None:
    """1,000 children, of whom 10.0 per cent said yes; 500 boys, of whom 10 per cent did."""
    names = ("q", "whole")
    codebook = {
        "items": [{"id": name, "type": "yes_no"} for name in names],
        "domains": [{"id": "total"}, {"id": "sex"}],
        "indicators": [
            {"id": name, "numerator": [{"item": name, "among": ["yes"]}]} for name in names
        ],
    }
    folder = tmp_path / "countries" / "AAA"
    folder.mkdir(parents=True)
    (folder / "quality.json").write_text('{"imputed": []}')
    (tmp_path / "manifest.json").write_text('{"configuration": {}}')
    (tmp_path / "estimates.csv").write_text(
        "country,indicator,domain,level,n,population,estimate,shown,status\n"
        "AAA,q,total,all,1000,1000000,0.1,10.0,present\n"
        "AAA,q,sex,boy,500,500000,0.1,10,present\n"
        "AAA,q,sex,girl,,,,c,suppress_disclosure\n"
        "AAA,whole,total,all,1000,1000000,0.5,50.0,present\n"
        "AAA,whole,sex,boy,500,500000,0.5,50,present\n"
        "AAA,whole,sex,girl,500,500000,0.5,50,present\n"
    )
    study = Published(tmp_path, codebook)
    (girls,) = intervals(study, study.cells, 20).values()
    # 99.5 to 100.5 less 47.5 to 52.5, with half a child for populations in hundreds.
    assert (girls.low, girls.high) == pytest.approx((47.0, 53.0), abs=0.2)
    assert girls.width > 4
    assert points.linked_intervals(study) == []


def all_hidden(planted: Planted) -> tuple[Row, Row]:
    """Return a composite and one of its parts, confidential in a group where each part is.

    A printed part would contradict a small composite. Another level of the composite is printed:
    by its number of answers two releases are taken for the same.
    """
    hidden = planted.rows(lambda row: row["status"] == "suppress_disclosure")
    printed = planted.rows(lambda row: row["indicator"] == LINKED[0] and row["n"] != "")
    cells = [named(row) for row in hidden]
    tables = {(row["country"], row["domain"]) for row in printed}
    for part in (cell for cell in cells if cell["indicator"] == LINKED[1]):
        linked = [part | {"indicator": name} for name in LINKED]
        if all(cell in cells for cell in linked) and (part["country"], part["domain"]) in tables:
            return linked[0], part
    pytest.fail("no composite is confidential beside all of its parts")


def test_point_1_a_composite_that_says_too_much_of_its_part(planted: Planted) -> None:
    whole, part = all_hidden(planted)
    study = planted.read()
    mine = study.cells["indicator"].isin(LINKED) & (study.cells["country"] == part["country"])
    assert points.linked_intervals(study, study.cells[mine]) == []
    planted.show(whole, "100", str(_population(study, whole, 100)), "0.01", "1")
    found = points.linked_intervals(planted.read(), planted.read().cells[mine])
    assert any(text.startswith(f"{path_of(part)}:") for text in found)


def _population(study: Published, cell: Row, n: int) -> int:
    """Return how many children of a country stand for ``n``, in hundreds."""
    own = study.cells[(study.cells["country"] == cell["country"]) & study.cells["n"].notna()]
    return round(n * own["population"].sum() / own["n"].sum() / 100) * 100


def test_point_2_the_other_half_of_what_is_shown(planted: Planted) -> None:
    cell = planted.rows(lambda row: row["indicator"] == "offender_unknown")[0]
    planted.hide(named(cell))
    found = points.exact_splits(planted.read())
    assert f"{path_of(cell)}: 100 less offender_known" in found


@pytest.mark.parametrize(("left", "told"), [(3, True), (40, False)])
def test_point_2_a_small_rest_of_numbers_that_are_shown(
    planted: Planted, left: int, told: bool
) -> None:
    rows = planted.rows(
        lambda row: row["indicator"] == "uses_social_media" and row["country"] == "KEN"
    )
    cell, *others = [row for row in rows if row["domain"] == "region"]
    whole = next(row for row in rows if row["domain"] == "total")
    yes = sum(int(row["n"]) * float(row["estimate"]) for row in others)
    planted.change(named(whole), estimate=f"{(yes + left) / int(whole['n']):.5f}")
    planted.hide(named(cell))
    found = points.exact_splits(planted.read())
    assert (f"{path_of(cell)}: the only one hidden in its sum" in found) == told


def test_point_2_a_star_beside_its_shown_half(planted: Planted) -> None:
    cell = planted.rows(lambda row: row["indicator"] == "offender_unknown")[0]
    planted.hide(named(cell))
    planted.change(named(cell), shown="*", status="suppress_reliability")
    assert points.exact_splits(planted.read()) == [f"{path_of(cell)}: 100 less offender_known"]


def test_point_3_the_number_asked_on(planted: Planted) -> None:
    asked = planted.rows(lambda row: row["indicator"] == "told_nobody" and row["n"] != "")[1]
    planted.hide(named(asked) | {"indicator": "any_tf_csea"})
    found = points.follow_ups(planted.read())
    assert f"{path_of(asked)}: n tells any_tf_csea" in found


@pytest.mark.parametrize(
    ("sign", "said"), [("< 5", "too fine for 100"), ("< 7", "none of the bounds")]
)
def test_point_4_a_bound_that_its_n_does_not_allow(planted: Planted, sign: str, said: str) -> None:
    cell = planted.rows(lambda row: row["shown"] == "c" and row["indicator"] == "told_friend")[0]
    columns = planted.read().table("estimates.csv").columns
    ends = {"bound_low": "0.0", "bound_high": f"{float(sign[2:]) / 100:g}"}
    planted.change(
        named(cell), shown=sign, n="100", **{k: v for k, v in ends.items() if k in columns}
    )
    found = points.bounds_by_size(planted.read())
    assert [text for text in found if text.startswith(path_of(cell)) and said in text]


def test_point_5_a_level_that_is_there_and_not_there(planted: Planted) -> None:
    table = planted.read().table("estimates.csv")
    gone = table[(table["domain"] == "region") & (table["country"] == "KEN")].iloc[0]
    write_rows(planted.folder / "estimates.csv", table.drop(gone.name))
    gap = planted.rows(lambda row: row["country"] == "KHM", "comparison/gaps.csv")[0]
    ghost = gap | {"domain": "region", "level_a": "region_6", "level_b": "region_1"}
    planted.append("comparison/gaps.csv", ghost)
    assert points.empty_levels(planted.read()) == [
        f"KEN/{gone['indicator']}/region: no row of {gone['level']}",
        "comparison/gaps.csv: KHM has no region region_6",
    ]


def test_point_6_a_gap_of_a_hidden_group(planted: Planted) -> None:
    gap = planted.rows(lambda row: True, "comparison/gaps.csv")[0]
    cell = {name: gap[name] for name in CELL[:3]} | {"level": gap["level_b"]}
    planted.hide(cell)
    found = points.derived_numbers(planted.read())
    assert f"comparison/gaps.csv: made of {path_of(cell)}" in found


CENTRE = re.compile(r'cx="([0-9.]+)"')


@pytest.mark.parametrize("name", ["module-clear_examples", "last-time", "sex-age"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda dot: "", "dots for"),
        (lambda dot: 2 * dot, "dots for"),
        (lambda dot: CENTRE.sub(lambda x: f'cx="{float(x[1]) + 9}"', dot), "another place"),
    ],
    ids=["lacks", "twice", "elsewhere"],
)
def test_point_7_dots_that_are_not_the_numbers(
    planted: Planted, spoil: Callable[[str], str], said: str, name: str
) -> None:
    picture = planted.folder / "figures" / "KEN" / "en" / f"{name}-phone.svg"
    drawing = picture.read_text(encoding="utf-8")
    dot = re.findall(r'<circle [^>]* data-n="[^>]*/>', drawing)[0]
    picture.write_text(drawing.replace(dot, spoil(dot)), encoding="utf-8")
    (found,) = points.figures(planted.read())
    assert f"{name}-phone.svg: " in found
    assert said in found


def test_point_7_dots_without_a_scale(planted: Planted) -> None:
    picture = planted.folder / "figures" / "KEN" / "en" / "module-clear_examples-phone.svg"
    drawing = picture.read_text(encoding="utf-8")
    picture.write_text(drawing.replace('<g class="tick">', "<g>"), encoding="utf-8")
    with pytest.raises(ValueError, match="a dot without a scale"):
        points.figures(planted.read())


def test_point_8_a_number_of_answers_that_moved_a_little(
    planted: Planted, published: Published
) -> None:
    assert points.small_changes(published, planted.read()) == []
    cell = planted.rows(lambda row: row["n"] != "")[5]
    planted.change(named(cell), n=str(int(cell["n"]) - 3))
    assert points.small_changes(published, planted.read()) == [
        f"{path_of(cell)}: n differs by fewer than 10"
    ]


def test_point_9_a_release_shows_what_the_next_one_hides(
    planted: Planted, published: Published
) -> None:
    whole, part = all_hidden(planted)
    ours = published.cells["indicator"].isin(LINKED)
    ours &= published.cells["country"] == part["country"]
    planted.show(whole, "100", str(_population(published, whole, 100)), "0.01", "1")
    before, after = planted.read(), published
    alone = _of(after, after.cells[ours])
    assert points.both_releases(alone, alone) == []
    found = points.both_releases(_of(before, before.cells[ours]), alone)
    assert any(text.startswith(f"{path_of(part)}:") for text in found)


def _of(study: Published, cells: pd.DataFrame) -> Published:
    """Return a study of which only these cells are looked at."""
    part = Published(study.folder, study.codebook)
    part.__dict__["cells"] = cells.reset_index(drop=True)
    return part


def test_point_10_two_children_who_did_not_answer(planted: Planted) -> None:
    group = {"country": "KEN", "domain": "sex", "level": "girl"}
    same = planted.rows(lambda row: row.items() >= group.items() and row["n"] != "")
    base = max(int(row["n"]) for row in same if row["indicator"] != "told_nobody")
    cell = next(named(row) for row in same if row["indicator"] == "sexual_comments")
    planted.change(cell, n=str(base - 2))
    found = points.refusals(planted.read())
    assert any(text.startswith(f"{path_of(cell)}:") for text in found)


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("index.html", "<p>/home/somebody/study</p>", "a path"),
        ("index.html", "<p>made at 14:03:07</p>", "a time"),
        ("figures/KEN/languages.json", '["largest_weight", 3]', "a weight"),
        ("countries/KEN/quality.json", '{"child_id": 4}', "a name of a row"),
        ("index.html", hashlib.sha256(b"raw").hexdigest(), "the hash of a file"),
    ],
)
def test_point_11_texts_that_no_file_may_have(
    planted: Planted, path: str, text: str, said: str
) -> None:
    planted.keep("estimates.csv", "manifest.json", path)
    file = planted.folder / path
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    assert [found for found in points.forbidden_texts(planted.read()) if said in found]


def test_point_11_a_long_number_and_the_hash_of_a_raw_file(planted: Planted) -> None:
    planted.keep("estimates.csv", "comparison", "manifest.json")
    gap = planted.rows(lambda row: True, "comparison/gaps.csv")[0]
    key = {name: gap[name] for name in ("country", "indicator", "domain", "level_a", "level_b")}
    planted.change(key, "comparison/gaps.csv", difference="0.041287")
    manifest = planted.folder / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    raw = content["restricted_inputs"][0]
    content["inputs"][raw] = hashlib.sha256(b"raw").hexdigest()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    found = points.forbidden_texts(planted.read())
    assert "comparison/gaps.csv, difference: 0.041287 has five digits" in found
    assert f"manifest.json: the hash of {raw}" in found


@pytest.mark.parametrize("kind", ["csv", "html", "embedded", "svg"])
def test_point_12_a_mark_of_the_raw_file(tmp_path: Path, kind: str) -> None:
    study = Published(tmp_path, {})
    mark = f"{CANARY}-N0003"
    packed = base64.b64encode(f"<svg><desc>{mark}</desc></svg>".encode()).decode()
    text = {
        "csv": f"n\n{mark}\n",
        "html": f"<p><b>{mark[:4]}</b>{mark[4:]}</p>",
        "embedded": f'<img src="data:image/svg+xml;base64,{packed}">',
        "svg": f"<svg><title>{mark}</title></svg>",
    }[kind]
    (tmp_path / f"file.{'html' if kind == 'embedded' else kind}").write_text(text)
    assert points.canaries(study, [CANARY]) != []
    assert points.canaries(study, ["CANARY-0000"]) == []


def option(planted: Planted, **values: str) -> Row:
    """Return the keys of the first option of this kind."""
    for code in planted.read().cells["country"].unique():
        path = f"countries/{code}/questions.csv"
        rows = planted.rows(lambda row: values.items() <= row.items(), path)
        if rows:
            return {name: rows[0][name] for name in ("country", "question", "option")}
    pytest.fail("no such option is published")


def test_point_13_an_option_that_says_more_than_the_estimates(planted: Planted) -> None:
    shown, hidden = option(planted, status="present"), option(planted, status="suppress_disclosure")
    for key, values, said in (
        (shown, {"estimate": "0.123"}, "other numbers"),
        (hidden, {"ci_high": "0.2"}, "beside a hidden one"),
        (option(planted, option="other_answers"), {"n": "200"}, "no indicator counts"),
    ):
        planted.change(key, f"countries/{key['country']}/questions.csv", **values)
        place = f"{key['question']}, {key['option']}"
        assert any(place in found and said in found for found in points.questions(planted.read()))


def test_point_13_an_order_that_print_does_not_tell(planted: Planted) -> None:
    key = option(planted, shown="*", may_be_first="True")
    planted.change(key, f"countries/{key['country']}/questions.csv", may_be_first="False")
    (found,) = points.questions(planted.read())
    assert found.endswith(f"{key['option']}: not first, which print does not say")


def test_point_21_a_whole_per_cent_that_tells_more_than_its_share(planted: Planted) -> None:
    shown = planted.rows(lambda row: row["status"] == "present" and row["whole"] == "20")[0]
    hidden = planted.rows(lambda row: row["status"] == "suppress_disclosure")[0]
    for row, values in ((shown, {"whole": "22"}), (hidden, {"whole_low": "3"})):
        planted.change({name: row[name] for name in CELL}, **values)
    assert len(points.whole_per_cents(planted.read())) == 2


def test_point_1_counts_with_the_half_tenth_that_a_whole_per_cent_tells(planted: Planted) -> None:
    halves = planted.rows(lambda row: row["shown"].endswith(".5") and row["whole"])
    assert {limits_of(row)[1] - limits_of(row)[0] < 0.00051 for row in halves} == {True}
    row = halves[0]
    low, high = (limits_of(row | {"whole": whole}) for whole in _either_side(row))
    assert low[1] == pytest.approx(high[0]) == pytest.approx(float(row["estimate"]))


def _either_side(row: Row) -> tuple[str, str]:
    below = int(float(row["shown"]))
    return str(below), str(below + 1)


def test_point_14_pairs_that_tell_of_few(planted: Planted) -> None:
    code = planted.read().cells["country"].iloc[0]
    path = f"countries/{code}/dyads.csv"
    table = planted.read().table(path)
    key = {"measure": "caregiver_if_child"}
    assert table["estimate"].str.len().all()
    planted.change(key, path, n="905")
    assert "not in tens" in points.respondents(planted.read())[0]
    write_rows(planted.folder / path, table.assign(n="120"))
    assert any("of 120 say yes" in found for found in points.respondents(planted.read()))
    row = table.iloc[0].to_dict() | {"measure": "both"}
    write_rows(planted.folder / path, pd.concat([table, pd.DataFrame([row])]))
    assert "more measures than three" in points.respondents(planted.read())[0]


def test_point_15_a_workbook_that_says_more_than_the_tables(planted: Planted) -> None:
    planted.keep(*TABLES_OF_A_COUNTRY, "databooks/KEN/en")
    shown, *_ = planted.rows(lambda row: row["estimate"] != "" and row["country"] == "KEN")
    planted.hide(named(shown))
    (fault,) = points.workbooks(planted.read())
    assert fault == f"databooks/KEN/en/databook.xlsx: {'/'.join(path_of(shown).split('/')[1:])}: " \
        "not what the table says"  # fmt: skip


def test_point_15_cells_that_nobody_sees_at_first(planted: Planted) -> None:
    planted.keep(*TABLES_OF_A_COUNTRY, "databooks/KEN/en")
    path = planted.folder / "databooks" / "KEN" / "en" / "databook.xlsx"
    book = load_workbook(path)
    # The first sheet of estimates, behind notes, main numbers and the list of indicators.
    sheet = book.worksheets[5]
    sheet.sheet_state = "hidden"
    sheet["A1"].comment = Comment("seven of them", "somebody")
    sheet["R5"] = 7
    book.save(path)
    found = points.workbooks(planted.read())
    assert [text for text in found if "is hidden" in text]
    assert [text for text in found if "a comment" in text]
    assert [text for text in found if "7 stands" in text or "not what the table says" in text]


def test_point_15_a_sheet_of_a_table_that_is_not_public(planted: Planted) -> None:
    planted.keep("estimates.csv", "comparison", "evidence", "explorer", "databooks/all/en")
    assert points.workbooks(planted.read()) == []
    (planted.folder / "comparison" / "denominators.csv").unlink()
    (fault,) = points.workbooks(planted.read())
    assert re.fullmatch(r"databooks/all/en/.* sheets of \d+ public tables", fault)


def test_point_16_an_explorer_that_says_more_than_the_tables(planted: Planted) -> None:
    shown, *_ = planted.rows(
        lambda row: row["estimate"] != "" and (row["country"], row["domain"]) == ("KEN", "total")
    )
    planted.hide(named(shown))
    found = points.explorers(planted.read())
    pages = sorted((planted.folder / "explorer").glob("*.html"))
    # Once in the data, and once in a table for readers without a script.
    assert len(found) == 2 * len(pages) >= 4
    name, indicator = f"explorer/{pages[0].name}", shown["indicator"]
    assert found[0] == f"{name}, KEN/{indicator}: a table has a number"
    assert found[1].startswith(f"{name}, estimates: KEN {indicator} ")


def test_point_17_a_page_that_explains_what_the_table_hides(planted: Planted) -> None:
    shown, *_ = planted.rows(lambda row: row["estimate"] != "" and row["country"] == "KEN")
    planted.hide(named(shown), "countries/KEN/estimates.csv")
    (found,) = points.explained(planted.read())
    assert found == f"explained/KEN.html, {shown['indicator']}: more than the word"


def test_point_17_a_number_that_no_table_has(planted: Planted) -> None:
    page = planted.folder / "explained" / "KEN.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<td>uncertain (1)", "<td>uncertain (1) 37", 1), encoding="utf-8")
    (found,) = points.explained(planted.read())
    assert found.endswith(": 37 is none of its numbers")


def test_point_17_a_comparison_of_which_a_page_says_more_than_the_table(planted: Planted) -> None:
    page = planted.folder / "explained" / "compare" / "told_nobody.html"
    text = page.read_text(encoding="utf-8")
    row = re.search(r"<article class=row id=prevalence/.*?<tr><th>[^\n]+", text, re.DOTALL)
    page.write_text(text.replace(row[0], f"{row[0]} · n 7", 1), encoding="utf-8")
    (found,) = points.explained(planted.read())
    assert found.startswith("explained/compare/told_nobody.html, ")
    assert found.endswith("no row of the table has all of it")


def test_the_attack_is_a_command(mini: Checkout) -> None:
    public, codebook = mini.folder / RESULTS / "public", mini.folder / "mini" / "indicators.yaml"
    command = [sys.executable, str(Path(__file__).parent), str(public), "--codebook", str(codebook)]
    done = subprocess.run(
        [*command, "--before", str(public)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 both releases: nothing" in done.stdout
    assert "19 counts behind print: nothing" in done.stdout
    assert "20 bounds behind print: nothing" in done.stdout
    assert "21 whole per cents: nothing" in done.stdout
    assert len(done.stdout.splitlines()) == 20


def test_the_attack_imports_nothing_of_the_workflow() -> None:
    for path in Path(__file__).parent.glob("*.py"):
        assert "disrupting" + "_harm" not in path.read_text(encoding="utf-8")
