"""Messages on evidence in a reader's language, for documents and figures."""

from collections.abc import Sequence
from typing import Any, Protocol


class Messages(Protocol):
    """A language: :class:`.addressed_text.Text` returns Markdown, :class:`.translator.Words` plain
    text.
    """

    def __call__(self, message: str, **values: Any) -> str:
        """Return the message translated and filled."""

    def of_study(self, message: str) -> str:
        """Return a text that every reader must understand, translated."""

    def plain(self, text: str) -> str:
        """Return a text of the data, e.g. a name, translated where the catalogue knows it."""

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it."""

    def enumeration(self, parts: Sequence[str]) -> str:
        """Return parts joined as the language does."""
