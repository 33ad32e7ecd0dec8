"""Addresses of numbers in pages, on paper and in Word: nothing that a reader sees changes."""

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pypdf
from rendering_sample import document, write_picture

from disrupting_harm.report.language.markdown import format_picture, remove_addresses
from disrupting_harm.report.rendering import render

LONG = f"KEN/triangulation/{'long_name_' * 9}/amount"
BODY = f"""\
## Of [12]{{n="KEN/policy/items"}} items {{#sec-a}}

About [17]{{n="KEN/a/estimate"}}% ([15]{{n="KEN/a/ci_low"}}–[19]{{n="KEN/a/ci_high"}}) of *all*.

- one in [6]{{n="one_in(KEN/a/estimate)"}}

| Group | Share |
|:------|------:|
| Girls | [\\<5]{{n="KEN/a/sex:girl/p_value"}} |
| Boys | none |

: Shares of [1,054]{{n="{LONG}"}} children. {{#tbl-a}}
"""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def rendered(folder: Path, output: str, body: str = BODY) -> Path:
    qmd = document(folder, body)
    write_picture(folder / "figures", "a")
    return render(qmd, [output], "embedded").files[output]


def body_of(page: str) -> str:
    return page[page.index("<h2") :]


def test_a_page_has_the_addresses_on_its_blocks_and_no_span_around_a_number(tmp_path: Path) -> None:
    page = body_of(rendered(tmp_path / "a" / "b", "html").read_text(encoding="utf-8"))
    found = re.findall(r'<(\w+)[^>]*? data-n="([^"]*)"', page)
    assert found == [
        ("h2", "KEN/policy/items"),
        ("span", "KEN/a/estimate KEN/a/ci_low KEN/a/ci_high"),
        ("span", "one_in(KEN/a/estimate)"),
        ("span", LONG),
        ("td", "KEN/a/sex:girl/p_value"),
    ]
    assert "About 17% (15–19) of <em>all</em>." in page.replace("\u2060", "")
    plain = rendered(tmp_path / "c" / "d", "html", remove_addresses(BODY))

    def seen(text: str) -> str:
        return re.sub(r"<[^>]+>", "", body_of(text))

    assert seen(page) == seen(plain.read_text(encoding="utf-8")).replace("c/d", "a/b")


PICTURE = format_picture("Shares.", "figures/a", "#fig-a", "17 of 1,054.", [])
NUMBERS = ["KEN/a/estimate", "KEN/a/n"]
OF_PICTURE = format_picture("Shares.", "figures/a", "#fig-a", "17 of 1,054.", NUMBERS)


def test_a_picture_has_the_addresses_of_its_alternative_text(tmp_path: Path) -> None:
    assert remove_addresses(OF_PICTURE) == PICTURE
    page = rendered(tmp_path / "a" / "b", "html", f"## A\n\n{OF_PICTURE}\n").read_text("utf-8")
    (image,) = re.findall(r"<img [^>]*>", page)
    assert 'data-n="KEN/a/estimate KEN/a/n"' in image
    assert 'alt="17 of 1,054."' in image
    plain = rendered(tmp_path / "c" / "d", "html", f"## A\n\n{PICTURE}\n").read_text("utf-8")
    without = body_of(page).replace(' data-n="KEN/a/estimate KEN/a/n"', "")
    assert without.replace("a/b", "c/d") == body_of(plain)


def test_paper_and_word_have_none_of_a_picture(tmp_path: Path) -> None:
    bodies = {"a": f"## A\n\n{OF_PICTURE}\n", "b": f"## A\n\n{PICTURE}\n"}
    cited, plain = (rendered(tmp_path / name / "x", "pdf", body) for name, body in bodies.items())
    assert cited.read_bytes() == plain.read_bytes()
    texts = []
    for name, body in bodies.items():
        with zipfile.ZipFile(rendered(tmp_path / name / "y", "docx", body)) as archive:
            texts.append(archive.read("word/document.xml"))
    assert texts[0] == texts[1]


def test_on_paper_nothing_is_left_of_them(tmp_path: Path) -> None:
    cited = rendered(tmp_path / "a" / "b", "pdf")
    plain = rendered(tmp_path / "c" / "d", "pdf", remove_addresses(BODY))
    read, without = pypdf.PdfReader(cited), pypdf.PdfReader(plain)
    drawn, same = (
        [page.get_contents().get_data() for page in reader.pages]  # type: ignore[union-attr]
        for reader in (read, without)
    )
    assert drawn == same
    assert "17% (15–19)" in "".join(page.extract_text() for page in read.pages)
    assert not without.attachments


def test_the_file_for_paper_has_a_list_of_them_attached(tmp_path: Path) -> None:
    body = f'{BODY}\nA sign: [“6\\\\7”]{{n="KEN/a/shown"}}\n'
    reader = pypdf.PdfReader(rendered(tmp_path / "a" / "b", "pdf", body))
    ((content,),) = reader.attachments.values()
    assert list(reader.attachments) == ["numbers.json"]
    assert json.loads(content)["numbers"] == [
        ["KEN/policy/items", "12"],
        ["KEN/a/estimate", "17"],
        ["KEN/a/ci_low", "15"],
        ["KEN/a/ci_high", "19"],
        ["one_in(KEN/a/estimate)", "6"],
        # A caption stands above its table.
        [LONG, "1,054"],
        ["KEN/a/sex:girl/p_value", "<5"],
        ["KEN/a/shown", "“6\\7”"],
    ]


def test_word_has_a_locked_control_around_each_number(tmp_path: Path) -> None:
    with zipfile.ZipFile(rendered(tmp_path / "a" / "b", "docx")) as archive:
        tree = ElementTree.fromstring(archive.read("word/document.xml"))
    controls = [each for each in tree.iter(f"{W}sdt") if each.find(f"{W}sdtPr/{W}tag") is not None]
    told = {
        each.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): "".join(  # type: ignore[union-attr]
            text.text or "" for text in each.iter(f"{W}t")
        )
        for each in controls
    }
    long = next(tag for tag in told if tag and "~" in tag)
    assert len(long) == 64
    assert long.startswith(LONG[:51])
    assert {tag: text for tag, text in told.items() if tag != long} == {
        "KEN/policy/items": "12",
        "KEN/a/estimate": "17",
        "KEN/a/ci_low": "15",
        "KEN/a/ci_high": "19",
        "one_in(KEN/a/estimate)": "6",
        "KEN/a/sex:girl/p_value": "<5",
    }
    assert told[long] == "1,054"
    locks = {each.find(f"{W}sdtPr/{W}lock").get(f"{W}val") for each in controls}  # type: ignore[union-attr]
    ids = [each.find(f"{W}sdtPr/{W}id").get(f"{W}val") for each in controls]  # type: ignore[union-attr]
    assert locks == {"sdtContentLocked"}
    assert len(set(ids)) == len(ids) == 7
