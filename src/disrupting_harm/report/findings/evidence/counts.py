"""Findings of what others counted: the police, companies, helplines and hotlines."""

from collections.abc import Sequence

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.evidence.chapters import OfEvidence
from disrupting_harm.report.findings.evidence.cybertips import WHOLE, breaks_series, in_order
from disrupting_harm.report.findings.evidence.offences import Series, series, years
from disrupting_harm.report.findings.evidence.police import ONLINE
from disrupting_harm.report.findings.headings import PrintedFinding
from disrupting_harm.report.findings.key_figures import (
    borne_by_contacts,
    borne_by_offences,
    borne_by_reports,
    last_contacts,
    last_recorded,
    whole_series,
)
from disrupting_harm.report.language.evidence_codes import label, printed
from disrupting_harm.report.language.labels import inside
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import Amount, Row, amount

NOTHING_COUNTED = Amount(None, "")


class Counted:
    """Write what was counted; each in its own unit."""

    def __init__(self, of: OfEvidence) -> None:
        self._of = of

    def offences(self, entry: Finding) -> PrintedFinding | None:
        """Return what the police recorded."""
        translator, rows = self._of.translator, self._of.evidence.rows("offence_rates")
        if not self._of.chapters.offences:
            return None
        heading, borne, told = translator("What the police recorded"), borne_by_offences(rows), []
        found = last_recorded(rows)
        if found:
            counted, own, year = found
            heading = translator(
                "The police recorded {count} {rule} of abuse online in {year}",
                count=printed(translator, counted),
                rule=label(translator, "offence_rates", "counting_rule", own.rule),
                year=year,
            )
        told.append(self._of.chapters.offences.finding(found[2] if found else None))
        if found and found[0].number == 0:
            told.append(
                translator("That nothing was recorded does not mean that nothing happened.")
            )
        told += self._proceedings(rows)
        told.append(
            translator(
                "A child whose abuse is reported late, or never, is in no record of that year, and "
                "agencies count by their own rules."
            )
        )
        return self._of.printed(
            entry,
            heading,
            "offence_rates",
            told,
            sure=self._of.sure(
                "offence_rates",
                translator("What is recorded was counted."),
                self._incomplete(rows),
            ),
            counted=translator("**Counted:** what was reported to the police and written down"),
            borne=borne,
        )

    def _incomplete(self, rows: Sequence[Row]) -> Markdown:
        """Return what cannot be read from years of which some offence or agency has no figure.

        They may be first or last in a series: a rise after them is as little told as a fall to
        them.
        """
        if not any(
            (count or NOTHING_COUNTED).at_least for own in series(rows) for count in own.amounts
        ):
            return self._of.translator("What nobody reports is not in the records.")
        return self._of.translator(
            "“At least” stands where an offence or an agency has no figure: from "
            "such a year neither a rise nor a fall can be read."
        )

    def _proceedings(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return how far proceedings on online abuse went in the last year, by counting rule.

        A rule of which no stage has a number is left out, as the heading tells no number of it.
        """
        translator = self._of.translator
        rules: dict[str, list[Series]] = {}
        for own in series(rows):
            if own.category == ONLINE and own.stage != "reported":
                rules.setdefault(own.rule, []).append(own)
        told = []
        for rule, found in rules.items():
            known = [
                own for own in found if (own.amounts[-1] or NOTHING_COUNTED).number is not None
            ]
            if known:
                told.append(
                    translator(
                        "In {year} the records count {rule} by how far they went: {stages}.",
                        year=years(rows)[-1],
                        rule=label(translator, "offence_rates", "counting_rule", rule),
                        stages=self._stages(known),
                    )
                )
            if known and len(known) < len(found):
                without = [own for own in found if own not in known]
                told.append(translator("No number: {stages}.", stages=self._stages(without)))
        return told

    def _stages(self, found: Sequence[Series]) -> Markdown:
        """Return stages of proceedings, each with its count, or why it has none."""
        translator = self._of.translator
        return translator.enumeration(
            [
                translator(
                    "{label} ({count})",
                    label=label(translator, "offence_rates", "stage", own.stage),
                    count=printed(translator, own.amounts[-1]),
                )
                for own in found
            ]
        )

    def cybertips(self, entry: Finding) -> PrintedFinding | None:
        """Return what companies reported."""
        translator, rows = self._of.translator, self._of.evidence.rows("cybertips")
        if not self._of.chapters.cybertips:
            return None
        borne, run = borne_by_reports(rows), whole_series(rows)
        heading, told = translator("CyberTip reports placed in {country}", **self._of.names), []
        if len(run) > 1:
            ends = {"first": run[0]["year"], "last": run[-1]["year"]}
            if "rose" in borne:
                heading = translator("CyberTip reports rose between {first} and {last}", **ends)
            elif "fell" in borne:
                heading = translator("CyberTip reports fell between {first} and {last}", **ends)
            told.append(
                translator(
                    "{body} placed {count} CyberTip reports in {country} in {first}, and {other} "
                    "in {last}.",
                    body=translator.plain(run[-1]["counted_by"]),
                    count=translator.number(number_of(run[0]["reports"])),
                    other=translator.number(number_of(run[-1]["reports"])),
                    **self._of.names,
                    **ends,
                )
            )
        told += self._in_classes(rows)
        if self._of.chapters.reporters:
            told.append(self._of.chapters.reporters.share())
        told.append(translator.of_study(PLACED_BY_UPLOAD))
        sure = translator(
            "{body} counted all reports that it could place in {country}; none was sampled. Why "
            "they change is not known: detection, the use of services, counting rules and abuse "
            "itself may all change.",
            body=translator.plain(rows[-1]["counted_by"]),
            **self._of.names,
        )
        return self._of.printed(
            entry,
            heading,
            "cybertips",
            told,
            sure=sure,
            counted=translator(
                "**Counted:** reports to NCMEC in the United States on users of any age; one "
                "incident can lead to many"
            ),
            borne=borne,
        )

    def _in_classes(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return the last year's reports where they are told apart by class, and a warning.

        The year in which counting changes is not to be compared; a later one is, with that year.
        """
        translator = self._of.translator
        counted = [row for row in in_order(rows) if row["class"] != WHOLE and row["reports"]]
        if not counted:
            return []
        year = counted[-1]["year"]
        classes = [
            translator(
                "{label} ({count})",
                label=label(translator, "cybertips", "class", row["class"]),
                count=translator.number(number_of(row["reports"])),
            )
            for row in counted
            if row["year"] == year
        ]
        told = {"year": year, "counts": translator.enumeration(classes)}
        changed = [row["year"] for row in counted if breaks_series(row)]
        if year in changed:
            return [
                translator(
                    "In {year} they were told apart as {counts}, and counted in another way than "
                    "before: do not compare {year} with the years before.",
                    **told,
                )
            ]
        return [
            translator("In {year} they were told apart as {counts}.", **told),
            *(
                translator("From {year} reports are counted in another way.", year=last)
                for last in changed[-1:]
            ),
        ]

    def hotlines(self, entry: Finding) -> PrintedFinding | None:
        """Return what reached helplines and hotlines."""
        translator, rows = self._of.translator, self._of.evidence.rows("hotlines")
        if not self._of.chapters.hotlines:
            return None
        heading, borne, found = (
            translator("What reaches helplines and hotlines"),
            {},
            last_contacts(rows),
        )
        if found:
            borne = borne_by_contacts(rows)
            heading = translator(
                "{count} of {total} contacts of a helpline were about abuse online in {year}",
                count=printed(translator, amount(found[0], "contacts")),
                total=printed(translator, amount(found[1], "contacts")),
                year=found[0]["year"],
            )
        return self._of.printed(
            entry,
            heading,
            "hotlines",
            [
                *self._received(rows, found),
                translator(
                    "A contact is not a child: some call several times, and many never call."
                ),
            ],
            sure=self._of.sure(
                "hotlines",
                translator("What was counted is sure."),
                translator(
                    "Those who do not know the number, or do not dare to call, are not counted."
                ),
            ),
            counted=translator("**Counted:** contacts and reports in the last year known"),
            borne=borne,
        )

    def _received(self, rows: Sequence[Row], told: tuple[Row, Row] | None) -> list[Markdown]:
        """Return who counted what the heading tells, and the other last counts of each service."""
        translator = self._of.translator
        last: dict[tuple[str, str], Row] = {}
        for row in sorted(rows, key=lambda row: row["year"]):
            last[row["organisation"], row["measure"]] = row
        services: dict[tuple[str, str], list[Row]] = {}
        for row in last.values():
            if row not in (told or ()):
                services.setdefault((row["organisation"], row["year"]), []).append(row)
        said = [
            translator(
                "Counted by: {organisation}.", organisation=translator.plain(row["organisation"])
            )
            for row in (told or ())[:1]
        ]
        for (organisation, year), own in services.items():
            known = [row for row in self._in_order(own) if row["contacts"]]
            said.append(
                translator(
                    "{organisation}, {year}: {counts}.",
                    organisation=translator.plain(organisation),
                    year=year,
                    counts=Markdown("; ".join(self._measure(row) for row in known or own)),
                )
            )
            if known and (without := [row for row in self._in_order(own) if row not in known]):
                why = [self._measure(row, "{label} ({count})") for row in without]
                said.append(translator("No number: {stages}.", stages=Markdown("; ".join(why))))
        return said

    def _in_order(self, rows: Sequence[Row]) -> list[Row]:
        """Return counts of one service, all that reached it before the parts of it."""
        measures = [*PUBLIC["hotlines"].field("measure").labels]
        return sorted(rows, key=lambda row: measures.index(row["measure"]))

    def _measure(self, row: Row, message: str = "{label}: {count}") -> Markdown:
        """Return what a service counted, with the number or why there is none."""
        return self._of.translator(
            message,
            label=Markdown(
                inside(label(self._of.translator, "hotlines", "measure", row["measure"]))
            ),
            count=printed(self._of.translator, amount(row, "contacts")),
        )
