"""Where a number is explained: the page of its country, and the anchor of its row on it."""

from disrupting_harm.provenance.addresses import COMPARE, COUNTRY, EVERYWHERE, STUDY
from disrupting_harm.provenance.derived import rule_of
from disrupting_harm.provenance.keys import EVIDENCE_KEYS

FOLDER = "explained"


def anchor(row: str) -> str:
    """Return the anchor of a row: its address without the area, e.g. ``told_nobody/sex:girl``."""
    return row.partition("/")[2]


def where_explained(address: str) -> str:
    """Return the page and the anchor of a number, below the public folder; "" where it has none.

    Numbers of the comparison, of evidence and of the study's files stand on no page of a country,
    nor do those that a rule makes of several.

    Args:
        address: of a cell, e.g. ``KEN/told_nobody/sex:girl/estimate``.
    """
    if rule_of(address) is not None:
        return ""
    area, _, rest = address.partition("/")
    elsewhere = area in (COMPARE, EVERYWHERE, STUDY)
    if elsewhere or rest.partition("/")[0] in (*EVIDENCE_KEYS, COUNTRY):
        return ""
    return f"{FOLDER}/{area}.html#{rest.rpartition('/')[0]}"
