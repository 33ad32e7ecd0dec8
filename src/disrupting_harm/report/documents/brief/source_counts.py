"""What police, companies, helplines and frontline workers see: one line each, no two added."""

from dataclasses import dataclass

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT, sort_by_year_and_class
from disrupting_harm.report.findings.evidence.offences import (
    build_series,
    find_last_counted,
    list_years,
)
from disrupting_harm.report.findings.evidence.police import ONLINE, series_label
from disrupting_harm.report.findings.evidence.services import band_label, group_by_item
from disrupting_harm.report.findings.evidence.source_notes import mark_published, mark_simulated
from disrupting_harm.report.language.evidence_codes import format_amount, label, row_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import (
    ABOUT_ABUSE,
    CONTACTS,
    Evidence,
    read_amount,
)


@dataclass(frozen=True)
class SourceCount:
    """One source: its name and year, whether simulated, what it counted, what to keep in mind."""

    source: Markdown
    counted: Markdown
    limit: Markdown


def describe_last_counts(
    translator: Translator[Markdown], evidence: Evidence, frontline: str | None
) -> list[SourceCount]:
    """Return what each source of a country counted in its last year known; others are out.

    Args:
        evidence: the public evidence of the country.
        frontline: the item of the survey of frontline workers that is told.
    """
    source_counts = (
        _describe_police_records(translator, evidence),
        _describe_company_reports(translator, evidence),
        _describe_helpline_contacts(translator, evidence),
        _describe_frontline_survey(translator, evidence, frontline),
    )
    return [source_count for source_count in source_counts if source_count]


def _describe_police_records(
    translator: Translator[Markdown], evidence: Evidence
) -> SourceCount | None:
    rates = evidence.rows("offence_rates")
    reported_online = [
        offence_series
        for offence_series in build_series(rates)
        if (offence_series.category, offence_series.stage) == (ONLINE, "reported")
    ]
    if not reported_online:
        return None
    agencies = {offence_series.agency for offence_series in reported_online}
    year_index = find_last_counted(reported_online)
    counts = [
        translator(
            "{label}: {count}",
            label=series_label(translator, offence_series, agencies),
            count=format_amount(translator, offence_series.amounts[year_index]),
        )
        for offence_series in reported_online
    ]
    year, limit = (
        list_years(rates)[year_index],
        translator("What nobody reports is not in the records."),
    )
    if any(
        (last_amount := offence_series.amounts[year_index]) and last_amount.at_least
        for offence_series in reported_online
    ):
        lacking = translator("“At least” stands where an offence or an agency has no figure.")
        limit = Markdown(f"{lacking} {limit}")
    rows_of_year = [
        row
        for row in rates
        if (row["category"], row["stage"], row["year"]) == (ONLINE, "reported", year)
    ]
    return SourceCount(
        mark_simulated(translator, translator("Police, {year}", year=year), rows_of_year),
        Markdown("; ".join(counts)),
        limit,
    )


def _describe_company_reports(
    translator: Translator[Markdown], evidence: Evidence
) -> SourceCount | None:
    rows_with_reports = [
        row for row in sort_by_year_and_class(evidence.rows("cybertips")) if row["reports"]
    ]
    if not rows_with_reports:
        return None
    year = rows_with_reports[-1]["year"]
    rows_of_year = [row for row in rows_with_reports if row["year"] == year]
    if rows_of_year[0]["class"] == UNSPLIT:
        counts = translator(
            "{reports} CyberTip reports",
            reports=translator.number(rows_of_year[0].number("reports")),
        )
    else:
        classes = [
            translator(
                "{label}: {count}",
                label=label(translator, "cybertips", "class", row["class"]),
                count=translator.number(row.number("reports")),
            )
            for row in rows_of_year
        ]
        counts = translator("CyberTip reports: {counts}", counts=translator.enumeration(classes))
    # It stands beside the longer column: a brief has two pages.
    explanation = translator("A CyberTip reports suspected abuse to NCMEC, a US centre.")
    ages = translator("They are about users of any age.")
    return SourceCount(
        mark_published(
            translator, translator("Mostly companies, {year}", year=year), evidence, rows_of_year
        ),
        Markdown(f"{counts} ({explanation})"),
        Markdown(f"{ages} {translator.of_study(PLACED_BY_UPLOAD)}"),
    )


def _describe_helpline_contacts(
    translator: Translator[Markdown], evidence: Evidence
) -> SourceCount | None:
    rows = [row for row in evidence.rows("hotlines") if row["measure"] == ABOUT_ABUSE]
    rows_with_contacts = [row for row in rows if row["contacts"]]
    if not rows_with_contacts:
        return None
    last_row = max(rows_with_contacts, key=lambda row: row["year"])
    total = next(
        (
            row
            for row in evidence.rows("hotlines")
            if row["measure"] == CONTACTS
            and (row["organisation"], row["year"]) == (last_row["organisation"], last_row["year"])
            and row["contacts"]
        ),
        None,
    )
    count = format_amount(translator, read_amount(last_row, "contacts"))
    sentence = (
        translator(
            "{count} of {total} contacts were about online exploitation or abuse",
            count=count,
            total=format_amount(translator, read_amount(total, "contacts")),
        )
        if total
        else translator("{count} contacts were about online exploitation or abuse", count=count)
    )
    return SourceCount(
        mark_simulated(
            translator, translator("Helpline, {year}", year=last_row["year"]), [last_row]
        ),
        sentence,
        translator("Those who do not know the number, or do not dare to call, are not counted."),
    )


def _describe_frontline_survey(
    translator: Translator[Markdown], evidence: Evidence, item: str | None
) -> SourceCount | None:
    rows_of_item = group_by_item(evidence.rows("frontline")).get(item or "")
    if not rows_of_item:
        return None
    yes = next((row for row in rows_of_item if row["answer"] == "yes" and row["n"]), None)
    if yes is None:
        return None
    count = (
        translator(
            "{count} of {n}",
            count=translator.number(yes.number("count")),
            n=translator.number(yes.number("n")),
        )
        if yes["count"]
        else translator(
            "{count} of {n}",
            count=band_label(translator, "frontline", yes),
            n=translator.number(yes.number("n")),
        )
    )
    return SourceCount(
        mark_simulated(translator, translator("Frontline workers"), rows_of_item),
        translator("{label}: {count}", label=row_label(translator, yes, "item"), count=count),
        translator("The workers were not drawn at random: what they say holds for them alone."),
    )
