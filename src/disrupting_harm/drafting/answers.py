"""From a column to an item: which kind of answer it holds, and what each code means."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from disrupting_harm.core.spelling import is_plain_number
from disrupting_harm.drafting.label_words import find_special, find_yes_and_no
from disrupting_harm.drafting.raw_columns import RawColumn
from disrupting_harm.study.codebook.codebook import RESERVED
from disrupting_harm.study.codebook.definitions import LOST, SPECIAL_ANSWERS
from disrupting_harm.study.todos import TODO

# More answers to choose from than these are a list of codes, such as of districts or occupations.
MOST_ANSWERS = 12
# Codes without a label that stand for no answer in very many surveys.
_USUAL_MISSING = re.compile(r"-[1-9]|-?(77|88|97|98|99|(?:777|888|997|998|999)\d*)")
_LONGEST = 40


@dataclass(frozen=True)
class Answers:
    """What the cells of a column mean.

    Attributes:
        type: ``yes_no``, ``choice`` or ``number``, as in the codebook.
        codes: the answer of each code; empty of a number.
        words: how each answer is printed.
        missing: codes of each special answer.
        open: what a person has to decide, in words.
    """

    type: str
    codes: dict[str, str]
    words: dict[str, str]
    missing: dict[str, tuple[str, ...]]
    open: tuple[str, ...] = ()


def name_item(column: str) -> str:
    """Return a column's name as the codebook can have it."""
    name = _make_slug(column) or "item"
    name = name if name[0].isalpha() else f"q{name}"
    return f"{name}_item" if name in RESERVED or name == "wave" else name


def read_answers(column: RawColumn) -> Answers | None:
    """Return what a column's cells mean; None where it holds nothing that can be estimated."""
    missing = _find_missing(column)
    special = {code for codes in missing.values() for code in codes}
    used = [code for code in column.counts if code not in special]
    labels = {code: text for code, text in column.labels.items() if code not in special and text}
    unlabelled = [code for code in used if code not in labels]
    if not used:
        return None
    if not labels:
        return _read_unlabelled(column, used, missing)
    numbers = all(is_plain_number(code) for code in [*used, *labels])
    if numbers and len(unlabelled) > 2:
        # A scale of which the ends alone are labelled, or a number with words for some.
        return Answers("number", {}, {}, missing)
    if len(labels) + len(unlabelled) > MOST_ANSWERS:
        return None
    texts = labels | {code: f"{TODO} code {code}" for code in unlabelled}
    questions = tuple(f"code {code} has no label in the file" for code in unlabelled)
    if len(texts) == 1:
        # One option of a question with several answers: who did not tick it has an empty cell.
        return Answers("tick", {next(iter(texts)): "yes"}, {}, missing) if column.blank else None
    yes_and_no = find_yes_and_no(texts.values())
    if yes_and_no:
        return Answers("yes_no", {code: yes_and_no[t] for code, t in texts.items()}, {}, missing)
    codes = _name_answers(texts)
    words = {answer: _make_printable(texts[code]) for code, answer in codes.items()}
    return Answers("choice", codes, words, missing, questions)


def _read_unlabelled(
    column: RawColumn, used: list[str], missing: dict[str, tuple[str, ...]]
) -> Answers | None:
    if set(used) <= {"0", "1"}:
        return Answers("yes_no", {"1": "yes", "0": "no"}, {}, missing)
    if all(map(is_plain_number, used)):
        usual = [code for code in used if _USUAL_MISSING.fullmatch(code)]
        rest = [float(code) for code in used if code not in usual]
        suspects = [c for c in usual if not rest or abs(float(c)) > 2 * max(map(abs, rest))]
        questions = tuple(f"{code} looks like a code of no answer" for code in suspects)
        if len(used) > MOST_ANSWERS / 2 or any("." in code for code in used):
            return Answers("number", {}, {}, missing, questions)
        texts = {code: f"{TODO} code {code}" for code in used}
        questions = (
            *questions,
            "write what each code means; then it can be a domain or have indicators",
        )
    elif len(used) <= MOST_ANSWERS and min(column.counts[code] for code in used) >= 10:
        texts = {code: code for code in used}
        if yes_and_no := find_yes_and_no(texts.values()):
            return Answers("yes_no", {code: yes_and_no[code] for code in used}, {}, missing)
        questions = ()
    else:
        return None  # Names, dates and what respondents wrote.
    if len(texts) < 2:
        return None
    codes = _name_answers(texts)
    words = {answer: _make_printable(texts[code]) for code, answer in codes.items()}
    if any(not re.search(r"[^\W\d_]", code) and texts[code] == code for code in used):
        questions = (*questions, "write what the numbers count into value_labels, e.g. '2 hours'")
    return Answers("choice", codes, words, missing, questions)


def _find_missing(column: RawColumn) -> dict[str, tuple[str, ...]]:
    """Return the codes of special answers: by their labels, else by what the file calls missing."""
    codes: dict[str, list[str]] = {}
    for code in dict.fromkeys([*column.labels, *column.counts]):
        label = column.labels.get(code, code if not is_plain_number(code) else "")
        special = find_special(label)
        if special is None and column.is_user_missing(code):
            special = LOST
        if special is not None:
            codes.setdefault(special, []).append(code)
    return {name: tuple(codes[name]) for name in SPECIAL_ANSWERS if name in codes}


def _name_answers(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a short name of each code's answer, by which files of other countries agree."""
    names: dict[str, str] = {}
    for code, text in texts.items():
        name = _make_slug(_spell_signs(text.removeprefix(TODO)))[:_LONGEST].strip("_")
        if not re.search("[a-z]", name) or name in names.values():
            of_code = _make_slug(_spell_signs(code)) or str(len(names) + 1)
            name = f"{name}_{of_code}" if re.search("[a-z]", name) else f"code_{of_code}"
        # Two answers of one name would be counted as one.
        while name in names.values():
            name += "_"
        names[code] = f"{name}_" if name in SPECIAL_ANSWERS else name
    return names


def _spell_signs(text: str) -> str:
    """Return a text in which what tells "<1" from "1", or "5+" from "5", is a word."""
    return re.sub(r"\+\s*$", " or more", text.replace("<", "less than ").replace(">", "more than "))


def _make_printable(text: str) -> str:
    """Return a label as documents may print it: a number alone would look like a result."""
    has_letter = any(character.isalpha() for character in text)
    return text[:1].upper() + text[1:] if has_letter else f"answer {text}"


def _make_slug(text: str) -> str:
    """Return small letters, digits and underscores alone."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def find_common_start(texts: Iterable[str]) -> str:
    """Return the words with which all texts begin, without what separates them from the rest."""
    listed = [re.split(r"(?<=\s)", text) for text in texts]
    words = []
    for of_place in zip(*listed, strict=False):
        if len(set(of_place)) > 1:
            break
        words.append(of_place[0])
    return "".join(words).strip().rstrip(":-–—.,;(").strip()
