"""Law in all countries beside each other: what sources answer on each point, in words."""

from collections.abc import Collection, Mapping, Sequence

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables.instruments import CLOSED
from disrupting_harm.evidence.tables.policies import OVER
from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.evidence.helpline import is_old
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.law import (
    LEGISLATION,
    NOTHING,
    PLANS,
    SERVICES,
    TREATIES,
    UNDATED,
    group_coverage,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown, format_pipe_table
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

# What is announced, or has ended, is no plan in force.
IN_FORCE = ("adopted", "running")
HELPLINES, HOTLINES = ("helpline",), ("inhope", "iwf_portal")
# Widths of columns in per cent; countries share the rest.
_LABEL_WIDTH, _KNOWN_WIDTH = 29, 8
_STATUS_WIDTHS = {"party": 13, "signed": 25, "invited": 10, "not_party": 15, CLOSED: 15}


class RegionalLaw:
    """Set the law of countries beside each other; ``countries`` are their codes."""

    def __init__(
        self, wording: ComparisonFormatter, evidence: Evidence, countries: Sequence[str]
    ) -> None:
        self._wording = wording
        self._translator = wording.translator
        self._evidence = evidence
        self._coverage = group_coverage(evidence.of(WORLD))
        self._countries = countries

    def __bool__(self) -> bool:
        return bool(self._coverage)

    def format_treaties(self) -> Markdown:
        """Return which countries each treaty binds, by what they are to it."""
        translator = self._translator
        codes_by_cell: dict[tuple[str, str], list[str]] = {}
        for row in self._evidence.rows(TREATIES):
            cell = (row["instrument"], row["status"])
            codes_by_cell.setdefault(cell, []).append(row["country"])
        statuses = [name for name in _STATUS_WIDTHS if name in {key[1] for key in codes_by_cell}]
        lines = [
            (
                self._name_treaty(treaty),
                *(self._name_countries(codes_by_cell.get((treaty, name), [])) for name in statuses),
                translator.number(coverage.whole_number("known")),
            )
            for treaty, coverage in self._coverage[TREATIES].items()
        ]
        heads = [label(translator, TREATIES, "status", name) for name in statuses]
        return format_pipe_table(
            ("", *(head[:1].upper() + head[1:] for head in heads), translator("Known")),
            lines,
            (_LABEL_WIDTH, *map(_STATUS_WIDTHS.__getitem__, statuses), _KNOWN_WIDTH),
            caption=translator("Where {areas} stand on treaties."),
            label=f"tbl-regional-{TREATIES}",
            text_columns=range(len(statuses) + 1),
        )

    def _name_treaty(self, treaty: str) -> Markdown:
        """Return a treaty with the years of what its sources say, and that some have none."""
        dates = [
            row["as_of"] for row in self._evidence.rows(TREATIES) if row["instrument"] == treaty
        ]
        years = sorted({date[:4] for date in dates if date != UNDATED})
        parts = ["–".join(dict.fromkeys((years[0], years[-1])))] if years else []
        if UNDATED in dates:
            parts.append(self._translator("undated"))
        return self._translator(
            "{label} (as of {dates})",
            label=label(self._translator, TREATIES, "instrument", treaty),
            dates=Markdown(", ".join(parts)),
        )

    def explain_closed(self) -> Markdown:
        """Return to whom treaties are open that are not open to some countries; empty without."""
        translator = self._translator
        notes = dict.fromkeys(
            (row["instrument"], row["note"])
            for row in self._evidence.rows(TREATIES)
            if row["status"] == CLOSED
        )
        return join_sentences(
            [
                translator(
                    "{label}: {note}",
                    label=label(translator, TREATIES, "instrument", treaty),
                    note=translator.of_study(note),
                )
                for treaty, note in notes
            ]
        )

    def _name_countries(self, codes: Sequence[str]) -> Markdown:
        """Return the names of countries, or that they are all, or all but one."""
        if not codes:
            return Markdown(NOTHING)
        others = [code for code in self._countries if code not in codes]
        if not others:
            return self._translator("all {areas}")
        if len(others) == 1:
            return self._translator("all but {country}", country=self._wording.in_text(others[0]))
        return self._wording.countries(codes)

    def describe_coverage(self) -> Markdown:
        """Return of how many countries plans, helplines and hotlines are known, as sentences.

        A plan that has ended is none in force, and a helpline for children no hotline for material.
        """
        translator, sentences = self._translator, []
        if PLANS in self._coverage:
            in_force = self._find_rows(PLANS, "status", IN_FORCE)
            over = self._find_rows(PLANS, "status", OVER)
            ended = {code: over[code] for code in over.keys() - in_force}
            sentences.append(
                translator(
                    "A national plan that was adopted or runs is known of {known} of {countries} "
                    "countries.",
                    known=self._count_areas(PLANS, in_force, "status"),
                    countries=self._count_all(PLANS),
                )
            )
            if ended:
                sentences.append(
                    translator.plural(
                        "Of {ended} other a plan is known that has ended.",
                        "Of {ended} others a plan is known that has ended.",
                        len(ended),
                        ended=self._count_areas(PLANS, ended, "status"),
                    )
                )
        if SERVICES in self._coverage:
            sentences.append(
                translator(
                    "Sources name a helpline for children in {helplines} of {countries} "
                    "countries, and a hotline or portal for reports of abuse material in "
                    "{hotlines}.",
                    helplines=self._count_areas(
                        SERVICES, self._find_rows(SERVICES, "kind", HELPLINES), "kind"
                    ),
                    hotlines=self._count_areas(
                        SERVICES, self._find_rows(SERVICES, "kind", HOTLINES), "kind"
                    ),
                    countries=self._count_all(SERVICES),
                )
            )
            helplines = [r for r in self._evidence.rows(SERVICES) if r["kind"] in HELPLINES]
            if helplines and all(is_old(r) or r["as_of"] == UNDATED for r in helplines):
                sentences.append(
                    translator("No source on a helpline is recent: confirm each before it is told.")
                )
        return join_sentences(sentences)

    def _find_rows(self, table: str, column: str, values: Collection[str]) -> dict[str, PublicRow]:
        """Return a row with one of these values for each country that has any."""
        rows = [row for row in self._evidence.rows(table) if row[column] in values]
        return {row["country"]: row for row in rows}

    def _count_areas(self, table: str, rows: Mapping[str, PublicRow], column: str) -> Markdown:
        if not rows:
            return self._translator("none")
        addresses = [f"{address_of_row(table, rows[code])}/{column}" for code in sorted(rows)]
        return self._translator.number(cell_count(addresses))

    def _count_all(self, table: str) -> Markdown:
        (coverage,) = self._coverage[table].values()
        return self._translator.number(coverage.whole_number("countries"))

    def name_unknown_points(self) -> Markdown:
        """Return the points of law that no source answers of any country; empty without any."""
        unknown = [
            format_inside_sentence(label(self._translator, LEGISLATION, "topic", topic))
            for topic, coverage in self._coverage.get(LEGISLATION, {}).items()
            if coverage.whole_number("known") == 0
        ]
        if not unknown:
            return Markdown("")
        return self._translator(
            "Not known of any {area}: {facts}.", facts=Markdown("; ".join(unknown))
        )

    @property
    def has_treaties(self) -> bool:
        """Whether the study has a table of treaties."""
        return TREATIES in self._coverage
