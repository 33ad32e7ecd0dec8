"""On a telephone each figure of every kind of page is whole and can be read."""

import re
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from checkout import Checkout
from selenium import webdriver

LEAST = 12.0  # pixels of CSS, of a letter
UNITS = 500  # of a drawn letter
PAGES = (
    "index.html",
    "comparison.html",
    "km/index.html",
    "km/comparison.html",
    "countries/KEN.html",
    "km/countries/KHM.html",
    "reports/KEN/en/report.html",
    "reports/KHM/km/report.html",
    "regional/en/report.html",
    "briefs/KEN/en/brief.html",
    "briefs/all/en/brief.html",
    "briefs/all/km/brief.html",
)
# Pictures of the page that are figures, once they are there: file, place and width.
FIGURES = """
const pictures = [...document.querySelectorAll('img')].filter(i => i.src.includes('figures/'));
for (const one of pictures) one.loading = 'eager';
await Promise.all(pictures.map(one => one.decode()));
return pictures.map(one => {
  const box = one.getBoundingClientRect();
  return [one.currentSrc, box.left, box.right];
});
"""
ROOM = "const page = document.documentElement; return [page.scrollWidth, page.clientWidth];"


def least_letter(drawing: str) -> float:
    """Return the size of the smallest letters, written or drawn, in parts of the width."""
    (width,) = re.findall(r'viewBox="0 0 ([\d.]+) ', drawing)
    written = [float(size) for size in re.findall(r'font-size="([\d.]+)"', drawing)]
    drawn = [UNITS * float(size) for size in re.findall(r"scale\(([\d.]+)\)", drawing)]
    return min(written + drawn) / float(width)


@pytest.mark.parametrize("page", PAGES)
def test_no_figure_is_cut_and_its_letters_are_large_enough(
    phone: webdriver.Chrome, small: Checkout, page: str
) -> None:
    path = small.folder / "results" / "public" / page
    phone.get(path.as_uri())
    found = phone.execute_script(f"return (async () => {{{FIGURES}}})()")
    page_width, room = phone.execute_script(ROOM)
    assert found
    assert page_width <= room  # less than the window where a bar to scroll takes some of it
    for source, left, right in found:
        drawing = Path(unquote(urlparse(source).path))
        name = drawing.relative_to(small.folder)
        # A hundred dots have no letters, and are drawn once.
        if drawing.stem == "dots":
            continue
        assert drawing.stem.endswith("-phone"), name
        assert 0 <= left < right <= room, name
        size = (right - left) * least_letter(drawing.read_text(encoding="utf-8"))
        assert size >= LEAST, f"{name}: letters of {size:.1f} pixels"
