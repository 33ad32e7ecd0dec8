"""Scripts by data: fonts, style sheets and drawings follow ``scripts.yml`` and name none."""

import re
import unicodedata
from pathlib import Path

import polib
import pytest
from fontTools.ttLib import TTFont

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language import scripts
from disrupting_harm.report.language.fonts import find_published_fonts, name_font_file
from disrupting_harm.report.language.scripts import SCRIPTS, read_scripts
from disrupting_harm.report.language.settings import CATALOGUE, read_languages

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "workflow" / "templates" / "locale"
LANGUAGES = {code: own for code, own in read_languages(LOCALE).items() if code != "en"}
# Signs of the layout and of direction have no shape.
WITHOUT_SHAPE = ("Cf", "Cc", "Zl", "Zp")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_catalogue_has_a_font_of_its_script_and_stands_in_its_pages(
    language: str,
) -> None:
    script = SCRIPTS[LANGUAGES[language].script]
    fonts = [SCRIPTS["Latn"], script]
    published = find_published_fonts()
    known = set().union(
        *(TTFont(published[f"{name_font_file(each.family)}.ttf"]).getBestCmap() for each in fonts)
    )
    carried = {*SCRIPTS["Latn"].code_points, *script.code_points}
    catalogue = polib.pofile(str(LOCALE / language / CATALOGUE))
    texts = " ".join(entry.msgstr for entry in catalogue)
    letters = {
        letter for letter in texts if unicodedata.category(letter) not in (*WITHOUT_SHAPE, "Zs")
    }
    assert len(letters) > 50
    assert {letter for letter in letters if ord(letter) not in known} == set()
    # What English has, too, is a sign of a formula.
    words = letters - {letter for entry in catalogue for letter in entry.msgid}
    assert len(words) > 10 or language in ("id", "sw", "fil")
    assert {letter for letter in words if ord(letter) not in carried} == set()


def test_no_module_style_or_template_names_a_script_or_its_font() -> None:
    names = {script.family for code, script in SCRIPTS.items() if code not in ("Latn", "Viet")}
    codes = {code for code in SCRIPTS if code != "Latn"}
    pattern = re.compile(
        "|".join(sorted(map(re.escape, names)))
        + "|"
        + "|".join(f"[\"']{code}[\"']" for code in sorted(codes | {"khmer", "thai", "km", "th"}))
        + r"|:lang\((?!en)"
    )
    # HTML has an element "th".
    elements = re.compile(r"[\"']td[\"']|make\(\"th\"")
    suffixes = {".py", ".css", ".typ", ".html", ".j2", ".lua", ".js", ".yml"}
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("src/disrupting_harm", "src/disrupting_harm_launcher", "workflow/templates")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "locale" not in path.parts and path.name != "scripts.yml"
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line) and not elements.search(line)
    ]
    assert found == []


def test_a_font_that_is_not_there_and_an_unknown_key_are_named(tmp_path: Path) -> None:
    path = tmp_path / "scripts.yml"
    text = Path(scripts.__file__).with_suffix(".yml").read_text(encoding="utf-8")
    path.write_text(text.replace("typefaces/KantumruyPro.ttf", "typefaces/None.ttf"), "utf-8")
    with pytest.raises(StudyError, match=r"typefaces/None\.ttf"):
        read_scripts(path)["Khmr"].path  # noqa: B018
    path.write_text(text.replace("  tall: true", "  high: true", 1), "utf-8")
    with pytest.raises(StudyError, match="Khmr"):
        read_scripts(path)
