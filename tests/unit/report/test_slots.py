"""What authors write: places that are empty say so, and nobody is quoted without consent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from public_results import AREA, write_public
from test_documents import FINDINGS, ROOT, TEMPLATES, chapter

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, read_json, write_json
from disrupting_harm.releases.accept import check_all_written, check_helplines_confirmed
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.documents.slots import read_slots
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country

SAID = "---\ncode: KH-07\nconsent: true\n---\nI did not know that anybody would listen.\n"
Fill = Callable[..., str]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Return a report whose authors have written ``files``."""
    codebook = load_codebook(ROOT / "config" / "indicators.yaml")
    write_public(tmp_path / "public", codebook, [], "en")

    def filled(**files: str) -> str:
        for name, content in files.items():
            path = tmp_path / "slots" / "KHM" / "en" / f"{name.replace('_', '-')}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        source = write_source(
            Country.model_validate(AREA),
            load_configuration(ROOT / "config" / "config.yaml"),
            codebook,
            read_results("KHM", tmp_path / "public"),
            "en",
            figures=tmp_path / "public" / "figures" / "KHM" / "en",
            templates=TEMPLATES,
            folder=tmp_path / "report",
            findings=load_findings(FINDINGS, codebook),
            slots=tmp_path / "slots",
        )
        return source.read_text(encoding="utf-8")

    return filled


def test_an_empty_place_says_what_is_to_be_written_and_in_which_file(
    fill: Fill, tmp_path: Path
) -> None:
    text = fill()
    assert text.count("::: {.slot file=") == 3
    assert "authors: a foreword, up to 250 words**" in text.partition("\n## ")[0]
    assert "File: KHM/en/quotation-experiences.md." in chapter(text, "sec-experiences")
    assert "KHM/en/foreword.md" in read_json(tmp_path / "report" / "status.json")["to_be_written"]


def test_what_was_written_takes_the_place(fill: Fill, tmp_path: Path) -> None:
    text = fill(
        foreword="A *foreword*.\n", acknowledgements="Thanks.\n", quotation_experiences=SAID
    )
    assert (
        chapter(text, "sec-foreword")
        .strip()
        .endswith('::: {.authored file="KHM/en/foreword.md"}\nA *foreword*.\n:::')
    )
    assert "::: {.slot file=" not in chapter(text, "sec-experiences")
    assert "I did not know that anybody would listen.\n:::\n\n(KH-07)" in chapter(
        text, "sec-experiences"
    )
    assert read_json(tmp_path / "report" / "status.json")["to_be_written"] == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (SAID.replace("true", "false"), "did not agree"),
        (SAID.replace("consent: true\n", ""), "key 'consent'"),
        (SAID.replace("code: KH-07\n", ""), "key 'code'"),
        ("I did not know that anybody would listen.\n", "it has no front matter"),
        (SAID + "word " * 60, "68 words, more than 60"),
    ],
)
def test_nobody_is_quoted_without_code_and_consent(
    tmp_path: Path, content: str, found: str
) -> None:
    path = tmp_path / "KHM" / "en" / "quotation-experiences.md"
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=found):
        read_slots(tmp_path, "KHM", "en", ["experiences"])


def test_a_release_with_an_empty_place_is_refused(tmp_path: Path) -> None:
    public = tmp_path / PUBLIC
    status = public / "reports" / "KHM" / "en" / "status.json"
    write_json(status, {"to_be_written": []})
    check_all_written(public)
    write_json(status, {"to_be_written": ["KHM/en/foreword.md", "KHM/en/acknowledgements.md"]})
    with pytest.raises(StudyError, match=r"KHM/en/foreword.md .*and with it 1 other"):
        check_all_written(public)


def test_a_release_of_real_data_without_a_confirmed_helpline_is_refused(tmp_path: Path) -> None:
    """A simulated study is marked on each page and may go without."""
    public = tmp_path / "public"
    for country, blocked in (("KEN", False), ("UGA", False)):
        write_json(
            public / "briefs" / country / "en" / "status.json",
            {"help_not_confirmed": True, "not_for_publication": blocked},
        )
    check_helplines_confirmed(public)
    for country in ("UGA", "KEN"):
        path = public / "briefs" / country / "en" / "status.json"
        write_json(path, {"help_not_confirmed": True, "not_for_publication": True})
    with pytest.raises(StudyError, match="confirmed for KEN, UGA, and"):
        check_helplines_confirmed(public)
