"""The page on which a reader judges texts: it warns while one types, and saves one file."""

import json
import time
from pathlib import Path

import pytest
from repository import PROJECT
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from disrupting_harm.report.translations.review_form import build_form, read_form_answers
from disrupting_harm.report.translations.review_texts import (
    DocumentToRead,
    QuestionToRead,
    TermToRead,
    TextToRead,
)

DOCUMENT = DocumentToRead(
    "pt",
    "briefs/MOZ/pt/brief",
    (
        TextToRead("a" * 12, "Companies", "Empresas", "Empresas", "not yet"),
        TextToRead("b" * 12, "{share} know", "{share} sabem", "37% sabem", "not yet"),
        TextToRead("c" * 12, "<b>No</b> </script>", "<i>Não</i>", "<i>Não</i>", "not yet"),
    ),
    (TermToRead("helpline", "helpline", "linha de apoio", (1,)),),
    (QuestionToRead("d" * 12, "Which?", {"A": "uma", "B": "outra"}, "Both", "a ministry", (1, 2)),),
)
WIDTHS = (390, 1366)


@pytest.fixture
def page(browser: webdriver.Chrome, tmp_path: Path) -> Path:
    path = tmp_path / "form.html"
    path.write_text(build_form(DOCUMENT, PROJECT / "workflow" / "templates"), encoding="utf-8")
    browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    browser.get_log("browser")
    browser.get(path.as_uri())
    browser.execute_script("localStorage.clear()")
    browser.get(path.as_uri())
    return path


def choose(browser: webdriver.Chrome, key: str, verdict: str) -> WebElement:
    article = browser.find_element(By.CSS_SELECTOR, f"[data-key='{key}']")
    # Not below the bar that stays in sight.
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", article)
    article.find_element(By.CSS_SELECTOR, f"input[value='{verdict}']").click()
    return article


def test_answers_are_checked_kept_and_saved(
    page: Path, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    choose(browser, "d" * 12, "b")
    choose(browser, "a" * 12, "right")
    article = choose(browser, "b" * 12, "change")
    better, fault = (article.find_element(By.CSS_SELECTOR, name) for name in ("textarea", ".fault"))
    better.clear()
    better.send_keys("sabem denunciar")
    assert fault.text == "Put back {share}."
    better.send_keys(" {share} {x}")
    assert fault.text == "Take out {x}."
    better.clear()
    better.send_keys("Sabem: {share}")
    assert fault.text == ""
    term = choose(browser, "helpline", "change")
    term.find_element(By.TAG_NAME, "textarea").clear()
    term.find_element(By.TAG_NAME, "textarea").send_keys("linha de ajuda")
    assert browser.find_element(By.ID, "count").text == "2 of 3 texts"

    browser.get(page.as_uri())
    assert browser.find_element(By.ID, "count").text == "2 of 3 texts"
    browser.find_element(By.ID, "save").click()
    assert "Please fill in" in browser.find_element(By.ID, "unsigned").text
    assert not [*tmp_path.glob("*.json")]
    for name, value in (("name", "Linguist"), ("office", "Ministry A")):
        browser.find_element(By.ID, name).send_keys(value)
    browser.execute_script("document.getElementById('date').value = '2026-11-20'")
    browser.find_element(By.ID, "save").click()
    saved = tmp_path / "answers-briefs-MOZ-pt-brief.json"
    for _ in range(50):
        if saved.is_file():
            break
        time.sleep(0.1)
    assert json.loads(saved.read_text("utf-8"))["date"] == "2026-11-20"
    answers = read_form_answers(saved)
    assert (answers.reviewer, answers.office, answers.document) == (
        "Linguist",
        "Ministry A",
        DOCUMENT.document,
    )
    assert [(answer.key, answer.verdict, answer.better) for answer in answers.texts] == [
        ("a" * 12, "right", ""),
        ("b" * 12, "change", "Sabem: {share}"),
    ]
    assert [(answer.key, answer.better) for answer in answers.terms] == [
        ("helpline", "linha de ajuda")
    ]
    (decision,) = answers.questions
    assert (decision.key, decision.verdict) == ("d" * 12, "b")


@pytest.mark.parametrize("width", WIDTHS)
def test_texts_are_shown_letter_by_letter_within_the_window_and_nothing_fails(
    page: Path, browser: webdriver.Chrome, width: int
) -> None:
    browser.set_window_size(width, 800)
    browser.get(page.as_uri())
    article = browser.find_element(By.CSS_SELECTOR, f"[data-key='{'c' * 12}']")
    assert "<b>No</b> </script>" in article.text
    assert not article.find_elements(By.CSS_SELECTOR, "b, i")
    assert browser.execute_script(
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
