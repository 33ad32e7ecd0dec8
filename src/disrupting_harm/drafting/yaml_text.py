"""Parts of YAML that a person reads and changes: words in double quotes, codes as they are."""

import json
import re

from disrupting_harm.core.spelling import is_plain_number
from disrupting_harm.study.todos import TODO

_YAML_WORDS = {"yes", "no", "y", "n", "true", "false", "on", "off", "null"}


def quote_text(text: str) -> str:
    """Return words as YAML on one line."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def format_key(code: str) -> str:
    """Return a code as a key of YAML: a whole number as it is, anything else in quotes."""
    plain = is_plain_number(code) and code == code.lstrip("+").strip() and "." not in code
    return code if plain and str(int(code)) == code else quote_text(code)


def format_answer(answer: str) -> str:
    """Return an answer as YAML; in quotes where it would be read as something else than a word."""
    is_plain = re.fullmatch("[a-z][a-z0-9_]*", answer) and answer not in _YAML_WORDS
    return answer if is_plain else f'"{answer}"'


def ask_person(text: str) -> str:
    """Return what ends a line that a person has to look at."""
    return f"  # {TODO}: {text}"
