"""Numbers of the site's pages: printed in elements that carry their addresses (``data-n``).

Texts of pages are plain, and their numbers carry addresses (:mod:`.addressed_text`) until a
template prints them. In a table the head of a column has the address of its cells, in which ``*``
stands for the key that each row has: so an address is written once, and not once a cell.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.report.language.addressed_text import add_address, split_addresses
from disrupting_harm.report.language.markdown import CITED, Markdown, unescape

NUMBER = Markup('<span data-n="{}">{}</span>')
KEY = "*"  # of a row, in the address of its column


def wrap_numbers(value: object) -> object:
    """Return what a template prints: of a text with annotated numbers, these in elements."""
    if not isinstance(value, str):
        return value
    plain_text, numbers = split_addresses(value)
    if not numbers:
        return value
    pieces_of_markup, end = [], 0
    for number in numbers:
        pieces_of_markup += [
            escape(plain_text[end : number.position]),
            NUMBER.format(number.address, number.printed),
        ]
        end = number.position + len(number.printed)
    return Markup("").join([*pieces_of_markup, escape(plain_text[end:])])


def format_address_attribute(*texts: str) -> Markup:
    """Return the attribute of an element that prints texts: the addresses of their numbers."""
    addresses = [
        number.address for addressed_text in texts for number in split_addresses(addressed_text)[1]
    ]
    return Markup(' data-n="{}"').format(" ".join(addresses)) if addresses else Markup("")


def strip_markdown(markdown: Markdown) -> str:
    """Return a text of a document as a plain one, its numbers annotated."""
    return keep_bold_signs(markdown).replace("**", "")


def keep_bold_signs(markdown: Markdown) -> str:
    """Return the same, with the signs around what a template prints in bold."""
    addressed_text = CITED.sub(lambda citation: add_address(citation[1], citation[2]), markdown)
    return unescape(addressed_text)


def format_column_addresses(table: str, *columns: str) -> str:
    """Return the addresses of a column's cells, of one number each or of several.

    Args:
        table: up to the key of its row, e.g. ``compare/prevalence/uses_daily``.
        columns: what follows the key, e.g. ``ci_low``.
    """
    return " ".join(f"{table}/{KEY}/{column_name}" for column_name in columns)


def key_of_row(values: Sequence[str]) -> str:
    """Return the key that a row has in the place of ``*``."""
    return "/".join(map(address_part, values))
