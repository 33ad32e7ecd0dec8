"""The address of what a reader copies: an address, a row, or a link to a page of explanations."""

import re
from urllib.parse import unquote

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.provenance.explain.lookup import PublishedFiles

_LINK = re.compile(r"(?:.*/)?explained/(?:(compare|evidence)/)?([^/#]+)\.html(?:#(.*))?")


def read_copied_address(copied: str, published: PublishedFiles) -> str:
    """Return the address of one number; of a row that of its estimate, or of its first number.

    Args:
        copied: an address with or without its column, or the link of a web page, such as
            ``…/explained/KEN.html#told_nobody/sex:girl``.

    Raises:
        StudyError: if a link names a page and none of its rows.
    """
    # No address has these signs: who writes one by heart has the first between group and level,
    # and tables have the second between the levels of a crossed group.
    copied = copied.strip().replace("=", ":").replace("|", "+")
    link = _LINK.fullmatch(copied)
    if link is None:
        return published.number_address(copied)
    area_folder, page, row = link[1], link[2], unquote(link[3] or "")
    if not row:
        remedy = "Open it and copy the link of a row, which ends with '#' and the row"
        raise StudyError(f"link '{copied}'", "it is of a page, not of one number", remedy)
    return published.number_address(f"{COMPARE if area_folder == 'compare' else page}/{row}")
