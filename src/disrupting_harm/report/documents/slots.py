"""What authors write for a report: files beside the configuration, and places that wait for them.

``slots/KEN/en/foreword.md`` is the foreword of the English report on Kenya. A place whose file is
missing or empty says in the report what is to be written, and a release that has one is refused.
The words of somebody who was heard need a code in their front matter, by which the study finds them
again, and ``consent: true``: without it no report is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.core.files import read_text
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.rendering.qmd import SHORTCODE
from disrupting_harm.report.rendering.qmd_lint import lint_included_file
from disrupting_harm.study.configuration.section import Section, Text, parse_yaml, validate_content

FOREWORD, ACKNOWLEDGEMENTS, QUOTATION = "foreword", "acknowledgements", "quotation"
PATH_PATTERN = "<country>/<language>/<place>.md"
WORDS_AT_MOST = {FOREWORD: 250, ACKNOWLEDGEMENTS: 150, QUOTATION: 60}


class QuotationMatter(Section):
    """The front matter of a quotation."""

    code: Text = Field(description="By which the study finds the conversation again.")
    consent: bool = Field(description="Whether the person agreed that these words are printed.")


@dataclass(frozen=True)
class Slot:
    """A place in a report: what stands there, or what is to be written.

    Attributes:
        kind: ``foreword``, ``acknowledgements`` or ``quotation``.
        name: of the file without its ending; that of a quotation ends with its chapter.
        file: as named to the author, e.g. ``KEN/en/foreword.md``.
        text: what the author wrote; empty where nothing is.
        code: of a quotation.
    """

    kind: str
    name: str
    file: str
    text: Markdown
    code: str = ""


def read_slots(
    folder: Path, country: str, language: str, chapters: Sequence[str]
) -> dict[str, Slot]:
    """Return the places of one report by name.

    Args:
        folder: the study's folder of what authors write.
        chapters: those that have a place for a quotation.

    Raises:
        StudyError: if a text is too long or holds what no document may, or a quotation has no code
            or no consent.
    """
    return {
        name: _read_slot(folder, country, language, name, slot_kind)
        for name, slot_kind in _kinds_by_name(chapters).items()
    }


def check_slots(
    folder: Path,
    languages: Mapping[str, Sequence[str]],
    left_out: Sequence[str],
    chapters: Sequence[str],
) -> None:
    """Refuse texts that no report would print, and those that would stop it.

    Args:
        folder: the study's folder of what authors write.
        languages: of the report on each country, by its code.
        left_out: codes of countries that this run leaves out.
        chapters: those that have a place for a quotation.

    Raises:
        StudyError: there is no such folder; a file is of no country, language or place of the
            study; or as :func:`read_slots`.
    """
    if not folder.is_dir():
        raise StudyError(
            str(folder), "there is no such folder", "Correct 'report.slots', or make it"
        )
    for path in sorted(folder.rglob("*")):
        country, language = [*path.relative_to(folder).parts, ""][:2]
        if path.is_dir() and path.suffix != ".md":
            continue
        if path.name.startswith((".", "~")) or path == folder / "README.md":
            continue
        if country not in languages:
            if country in left_out:
                continue
            raise _unknown_name_error(path, country, languages, "country")
        if language not in languages[country]:
            raise _unknown_name_error(
                path, language, languages[country], f"language of the report on {country}"
            )
        is_in_place = path.parent == folder / country / language
        if not is_in_place or path.suffix != ".md" or path.is_dir():
            raise StudyError(str(path), "no text is read from here", f"Call it {PATH_PATTERN}")
        if path.stem not in _kinds_by_name(chapters):
            raise _unknown_name_error(path, path.stem, _kinds_by_name(chapters), "place")
    for country, report_languages in languages.items():
        for language in report_languages:
            read_slots(folder, country, language, chapters)


def _kinds_by_name(chapters: Sequence[str]) -> dict[str, str]:
    """Return the kind of each place, by the name of its file."""
    quotations = {f"{QUOTATION}-{chapter}": QUOTATION for chapter in chapters}
    return {FOREWORD: FOREWORD, ACKNOWLEDGEMENTS: ACKNOWLEDGEMENTS} | quotations


def _unknown_name_error(path: Path, name: str, known_names: Iterable[str], noun: str) -> StudyError:
    name_list = list(known_names)
    return StudyError(
        str(path),
        f"'{name}' is no {noun}",
        f"{suggest_name(name, name_list)}Call it {PATH_PATTERN}; there are {', '.join(name_list)}",
    )


def _read_slot(folder: Path, country: str, language: str, name: str, slot_kind: str) -> Slot:
    file = f"{country}/{language}/{name}.md"
    path = folder / file
    if not path.is_file():
        return Slot(slot_kind, name, file, Markdown(""))
    content = read_text(path)
    code = ""
    if slot_kind == QUOTATION and content.strip():
        code, content = _read_quotation(path, content)
    if SHORTCODE.search(content):
        raise StudyError(str(path), "a shortcode, such as {{< include >}}", "Write the words")
    if faults := lint_included_file(content):
        raise StudyError(str(path), "; ".join(map(str, faults)), "Mend these lines")
    word_count = len(content.split())
    if word_count > WORDS_AT_MOST[slot_kind]:
        raise StudyError(
            str(path),
            f"{word_count} words, more than {WORDS_AT_MOST[slot_kind]}",
            "Shorten the text",
        )
    return Slot(slot_kind, name, file, Markdown(content.strip()), code)


def _read_quotation(path: Path, content: str) -> tuple[str, str]:
    """Return the code of a quotation and its words.

    Raises:
        StudyError: without a code, or without consent.
    """
    opening, _, after_opening = content.lstrip().partition("---\n")
    matter, closing, quotation = after_opening.partition("\n---\n")
    if opening or not closing:
        raise StudyError(
            str(path),
            "it has no front matter",
            "Begin with '---', 'code: ...', 'consent: true' and '---'",
        )
    front_matter: QuotationMatter = validate_content(
        QuotationMatter, parse_yaml(matter, str(path)), str(path)
    )
    if not front_matter.consent:
        raise StudyError(
            f"{path}, key 'consent'",
            "the person did not agree that these words are printed",
            "Take the file out; write 'consent: true' only where the person has agreed",
        )
    return front_matter.code, quotation
