"""Studies of other matters say nothing of this one's: every public file is read, word by word."""

import json
import re
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from checkout import Checkout, make_checkout
from other_studies import ADULTS, SCHOOLS, put_into_chapters, write_adults, write_schools
from pdf_readers import plain_text
from public_texts import all_text, printed_texts, public_files
from published_answers import read_counts, write_answers

from disrupting_harm.study.study import load_study

# Two studies from end to end.
pytestmark = pytest.mark.slow
PUBLISHED = "config/examples/{}/config.yaml"
# Words of the default study: no file of another one has them, whatever stands before and behind.
FOREIGN = re.compile(
    r"child|abuse|helpline|internet|household|caregiver|exploitation|disrupting[\s_]*harm", re.I
)
# Names of the languages that pages and documents are programmed in.
OF_LANGUAGES = re.compile(
    r"(?:first|last|only|nth|nth-last)-child|(?:first|last|append|replace)Child(?:ren)?\b|\.children\b"
    r"|(?:at|has)\(\"children\""
)
# The program is called by this name, where a reader is told what made a file or what to type.
COMMAND = re.compile(r"disrupting-harm")
TELLS_COMMAND = re.compile(
    r"manifest\.json|_quarto\.yml|data\.html|explained/.*\.html|explorer/.*\.html|.*\.docx"
)
# What a program writes where it had nothing to say.
EMPTY = re.compile(r"\bNone\b|\bnan\b|\bNaN\b|[{}]")


def _finished(folder: Path, config: str, write: object) -> Checkout:
    checkout = make_checkout(folder)
    write(checkout)  # type: ignore[operator]
    checked = checkout.say("check", "--config", config)
    assert checked.returncode == 0, checked.stderr
    done = checkout.run(config=config)
    assert done.returncode == 0, done.stderr
    return checkout


@pytest.fixture(scope="module")
def adults(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return _finished(tmp_path_factory.mktemp("adults") / "study", ADULTS, write_adults)


@pytest.fixture(scope="module")
def chapters(adults: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The adults once more, in the chapters of a country report: their tables are there."""
    checkout = adults.copy_to(tmp_path_factory.mktemp("chapters") / "study")
    put_into_chapters(checkout)
    checked = checkout.say("check", "--config", ADULTS)
    assert checked.returncode == 0, checked.stderr
    done = checkout.run(config=ADULTS)
    assert done.returncode == 0, done.stderr
    assert not FOREIGN.search(COMMAND.sub("", done.stderr.replace(str(checkout.folder), "")))
    return checkout


@pytest.fixture(scope="module")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return _finished(tmp_path_factory.mktemp("schools") / "study", SCHOOLS, write_schools)


def _write_published(checkout: Checkout, name: str) -> None:
    """Put the answers of a published example where its settings look for them."""
    study = load_study(checkout.folder / f"config/examples/{name}/config.yaml")
    counts = read_counts(name)
    path = checkout.folder / "raw" / f"{name}.csv"
    path.parent.mkdir()
    of_all = counts[counts["group"] == "total"]
    write_answers(path, of_all, study.mappings[study.codes[0]], together=False)


@pytest.fixture(scope="module")
def yrbss(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("yrbss") / "study"
    return _finished(folder, PUBLISHED.format("yrbss"), partial(_write_published, name="yrbss"))


@pytest.fixture(scope="module")
def wvs(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("wvs") / "study"
    return _finished(folder, PUBLISHED.format("wvs"), partial(_write_published, name="wvs"))


def public(checkout: Checkout, study: str = "adults") -> Path:
    return checkout.folder / "results" / study / "public"


def foreign_words(folder: Path) -> list[str]:
    """Return each word of the default study with its file and what stands around it."""
    found = []
    for path in public_files(folder):
        place = path.relative_to(folder).as_posix()
        text = OF_LANGUAGES.sub("", f"{place}\n{all_text(path)}")
        if TELLS_COMMAND.fullmatch(place):
            text = COMMAND.sub("", text)
        words = [*FOREIGN.finditer(text), *COMMAND.finditer(text)]
        found += [f"{place}: {text[max(0, w.start() - 60) : w.end() + 60]!r}" for w in words]
    return found


def nothings(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {text[:200]!r}"
        for path in public_files(folder)
        for text in printed_texts(path)
        if EMPTY.search(text)
    ]


def text_of(folder: Path, place: str) -> str:
    return plain_text(" ".join(printed_texts(folder / place)))


@pytest.mark.parametrize("study", ["adults", "chapters", "schools", "yrbss", "wvs"])
def test_no_public_file_has_a_word_of_the_default_study(
    study: str, request: pytest.FixtureRequest
) -> None:
    folder = public(request.getfixturevalue(study), "adults" if study == "chapters" else study)
    kinds = Counter(path.suffix for path in public_files(folder))
    assert {".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".svg", ".qmd"} <= {*kinds}
    assert foreign_words(folder) == []
    assert nothings(folder) == []


def test_the_reader_finds_a_foreign_word_in_every_kind_of_file(
    adults: Checkout, tmp_path: Path
) -> None:
    """A judge that finds nothing has to be able to find something."""
    folder = public(adults)
    for kind in (".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".svg"):
        files = [path for path in public_files(folder) if path.suffix == kind]
        assert max(len("".join(printed_texts(path))) for path in files) > 100, kind
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "a.html").write_text("<p title='{x}'>None of the Children</p>", encoding="utf-8")
    (planted / "b.css").write_text("p:first-child {} .helpline {}", encoding="utf-8")
    assert len(foreign_words(planted)) == 2
    assert len(nothings(planted)) == 2


def test_documents_of_adults_speak_in_the_words_of_their_study(adults: Checkout) -> None:
    folder = public(adults)
    for kind in ("html", "pdf", "docx"):
        brief = text_of(folder, f"briefs/S/en/brief.{kind}")
        assert "Health of adults in South" in brief
        assert "All adults" in brief
        assert "adults aged 20 and over" in brief
        assert "2,583 adults took part, in 16 places." in brief
        # Nobody keeps silent about blood pressure.
        assert "may be higher" not in brief
        assert "distressing" not in text_of(folder, f"regional/en/report.{kind}")
    together = text_of(folder, "briefs/all/en/brief.html")
    assert "Health of adults in 2 regions" in together
    assert "adults took part in 2 surveys" in together
    assert "no league table" in together
    assert "80+" in text_of(folder, "reports/S/en/report.pdf")
    # What the study does not have is not there empty.
    assert not list(folder.rglob("*denominators*"))
    assert not list(folder.rglob("dyads*"))
    pooled = (folder / "comparison" / "pooled.csv").read_text(encoding="utf-8")
    assert "size of the population not available" in pooled


def test_chapters_on_adults_speak_in_the_words_of_their_study(chapters: Checkout) -> None:
    folder = public(chapters)
    for kind in ("html", "pdf", "docx"):
        report = text_of(folder, f"reports/S/en/report.{kind}")
        assert "“Adults” means adults aged 20 and over in South" in report
        assert "About 37 in 100 adults had high blood pressure" in report
        # The data do not tell of those who were drawn and did not take part.
        assert "2,583 adults took part." in report
        assert "2,583 of 2,583" not in report
        assert "Health of adults" in report
        assert "What to do, who does it, and why" in report
        assert "Measure the blood pressure of adults" in report
        # Nobody keeps silent about blood pressure, and nobody is warned of harm.
        assert not re.search("too low|distressing|not your fault|harm", report)
    # Groups of any study, by the labels that it gives them.
    together = text_of(folder, "briefs/all/en/brief.html")
    assert "80+ and 1–79:" in together
    for path in folder.glob("*/*/*/status.json"):
        assert not json.loads(path.read_text("utf-8"))["help_not_confirmed"], path


def test_documents_of_students_speak_of_a_school_survey(schools: Checkout) -> None:
    folder = public(schools, "schools")
    report = text_of(folder, "reports/USA/en/report.html")
    brief = text_of(folder, "briefs/USA/en/brief.html")
    assert "Source: school survey" in report
    assert "in the United States" in report
    for text in (report, brief, text_of(folder, "index.html")):
        assert not re.search(r"\b(?:in|of|on) United States", text)
        assert not re.search(r"\b1 (?:countries|regions|surveys|indicators)\b", text)
    # Being bullied is hard to tell, a seat belt is not.
    assert "The true number may be higher." in brief
    assert "Some students do not tell a survey." in brief
    assert "did not reach" not in brief
    assert "2017" in report
    assert "Habits of students: the United States" in brief


def test_documents_of_one_country_compare_it_with_none(yrbss: Checkout) -> None:
    folder = public(yrbss, "yrbss")
    assert not (folder / "regional").exists()
    assert not (folder / "comparison.html").exists()
    pages = [page for page in folder.rglob("*.html") if "_shared" not in page.parts]
    assert len(pages) == 13
    for page in pages:
        text = text_of(folder, page.relative_to(folder).as_posix())
        assert not re.search(r"ountries side by side|[Rr]egional|[Aa]lphabetical|\b1 strata", text)
        assert "comparison.html" not in page.read_text(encoding="utf-8")
    brief = text_of(folder, "briefs/USA/en/brief.html")
    assert "Health habits of students in the United States" in brief
    assert "About 31 in 100 students in grades 9 to 12 in the United States said" in brief
    for text in (brief, text_of(folder, "reports/USA/en/report.html")):
        assert "The data do not tell how people were selected" in text
        assert "in 13,583 places" not in text
        assert "Weights." not in text


def test_documents_on_opinions_of_adults(wvs: Checkout) -> None:
    folder = public(wvs, "wvs")
    together = text_of(folder, "briefs/all/en/brief.html")
    assert "40 to 60 of every 100 adults said that their government does too little" in together
    assert "5,381 adults took part in 4 surveys. The data do not tell how people were" in together
    # Three answers to one question: their shares do add up.
    page = text_of(folder, "countries/NOR.html")
    assert "Each row is an answer to one question." in page
    assert "do not add up" not in page
    region = text_of(folder, "regional/en/report.html")
    assert "All 4 countries can be compared" in region
    assert "same ages" not in region
    comparison = text_of(folder, "comparison.html")
    assert "Only the United States may have the lowest share" in comparison
    methods = text_of(folder, "methods.html")
    assert methods.count("The data do not tell how people were selected") == 1
    assert "People of one place" not in methods


def test_numbers_are_checked_before_a_manifest_is_there(adults: Checkout, tmp_path: Path) -> None:
    copy = adults.copy_to(tmp_path / "copy")
    folder = public(copy)
    for name in ("manifest.json", "datapackage.json"):
        (folder / name).unlink()
    right = copy.say("lint-numbers", "--config", ADULTS)
    assert right.returncode == 0, right.stdout
    brief = folder / "briefs" / "S" / "en" / "brief.qmd"
    brief.write_text(brief.read_text("utf-8") + "\nIt is 80 per cent.\n", encoding="utf-8")
    wrong = copy.say("lint-numbers", "--config", ADULTS)
    assert wrong.returncode == 1
    assert "bare number '80'" in wrong.stdout
