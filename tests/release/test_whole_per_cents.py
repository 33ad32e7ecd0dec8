"""Whole per cents of a finished study are its exact shares, rounded once."""

import shutil
from pathlib import Path

import pytest
from checkout import Checkout
from whole_per_cents import IN_MARKDOWN, IN_PAGE, ExactShares, faults, whole

CODEBOOK = Path("config") / "indicators.yaml"


@pytest.mark.parametrize(
    ("share", "percent"), [(0.20476, 20), (0.205, 20), (0.215, 22), (0.0049, 0), (0.9951, 100)]
)
def test_rounding_is_that_of_decimals(share: float, percent: int) -> None:
    assert whole(share) == percent


def test_every_whole_per_cent_is_the_exact_share_rounded_once(small: Checkout) -> None:
    found, compared = faults(small.folder / "results", small.folder / CODEBOOK)
    assert not found, found[:20]
    least = {"tables": 5000, "briefs": 50, "reports": 200, "figures": 500, "countries": 10}
    assert all(compared[kind] >= number for kind, number in least.items()), compared


def test_a_number_rounded_from_tenths_is_found(small: Checkout, tmp_path: Path) -> None:
    """What a published tenth would be rounded to is put where the whole per cent was."""
    results = small.folder / "results"
    shares = ExactShares(results, small.folder / CODEBOOK)
    up = next(
        address
        for address, exact in shares.exact.items()
        if whole(exact["estimate"] if "estimate" in exact else exact["difference"]) >= 0
        and "estimate" in exact
        and address.count("/") == 1
        and int(round(exact["estimate"], 3) * 100 + 0.5) != whole(exact["estimate"])
    )
    wrong = str(whole(shares.exact[up]["estimate"]) + 1)
    assert shares.check(wrong, f"{up}/whole")
    assert shares.check(wrong, f"{up}/estimate")
    assert shares.check(str(whole(shares.exact[up]["estimate"])), f"{up}/whole") == ""
    spoilt = tmp_path / "results"
    shutil.copytree(results / "restricted" / "release", spoilt / "restricted" / "release")
    page = spoilt / "public" / "page.html"
    page.parent.mkdir()
    shutil.copy(results / "public" / "estimates.csv", page.parent)
    page.write_text(f'<span data-n="{up}/whole">{wrong}</span>', encoding="utf-8")
    assert len(faults(spoilt, small.folder / CODEBOOK)[0]) == 1


def test_numbers_are_read_as_documents_and_pages_write_them() -> None:
    assert IN_MARKDOWN.findall('a [\\<1]{n="KEN/a/whole"} b') == [("\\<1", "KEN/a/whole")]
    assert IN_PAGE.findall('<b data-n="KEN/a/whole" class="x">20</b>') == [("KEN/a/whole", "20")]
