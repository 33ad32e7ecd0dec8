"""A note as Quarto renders it by itself, tried with pandoc's Lua and a stand-in for Quarto.

Real Quarto is not run here: the form in which it hands shortcodes to filters is that of its source.
"""

import contextlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pypandoc
import pytest
import quarto_stand_in
from note_study import CONFIG, study, write_note, write_results
from rendering_sample import TEMPLATES

from disrupting_harm.__main__ import main
from disrupting_harm.core.files import read_json
from disrupting_harm.notes.fill import front_matter_of_results
from disrupting_harm.notes.note_folder import EXTENSION
from disrupting_harm.notes.shortcodes import NotePrinter

BODY = """\
## Of {{< number uses_daily/n >}}

{{< share uses_daily >}} said so, {{< number KHM/uses_daily/sex:girl >}} of girls; see
@fig-by-group-clear_examples and @tbl-uses_daily-sex. Of {{< meta title >}}.

| Who | How many |
|:----|---------:|
| All | {{< number KHM/quality/weights/kish_deff >}} |

{{< sentence clear_examples/sex:boy >}}

{{< figure by-group-clear_examples >}}

{{< table uses_daily/sex >}}
"""
LUA = Path(pypandoc.get_pandoc_path())


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a note that was rendered, and of its results."""
    folder = tmp_path_factory.mktemp("rendered")
    write_results(folder / "results" / "public")
    path = write_note(folder, BODY).path
    with contextlib.chdir(folder):
        assert main(["render", str(path), "--config", str(CONFIG), "--renderer", "embedded"]) == 0
    return folder


@pytest.fixture
def note(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rendered note, to be rendered by Quarto."""
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "note" / "note.qmd"


def quarto(note: Path, to: str) -> subprocess.CompletedProcess[str]:
    folder = note.parents[1] / "bin"
    if folder.is_dir():
        environment = {"PATH": f"{folder}:/usr/bin:/bin", "STAND_IN_VERSION": "1.10.18"}
    else:
        environment = quarto_stand_in.environment(folder)
    command = [str(folder / "quarto"), "render", note.name, "--to", to]
    return subprocess.run(
        command, cwd=note.parent, env=environment, capture_output=True, text=True, check=False
    )


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_a_page_holds_the_same_words_and_addresses(note: Path) -> None:
    ours = note.with_suffix(".html").read_text()
    done = quarto(note, "html")
    assert done.returncode == 0, done.stderr
    theirs = note.with_suffix(".html").read_text()
    assert theirs != ours
    addresses = re.findall(r'data-n="([^"]+)"', ours)
    assert len(addresses) > 9
    assert re.findall(r'data-n="([^"]+)"', theirs) == addresses
    for page in (ours, theirs):
        assert page.count("<svg") + page.count("data:image/svg") == 1
    assert words(theirs) == words(ours)


def test_a_date_that_was_changed_since_has_no_words_of_another_day(note: Path) -> None:
    note.write_text(note.read_text().replace("lang: en\n", "lang: en\ndate: 2027-01-05\n"))
    assert quarto(note, "html").returncode == 0
    page = note.with_suffix(".html").read_text()
    assert '<p class="date">2027-01-05</p>' in page
    assert "Simulated data: not for citation" in page


def test_the_marks_of_a_page_are_no_matter_of_its_author(note: Path) -> None:
    marks = 'watermark: ""\ndate-shown: "Some day"\n'
    note.write_text(note.read_text().replace("lang: en\n", f"lang: en\n{marks}"))
    assert quarto(note, "html").returncode == 0
    page = note.with_suffix(".html").read_text()
    assert '<aside class="watermark">Simulated data: not for citation</aside>' in page
    assert '<p class="date">Some day</p>' in page


def test_word_has_the_same_controls_and_a_pdf_is_made(note: Path) -> None:
    def tags() -> list[str]:
        with zipfile.ZipFile(note.with_suffix(".docx")) as word:
            return re.findall(r'<w:tag w:val="([^"]+)"', word.read("word/document.xml").decode())

    ours = tags()
    note.with_suffix(".pdf").unlink()
    for to in ("docx", "typst"):
        done = quarto(note, to)
        assert done.returncode == 0, done.stderr
    assert tags() == ours
    assert note.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_our_command_renders_by_quarto_where_it_is(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = note.with_suffix(".html").read_text()
    for name, value in quarto_stand_in.environment(note.parents[1] / "bin").items():
        monkeypatch.setenv(name, value)
    arguments = ["--config", str(CONFIG), "--renderer", "quarto", "--to", "html"]
    assert main(["render", str(note), *arguments]) == 0
    theirs = note.with_suffix(".html").read_text()
    assert theirs != ours
    assert words(theirs) == words(ours)
    assert main(["render", str(note.parent / "filled" / "note.qmd"), *arguments[2:]]) == 0


def test_ids_that_are_not_published_end_with_status_1_and_all_are_named(note: Path) -> None:
    faulty = "{{< number nothing >}} {{< number clear_examples/sex:boy >}}\n\n{{< figure none >}}"
    note.write_text(note.read_text() + "\n" + faulty)
    done = quarto(note, "html")
    assert done.returncode == 1
    unknown = "it is not among the printed forms beside this note; 'disrupting-harm render' adds"
    assert f"{{{{< number nothing >}}}}: {unknown}" in done.stderr
    assert "{{< number clear_examples/sex:boy >}}: hidden, to protect respondents" in done.stderr
    assert f"{{{{< figure none >}}}}: {unknown}" in done.stderr


def test_without_the_forms_of_its_language_it_says_what_to_do(note: Path) -> None:
    (note.parent / EXTENSION / "en-KHM.json").unlink()
    done = quarto(note, "html")
    assert done.returncode == 1
    assert "run 'disrupting-harm render' on this note once" in done.stderr


def test_the_forms_are_what_python_prints_and_hold_no_hidden_number(note: Path) -> None:
    forms = read_json(note.parent / EXTENSION / "en-KHM.json")
    printer = NotePrinter(study(), note.parents[1] / "results/public", "en", "KHM", TEMPLATES)
    for kind in ("number", "interval", "share", "sentence"):
        names = sorted(forms[kind])[::97]
        assert len(names) > 4
        for name in names:
            assert forms[kind][name] == getattr(printer, f"print_{kind}")(name)
    assert "KHM/clear_examples/sex:boy/estimate" not in forms["number"]
    assert "KHM/clear_examples/sex:boy" not in forms["share"]
    why = forms["refused"]["number KHM/clear_examples/sex:boy/estimate"]
    assert why.startswith("hidden, to protect respondents; ")


def test_a_pack_without_a_note_has_the_marks_of_its_language(note: Path) -> None:
    public = note.parents[1] / "results/public"
    printer = NotePrinter(study(), public, "km", "KHM", TEMPLATES)
    assert front_matter_of_results(read_json(public / "manifest.json"), printer.translator) == {
        "date": "2026-11-24",
        "date-shown": "ថ្ងៃទី 24 ខែវិច្ឆិកា ឆ្នាំ 2026",
        "watermark": "ទិន្នន័យសិប្បនិម្មិត៖ ហាមដកស្រង់",
        "status": "សេចក្តីព្រាងបកប្រែ៖ អត្ថបទ 4 ក្នុងចំណោម 4 មិនទាន់បានពិនិត្យ។",
    }


def test_shortcodes_of_other_projects_look_up_the_same(note: Path) -> None:
    """As Quarto calls them: with the arguments, named ones, and metadata that are asked by key."""
    asked = [["number", "uses_daily/n"], ["share", "KHM/uses_daily"], ["number", "nothing"]]
    harness = note.parent / "harness.lua"
    harness.write_text(
        f'local handlers = dofile("{EXTENSION}/shortcodes.lua")\n'
        'local meta = {lang = pandoc.Inlines("en"), country = pandoc.Inlines("KHM")}\n'
        f"for _, call in ipairs(pandoc.json.decode([==[{json.dumps(asked)}]==], false)) do\n"
        "  local made = handlers[call[1]](pandoc.List({call[2]}), {}, meta, {call[2]})\n"
        "  local doc = pandoc.Pandoc({pandoc.Plain(made)})\n"
        '  print(pandoc.write(doc, "markdown", pandoc.WriterOptions({wrap_text = "none"})))\nend\n'
    )
    done = subprocess.run(
        [LUA, "lua", harness.name], cwd=note.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    lines = [line for line in done.stdout.splitlines() if line]
    assert lines[0] == '[1,042]{n="KHM/uses_daily/n"}'
    assert lines[1].startswith('[48.2]{n="KHM/uses_daily/estimate"} per cent ([95]')
    assert "{{< number nothing >}}: it is not among the printed forms" in done.stderr
