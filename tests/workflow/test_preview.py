"""A document with today's texts and the numbers of the last run, which stays as it is."""

import pytest
from checkout import Checkout, hashes

from disrupting_harm.runs import preview


@pytest.fixture(scope="module")
def finished(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A finished study of two countries, whose documents are seen beforehand, and never changed."""
    return small.copy_to(tmp_path_factory.mktemp("finished") / "copy")


@pytest.mark.parametrize(
    ("document", "place"), [("report", "reports/KHM/en"), ("brief", "briefs/KEN/en")]
)
def test_without_an_edit_it_is_the_document_of_the_run(
    finished: Checkout, document: str, place: str
) -> None:
    """Each is made in another language, too, to which it has a link."""
    country = place.split("/")[1]
    done = finished.say("preview", country, "--document", document)
    assert done.returncode == 0, done.stderr
    for kind in ("html", "pdf", "docx"):
        preview, public = (
            finished.folder / folder / f"{place}/{document}.{kind}"
            for folder in ("results/preview", "results/public")
        )
        assert preview.read_bytes() == public.read_bytes()
    assert done.stdout.splitlines() == [
        f"results/preview/{place}/{document}.{kind}" for kind in ("html", "pdf", "docx")
    ]


def test_edited_texts_and_styles_are_seen_and_the_results_stay(
    small_copy: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    results, templates = small_copy.folder / "results", small_copy.folder / "workflow/templates"
    monkeypatch.setattr(preview, "templates_folder", lambda: templates)
    before = hashes(results / "public")
    small_copy.edit("config/config.yaml", "title: Disrupting Harm\n", "title: Today's words\n")
    style = "workflow/templates/styles/report-template.html"
    small_copy.edit(style, "</head>", '<meta name="of" content="today">\n</head>')
    done = small_copy.say("preview", "KHM", "--to", "html")
    assert done.returncode == 0, done.stderr
    seen = results / "preview/reports/KHM/en/report.html"
    assert "Today’s words" in seen.read_text(encoding="utf-8")
    assert '<meta name="of" content="today"' in seen.read_text(encoding="utf-8")
    assert hashes(results / "public") == before
    # One that fails leaves the earlier one as it was, and nothing of its own.
    before, names = hashes(results / "preview"), {path.name for path in results.iterdir()}
    with (templates / "country" / "report.qmd.j2").open("a", encoding="utf-8") as template:
        template.write("\nA letter that no font has: \U000f0000\n")
    done = small_copy.say("preview", "KEN", "--to", "html")
    assert (done.returncode, done.stdout) == (1, "")
    assert "U+F0000" in done.stderr
    assert hashes(results / "preview") == before
    assert {path.name for path in results.iterdir()} == names


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["XXX"], "XXX: no country of this run. Take KEN, KHM."),
        (["KHM", "--to", "pdf, xls"], "--to: xls. Choose among html, pdf, docx."),
        (["KHM", "--language", "fr"], "report of KHM: there is none in 'fr'. Take en, km."),
    ],
)
def test_what_is_not_there_is_named(finished: Checkout, words: list[str], fault: str) -> None:
    done = finished.say("preview", *words)
    assert (done.returncode, done.stderr) == (1, f"error: {fault}\n")


def test_without_a_finished_run_it_says_what_to_do(finished: Checkout) -> None:
    manifest = "results/public/manifest.json"
    with finished.restored(manifest):
        (finished.folder / manifest).unlink()
        done = finished.say("preview", "KEN")
    assert (done.returncode, done.stderr) == (
        1,
        "error: results/public: no finished run. Run: make run.\n",
    )
