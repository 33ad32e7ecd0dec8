"""Findings of what others counted: the police, companies, helplines and hotlines."""

from collections.abc import Sequence

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.evidence.chapters import EvidenceContext
from disrupting_harm.report.findings.evidence.cybertips import (
    UNSPLIT,
    breaks_series,
    sort_by_year_and_class,
)
from disrupting_harm.report.findings.evidence.offences import (
    build_series,
    find_last_counted,
    list_years,
)
from disrupting_harm.report.findings.evidence.services import describe_workers
from disrupting_harm.report.findings.headings import NOTHING, PrintedFinding, join_sentences
from disrupting_harm.report.findings.key_figures import (
    REPORTED,
    find_claims_of_contacts,
    find_claims_of_offences,
    find_claims_of_reports,
    find_complete_series,
    find_last_contacts,
    find_last_recorded,
)
from disrupting_harm.report.language.evidence_codes import format_amount, label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import CONTACTS, read_amount
from disrupting_harm.report.reading.rows import PublicRow


class CountFindings:
    """Write what was counted; each in its own unit."""

    def __init__(self, context: EvidenceContext) -> None:
        self._context = context

    def offences(self, finding: Finding) -> PrintedFinding | None:
        """Return what the police recorded, and what frontline workers said beside it."""
        context, translator = self._context, self._context.translator
        rows, offences = context.evidence.rows("offence_rates"), context.chapters.offences
        if not offences:
            return None
        heading, sentences = translator("What the police recorded"), []
        last_count = find_last_recorded(rows)
        if last_count:
            count, online_series, year = last_count
            heading = translator(
                "In {year} the police recorded {count} {rule} of online abuse",
                count=format_amount(translator, count),
                rule=label(translator, "offence_rates", "counting_rule", online_series.rule),
                year=year,
            )
            if count.number == 0:
                sentences.append(
                    translator("That nothing was recorded does not mean that nothing happened.")
                )
        if len(offences.columns) > 1:
            sentences += [
                translator(
                    "No share of solved cases can be worked out: the columns count different "
                    "things, and a case may take years."
                ),
            ]
        sentences += self._describe_unknown_technology(rows)
        workers = context.evidence.rows("frontline")
        said = describe_workers(translator, workers, finding.said)
        if said:
            sentences += [*said, translator("This holds for these workers, not for all.")]
        return context.build_finding(
            finding,
            heading,
            "offence_rates",
            sentences,
            sure=context.describe_certainty(
                "offence_rates",
                translator("What is recorded was counted."),
                translator("What nobody reports is not in the records."),
            ),
            count_note=translator("**Counted:** what was reported to the police and written down"),
            claims=find_claims_of_offences(rows),
            finding_table=offences.table(),
            also=("frontline",) if said else (),
        )

    def _describe_unknown_technology(self, rows: Sequence[PublicRow]) -> list[Markdown]:
        """Return of how many the last records do not say whether technology was used."""
        translator = self._context.translator
        unknown_series = [
            each
            for each in build_series(rows)
            if (each.technology, each.stage) == ("not_recorded", REPORTED)
        ]
        if not unknown_series:
            return []
        index = find_last_counted(unknown_series)
        return [
            translator(
                "For {count} {rule} in {year} the police did not record whether technology was "
                "used.",
                count=format_amount(translator, amount),
                rule=label(translator, "offence_rates", "counting_rule", each.rule),
                year=list_years(rows)[index],
            )
            for each in unknown_series
            if (amount := each.amounts[index]) and amount.number
        ]

    def cybertips(self, finding: Finding) -> PrintedFinding | None:
        """Return what companies reported."""
        translator, rows = self._context.translator, self._context.evidence.rows("cybertips")
        if not self._context.chapters.cybertips:
            return None
        claims, run = find_claims_of_reports(rows), find_complete_series(rows)
        heading, sentences = (
            translator("CyberTip reports placed in {country}", **self._context.printed_names),
            [],
        )
        if len(run) > 1:
            ends = {"first": run[0]["year"], "last": run[-1]["year"]}
            if "rose" in claims:
                heading = translator("CyberTip reports rose between {first} and {last}", **ends)
            elif "fell" in claims:
                heading = translator("CyberTip reports fell between {first} and {last}", **ends)
            sentences.append(
                translator(
                    "{body} placed {count} CyberTip reports in {country} in {first}, and {other} "
                    "in {last}.",
                    body=translator.translate_or_keep(run[-1]["counted_by"]),
                    count=translator.number(run[0].number("reports")),
                    other=translator.number(run[-1].number("reports")),
                    **self._context.printed_names,
                    **ends,
                )
            )
        sentences += self._describe_classes(rows)
        types = self._context.chapters.incidents.describe_largest_types()
        sentences += types
        sentences += self._context.chapters.reporters.describe_largest_reporter()
        sentences.append(translator.of_study(PLACED_BY_UPLOAD))
        return self._context.build_finding(
            finding,
            heading,
            "cybertips",
            sentences,
            sure=join_sentences(
                [
                    translator(
                        "These are all reports that {body} could place in {country}, not a sample.",
                        body=translator.translate_or_keep(rows[-1]["counted_by"]),
                        **self._context.printed_names,
                    ),
                    translator("Why they change is not known."),
                ]
            ),
            count_note=translator(
                "**Counted:** reports to NCMEC in the United States. Users are of any age."
            ),
            claims=claims,
            also=("cybertip_parts",) if types else (),
        )

    def _describe_classes(self, rows: Sequence[PublicRow]) -> list[Markdown]:
        """Return the last year's reports where they are told apart by class, and a warning.

        The year in which counting changes is not to be compared; a later one is, with that year.
        """
        translator = self._context.translator
        class_rows = [
            row
            for row in sort_by_year_and_class(rows)
            if row["class"] != UNSPLIT and row["reports"]
        ]
        if not class_rows:
            return []
        year = class_rows[-1]["year"]
        numbers = {row["class"]: row.number("reports") for row in class_rows if row["year"] == year}
        counts = {kind: translator.number(number) for kind, number in numbers.items()}
        sentences = []
        if {"referral", "informational"} <= {*counts}:
            sentences.append(
                translator.plural(
                    "In {year}, {count} report held enough to act on, and {others} too little.",
                    "In {year}, {count} reports held enough to act on, and {others} too little.",
                    numbers["referral"],
                    year=year,
                    count=counts["referral"],
                    others=counts["informational"],
                )
            )
        elif "referral" in counts:
            sentences.append(
                translator.plural(
                    "In {year}, {count} report held enough to act on.",
                    "In {year}, {count} reports held enough to act on.",
                    numbers["referral"],
                    year=year,
                    count=counts["referral"],
                )
            )
        elif counts:
            sentences.append(
                translator.plural(
                    "In {year}, {count} report held too little to act on.",
                    "In {year}, {count} reports held too little to act on.",
                    numbers["informational"],
                    year=year,
                    count=counts["informational"],
                )
            )
        changed = [row["year"] for row in class_rows if breaks_series(row)]
        if changed:
            sentences += [
                translator("Since {year} reports are counted differently.", year=changed[-1]),
                translator("Do not compare with earlier years."),
            ]
        return sentences

    def hotlines(self, finding: Finding) -> PrintedFinding | None:
        """Return what reached helplines and hotlines."""
        translator, rows = self._context.translator, self._context.evidence.rows("hotlines")
        hotlines = self._context.chapters.hotlines
        if not hotlines:
            return None
        heading, claims, about_and_total = (
            translator("What reaches helplines and hotlines"),
            {},
            find_last_contacts(rows),
        )
        if about_and_total:
            claims = find_claims_of_contacts(rows)
            about_abuse = read_amount(about_and_total[0], "contacts")
            heading = translator.plural(
                "In {year}, {count} of {total} contacts of a helpline was about online abuse",
                "In {year}, {count} of {total} contacts of a helpline were about online abuse",
                about_abuse.quantity,
                count=format_amount(translator, about_abuse),
                total=format_amount(translator, read_amount(about_and_total[1], "contacts")),
                year=about_and_total[0]["year"],
            )
        meaning = translator("Children call a helpline; a hotline takes reports of abuse material.")
        sentences = hotlines.describe_counts(about_and_total or ())
        needs_table = not sentences and hotlines.has_others(about_and_total or ())
        return self._context.build_finding(
            finding,
            heading,
            "hotlines",
            [
                *[meaning] * bool(sentences),
                *sentences,
                *[translator("Some children call several times, and many never call.")]
                * any(row["measure"] == CONTACTS for row in rows),
            ],
            sure=self._context.describe_certainty(
                "hotlines",
                translator("What was counted is sure."),
                translator(
                    "Those who do not know the number, or do not dare to call, are not counted."
                ),
            ),
            count_note=translator("**Counted:** contacts and reports in the last year known"),
            claims=claims,
            finding_table=hotlines.table(about_and_total or ()) if needs_table else NOTHING,
        )
