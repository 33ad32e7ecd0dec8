"""Languages in letters that no language had: added by data alone, in a copy of the package.

Each needs four files: a font with its licence, a row of ``scripts.yml``, ``language.yml`` and the
catalogue. The words are specimens, no reviewed translation.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest

ROOT = Path(__file__).parents[3]
FONTS = ROOT / "tests" / "data" / "typefaces"
SCRIPTS = Path("disrupting_harm") / "report" / "language"


class Specimen(NamedTuple):
    """A language: its code, the code and the row of its script, a sentence and a list's "and"."""

    code: str
    script: str
    row: str
    words: str
    kenya: str


SPECIMENS = [
    Specimen(
        "am",
        "Ethi",
        "{family: Noto Sans Ethiopic, font: typefaces/NotoSansEthiopic.ttf, "
        "letters: 'U+1200-139F, U+2D80-2DDF, U+AB00-AB2F'}",
        "ልጆች በኢንተርኔት",
        "ኬንያ",
    ),
    Specimen(
        "lo",
        "Laoo",
        "{family: Noto Sans Lao, font: typefaces/NotoSansLao.ttf, "
        "letters: 'U+E80-EFF, U+200B-200D, U+25CC', tall: true, drawn: U+E80-EFF, "
        "sort: '([\\u0ec0-\\u0ec4])([\\u0e81-\\u0eae])', "
        "breaks: '(?<=[\\u0e81-\\u0ecd])(?<![\\u0ec0-\\u0ec4])(?=[\\u0ec0-\\u0ec4])'}",
        "ເດັກນ້ອຍໃນອິນເຕີເນັດ",
        "ເຄນຢາ",
    ),
    Specimen(
        "my",
        "Mymr",
        "{family: Noto Sans Myanmar, font: typefaces/NotoSansMyanmar.ttf, "
        "letters: 'U+1000-109F, U+AA60-AA7F, U+200B-200D, U+25CC', tall: true, drawn: U+1000-109F, "
        "breaks: '(?<=[\\u1000-\\u103f])(?<!\\u1039)(?=[\\u1000-\\u102a](?![\\u1039\\u103a]))'}",
        "အင်တာနက်ပေါ်ရှိ ကလေးများ",
        "ကင်ညာ",
    ),
]
# What a run does with a language, in a process that has the copied package.
DOCUMENT = """
import sys
from pathlib import Path

import polib

from disrupting_harm.report.drawing.conversion import convert_svg
from disrupting_harm.report.drawing.letters import shape_text, wrap_text
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.assets import write_shared
from disrupting_harm.report.translations.catalogue import main

folder, code, words = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
templates = folder / "templates"
assert main(["new", code, "--templates", str(templates)]) == 0
path = templates / "locale" / code / "LC_MESSAGES" / "report.po"
catalogue = polib.pofile(str(path))
catalogue.find("Boys").msgstr = words
catalogue.save()
translator = load_translator(code, templates / "locale")
assert translator.number(300_000) in ("300,000", "300.000")
print(translator.country("KEN"))
write_shared(folder / "public", templates)
(folder / "public" / "d").mkdir()
qmd = folder / "public" / "d" / "d.qmd"
boys = translator("Boys")
text = f"{boys}: 17 (5–28), {translator.country('KEN')}"
head = f"title: {words}\\nlang: {code}\\ndate: 2026-01-01"
qmd.write_text(f"---\\n{head}\\n---\\n\\n## {words} {{#sec-a}}\\n\\n{text}\\n", encoding="utf-8")
render(qmd, ["html", "pdf", "docx"], "embedded")
# A letter without a shape warns, and a warning is an error.
lines = wrap_text(" ".join([words] * 4), 30, 9)
assert len(lines) > 1 and all(shape_text(line).glyphs for line in lines)
svg = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="20pt" viewBox="0 0 200 20">'
    f'<title>{words}</title><text x="5" y="15" fill="#000000" '
    f'font-family="Noto Sans, {sys.argv[4]}, sans-serif" font-size="9">{words}</text></svg>'
)
(folder / "figure.pdf").write_bytes(convert_svg(svg, "pdf"))
"""


@pytest.mark.parametrize("specimen", SPECIMENS, ids=[each.code for each in SPECIMENS])
def test_a_language_in_new_letters_is_printed_by_data_alone(
    tmp_path: Path, specimen: Specimen
) -> None:
    source, templates = tmp_path / "src", tmp_path / "templates"
    shutil.copytree(
        ROOT / "src" / "disrupting_harm",
        source / "disrupting_harm",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(
        ROOT / "workflow", tmp_path / "workflow", ignore=shutil.ignore_patterns("*.pyc")
    )
    shutil.copytree(ROOT / "config", tmp_path / "config")
    templates.symlink_to(tmp_path / "workflow" / "templates")
    package = source / SCRIPTS
    name = re.search(r"typefaces/(\w+)\.ttf", specimen.row)[1]
    for suffix in (".ttf", ".txt"):
        shutil.copy(FONTS / f"{name}{suffix}", package / "typefaces")
    with (package / "scripts.yml").open("a", encoding="utf-8") as rows:
        rows.write(f"{specimen.script}: {specimen.row}\n")
    family = re.search("family: ([^,]*),", specimen.row)[1]
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", DOCUMENT,
         str(tmp_path), specimen.code, specimen.words, family],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == specimen.kenya
    settings = (templates / "locale" / specimen.code / "language.yml").read_text("utf-8")
    assert f"script: {specimen.script}\n" in settings
    folder = tmp_path / "public" / "d"
    page = (folder / "d.html").read_text("utf-8")
    assert re.search(f'<html lang="{specimen.code}"', page)
    assert re.findall("font-family: '([^']*)'", page) == ["Noto Sans", family]
    for path in (folder / "d.pdf", tmp_path / "figure.pdf"):
        fonts = {
            str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
            for sheet in pypdf.PdfReader(path).pages
            for font in sheet["/Resources"]["/Font"].values()
        }
        assert family.replace(" ", "") in fonts, path.name
        assert fonts <= {"NotoSans", family.replace(" ", "")}, path.name
    assert {"NotoSans.ttf", f"{name}.ttf", f"{name}.txt"} <= {
        path.name for path in (tmp_path / "public" / "fonts").iterdir()
    }
