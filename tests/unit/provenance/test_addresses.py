"""Addresses of numbers: how they are made, carried and found again."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.provenance.addresses import add_addresses, address_of, number_of
from disrupting_harm.provenance.explain.copied_address import read_copied_address
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.row_addresses import (
    address_cells,
    address_of_row,
    addresses_of_rows,
)

CELL = {"country": "KEN", "indicator": "told_nobody", "domain": "total", "level": "all"}


@pytest.mark.parametrize(
    ("table", "row", "compared", "expected"),
    [
        ("estimates", CELL, False, "KEN/told_nobody"),
        ("estimates", CELL | {"domain": "sex_age", "level": "boy|12-13"}, False,
         "KEN/told_nobody/sex_age:boy+12-13"),
        ("estimates", CELL | {"domain": "use", "level": "once a week: or more"}, False,
         "KEN/told_nobody/use:once_a_week_or_more"),
        ("cybertips", {"country": "KEN", "year": "2024", "class": "referral"}, False,
         "KEN/cybertips/2024/referral"),
        ("transparency",
         {"platform": "A/B", "year": "2021", "metric": "pieces", "scope": "", "source_id": "s"},
         False, "all/transparency/A_B/2021/pieces/_/s"),
        ("pairwise", {"indicator": "x", "country_a": "KEN", "country_b": "UGA"}, True,
         "compare/pairwise/x/KEN/UGA"),
    ],
)  # fmt: skip
def test_an_address_is_the_key_of_a_row(
    table: str, row: dict[str, str], compared: bool, expected: str
) -> None:
    assert address_of_row(table, row, compared=compared) == expected


def test_no_sign_of_markdown_or_of_a_shortcode_is_in_an_address() -> None:
    row = CELL | {"domain": "a=b", "level": "|[]{}\"'`*<>&$#@~^ \\x/\u1780"}
    assert address_of_row("estimates", row) == "KEN/told_nobody/a_b:+_x_\u1780"


def test_rows_of_one_key_are_told_apart() -> None:
    row = {"country": "KEN", "area": "policy"}
    assert list(addresses_of_rows("policy_areas", [row, row])) == [
        "KEN/policy_areas/policy",
        "KEN/policy_areas/policy+2",
    ]


def test_an_indicator_may_not_have_the_name_of_a_table() -> None:
    with pytest.raises(StudyError, match="a public table has this name"):
        address_of_row("estimates", CELL | {"indicator": "policy"})


def test_numbers_of_a_row_carry_their_address_and_lose_it_in_arithmetic() -> None:
    row = address_cells("estimates", [CELL | {"estimate": "0.25", "status": "present"}])[0]
    assert row == CELL | {"estimate": "0.25", "status": "present"}
    assert address_of(row["estimate"]) == "KEN/told_nobody/estimate"
    assert address_of(row["status"]) == ""
    number = number_of(row["estimate"])
    assert (number, address_of(number)) == (0.25, "KEN/told_nobody/estimate")
    assert address_of(100 * number) == ""
    assert address_of(number_of("0.25")) == ""


def test_numbers_of_a_file_of_facts_carry_their_path() -> None:
    facts = {"psus": 100, "simulated": True, "margins": [{"margin": "sex", "category": "a|b",
             "share": 0.5}], "waves": [3]}  # fmt: skip
    carried = add_addresses(facts, "KEN/quality")
    assert carried == facts
    assert address_of(carried["psus"]) == "KEN/quality/psus"
    assert address_of(carried["simulated"]) == ""
    assert address_of(carried["margins"][0]["share"]) == "KEN/quality/margins/sex:a+b/share"
    assert address_of(carried["waves"][0]) == "KEN/quality/waves/1"


@pytest.fixture
def published(tmp_path: Path) -> PublishedFiles:
    folder = tmp_path / "countries" / "KEN"
    folder.mkdir(parents=True)
    (folder / "estimates.csv").write_text(
        "country,indicator,domain,level,estimate,reason\n"
        'KEN,told_nobody,total,all,0.25,"two\nlines"\n'
        "KEN,told_nobody,sex,girl,0.2,\n",
        encoding="utf-8",
    )
    margin = {"margin": "sex", "category": "girl", "after_share": 0.5}
    facts = {"psus": 100, "strata": 10, "weights": {"cv": 0.4}, "margins": [margin]}
    write_json(folder / "quality.json", facts)
    write_json(tmp_path / "manifest.json", {"configuration": {"seed": 7}})
    return PublishedFiles(tmp_path, [{"country": "KEN", "children": 5}])


@pytest.mark.parametrize(
    ("address", "file", "line", "text"),
    [
        ("KEN/told_nobody/estimate", "countries/KEN/estimates.csv", 2, "0.25"),
        ("KEN/told_nobody/sex:girl/estimate", "countries/KEN/estimates.csv", 4, "0.2"),
        ("KEN/quality/psus", "countries/KEN/quality.json", 0, "100"),
        ("KEN/country/children", "", 0, "5"),
    ],
)
def test_an_address_leads_to_its_cell(
    published: PublishedFiles, address: str, file: str, line: int, text: str
) -> None:
    place = published.find_cell(address)
    assert (place.file, place.line, place.text) == (file, line, text)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("KEN/told_nobod/estimate", "Did you mean KEN/told_nobody/estimate"),
        ("KEN/told_nobody/se", "Columns of countries/KEN/estimates.csv are"),
        ("KEN/quality/psu", "Did you mean KEN/quality/psus"),
        ("KEN/country/height", "countries file"),
        ("KEN/told_nobody/estimates", r"Did you mean KEN/told_nobody/estimate\?$"),
        ("KEN/told_nobody", "of a row, .* e.g. KEN/told_nobody/estimate; these are country, "),
        ("UGA/told_nobody/estimate", "These results have no countries/UGA/estimates.csv"),
        ("KEN", "an area, a name and a column"),
        ("KEN/told_nobod", "Did you mean KEN/told_nobody or"),
        ("ken/told_nobody/n", "no countries/ken/estimates.csv; begin with a country"),
    ],
)
def test_what_leads_nowhere_is_refused_with_what_is_near(
    published: PublishedFiles, address: str, found: str
) -> None:
    with pytest.raises(StudyError, match=found):
        published.find_cell(address)


@pytest.mark.parametrize(
    ("copied", "address"),
    [
        ("KEN/told_nobody", "KEN/told_nobody/estimate"),
        ("KEN/told_nobody/n", "KEN/told_nobody/n"),
        (
            "https://a.org/b/explained/KEN.html#told_nobody/sex:girl",
            "KEN/told_nobody/sex:girl/estimate",
        ),
        ("../explained/KEN.html#told_nobody/sex%3Agirl", "KEN/told_nobody/sex:girl/estimate"),
        ("explained/KEN.html#quality/weights", "KEN/quality/weights/cv"),
        (
            "explained/KEN.html#quality/margins/sex:girl",
            "KEN/quality/margins/sex:girl/after_share",
        ),
        ("explained/KEN.html#quality", "KEN/quality/psus"),
        ("KEN/told_nobody/sex=girl", "KEN/told_nobody/sex:girl/estimate"),
        ("KEN/told_nobody/sex_age:girl|12-13", "KEN/told_nobody/sex_age:girl+12-13"),
        ("KEN/quality/strata", "KEN/quality/strata"),
        ("sum(KEN/quality/psus,UGA/quality/psus)", "sum(KEN/quality/psus,UGA/quality/psus)"),
        ("KEN/quality/weight", "KEN/quality/weight"),
        ("explained/evidence/KEN.html#x/y", "KEN/x/y"),
        ("explained/compare/told_nobody.html#gaps/told_nobody/sex", "compare/gaps/told_nobody/sex"),
    ],
)
def test_what_a_reader_copies_is_an_address(
    published: PublishedFiles, copied: str, address: str
) -> None:
    assert read_copied_address(copied, published) == address


def test_a_link_of_a_page_is_of_no_number(published: PublishedFiles) -> None:
    with pytest.raises(StudyError, match="of a page, not of one number"):
        read_copied_address("explained/KEN.html", published)


def test_a_table_is_told_by_one_of_its_rows(published: PublishedFiles) -> None:
    folder = published.public / "evidence"
    folder.mkdir()
    text = "country,year,class,reports\nETH,2023,unsplit,4\nKEN,2023,unsplit,5\n"
    (folder / "cybertips.csv").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"a table; .* e\.g\. KEN/cybertips/2023/unsplit"):
        published.find_cell("KEN/cybertips")
    assert published.number_address("KEN/cybertips/2023/unsplit").endswith("/unsplit/reports")


def test_a_table_that_is_not_there_is_looked_for_once(
    published: PublishedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    path = PublishedFiles._existing_path

    def noted(self: PublishedFiles, file: str) -> Path:
        looked.append(file)
        return path(self, file)

    monkeypatch.setattr(PublishedFiles, "_existing_path", noted)
    rows = ("study/estimation/confidence", "study/estimation/replicates", "KEN/told_nobody")
    assert [published.has_row(where) for where in (*rows, *rows)] == [False, False, True] * 2
    assert looked == ["countries/study/estimates.csv", "countries/KEN/estimates.csv"]
