"""Which messages of a catalogue a stage may print."""

import re
from pathlib import Path

import pytest

from disrupting_harm.provenance.imports import imported_files
from disrupting_harm.report.language.catalogue_part import (
    digest_of_part,
    digests_by_places,
    list_included_templates,
    report_modules,
    select_messages,
)

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src"
SOURCES = (SOURCE, ROOT / "engine/src")
HEAD = 'msgid ""\nmsgstr ""\n"Language: km\\n"'
MODULES = ["figures/alt_text.py", "evidence/police.py"]


def entry(*comments: str) -> str:
    return "\n".join([*comments, "#, python-brace-format", 'msgid "A"', 'msgstr "B"'])


@pytest.mark.parametrize(
    ("comments", "is_read"),
    [
        (["#: figures/alt_text.py"], True),
        (["#: annex.py"], False),
        (["#: country/about.qmd.j2 annex.py"], False),
        (["#: country/about.qmd.j2 annex.py", "#: evidence/police.py"], True),
        (["#: codebook"], True),
        (["#: annex.py recommendations.yaml"], True),
        ([], True),
        (["# evidence/police.py says it, too", "#: annex.py"], False),
    ],
)
def test_a_message_is_left_out_that_stands_elsewhere_alone(
    comments: list[str], is_read: bool
) -> None:
    catalogue = "\n\n".join([HEAD, entry(*comments), entry("#: annex.py")])
    kept = [HEAD, entry(*comments)] if is_read else [HEAD]
    assert select_messages(catalogue, MODULES) == "\n\n".join(kept)
    edited = digests_by_places(catalogue.replace('msgstr "B"', 'msgstr "C"', 1))
    before = digest_of_part(digests_by_places(catalogue), MODULES)
    assert (digest_of_part(edited, MODULES) != before) == is_read


def test_what_no_document_prints_is_no_part_of_it() -> None:
    """Else every edit of a comment, or of a message that is gone, would draw all figures again."""
    catalogue = "\n\n".join([HEAD, entry("#: codebook")])
    noted = entry("# ask a reader", "#. e.g. 9 of 100", "#: codebook").replace(
        "msgid", '#| msgid "Former"\nmsgid'
    )
    with_remarks = "\n\n".join([HEAD, noted, '#~ msgid "Gone"\n#~ msgstr "C"'])
    assert select_messages(with_remarks, MODULES) == "\n\n".join([HEAD, noted])
    assert digests_by_places(with_remarks) == digests_by_places(catalogue)
    fuzzy = catalogue.replace("#, ", "#, fuzzy, ")
    assert digests_by_places(fuzzy) != digests_by_places(catalogue)


def test_modules_are_named_as_catalogues_name_them() -> None:
    start = SOURCE / "disrupting_harm" / "stages" / "figures.py"
    modules = report_modules(imported_files(start, *SOURCES), SOURCE)
    assert {"figures/alt_text.py", "language/translator.py", "language/evidence_codes.py"} <= set(
        modules
    )
    assert not {"annex.py", "stages/figures.py", "documents.py"} & set(modules)
    catalogue = ROOT / "workflow/templates/locale/km/LC_MESSAGES/report.po"
    text = catalogue.read_text(encoding="utf-8")
    part = select_messages(text, modules)
    assert "#: figures/alt_text.py\n" in part
    assert "#: country/methods.qmd.j2\n" not in part
    assert part.startswith(text[:400])


def test_a_template_comes_with_what_it_includes(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text('<% include "b.j2" %>\n<% if x %><% include "c.j2" %>\n')
    (tmp_path / "b.j2").write_text('<% include "c.j2" %>')
    (tmp_path / "c.j2").write_text('<% include "a.j2" %>')
    assert list_included_templates("a.j2", tmp_path) == {"a.j2", "b.j2", "c.j2"}
    assert list_included_templates("brief/brief.qmd.j2", ROOT / "workflow/templates") == {
        *("brief/brief.qmd.j2", "brief/front.qmd.j2"),
        *("parts/ways.qmd.j2", "parts/address.qmd.j2", "parts/terms.qmd.j2", "parts/design.qmd.j2"),
    }


def test_a_template_includes_in_one_way_only() -> None:
    """Others would not be followed."""
    files = [*(ROOT / "workflow/templates").rglob("*.qmd.j2")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert files
    assert sum(text.count("<% include") for text in texts) == sum(
        len(re.findall(r'<% include "[^"]+" %>', text)) for text in texts
    )
    words = ("import", "from", "extends", "-% include", "%- include")
    assert not [word for word in words for text in texts if f"<% {word} " in text]
