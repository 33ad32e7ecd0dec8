"""Colours, fonts and Word styles of the reports."""

import base64
import io
import re
import zipfile
from pathlib import Path

import pypdf
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from rendering_sample import TEMPLATES, document

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language import fonts
from disrupting_harm.report.language.fonts import (
    OTHER,
    find_published_fonts,
    font_files,
    render_font_faces,
)
from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.rendering import list_shared_files, render, write_shared

CSS = (TEMPLATES / "styles" / "report.css").read_text(encoding="utf-8")
TYPST = (TEMPLATES / "styles" / "typst-template.typ").read_text(encoding="utf-8")
WORD = (TEMPLATES / "styles" / "docx-styles.xml").read_text(encoding="utf-8")
WHITE = "#ffffff"
LIGHT, _, DARK = CSS.partition("prefers-color-scheme: dark")


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 for ``#rrggbb``."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.005)


def colours_of(css):
    """Return the colours that a part of the style sheet defines."""
    named = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css)
    return {name: WHITE if value == "#fff" else value for name, value in named}


@pytest.mark.parametrize("css", [LIGHT, DARK])
def test_text_colours_stand_out_from_their_grounds(css):
    colours = colours_of(LIGHT) | colours_of(css)
    grounds = ("ground", "wash", "pale", "teal-pale", "accent-pale")
    pairs = [(colours[c], colours[g]) for c in ("teal", "accent", "ink", "grey") for g in grounds]
    pairs.append((colours["on-strong"], colours["strong"]))
    assert min(contrast(*pair) for pair in pairs) >= 4.5
    assert contrast(colours["tint"], colours["ground"]) >= 3


def test_screen_paper_and_word_share_their_colours():
    colours = colours_of(LIGHT)
    for name in ("teal", "accent", "ink", "grey", "rule", "tint", "pale"):
        assert f'"{colours[name].upper()}"' in TYPST
        assert f'"{colours[name].removeprefix("#").upper()}"' in WORD


def test_languages_have_the_same_words():
    layouts = {code: own.layout for code, own in read_languages(TEMPLATES / "locale").items()}
    assert len(layouts) == 8
    keys = set(layouts["en"])
    assert all(set(words) == keys and all(words.values()) for words in layouts.values())


def test_language_words_have_glyphs():
    covered = set().union(*(TTFont(path).getBestCmap() for path in font_files().values()))
    for own in read_languages(TEMPLATES / "locale").values():
        text = "".join(own.layout.values())
        assert {ord(c) for c in text} <= covered


@pytest.mark.parametrize(
    ("language", "families"),
    [
        ("en", ["Noto Sans"]),
        ("vi", ["Noto Sans", "Noto Sans"]),
        ("km", ["Noto Sans", "Kantumruy Pro"]),
        ("th", ["Noto Sans", "Noto Sans Thai"]),
    ],
)
def test_pages_carry_only_the_fonts_of_their_language(tmp_path, language, families):
    qmd = document(tmp_path / "d", "Words.", language=language)
    page = render(qmd, ["html"], "embedded").files["html"].read_text(encoding="utf-8")
    assert re.findall("font-family: '([^']*)'", page) == families
    assert len(page) < 150_000


def test_vietnamese_letters_are_within_the_range():
    assert "U+1EA0-1EF9" in render_font_faces("Viet")
    assert "U+1EA0" not in render_font_faces("Latn")
    assert "U+1780-17FF" in render_font_faces("Khmr")


def test_published_fonts_have_every_letter_in_the_width_and_weights_of_documents():
    for family, whole in font_files().items():
        name = f"{family.replace(' ', '')}.ttf"
        if name not in find_published_fonts():
            continue
        ours, theirs = TTFont(find_published_fonts()[name]), TTFont(whole)
        # Which letters there are: how their shapes are called is dropped, so no names are compared.
        assert ours.getBestCmap().keys() == theirs.getBestCmap().keys()
        assert not {"fpgm", "cvt "} & {*ours.keys()}
        if family == OTHER:
            # Nothing draws this font anew but the cut, which treats all letters alike: one of each
            # script and a face tell as much as its thousands would, in seconds less.
            shapes = ours.getGlyphSet(), theirs.getGlyphSet()
            for letter in (0x41, 0x628, 0x5D0, 0x1F600):
                drawn = [DecomposingRecordingPen(glyphs) for glyphs in shapes]
                for font, pen in zip((ours, theirs), drawn, strict=True):
                    pen.glyphSet[font.getBestCmap()[letter]].draw(pen)
                assert drawn[0].value == drawn[1].value != []
            continue
        axes = {axis.axisTag: (axis.minValue, axis.maxValue) for axis in ours["fvar"].axes}
        assert axes == {"wght": (400, 700)}


def test_fonts_are_cut_anew_when_the_module_that_says_how_was_edited(tmp_path, monkeypatch):
    edited = tmp_path / "fonts.py"
    edited.write_bytes(Path(fonts.__file__).read_bytes())
    monkeypatch.setattr(fonts, "_MODULE", edited)
    before = fonts._find_cache_folder(font_files().values())
    assert fonts._find_cache_folder(font_files().values()) == before
    text = edited.read_text(encoding="utf-8")
    edited.write_text(text.replace("SEMIBOLD = 600", "SEMIBOLD = 500"), encoding="utf-8")
    assert fonts._find_cache_folder(font_files().values()) != before


def test_a_font_that_cannot_be_kept_leaves_nothing_behind(tmp_path):
    (tmp_path / "a.ttf").mkdir()
    with pytest.raises(OSError, match=r"a\.ttf"):
        fonts._write_cache_file(tmp_path / "a.ttf", b"font")
    assert [path.name for path in tmp_path.iterdir()] == ["a.ttf"]


def test_pages_fonts_have_no_shapes_that_no_page_asks_for():
    (data,) = re.findall("base64,([^)]*)", render_font_faces("Latn"))
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    features, kept = (
        {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}
        for table in ("GSUB", "GPOS")
    )
    assert features.isdisjoint({"smcp", "sups", "subs", "ss03"})
    assert "kern" in kept
    # Figures stand below each other without a feature of theirs.
    assert len({font["hmtx"][font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}) == 1


def word_parts(path, *names):
    with zipfile.ZipFile(path) as archive:
        return [archive.read(f"word/{name}.xml").decode() for name in names]


def test_word_files_carry_header_footer_and_language_of_their_document(tmp_path):
    front = 'watermark: "A \\\\& B"\norganisation: "C < D"\n'
    qmd = document(tmp_path / "d", "Words.", front, language="km")
    made = render(qmd, ["docx"], "embedded").files["docx"]
    header, footer, styles = word_parts(made, "header1", "footer1", "styles")
    assert "A &amp; B" in header
    assert "A title" in header
    assert "C &lt; D" in footer
    assert "NUMPAGES" in footer
    assert 'w:bidi="km"' in styles


def test_authors_documents_carry_the_organisation_and_watermark_of_the_study(tmp_path):
    terms = "Contact: ask@example.org"
    write_shared(
        tmp_path,
        TEMPLATES,
        organisation="An institute",
        terms=terms.replace("@", "\\@"),
        watermark="Simulated data",
    )
    header, footer = word_parts(tmp_path / "_shared" / "reference.docx", "header1", "footer1")
    assert "Simulated data" in header
    assert "STYLEREF Title" in header
    assert "An institute" in footer
    folder = tmp_path / "notes"
    folder.mkdir()
    qmd = folder / "note.qmd"
    qmd.write_text("---\ntitle: A note\nlang: en\ndate: 2026-11-24\n---\n\nWords.\n")
    files = render(qmd, renderer="embedded").files
    assert files["html"].read_text(encoding="utf-8").count("Simulated data") == 1
    assert "Simulated data" in pypdf.PdfReader(files["pdf"]).pages[0].extract_text()
    assert "Simulated data" in word_parts(files["docx"], "header1")[0]
    # Licence and contact stand at the foot of each page.
    assert f'<p class="terms">{terms}</p>' in files["html"].read_text(encoding="utf-8")
    assert f"An institute {terms}" in pypdf.PdfReader(files["pdf"]).pages[0].extract_text()
    assert terms in word_parts(files["docx"], "footer1")[0]


def test_shared_files_are_all_that_is_written(tmp_path):
    made = write_shared(tmp_path, TEMPLATES)
    assert sorted(made) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert [path.relative_to(tmp_path).as_posix() for path in made] == list_shared_files()


def test_language_without_words_is_an_error(tmp_path):
    qmd = document(tmp_path / "d", "Words.", language="st")
    with pytest.raises(StudyError, match="no words for the language 'st'"):
        render(qmd, ["html"], "embedded")


@pytest.mark.parametrize(
    "text",
    [
        "Uses <chat> apps",
        "\u05e9\u05dc\u05d5\u05dd \u200f\u2067x\u2069",
        "\U0001f600",
        "កុមារ",
        "เด็ก",
    ],
)
def test_letters_of_many_scripts_can_be_shown(text):
    refuse_unshowable(text, "label")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("say \u12a2\u1275", r"U\+12A2 \(ETHIOPIC SYLLABLE GLOTTAL I\), in '\u12a2\u1275'"),
        ("\U0001f9d2", r"U\+1F9D2 \(CHILD\)"),
        ("a\x07b", r"U\+0007 \(a control character\)"),
    ],
)
def test_a_letter_in_no_font_is_a_fault_that_names_it(text, named):
    with pytest.raises(StudyError, match=named):
        refuse_unshowable(text, "label")
