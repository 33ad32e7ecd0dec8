"""An item is filled only where all that it names is there; nothing is filled for an author."""

import re
from pathlib import Path

import pytest
import yaml

from disrupting_harm.core.files import read_json, write_text
from disrupting_harm.provenance.checklists import (
    AUTHOR,
    CHECKLISTS_FILE,
    FILLED,
    NOT_THERE,
    find_missing_facts,
    write_checklists,
)

SECTIONS = ("found-out", "limitations", "numbers", "glossary", "experiences", "groups", "seen",
            "took-part")  # fmt: skip


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    for name in ("estimates.csv", "datapackage.json", "comparison/gaps.csv"):
        write_text(folder / name, "a\n")
    for country in ("KEN", "KHM"):
        for name in ("estimates.csv", "quality.json"):
            write_text(folder / "countries" / country / name, "a\n")
        text = "".join(f"## A section {{#sec-{name}}}\n" for name in SECTIONS)
        write_text(folder / "reports" / country / "en" / "report.qmd", text)
        write_text(folder / "reports" / country / "en" / "report.html", "<p>")
    return folder


def answers(public: Path) -> dict[str, dict[int, dict]]:
    return told(public, {})


def told(public: Path, missing: dict[str, str]) -> dict[str, dict[int, dict]]:
    page, data = public / "checklists.md", public / "checklists.json"
    write_checklists(public, ["KEN", "KHM"], missing, page, data)
    lists = read_json(data)
    return {name: {entry["item"]: entry for entry in entries} for name, entries in lists.items()}


def test_both_checklists_are_whole() -> None:
    lists = yaml.safe_load(CHECKLISTS_FILE.read_text(encoding="utf-8"))
    numbers = {name: [entry["item"] for entry in each["items"]] for name, each in lists.items()}
    known = {"item", "about", "where", "needs", "author", "not_there"}
    assert all(entry.keys() <= known for each in lists.values() for entry in each["items"])
    assert numbers == {"STROBE": [*range(1, 23)], "GATHER": [*range(1, 19)]}


def test_what_is_there_is_linked_in_each_country(public: Path) -> None:
    strobe = answers(public)["STROBE"]
    assert strobe[4]["state"] == FILLED
    assert strobe[4]["links"] == [
        f"reports/{code}/en/report.html#sec-{section}"
        for section in ("found-out", "limitations")
        for code in ("KEN", "KHM")
    ]
    assert strobe[15]["links"] == ["countries/KEN/estimates.csv", "countries/KHM/estimates.csv"]
    page = (public / "checklists.md").read_text(encoding="utf-8")
    place = "reports/{}/en/report.html#sec-limitations"
    linked = ", ".join(f"[{code} en]({place.format(code)})" for code in ("KEN", "KHM"))
    assert f"| 19 | Limitations | filled | report.html#sec-limitations: {linked} |" in page


def test_what_one_country_lacks_is_not_there(public: Path) -> None:
    source = public / "reports" / "KHM" / "en" / "report.qmd"
    source.write_text(source.read_text(encoding="utf-8").replace("sec-limitations", "sec-limits"))
    item = answers(public)["STROBE"][19]
    assert item["state"] == NOT_THERE
    assert item["remark"] == "this run has no reports/KHM/en/report.html#sec-limitations"
    assert item["links"] == ["reports/KEN/en/report.html#sec-limitations"]


def test_what_only_an_author_knows_is_for_the_author(public: Path) -> None:
    lists = answers(public)
    waiting = {name: [n for n, e in each.items() if e["state"] == AUTHOR]
               for name, each in lists.items()}  # fmt: skip
    assert waiting == {
        "STROBE": [2, 3, 6, 10, 11, 20, 21, 22], "GATHER": [2, 3, 4, 6, 8, 11, 17]
    }  # fmt: skip
    # A start that is there is linked, and fills nothing.
    assert lists["STROBE"][20]["links"]
    assert lists["STROBE"][14]["state"] == FILLED


def test_an_item_is_filled_only_where_the_facts_it_asks_for_are_known(public: Path) -> None:
    write_text(public / "data.html", "<p>")
    rows = [{"country": "KEN", "fieldwork": "May 2019", "mode": "face to face"}, {"country": "KHM"}]
    missing = find_missing_facts({}, rows)
    lists = told(public, missing)
    assert lists["STROBE"][5]["state"] == NOT_THERE
    assert lists["STROBE"][5]["remark"] == "when the survey was made is not known of KHM"
    assert lists["STROBE"][5]["links"], "what is there is linked all the same"
    assert "no place where the code" in lists["GATHER"][14]["remark"]
    known = find_missing_facts({"code": "https://example.org"}, rows[:1])
    lists = told(public, known)
    assert not known
    assert {lists["STROBE"][5]["state"], lists["GATHER"][14]["state"]} == {FILLED}


def test_every_fact_that_an_item_needs_can_be_missing() -> None:
    lists = yaml.safe_load(CHECKLISTS_FILE.read_text(encoding="utf-8"))
    needs = {fact for each in lists.values() for e in each["items"] for fact in e.get("needs", ())}
    assert needs == find_missing_facts({}, [{"country": "KEN"}]).keys()


def test_a_run_without_documents_fills_no_section(public: Path) -> None:
    for path in public.glob("reports/*/*/report.qmd"):
        path.unlink()
    strobe = answers(public)["STROBE"]
    assert {strobe[item]["state"] for item in (4, 5, 12, 19)} == {NOT_THERE}


def test_every_section_that_a_checklist_names_stands_in_a_template_of_reports() -> None:
    project = Path(__file__).parents[3]
    templates = project / "workflow" / "templates"
    texts = [path.read_text(encoding="utf-8") for path in (templates / "country").glob("*.j2")]
    defined = set(re.findall(r"\{#(sec-[\w-]+)", " ".join(texts)))
    findings = yaml.safe_load((project / "config" / "findings.yaml").read_text(encoding="utf-8"))
    defined |= {f"sec-{chapter['id']}" for chapter in findings["chapters"]}
    named = set(re.findall(r"\{report\}#(sec-[\w-]+)", CHECKLISTS_FILE.read_text(encoding="utf-8")))
    assert named <= defined
