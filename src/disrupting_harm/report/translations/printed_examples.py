"""One printed example of each text with placeholders, for who translates it.

Examples come from the English documents of a finished study that is simulated, and only what stands
in its public files is taken: an example lies beside the code, for everybody to read.
"""

import html
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, RESTRICTED, TEXTS, read_json
from disrupting_harm.report.language.reviews import CONTEXT_END
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.translations.extraction import Message

LONGEST = 240
_PACKAGE = "datapackage.json"
_PLACEHOLDER = re.compile(r"{\w*}")
_NOT_READ = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def collect_examples(
    results: Path, messages: Collection[Message], languages: Collection[str]
) -> dict[Message, str]:
    """Return an example of each message that has placeholders and is printed in English.

    Args:
        results: of a finished run.
        messages: of which.
        languages: codes of all languages; folders of others than English are not looked at.

    Raises:
        StudyError: if there is no such run, or its study is not simulated.
    """
    package = results / PUBLIC / _PACKAGE
    if not package.is_file() or read_json(package).get("simulated") is not True:
        raise StudyError(
            f"{results}",
            "no results of a simulated study",
            "Name those of the study of this folder",
        )
    others = {*languages} - {ENGLISH}
    public_text = _read_public_text(results / PUBLIC, others)
    printed: dict[str, dict[str, None]] = {}
    for path in _find_files(results / RESTRICTED / TEXTS, (".json",), others):
        for message, text in read_json(path)["texts"].items():
            printed.setdefault(message, {})[text] = None
    examples = {}
    for message in messages:
        key = f"{message.context}{CONTEXT_END}{message.text}" if message.context else message.text
        example = _find_public_text(message, printed.get(key, {}), public_text)
        if example:
            examples[message] = example
    return examples


def _find_public_text(message: Message, texts: Mapping[str, None], public_text: str) -> str:
    """Return the first text of a message that is filled and stands in public files, else empty."""
    if not _PLACEHOLDER.search(message.text):
        return ""
    for text in texts:
        plain = _join_words(text.replace("**", ""))
        if plain and not _PLACEHOLDER.search(plain) and plain in public_text:
            return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rsplit(' ', 1)[0]} …"
    return ""


def _read_public_text(public: Path, others: Collection[str]) -> str:
    return "\n".join(
        _join_words(html.unescape(_NOT_READ.sub("", path.read_text(encoding="utf-8"))))
        for path in _find_files(public, (".html", ".svg"), others)
    )


def _find_files(folder: Path, endings: tuple[str, ...], others: Collection[str]) -> list[Path]:
    """Return files below a folder, but not those of other languages, in one order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in endings
        and not {*others} & {*path.relative_to(folder).with_suffix("").parts}
    )


def _join_words(text: str) -> str:
    return " ".join(text.split())
