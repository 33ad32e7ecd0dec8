"""Languages in letters that no language had: added by data alone, in a copy of the package.

Each needs four files: a font with its licence, a row of ``scripts.yml``, ``language.yml`` and the
catalogue. The words are specimens, no reviewed translation.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest

pytestmark = pytest.mark.slow
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

    @property
    def family(self) -> str:
        """The name of its font."""
        return re.search("family: ([^,]*),", self.row)[1]

    @property
    def font(self) -> str:
        """The name of the font's file, without its ending."""
        return self.family.replace(" ", "")


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
# What a run does with each language, in a process that has the copied package.
DOCUMENTS = """
import json
import sys
from pathlib import Path

import polib

from disrupting_harm.report.drawing.conversion import convert_svg
from disrupting_harm.report.drawing.letters import shape_text, wrap_text
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.assets import write_shared
from disrupting_harm.report.translations.catalogue import main

folder, specimens = Path(sys.argv[1]), json.loads(sys.argv[2])
templates, public = folder / "workflow" / "templates", folder / "public"
for code, words, _ in specimens:
    assert main(["new", code, "--templates", str(templates)]) == 0
    path = templates / "locale" / code / "LC_MESSAGES" / "report.po"
    catalogue = polib.pofile(str(path))
    catalogue.find("Boys").msgstr = words
    catalogue.save()
write_shared(public, templates)
for code, words, family in specimens:
    translator = load_translator(code, templates / "locale")
    assert translator.number(300_000) in ("300,000", "300.000")
    (public / code).mkdir()
    qmd = public / code / "d.qmd"
    text = f"{translator('Boys')}: 17 (5–28), {translator.country('KEN')}"
    head = f"title: {words}\\nlang: {code}\\ndate: 2026-01-01"
    body = f"---\\n{head}\\n---\\n\\n## {words} {{#sec-a}}\\n\\n{text}\\n"
    qmd.write_text(body, encoding="utf-8")
    render(qmd, ["html", "pdf", "docx"], "embedded")
    # A letter without a shape warns, and a warning is an error.
    lines = wrap_text(" ".join([words] * 4), 30, 9)
    assert len(lines) > 1 and all(shape_text(line).glyphs for line in lines)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="20pt" viewBox="0 0 200 20">'
        f'<title>{words}</title><text x="5" y="15" fill="#000000" '
        f'font-family="Noto Sans, {family}, sans-serif" font-size="9">{words}</text></svg>'
    )
    (public / code / "figure.pdf").write_bytes(convert_svg(svg, "pdf"))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with all these scripts, and a document in each language."""
    folder = tmp_path_factory.mktemp("scripts")
    for part in ("src/disrupting_harm", "workflow", "config"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    scripts = folder / "src" / SCRIPTS
    with (scripts / "scripts.yml").open("a", encoding="utf-8") as rows:
        for specimen in SPECIMENS:
            rows.write(f"{specimen.script}: {specimen.row}\n")
            for suffix in (".ttf", ".txt"):
                shutil.copy(FONTS / f"{specimen.font}{suffix}", scripts / "typefaces")
    specimens = json.dumps([(each.code, each.words, each.family) for each in SPECIMENS])
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", DOCUMENTS, str(folder), specimens],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder / "src")},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.mark.parametrize("specimen", SPECIMENS, ids=[each.code for each in SPECIMENS])
def test_a_language_in_new_letters_is_printed_by_data_alone(
    package: Path, specimen: Specimen
) -> None:
    locale = package / "workflow" / "templates" / "locale" / specimen.code
    assert f"script: {specimen.script}\n" in (locale / "language.yml").read_text("utf-8")
    folder = package / "public" / specimen.code
    page = (folder / "d.html").read_text("utf-8")
    assert re.search(f'<html lang="{specimen.code}"', page)
    assert specimen.kenya in page
    assert re.findall("font-family: '([^']*)'", page) == ["Noto Sans", specimen.family]
    for path in (folder / "d.pdf", folder / "figure.pdf"):
        fonts = {
            str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
            for sheet in pypdf.PdfReader(path).pages
            for font in sheet["/Resources"]["/Font"].values()
        }
        assert specimen.font in fonts, path.name
        assert fonts <= {"NotoSans", specimen.font}, path.name
    assert {"NotoSans.ttf", f"{specimen.font}.ttf", f"{specimen.font}.txt"} <= {
        path.name for path in (package / "public" / "fonts").iterdir()
    }
