"""Tables for print say in four formats what the table of numbers says; other programs read them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docx import Document

from designbased import format_estimates, format_model, plot_estimates
from designbased.errors import InputError

LABELS = {"yes": "Said_yes", "sex": "Sex", "boy": "Boys", "girl": "Girls"}


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": ["yes", "yes", "yes", "hours"],
            "domain": ["sex", "sex", "place", "sex"],
            "level": ["boy", "girl", "a|b", "boy"],
            "n": [1195, 205, 0, 195],
            "n_yes": [240.0, 45.0, 0.0, np.nan],
            "estimate": [0.2051, 0.21951, np.nan, 2.14],
            "ci_low": [0.1468, 0.1477, np.nan, 1.94],
            "ci_high": [0.27410, 0.3063, np.nan, 2.345],
        }
    )


EXPECTED = [
    ["Sex: Boys", "1,195", "20.5%", "14.7 to 27.4"],
    ["Sex: Girls", "205", "22.0%", "14.8 to 30.6"],
    ["place: a|b", "0", "–", "–"],
    ["Sex: Boys", "195", "2.1", "1.9 to 2.3"],
]
GROUPS = ["Said_yes", "hours"]


class Cells(HTMLParser):
    """The texts of the rows of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data.strip()


def check_rows(rows: list[list[str]]) -> None:
    own = {"n", "", "---:"}
    assert [row for row in rows if len(row) == 4 and row[1] not in own] == EXPECTED
    below = [row[0] for row in rows if row and row[0] in GROUPS]
    assert below == GROUPS


def test_html_is_read_by_a_parser(table: pd.DataFrame) -> None:
    printed = format_estimates(table, LABELS, title="Answers & more", notes=("A source.",))
    reader = Cells()
    reader.feed(printed.html())
    check_rows(reader.rows)
    assert "Answers &amp; more" in printed.html()
    assert "A source." in printed.html()


def test_word_is_read_by_python_docx(table: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "table.docx"
    format_estimates(table, LABELS, title="Answers", notes=("A source.",)).write(path)
    document = Document(str(path))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    # A merged cell is read once for each column.
    check_rows([row[:1] if row[0] in GROUPS else row for row in rows])
    assert [p.text for p in document.paragraphs] == ["Answers", "A source."]
    assert "tblHeader" in document.tables[0].rows[0]._tr.xml


def test_markdown_and_latex_hold_the_same_rows(table: pd.DataFrame, tmp_path: Path) -> None:
    printed = format_estimates(table, LABELS)
    for suffix in (".md", ".tex"):
        printed.write(tmp_path / f"table{suffix}")
    lines = (tmp_path / "table.md").read_text(encoding="utf-8").splitlines()
    rows = [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    plain = [[re.sub(r"\\(.)", r"\1", c).replace("**", "") for c in row] for row in rows]
    check_rows(plain)
    latex = (tmp_path / "table.tex").read_text(encoding="utf-8")
    assert r"Sex: Girls & 205 & 22.0\% & 14.8 to 30.6 \\" in latex
    assert r"Said\_yes" in latex


def test_a_model_has_p_values_and_no_groups() -> None:
    terms = ["sex[T.girl]", "h", "rare"]
    table = pd.DataFrame(
        {"term": terms, "estimate": [1.094581, 1.0267, np.nan], "ci_low": [0.66, 0.8416, np.nan],
         "ci_high": [1.8148, 1.2523, np.nan], "p_value": [0.7186, 0.00004, np.nan]}
    )  # fmt: skip
    reader = Cells()
    reader.feed(format_model(table, {"sex[T.girl]": "Girls"}).html())
    assert [row for row in reader.rows if len(row) == 4][-3:] == [
        ["Girls", "1.09", "0.66 to 1.81", "0.719"],
        ["h", "1.03", "0.84 to 1.25", "<0.001"],
        ["rare", "–", "–", "–"],
    ]


def test_what_does_not_fit_is_refused(table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column 'ci_high': missing in the table to print"):
        format_estimates(table.drop(columns="ci_high"))
    with pytest.raises(InputError, match=r"ends in '.pdf'"):
        format_estimates(table).write(tmp_path / "table.pdf")
    with pytest.raises(InputError, match="2 indicators"):
        plot_estimates(table)


def test_a_plot_has_dots_and_intervals_where_the_numbers_are(table: pd.DataFrame) -> None:
    own = table[table["indicator"] == "yes"]
    axes = plot_estimates(own, LABELS)
    (dots,) = axes.get_lines()
    np.testing.assert_allclose(dots.get_xdata(), 100 * own["estimate"])
    segments = [segment for segment in axes.collections[0].get_segments() if len(segment)]
    ends = np.array([segment[:, 0] for segment in segments[:2]])
    np.testing.assert_allclose(ends, 100 * own[["ci_low", "ci_high"]].to_numpy()[:2])
    assert [text.get_text() for text in axes.texts] == ["20.5%", "22.0%"]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["Sex: Boys", "Sex: Girls", "place: a|b"]
    low, high = axes.get_ylim()
    assert low > high
