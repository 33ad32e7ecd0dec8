"""What police, companies, helplines and frontline workers see: one line each, no two added."""

from dataclasses import dataclass

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.cybertips import WHOLE, in_order
from disrupting_harm.report.findings.evidence.offences import last_counted, series, years
from disrupting_harm.report.findings.evidence.police import ONLINE, series_label
from disrupting_harm.report.findings.evidence.services import band_label, by_item
from disrupting_harm.report.findings.evidence.source_notes import marked, real
from disrupting_harm.report.language.evidence_codes import label, printed, row_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import ABOUT_ABUSE, CONTACTS, Evidence, amount


@dataclass(frozen=True)
class Seen:
    """One source: its name and year, whether simulated, what it counted, what to keep in mind."""

    source: Markdown
    counted: Markdown
    limit: Markdown


def seen(translator: Translator[Markdown], evidence: Evidence, frontline: str | None) -> list[Seen]:
    """Return what each source of a country counted in its last year known; others are out.

    Args:
        translator: the language.
        evidence: the public evidence of the country.
        frontline: the item of the survey of frontline workers that is told.
    """
    lines = (
        _police(translator, evidence),
        _companies(translator, evidence),
        _helpline(translator, evidence),
        _workers(translator, evidence, frontline),
    )
    return [line for line in lines if line]


def _police(translator: Translator[Markdown], evidence: Evidence) -> Seen | None:
    rates = evidence.rows("offence_rates")
    found = [
        entry for entry in series(rates) if (entry.category, entry.stage) == (ONLINE, "reported")
    ]
    if not found:
        return None
    agencies = {entry.agency for entry in found}
    place = last_counted(found)
    told = [
        translator(
            "{label}: {count}",
            label=series_label(translator, entry, agencies),
            count=printed(translator, entry.amounts[place]),
        )
        for entry in found
    ]
    year, limit = years(rates)[place], translator("What nobody reports is not in the records.")
    if any((last := entry.amounts[place]) and last.at_least for entry in found):
        lacking = translator("“At least” stands where an offence or an agency has no figure.")
        limit = Markdown(f"{lacking} {limit}")
    own = [
        row
        for row in rates
        if (row["category"], row["stage"], row["year"]) == (ONLINE, "reported", year)
    ]
    return Seen(
        marked(translator, translator("Police, {year}", year=year), own),
        Markdown("; ".join(told)),
        limit,
    )


def _companies(translator: Translator[Markdown], evidence: Evidence) -> Seen | None:
    counted = [row for row in in_order(evidence.rows("cybertips")) if row["reports"]]
    if not counted:
        return None
    year = counted[-1]["year"]
    own = [row for row in counted if row["year"] == year]
    if own[0]["class"] == WHOLE:
        said = translator(
            "{reports} CyberTip reports", reports=translator.number(number_of(own[0]["reports"]))
        )
    else:
        classes = [
            translator(
                "{label}: {count}",
                label=label(translator, "cybertips", "class", row["class"]),
                count=translator.number(number_of(row["reports"])),
            )
            for row in own
        ]
        said = translator("CyberTip reports: {counts}", counts=translator.enumeration(classes))
    # It stands beside the longer column: a brief has two pages.
    explained = translator("A CyberTip reports suspected abuse to NCMEC, a US centre.")
    about = translator("They are about users of any age.")
    return Seen(
        real(translator, translator("Mostly companies, {year}", year=year), evidence, own),
        Markdown(f"{said} ({explained})"),
        Markdown(f"{about} {translator.of_study(PLACED_BY_UPLOAD)}"),
    )


def _helpline(translator: Translator[Markdown], evidence: Evidence) -> Seen | None:
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
    count = printed(translator, amount(last, "contacts"))
    said = (
        translator(
            "{count} of {total} contacts were about online exploitation or abuse",
            count=count,
            total=printed(translator, amount(total, "contacts")),
        )
        if total
        else translator("{count} contacts were about online exploitation or abuse", count=count)
    )
    return Seen(
        marked(translator, translator("Helpline, {year}", year=last["year"]), [last]),
        said,
        translator("Those who do not know the number, or do not dare to call, are not counted."),
    )


def _workers(translator: Translator[Markdown], evidence: Evidence, item: str | None) -> Seen | None:
    own = by_item(evidence.rows("frontline")).get(item or "")
    if not own:
        return None
    yes = next((row for row in own if row["answer"] == "yes" and row["n"]), None)
    if yes is None:
        return None
    told = (
        translator(
            "{count} of {n}",
            count=translator.number(number_of(yes["count"])),
            n=translator.number(number_of(yes["n"])),
        )
        if yes["count"]
        else translator(
            "{count} of {n}",
            count=band_label(translator, "frontline", yes),
            n=translator.number(number_of(yes["n"])),
        )
    )
    return Seen(
        marked(translator, translator("Frontline workers"), own),
        translator("{label}: {count}", label=row_label(translator, yes, "item"), count=told),
        translator("The workers were not drawn at random: what they say holds for them alone."),
    )
