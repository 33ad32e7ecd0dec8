"""What a country should do, who does it, and why: its actions as documents print them.

Groups, order and comparisons are those of ``comparison/needs.csv``; here they become words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.comparison import NEEDS
from disrupting_harm.comparison.needs import AHEAD, ALSO_NEEDED, GROUPS, REVIEW, START_HERE, SURVEY
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import cell_count, row_count
from disrupting_harm.report.findings.conditions import (
    Dispute,
    describe_rows,
    find_disputes,
    format_worker_count,
    list_disputed_addresses,
    list_numbers,
)
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.needed_actions import address_of_need, find_needed_rows
from disrupting_harm.report.findings.recommendations import Actors, Recommendation, Recommendations
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import data_kinds
from disrupting_harm.report.reading.needed_actions import check_needed_actions
from disrupting_harm.report.reading.rows import PublicRow

IN_BRIEF = 3
NOTHING = Markdown("")


@dataclass(frozen=True)
class Action:
    """One action of a country.

    Attributes:
        id: as in the file of recommendations.
        kind: ``survey``, ``review`` or ``count``: what its number comes from.
        group: ``start_here``, ``also_needed`` or ``ahead``.
        number: its place among the country's actions, and whether it shares it.
        title: what is to be done.
        owner: who is to act, a proposal.
        first_step: how to begin, a proposal.
        here: the country's number.
        others: the average of other countries, or how many of them have it.
        gap: how far the country stands from the others, where that is tested; else empty.
        gap_in_points: the same with the estimate itself, of a survey's action to start with;
            else as ``gap``.
        has_least: whether ``gap_in_points`` names the least that fits.
        worse_by: by how much its share is worse than the average of others; 0 where none is known.
        needed_in: how many countries need it.
        compared: whether other countries have such a number, too.
        cells: addresses of the cells that meet its condition.
        simulated: whether its number is simulated.
        limits: on which side of which limit all of the number lies.
    """

    id: str
    kind: str
    group: str
    number: Markdown
    title: Markdown
    owner: Markdown
    first_step: Markdown
    here: Markdown
    others: Markdown
    gap: Markdown
    gap_in_points: Markdown
    has_least: bool
    worse_by: float
    needed_in: int
    cells: tuple[str, ...]
    compared: bool
    simulated: bool
    limits: str

    @property
    def behind(self) -> bool:
        """Whether a test shows the country behind others: a review is compared without one."""
        return self.group == START_HERE and self.kind == SURVEY

    @property
    def rows(self) -> tuple[str, ...]:
        """The addresses of the rows in which its number stands."""
        return tuple(cell.rpartition("/")[0] for cell in self.cells)


@dataclass(frozen=True)
class DisputedFact:
    """What sources dispute, so that no action rests on it; who settles it, and how to begin."""

    text: Markdown
    owner: Markdown
    first_step: Markdown
    simulated: bool


@dataclass(frozen=True)
class Actions:
    """The actions of a country by their groups, each in order, and what its sources dispute."""

    start_here: tuple[Action, ...] = ()
    also_needed: tuple[Action, ...] = ()
    ahead: tuple[Action, ...] = ()
    disputed: tuple[DisputedFact, ...] = ()

    @property
    def behind(self) -> tuple[Action, ...]:
        """Those to start with in which a test shows the country behind others."""
        return tuple(action for action in self.start_here if action.behind)

    @property
    def usual_elsewhere(self) -> tuple[Action, ...]:
        """Those to start with because most others have it, by reviews that nobody tested."""
        return tuple(action for action in self.start_here if not action.behind)

    @property
    def compared(self) -> bool:
        """Whether any of them is compared with other countries."""
        return any(action.compared for action in self.all)

    @property
    def all(self) -> tuple[Action, ...]:
        """All actions, in the order of their groups."""
        return (*self.start_here, *self.also_needed, *self.ahead)


def describe_actions(
    results: Results,
    translator: Translator[Markdown],
    recommendations: Recommendations,
    sentences: CountrySentences | None,
    names: Mapping[str, Markdown],
) -> Actions:
    """Return the actions of a country in words.

    Args:
        sentences: of the survey, with shares as short as a table needs; None without one.
        names: ``population`` and ``country`` as printed.

    Raises:
        StudyError: a row of needs names an action that the study does not have.
    """
    needs = results.comparison_rows.get(NEEDS, ())
    writer = _ActionWriter(results, translator, recommendations, sentences, names)
    actors_and_action = {action.id: (group, action) for group, action in recommendations.actions}
    check_needed_actions(needs, actors_and_action)
    actions = [writer.write_action(need, *actors_and_action[need["action"]]) for need in needs]
    start_here, also_needed, ahead = (
        tuple(action for action in actions if action.group == group) for group in GROUPS
    )
    return Actions(start_here, also_needed, ahead, writer.write_disputed_facts())


def choose_brief_actions(actions: Actions, limit: int = IN_BRIEF) -> tuple[Action, ...]:
    """Return the actions that a brief prints; ``group`` of each says where it stands.

    The first ones of those to start with; where they are fewer, also those for which answers of the
    survey ask, and of these those furthest from the others' average. Where none to start with
    follows answers of the survey, the last place is for one that does.
    """
    further = sorted(
        actions.also_needed,
        key=lambda action: (action.kind != SURVEY, -action.worse_by, action.needed_in),
    )
    chosen = (*actions.start_here, *further)[:limit]
    of_survey = [action for action in further if action.kind == SURVEY]
    if of_survey and all(action.kind != SURVEY for action in chosen):
        chosen = (*chosen[:-1], of_survey[0])
    return chosen


class _ActionWriter:
    def __init__(
        self,
        results: Results,
        translator: Translator[Markdown],
        recommendations: Recommendations,
        sentences: CountrySentences | None,
        names: Mapping[str, Markdown],
    ) -> None:
        self._results = results
        self._translator = translator
        self._recommendations = recommendations
        self._sentences = sentences
        self._names = names

    def write_action(self, need: PublicRow, actors: Actors, action: Recommendation) -> Action:
        """Return an action with its row of needs in words."""
        translator = self._translator
        here, cells = self._describe_number(action)
        position = translator.number(need.whole_number("position"))
        gap = self._describe_gap(need)
        in_points, has_least = self._describe_points(need, action)
        return Action(
            action.id,
            need["kind"],
            need["group"],
            translator("{number} (shared)", number=position)
            if need["joined"] == "True"
            else position,
            translator.of_study(action.text),
            translator.of_study(actors.owner),
            translator.of_study(action.first_step),
            here,
            self._describe_others(need),
            gap,
            in_points or gap,
            has_least,
            need.find_number("gap") or 0.0,
            need.whole_number("needed_in"),
            cells,
            bool(need["others"]),
            need["data_kind"] == SIMULATED,
            action.when.limits,
        )

    def write_disputed_facts(self) -> tuple[DisputedFact, ...]:
        """Return what the sources of the country dispute."""
        disputes_by_rows: dict[frozenset[str], list[Dispute]] = {}
        for dispute in find_disputes(
            self._recommendations, self._results.evidence, self._translator
        ):
            disputes_by_rows.setdefault(list_disputed_addresses([dispute]), []).append(dispute)
        return tuple(map(self._write_disputed_fact, disputes_by_rows.values()))

    def _write_disputed_fact(self, disputes: Sequence[Dispute]) -> DisputedFact:
        """Return what several sources say against the same rows; the first names who settles it."""
        rows = [row for dispute in disputes for row in (*dispute.rows, *dispute.against)]
        first = disputes[0].disagreement
        sentences = [dispute.sentence for dispute in disputes]
        if any(
            (SIMULATED in data_kinds(dispute.rows)) != (SIMULATED in data_kinds(dispute.against))
            for dispute in disputes
        ):
            sentences.append(
                self._translator("What is simulated here says nothing against a real source.")
            )
        return DisputedFact(
            self._translator.join_sentences(sentences),
            self._translator.of_study(first.owner),
            self._translator.of_study(first.first_step),
            SIMULATED in data_kinds(rows),
        )

    def _describe_number(self, action: Recommendation) -> tuple[Markdown, tuple[str, ...]]:
        """Return the number that an action rests on, and the cells in which it stands."""
        when = action.when
        if when.indicator:
            share = self._sentences and self._sentences.share(self._results.cell(when.indicator))
            number = self._translator.fill_sentence(
                action.finding, {**self._names, "share": share or NOTHING}
            )
            return number, (f"{self._results.country}/{when.indicator}/shown",)
        table = str(when.table)
        rows = find_needed_rows(when, self._results.evidence, self._recommendations)
        cells = tuple(address_of_need(when, row) for row in rows)
        if not action.finding:
            return self._describe_review(action, rows), cells
        values: dict[str, Markdown] = {
            **self._names,
            "rows": describe_rows(self._translator, table, rows),
            "number": list_numbers(self._translator, when, rows),
            "count": self._translator.number(cell_count(cells)),
            "total": self._translator.number(
                row_count(
                    len(self._results.evidence.rows(table)), f"{self._results.country}/{table}"
                )
            ),
        }
        if when.of_one_answer:
            values["workers"] = format_worker_count(self._translator, rows[0])
        return self._translator.fill_sentence(action.finding, values), cells

    def _describe_review(self, action: Recommendation, rows: list[PublicRow]) -> Markdown:
        """Return the score, or the answer, on one item of a review."""
        if action.when.table == "capacity":
            scores = list_numbers(self._translator, action.when, rows)
            return self._translator("Score {score} of 3", score=scores)
        answer = label(self._translator, "policy", "answer", rows[0]["answer"])
        return Markdown(answer[:1].upper() + answer[1:])

    def _describe_others(self, need: PublicRow) -> Markdown:
        translator = self._translator
        if need["in_place"] and need.whole_number("others"):
            return translator(
                "{count} of {all} have it",
                count=translator.number(need.whole_number("in_place")),
                all=translator.number(need.whole_number("others")),
            )
        if not need["mean_low"]:
            return translator("not compared")
        low, high = (need.whole_number(f"mean_whole_{end}") for end in ("low", "high"))
        if low == high:
            return translator("average {share}", share=translator.with_sign(low))
        return translator(
            "average {low} to {high}",
            low=translator.with_sign(low),
            high=translator.with_sign(high),
        )

    def _describe_gap(self, need: PublicRow) -> Markdown:
        translator = self._translator
        if need["kind"] == REVIEW or not need["gap"]:
            return NOTHING
        if need["group"] == AHEAD:
            return translator("clearly better here")
        if need["group"] != START_HERE:
            return translator("no clear gap")
        least, points = self._format_least(need), need.whole_number("points")
        if points > 1:
            gap = translator(
                "gap: {points} points, at least {least}",
                points=translator.number(points),
                least=least,
            )
        elif need.whole_number("points_low") == 1:
            gap = translator("gap: at least {points} point", points=least)
        else:
            gap = translator("gap: at least {points} points", points=least)
        return Markdown(f"**{gap}**")

    def _describe_points(self, need: PublicRow, action: Recommendation) -> tuple[Markdown, bool]:
        """Return a gap in points, and whether it names the least; empty of less than two points.

        Where none is clear it says to what: single countries may still be clearly apart.
        """
        if need["group"] == ALSO_NEEDED and need["kind"] == SURVEY and need["gap"]:
            return self._translator("no clear gap to their average"), False
        if need["group"] != START_HERE or not need["points_low"]:
            return NOTHING, False
        points, least = need.whole_number("points"), self._format_least(need)
        if points < 2:
            return NOTHING, False
        translator = self._translator
        values = {"points": translator.number(points), "least": least}
        gap = (
            translator("{points} points fewer here, at least {least}", **values)
            if action.when.at_most is not None
            else translator("{points} points more here, at least {least}", **values)
        )
        return Markdown(f"**{gap}**"), True

    def _format_least(self, need: PublicRow) -> Markdown:
        """Return the lower limit of a clear gap in points, of less than one in tenths."""
        if points := need.whole_number("points_low"):
            return self._translator.number(points)
        return self._translator.percent(need.number("gap_low"), 1)
