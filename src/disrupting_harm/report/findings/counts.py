"""What complete counts of evidence bear: the numbers of a heading, of public tables alone."""

from collections.abc import Sequence
from itertools import pairwise

from disrupting_harm.provenance.addresses import counted, of_cell
from disrupting_harm.report.brief.services import ABOUT_ABUSE, CONTACTS
from disrupting_harm.report.evidence.cybertips import WHOLE, breaks_series, in_order
from disrupting_harm.report.evidence.facts import Amount, Row, amount
from disrupting_harm.report.evidence.offences import Series, last_counted, series, years
from disrupting_harm.report.evidence.police import ONLINE
from disrupting_harm.report.evidence.services import by_item
from disrupting_harm.report.headings import Borne

REPORTED = "reported"


def online_reported(rows: Sequence[Row]) -> list[Series]:
    """Return the counts of reported online abuse, of rows of ``offence_rates.csv``."""
    return [entry for entry in series(rows) if (entry.category, entry.stage) == (ONLINE, REPORTED)]


def last_recorded(rows: Sequence[Row]) -> tuple[Amount, Series, str] | None:
    """Return the last number of reported online abuse, its series and the year.

    None where there is no such number, or more than one series: they are not added.
    """
    found = online_reported(rows)
    if len(found) != 1:
        return None
    place = last_counted(found)
    count = found[0].amounts[place]
    if count is None or count.number is None:
        return None
    return count, found[0], years(rows)[place]


def borne_by_offences(rows: Sequence[Row]) -> Borne:
    """Return the count that a heading on recorded offences may name."""
    found = last_recorded(rows)
    if found is None:
        return {}
    counted, _, year = found
    return {"count": {"count": counted.number, "at_least": counted.at_least, "year": year}}


def whole_series(rows: Sequence[Row]) -> list[Row]:
    """Return the last run of complete yearly counts of CyberTip reports made in the same way."""
    run: list[Row] = []
    for row in in_order(rows):
        if row["class"] != WHOLE or not row["reports"] or row["status"] != REPORTED:
            continue
        if breaks_series(row) or (run and int(row["year"]) != int(run[-1]["year"]) + 1):
            run = []
        run.append(row)
    return run


def borne_by_reports(rows: Sequence[Row]) -> Borne:
    """Return whether CyberTip reports rose, or fell, in each year of one complete series."""
    run = whole_series(rows)
    if len(run) < 2:
        return {}
    steps = {
        float(row["reports"]) > float(before["reports"])
        for before, row in pairwise(run)
        if float(row["reports"]) != float(before["reports"])
    }
    if len(steps) != 1:
        return {}
    values = {"first": run[0]["year"], "last": run[-1]["year"]}
    return {"rose" if steps.pop() else "fell": values}


def last_contacts(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """Return the last year's contacts about online abuse, and all contacts of the same service."""
    about = [row for row in rows if row["measure"] == ABOUT_ABUSE and row["contacts"]]
    if not about:
        return None
    last = max(about, key=lambda row: row["year"])
    same = last["organisation"], last["year"]
    whole = (
        row
        for row in rows
        if (row["organisation"], row["year"]) == same and row["measure"] == CONTACTS
    )
    total = next((row for row in whole if row["contacts"]), None)
    complete = total and {last["status"], total["status"]} == {REPORTED}
    return (last, total) if total and complete else None


def borne_by_contacts(rows: Sequence[Row]) -> Borne:
    """Return the counts that a heading on a helpline may name."""
    found = last_contacts(rows)
    if found is None:
        return {}
    about, total = (amount(row, "contacts").number for row in found)
    return {"count": {"count": about, "total": total, "year": found[0]["year"]}}


def whole_number(cell: str) -> int:
    """Return the whole number of a filled cell, with the address of the cell."""
    return of_cell(int(float(cell)), cell)  # type: ignore[no-any-return]


def borne_by_workers(rows: Sequence[Row], item: str | None) -> Borne:
    """Return how many of the frontline workers asked said yes to an item, where it is shown."""
    own = by_item(rows).get(item or "", ())
    yes = next((row for row in own if row["answer"] == "yes" and row["count"] and row["n"]), None)
    if yes is None:
        return {}
    return {"count": {"count": whole_number(yes["count"]), "total": whole_number(yes["n"])}}


def borne_by_policy(rows: Sequence[Row]) -> Borne:
    """Return how many items of law and policy are in place."""
    if not rows:
        return {}
    own, table = sum(row["answer"] == "in_place" for row in rows), f"{rows[0]['country']}/policy"
    return {
        "count": {
            "count": counted(own, f"{table}/answer:in_place"),
            "total": counted(len(rows), table),
        }
    }
