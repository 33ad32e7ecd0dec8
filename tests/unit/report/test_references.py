"""The list of references, and why one country's survey stands apart from the others."""

import re
from pathlib import Path

import pytest
from public_results import AREA, write_public
from test_documents import ROOT, TEMPLATES

from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.findings.order_claims import find_reasons_incomparable
from disrupting_harm.report.findings.references import METHODS_WORKS, References, Work, read_works
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country

GHAI = Work("Ghai et al. 2026", "Ghai, S. (2026). A study.", "https://example.org/a")
HOLM = Work("Holm", "Holm, S. (1979). A procedure.", "")


def test_sources_are_numbered_once_and_works_follow_where_the_text_names_them() -> None:
    references = References()
    assert references.cite("A newspaper, 4 November") == r"\[1\]"
    assert references.cite("A report") == r"\[2\]"
    assert references.cite("A newspaper, 4 November") == r"\[1\]"
    assert references.cite("") == ""
    references.find_named(r"(source: Ghai et al\. 2026, Nature)", [HOLM, GHAI])
    assert references.format_entries().splitlines() == [
        "1. A newspaper, 4 November",
        "2. A report",
        "3. Ghai, S. (2026). A study. <https://example.org/a>",
    ]


def test_addresses_in_the_words_of_a_source_are_links() -> None:
    references = References()
    references.cite("A newspaper. https://example.org/a-b_c; a library: https://example.org/d.")
    assert references.format_entries() == (
        "1. A newspaper. <https://example.org/a-b_c>; a library: <https://example.org/d>."
    )


def test_every_work_of_the_project_and_of_the_study_is_complete() -> None:
    for path in (TEMPLATES / METHODS_WORKS, ROOT / "config" / "references.csv"):
        works = read_works(path)
        assert len({work.named for work in works}) == len(works) > 1


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "references.csv").write_text("name,reference,address\na,b,c\n")
    with pytest.raises(StudyError, match="row 1"):
        read_works(tmp_path / "references.csv")


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(ROOT / "config" / "indicators.yaml")


def report(
    folder: Path, codebook: Codebook, judgements: tuple[Judgement, ...], language: str = "en"
) -> str:
    rows = {
        code: Country.model_validate(AREA | {"country": code, "age_range": "12-17"})
        for code in ("KEN", "KHM", "UGA")
    }
    write_public(folder / "public", codebook, [], language)
    return write_source(
        rows["KHM"],
        load_configuration(ROOT / "config" / "config.yaml"),
        codebook,
        read_results("KHM", folder / "public"),
        language,
        figures=folder / "public" / "figures" / "KHM" / language,
        templates=TEMPLATES,
        folder=folder / "report",
        reasons_apart=find_reasons_incomparable("KHM", rows, codebook, judgements),
        works=[
            Work("A source", "The source in full.", "https://example.org/b"),
            # Words that no translation has.
            Work("Help for children", "A guide.", ""),
        ],
    ).read_text("utf-8")


def test_a_country_set_apart_says_so_in_its_own_summary(tmp_path: Path, codebook: Codebook) -> None:
    line = Judgement("KHM", "*", "survey", "", False, "another survey", "A newspaper, 4 November")
    text = report(tmp_path, codebook, (line,))
    summary = text.partition("\n## ")[0].partition("How to read this report")[2]
    assert (
        r"**Not comparable with the other countries of this study.** Reason: another survey. \[1\]"
        in summary
    )
    listed = text.partition("{#sec-references")[2].partition("\n## ")[0]
    assert re.search(r"^1\. A newspaper, 4 November$", listed, re.MULTILINE)
    assert text.count("A newspaper") == 1
    # AREA names this source; the methods name the others.
    assert "The source in full. <https://example.org/b>" in listed
    assert "Parker, J. D." in listed
    assert "Mogstad" not in listed


def test_a_country_like_the_others_says_nothing_of_it(tmp_path: Path, codebook: Codebook) -> None:
    assert "Not comparable with" not in report(tmp_path, codebook, ())


def listed(text: str) -> list[str]:
    section = text.partition("{#sec-references")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. .*$", section, re.MULTILINE)


@pytest.mark.parametrize("language", ["km", "vi", "id", "th", "pt"])
def test_a_translation_lists_the_references_of_the_english(
    tmp_path: Path, codebook: Codebook, language: str
) -> None:
    line = Judgement("KHM", "*", "survey", "", False, "another survey", "A newspaper, 4 November")
    english, own = (
        listed(report(tmp_path / tag, codebook, (line,), tag)) for tag in ("en", language)
    )
    assert own == english
    assert "1. A newspaper, 4 November" in own
    assert any("A guide." in entry for entry in own)
    assert len(own) >= 4


def test_a_source_that_is_part_of_a_work_stands_there_once() -> None:
    references = References()
    references.cite("Ghai et al., table 1, 2026. https://example.org/a/tables/1")
    references.cite("Another page. https://example.org/ab")
    references.find_named(r"Ghai et al\. 2026, and Holm", [HOLM, GHAI])
    assert references.format_entries().splitlines() == [
        "1. Ghai, S. (2026). A study. <https://example.org/a/tables/1>",
        "2. Another page. <https://example.org/ab>",
        r"3. Holm, S. (1979). A procedure.",
    ]
