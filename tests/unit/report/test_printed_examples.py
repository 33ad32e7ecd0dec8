"""A translator sees a printed example of a text, from public files; new numbers are no news."""

import json
import re
from pathlib import Path

import polib
import pytest
from repository import PROJECT

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.settings import CATALOGUE
from disrupting_harm.report.translations.catalogue import merge_catalogue, update_catalogues
from disrupting_harm.report.translations.extraction import Message
from disrupting_harm.report.translations.printed_examples import LONGEST, collect_examples

LOCALE = PROJECT / "workflow" / "templates" / "locale"
SHARE = Message("{share} of {population}")
CASES = Message("{count} case", "{count} cases")
KIND = Message("{name} here", "", "weighting")
HIDDEN, PLAIN, LONG = Message("{n} hidden"), Message("Boys"), Message("{words}.")
PLACES = {message: ["a.j2"] for message in (SHARE, CASES, KIND, HIDDEN, PLAIN, LONG)}
TEXTS = {
    SHARE.text: "**9%** of children",
    CASES.text: "3 cases",
    f"weighting\x04{KIND.text}": "Age here",
    HIDDEN.text: "4 hidden",
    PLAIN.text: "Boys",
    LONG.text: f"{'word ' * 80}.",
}
PAGE = f"<p><b>9%</b> of&#32;children</p> 3 cases Age here Boys {TEXTS[LONG.text]}"


def write_results(folder: Path, page: str = PAGE, simulated: bool = True) -> Path:
    texts, public = folder / "restricted/texts/briefs/KEN", folder / "public/briefs/KEN"
    for language, content in (("en", TEXTS), ("km", {SHARE.text: "៩%"})):
        for parent in (texts / language, public / language):
            parent.mkdir(parents=True, exist_ok=True)
        (texts / language / "brief.json").write_text(json.dumps({"texts": content}), "utf-8")
        (public / language / "brief.html").write_text(page if language == "en" else "៩%", "utf-8")
    package = folder / "public" / "datapackage.json"
    package.write_text(json.dumps({"simulated": simulated}), "utf-8")
    return folder


def collect(results: Path) -> dict[Message, str]:
    return collect_examples(results, PLACES, ["en", "km"])


def test_an_example_is_filled_and_stands_in_a_public_file_of_the_study(tmp_path: Path) -> None:
    examples = collect(write_results(tmp_path))
    long = examples.pop(LONG)
    assert examples == {SHARE: "9% of children", CASES: "3 cases", KIND: "Age here"}
    assert (len(long) <= LONGEST + 2, long[-7:]) == (True, " word …")


def test_a_number_that_is_not_printed_in_public_is_no_example(tmp_path: Path) -> None:
    hidden = PAGE.replace("9%", "fewer than 10%")
    assert SHARE not in collect(write_results(tmp_path, hidden))
    script = f"<script>9% of children</script>{hidden}"
    assert SHARE not in collect(write_results(tmp_path, script))


def test_a_study_of_real_answers_gives_no_examples(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no results of a simulated study"):
        collect(write_results(tmp_path, simulated=False))
    with pytest.raises(StudyError, match="no results of a simulated study"):
        collect(tmp_path / "nowhere")


def test_examples_reach_all_catalogues_and_other_numbers_change_no_byte(tmp_path: Path) -> None:
    for language in ("km", "pt"):
        path = tmp_path / language / CATALOGUE
        path.parent.mkdir(parents=True)
        path.write_bytes(merge_catalogue(PLACES, None, language))
    update_catalogues(PLACES, tmp_path, collect(write_results(tmp_path / "one")))
    paths = sorted(tmp_path.glob("**/report.po*"))
    assert len(paths) == 3
    before = {path: path.read_bytes() for path in paths}
    for content in before.values():
        comments = {entry.msgid: entry.comment for entry in polib.pofile(content.decode())}
        assert comments[SHARE.text] == "e.g. 9% of children"
        assert comments[PLAIN.text] == comments[HIDDEN.text] == ""
    update_catalogues(PLACES, tmp_path)
    other = write_results(tmp_path / "two", PAGE.replace("9%", "7%"))
    text = other / "restricted/texts/briefs/KEN/en/brief.json"
    text.write_text(text.read_text("utf-8").replace("9%", "7%"), "utf-8")
    update_catalogues(PLACES, tmp_path, collect(other))
    assert {path: path.read_bytes() for path in paths} == before


def test_examples_of_this_repository_fit_their_texts() -> None:
    """A text is another one for regions, or for several, than the one that was printed."""
    entries = [entry for entry in polib.pofile(str(LOCALE / "report.pot")) if entry.comment]
    assert len(entries) > 300
    for entry in entries:
        example = entry.comment.replace("\n", " ").removeprefix("e.g. ")
        forms = [
            ".*".join(map(re.escape, re.split(r"{\w*}", form.replace("**", ""))))
            for form in (entry.msgid, entry.msgid_plural)
            if form
        ]
        start = example.removesuffix(" …")
        fits = any(re.fullmatch(form, example) for form in forms)
        assert fits or (start != example and "{" in entry.msgid[:LONGEST]), entry.msgid
        assert "{" not in example
