"""Law in all countries beside each other: what sources answer on each point, in words."""

from collections.abc import Sequence

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables.legislation import AGES
from disrupting_harm.report.findings.law import (
    LEGISLATION,
    NOTHING,
    TREATIES,
    describe_coverage,
    group_coverage,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown, format_pipe_table
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

# Short words of a narrow table; an age stands as its number.
_SHORT = {
    "yes": "yes",
    "partly": "part",
    "varies": "vary",
    "no": "no",
    "draft": "draft",
    "unknown": "–",
}
# Widths of columns in per cent; countries share the rest.
_LABEL_WIDTH, _KNOWN_WIDTH = 26, 9
_STATUS_WIDTHS = {"party": 23, "signed": 23, "invited": 8, "not_party": 11}


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

    def format_points(self) -> Markdown:
        """Return the matrix of points and countries, and of how many countries each is known.

        A country stands above its column by its code.
        """
        translator = self._translator
        cells = {
            (row["topic"], row["country"]): self._format_answer(row)
            for row in self._evidence.rows(LEGISLATION)
        }
        caption = translator("What sources say on each point of law.")
        names = {code: self._wording.country(code) for code in self._countries}
        codes = sorted(names, key=names.__getitem__)
        lines = [
            (
                label(translator, LEGISLATION, "topic", topic),
                *(cells.get((topic, code), NOTHING) for code in codes),
                translator.number(coverage.whole_number("known")),
            )
            for topic, coverage in self._coverage[LEGISLATION].items()
        ]
        legend = "; ".join(f"{code}: {names[code]}" for code in codes)
        width = 10 * (100 - _LABEL_WIDTH - _KNOWN_WIDTH) // len(codes)
        return format_pipe_table(
            ("", *codes, translator("Known")),
            lines,
            (10 * _LABEL_WIDTH, *[width] * len(codes), 10 * _KNOWN_WIDTH),
            caption=f"{caption} {legend}.",
            label=f"tbl-regional-{LEGISLATION}",
            text_columns=range(len(codes) + 1),
        )

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

    @property
    def has_points(self) -> bool:
        """Whether the study has a table of points of law."""
        return LEGISLATION in self._coverage

    @property
    def has_treaties(self) -> bool:
        """Whether the study has a table of treaties."""
        return TREATIES in self._coverage

    def _format_answer(self, row: PublicRow) -> str:
        if row["topic"] in AGES and row["age"]:
            return self._translator.number(row.whole_number("age"))
        return _SHORT[row["answer"]]
