"""Every figure as Chromium draws it: what is printed can be read, and marks stand at their numbers.

The numbers are those of the table of marks beside the figure; the scale is what the labels below
its guides say.
"""

from pathlib import Path

import pytest
from checkout import Checkout
from drawn_figures import find_mark_faults, find_text_faults, measure_figures
from selenium import webdriver


def list_figures(study: Checkout) -> list[Path]:
    return sorted((study.folder / "results" / "public").glob("**/figures/**/*.svg"))


@pytest.mark.parametrize(("study", "english"), [("small", True), ("other_languages", False)])
def test_texts_and_marks_of_every_figure(
    browser: webdriver.Chrome, request: pytest.FixtureRequest, study: str, english: bool
) -> None:
    """Of the other languages those figures that are not in English, which the first study has."""
    checkout: Checkout = request.getfixturevalue(study)
    paths = [path for path in list_figures(checkout) if english or "en" not in path.parts]
    assert len(paths) > 100
    faults = [
        f"{figure.path.relative_to(checkout.folder)}: {fault}"
        for figure in measure_figures(browser, paths)
        for fault in (*find_text_faults(figure), *find_mark_faults(figure))
    ]
    assert not faults


@pytest.mark.parametrize(
    ("written", "instead", "expected"),
    [
        ('cx="', 'cx="1', "is not drawn at its place"),
        (" data-n=", " data-m=", "has no mark"),
        ('font-size="9.1"', 'font-size="7"', "has letters of 7.0 points"),
        ('<text x="1', '<text x="300', "leaves the page"),
        (' y="1', ' y="2', "lie over each other"),
    ],
)
def test_the_judge_sees_a_figure_that_was_spoilt(
    browser: webdriver.Chrome, small: Checkout, tmp_path: Path,
    written: str, instead: str, expected: str,
) -> None:  # fmt: skip
    figures = small.folder / "results/public/figures/KEN/en"
    for name in ("module-followups-phone.svg", "module-followups.csv"):
        text = (figures / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(written, instead), encoding="utf-8")
    (figure,) = measure_figures(browser, [tmp_path / "module-followups-phone.svg"])
    faults = [*find_text_faults(figure), *find_mark_faults(figure)]
    assert any(expected in fault for fault in faults)
