"""Numbers that stand on one line, and keep their order among words of a script from the right.

A line may end behind the dash of "12–17". "22 (17–28)" has no direction: between words from the
right its parts would stand as "(28–17) 22". So a number with a sign, a range or brackets is one
isolate of the Unicode Bidirectional Algorithm (UAX 9). ``ranges.lua`` and ``direction.lua`` of
``rendering/filter/`` do the same in documents.
"""

import re
from collections.abc import Callable

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _END = "\u2066", "\u2067", "\u2069"
_WITHOUT_ISOLATES = dict.fromkeys(map(ord, (_LEFT_TO_RIGHT, _RIGHT_TO_LEFT, _END)))
_SPACE = "[ \u00a0\u202f]"
_DIGITS = "[0-9]+(?:[.,\u00a0\u202f][0-9]+| [0-9][0-9]+)*"
_SIGN = "(?:[-+<>~\u2212\u2264\u2265\u2248\u00b1]|&[lg]t;)"
_SIGNED = rf"(?:{_SIGN}{_SPACE}?)?{_DIGITS}(?:{_SPACE}?%)?[*†‡§]*"
_JOINED = rf"{_SIGNED}(?:\u2060?[-:/\u2013\u2014\u00d7]\u2060?{_SIGNED})*"
_LIST = rf"{_JOINED}(?:,{_SPACE}{_JOINED})*"
_BRACKETS = rf"(?:\({_LIST}\)|\[{_LIST}\])"
# A word in Latin letters, an address or a name of a file holds none.
_WORD = r"[A-Za-z_/@][-A-Za-z0-9_/@.:#%&?=]*"
_NUMBER = re.compile(
    rf"{_WORD}|(?P<number>(?:{_JOINED}(?:{_SPACE}?{_BRACKETS})?|{_BRACKETS})(?![A-Za-z_/@]))"
)
_PLAIN = re.compile("[0-9.,]*")
# Two short numbers and a dash; a word, an address or a date of figures alone holds none. A colon
# may end a sentence's first part.
_SHORT = "[0-9][0-9.,]{0,4}"
_RANGE = re.compile(
    rf"(?<![\w/@.,:\u00a0\u202f\u2013-])(?![0-9]{{4}}-)({_SHORT}%?[-\u2013])"
    rf"(?={_SHORT}%?(?![\w/@-]|:[\w/@:-]|[\u00a0\u202f][0-9]))"
)
_JOINED_RANGE = re.compile(r"(?<=[0-9%][-\u2013])\u2060(?=[0-9])")
# A tag, or what is no text.
_TAG = re.compile("(<(script|style|svg)\\b.*?</\\2>|<[^>]*>)", re.DOTALL)
# Letters of the blocks from Hebrew to Arabic Extended-A.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def isolate_numbers(text: str) -> str:
    """Return a text in which a number with a sign, a range or brackets is one isolate."""
    return _NUMBER.sub(_isolate_match, text)


def join_ranges(text: str) -> str:
    """Return a text in which no line ends within a short range, such as "12–17" or "16-17".

    A long one, such as "700,000–1,100,000", may be longer than a line of a telephone.
    """
    return _RANGE.sub("\\1\u2060", text)


def change_texts_of_page(page: str, change_text: Callable[[str], str]) -> str:
    """Return HTML whose texts are changed, but for those of drawings, styles and scripts."""
    tags = [match.span() for match in _TAG.finditer(page)]
    starts, ends = [0, *(end for _, end in tags)], [*(start for start, _ in tags), len(page)]
    texts = [change_text(page[a:b]) for a, b in zip(starts, ends, strict=True)]
    kept = [*(page[start:end] for start, end in tags), ""]
    return "".join(text + tag for text, tag in zip(texts, kept, strict=True))


def remove_isolates(text: str) -> str:
    """Return a text without its isolates and with ranges unjoined, as it is said and checked."""
    return _JOINED_RANGE.sub("", text.translate(_WITHOUT_ISOLATES))


def isolate_line(text: str) -> str:
    """Return a line that stands alone, as in a figure, so that it is read from its right end.

    Without a letter of such a script it stays as it is.
    """
    if not _FROM_THE_RIGHT.search(text):
        return text
    return f"{_RIGHT_TO_LEFT}{isolate_numbers(text)}{_END}"


def _isolate_match(match: re.Match[str]) -> str:
    if match["number"] is None or _PLAIN.fullmatch(match["number"]):
        return match[0]
    return f"{_LEFT_TO_RIGHT}{match[0]}{_END}"
