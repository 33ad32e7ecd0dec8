"""The page of diagnostics shows what the raw file of a country and its tables say."""

import csv
import json
import os
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from repository import PROJECT, python_path
from simulated_study import children, small, study

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.imports import imported_files
from disrupting_harm.report.diagnostics import page
from disrupting_harm.report.diagnostics.digit_preference import count_whole_numbers
from disrupting_harm.report.diagnostics.missing_answers import share_missing_answers
from disrupting_harm.report.diagnostics.page import draw_diagnostics_page
from disrupting_harm.simulation.study import simulate_study
from disrupting_harm.stages import diagnostics as stage
from disrupting_harm.stages.diagnostics import draw_diagnostics
from disrupting_harm.stages.estimate import estimate_country
from disrupting_harm.stages.prepare import prepare
from disrupting_harm.stages.weight import weight_country

COUNTRY = "KEN"
MARGINS = ("sex", "area")
# Codes of config/mapping.yaml.
INTERVIEWED = {"1", "2"}
OUTCOMES = {"3": "refusal", "4": "no contact", "5": "other"}
MISSING, REFUSED = {"88", "99", "-9"}, "99"
POINTS = 7.4


@dataclass(frozen=True)
class Drawn:
    """A page, the raw rows behind it and the arguments of the stage."""

    figure: Figure
    rows: list[dict[str, str]]
    files: dict[str, str]
    fieldwork: list[dict[str, str]]

    def panel(self, title: str) -> Axes:
        (axes,) = (axes for axes in self.figure.axes if axes.get_label() == title)
        return axes


def make(folder: Path, interviewers: bool) -> Drawn:
    """Run the stages from a raw file to its page, and catch the page."""
    made = simulate_study(
        COUNTRY, small(), study().codebook, study().mappings[COUNTRY], children(COUNTRY), 1.0,
        MARGINS, 3,
    )  # fmt: skip
    raw = made.sample
    mapping = study().mappings[COUNTRY].model_dump(mode="json")
    if interviewers:
        # Who was not met has no interviewer.
        teams = [f"Team {number % 4}" for number in range(len(raw))]
        raw["who"] = np.where(raw["result"].astype(str) == "4", "", teams)
        mapping["interviewer"] = "who"
        # Days and lengths; of some interviews none is known.
        raw["day"] = [f"2019-05-{1 + number % 3:02}" for number in range(len(raw))]
        raw["minutes"] = [["40", "44", "", "9"][number % 4] for number in range(len(raw))]
        mapping |= {"interview_day": "day", "interview_minutes": "minutes"}
    raw.to_csv(folder / "raw.csv", index=False)
    made.margins.to_csv(folder / "margins.csv", index=False)
    definitions = study().codebook.model_dump(mode="json")
    prepare(
        country=COUNTRY, raw=str(folder / "raw.csv"), margins=str(folder / "margins.csv"),
        margin_names=MARGINS, mapping=mapping, codebook=definitions, simulated=True,
        source="selection", lonely_psu="centre", calibrated_errors=False, folder=str(folder),
    )  # fmt: skip
    weighting = study().config.weighting.model_dump(mode="json")
    weighting |= {"margins": MARGINS, "trimming": None}
    weighting["nonresponse"] |= {"classes": ("area",)}
    weight_country(
        sample=str(folder / "sample.parquet"), margins=str(folder / "margins.csv"),
        weighting=weighting, key_indicators=[],
        weights_output=str(folder / "weights.parquet"),
        margins_output=str(folder / "weighted.csv"),
        **{
            f"{name}_output": str(folder / f"{name}.out")
            for name in ("units", "diagnostics", "steps", "collapses")
        },
    )  # fmt: skip
    estimate_country(
        country=COUNTRY, sample=str(folder / "sample.parquet"),
        indicators=str(folder / "indicators.parquet"), parts=str(folder / "parts.parquet"),
        weights=str(folder / "weights.parquet"), item_answers=str(folder / "item_answers.csv"),
        codebook=definitions,
        estimation=study().config.estimation.model_dump(mode="json") | {"lonely_psu": "centre"},
        margins=MARGINS, reliability="nchs2017", simulated=True,
        output=str(folder / "estimates.parquet"),
    )  # fmt: skip
    names = ("sample", "answers", "weights", "estimates")
    files = {name: str(folder / f"{name}.parquet") for name in names}
    files |= {"margins": str(folder / "weighted.csv")}
    caught: list[Figure] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "render_pdf", lambda figure: caught.append(figure) or b"")
        draw(files, folder / "caught.pdf")
    rows, fieldwork = (
        list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))
        for name in ("raw.csv", "caught.csv")
    )
    return Drawn(caught[0], rows, files, fieldwork)


def draw(files: dict[str, str], output: Path) -> None:
    row = {"country": COUNTRY, "name": None}
    fieldwork = str(output.with_suffix(".csv"))
    draw_diagnostics(
        country=COUNTRY, row=row, **files, page_output=str(output), fieldwork_output=fieldwork
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return make(tmp_path_factory.mktemp("diagnostics"), interviewers=True)


@pytest.fixture(scope="module")
def without_interviewers(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return make(tmp_path_factory.mktemp("plain"), interviewers=False)


def bars_by_row(axes: Axes) -> dict[str, dict[str, float]]:
    """The length of each part of each bar, by the words on the axis and in the legend."""
    names = [label.get_text() for label in axes.get_yticklabels()]
    legend = axes.get_legend()
    words = {
        handle.get_facecolor(): text.get_text()
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)
    }
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    for bar in axes.patches:
        middle = bar.get_y() + bar.get_height() / 2
        if bar.get_width() > 0:
            parts[names[round(middle)]][words[bar.get_facecolor()]] = bar.get_width()
    return parts


def test_bars_of_strata_are_the_outcomes_of_the_raw_file(drawn: Drawn) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in drawn.rows:
        counts[row["stratum"]][row["result"]] += 1
    expected = {
        stratum: {
            word: 100 * found[code] / found.total()
            for code, word in OUTCOMES.items()
            if found[code]
        }
        for stratum, found in counts.items()
    }
    bars = bars_by_row(drawn.panel("Drawn and not interviewed, by stratum"))
    assert bars == {stratum: pytest.approx(parts) for stratum, parts in expected.items() if parts}
    # The worst stratum stands first.
    sums = [sum(parts.values()) for parts in bars.values()]
    order = list(bars)
    axes = drawn.panel("Drawn and not interviewed, by stratum")
    labels = [text.get_text() for text in axes.get_yticklabels()]
    by_label = dict(zip(order, sums, strict=True))
    lengths = [by_label.get(label, 0.0) for label in labels]
    assert lengths == sorted(lengths, reverse=True)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_primary_units_are_counted_by_their_response_rates(drawn: Drawn) -> None:
    units: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in drawn.rows:
        units[row["stratum"], row["psu"]].append(row["result"] in INTERVIEWED)
    rates = [100 * sum(found) / len(found) for found in units.values()]
    expected = Counter(min(int(rate // 10), 9) for rate in rates)
    bars = drawn.panel("Response rates of primary units").patches
    assert {round(bar.get_x()) // 10: bar.get_height() for bar in bars if bar.get_height()} == (
        expected
    )


def test_ages_are_counted_and_round_ones_marked(drawn: Drawn) -> None:
    ages = Counter(row["r2"] for row in drawn.rows if row["result"] in INTERVIEWED)
    bars = drawn.panel("Digit preference: age").patches
    heights = {
        round(bar.get_x() + bar.get_width() / 2): bar.get_height()
        for bar in bars
        if bar.get_height()
    }
    assert heights == {int(age): count for age, count in ages.items()}
    colours = {
        round(bar.get_x() + bar.get_width() / 2): bar.get_facecolor()
        for bar in bars
        if bar.get_height()
    }
    assert [age for age in colours if colours[age] != colours[12]] == [15]


def test_answers_that_are_missing_are_those_of_the_raw_file(drawn: Drawn) -> None:
    """In the question with the most of them, and in one that all children were asked."""
    interviewed = [row for row in drawn.rows if row["result"] in INTERVIEWED]
    columns = {
        item: variable.column
        for item, variable in study().mappings[COUNTRY].variables.items()
        if variable.column
    }
    bars = bars_by_row(drawn.panel("Questions with the most answers missing"))
    words = {"88": "does not know", "99": "prefers not to say", "-9": "lost"}
    shares = {}
    for item, column in columns.items():
        cells = Counter(row[column] for row in interviewed if row[column])
        if cells.total() >= 50:
            shares[item] = {
                word: 100 * cells[code] / cells.total()
                for code, word in words.items()
                if cells[code]
            }
    assert len(bars) == 14
    assert bars == {item: pytest.approx(shares[item]) for item in bars}
    least = min(sum(parts.values()) for parts in bars.values())
    others = [sum(parts.values()) for item, parts in shares.items() if item not in bars]
    assert max(others) <= least


@pytest.mark.parametrize(("by", "column"), [("interviewer", "who"), ("interview_day", "day")])
def test_fieldwork_is_tabulated_as_the_raw_file_has_it(drawn: Drawn, by: str, column: str) -> None:
    interviewed = [row for row in drawn.rows if row["result"] in INTERVIEWED]
    columns = [variable.column for variable in study().mappings[COUNTRY].variables.values()]
    middle = statistics.median(float(row["minutes"]) for row in interviewed if row["minutes"])
    rows_by_value = defaultdict(list)
    for row in interviewed:
        rows_by_value[row[column]].append(row)
    rows_by_value.pop("", None)
    tabulated = {row["of"]: row for row in drawn.fieldwork if row["by"] == by}
    assert set(tabulated) == set(rows_by_value) != set()
    for value, rows in rows_by_value.items():
        lengths = [float(row["minutes"]) for row in rows if row["minutes"]]
        printed = tabulated[value]
        assert float(printed["interviews"]) == len(rows)
        cells = [row[name] for row in rows for name in columns if row[name]]
        for share, codes in (("missing_percent", MISSING), ("refused_percent", {REFUSED})):
            expected = 100 * sum(cell in codes for cell in cells) / len(cells)
            assert float(printed[share]) == pytest.approx(expected, abs=0.00501)
        assert float(printed["minutes_median"] or "nan") == pytest.approx(
            statistics.median(lengths) if lengths else float("nan"), nan_ok=True
        )
        assert float(printed["short_interviews"]) == sum(length < middle / 2 for length in lengths)
    missing = [float(row["missing_percent"]) for row in drawn.fieldwork if row["by"] == by]
    assert missing == sorted(missing, reverse=True)


def test_a_file_without_these_columns_has_a_table_without_rows(
    without_interviewers: Drawn,
) -> None:
    assert without_interviewers.fieldwork == []


def test_interviewers_have_a_dot_each(drawn: Drawn, without_interviewers: Drawn) -> None:
    columns = [variable.column for variable in study().mappings[COUNTRY].variables.values()]
    missing, asked, interviews = Counter(), Counter(), Counter()
    for row in drawn.rows:
        if row["result"] in INTERVIEWED:
            cells = [row[column] for column in columns if row[column]]
            asked[row["who"]] += len(cells)
            missing[row["who"]] += sum(cell in MISSING for cell in cells)
            interviews[row["who"]] += 1
    axes = drawn.panel("Interviewers and missing answers")
    dots = axes.collections[0].get_offsets().tolist()
    expected = [[interviews[who], 100 * missing[who] / asked[who]] for who in sorted(interviews)]
    assert dots == [pytest.approx(dot) for dot in expected]
    (line,) = axes.lines
    average = 100 * missing.total() / asked.total()
    assert line.get_ydata() == pytest.approx([average, average])
    highest = sorted(interviews, key=lambda who: -missing[who] / asked[who])[:3]
    assert [text.get_text() for text in axes.texts] == highest
    titles = [axes.get_label() for axes in without_interviewers.figure.axes]
    assert "Interviewers and missing answers" not in titles
    assert any("say: interviewers" in text for text in texts(without_interviewers.figure))
    assert not any("does not say" in text for text in texts(drawn.figure))


def test_weights_and_their_design_effects_are_those_of_the_stage(drawn: Drawn) -> None:
    weights = pd.read_parquet(drawn.files["weights"])
    axes = drawn.panel("Weights before and after adjustment")
    diagnostics = json.loads(Path(drawn.files["weights"]).with_name("diagnostics.out").read_text())
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == [
        f"{name}: design effect {diagnostics['weights'][name]['deff']:.2f}"
        for name in ("before", "after")
    ]
    relative = [
        (weights[column] / statistics.fmean(weights[column])).tolist()
        for column in ("base_weight", "weight")
    ]
    end = max(1.5, *map(max, relative))
    for outline, found in zip(axes.collections, relative, strict=True):
        children_of_class = Counter(min(int(weight / end * 40), 39) for weight in found)
        assert children_of_class.total() == len(weights)
        (path,) = outline.get_paths()
        for number in range(40):
            middle, height = (number + 0.5) * end / 40, children_of_class[number]
            assert not path.contains_point((middle, height + 0.5))
            assert height == 0 or path.contains_point((middle, height - 0.5))


def test_margins_stand_where_their_totals_are(drawn: Drawn) -> None:
    with Path(drawn.files["margins"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    axes = drawn.panel("Margins before and after adjustment")
    (dots,) = axes.collections
    expected = [
        100 * float(row[stage]) / float(row["target"])
        for stage in ("before", "after")
        for row in rows
    ]
    assert dots.get_offsets()[:, 0].tolist() == pytest.approx(expected)
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == [f"{row['margin']}: {row['category']}" for row in rows]


def test_each_estimate_of_30_children_has_a_stroke_at_its_design_effect(drawn: Drawn) -> None:
    estimates = pd.read_parquet(drawn.files["estimates"])
    by_domain: dict[str, list[float]] = defaultdict(list)
    for row in estimates.itertuples():
        if row.n >= 30 and row.deff == row.deff:
            by_domain[row.domain].append(row.deff)
    axes = drawn.panel("Design effects of estimates, by domain")
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == list(by_domain)
    *strokes, medians = axes.collections
    for stroke, domain in zip(strokes, labels, strict=True):
        assert sorted(stroke.get_offsets()[:, 0]) == pytest.approx(sorted(by_domain[domain]))
    assert medians.get_offsets()[:, 0].tolist() == pytest.approx(
        [statistics.median(by_domain[domain]) for domain in labels]
    )


def texts(figure: Figure) -> list[str]:
    """The head of the page, and titles and hints of its pictures."""
    return [text.get_text() for text in figure.texts]


def printed_texts(figure: Figure) -> dict[Text, tuple[float, float, float, float]]:
    """Every text that is printed, names of ticks included, and its box in points."""
    printed: dict[Text, tuple[float, float, float, float]] = {}
    figure.dpi = 72
    with page.house_style(), pytest.MonkeyPatch.context() as patch:
        canvas = FigureCanvasAgg(figure)
        renderer = canvas.get_renderer()

        def record(*_: object, mtext: Text, **_options: object) -> None:
            printed[mtext] = mtext.get_window_extent(renderer).extents

        patch.setattr(RendererAgg, "draw_text", record)
        canvas.draw()
    return printed


def test_texts_can_be_read_and_none_covers_another_or_leaves_the_page(drawn: Drawn) -> None:
    printed = printed_texts(drawn.figure)
    width, height = 72 * drawn.figure.get_size_inches()
    assert len(printed) > 100
    for text, (left, bottom, right, top) in printed.items():
        assert text.get_fontsize() >= POINTS, text
        assert min(left, bottom, width - right, height - top) >= 0, text
    # Lines of letters may touch; what is beside each other may not.
    for (first, a), (second, b) in combinations(printed.items(), 2):
        across = min(a[2], b[2]) - max(a[0], b[0])
        up = min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0.5 or up <= 3, (first, second)


def test_simulated_data_are_marked_and_others_are_not(drawn: Drawn) -> None:
    assert "Simulated data." in texts(drawn.figure)
    tables = page.DiagnosticTables(
        *(pd.read_parquet(drawn.files[name]) for name in ("sample", "answers", "weights")),
        pd.read_csv(drawn.files["margins"]),
        pd.read_parquet(drawn.files["estimates"]),
    )
    observed = draw_diagnostics_page("Kenya (KEN)", tables, simulated=False)
    assert set(texts(drawn.figure)) - set(texts(observed)) == {"Simulated data."}


def test_no_child_is_named(drawn: Drawn) -> None:
    ids = {row["child"] for row in drawn.rows}
    printed = [text.get_text() for text in printed_texts(drawn.figure)]
    assert printed
    assert not [text for text in printed if any(name in text for name in ids)]


def test_the_page_has_the_same_bytes_everywhere(drawn: Drawn, tmp_path: Path) -> None:
    draw(drawn.files, tmp_path / "here.pdf")
    command = (
        "import json, sys\n"
        "from disrupting_harm.stages.diagnostics import draw_diagnostics\n"
        "draw_diagnostics(**json.loads(sys.argv[1]))\n"
    )
    arguments = {
        "country": COUNTRY, "row": {"country": COUNTRY, "name": None}, **drawn.files,
        "page_output": str(tmp_path / "there.pdf"),
        "fieldwork_output": str(tmp_path / "there.csv"),
    }  # fmt: skip
    elsewhere = {
        "PYTHONHASHSEED": "7", "LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Bangkok",
        "SOURCE_DATE_EPOCH": "1", "PYTHONPATH": python_path(PROJECT),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", command, json.dumps(arguments)],
        env={**os.environ, **elsewhere},
        check=True,
        cwd=tmp_path,
    )
    assert (tmp_path / "here.pdf").read_bytes() == (tmp_path / "there.pdf").read_bytes()


def test_a_file_without_outcomes_or_numbers_has_the_other_pictures(drawn: Drawn) -> None:
    sample = pd.read_parquet(drawn.files["sample"])
    answers = pd.read_parquet(drawn.files["answers"])
    numbers = [name for name in answers if f"{name}__status" in answers]
    tables = page.DiagnosticTables(
        sample.drop(columns=["disposition", "interviewer"]),
        answers.drop(columns=[*numbers, *(f"{name}__status" for name in numbers)]),
        pd.read_parquet(drawn.files["weights"]),
        pd.read_csv(drawn.files["margins"]).head(0),
        pd.read_parquet(drawn.files["estimates"]),
    )
    figure = draw_diagnostics_page("Kenya (KEN)", tables, simulated=True)
    assert [axes.get_label() for axes in figure.axes] == [
        "Weights before and after adjustment",
        "Design effects of estimates, by domain",
        "Questions with the most answers missing",
    ]
    complete = replace(tables, answers=tables.answers[["child_id", "sex"]])
    assert [
        axes.get_label() for axes in draw_diagnostics_page("Kenya", complete, simulated=True).axes
    ] == [
        "Weights before and after adjustment",
        "Design effects of estimates, by domain",
    ]
    (head,) = (text for text in texts(figure) if "does not say" in text)
    assert head.endswith("does not say: outcomes of contacts, interviewers.")


def test_numbers_that_spread_are_counted_by_their_last_digit() -> None:
    minutes = pd.Series([0, 10, 20, 30, 45, 45, 61, 7.5, np.nan])
    counts = count_whole_numbers(minutes).set_index("last digit")
    assert counts["answers"].tolist() == [4, 1, 0, 0, 0, 2, 0, 0, 0, 0]
    assert counts.index[counts["is_round"]].tolist() == [0, 5]
    few = count_whole_numbers(pd.Series([12.0, 12, 15]))
    assert few[["number", "answers"]].to_numpy().tolist() == [[12, 2], [13, 0], [14, 0], [15, 1]]
    assert count_whole_numbers(pd.Series([2.5, np.nan])).empty


def test_missing_answers_are_a_share_of_those_who_were_asked() -> None:
    answers = pd.DataFrame(
        {
            "child_id": [str(number) for number in range(200)],
            "of_all": ["yes"] * 190 + ["dont_know"] * 10,
            "of_some": ["yes"] * 45 + ["lost"] * 15 + ["not_asked"] * 140,
            "of_few": ["lost"] * 49 + ["not_asked"] * 151,
            "complete": ["no"] * 200,
            "age": [12.0] * 100 + [np.nan] * 100,
            "age__status": ["answered"] * 100 + ["prefer_not_to_say"] * 4 + ["not_asked"] * 96,
        }
    )
    shares = share_missing_answers(answers)
    assert list(shares["question"].unique()) == ["of_some", "of_all", "age"]
    found = {(row.question, row.kind): row.percent for row in shares.itertuples() if row.percent}
    assert found == {
        ("of_some", "lost"): 25.0,
        ("of_all", "does not know"): 5.0,
        ("age", "prefers not to say"): pytest.approx(100 * 4 / 104),
    }


def test_a_missing_table_is_named(drawn: Drawn, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"absent\.parquet.*no such file"):
        draw({**drawn.files, "answers": str(tmp_path / "absent.parquet")}, tmp_path / "out.pdf")


def test_an_edit_of_a_picture_draws_anew_and_weighs_nothing_again() -> None:
    source = PROJECT / "src"
    stages = source / "disrupting_harm/stages"
    room = set((source / "disrupting_harm/report/diagnostics").glob("*.py"))
    assert room <= imported_files(stages / "diagnostics.py", source)
    users = [path.stem for path in stages.glob("*.py") if room & imported_files(path, source)]
    assert users == ["diagnostics"]
