"""Recommendations that a country's published numbers support, each with its number and address.

A recommendation asks for no more than its number bears: what else might help is general guidance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import cell_count, row_count
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.conditions import (
    disputed,
    left_out,
    matching,
    meets,
    told,
    workers,
)
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.recommendations import Actors, Condition, Recommendations
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import Row, data_kinds

ASKED_AT_MOST = 2  # recommendations with their numbers in one ask of a brief
PRINTED = 2  # recommendations to one group in a report, unless its brief asks for more of them
_Values = tuple[dict[str, Markdown], tuple[str, ...], frozenset[str]]


@dataclass(frozen=True)
class Advice:
    """A recommendation that a published number supports: text, number in words, address.

    ``cells`` are the addresses of the cells that meet its condition, ``kinds`` tells whether their
    rows are published, observed or simulated (of a survey: simulated or nothing), ``limits`` on
    which side of which limit all of the number lies.
    """

    id: str
    text: Markdown
    finding: Markdown
    cells: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    limits: str = ""

    @property
    def rows(self) -> tuple[str, ...]:
        """The addresses of the rows in which these cells stand."""
        return tuple(cell.rpartition("/")[0] for cell in self.cells)


@dataclass(frozen=True)
class AdviceTo:
    """What is said to a group of actors; ``general`` rests on no number."""

    id: str
    label: Markdown
    advice: tuple[Advice, ...]
    general: tuple[Markdown, ...]


def advice(
    recommendations: Recommendations,
    results: Results,
    translator: Translator[Markdown],
    names: dict[str, Markdown],
    sentences: CountrySentences | None,
) -> list[AdviceTo]:
    """Return what is said to each group of actors; a group without anything is left out.

    Args:
        recommendations: the study's file.
        results: the public results of the country.
        translator: the language.
        names: ``population`` and ``country`` as printed.
        sentences: of the survey; None without one, when no condition on an indicator is met.
    """
    writer = _Writer(recommendations, results, translator, names, sentences)
    groups = [
        AdviceTo(
            group.id,
            translator.of_study(group.label),
            tuple(writer.advice(group)),
            tuple(translator.of_study(line) for line in group.general),
        )
        for group in recommendations.groups
    ]
    return [group for group in groups if group.advice or group.general]


def asked_for(names: Sequence[str], groups: Sequence[AdviceTo]) -> list[tuple[Advice, Markdown]]:
    """Return the first two of the named recommendations that numbers support, with their actors."""
    known = {entry.id: (entry, group.label) for group in groups for entry in group.advice}
    return [known[name] for name in names if name in known][:ASKED_AT_MOST]


def chosen(groups: Sequence[AdviceTo], asks: Sequence[Sequence[str]]) -> list[AdviceTo]:
    """Return what a report prints: all that the asks of the brief print, then others.

    Args:
        groups: what numbers support, of each group of actors.
        asks: the names of the recommendations of each ask; empty without a brief.
    """
    first = {entry.id for names in asks for entry, _ in asked_for(names, groups)}
    return [
        replace(
            group,
            advice=tuple(
                entry
                for place, entry in enumerate(
                    sorted(group.advice, key=lambda entry: entry.id not in first)
                )
                if entry.id in first or place < PRINTED
            ),
        )
        for group in groups
    ]


def not_printed(groups: Sequence[AdviceTo], printed: Sequence[AdviceTo]) -> int:
    """Return how many recommendations that numbers support a report leaves out."""
    shown = {entry.id for group in printed for entry in group.advice}
    return cell_count(
        [entry.cells[0] for group in groups for entry in group.advice if entry.id not in shown]
    )


class _Writer:
    def __init__(
        self,
        recommendations: Recommendations,
        results: Results,
        translator: Translator[Markdown],
        names: dict[str, Markdown],
        sentences: CountrySentences | None,
    ) -> None:
        self._results = results
        self._translator = translator
        self._names = names
        self._sentences = sentences
        self._left_out = left_out(disputed(recommendations, results.evidence, translator))

    def advice(self, group: Actors) -> list[Advice]:
        """Return the recommendations to a group whose condition is met."""
        found = []
        for entry in group.recommendations:
            if entry.countries and self._results.country not in entry.countries:
                continue
            values = self._values(entry.when)
            if values:
                named, cells, kinds = values
                finding = self._translator.filled(entry.finding, self._names | named)
                if omitted := self._omitted(entry.when):
                    finding = Markdown(f"{finding} {self._without(entry.when, omitted)}")
                    kinds |= data_kinds(omitted)
                said = self._translator.of_study(entry.text)
                found.append(Advice(entry.id, said, finding, cells, kinds, entry.when.limits))
        return found

    def _values(self, when: Condition) -> _Values | None:
        """Return what fills the finding, the cells and their kinds; None: it is not met."""
        if when.indicator:
            return self._of_survey(when)
        table = str(when.table)
        met = matching(when, self._results.evidence.rows(table))
        rows = [row for row in met if address_of_row(table, row) not in self._left_out]
        if not rows:
            return None
        column = when.column or next(iter(when.where))
        cells = tuple(f"{address_of_row(table, row)}/{column}" for row in rows)
        # What is left out is told by :meth:`_without` and counts: the report has the same number.
        all_met = [f"{address_of_row(table, row)}/{column}" for row in met]
        values = {
            "rows": told(self._translator, table, rows),
            "count": self._translator.number(cell_count(all_met)),
            "total": self._translator.number(self._all_of(table)),
        }
        if when.of_one_answer:
            values["workers"] = workers(self._translator, rows[0])
        return values, cells, frozenset(data_kinds(rows))

    def _omitted(self, when: Condition) -> list[Row]:
        """Return the rows that meet a condition, but on which sources do not agree."""
        rows = matching(when, self._results.evidence.rows(when.table)) if when.table else []
        return [row for row in rows if address_of_row(str(when.table), row) in self._left_out]

    def _without(self, when: Condition, omitted: Sequence[Row]) -> Markdown:
        """Return which of the rows counted are not among those named, and why."""
        return self._translator(
            "Also among them, though sources do not agree: {rows}.",
            rows=told(self._translator, str(when.table), omitted),
        )

    def _all_of(self, table: str) -> int:
        """Return how many rows of a table there are on the country."""
        of_table = f"{self._results.country}/{table}"
        return row_count(len(self._results.evidence.rows(table)), of_table)  # type: ignore[no-any-return]

    def _of_survey(self, when: Condition) -> _Values | None:
        if self._sentences is None:
            return None
        cell = self._results.cell(str(when.indicator))
        share = self._sentences.share(cell)
        if share is None or not meets(cell, when, self._results.coded):
            return None
        cells = (f"{self._results.country}/{when.indicator}/shown",)
        simulated = self._results.quality.get("simulated")
        return {"share": share}, cells, frozenset({SIMULATED} if simulated else ())
