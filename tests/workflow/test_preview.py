"""A document with today's texts and the numbers of the last run, which stays as it is."""

import pytest
from checkout import Checkout, hashes


@pytest.mark.parametrize(("document", "folder"), [("report", "reports"), ("brief", "briefs")])
def test_without_an_edit_it_is_the_document_of_the_run(
    small: Checkout, small_copy: Checkout, document: str, folder: str
) -> None:
    done = small_copy.say("preview", "KEN", "--document", document)
    assert done.returncode == 0, done.stderr
    for kind in ("html", "pdf", "docx"):
        place = f"{folder}/KEN/en/{document}.{kind}"
        made = small_copy.folder / "results/preview" / place
        assert made.read_bytes() == (small.folder / "results/public" / place).read_bytes()
    assert done.stdout.splitlines() == [
        f"results/preview/{folder}/KEN/en/{document}.{kind}" for kind in ("html", "pdf", "docx")
    ]


def test_an_edited_text_is_seen_and_the_results_stay(small_copy: Checkout) -> None:
    public = small_copy.folder / "results/public"
    before = hashes(public)
    small_copy.edit("config/config.yaml", "title: Disrupting Harm\n", "title: Today's words\n")
    done = small_copy.say("preview", "KHM", "--to", "html")
    assert done.returncode == 0, done.stderr
    seen = small_copy.folder / "results/preview/reports/KHM/en/report.html"
    assert "Today’s words" in seen.read_text(encoding="utf-8")
    assert hashes(public) == before


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["XXX"], "XXX: no country of this run. Take KEN, KHM."),
        (["KHM", "--to", "pdf, xls"], "--to: xls. Choose among html, pdf, docx."),
        (["KHM", "--language", "fr"], "report of KHM: there is none in 'fr'. Take en, km."),
    ],
)
def test_what_is_not_there_is_named(small_copy: Checkout, words: list[str], fault: str) -> None:
    done = small_copy.say("preview", *words)
    assert (done.returncode, done.stderr) == (1, f"error: {fault}\n")


def test_without_a_finished_run_it_says_what_to_do(small_copy: Checkout) -> None:
    (small_copy.folder / "results/public/manifest.json").unlink()
    done = small_copy.say("preview", "KEN")
    assert (done.returncode, done.stderr) == (
        1,
        "error: results/public: no finished run. Run: make run.\n",
    )
