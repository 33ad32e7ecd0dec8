"""What a program puts in the place of each placeholder, as the documents of a run print it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import shorten

from disrupting_harm.core.files import RESTRICTED, TEXTS, read_json
from disrupting_harm.report.language.reviews import FORM_END

# Two or three show whether a word bends, as a name after a preposition does.
_MOST_VALUES = 3
# Letters of a value; a whole sentence in a sentence is read where it is a text of its own.
_LONGEST = 100
# A value may be bold, or stand between bold words: two signs beside each other are neither's.
_BOLD = "**"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def read_texts_of_language(results: Path, language: str) -> dict[str, list[str]]:
    """Return of each message how the documents of a language print it, each text once."""
    printed: dict[str, dict[str, None]] = {}
    folder = results / RESTRICTED / TEXTS
    for path in sorted(folder.rglob("*.json")):
        if language in path.relative_to(folder).with_suffix("").parts:
            for message, text in read_json(path)["texts"].items():
                printed.setdefault(message, {})[text] = None
    return {message: [*texts] for message, texts in printed.items()}


def list_placeholder_values(
    translation: str, printed_texts: Iterable[str]
) -> Mapping[str, Sequence[str]]:
    """Return values of each placeholder of a translation, by its name: at most three, each once.

    Args:
        translation: with placeholders; the forms of a plural stand beside each other.
        printed_texts: the same text as documents print it. One that was printed in other words,
            e.g. with a small first letter, tells nothing.
    """
    # The form with most words first: another might take its words for a value.
    forms = sorted(
        translation.replace(_BOLD, "").split(FORM_END), key=_count_fixed_letters, reverse=True
    )
    patterns = [_match_form(form) for form in forms]
    values: dict[str, dict[str, None]] = {name: {} for name in _PLACEHOLDER.findall(translation)}
    for text in printed_texts:
        plain_text = text.replace(_BOLD, "")
        match = next(filter(None, (pattern.fullmatch(plain_text) for pattern in patterns)), None)
        for name, value in (match.groupdict() if match else {}).items():
            values[name][shorten(value, _LONGEST, placeholder=" …")] = None
    return {name: [*of_name][:_MOST_VALUES] for name, of_name in values.items() if of_name}


def _count_fixed_letters(form: str) -> int:
    return len(_PLACEHOLDER.sub("", form))


def _match_form(form: str) -> re.Pattern[str]:
    """Return what finds the values in a printed form; a repeated placeholder is the same."""
    pieces = _PLACEHOLDER.split(form)
    pattern, names = re.escape(pieces[0]), set()
    for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
        pattern += f"(?P={name})" if name in names else f"(?P<{name}>.+?)"
        pattern += re.escape(words)
        names.add(name)
    return re.compile(pattern, re.DOTALL)
