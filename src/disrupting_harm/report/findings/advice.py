"""Recommendations that a country's published numbers support, each with its number and address.

A recommendation asks for no more than its number bears: what else might help is general guidance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import cell_count, row_count
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.conditions import (
    describe_rows,
    find_disputes,
    find_matching_rows,
    format_worker_count,
    list_disputed_addresses,
    meets_condition,
)
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.recommendations import Actors, Condition, Recommendations
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import data_kinds
from disrupting_harm.report.reading.rows import PublicRow

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


def write_advice(
    recommendations: Recommendations,
    results: Results,
    translator: Translator[Markdown],
    printed_names: dict[str, Markdown],
    sentences: CountrySentences | None,
) -> list[AdviceTo]:
    """Return what is said to each group of actors; a group without anything is left out.

    Args:
        printed_names: ``population`` and ``country`` as printed.
        sentences: of the survey; None without one, when no condition on an indicator is met.
    """
    writer = _AdviceWriter(recommendations, results, translator, printed_names, sentences)
    groups = [
        AdviceTo(
            group.id,
            translator.of_study(group.owner),
            tuple(writer.write_group_advice(group)),
            (),
        )
        for group in recommendations.groups
    ]
    return [group for group in groups if group.advice or group.general]


def find_advice_of_ask(
    recommendation_ids: Sequence[str], groups: Sequence[AdviceTo]
) -> list[tuple[Advice, Markdown]]:
    """Return the first two of the named recommendations that numbers support, with their actors."""
    advice_by_id = {advice.id: (advice, group.label) for group in groups for advice in group.advice}
    return [
        advice_by_id[recommendation_id]
        for recommendation_id in recommendation_ids
        if recommendation_id in advice_by_id
    ][:ASKED_AT_MOST]


def choose_printed_advice(
    groups: Sequence[AdviceTo], asks: Sequence[Sequence[str]]
) -> list[AdviceTo]:
    """Return what a report prints: all that the asks of the brief print, then others.

    Args:
        groups: what numbers support, of each group of actors.
        asks: the names of the recommendations of each ask; empty without a brief.
    """
    ids_of_brief = {
        advice.id
        for recommendation_ids in asks
        for advice, _ in find_advice_of_ask(recommendation_ids, groups)
    }
    return [
        replace(
            group,
            advice=tuple(
                advice
                for position, advice in enumerate(
                    sorted(group.advice, key=lambda advice: advice.id not in ids_of_brief)
                )
                if advice.id in ids_of_brief or position < PRINTED
            ),
        )
        for group in groups
    ]


def count_unprinted_advice(groups: Sequence[AdviceTo], printed_groups: Sequence[AdviceTo]) -> int:
    """Return how many recommendations that numbers support a report leaves out."""
    printed_ids = {advice.id for group in printed_groups for advice in group.advice}
    return cell_count(
        [
            advice.cells[0]
            for group in groups
            for advice in group.advice
            if advice.id not in printed_ids
        ]
    )


class _AdviceWriter:
    def __init__(
        self,
        recommendations: Recommendations,
        results: Results,
        translator: Translator[Markdown],
        printed_names: dict[str, Markdown],
        sentences: CountrySentences | None,
    ) -> None:
        self._results = results
        self._translator = translator
        self._names = printed_names
        self._sentences = sentences
        self._disputed_addresses = list_disputed_addresses(
            find_disputes(recommendations, results.evidence, translator)
        )

    def write_group_advice(self, group: Actors) -> list[Advice]:
        """Return the recommendations to a group whose condition is met."""
        supported = []
        for recommendation in group.recommendations:
            if recommendation.countries and self._results.country not in recommendation.countries:
                continue
            values = self._fill_condition(recommendation.when)
            if values:
                finding_values, cells, kinds = values
                finding = self._translator.fill_sentence(
                    recommendation.finding, self._names | finding_values
                )
                if disputed_rows := self._find_disputed_rows(recommendation.when):
                    remark = self._describe_disputed_rows(recommendation.when, disputed_rows)
                    finding = Markdown(f"{finding} {remark}")
                    kinds |= data_kinds(disputed_rows)
                text = self._translator.of_study(recommendation.text)
                supported.append(
                    Advice(
                        recommendation.id,
                        Markdown(f"{text}."),
                        Markdown(f"{finding}." if finding else ""),
                        cells,
                        kinds,
                        recommendation.when.limits,
                    )
                )
        return supported

    def _fill_condition(self, when: Condition) -> _Values | None:
        """Return what fills the finding, the cells and their kinds; None: it is not met."""
        if when.indicator:
            return self._fill_survey_condition(when)
        table = str(when.table)
        matching_rows = find_matching_rows(when, self._results.evidence.rows(table))
        rows = [
            row
            for row in matching_rows
            if address_of_row(table, row) not in self._disputed_addresses
        ]
        if not rows:
            return None
        column = when.column or next(iter(when.where))
        cells = tuple(f"{address_of_row(table, row)}/{column}" for row in rows)
        # :meth:`_describe_disputed_rows` tells what is left out, and it counts: the report has the
        # same number.
        addresses_of_matching = [f"{address_of_row(table, row)}/{column}" for row in matching_rows]
        values = {
            "rows": describe_rows(self._translator, table, rows),
            "count": self._translator.number(cell_count(addresses_of_matching)),
            "total": self._translator.number(self._count_rows_of_country(table)),
        }
        if when.of_one_answer:
            values["workers"] = format_worker_count(self._translator, rows[0])
        return values, cells, frozenset(data_kinds(rows))

    def _find_disputed_rows(self, when: Condition) -> list[PublicRow]:
        """Return the rows that meet a condition, but on which sources do not agree."""
        rows = (
            find_matching_rows(when, self._results.evidence.rows(when.table)) if when.table else []
        )
        return [
            row for row in rows if address_of_row(str(when.table), row) in self._disputed_addresses
        ]

    def _describe_disputed_rows(
        self, when: Condition, disputed_rows: Sequence[PublicRow]
    ) -> Markdown:
        """Return which of the rows counted are not among those named, and why."""
        return self._translator(
            "Also among them, though sources do not agree: {rows}.",
            rows=describe_rows(self._translator, str(when.table), disputed_rows),
        )

    def _count_rows_of_country(self, table: str) -> int:
        """Return how many rows of a table there are on the country."""
        of_table = f"{self._results.country}/{table}"
        return row_count(len(self._results.evidence.rows(table)), of_table)  # type: ignore[no-any-return]

    def _fill_survey_condition(self, when: Condition) -> _Values | None:
        if self._sentences is None:
            return None
        cell = self._results.cell(str(when.indicator))
        share = self._sentences.share(cell)
        if share is None or not meets_condition(cell, when, self._results.coded):
            return None
        cells = (f"{self._results.country}/{when.indicator}/shown",)
        simulated = self._results.quality.get("simulated")
        return {"share": share}, cells, frozenset({SIMULATED} if simulated else ())
