"""The figure of a country's surveys: which estimates and changes it has, read from its files."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest
from figure_study import CODEBOOK, cell, setting, table

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.documents import find_mark_faults
from disrupting_harm.report.drawing.mark_addresses import find_mark_addresses
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.figures.survey_waves import draw_waves
from disrupting_harm.report.language.translator import ADDRESSED, build_english

YEARS = {1: "2012.4", 2: "2016.0", 3: "2024.9"}
NONE = "no clear change"


def change(before: int, after: int, difference: float, verdict: str, **more: str) -> dict[str, str]:
    return {
        "country": "KEN", "indicator": "clear", "domain": "total", "level": "all",
        "wave_from": str(before), "wave_to": str(after),
        "year_from": YEARS[before], "year_to": YEARS[after],
        "shown_from": "10.0", "shown_to": "15.0", "difference": str(difference),
        "ci_low": str(round(difference - 0.03, 3)), "ci_high": str(round(difference + 0.03, 3)),
        "change": verdict, "status": "present", "alpha_share": "0.25",
    } | more  # fmt: skip


BREAK = {"status": "break", "alpha_share": "0.0"}
STEPS = [
    change(1, 2, 0.051, "rose"),
    change(2, 3, -0.012, NONE),
    change(1, 3, 0.039, "rose"),
]


def survey(wave: int, shown: str, name: str = "clear") -> pd.DataFrame:
    code = "KEN" if wave == 3 else f"KEN-{wave}"
    return table([cell(name, shown=shown)]).assign(country=code, address=f"{code}/{name}")


def draw(
    folder: Path, changes: list[dict[str, str]], *shown: str
) -> tuple[FigureRecord, pd.DataFrame, str]:
    """Draw three surveys; return the entry of the figure, its table of marks and its SVG."""
    waves = [survey(wave, value) for wave, value in enumerate(shown, start=1)]
    context = setting("Kenya", build_english("countries", "children").with_markup(ADDRESSED))
    (record,) = draw_waves(pd.DataFrame(changes), waves, CODEBOOK, context, folder)
    drawing = (folder / "change.svg").read_text(encoding="utf-8") if record.files else ""
    marks = pd.read_csv(folder / "change.csv", keep_default_na=False) if record.csv else None
    return record, marks, drawing


def test_estimates_of_all_surveys_and_their_tested_changes_are_drawn(tmp_path: Path) -> None:
    record, marks, drawing = draw(tmp_path, STEPS, "10.0", "15.1", "13.9")
    assert marks[["row", "value", "low", "high", "look"]].astype(str).to_numpy().tolist() == [
        ["2012", "10.0", "8.0", "12.0", "plain"],
        ["2016", "15.1", "13.1", "17.1", "plain"],
        ["2024", "13.9", "11.9", "15.9", "plain"],
        ["2012–2016", "5.1", "2.1", "8.1", "clear change"],
        ["2016–2024", "-1.2", "-4.2", "1.8", "change"],
        ["2012–2024", "3.9", "0.9", "6.9", "clear change"],
    ]
    assert find_mark_addresses(drawing) == set(marks["address"])
    for name, rows in {
        **{f"KEN-{wave}/estimates": survey(wave, "10.0") for wave in (1, 2)},
        "KEN/estimates": survey(3, "10.0"),
        "KEN/changes": pd.DataFrame(STEPS),
    }.items():
        path = tmp_path / "countries" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.to_csv(path, index=False)
    assert find_mark_faults(asdict(record), tmp_path, PublishedFiles(tmp_path)) == []
    for sentence in (
        "2012 10% (8 to 12); 2016 15% (13 to 17)",
        "2012 to 2016 +5.1 points, rose; 2016 to 2024 −1.2 points, no clear change",
        "2012 to 2024 +3.9 points, rose.",
    ):
        assert sentence in record.alt.replace("\u00a0", " ")
    assert "Dashed line" not in record.alt
    assert 'class="break"' not in drawing


def test_a_break_is_drawn_and_told_and_nothing_is_joined_across_it(tmp_path: Path) -> None:
    rows = [STEPS[0], change(2, 3, 0, "", **BREAK), change(1, 3, 0, "", **BREAK)]
    record, marks, drawing = draw(tmp_path, rows, "10.0", "15.1", "13.9")
    assert list(marks["row"]) == ["2012", "2016", "2024", "2012–2016"]
    assert drawing.count('class="break"') == 1
    assert "Dashed line: what was asked, of whom or how is not the same" in record.alt


def test_a_hidden_estimate_has_its_sign_and_no_line(tmp_path: Path) -> None:
    rows = [
        change(1, 2, 0, "", status="hidden"),
        change(2, 3, 0, "", status="hidden"),
        STEPS[2],
    ]
    record, marks, drawing = draw(tmp_path, rows, "10.0", "c", "13.9")
    assert list(marks["row"]) == ["2012", "2016", "2024", "2012–2024"]
    assert list(marks["sign"]) == ["", "privacy", "", ""]
    assert "KEN-2/clear" in find_mark_addresses(drawing)
    assert "2016 not shown: privacy" in record.alt


def test_without_a_published_estimate_the_entry_says_why(tmp_path: Path) -> None:
    hidden = [change(1, 2, 0, "", status="hidden")]
    record, _, _ = draw(tmp_path, hidden, "c", "c")
    assert record.absent == "No estimate of this figure can be published."
    assert not record.files


def test_a_hidden_cell_with_a_number_is_refused(tmp_path: Path) -> None:
    wave = survey(1, "c").assign(estimate=0.1)
    with pytest.raises(StudyError, match="a hidden cell carries a number"):
        draw_waves(pd.DataFrame(STEPS[:1]), [wave], CODEBOOK, setting("Kenya"), tmp_path)
