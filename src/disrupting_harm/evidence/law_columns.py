"""Columns and rules that the tables on law share: where a claim stands, and how sure it is.

No pandas here: the Snakefile loads this module at every call.
"""

import re
from collections.abc import Mapping

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Column, Value
from disrupting_harm.evidence.definition import Fault

UNDATED = "undated"
# Of a source that was not read to its end: what it does not answer there is not known.
PART = "stored_part"
# A year, a month or a day; a source often gives no more than its year.
_DATE = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
CONFIDENCE = Column(
    "confidence",
    "code",
    "How sure it is that this holds.",
    {
        "high": "the text itself, an official list, or two sources that agree",
        "medium": "one source that describes it",
        "low": "a mention, or an old source",
    },
)
CLAIM = (
    Column(
        "as_of",
        "text",
        "The date of which the source speaks: 2021, 2021-03 or 2021-03-15; undated where it bears "
        "none.",
        required=False,
        default=UNDATED,
        published="The date of which the source speaks; undated where it bears none.",
        # A year alone reads as a number.
        unit="year, month or day",
    ),
    CONFIDENCE,
    Column("address", "address", "Page where it stands."),
    Column(
        "checked",
        "date",
        "When somebody looked whether it stands there: 2026-11-24 or 2026-11.",
        may_be_later=True,
        published="When somebody looked whether it stands there.",
    ),
    Column(
        "checked_by",
        "code",
        "What that person looked at.",
        {
            "page": "the page itself",
            "stored_page": "a copy of the page that somebody had stored",
            PART: "a part of it alone, e.g. one section of a law: it may answer more",
            "two_sources": "lists of two sources that agree; the page itself was not seen",
        },
        published="What that person looked at: page, stored_page (a copy of it), stored_part "
        "(a part of it alone) or two_sources.",
    ),
    shared_columns.NOTE,
    shared_columns.PROVENANCE[0],
)
CLAIM_COLUMNS = "as_of confidence address checked checked_by note source_id"
# Published behind the columns of a table's own.
PUBLISHED_CLAIM = (CLAIM_COLUMNS, shared_columns.SOURCE, shared_columns.DATA_KIND)


def find_claim_fault(row: Mapping[str, Value]) -> Fault | None:
    """Return what is wrong with the date of a claim, or with how sure it is."""
    as_of = str(row["as_of"])
    if as_of != UNDATED and not _DATE.fullmatch(as_of):
        return Fault(
            "as_of",
            f"'{as_of}' is no date as year, month, day",
            f"Write 2021, 2021-03 or 2021-03-15, or '{UNDATED}' where the source bears no date",
        )
    if as_of != UNDATED and as_of > str(row["checked"]):
        return Fault(
            "as_of",
            f"{as_of} lies after 'checked', {row['checked']}",
            "Correct one: nobody can have looked before the source was made",
        )
    if as_of == UNDATED and row["confidence"] == "high":
        return Fault(
            "confidence",
            "'high' of a source without a date",
            "Write 'medium' or 'low': the law may have changed since",
        )
    return None
