"""Findings of evidence: what police, companies, services and law show, each in its own unit.

Their words stand here, because the tables they are made of are the same in every study.
"""

from collections.abc import Callable, Sequence

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.evidence.chapters import Chapters
from disrupting_harm.report.evidence.codes import label, printed
from disrupting_harm.report.evidence.cybertips import WHOLE, in_order
from disrupting_harm.report.evidence.facts import Evidence, Row, amount
from disrupting_harm.report.evidence.notes import simulated
from disrupting_harm.report.evidence.offences import Series, series, years
from disrupting_harm.report.evidence.police import ONLINE
from disrupting_harm.report.evidence.services import by_item
from disrupting_harm.report.findings.counts import (
    borne_by_contacts,
    borne_by_offences,
    borne_by_policy,
    borne_by_reports,
    borne_by_workers,
    last_contacts,
    last_recorded,
    whole_series,
)
from disrupting_harm.report.findings.definition import PLAIN, Finding
from disrupting_harm.report.findings.printed import NOTHING, PrintedFinding, joined
from disrupting_harm.report.findings.voices import interviews_named, workers_said
from disrupting_harm.report.headings import Borne, Claim, strongest
from disrupting_harm.report.labels import inside
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text


class EvidenceFindings:
    """Write findings of the evidence on one country in one language.

    Args:
        text: the language.
        country: its code.
        evidence: its public tables.
        chapters: the same tables as sentences and tables of documents.
        names: ``country`` and ``population`` as printed.
    """

    def __init__(
        self,
        text: Text,
        country: str,
        evidence: Evidence,
        chapters: Chapters,
        names: dict[str, Markdown],
    ) -> None:
        self._text = text
        self._country = country
        self._evidence = evidence
        self._chapters = chapters
        self._names = names
        self._writers: dict[str, Callable[[Finding], PrintedFinding | None]] = {
            "offences": self._offences,
            "cybertips": self._cybertips,
            "hotlines": self._hotlines,
            "several": self._several,
            "frontline": self._frontline,
            "justice": self._justice,
            "capacity": self._capacity,
            "policy": self._policy,
        }

    def finding(self, entry: Finding) -> PrintedFinding | None:
        """Return a finding of a kind of evidence; None where the country has none of it."""
        return self._writers[str(entry.evidence)](entry)

    def _printed(
        self,
        entry: Finding,
        heading: Markdown,
        table: str,
        told: Sequence[Markdown],
        *,
        sure: Markdown,
        counted: Markdown = NOTHING,
        borne: Borne | None = None,
        shown: Markdown = NOTHING,
    ) -> PrintedFinding:
        """Return a finding; ``borne`` holds the claim of its heading, nothing where it has none."""
        text, rows = self._text, self._evidence.rows(table)
        rule, values = next(iter((borne or {PLAIN: {}}).items()))
        numbers = "; ".join(f"{name} {value}" for name, value in values.items())
        claim = Claim(entry.id, heading, rule, values, f"{self._country}/{table}", numbers)
        data = text("**Data:** {file}", file=f"{table}.csv")
        # A figure or table says itself whether it is simulated.
        remark = NOTHING if shown or entry.figure else Markdown(simulated(text, rows))
        return PrintedFinding(
            claim,
            heading,
            joined([*told, remark]),
            entry.figure or "",
            table=shown,
            sure=sure,
            margin=tuple(note for note in (counted, data) if note),
        )

    def _offences(self, entry: Finding) -> PrintedFinding | None:
        text, rows = self._text, self._evidence.rows("offence_rates")
        if not self._chapters.offences:
            return None
        heading, borne, told = text("What the police recorded"), borne_by_offences(rows), []
        found = last_recorded(rows)
        if found:
            counted, own, year = found
            heading = text(
                "The police recorded {count} {rule} of abuse online in {year}",
                count=printed(text, counted),
                rule=label(text, "offence_rates", "counting_rule", own.rule),
                year=year,
            )
        else:
            told.append(self._chapters.offences.finding())
        if found and found[0].number == 0:
            told.append(text("That nothing was recorded does not mean that nothing happened."))
        told += self._proceedings(rows)
        told.append(
            text(
                "A child whose abuse is reported late, or never, is in no record of that year, and "
                "agencies count by their own rules."
            )
        )
        return self._printed(
            entry,
            heading,
            "offence_rates",
            told,
            sure=text(
                "What is recorded was counted. “At least” stands where an offence or an agency has "
                "no figure."
            ),
            counted=text("**Counted:** what was reported to the police and written down"),
            borne=borne,
        )

    def _proceedings(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return how far proceedings on online abuse went in the last year, by counting rule."""
        text = self._text
        rules: dict[str, list[Series]] = {}
        for own in series(rows):
            if own.category == ONLINE and own.stage != "reported":
                rules.setdefault(own.rule, []).append(own)
        return [
            text(
                "In {year} the records also count {rule} by how far they went: {stages}.",
                year=years(rows)[-1],
                rule=label(text, "offence_rates", "counting_rule", rule),
                stages=text.enumeration(
                    [
                        text(
                            "{label} ({count})",
                            label=label(text, "offence_rates", "stage", own.stage),
                            count=printed(text, own.amounts[-1]),
                        )
                        for own in found
                    ]
                ),
            )
            for rule, found in rules.items()
        ]

    def _cybertips(self, entry: Finding) -> PrintedFinding | None:
        text, rows = self._text, self._evidence.rows("cybertips")
        if not self._chapters.cybertips:
            return None
        borne, run = borne_by_reports(rows), whole_series(rows)
        heading, told = text("What companies report about users here"), []
        if len(run) > 1:
            ends = {"first": run[0]["year"], "last": run[-1]["year"]}
            if "rose" in borne:
                heading = text("CyberTip reports rose between {first} and {last}", **ends)
            elif "fell" in borne:
                heading = text("CyberTip reports fell between {first} and {last}", **ends)
            told.append(
                text(
                    "{count} CyberTip reports were about users in {country} in {first}, and "
                    "{other} in {last}.",
                    count=text.number(number_of(run[0]["reports"])),
                    other=text.number(number_of(run[-1]["reports"])),
                    **self._names,
                    **ends,
                )
            )
        told += self._in_classes(rows)
        if self._chapters.reporters:
            told.append(self._chapters.reporters.share())
        return self._printed(
            entry,
            heading,
            "cybertips",
            told,
            sure=text(
                "The counts are complete. Why they change is not known: more detection, more users "
                "and more abuse all fit."
            ),
            counted=text(
                "**Counted:** reports to NCMEC in the United States, by location of the user, who "
                "may be of any age; one incident can lead to many"
            ),
            borne=borne,
        )

    def _in_classes(self, rows: Sequence[Row]) -> list[Markdown]:
        """Return the last year's reports where they are told apart by class, and a warning."""
        text = self._text
        counted = [row for row in in_order(rows) if row["class"] != WHOLE and row["reports"]]
        if not counted:
            return []
        year = counted[-1]["year"]
        classes = [
            text(
                "{label} ({count})",
                label=label(text, "cybertips", "class", row["class"]),
                count=text.number(number_of(row["reports"])),
            )
            for row in counted
            if row["year"] == year
        ]
        return [
            text(
                "In {year} they were told apart as {counts}, and counted in another way than "
                "before: do not compare the years.",
                year=year,
                counts=text.enumeration(classes),
            )
        ]

    def _hotlines(self, entry: Finding) -> PrintedFinding | None:
        text, rows = self._text, self._evidence.rows("hotlines")
        if not self._chapters.hotlines:
            return None
        heading, borne, found = text("What reaches helplines and hotlines"), {}, last_contacts(rows)
        if found:
            borne = borne_by_contacts(rows)
            heading = text(
                "{count} of {total} contacts of a helpline were about abuse online",
                count=printed(text, amount(found[0], "contacts")),
                total=printed(text, amount(found[1], "contacts")),
            )
        return self._printed(
            entry,
            heading,
            "hotlines",
            [
                *self._received(rows, found),
                text("A contact is not a child: some call several times, and many never call."),
            ],
            sure=text(
                "What was counted is sure. Who does not know the number, or does not dare to call, "
                "is not in it."
            ),
            counted=text("**Counted:** contacts and reports in the last year known"),
            borne=borne,
        )

    def _received(self, rows: Sequence[Row], told: tuple[Row, Row] | None) -> list[Markdown]:
        """Return who counted what the heading tells, and the other last counts of each service."""
        text = self._text
        last: dict[tuple[str, str], Row] = {}
        for row in sorted(rows, key=lambda row: row["year"]):
            last[row["organisation"], row["measure"]] = row
        services: dict[tuple[str, str], list[Row]] = {}
        for row in last.values():
            if row not in (told or ()):
                services.setdefault((row["organisation"], row["year"]), []).append(row)
        said = [
            text(
                "{organisation} counted this in {year}.",
                organisation=text.plain(row["organisation"]),
                year=row["year"],
            )
            for row in (told or ())[:1]
        ]
        for (organisation, year), own in services.items():
            named = {"organisation": text.plain(organisation), "year": year}
            known, unknown = (
                [self._measure(row) for row in own if bool(row["contacts"]) == is_known]
                for is_known in (True, False)
            )
            if known:
                said.append(
                    text(
                        "In {year}, {organisation} counted {counts}.",
                        counts=text.enumeration(known),
                        **named,
                    )
                )
            if unknown:
                said.append(
                    text(
                        "For {year}, {organisation} has no number of {counts}.",
                        counts=text.enumeration(unknown),
                        **named,
                    )
                )
        return said

    def _measure(self, row: Row) -> Markdown:
        """Return what a service counted, with the number or why there is none."""
        return self._text(
            "{label} ({count})",
            label=inside(label(self._text, "hotlines", "measure", row["measure"])),
            count=printed(self._text, amount(row, "contacts")),
        )

    def _several(self, entry: Finding) -> PrintedFinding | None:
        text = self._text
        if not self._chapters.several:
            return None
        return self._printed(
            entry,
            text("Sources that do not agree"),
            "several_sources",
            [text("Some facts are told by more than one source, and the figures differ.")],
            sure=text(
                "Each source counted what it says. Which is nearer to the truth is not known."
            ),
            shown=self._chapters.several.table(),
        )

    def _frontline(self, entry: Finding) -> PrintedFinding | None:
        text, rows = self._text, self._evidence.rows("frontline")
        if not self._chapters.frontline:
            return None
        borne = borne_by_workers(rows, entry.item)
        rule, values = strongest(entry.heading, borne)
        of_heading = entry.item if rule != PLAIN else None
        shown = {name: text.number(value) for name, value in values.items()}
        heading = text.filled(entry.heading[rule], self._names | shown)
        said = {item: clause for item, clause in entry.said.items() if item != of_heading}
        return self._printed(
            entry,
            heading,
            "frontline",
            workers_said(text, by_item(rows), said),
            sure=text("The workers were not drawn at random: what they say holds for them alone."),
            counted=text("**Asked:** frontline workers in contact with children"),
            borne=borne if rule != PLAIN else None,
        )

    def _justice(self, entry: Finding) -> PrintedFinding | None:
        text, justice = self._text, self._chapters.justice
        if not justice:
            return None
        return self._printed(
            entry,
            text("What people with experience of justice said"),
            "justice",
            [
                *interviews_named(text, self._evidence.rows("justice")),
                text("The data book has all themes by who named them."),
            ]
            if justice.shown
            else [justice.hidden()],
            sure=text(
                "Few people were asked, and none at random: their interviews do not tell how often "
                "such things happen."
            ),
            counted=text("**Counted:** interviews in which a theme came up"),
        )

    def _capacity(self, entry: Finding) -> PrintedFinding | None:
        text, capacity = self._text, self._chapters.capacity
        if not capacity:
            return None
        told = [capacity.finding()] if capacity.has_needs else []
        return self._printed(
            entry,
            text("What law enforcement can do"),
            "capacity_profile",
            told,
            sure=text(
                "Each score rests on documents, on what was seen, or on what officers said; the "
                "data book says on which."
            ),
            counted=text(
                "**Scored:** from 0 (absent) to 3 (in place); an area not asked about has no score"
            ),
        )

    def _policy(self, entry: Finding) -> PrintedFinding | None:
        text, policy = self._text, self._chapters.policy
        if not policy:
            return None
        borne = borne_by_policy(self._evidence.rows("policy"))
        values = borne["count"]
        return self._printed(
            entry,
            text(
                "{count} of {total} items of law and policy are in place",
                count=text.number(values["count"]),
                total=text.number(values["total"]),
            ),
            "policy",
            [policy.others()],
            sure=text("What is in place on paper may not work; what is not known may be in place."),
            counted=text("**Reviewed:** the Model National Response of the WeProtect Alliance"),
            borne=borne,
            shown=policy.matrix(),
        )
