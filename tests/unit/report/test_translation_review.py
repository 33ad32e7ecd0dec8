"""A workbook goes to a reader and comes back: what is taken, what is refused, in which words."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polib
import pytest
import yaml
from openpyxl import load_workbook
from preconditions import needs
from repository import PROJECT
from review_ledgers import hash_text

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.draft_status import find_translation_status
from disrupting_harm.report.language.reviews import TextReviews, read_reviews
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.translations.review_answers import Answers, Taken, take_answers
from disrupting_harm.report.translations.review_form import build_form, read_form_answers
from disrupting_harm.report.translations.review_state import describe_states, read_states
from disrupting_harm.report.translations.review_texts import DocumentToRead, collect_texts
from disrupting_harm.report.translations.review_workbook import build_workbook, read_workbook

TEMPLATES = PROJECT / "workflow" / "templates"
DOCUMENT = "briefs/MOZ/pt/brief"
PLAIN, FILLED, HELPLINE = "Companies", "{share} know how to report", "A helpline"
PLURAL = "{interviewed} {respondents} took part in {count} survey."
TEXTS = {
    PLAIN: "Empresas",
    FILLED: "37% sabem",
    HELPLINE: "Uma linha de apoio",
    "Police": "Polícia",
    PLURAL: "5 crianças participaram em 2 inquéritos.",
}
SIGNED = {"B1": "Linguist", "B2": "Ministry A", "B3": "2026-11-20"}
# Columns of the sheet of texts.
KEY, ENGLISH, TRANSLATION, VERDICT, BETTER, REMARK = "B", "C", "D", "E", "F", "H"


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES / "locale", tmp_path / "locale"))


@pytest.fixture
def document(tmp_path: Path, locale: Path) -> DocumentToRead:
    for language in ("pt", "en"):
        path = tmp_path / f"results/restricted/texts/briefs/MOZ/{language}/brief.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"translation": None, "texts": TEXTS}))
    return collect_texts(tmp_path / "results", locale, DOCUMENT, "pt")


def fill(
    document: DocumentToRead,
    folder: Path,
    *cells: dict[str, str],
    decisions: dict[str, str] | None = None,
) -> Answers:
    """Write answers into the workbook as a spreadsheet program does, and read it."""
    path = folder / "answers.xlsx"
    path.write_bytes(build_workbook(document))
    workbook = load_workbook(path)
    sheets = [*zip(("Sign", "Texts", "Terms"), cells, strict=False)]
    for sheet, values in (*sheets, ("Questions", decisions or {})):
        for cell, value in values.items():
            assert not workbook[sheet][cell].protection.locked, cell
            workbook[sheet][cell] = value
    workbook.save(path)
    return read_workbook(path)


def take(answers: Answers, locale: Path) -> Taken:
    """Take answers; the ledger only grows."""
    ledger = locale / answers.language / "reviews.csv"
    before = ledger.read_bytes() if ledger.is_file() else b""
    taken = take_answers(answers, locale, TEXTS)
    after = ledger.read_bytes() if ledger.is_file() else b""
    assert after.startswith(before)
    return taken


def test_the_workbook_has_texts_as_read_and_opens_the_cells_of_answers_alone(
    document: DocumentToRead, tmp_path: Path
) -> None:
    path = tmp_path / "made.xlsx"
    path.write_bytes(build_workbook(document))
    assert build_workbook(document) == path.read_bytes()
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["Sign", "Terms", "Texts"]
    rows = [*workbook["Texts"].iter_rows(min_row=2, values_only=True)]
    assert [(row[2], row[3], row[8]) for row in rows][:2] == [
        (PLAIN, "Empresas", "Empresas"),
        (FILLED, "{share} sabem como denunciar", "37% sabem"),
    ]
    open_cells = {
        cell.column_letter
        for row in workbook["Texts"].iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {VERDICT, BETTER, REMARK}
    assert all(workbook[name].protection.sheet for name in workbook.sheetnames)
    assert workbook["Texts"].column_dimensions["L"].hidden  # nobody has read any
    assert [row[0] for row in workbook["Terms"].iter_rows(min_row=2, values_only=True)] == [
        "helpline",
        "police",
    ]


def test_answers_go_into_catalogue_glossary_and_ledger(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    better = "Sabem como denunciar: {share}"
    answers = fill(
        document,
        tmp_path,
        SIGNED,
        {"E2": "right", "E3": "change", "F3": better, "E4": "change",
         "F4": "Uma linha de ajuda", "E5": "question", "H5": "PRM?"},
        {"E2": "change", "F2": "linha de ajuda; linhas de ajuda"},
    )  # fmt: skip
    folder = locale / "pt"
    paths = [folder / "LC_MESSAGES" / "report.po", folder / "glossary.yml"]
    before = [path.read_text("utf-8").splitlines() for path in paths]
    taken = take(answers, locale)
    assert (taken.rows, taken.changed_texts, taken.changed_terms) == (4, 2, 1)
    assert taken.remaining == ["Texts, row 5: question, remarked: PRM?"]
    assert taken.refused == []

    after = [path.read_text("utf-8").splitlines() for path in paths]
    changes = [
        (old, new)
        for was, now in zip(before, after, strict=True)
        for old, new in zip(was, now, strict=True)
        if old != new
    ]
    assert len(changes) == 3
    assert yaml.safe_load(paths[1].read_text("utf-8"))["terms"]["helpline"] == [
        "linha de ajuda",
        "linhas de ajuda",
    ]
    entries = {entry.msgid: entry for entry in polib.pofile(str(paths[0]))}
    assert entries[FILLED].msgstr == better
    reviews = read_reviews(folder / "reviews.csv")
    assert [review.text for review in reviews] == [
        hash_text(folder, entries[message]) for message in (PLAIN, FILLED, HELPLINE, "Police")
    ]
    assert [review.verdict for review in reviews] == ["right", "change", "change", "question"]
    assert {(review.reviewer, review.office, review.document) for review in reviews} == {
        ("Linguist", "Ministry A", DOCUMENT)
    }
    status = load_translator("pt", locale).reviews
    assert status is not None
    assert [status.find_level(message) for message in TEXTS] == [
        "reviewed", "reviewed", "reviewed", "draft", "draft",
    ]  # fmt: skip


def test_a_document_is_reviewed_once_all_rows_of_its_workbook_are_answered(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    """The sentences on its translation are among them: it prints another one after the review."""
    rows = range(2, len(document.texts) + 2)
    take(fill(document, tmp_path, SIGNED, {f"E{row}": "right" for row in rows}), locale)
    status = find_translation_status(load_translator("pt", locale), TEXTS)
    assert status is not None
    assert (status.level, status.texts, status.offices) == ("reviewed", len(rows), ("Ministry A",))
    line, _ = describe_states(read_states(tmp_path / "results", locale, "pt"))
    assert line == f"reviewed  {DOCUMENT}: {len(rows)} reviewed"


ASKED = """
line of help:
  term: helpline
  question: 'What is it called?'
  answers: ['linha de apoio', 'linha de ajuda', 'linha verde']
  words: 'linhas? de apoio'
  reason: 'Two are in use.'
  source: 'a ministry'
never said:
  question: 'And this?'
  answers: ['xyzzy', 'plugh']
  words: 'xyzzy'
  reason: 'No text says it.'
  source: 'nobody'
"""


@pytest.fixture
def asked(document: DocumentToRead, tmp_path: Path, locale: Path) -> DocumentToRead:
    """Return the document with a question that it raises, and one that it does not."""
    (locale / "pt" / "questions.yml").write_text(ASKED, encoding="utf-8")
    return collect_texts(tmp_path / "results", locale, document.document, "pt")


def test_questions_stand_first_and_only_those_that_the_texts_of_the_document_raise(
    asked: DocumentToRead, tmp_path: Path
) -> None:
    path = tmp_path / "made.xlsx"
    path.write_bytes(build_workbook(asked))
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["Sign", "Questions", "Terms", "Texts"]
    sheet = workbook["Questions"]
    terms = [row[0] for row in workbook["Terms"].iter_rows(min_row=2, values_only=True)]
    assert terms == ["police"]  # what is asked with answers is not asked twice
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert row[1:6] == (
        "What is it called?",
        "A: linha de apoio\nB: linha de ajuda\nC: linha verde",
        "Two are in use.",
        "a ministry",
        "3",
    )
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == [
        '"A,B,C,change,question"'
    ]
    how = [row[1] for row in workbook["Sign"].iter_rows(values_only=True) if row[0] == "How"]
    assert how[0].startswith("1. Sheet Questions: ")
    assert how[1].startswith("2. Sheet Terms: ")


@pytest.mark.parametrize(
    ("cells", "verdict", "remark", "line"),
    [
        ({"G2": "A", "I2": "so we say"}, "right", "linha de apoio so we say", ""),
        ({"G2": "b"}, "change", "linha de ajuda", "to be written: linha de ajuda"),
        ({"G2": "change", "H2": "linha 116"}, "change", "linha 116", "to be written: linha 116"),
        (
            {"G2": "question", "I2": "ask B"},
            "question",
            "ask B",
            "asked about 'line of help': ask B",
        ),
    ],
)
def test_a_decision_is_a_row_of_the_ledger_and_is_asked_no_more(
    asked: DocumentToRead,
    tmp_path: Path,
    locale: Path,
    cells: dict[str, str],
    verdict: str,
    remark: str,
    line: str,
) -> None:
    taken = take(fill(asked, tmp_path, SIGNED, decisions=cells), locale)
    assert (taken.rows, taken.refused) == (1, [])
    assert " ".join(taken.remaining).endswith(line)
    (row,) = read_reviews(locale / "pt" / "reviews.csv")
    assert (row.verdict, row.office) == (verdict, "Ministry A")
    assert row.remark == f"question line of help: {remark}"
    again = collect_texts(tmp_path / "results", locale, DOCUMENT, "pt")
    assert len(again.questions) == (verdict == "question")
    (*_, last) = describe_states(read_states(tmp_path / "results", locale, "pt"))
    assert ("line of help" in last) == (verdict == "question")
    # Other answers to choose from are another question.
    path = locale / "pt" / "questions.yml"
    path.write_text(path.read_text("utf-8").replace(", 'linha verde'", ""), "utf-8")
    assert len(collect_texts(tmp_path / "results", locale, DOCUMENT, "pt").questions) == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"G2": "D"}, "'d' is no answer: A, B, C, change or question"),
        ({"H2": "linha 116"}, "no answer is chosen: A, B"),
        ({"G2": "change"}, "'change', and no other answer beside it"),
    ],
)
def test_a_decision_is_refused_by_its_row_in_words(
    asked: DocumentToRead, tmp_path: Path, locale: Path, cells: dict[str, str], words: str
) -> None:
    taken = take(fill(asked, tmp_path, SIGNED, {"E2": "right"}, decisions=cells), locale)
    (line,) = taken.refused
    assert line.startswith("Questions, row 2: ")
    assert words in line
    assert taken.rows == 1  # the other answer


def test_a_question_that_changed_since_is_refused(
    asked: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    answers = fill(asked, tmp_path, SIGNED, decisions={"G2": "A"})
    (locale / "pt" / "questions.yml").write_text(ASKED.replace("called", "named"), "utf-8")
    (line,) = take(answers, locale).refused
    assert line.startswith("Questions, row 2: the question or its answers have changed")


@pytest.mark.parametrize("language", ["id", "km", "pt", "th", "vi"])
def test_each_question_of_the_repository_is_raised_by_a_text_of_today(language: str) -> None:
    """A question whose words no translation says any more has been settled."""
    path = TEMPLATES / "locale" / language / "questions.yml"
    forms = [
        form
        for entry in polib.pofile(str(path.parent / "LC_MESSAGES" / "report.po"))
        for form in (entry.msgstr, *entry.msgstr_plural.values())
        if not entry.obsolete
    ]
    for name, question in yaml.safe_load(path.read_text("utf-8")).items():
        assert any(re.search(question["words"], form, re.IGNORECASE) for form in forms), name
        assert len({*question["answers"]}) == len(question["answers"])


def test_nothing_is_made_where_pages_cannot_be_drawn_and_what_to_install_is_said(
    document: DocumentToRead,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "results" / "public" / "briefs" / "MOZ" / "pt"
    folder.mkdir(parents=True)
    (folder / "brief.pdf").write_bytes(b"%PDF-1.7")
    config = ["--config", str(PROJECT / "config" / "config.yaml")]
    make = ["translate", "review", "make", "MOZ", "--language", "pt", *config]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(make) == 1
    fault = capsys.readouterr().err
    assert "'pdftoppm' is not installed" in fault
    assert "apt-get install poppler-utils" in fault
    assert not [*tmp_path.glob("*.xlsx")]
    assert main([*make, "--without-pages"]) == 0
    workbook = load_workbook(tmp_path / "review-briefs-MOZ-pt-brief.xlsx")
    assert "Pages" not in workbook.sheetnames
    assert main([*make, "--form"]) == 0


def test_states_that_nobody_reads_to_the_end_are_no_fault(
    document: DocumentToRead, tmp_path: Path
) -> None:
    """As with ``| head``: the reader of the pipe has gone before the first line."""
    command = [sys.executable, "-m", "disrupting_harm", "translate", "review", "state"]
    for unbuffered in ("", "1"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [*command, "--config", str(PROJECT / "config" / "config.yaml")],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            check=False,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_the_same_file_again_adds_no_row(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    answers = fill(document, tmp_path, SIGNED, {"E2": "right"})
    assert take(answers, locale).rows == 1
    assert take(answers, locale).rows == 0
    assert len(read_reviews(locale / "pt" / "reviews.csv")) == 1


def test_texts_that_keep_the_old_form_of_a_better_term_stay_drafts(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    answers = fill(
        document, tmp_path, SIGNED, {"E4": "right"}, {"E2": "change", "F2": "linha de ajuda"}
    )
    taken = take(answers, locale)
    assert (taken.rows, taken.changed_terms) == (0, 1)
    assert taken.remaining[0].startswith("Texts, row 4: it does not say the better term of")


@pytest.mark.parametrize("missing", ["B1", "B2", "B3"])
def test_nothing_is_taken_unsigned(
    document: DocumentToRead, tmp_path: Path, locale: Path, missing: str
) -> None:
    answers = fill(document, tmp_path, SIGNED | {missing: ""}, {"E2": "right"})
    with pytest.raises(StudyError, match=r"not signed: no .*; nothing was taken"):
        take(answers, locale)
    assert not (locale / "pt" / "reviews.csv").exists()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"E3": "change", "F3": "Sabem como denunciar"}, "{share} is missing"),
        ({"E3": "change", "F3": "{share} {x} sabem"}, "{x} is new"),
        ({"E3": "change"}, "'change', and no better text beside it"),
        ({"E3": "change", "F3": "{share} sabem como denunciar"}, "is the present one"),
        ({"E3": "yes"}, "'yes' is no verdict: choose right, change or question"),
        ({"F3": "{share} sabem"}, "no verdict"),
        ({"E3": "right", "F3": "{share} sabem"}, "a better text with the verdict 'right'"),
    ],
)
def test_an_answer_is_refused_by_its_row_in_words(
    document: DocumentToRead, tmp_path: Path, locale: Path, cells: dict[str, str], words: str
) -> None:
    catalogue = (locale / "pt" / "LC_MESSAGES" / "report.po").read_bytes()
    taken = take(fill(document, tmp_path, SIGNED, {"E2": "right"} | cells), locale)
    (line,) = taken.refused
    assert line.startswith("Texts, row 3: ")
    assert words in line
    assert taken.rows == 1  # the other answer
    assert (locale / "pt" / "LC_MESSAGES" / "report.po").read_bytes() == catalogue


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("pt/LC_MESSAGES/report.po", 'msgstr "Uma linha de apoio"', 'msgstr "A linha de apoio"'),
        ("pt/glossary.yml", "  helpline: ['linha", "  helpline: ['x', 'linha"),
    ],
)
def test_a_text_or_term_that_changed_since_is_refused(
    document: DocumentToRead, tmp_path: Path, locale: Path, name: str, old: str, new: str
) -> None:
    answers = fill(document, tmp_path, SIGNED, {"E2": "right", "E4": "right"})
    path = locale / name
    content = path.read_text("utf-8")
    assert content.count(old) == 1
    path.write_text(content.replace(old, new), "utf-8")
    taken = take(answers, locale)
    assert taken.rows == 1
    assert [line[:40] for line in taken.refused] == [
        "Texts, row 4: the English text, the trans"[:40]
    ]


BETTER_FORMS = (
    "Em {count} inquérito participaram {interviewed} {respondents}.",
    "Em {count} inquéritos participaram {interviewed} {respondents}.",
)


def check_plural_taken(taken: Taken, locale: Path) -> None:
    """Judge by polib, and by the hash of a hand-made ledger, that both forms were taken."""
    assert (taken.rows, taken.changed_texts, taken.refused) == (1, 1, [])
    catalogue = polib.pofile(str(locale / "pt" / "LC_MESSAGES" / "report.po"))
    (entry,) = (entry for entry in catalogue if entry.msgid == PLURAL)
    assert tuple(entry.msgstr_plural.values()) == BETTER_FORMS
    (row,) = read_reviews(locale / "pt" / "reviews.csv")
    assert (row.text, row.verdict) == (hash_text(locale / "pt", entry), "change")
    translator = load_translator("pt", locale)
    values = {"interviewed": 5, "respondents": "crianças"}
    printed = translator.plural(PLURAL, PLURAL, 1, count=1, **values)
    assert printed == "Em 1 inquérito participaram 5 crianças."


def test_forms_of_a_plural_are_taken_from_the_workbook_each_in_its_place(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    (text,) = (text for text in document.texts if text.english.startswith(PLURAL))
    assert text.english == f"{PLURAL} | {PLURAL[:-1]}s."
    assert text.translation.count(" | ") == 1
    cells = {"E6": "change", "F6": " | ".join(BETTER_FORMS)}
    check_plural_taken(take(fill(document, tmp_path, SIGNED, cells), locale), locale)


@pytest.mark.parametrize(
    ("better", "words"),
    [
        (BETTER_FORMS[1], "it is to have 2 forms, with '|' between them"),
        (" | ".join((*BETTER_FORMS, "x")), "it is to have 2 forms"),
        (f"Num inquérito participaram {{interviewed}} {{respondents}}. | {BETTER_FORMS[1]}",
         "{count} is missing"),
    ],
)  # fmt: skip
def test_a_plural_with_a_form_or_a_place_too_few_is_refused(
    document: DocumentToRead, tmp_path: Path, locale: Path, better: str, words: str
) -> None:
    taken = take(fill(document, tmp_path, SIGNED, {"E6": "change", "F6": better}), locale)
    (line,) = taken.refused
    assert line.startswith("Texts, row 6: ")
    assert words in line
    assert taken.rows == 0


def test_plural_forms_are_read_as_one_text_and_keep_their_number(
    tmp_path: Path, locale: Path
) -> None:
    path = locale / "pt" / "LC_MESSAGES" / "report.po"
    catalogue = polib.pofile(str(path), wrapwidth=100)
    forms = {0: "{n} linha de apoio", 1: "{n} linhas de apoio"}
    entry = polib.POEntry(msgid="{n} helpline", msgid_plural="{n} helplines", msgstr_plural=forms)
    catalogue.append(entry)
    catalogue.save()
    reviews = TextReviews(
        locale, "pt", {("{n} helpline", form): text for form, text in forms.items()}
    )
    assert reviews.translations == {"{n} helpline": "{n} linha de apoio | {n} linhas de apoio"}
    assert reviews.hash_text("{n} helpline") == hash_text(locale / "pt", entry)


def test_a_better_english_text_is_a_proposal_with_its_place(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    english = collect_texts(tmp_path / "results", locale, "briefs/MOZ/en/brief", "en")
    answers = fill(english, tmp_path, SIGNED, {"E2": "right", "E4": "change", "F4": "One helpline"})
    before = {path: path.read_bytes() for path in locale.rglob("*") if path.is_file()}
    taken = take(answers, locale)
    assert (taken.rows, taken.changed_texts) == (2, 0)
    (proposal,) = taken.remaining
    assert proposal.endswith("“A helpline” → “One helpline”")
    assert proposal.startswith("proposed in brief: ")
    assert {path: path.read_bytes() for path in before} == before
    assert [row.verdict for row in read_reviews(locale / "en" / "reviews.csv")] == [
        "right",
        "question",
    ]


def save_by_libreoffice(folder: Path) -> Path:
    """Open the filled workbook in LibreOffice, save it again, and return the new file."""
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder / "saved")]
    subprocess.run([*command, str(folder / "answers.xlsx")], check=True, capture_output=True)
    return folder / "saved" / "answers.xlsx"


@needs("make test-word")
def test_libreoffice_keeps_the_forms_of_a_plural_and_the_decision_of_a_question(
    asked: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    cells = {"E6": "change", "F6": " | ".join(BETTER_FORMS)}
    cells |= {"F2": "**Empresas**", "F3": "{share} {x} sabem", "F4": "Uma linha | linhas"}
    fill(asked, tmp_path, SIGNED, cells, decisions={"G2": "B"})
    answers = read_workbook(save_by_libreoffice(tmp_path))
    (decision,) = answers.questions
    assert (decision.key, decision.verdict) == (asked.questions[0].key, "b")
    checked = load_workbook(tmp_path / "saved" / "answers.xlsx", data_only=True)["Texts"]
    assert [checked[f"G{row}"].value for row in (2, 3, 4, 6)] == [
        "Keep ** around words (0)",
        "Words in braces: as many as before (1)",
        "Keep the bar | between the forms (0)",
        "ok",
    ]
    (forms,) = (answer for answer in answers.texts if answer.verdict)
    check_plural_taken(take(replace(answers, questions=(), texts=(forms,)), locale), locale)


@needs("make test-word")
def test_a_workbook_that_libreoffice_saved_again_is_taken_whole(
    document: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    """Verdicts, letters of other scripts and refusals survive, and so does what is locked."""
    better = "{share} \u179f sabem"
    fill(document, tmp_path, SIGNED, {"E2": "right", "E3": "change", "F3": better, "E4": "yes"})
    saved = save_by_libreoffice(tmp_path)
    texts = load_workbook(saved)["Texts"]
    assert texts.protection.sheet
    assert [texts[f"{letter}3"].protection.locked for letter in "DEFH"] == [True, *[False] * 3]
    signed = {row[0].value: row[1].value for row in load_workbook(saved, data_only=True)["Sign"]}
    left = f"0 in Sign, 2 in Terms, {len(document.texts) - 3} in Texts"
    assert signed["Still without an answer"] == left
    # LibreOffice has reckoned the column that checks the words in braces.
    assert load_workbook(saved, data_only=True)["Texts"]["G3"].value == "ok"
    taken = take(read_workbook(saved), locale)
    assert (taken.rows, taken.changed_texts, len(taken.refused)) == (2, 1, 1)
    entries = {
        entry.msgid: entry for entry in polib.pofile(str(locale / "pt/LC_MESSAGES/report.po"))
    }
    assert entries[FILLED].msgstr == better


def test_the_form_saves_what_the_workbook_would(
    asked: DocumentToRead, tmp_path: Path, locale: Path
) -> None:
    page = build_form(asked, TEMPLATES)
    assert page.count("<script") == 2
    assert "src=" not in page
    key = asked.texts[0].key
    answers = {
        "format": "disrupting-harm-review-1", "language": "pt", "document": DOCUMENT,
        "name": "Linguist", "office": "Ministry A", "date": "2026-11-20",
        "texts": {key: {"verdict": "right"}}, "terms": {},
        "questions": {asked.questions[0].key: {"verdict": "b"}},
    }  # fmt: skip
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(answers))
    assert take(read_form_answers(path), locale).rows == 2
    path.write_text("{}")
    with pytest.raises(StudyError, match="no answers of a form"):
        read_form_answers(path)


def test_a_text_that_begins_with_an_equals_sign_is_no_formula(tmp_path: Path) -> None:
    from disrupting_harm.report.translations.review_texts import TextToRead

    text = TextToRead("0" * 12, "=1+1", "=cmd", "=cmd", "not yet")
    path = tmp_path / "made.xlsx"
    path.write_bytes(build_workbook(DocumentToRead("pt", DOCUMENT, (text,), ())))
    cells = load_workbook(path)["Texts"][2]
    assert [cells[column].data_type for column in (2, 3, 8)] == ["s", "s", "s"]
