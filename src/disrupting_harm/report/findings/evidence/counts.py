"""Findings of what others counted: the police, companies, helplines and hotlines."""

from collections.abc import Sequence

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.evidence.chapters import EvidenceContext
from disrupting_harm.report.findings.evidence.cybertips import (
    UNSPLIT,
    breaks_series,
    sort_by_year_and_class,
)
from disrupting_harm.report.findings.evidence.offences import Series, build_series, list_years
from disrupting_harm.report.findings.evidence.police import ONLINE
from disrupting_harm.report.findings.headings import PrintedFinding
from disrupting_harm.report.findings.key_figures import (
    find_claims_of_contacts,
    find_claims_of_offences,
    find_claims_of_reports,
    find_complete_series,
    find_last_contacts,
    find_last_recorded,
)
from disrupting_harm.report.language.evidence_codes import format_amount, label
from disrupting_harm.report.language.labels import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import Amount, read_amount
from disrupting_harm.report.reading.rows import PublicRow

NOTHING_COUNTED = Amount(None, "")


class CountFindings:
    """Write what was counted; each in its own unit."""

    def __init__(self, context: EvidenceContext) -> None:
        self._context = context

    def offences(self, finding: Finding) -> PrintedFinding | None:
        """Return what the police recorded."""
        translator, rows = self._context.translator, self._context.evidence.rows("offence_rates")
        if not self._context.chapters.offences:
            return None
        heading, claims, sentences = (
            translator("What the police recorded"),
            find_claims_of_offences(rows),
            [],
        )
        last_count = find_last_recorded(rows)
        if last_count:
            count, online_series, year = last_count
            heading = translator(
                "The police recorded {count} {rule} of abuse online in {year}",
                count=format_amount(translator, count),
                rule=label(translator, "offence_rates", "counting_rule", online_series.rule),
                year=year,
            )
        sentences.append(
            self._context.chapters.offences.describe_finding(last_count[2] if last_count else None)
        )
        if last_count and last_count[0].number == 0:
            sentences.append(
                translator("That nothing was recorded does not mean that nothing happened.")
            )
        sentences += self._describe_proceedings(rows)
        sentences.append(
            translator(
                "A child whose abuse is reported late, or never, is in no record of that year, and "
                "agencies count by their own rules."
            )
        )
        return self._context.build_finding(
            finding,
            heading,
            "offence_rates",
            sentences,
            sure=self._context.describe_certainty(
                "offence_rates",
                translator("What is recorded was counted."),
                self._explain_incomplete_years(rows),
            ),
            count_note=translator("**Counted:** what was reported to the police and written down"),
            claims=claims,
        )

    def _explain_incomplete_years(self, rows: Sequence[PublicRow]) -> Markdown:
        """Return what cannot be read from years of which some offence or agency has no figure.

        They may be first or last in a series: a rise after them is as little told as a fall to
        them.
        """
        if not any(
            (count or NOTHING_COUNTED).at_least
            for series_of_offence in build_series(rows)
            for count in series_of_offence.amounts
        ):
            return self._context.translator("What nobody reports is not in the records.")
        return self._context.translator(
            "“At least” stands where an offence or an agency has no figure: from "
            "such a year neither a rise nor a fall can be read."
        )

    def _describe_proceedings(self, rows: Sequence[PublicRow]) -> list[Markdown]:
        """Return how far proceedings on online abuse went in the last year, by counting rule.

        A rule of which no stage has a number is left out, as the heading tells no number of it.
        """
        translator = self._context.translator
        rules: dict[str, list[Series]] = {}
        for stage_series in build_series(rows):
            if stage_series.category == ONLINE and stage_series.stage != "reported":
                rules.setdefault(stage_series.rule, []).append(stage_series)
        sentences = []
        for rule, series_of_rule in rules.items():
            with_number = [
                stage_series
                for stage_series in series_of_rule
                if (stage_series.amounts[-1] or NOTHING_COUNTED).number is not None
            ]
            if with_number:
                sentences.append(
                    translator(
                        "In {year} the records count {rule} by how far they went: {stages}.",
                        year=list_years(rows)[-1],
                        rule=label(translator, "offence_rates", "counting_rule", rule),
                        stages=self._list_stages(with_number),
                    )
                )
            if with_number and len(with_number) < len(series_of_rule):
                without_number = [
                    stage_series
                    for stage_series in series_of_rule
                    if stage_series not in with_number
                ]
                sentences.append(
                    translator("No number: {stages}.", stages=self._list_stages(without_number))
                )
        return sentences

    def _list_stages(self, stages: Sequence[Series]) -> Markdown:
        """Return stages of proceedings, each with its count, or why it has none."""
        translator = self._context.translator
        return translator.enumeration(
            [
                translator(
                    "{label} ({count})",
                    label=label(translator, "offence_rates", "stage", stage_series.stage),
                    count=format_amount(translator, stage_series.amounts[-1]),
                )
                for stage_series in stages
            ]
        )

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
        if self._context.chapters.reporters:
            sentences.append(self._context.chapters.reporters.describe_largest_reporter())
        sentences.append(translator.of_study(PLACED_BY_UPLOAD))
        sure = translator(
            "{body} counted all reports that it could place in {country}; none was sampled. Why "
            "they change is not known: detection, the use of services, counting rules and abuse "
            "itself may all change.",
            body=translator.translate_or_keep(rows[-1]["counted_by"]),
            **self._context.printed_names,
        )
        return self._context.build_finding(
            finding,
            heading,
            "cybertips",
            sentences,
            sure=sure,
            count_note=translator(
                "**Counted:** reports to NCMEC in the United States on users of any age; one "
                "incident can lead to many"
            ),
            claims=claims,
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
        classes = [
            translator(
                "{label} ({count})",
                label=label(translator, "cybertips", "class", row["class"]),
                count=translator.number(row.number("reports")),
            )
            for row in class_rows
            if row["year"] == year
        ]
        message_values = {"year": year, "counts": translator.enumeration(classes)}
        changed = [row["year"] for row in class_rows if breaks_series(row)]
        if year in changed:
            return [
                translator(
                    "In {year} they were told apart as {counts}, and counted in another way than "
                    "before: do not compare {year} with the years before.",
                    **message_values,
                )
            ]
        return [
            translator("In {year} they were told apart as {counts}.", **message_values),
            *(
                translator("From {year} reports are counted in another way.", year=last)
                for last in changed[-1:]
            ),
        ]

    def hotlines(self, finding: Finding) -> PrintedFinding | None:
        """Return what reached helplines and hotlines."""
        translator, rows = self._context.translator, self._context.evidence.rows("hotlines")
        if not self._context.chapters.hotlines:
            return None
        heading, claims, about_and_total = (
            translator("What reaches helplines and hotlines"),
            {},
            find_last_contacts(rows),
        )
        if about_and_total:
            claims = find_claims_of_contacts(rows)
            heading = translator(
                "{count} of {total} contacts of a helpline were about abuse online in {year}",
                count=format_amount(translator, read_amount(about_and_total[0], "contacts")),
                total=format_amount(translator, read_amount(about_and_total[1], "contacts")),
                year=about_and_total[0]["year"],
            )
        return self._context.build_finding(
            finding,
            heading,
            "hotlines",
            [
                *self._describe_contacts(rows, about_and_total),
                translator(
                    "A contact is not a child: some call several times, and many never call."
                ),
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
        )

    def _describe_contacts(
        self, rows: Sequence[PublicRow], told_rows: tuple[PublicRow, PublicRow] | None
    ) -> list[Markdown]:
        """Return who counted what the heading tells, and the other last counts of each service."""
        translator = self._context.translator
        last: dict[tuple[str, str], PublicRow] = {}
        for row in sorted(rows, key=lambda row: row["year"]):
            last[row["organisation"], row["measure"]] = row
        services: dict[tuple[str, str], list[PublicRow]] = {}
        for row in last.values():
            if row not in (told_rows or ()):
                services.setdefault((row["organisation"], row["year"]), []).append(row)
        sentences = [
            translator(
                "Counted by: {organisation}.",
                organisation=translator.translate_or_keep(row["organisation"]),
            )
            for row in (told_rows or ())[:1]
        ]
        for (organisation, year), service_rows in services.items():
            with_number = [row for row in self._sort_by_measure(service_rows) if row["contacts"]]
            sentences.append(
                translator(
                    "{organisation}, {year}: {counts}.",
                    organisation=translator.translate_or_keep(organisation),
                    year=year,
                    counts=Markdown(
                        "; ".join(self._format_measure(row) for row in with_number or service_rows)
                    ),
                )
            )
            if with_number and (
                without_number := [
                    row for row in self._sort_by_measure(service_rows) if row not in with_number
                ]
            ):
                missing_counts = [
                    self._format_measure(row, "{label} ({count})") for row in without_number
                ]
                sentences.append(
                    translator("No number: {stages}.", stages=Markdown("; ".join(missing_counts)))
                )
        return sentences

    def _sort_by_measure(self, rows: Sequence[PublicRow]) -> list[PublicRow]:
        """Return counts of one service, all that reached it before the parts of it."""
        measures = [*PUBLIC["hotlines"].field("measure").labels]
        return sorted(rows, key=lambda row: measures.index(row["measure"]))

    def _format_measure(self, row: PublicRow, message: str = "{label}: {count}") -> Markdown:
        """Return what a service counted, with the number or why there is none."""
        return self._context.translator(
            message,
            label=Markdown(
                format_inside_sentence(
                    label(self._context.translator, "hotlines", "measure", row["measure"])
                )
            ),
            count=format_amount(self._context.translator, read_amount(row, "contacts")),
        )
