"""Every cell of every public table has an address of its own, which leads back to it."""

import json
import re
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CONFIG as MINI
from published_copy import copy_of_texts, hidden_cell

from disrupting_harm.comparison import NEEDS, TABLES
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_rows
from disrupting_harm.evidence.tables import PUBLIC as EVIDENCE
from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, EVIDENCE_KEYS
from disrupting_harm.provenance.row_addresses import address_cells, addresses_of_rows
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts, list_documents
from disrupting_harm.report.checks.figure_numbers import list_figure_lists
from disrupting_harm.report.checks.run_checks import check_documents
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.schemas import read_resource_schema

FOLDERS = ("comparison", "countries/*", "evidence")


@pytest.fixture(scope="module")
def tables(public: Path) -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted(public.glob(f"{folder}/*.csv"))]
    assert {"pairwise.csv", "estimates.csv", "questions.csv", "cybertips.csv"} <= {
        path.name for path in found
    }
    return found


def test_every_public_table_has_a_key() -> None:
    assert set(COMPARISON_KEYS) == {*TABLES, NEEDS}
    assert all(
        set(key) <= set(public_contract(f"comparison/{name}").columns)
        for name, key in COMPARISON_KEYS.items()
    )
    assert set(EVIDENCE_KEYS) == set(EVIDENCE)


def test_every_cell_has_its_own_address_that_leads_back(public: Path, tables: list[Path]) -> None:
    published, seen = PublishedFiles(public), set()
    for path in tables:
        rows = read_rows(path)[1]
        for row, where in zip(
            rows,
            addresses_of_rows(path.stem, rows, compared=path.parent.name == "comparison"),
            strict=True,
        ):
            assert where not in seen
            seen.add(where)
            for column, cell in row.items():
                place = published.find_cell(f"{where}/{column}")
                assert (public / place.file, place.text) == (path, cell)
    assert len(seen) > 1000


def test_a_line_of_a_cell_is_where_its_row_begins(public: Path) -> None:
    published = PublishedFiles(public)
    path = public / "countries" / "KEN" / "estimates.csv"
    row = address_cells("estimates", read_rows(path)[1])[7]
    address = address_of(row["n"])
    place = published.find_cell(address)
    line = path.read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert line.startswith(f"KEN,{row['indicator']},{row['domain']},{row['level']},")


def test_the_data_package_names_the_key_and_no_two_rows_agree_in_it(public: Path) -> None:
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    keyed = 0
    for resource in package["resources"]:
        if resource["format"] in ("xlsx", "html"):
            continue
        key = read_resource_schema(public, resource).get("primaryKey")
        if key is None:
            assert resource["path"].startswith("figures/")
            continue
        rows = read_rows(public / resource["path"])[1]
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
        keyed += 1
    own = len(COUNTRY_KEYS) - 3  # no country of the study was surveyed several times
    assert keyed == 1 + len(COMPARISON_KEYS) + len(EVIDENCE_KEYS) + 2 * own


@pytest.mark.parametrize(
    ("name", "config", "least"),
    [
        ("small", "config/config.yaml", 1000),
        pytest.param("nhanes2", "config/examples/nhanes2/config.yaml", 100, marks=pytest.mark.slow),
        ("mini", MINI, 10),
    ],
)
def test_every_number_of_every_document_is_what_is_published(
    name: str, config: str, least: int, request: pytest.FixtureRequest
) -> None:
    checkout: Checkout = request.getfixturevalue(name)
    study = load_study(checkout.folder / config)
    results = checkout.folder / study.config.results / "public"
    checks, numbers, of_figures = NumberChecks(StudyTexts.from_study(study), results), 0, 0
    for document in list_documents(results):
        assert checks.find_faults(document) == [], document
        numbers += document.read_text(encoding="utf-8").count(']{n="')
    for listed in list_figure_lists(results):
        assert checks.find_faults(listed) == [], listed
        of_figures += checks.count_addressed(listed)
    assert numbers > least
    assert of_figures > least / 5


# What keeps from run to run what was found right.
NOTE = "checked.note"
# Each edit of a filled report makes one faulty number.
FAULTS = {
    "typed": ("KEN/en", r'\[(\d+)\]\{n="KEN/clear_examples/whole"\}', r"\1", "bare number"),
    "stale": (
        "KEN/en",
        r'\[\d+\](\{n="KEN/clear_examples/whole"\})',
        r"[99]\1",
        "'99' at KEN/clear_examples/whole",
    ),
    "another interval": (
        "KEN/en",
        r'(\[\d+\]\{n="KEN/clear_examples)/whole_low"\}',
        r'\1/whole_high"}',
        "at KEN/clear_examples/whole_high",
    ),
    "hidden": (
        "KEN/en",
        r'(\[\d+\]\{n=")KEN/clear_examples/whole"\}',
        r'\1{hidden}"}',
        "hidden, or no number",
    ),
    "another language": ("KHM/km", r'\[(\d+),(\d+)\](\{n=")', r"[\1.\2]\3", "at KHM/"),
}


def test_a_copy_of_the_texts_is_without_fault(
    texts: StudyTexts, public: Path, tmp_path: Path
) -> None:
    copy_of_texts(public, tmp_path)
    assert checked_again(texts, tmp_path)["addressed"] > 1000


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_number_of_a_document_stops_the_run(
    name: str, texts: StudyTexts, public: Path, tmp_path: Path
) -> None:
    report, pattern, faulty, said = FAULTS[name]
    copy_of_texts(public, tmp_path)
    document = tmp_path / "reports" / report / "report.qmd"
    text = document.read_text(encoding="utf-8")
    edited, edits = re.subn(pattern, faulty.replace("{hidden}", hidden_cell(public)), text, count=1)
    assert edits == 1
    document.write_text(edited, encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        check_documents(texts, tmp_path, tmp_path / NOTE, "code")
    assert raised.value.where == str(document)
    assert "1 faulty numbers, first: line " in raised.value.found
    assert said in raised.value.found


# Each edit of a list makes one faulty number: the text, what it prints and its address.
FIGURE_FAULTS = {
    "typed": ("KEN/en", "alt", None, None, "bare number '{digits}'"),
    "stale": ("KEN/en", "alt", "99%", None, "'99%' at {address}"),
    "another cell": ("KEN/en", "alt", None, "KEN/clear_examples/n", "at KEN/clear_examples/n"),
    "hidden": ("KEN/en", "alt", None, "{hidden}", "hidden, or no number"),
    "nowhere": ("KEN/en", "alt", None, "KEN/clear_exmples/estimate", "Did you mean"),
    "another language": ("KHM/km", "source", "1,234", None, "'1,234' at {address}"),
}


@pytest.mark.parametrize("name", FIGURE_FAULTS)
def test_a_faulty_number_of_a_figure_stops_the_run(
    name: str, texts: StudyTexts, public: Path, tmp_path: Path
) -> None:
    folder, text, printed, address, said = FIGURE_FAULTS[name]
    copy_of_texts(public, tmp_path)
    listed = tmp_path / "figures" / folder / "figures.json"
    entries = json.loads(listed.read_text(encoding="utf-8"))
    entry = next(one for one in entries if one["id"] == "by-group-clear_examples")
    numbers = entry["numbers"][text]
    own, shown, place = numbers[-1]
    said = said.format(digits=shown.rstrip("%"), address=own)
    if name == "typed":
        numbers.pop()
    elif printed:
        entry[text] = entry[text][:place] + printed + entry[text][place + len(shown) :]
        numbers[-1] = [own, printed, place]
    else:
        numbers[-1] = [address.replace("{hidden}", hidden_cell(public)), shown, place]
    listed.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        check_documents(texts, tmp_path, tmp_path / NOTE, "code")
    assert raised.value.where == str(listed)
    assert f"1 faulty numbers, first: figure '{entry['id']}', {text}, column " in raised.value.found
    assert said in raised.value.found


# Each edit of a drawing takes a mark from its row, or gives one to another.
MARK_FAULTS = {
    "a row without a mark": ("", "of which by-group-clear_examples.svg has no mark"),
    "a mark of another row": (
        "UGA/clear_examples",
        "a mark of by-group-clear_examples.svg is of UGA",
    ),
}


@pytest.mark.parametrize("name", MARK_FAULTS)
def test_a_mark_of_a_figure_that_is_not_its_rows_stops_the_run(
    name: str, small: Checkout, public: Path, tmp_path: Path
) -> None:
    other, said = MARK_FAULTS[name]
    texts = StudyTexts.from_study(load_study(small.folder / "config/config.yaml"))
    copy_of_texts(public, tmp_path)
    drawing = tmp_path / "figures/KEN/en/by-group-clear_examples.svg"
    own = re.findall(r'data-n="(KEN/[^"]*)"', drawing.read_text(encoding="utf-8"))[-1]
    for path in (drawing, drawing.with_name("by-group-clear_examples-phone.svg")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f'"{own}"', f'"{other}"'), encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        check_documents(texts, tmp_path, tmp_path / NOTE, "code")
    assert raised.value.where == str(drawing.with_name("figures.json"))
    assert said in raised.value.found


def test_a_document_shows_no_alternative_text_but_the_figures_own(
    small: Checkout, public: Path, tmp_path: Path
) -> None:
    texts = StudyTexts.from_study(load_study(small.folder / "config/config.yaml"))
    copy_of_texts(public, tmp_path)
    document = tmp_path / "reports/KEN/en/report.qmd"
    text = document.read_text(encoding="utf-8")
    edited, edits = re.subn(r'(fig-alt="[^"]* )\d+% \(', r"\g<1>99% (", text, count=1)
    assert edits == 1
    document.write_text(edited, encoding="utf-8")
    (fault,) = NumberChecks(texts, tmp_path).find_faults(document)
    assert "alternative text of '" in fault


def test_what_was_right_is_checked_again_when_something_of_it_changes(
    texts: StudyTexts, public: Path, tmp_path: Path
) -> None:
    """The document, a mark of a figure, or the published number."""
    edits = (
        ("reports/KEN/en/report.qmd", r'\[(\d+)\]\{n="KEN/clear_examples/whole"\}', "99"),
        (
            "figures/KEN/en/by-group-clear_examples.svg",
            r'data-n="KEN/[^"]*"',
            'data-n="UGA/clear_examples"',
        ),
        ("countries/KEN/estimates.csv", r"(?<=KEN,clear_examples,total,all,)\d+,\d+,0", "1,1,1"),
    )
    copy_of_texts(public, tmp_path)
    checked_again(texts, tmp_path)
    for name, pattern, faulty in edits:
        path = tmp_path / name
        before = path.read_text(encoding="utf-8")
        edited, made = re.subn(pattern, faulty, before, count=1)
        assert made == 1, name
        path.write_text(edited, encoding="utf-8")
        with pytest.raises(StudyError, match="faulty numbers"):
            check_documents(texts, tmp_path, tmp_path / NOTE, "code")
        path.write_text(before, encoding="utf-8")


def checked_again(texts: StudyTexts, folder: Path) -> dict[str, int]:
    """Check what is right, and once more what is known to be."""
    right = check_documents(texts, folder, folder / NOTE, "code")
    assert check_documents(texts, folder, folder / NOTE, "code") == right
    return right
