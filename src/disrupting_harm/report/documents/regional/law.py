"""Law in all countries beside each other: what sources answer on each point, in words."""

from collections.abc import Sequence

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables.instruments import CLOSED
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.law import (
    LEGISLATION,
    NOTHING,
    TREATIES,
    describe_coverage,
    group_coverage,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.labels import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown, format_pipe_table
from disrupting_harm.report.reading.evidence_rows import Evidence

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
                label(translator, TREATIES, "instrument", treaty),
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
            caption=translator("What each {area} is to treaties."),
            label=f"tbl-regional-{TREATIES}",
            text_columns=range(len(statuses) + 1),
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
        """Return of how many countries a plan, and a hotline or helpline, is known."""
        return describe_coverage(self._translator, self._coverage)

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
