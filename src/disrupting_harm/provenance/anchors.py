"""Where a number is explained: a page, and the anchor of its row on it."""

from disrupting_harm.comparison import NEEDS
from disrupting_harm.provenance.addresses import COMPARE, COUNTRY, STUDY
from disrupting_harm.provenance.derived_numbers import find_rule
from disrupting_harm.provenance.primary_keys import EVIDENCE_KEYS

FOLDER, EVIDENCE = "explained", "evidence"


def anchor_of_row(row_address: str) -> str:
    """Return the anchor of a row: its address without the area, e.g. ``told_nobody/sex:girl``."""
    return row_address.partition("/")[2]


def explanation_page(row_address: str) -> str:
    """Return the page of a row, below :data:`FOLDER` and without ``.html``; "" where it has none.

    A survey has a page, each indicator of the comparison one, the evidence on each area, and what
    countries need, which is of no indicator.

    Args:
        row_address: address without a column, e.g. ``KEN/told_nobody/sex:girl``.
    """
    area, *segments = row_address.split("/")
    if area == STUDY or segments[0] == COUNTRY:
        return ""
    if area == COMPARE and segments[0] == NEEDS:
        return f"{COMPARE}/{NEEDS}"
    if area == COMPARE:
        return f"{COMPARE}/{segments[1]}"
    return f"{EVIDENCE}/{area}" if segments[0] in EVIDENCE_KEYS else area


def explanation_link(address: str) -> str:
    """Return the page and the anchor of a number, below the public folder; "" where it has none.

    Numbers of the study's own files stand on no page, nor do those that a rule makes of several.

    Args:
        address: of a cell, e.g. ``KEN/told_nobody/sex:girl/estimate``.
    """
    if find_rule(address) is not None:
        return ""
    return row_explanation_link(address.rpartition("/")[0])


def row_explanation_link(row_address: str) -> str:
    """Return the page and the anchor of a row, or of a table of evidence; "" where it has none."""
    page = explanation_page(row_address)
    return f"{FOLDER}/{page}.html#{anchor_of_row(row_address)}" if page else ""
