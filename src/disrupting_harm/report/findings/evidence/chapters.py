"""The evidence for the templates of a country report: one object per kind of evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.provenance.addresses import row_count
from disrupting_harm.report.findings.conditions import Dispute
from disrupting_harm.report.findings.definition import PLAIN, Finding
from disrupting_harm.report.findings.evidence.capacity import Capacity
from disrupting_harm.report.findings.evidence.cybertips import CyberTips, Incidents, Reporters
from disrupting_harm.report.findings.evidence.helpline import Helpline
from disrupting_harm.report.findings.evidence.police import Offences
from disrupting_harm.report.findings.evidence.services import Frontline, Hotlines, Justice
from disrupting_harm.report.findings.evidence.source_notes import (
    describe_simulated,
    describe_sources,
    evidence_table,
    mark_simulated,
    translate_source,
)
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Claim,
    ClaimValues,
    PrintedFinding,
    join_sentences,
    point_to_sheets,
)
from disrupting_harm.report.language.evidence_codes import (
    fact_label,
    format_amount,
    label,
    name_evidence_sheets,
    status_label,
)
from disrupting_harm.report.language.markdown import (
    Markdown,
    escape,
    format_caption,
    format_pipe_table,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds, read_amount
from disrupting_harm.report.reading.rows import PublicRow

# Law and policy of one country, and figures of different sources side by side.


class Policy:
    """Write about the checklist of law and policy."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def _table_address(self) -> str:
        """The address of the country's rows."""
        return f"{self._rows[0]['country']}/policy"

    def describe_others(self) -> list[Markdown]:
        """Return how many parts are partly in place or not, and how many the review left open."""
        translator = self._translator
        sentences = [
            translator(
                "The review found {partly} partly in place and {none} not in place.",
                partly=self._format_count("answer", "partly"),
                none=self._format_count("answer", "not_in_place"),
            )
        ]
        if any(row["answer"] == "not_known" for row in self._rows):
            count = self._format_count("answer", "not_known")
            sentences.append(translator("It found no answer about {count}.", count=count))
        if any(row["status"] == "not_recorded" for row in self._rows):
            count = self._format_count("status", "not_recorded")
            sentences.append(translator("Not recorded: {count}.", count=count))
        if any(row["status"] == "not_applicable" for row in self._rows):
            count = self._format_count("status", "not_applicable")
            sentences.append(translator("Does not apply: {count}.", count=count))
        return sentences

    def matrix(self) -> Markdown:
        """Return the checklist by area: the items in place, partly in place, and without."""
        translator = self._translator
        columns = ("in_place", "partly", "not_in_place")
        areas: dict[str, list[PublicRow]] = {}
        for row in self._rows:
            areas.setdefault(row["area"], []).append(row)
        body = [
            (
                label(translator, "policy", "area", area),
                *(
                    self._list_items(row for row in rows if row["answer"] == code)
                    for code in columns
                ),
                self._list_items(row for row in rows if self._is_open(row)),
            )
            for area, rows in areas.items()
        ]
        header = (
            translator("Field"),
            translator("In place"),
            translator("Partly in place"),
            translator("Not in place"),
            translator("No answer"),
        )
        return evidence_table(
            translator,
            header,
            body,
            (16, 21, 21, 21, 21),
            caption=translator("Law and policy, by the WeProtect Model National Response"),
            rows=self._rows,
            label="tbl-policy",
            texts=tuple(range(len(header))),
        )

    def _list_items(self, rows: Iterable[PublicRow]) -> str:
        item_labels = [self._format_item(row) for row in rows]
        return Markdown("; ".join(escape(name) for name in item_labels)) if item_labels else "–"

    def _is_open(self, row: PublicRow) -> bool:
        return row["answer"] in ("", "not_known")

    def _find_reason(self, row: PublicRow) -> tuple[str, str]:
        """Return the column that says what is known of an item, and what it says."""
        column = "answer" if row["answer"] else "status"
        return column, row[column]

    def _format_answer(self, column: str, code: str) -> str:
        if column == "answer":
            return label(self._translator, "policy", "answer", code)
        return status_label(self._translator, code)

    def _format_count(self, column: str, code: str) -> Markdown:
        number = sum(row[column] == code for row in self._rows)
        return self._translator.number(row_count(number, f"{self._table_address}/{column}:{code}"))

    def _format_item(self, row: PublicRow) -> str:
        return label(self._translator, "policy", "item", row["item"])

    def table(self) -> Markdown:
        """Return the checklist, each answer with the instrument that shows it, where any does."""
        translator = self._translator
        header: tuple[str, ...] = (translator("Field"), translator("Item"), translator("Answer"))
        body: list[tuple[str, ...]] = [
            (
                label(translator, "policy", "area", row["area"]),
                self._format_item(row),
                self._format_answer(*self._find_reason(row)),
            )
            for row in self._rows
        ]
        widths: tuple[int, ...] = (26, 48, 26)
        if any(row["instrument"] for row in self._rows):
            header, widths = (*header, translator("Instrument")), (20, 36, 18, 26)
            instruments = [self._format_instrument(row) for row in self._rows]
            body = [(*line, instrument) for line, instrument in zip(body, instruments, strict=True)]
        return evidence_table(
            translator,
            header,
            body,
            widths,
            caption=translator("Law and policy, by the WeProtect Model National Response"),
            rows=self._rows,
            label="tbl-policy",
            notes=explain_missing_answers(translator, self._rows),
            texts=tuple(range(len(header))),
        )

    def _format_instrument(self, row: PublicRow) -> str:
        if not row["instrument"]:
            return "–"
        instrument = self._translator.translate_or_keep(row["instrument"])
        if not row["year"]:
            return instrument
        return self._translator("{name} ({year})", name=instrument, year=row["year"])


def explain_missing_answers(translator: Translator[str], rows: Iterable[PublicRow]) -> list[str]:
    """Return what the reasons mean for which items of the checklist have no answer."""
    reasons = {row["answer"] or row["status"] for row in rows}
    meanings = {
        "not_known": translator("Not known: looked for, and not found."),
        "not_recorded": translator("Not recorded: nobody looked for it."),
        "not_applicable": translator("Does not apply: it cannot be answered for this country."),
    }
    return [meaning for reason, meaning in meanings.items() if reason in reasons]


class SeveralSources:
    """Write about facts that more than one source tells, each figure with its source."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    def table(self) -> Markdown:
        """Return the figures by source and year with why they differ; none is an average."""
        translator = self._translator
        years = sorted({row["year"] for row in self._rows})
        rows_by_source: dict[tuple[str, str, str], dict[str, PublicRow]] = {}
        for row in self._rows:
            key = row["fact"], row["item"], row["source"]
            rows_by_source.setdefault(key, {})[row["year"]] = row
        reasons = [
            self._explain_differences([*rows_by_year.values()])
            for rows_by_year in rows_by_source.values()
        ]
        # What holds of all rows is said once.
        once = len({*reasons}) == 1
        body = [
            (
                fact_label(translator, fact),
                Markdown(translate_source(translator, source)),
                *(
                    format_amount(translator, read_amount(rows_by_year[year], "figure"))
                    if year in rows_by_year
                    else Markdown("–")
                    for year in years
                ),
                *([] if once else [reason]),
            )
            for reason, ((fact, _, source), rows_by_year) in zip(
                reasons, rows_by_source.items(), strict=True
            )
        ]
        header = (
            translator("Fact"),
            translator("Source"),
            *years,
            *([] if once else [translator("Why it differs")]),
        )
        share = min(12, 36 // len(years))
        rest = 100 - 14 - share * len(years)
        caption = translator("Facts that several sources tell")
        notes = [*([reasons[0]] if once else []), translator("The figures are not averaged.")]
        return format_pipe_table(
            header,
            body,
            (14, rest, *[share] * len(years))
            if once
            else (14, rest // 2, *[share] * len(years), rest - rest // 2),
            caption=format_caption(translator("{caption}.", caption=caption), notes),
            label="tbl-sources",
            text_columns=(0, 1) if once else (0, 1, len(header) - 1),
        )

    def _explain_differences(self, rows: Sequence[PublicRow]) -> Markdown:
        """Return why figures of a source differ from others, each reason once with its years."""
        translator = self._translator
        years_by_reason: dict[str, list[str]] = {}
        for row in rows:
            years_by_reason.setdefault(row["difference_reason"], []).append(row["year"])
        if len(years_by_reason) == 1:
            return Markdown(translator.translate_or_keep(next(iter(years_by_reason))))
        return join_sentences(
            [
                translator(
                    "{label}: {note}",
                    label=translator.enumeration([Markdown(year) for year in years]),
                    note=Markdown(translator.translate_or_keep(reason)),
                )
                for reason, years in years_by_reason.items()
            ]
        )


class Chapters:
    """Kinds of evidence of one country; each is false in a template where there is none."""

    def __init__(self, translator: Translator[Markdown], evidence: Evidence) -> None:
        self._translator, self._evidence = translator, evidence
        self._simulated = SIMULATED in data_kinds(
            row for rows in evidence.tables.values() for row in rows
        )
        rows = evidence.rows
        self.cybertips = CyberTips(translator, rows("cybertips"))
        self.incidents = Incidents(translator, rows("cybertip_parts"), rows("cybertips"))
        self.reporters = Reporters(translator, rows("reporters"))
        self.offences = Offences(translator, rows("offence_rates"))
        self.several = SeveralSources(translator, rows("several_sources"))
        self.hotlines = Hotlines(translator, rows("hotlines"))
        self.capacity = Capacity(translator, rows("capacity"))
        self.frontline = Frontline(translator, rows("frontline"))
        self.justice = Justice(translator, rows("justice"))
        self.policy = Policy(translator, rows("policy"))
        # Of services nothing is known where the study has no table of them.
        listed = "service_register" in evidence.tables
        review = rows("policy") if listed else ()
        self.helpline = Helpline(translator, rows("service_register"), review)

    def __bool__(self) -> bool:
        """Whether there is any evidence on the country."""
        kinds = (self.offences, self.cybertips, self.hotlines, self.capacity, self.frontline)
        return any((*kinds, self.justice, self.policy))

    @property
    def simulated(self) -> bool:
        """Whether any of it is simulated."""
        return self._simulated


# The evidence on one country in one language, and the form of a finding of it.


@dataclass(frozen=True)
class EvidenceContext:
    """What findings of evidence are made of.

    Attributes:
        translator: the language.
        country: its code.
        evidence: its public tables.
        chapters: the same tables as sentences and tables of documents.
        printed_names: ``country`` and ``population`` as printed.
        disagreements: on what no recommendation rests, as sources do not agree.
        kinds: of which the study has findings.
    """

    translator: Translator[Markdown]
    country: str
    evidence: Evidence
    chapters: Chapters
    printed_names: dict[str, Markdown]
    disagreements: tuple[Dispute, ...] = ()
    kinds: frozenset[str] = frozenset()

    def is_simulated(self, table: str) -> bool:
        """Whether rows of a table are simulated."""
        return SIMULATED in data_kinds(self.evidence.rows(table))

    def describe_certainty(
        self, table: str, count_sentence: Markdown, limits_sentence: Markdown
    ) -> Markdown:
        """Return how sure a count is: ``count_sentence`` is not said of what nobody counted."""
        return (
            limits_sentence
            if self.is_simulated(table)
            else join_sentences([count_sentence, limits_sentence])
        )

    def _find_disputes(self, evidence_kind: str | None) -> list[Dispute]:
        """Return on what a kind of evidence disputes another, or is disputed by one not told of."""
        disputes_with_kind = (
            (dispute, dispute.other_table if dispute.other_table in self.kinds else dispute.table)
            for dispute in self.disagreements
        )
        return [
            dispute for dispute, telling_kind in disputes_with_kind if telling_kind == evidence_kind
        ]

    def _mark_published(self, rows: Sequence[PublicRow]) -> Markdown:
        """Return that counts are published ones, where others of the country are simulated."""
        published = data_kinds(rows) == {PUBLISHED}
        if not published or not any(map(self.is_simulated, self.evidence.tables)):
            return NOTHING
        return self.translator("**Published** counts, not simulated")

    def build_finding(
        self,
        finding: Finding,
        heading: Markdown,
        table: str,
        sentences: Sequence[Markdown],
        *,
        sure: Markdown,
        count_note: Markdown = NOTHING,
        claims: ClaimValues | None = None,
        finding_table: Markdown = NOTHING,
        rows: Sequence[PublicRow] = (),
        also: Sequence[str] = (),
    ) -> PrintedFinding:
        """Return a finding.

        ``claims`` holds the claim of its heading, nothing where it has none; ``rows`` are those
        that it tells of, where they are not all of its table; ``also`` names further tables with
        numbers that it prints.
        """
        translator, rows = self.translator, rows or self.evidence.rows(table)
        # The list of contents tells of invented counts without the page that says so.
        is_marked = any(sign.isdigit() for sign in heading)
        if is_marked:
            heading = mark_simulated(translator, heading, rows)
        pointer = (
            translator("Two sources disagree here: see “Settle first”.")
            if self._find_disputes(finding.evidence)
            else NOTHING
        )
        rule, values = next(iter((claims or {PLAIN: {}}).items()))
        numbers = "; ".join(f"{name} {value}" for name, value in values.items())
        claim = Claim(finding.id, heading, rule, values, f"{self.country}/{table}", numbers)
        # A figure or a table names its sources, and says what of it is simulated; that of several
        # sources names them in its rows alone. A heading says it of all that stands below.
        has_source_line = bool(finding.figure or finding_table) and table != "several_sources"
        is_told = has_source_line or (is_marked and data_kinds(rows) == {SIMULATED})
        remark = Markdown(describe_simulated(translator, [] if is_told else rows))
        source_note = (
            NOTHING
            if has_source_line or finding_table
            else Markdown(describe_sources(translator, rows))
        )
        # On paper nothing leads to a file. What the finding shows in full is in no other place.
        titles = name_evidence_sheets(translator)
        data = point_to_sheets(
            translator, [titles[name] for name in (table, *also) if name in titles]
        )
        return PrintedFinding(
            claim,
            heading,
            join_sentences([*sentences, pointer, remark]),
            finding.figure or "",
            table=finding_table,
            sure=sure,
            margin=tuple(
                note for note in (count_note, self._mark_published(rows), source_note, data) if note
            ),
        )
