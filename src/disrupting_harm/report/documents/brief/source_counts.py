"""What police, companies, helplines and hotlines see: one line each, no two added."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT, sort_by_year_and_class
from disrupting_harm.report.findings.evidence.offences import (
    Series,
    build_series,
    find_last_counted,
    list_years,
)
from disrupting_harm.report.findings.evidence.police import ONLINE
from disrupting_harm.report.findings.evidence.source_notes import mark_published, mark_simulated
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.key_figures import (
    find_last_count,
    find_reported_online_series,
)
from disrupting_harm.report.language.evidence_codes import format_amount, label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import (
    ABOUT_ABUSE,
    CONTACTS,
    RECEIVED,
    REMOVED,
    Amount,
    Evidence,
    read_amount,
)
from disrupting_harm.report.reading.rows import PublicRow

REFERRAL, INFORMATIONAL = "referral", "informational"


@dataclass(frozen=True)
class SourceCount:
    """One source: its name and year, whether simulated, what it counted, what to keep in mind."""

    source: Markdown
    counted: Markdown
    limit: Markdown


def describe_last_counts(
    translator: Translator[Markdown],
    evidence: Evidence,
    disputed: frozenset[str] = frozenset(),
) -> list[SourceCount]:
    """Return what each source of a country counted in its last year known; others are out.

    Args:
        disputed: addresses of rows on which sources do not agree.
    """
    source_counts = (
        _describe_police_records(translator, evidence),
        _describe_company_reports(translator, evidence),
        _describe_helpline_contacts(translator, evidence, disputed),
        _describe_hotline_reports(translator, evidence, disputed),
    )
    return [source_count for source_count in source_counts if source_count]


def _describe_police_records(
    translator: Translator[Markdown], evidence: Evidence
) -> SourceCount | None:
    rates = evidence.rows("offence_rates")
    reported_online = find_reported_online_series(rates)
    if not reported_online:
        return None
    year_index = find_last_counted(reported_online)
    year = list_years(rates)[year_index]
    amounts = {
        online_series: amount
        for online_series in reported_online
        if (amount := online_series.amounts[year_index]) and amount.number is not None
    }
    if not amounts:
        return None
    sentences = [
        _describe_recorded(translator, online_series, amount, len(reported_online) > 1)
        for online_series, amount in amounts.items()
    ]
    # Cases of online abuse follow its victims: those of unknown technology are others.
    proceedings = _describe_proceedings(translator, rates, year_index)
    sentences += [proceedings, *_describe_unknown_technology(translator, rates, year_index)]
    limits = [translator("Abuse that nobody reports is in no record.")]
    if any(amount.number == 0 for amount in amounts.values()):
        limits = [translator("That nothing was recorded does not mean that nothing happened.")]
    if any(amount.at_least for amount in amounts.values()):
        limits.insert(0, translator("“At least”, as an offence or an agency has no number."))
    if proceedings:
        limits.append(translator("No count is a share of another: a case may take years."))
    rows_of_year = [
        row
        for row in rates
        if (row["category"], row["stage"], row["year"]) == (ONLINE, "reported", year)
    ]
    return SourceCount(
        mark_simulated(translator, translator("Police, {year}", year=year), rows_of_year),
        join_sentences(sentences),
        Markdown(" ".join(limits)),
    )


def _describe_unknown_technology(
    translator: Translator[Markdown], rates: Sequence[PublicRow], year_index: int
) -> list[Markdown]:
    """Return how many the police recorded who may belong to online abuse; no two are added."""
    all_series = build_series(rates)
    counts = []
    for series in all_series:
        amount = series.amounts[year_index]
        if (series.technology, series.stage) != ("not_recorded", "reported"):
            continue
        if amount is None or not amount.number:
            continue
        count = _format_counted(translator, series.rule, amount)
        if len({each.agency for each in all_series}) > 1:
            agency = translator.translate_or_keep(series.agency)
            count = translator("{name} ({detail})", name=count, detail=agency)
        counts.append(count)
    if not counts:
        return []
    return [
        translator(
            "Whether technology was used was not recorded for {counts}.",
            counts=translator.enumeration(counts),
        )
    ]


def _format_counted(translator: Translator[Markdown], rule: str, amount: Amount) -> Markdown:
    """Return a number of what the police count, e.g. "at least 94 victims"."""
    count, number = format_amount(translator, amount), amount.quantity
    return {
        "victims": translator.plural("{count} victim", "{count} victims", number, count=count),
        "cases": translator.plural("{count} case", "{count} cases", number, count=count),
        "offenders": translator.plural(
            "{count} offender", "{count} offenders", number, count=count
        ),
        "reports": translator.plural("{count} report", "{count} reports", number, count=count),
    }[rule]


def _describe_recorded(
    translator: Translator[Markdown], online_series: Series, amount: Amount, named: bool
) -> Markdown:
    """Return how much online abuse the police recorded, by what they count.

    Args:
        named: whether the agency is named, as it is beside others.
    """
    count, number = format_amount(translator, amount), amount.quantity
    none = {
        "victims": translator("The police recorded **no victim** of online abuse."),
        "cases": translator("The police recorded **no case** of online abuse."),
        "offenders": translator("The police recorded **no offender** in a case of online abuse."),
        "reports": translator("The police counted: **no report** of online abuse came in."),
    }
    sentences = {
        "victims": translator.plural(
            "The police recorded **{count} victim** of online abuse.",
            "The police recorded **{count} victims** of online abuse.",
            number,
            count=count,
        ),
        "cases": translator.plural(
            "The police recorded **{count} case** of online abuse.",
            "The police recorded **{count} cases** of online abuse.",
            number,
            count=count,
        ),
        "offenders": translator.plural(
            "The police recorded **{count} offender** in cases of online abuse.",
            "The police recorded **{count} offenders** in cases of online abuse.",
            number,
            count=count,
        ),
        "reports": translator.plural(
            "The police received **{count} report** of online abuse.",
            "The police received **{count} reports** of online abuse.",
            number,
            count=count,
        ),
    }
    sentence = (none if amount.number == 0 else sentences)[online_series.rule]
    if not named:
        return sentence
    agency = translator.translate_or_keep(online_series.agency)
    return translator("{name} ({detail})", name=sentence.rstrip(".។ "), detail=agency)


def _describe_proceedings(
    translator: Translator[Markdown], rates: Sequence[PublicRow], year_index: int
) -> Markdown:
    """Return how many cases were charged and ended in a conviction; empty unless both are known."""
    numbers, quantities = {}, {}
    for stage in ("charged", "convicted"):
        counts = [
            amount
            for offence_series in build_series(rates)
            if (offence_series.category, offence_series.stage, offence_series.rule)
            == (ONLINE, stage, "cases")
            and (amount := offence_series.amounts[year_index])
            and amount.number is not None
        ]
        if len(counts) != 1:
            return Markdown("")
        numbers[stage] = format_amount(translator, counts[0])
        quantities[stage] = counts[0].number
    if not any(quantities.values()):
        return translator("No case was charged, and none ended in a conviction.")
    if not quantities["convicted"]:
        return translator(
            "Charges were brought in {charged} cases, and none ended in a conviction.", **numbers
        )
    return translator(
        "Charges were brought in {charged} cases, and {convicted} cases ended in a conviction.",
        **numbers,
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
    reports = {row["class"]: translator.number(row.number("reports")) for row in rows_of_year}
    if UNSPLIT in reports:
        counts = translator(
            "Companies and others sent **{count} CyberTip reports** of suspected abuse.",
            count=reports[UNSPLIT],
        )
    elif reports.keys() == {REFERRAL, INFORMATIONAL}:
        counts = translator(
            "Companies and others sent **{count} CyberTip reports** to act on, and {others} with "
            "too little to act on.",
            count=reports[REFERRAL],
            others=reports[INFORMATIONAL],
        )
    else:
        kind, count = next(iter(reports.items()))
        counts = translator(
            "Companies and others sent **{count} CyberTip reports** of one kind alone ({kind}).",
            count=count,
            kind=label(translator, "cybertips", "class", kind),
        )
    limits = (
        translator("Users are of any age."),
        translator("One report can be about many children or none."),
        translator.of_study(PLACED_BY_UPLOAD),
    )
    return SourceCount(
        mark_published(
            translator, translator("Companies, {year}", year=year), evidence, rows_of_year
        ),
        counts,
        Markdown(" ".join(limits)),
    )


def _describe_helpline_contacts(
    translator: Translator[Markdown], evidence: Evidence, disputed: frozenset[str]
) -> SourceCount | None:
    about_abuse = find_last_count(evidence.rows("hotlines"), ABOUT_ABUSE)
    if about_abuse is None:
        return None
    about_abuse_amount = read_amount(about_abuse, "contacts")
    count = format_amount(translator, about_abuse_amount)
    total = find_last_count(evidence.rows("hotlines"), CONTACTS, beside=about_abuse)
    if total:
        sentence = translator.plural(
            "**{count} of {total} contacts** was about online abuse.",
            "**{count} of {total} contacts** were about online abuse.",
            about_abuse_amount.quantity,
            count=count,
            total=format_amount(translator, read_amount(total, "contacts")),
        )
    else:
        sentence = translator.plural(
            "**{count} contact** was about online abuse.",
            "**{count} contacts** were about online abuse.",
            about_abuse_amount.quantity,
            count=count,
        )
    return SourceCount(
        mark_simulated(
            translator, translator("Helpline, {year}", year=about_abuse["year"]), [about_abuse]
        ),
        sentence,
        translator("Sources disagree on whether there is a helpline: see the report.")
        if _is_disputed(disputed, [about_abuse, total])
        else translator(
            "Those who do not know the number, or do not dare to call, are not counted."
        ),
    )


def _describe_hotline_reports(
    translator: Translator[Markdown], evidence: Evidence, disputed: frozenset[str]
) -> SourceCount | None:
    received = find_last_count(evidence.rows("hotlines"), RECEIVED)
    if received is None:
        return None
    removed = find_last_count(evidence.rows("hotlines"), REMOVED, beside=received)
    amount = read_amount(received, "contacts")
    sentence = translator.plural(
        "**{count} report** of abuse material came in.",
        "**{count} reports** of abuse material came in.",
        amount.quantity,
        count=format_amount(translator, amount),
    )
    if removed:
        after_removal = translator(
            "After {count} of the reports the material was removed.",
            count=format_amount(translator, read_amount(removed, "contacts")),
        )
        sentence = Markdown(f"{sentence} {after_removal}")
    return SourceCount(
        mark_simulated(
            translator, translator("Hotline, {year}", year=received["year"]), [received]
        ),
        sentence,
        translator("Sources disagree on whether there is a hotline: see the report.")
        if _is_disputed(disputed, [received])
        else translator("One report is not one child."),
    )


def _is_disputed(disputed: frozenset[str], rows: Sequence[PublicRow | None]) -> bool:
    return any(row is not None and address_of_row("hotlines", row) in disputed for row in rows)
