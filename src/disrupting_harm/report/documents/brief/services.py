"""What police, companies, helplines and frontline workers see: one line each, no two added."""

from dataclasses import dataclass

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.cybertips import WHOLE, in_order
from disrupting_harm.report.findings.evidence.offences import last_counted, series, years
from disrupting_harm.report.findings.evidence.police import ONLINE, series_label
from disrupting_harm.report.findings.evidence.services import band_label, by_item
from disrupting_harm.report.findings.evidence.source_notes import marked, real
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.evidence_codes import label, printed, row_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import ABOUT_ABUSE, CONTACTS, Evidence, amount


@dataclass(frozen=True)
class Seen:
    """One source: its name and year, whether simulated, what it counted, what to keep in mind."""

    source: Markdown
    counted: Markdown
    limit: Markdown


def seen(text: Text, evidence: Evidence, frontline: str | None) -> list[Seen]:
    """Return what each source of a country counted in its last year known; others are out.

    Args:
        text: the language.
        evidence: the public evidence of the country.
        frontline: the item of the survey of frontline workers that is told.
    """
    lines = (
        _police(text, evidence),
        _companies(text, evidence),
        _helpline(text, evidence),
        _workers(text, evidence, frontline),
    )
    return [line for line in lines if line]


def _police(text: Text, evidence: Evidence) -> Seen | None:
    rates = evidence.rows("offence_rates")
    found = [
        entry for entry in series(rates) if (entry.category, entry.stage) == (ONLINE, "reported")
    ]
    if not found:
        return None
    agencies = {entry.agency for entry in found}
    place = last_counted(found)
    told = [
        text(
            "{label}: {count}",
            label=series_label(text, entry, agencies),
            count=printed(text, entry.amounts[place]),
        )
        for entry in found
    ]
    year, limit = years(rates)[place], text("What nobody reports is not in the records.")
    if any((last := entry.amounts[place]) and last.at_least for entry in found):
        lacking = text("“At least” stands where an offence or an agency has no figure.")
        limit = Markdown(f"{lacking} {limit}")
    own = [
        row
        for row in rates
        if (row["category"], row["stage"], row["year"]) == (ONLINE, "reported", year)
    ]
    return Seen(
        marked(text, text("Police, {year}", year=year), own),
        Markdown("; ".join(told)),
        limit,
    )


def _companies(text: Text, evidence: Evidence) -> Seen | None:
    counted = [row for row in in_order(evidence.rows("cybertips")) if row["reports"]]
    if not counted:
        return None
    year = counted[-1]["year"]
    own = [row for row in counted if row["year"] == year]
    if own[0]["class"] == WHOLE:
        said = text("{reports} CyberTip reports", reports=text.number(number_of(own[0]["reports"])))
    else:
        classes = [
            text(
                "{label}: {count}",
                label=label(text, "cybertips", "class", row["class"]),
                count=text.number(number_of(row["reports"])),
            )
            for row in own
        ]
        said = text("CyberTip reports: {counts}", counts=text.enumeration(classes))
    # It stands beside the longer column: a brief has two pages.
    explained = text("A CyberTip reports suspected abuse to NCMEC, a US centre.")
    about = text("They are about users of any age.")
    return Seen(
        real(text, text("Mostly companies, {year}", year=year), evidence, own),
        Markdown(f"{said} ({explained})"),
        Markdown(f"{about} {text.of_study(PLACED_BY_UPLOAD)}"),
    )


def _helpline(text: Text, evidence: Evidence) -> Seen | None:
    rows = [row for row in evidence.rows("hotlines") if row["measure"] == ABOUT_ABUSE]
    known = [row for row in rows if row["contacts"]]
    if not known:
        return None
    last = max(known, key=lambda row: row["year"])
    total = next(
        (
            row
            for row in evidence.rows("hotlines")
            if row["measure"] == CONTACTS
            and (row["organisation"], row["year"]) == (last["organisation"], last["year"])
            and row["contacts"]
        ),
        None,
    )
    count = printed(text, amount(last, "contacts"))
    said = (
        text(
            "{count} of {total} contacts were about online exploitation or abuse",
            count=count,
            total=printed(text, amount(total, "contacts")),
        )
        if total
        else text("{count} contacts were about online exploitation or abuse", count=count)
    )
    return Seen(
        marked(text, text("Helpline, {year}", year=last["year"]), [last]),
        said,
        text("Those who do not know the number, or do not dare to call, are not counted."),
    )


def _workers(text: Text, evidence: Evidence, item: str | None) -> Seen | None:
    own = by_item(evidence.rows("frontline")).get(item or "")
    if not own:
        return None
    yes = next((row for row in own if row["answer"] == "yes" and row["n"]), None)
    if yes is None:
        return None
    told = (
        text(
            "{count} of {n}",
            count=text.number(number_of(yes["count"])),
            n=text.number(number_of(yes["n"])),
        )
        if yes["count"]
        else text(
            "{count} of {n}",
            count=band_label(text, "frontline", yes),
            n=text.number(number_of(yes["n"])),
        )
    )
    return Seen(
        marked(text, text("Frontline workers"), own),
        text("{label}: {count}", label=row_label(text, yes, "item"), count=told),
        text("The workers were not drawn at random: what they say holds for them alone."),
    )
