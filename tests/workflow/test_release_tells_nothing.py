"""What a run publishes after a release, read from all its files: no answer of a child is told."""

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path

import lxml.html
import openpyxl
import pypdf
import pytest
from checkout import Checkout
from mini_study import CANARY, CONFIG, REGIONS
from releasing import ReleasingStudy

# What every run after a release says of itself: what it follows, and check sums.
OF_THE_RUN = {"manifest.json", "data.html", "addresses-moved.csv", "datapackage.json"}


@pytest.fixture(scope="module")
def released(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> ReleasingStudy:
    """A mini study with PDF, run and accepted; to be left as it is."""
    folder = tmp_path_factory.mktemp("released")
    made = ReleasingStudy(mini.copy_to(folder / "copy"), folder / "safe" / "key")
    made.checkout.edit(CONFIG, "formats: [html]", "formats: [html, pdf]")
    done = made.run()
    assert done.returncode == 0, done.stderr
    accepted = made.release("accept", "2026-1")
    assert accepted.returncode == 0, accepted.stderr
    return made


@pytest.fixture
def study(released: ReleasingStudy, tmp_path: Path) -> ReleasingStudy:
    """The same, to be run again after that release."""
    made = released.copy_to(tmp_path / "copy")
    made.follow(after="2026-1")
    return made


def files(public: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(public)): path.read_bytes()
        for path in sorted(public.rglob("*"))
        if path.is_file()
    }


def different(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def rewrite(study: ReleasingStudy, country: str, change: Callable[[list[str]], list[str]]) -> None:
    path = study.checkout.folder / "mini" / f"{country}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")


def with_another_answer(lines: list[str]) -> list[str]:
    cells = lines[30].split(",")
    cells[6] = str(1 - int(cells[6]))
    return [*lines[:30], ",".join(cells), *lines[31:]]


def with_a_late_one(lines: list[str]) -> list[str]:
    late = lines[60].split(",")
    late[0] = f"{CANARY}-N9000"
    return [*lines, ",".join(late)]


def without_one(lines: list[str]) -> list[str]:
    return [*lines[:40], *lines[41:]]


@pytest.mark.slow
def test_a_country_of_few_changes_is_the_release_byte_for_byte(study: ReleasingStudy) -> None:
    released = files(study.public)
    raw = study.checkout.folder / "mini" / "N.csv"
    whole = raw.read_text(encoding="utf-8")
    # Documents are made of public tables alone: they are made, and read, after one of the changes.
    for change, made in (
        (without_one, ()),
        (with_another_answer, ("tables",)),
        (with_a_late_one, ("tables",)),
    ):
        raw.write_text(whole, encoding="utf-8")
        rewrite(study, "N", change)
        done = study.run(*made)
        assert done.returncode == 0, done.stderr
        assert "N stays as in 2026-1" in done.stderr
        # Of the other country nobody changed: it is published anew, and read with its release.
        read_again = {"countries/S/disclosure.json", "explained/S.html"}
        # The diagram of its stages has two more, and the same ones whatever was changed.
        made_again, diagram = files(study.public), "analysis.svg"
        assert different(released, made_again) == OF_THE_RUN | read_again | {diagram}
        stages = [re.findall(rb"<!-- (.+?) -->", run[diagram]) for run in (released, made_again)]
        assert Counter(stages[1]) - Counter(stages[0]) == Counter([b"gate", b"moved"])
        assert not Counter(stages[0]) - Counter(stages[1])


def leavers(country: str, answer: int) -> list[str]:
    """Name twelve boys and three girls of urban areas, most of whom gave this answer."""
    draw = random.Random(REGIONS.index(country))
    found: dict[tuple[bool, bool], list[str]] = {}
    for child in range(540):
        said, _, girl, _ = draw.random() < 0.55, draw.random(), draw.random() < 0.5, draw.random()
        if child // 27 % 2 == 0 and child % 60 != 7:
            found.setdefault((girl, said == answer), []).append(f"{CANARY}-{country}{child:04}")
    most, fewer = ((True, 7, 2), (False, 5, 1))
    return [
        name
        for same, boys, girls in (most, fewer)
        for name in [*found[False, same][:boys], *found[True, same][-girls:]]
    ]


def leave(study: ReleasingStudy, whole: str, names: Sequence[str]) -> None:
    raw = study.checkout.folder / "mini" / "N.csv"
    lines = whole.splitlines(keepends=True)
    raw.write_text(
        "".join(line for line in lines if line.partition(",")[0] not in names), encoding="utf-8"
    )


def words(text: str) -> Counter[str]:
    """Count the words of a text; where numbers and check sums stand in it, and not which."""
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "sum", text)
    return Counter(re.sub(r"[-−+]?\d[\d.,]*", "0", text).split())


def frozen(addresses: str) -> bool:
    """Return whether all numbers at these addresses are of the country's groups that stay."""
    return bool(addresses) and all(
        re.match(r"(N/)?[a-z]+/sex:", address) for address in addresses.split()
    )


def markup(content: bytes) -> tuple[Counter[str], list[tuple[str, ...]]]:
    """Read a page or a drawing: all its words, and all of elements that are about a frozen group.

    Words are of texts, alternative texts and ``data-``. Numbers of an element have their address
    as ``data-n``, or as the id of their row; of such elements coordinates count, too.
    """
    parsed = lxml.html.fromstring(content)
    texts, about = [], []
    for element in parsed.iter():
        if not isinstance(element.tag, str) or element.tag in ("style", "path"):
            own = ""
        else:
            own = f"{element.text or ''} "
        told = [value for name, value in element.items() if name in ("alt", "title", "class")]
        told += [value for name, value in element.items() if name.startswith("data-")]
        if element.tag != "script":
            texts.append(" ".join([own, *told, element.tail or ""]))
        address = element.get("data-n") or element.get("id") or ""
        if frozen(address):
            about.append((*map(str, element.values()), " ".join(element.itertext())))
    return words(" ".join(texts)), about


def workbook(content: bytes) -> tuple[Counter[str], list[tuple[str, ...]]]:
    """Read all sheets: their words, and the rows that name a group of the frozen domain."""
    book = openpyxl.load_workbook(BytesIO(content))
    rows = [
        (sheet.title, *("" if cell is None else str(cell) for cell in row))
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    named = [row for row in rows if {"boy", "girl", "Boys", "Girls", "sex"} & set(row)]
    assert named or "sex" not in str(rows)
    return words(" ".join(" ".join(row) for row in rows)), named


def explorer(content: bytes) -> Counter[str]:
    facts = lxml.html.fromstring(content).xpath("//script[@type='application/json']")
    assert facts
    return words(" ".join(script.text for script in facts))


def portable(content: bytes) -> Counter[str]:
    return words(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages))


def tables(content: bytes) -> tuple[Counter[str], list[tuple[str, ...]]]:
    rows = list(csv.reader(StringIO(content.decode())))
    # Limits and P values that hold for all rows together follow from those published anew, too.
    alone = [
        at for at, name in enumerate(rows[0]) if not re.search("_holm|_bh|simul|differs", name)
    ]
    about = [
        tuple(row[at] for at in alone)
        for row in rows[1:]
        if ("N" in row and {"boy", "girl", "sex"} & set(row)) or any(map(frozen, row))
    ]
    return words(" ".join(" ".join(row) for row in rows)), about


@pytest.mark.slow
def test_two_updates_that_differ_in_answers_alone_tell_the_same(study: ReleasingStudy) -> None:
    """Fifteen leave: of boys, urban areas and in all enough, of girls three. So 'by sex' stays."""
    raw = study.checkout.folder / "mini" / "N.csv"
    whole = raw.read_text(encoding="utf-8")
    read = []
    for answer in (1, 0):
        leave(study, whole, leavers("N", answer))
        done = study.run()
        assert done.returncode == 0, done.stderr
        assert (
            "N: anew for all respondents, by area; as in 2026-1 by sex. This follows from how many "
            "respondents changed in each group, never from what they said."
        ) in done.stderr
        read.append(files(study.public))
    one, other = read
    # Files are there, or not, whatever they said; and the numbers of all children are others.
    assert one.keys() == other.keys()
    assert one["countries/N/estimates.csv"] != other["countries/N/estimates.csv"]
    quality = [json.loads(each["countries/N/quality.json"]) for each in read]
    assert quality[0]["stands_in"] == quality[1]["stands_in"] == [
        {"domain": "sex", "release": "2026-1", "indicators": ["daily", "rare", "hours"]}
    ]  # fmt: skip
    assert one["countries/N/disclosure.json"] == other["countries/N/disclosure.json"]
    compared = Counter()
    for name in sorted(different(one, other) - OF_THE_RUN):
        suffix = Path(name).suffix
        kind = "explorer" if name.startswith("explorer/") else suffix
        compared[kind] += 1
        assert faults(kind, name, *(each[name] for each in read)) == []
    # Every kind of file was read, and none is as it is because nothing was read of it.
    assert set(compared) == {*READERS}, compared
    # The judge sees one digit of a number that stays.
    for name, place in (
        ("estimates.csv", rb"(N,daily,sex,boy,)\d"),
        ("explained/N.html", rb"(daily/sex:boy><th>[^<]*<td>)\d"),
        ("figures/N/en/by-group-daily.svg", rb"(M)\d(?=[^>]*N/daily/sex:boy)"),
    ):
        changed = re.sub(place, rb"\g<1>0", one[name], count=1)
        assert changed != one[name], name
        assert faults(Path(name).suffix, name, one[name], changed) != [], name
    assert markup(one["explained/N.html"])[1]
    assert markup(one["figures/N/en/by-group-daily.svg"])[1]
    assert tables(one["estimates.csv"])[1]
    assert tables(one["figures/N/en/by-group-daily.csv"])[1]
    assert workbook(one["databooks/N/en/databook.xlsx"])[1]

    # The third release: all but one come back, who is between the first and the third.
    assert study.release("accept", "2026-2").returncode == 0
    study.follow(after="2026-2")
    leave(study, whole, leavers("N", 0)[:1])
    done = study.run("tables")
    assert done.returncode == 0, done.stderr
    assert "N stays as in 2026-2. Fewer than 10 of its respondents changed" in done.stderr
    last = {name for name in different(other, files(study.public)) if "/N" in name}
    assert last == set()


def plain(content: bytes) -> Counter[str]:
    return words(content.decode())


def faults(kind: str, name: str, first: bytes, second: bytes) -> list[str]:
    """Return what of a file differs beside numbers of tables that are published anew.

    Words of all countries together follow from all numbers, also from those published anew: of
    them what is about the frozen groups is read alone.
    """
    told = [READERS[kind](content) for content in (first, second)]
    (words_of_first, about), (words_of_second, other) = (
        each if isinstance(each, tuple) else (each, []) for each in told
    )
    of_country = re.search(r"(^|/)N[./]", name) or kind == "explorer" or name == "estimates.csv"
    found = [] if about == other else [f"{name}: numbers of groups that stay"]
    if of_country and words_of_first != words_of_second:
        found.append(f"{name}: words {words_of_first - words_of_second}")
    return found


READERS = {
    ".qmd": plain, ".json": plain, ".pdf": portable, "explorer": explorer,
    ".html": markup, ".svg": markup, ".xlsx": workbook, ".csv": tables,
}  # fmt: skip
