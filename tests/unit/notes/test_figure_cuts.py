"""Figures for authors: every cut of a finished run, from its public tables alone."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from evidence_results import write_evidence
from PIL import Image
from rendered import paper_pages, without_spaces

from disrupting_harm.core.errors import StudyError
from disrupting_harm.notes.figure_cuts import draw_figure_cuts
from disrupting_harm.report.drawing.formats import AUTHORS
from disrupting_harm.report.drawing.widths import CUTS, MM_PER_POINT

ROOT = Path(__file__).parents[3]
# A study without a survey: its figures need no more than the tables of evidence.
TIPS = ROOT / "config" / "examples" / "cybertips" / "config.yaml"
SURVEY = ROOT / "config" / "config.yaml"


@pytest.fixture(autouse=True)
def _in_a_folder_with_results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tips = [{"year": year, "reports": year} for year in (2022, 2023)]
    write_evidence(tmp_path / "results" / "cybertips" / "public", {"cybertips": tips}, "KEN")


def test_every_cut_has_all_files_of_its_width_and_small_letters_stay_readable(tmp_path):
    made = draw_figure_cuts(TIPS, ["KEN"], tmp_path / "out")
    assert made == [tmp_path / "out" / "KEN" / cut.name for cut in CUTS]
    for cut, folder in zip(CUTS, made, strict=True):
        (entry,) = json.loads((folder / "en" / "figures.json").read_text(encoding="utf-8"))
        assert entry["cut"] == cut.name
        assert entry["files"] == [f"cybertips.{kind}" for kind in ("svg", *AUTHORS.formats)]
        assert entry["phone"] == ""
        assert all((folder / "en" / name).is_file() for name in (*entry["files"], entry["csv"]))
        svg = (folder / "en" / "cybertips.svg").read_text(encoding="utf-8")
        (width,) = re.findall(r'<svg [^>]*width="([\d.]+)pt"', svg)
        assert float(width) == pytest.approx(cut.width / MM_PER_POINT, abs=0.01)
        texts = re.findall(r"<text [^>]*>([^<]*)</text>", svg)
        # Two years of one series that rose; a narrow cut has the title in two lines.
        title = "2,023 CyberTip reports in 2023, against 2,022 in 2022"
        assert " ".join(texts).startswith(title)
        with Image.open(folder / "en" / "cybertips.png") as picture:
            assert picture.width == pytest.approx(cut.width / 25.4 * 300, abs=1)
        # Texts of the PDF can be marked: each of the SVG is in it.
        written = paper_pages(folder / "en" / "cybertips.pdf")[0]
        assert len(texts) > 5
        assert all(without_spaces(unescape(text)) in written for text in texts)
        assert min(cut.title, cut.subtitle, cut.text, cut.small) >= 6.6
        # On a telephone 360 CSS pixels wide letters have 11 of them or more.
        assert cut.name != "web" or cut.small * 96 / 72 >= 11


def test_a_country_that_the_study_has_not_is_refused(tmp_path):
    with pytest.raises(StudyError, match="the study has no country XYZ"):
        draw_figure_cuts(TIPS, ["XYZ"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_survey_that_was_not_run_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"KEN/estimates\.csv"):
        draw_figure_cuts(SURVEY, ["KEN"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
