"""Law in all countries beside each other: what sources answer on each point, in words."""

from collections.abc import Sequence
from string import ascii_uppercase

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
    LEGISLATION: {
        "yes": "yes",
        "partly": "part",
        "varies": "vary",
        "no": "no",
        "draft": "draft",
        "unknown": "–",
    },
    TREATIES: {
        "party": "party",
        "signed": "signed",
        "invited": "invited",
        "not_party": "no",
        "unknown": "–",
    },
}
# Heads of columns; a treaty without a short name keeps its long one.
_SHORT_TREATIES = {
    "crc": "CRC",
    "opsc": "OPSC",
    "ilo_c182": "ILO",
    "budapest": "Budapest",
    "malabo": "Malabo",
    "uncc": "UNCC",
}
_NAME_WIDTH = 18


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

    def _name_treaty(self, treaty: str) -> str:
        return label(self._translator, TREATIES, "instrument", treaty)

    def format_points(self) -> Markdown:
        """Return the matrix of countries and points, and of how many countries each is known."""
        topics = [*self._coverage[LEGISLATION]]
        rows = {(row["country"], row["topic"]): row for row in self._evidence.rows(LEGISLATION)}
        return self._format_matrix(
            LEGISLATION,
            ascii_uppercase[: len(topics)],
            {
                country: [
                    self._format_answer(rows.get((country, topic)), topic) for topic in topics
                ]
                for country in self._countries
            },
            self._translator("What sources say on each point of law."),
            [
                f"{letter}: {label(self._translator, LEGISLATION, 'topic', topic)}"
                for letter, topic in zip(ascii_uppercase, topics, strict=False)
            ],
        )

    def format_treaties(self) -> Markdown:
        """Return the matrix of countries and treaties."""
        translator = self._translator
        treaties = [*self._coverage[TREATIES]]
        rows = {(row["country"], row["instrument"]): row for row in self._evidence.rows(TREATIES)}
        return self._format_matrix(
            TREATIES,
            [_SHORT_TREATIES.get(treaty) or self._name_treaty(treaty) for treaty in treaties],
            {
                country: [
                    _SHORT[TREATIES][row["status"]]
                    if (row := rows.get((country, treaty)))
                    else NOTHING
                    for treaty in treaties
                ]
                for country in self._countries
            },
            translator("What each {area} is to treaties."),
            [
                f"{_SHORT_TREATIES[treaty]}: {self._name_treaty(treaty)}"
                for treaty in treaties
                if treaty in _SHORT_TREATIES
            ],
        )

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

    def _format_answer(self, row: PublicRow | None, topic: str) -> str:
        if row is None:
            return NOTHING
        if topic in AGES and row["age"]:
            return self._translator.number(row.whole_number("age"))
        return _SHORT[LEGISLATION][row["answer"]]

    def _format_matrix(
        self,
        table: str,
        heads: Sequence[str],
        cells: dict[str, list[str]],
        caption: str,
        legend: Sequence[str],
    ) -> Markdown:
        translator = self._translator
        names = {country: self._wording.country(country) for country in cells}
        lines = [
            (names[country], *cells[country]) for country in sorted(cells, key=names.__getitem__)
        ]
        known = [
            translator.number(row.whole_number("known")) for row in self._coverage[table].values()
        ]
        countries = next(iter(self._coverage[table].values())).whole_number("countries")
        lines.append(
            (
                translator("Known of {count}", count=translator.number(countries)),
                *known,
            )
        )
        width = (100 - _NAME_WIDTH) // len(heads)
        return format_pipe_table(
            (translator("{Area}"), *heads),
            lines,
            (100 - width * len(heads), *[width] * len(heads)),
            caption=f"{caption} {'; '.join(legend)}.",
            label=f"tbl-regional-{table}",
            text_columns=range(len(heads) + 1),
        )
