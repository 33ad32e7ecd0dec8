"""Reports tell every clear difference between groups, and none that is not clear."""

import shutil
from pathlib import Path

import pytest
from checkout import Checkout
from clear_gaps import ClearGaps, read_rows

COUNTRIES = ("KEN", "KHM")


@pytest.fixture(scope="module")
def gaps(small: Checkout) -> ClearGaps:
    return ClearGaps(small.folder / "results" / "public", small.folder / "config")


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_report_tells_each_clear_difference_with_both_shares(
    gaps: ClearGaps, country: str
) -> None:
    expected = gaps.list_cells_of_country(country)
    assert expected
    assert gaps.read_cells_of_country(country) == expected


def test_the_regional_report_counts_and_names_where_they_are_clear(gaps: ClearGaps) -> None:
    expected = gaps.list_rows_of_region()
    assert expected
    assert gaps.read_rows_of_region() == expected


def test_the_wider_indicator_has_its_clear_differences_in_sentences(gaps: ClearGaps) -> None:
    rows = read_rows(gaps.public / "comparison" / "gaps.csv")
    for row in rows:
        is_told = row["clear"] == "True" and row["indicator"] == "any_tf_csea"
        if is_told and (row["level_a"], row["level_b"]) in {("16-17", "12-13"), ("girl", "boy")}:
            page = gaps.public / "reports" / row["country"] / "en" / "report.html"
            words = "Counting unwanted requests and images too, clearly"
            assert words in page.read_text(encoding="utf-8"), row


@pytest.mark.parametrize(("old", "new"), [(",True,", ",False,"), (",False,", ",True,")])
def test_the_judge_finds_a_difference_too_many_or_too_few(
    small: Checkout, tmp_path: Path, old: str, new: str
) -> None:
    public = small.folder / "results" / "public"
    copy = tmp_path / "public"
    for file in ("comparison/gaps.csv", "estimates.csv", "regional/en/report.html",
                 *(f"reports/{country}/en/report.html" for country in COUNTRIES)):  # fmt: skip
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(public / file, copy / file)
    gaps = copy / "comparison" / "gaps.csv"
    lines = gaps.read_text(encoding="utf-8").splitlines(keepends=True)
    by_area = ("uses_daily,area,", "knows_where_to_get_help,area,")
    changed = next(
        number for number, line in enumerate(lines) if line.startswith(by_area) and old in line
    )
    lines[changed] = lines[changed].replace(old, new)
    gaps.write_text("".join(lines), encoding="utf-8")
    judge = ClearGaps(copy, small.folder / "config")
    country = lines[changed].split(",")[4]
    assert judge.read_cells_of_country(country) != judge.list_cells_of_country(country)
    assert judge.read_rows_of_region() != judge.list_rows_of_region()
