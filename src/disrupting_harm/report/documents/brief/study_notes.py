"""Where the numbers of the brief of the whole study come from, and who is set apart, and why."""

from collections.abc import Mapping, Sequence

from disrupting_harm.evidence.sources import PUBLISHED
from disrupting_harm.report.findings.evidence.source_notes import mark_simulated
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.order_claims import (
    is_set_apart,
    select_decisive_reasons,
    translate_reason,
)
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.populations import find_invented_use
from disrupting_harm.report.language.translator import PLAIN, Translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.countries import Country

# Tables of evidence on which asks may rest, beside what companies report.
TABLES_OF_RECORDS = ("policy", "justice", "offences", "capacity", "hotlines", "frontline")


def describe_sources(
    translator: Translator[Markdown],
    survey: Markdown,
    simulated: bool,
    evidence: Evidence,
    reports: Sequence[PublicRow],
) -> Markdown:
    """Return all sources of the brief as a list, each with whether it is simulated or published.

    Args:
        survey: what kind of survey it is.
        simulated: whether its data are.
        evidence: the public evidence of all countries.
        reports: rows of ``cybertips.csv`` of which the brief prints the sum.
    """
    detail = translator("simulated")
    named_sources = [
        translator("{name} ({detail})", name=survey, detail=detail) if simulated else survey
    ]
    rows_of_records = [row for table in TABLES_OF_RECORDS for row in evidence.rows(table)]
    if rows_of_records:
        named_sources.append(
            mark_simulated(
                translator,
                translator("reviews of policy, and records of police and services"),
                rows_of_records,
            )
        )
    if reports:
        bodies = translator.enumeration(list(dict.fromkeys(row["counted_by"] for row in reports)))
        published = data_kinds(reports) == {PUBLISHED}
        counts = translator("{name} ({detail})", name=bodies, detail=translator("published counts"))
        named_sources.append(counts if published else mark_simulated(translator, bodies, reports))
    return Markdown("; ".join(named_sources))


def describe_years(translator: Translator[Markdown], countries: Sequence[Country]) -> Markdown:
    """Return where the years of the surveys stand, or that the data state none."""
    if any(country.fieldwork for country in countries):
        return translator("The brief of each {area} says when its survey was made.")
    if all(country.survey_year for country in countries):
        return Markdown("")  # The line of sources has them.
    return translator("The data do not state the years of the surveys.")


def describe_population_sources(
    translator: Translator[Markdown],
    comparison: RegionalResults,
    indicator: str,
    country_names: Mapping[str, Markdown],
) -> Markdown:
    """Return where the sources of the mean of all children stand, and what of it is invented.

    Args:
        indicator: the main finding.
        country_names: of the countries, inside a sentence.
    """
    if "population_weighted" not in comparison.averages(indicator):
        return Markdown("")
    rows = comparison.rows("denominators", indicator=indicator)
    rows_with_children = [
        row for row in rows if row["children"] and row["country"] in country_names
    ]
    invented_codes = set(find_invented_use(rows_with_children))
    if not rows_with_children:
        return Markdown("")
    if not invented_codes:
        return translator("Sources on {respondents} and internet use: regional report.")
    return translator(
        "Sources on {respondents} and internet use: regional report; "
        "internet use in {countries} is invented for this simulation.",
        countries=translator.enumeration(
            [name for code, name in country_names.items() if code in invented_codes]
        ),
    )


def describe_reasons_apart(
    translator: Translator[Markdown],
    comparison: RegionalResults,
    indicator: str,
    country_names: Mapping[str, Markdown],
) -> Markdown:
    """Return who is set apart, and why in the words of the ledger; empty where nobody is."""
    reasons: dict[str, set[str]] = {}
    for row in comparison.rows("comparability", indicator=indicator):
        if is_set_apart(row):
            reasons.setdefault(select_decisive_reasons(row["reason"]), set()).add(row["country"])
    sentences = [
        translator(
            "{names}: not compared. Reason: {reason}.",
            names=translator.enumeration(
                [name for code, name in country_names.items() if code in codes]
            ),
            reason=translate_reason(translator.with_markup(PLAIN), reason),
        )
        for reason, codes in reasons.items()
        if codes & country_names.keys()
    ]
    return join_sentences(sentences)
