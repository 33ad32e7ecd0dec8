"""Figures across countries as a whole."""

import json

import pandas as pd
import pytest
from compared_study import compare
from comparison_frames import AFRICA, ASIA, prevalence, tables
from figure_study import CODEBOOK, setting

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.comparison import TABLES_OF
from disrupting_harm.report.figures.comparison.draw_comparison import (
    DRAWN_TABLES,
    draw_comparison,
    read_drawn_tables,
)
from disrupting_harm.report.language.translator import PLAIN, Translator

NAMES = {"KEN": "Kenya", "ETH": "Ethiopia", "VNM": "Viet Nam", "KHM": "Cambodia"}
REGIONS = {"KEN": AFRICA, "ETH": AFRICA, "VNM": ASIA, "KHM": ASIA}
SHOWN = {"KEN": "9.0", "ETH": "30.0", "VNM": "< 5", "KHM": "12.0"}
KINDS = [
    "comparison", "ranks", "silence", "gaps", "gaps", "pooled", "bounds", "denominators",
]  # fmt: skip
LISTS = {f"figures-{kind}.json" for kind in TABLES_OF}


def draw(folder, made, regions=None, simulated=True, translator=None):
    regions = REGIONS if regions is None else regions
    about = setting("by country", translator, simulated)
    return draw_comparison(made, NAMES, regions, CODEBOOK, about, folder)


def test_every_kind_is_drawn_with_its_files_and_listed(tmp_path):
    records = draw(tmp_path, tables("clear", SHOWN, REGIONS))
    assert [record.kind for record in records] == KINDS
    index = [
        entry
        for kind in TABLES_OF
        for entry in json.loads((tmp_path / f"figures-{kind}.json").read_text(encoding="utf-8"))
    ]
    assert [entry["id"] for entry in index] == [record.id for record in records]
    assert [entry["id"] for entry in index if entry["kind"] == "gaps"] == [
        "gaps-clear-sex",
        "gaps-clear-area",
    ]
    listed = {
        name for entry in index for name in (*entry["files"], entry["phone"], entry["csv"]) if name
    }
    assert len(listed) == 3 * len(KINDS)
    assert {path.name for path in tmp_path.iterdir()} == listed | LISTS
    for entry in index:
        assert all(entry[key] for key in ("title", "caption", "alt"))
        assert "Simulated data." in entry["alt"]
        data = pd.read_csv(tmp_path / entry["csv"])
        assert set(data["data_kind"]) == {"simulated"}
        assert list(data)[:4] == ["panel", "section", "row", "slot"]


def test_only_headline_proportions_that_are_compared_have_figures(tmp_path):
    made = {"prevalence": pd.concat([prevalence(name, SHOWN) for name in ("plays", "learns")])}
    assert {record.indicator for record in draw(tmp_path, made)} == {"learns"}


def test_without_a_headline_proportion_the_lists_are_empty(tmp_path):
    assert draw(tmp_path, {"prevalence": prevalence("plays", SHOWN)}) == []
    assert {path.name for path in tmp_path.iterdir()} == LISTS
    assert all(json.loads((tmp_path / name).read_text(encoding="utf-8")) == [] for name in LISTS)


def test_a_table_that_the_study_lacks_leaves_the_reason(tmp_path):
    records = draw(tmp_path, {"prevalence": prevalence("clear", SHOWN)})
    absent = {record.id: record.absent for record in records if record.absent}
    assert set(absent) == {f"{k}-clear" for k in KINDS if k != "comparison"}
    assert set(absent.values()) == {
        "The comparison has no numbers of this kind for this indicator."
    }
    assert [record.id for record in records if record.files] == ["comparison-clear"]


@pytest.mark.slow
def test_the_same_bytes_whatever_the_order_of_the_rows(tmp_path):
    made = tables("clear", SHOWN | {"VNM": "15.5"}, REGIONS, {"KEN": "another question"})
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in made.items()}
    draw(tmp_path / "a", made)
    draw(tmp_path / "b", turned)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 3 * len(KINDS) + len(LISTS)
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.parametrize("simulated", [True, False])
def test_every_figure_is_marked_when_the_data_are_simulated(tmp_path, simulated):
    records = draw(tmp_path, tables("clear", SHOWN, REGIONS), simulated=simulated)
    assert len(records) == len(KINDS)
    for record in records:
        svg = (tmp_path / record.files[0]).read_text(encoding="utf-8")
        assert ("<!-- Simulated data. -->" in svg) is simulated
        assert ("imulated" in record.alt + record.caption) is simulated


def test_a_number_in_a_hidden_cell_stops_everything(tmp_path):
    made = tables("clear", SHOWN, REGIONS)
    made["prevalence"].loc[made["prevalence"]["country"] == "VNM", "ci_high"] = 0.04
    with pytest.raises(StudyError, match="VNM, clear: a hidden cell carries a number"):
        draw(tmp_path, made)


def test_nothing_published_in_any_country_leaves_reasons_alone(tmp_path):
    records = draw(tmp_path, tables("clear", dict.fromkeys(NAMES, "c"), REGIONS))
    assert all(record.absent and not record.files for record in records)
    assert records[0].absent == "No estimate of this figure can be published."
    assert {path.name for path in tmp_path.iterdir()} == LISTS


def test_published_but_incomparable_estimates_are_not_said_to_be_withheld(tmp_path):
    made = tables("clear", {"KEN": "9.0"}, REGIONS, {"KEN": "another question"})
    assert draw(tmp_path, made)[0].absent == "No published estimate can be compared."


def test_one_country_has_its_own_figures_but_no_order_and_no_pool(tmp_path):
    records = draw(tmp_path, tables("clear", {"KEN": "9.0"}, REGIONS))
    assert {r.kind: r.absent for r in records if r.absent} == {
        "ranks": "An order needs two comparable countries or more.",
        "silence": "An order needs two comparable countries or more.",
        "pooled": "Pooling needs two comparable countries or more.",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "shown",
    [
        {"KEN": "9.0", "VNM": "30.0"},
        dict.fromkeys(NAMES, "15.0"),
        dict.fromkeys(NAMES, "0.0"),
        {"KEN": "100.0", "ETH": "99.0", "VNM": "97.5"},
    ],
)
@pytest.mark.parametrize("regions", [REGIONS, {}])
def test_two_countries_equal_ones_and_none_or_all_saying_yes_are_drawn(tmp_path, shown, regions):
    records = draw(tmp_path, tables("clear", shown, regions), regions)
    assert not [record.absent for record in records if record.absent]
    assert all((tmp_path / record.files[0]).stat().st_size for record in records)


def test_the_words_come_from_the_catalogue(tmp_path):
    message = "Ranks that {count} countries may have by the share of {population}"
    german = Translator("de", {message: "Ränge von {count}"}, PLAIN)
    made = tables("clear", SHOWN, REGIONS)
    draw(tmp_path, made, translator=german)
    assert "<!-- Ränge von 3 -->" in (tmp_path / "ranks-clear.svg").read_text("utf-8")


@pytest.mark.slow
def test_each_kind_is_drawn_the_same_from_its_own_tables_alone(tmp_path):
    made = tables("clear", SHOWN, REGIONS)
    assert set(made) >= DRAWN_TABLES
    together = draw(tmp_path / "together", made)
    about = setting("by country")
    for kind, names in TABLES_OF.items():
        own = {name: made[name] for name in names}
        records = draw_comparison(
            own, NAMES, REGIONS, CODEBOOK, about, tmp_path / kind, kinds=[kind]
        )
        assert records == [record for record in together if record.kind == kind]
        assert records
        for path in (tmp_path / kind).iterdir():
            assert path.read_bytes() == (tmp_path / "together" / path.name).read_bytes()


def test_tables_come_from_their_files(tmp_path):
    folder = compare(tmp_path).tables
    found = read_drawn_tables(sorted(folder.glob("*.csv")))
    assert set(found) == set(DRAWN_TABLES)
    assert found["rank_sets"]["rank_low"].dtype == float
    assert found["gap_pairs"]["clear"].dtype == bool
    columns = (folder / "rank_sets.csv").read_text(encoding="utf-8")
    (folder / "rank_sets.csv").write_text(columns.replace("rank_low", "rank"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"rank_sets.csv, column 'rank"):
        read_drawn_tables([folder / "rank_sets.csv"])
