"""The actions of a brief: three of a country, and those that nearly all countries need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.comparison import NEEDS
from disrupting_harm.comparison.needs import REVIEW, START_HERE, SURVEY
from disrupting_harm.provenance.addresses import COMPARE, cell_count, row_count
from disrupting_harm.provenance.compared_row_addresses import address_of_compared_row
from disrupting_harm.report.findings.action_states import NOT_KNOWN, find_state_in_evidence
from disrupting_harm.report.findings.actions import Action, Actions, choose_brief_actions
from disrupting_harm.report.findings.conditions import (
    list_addresses_of_both_sides,
    match_disagreements,
)
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.needed_actions import find_needed_rows
from disrupting_harm.report.findings.recommendations import (
    Condition,
    Recommendation,
    Recommendations,
)
from disrupting_harm.report.language.evidence_codes import format_amount
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import format_whole_percent, sort_shares
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import read_amount
from disrupting_harm.report.reading.needed_actions import LEAST_AREAS, group_needed_actions

OF_STUDY_AT_MOST = 7


@dataclass(frozen=True)
class BriefAction:
    """An action as a brief prints it; ``numbers`` are those of the country and of others.

    ``heading`` is ``title``, and says so where the action is also needed.
    """

    title: Markdown
    heading: Markdown
    numbers: Markdown
    owner: Markdown
    first_step: Markdown


@dataclass(frozen=True)
class BriefActions:
    """The actions of a brief below what they have in common.

    ``introduction`` ends with how many are needed in all; ``proposals`` is of their first steps.
    """

    heading: Markdown
    introduction: Markdown
    proposals: Markdown
    actions: tuple[BriefAction, ...]


def describe_brief_actions(
    actions: Actions,
    translator: Translator[Markdown],
    country: Markdown,
    code: str,
    simulated: bool,
) -> BriefActions | None:
    """Return the actions that the brief of a country prints; None where no number asks for any.

    Args:
        country, code: its name inside a sentence, and its code.
        simulated: whether the study is, as the head of each page says: no number says it again.
    """
    chosen = choose_brief_actions(actions)
    if not chosen:
        return None
    to_start_with = [action for action in chosen if action.group == START_HERE]
    if not to_start_with:
        heading = translator("What is needed")
    elif len(to_start_with) == len(chosen):
        heading = translator("Where to start")
    else:
        heading = translator("Where to start, and what is also needed")
    behind = [action for action in chosen if action.behind]
    of_survey = [action for action in actions.all if action.kind == SURVEY]
    if of_survey and not any(action.gap for action in of_survey):
        reason = translator("These numbers were not tested against other {areas}.")
    elif not behind:
        reason = translator(
            "Here {country} is not clearly behind the average of other {areas}.", country=country
        )
    elif len(behind) == len(chosen):
        reason = translator(
            "Here {country} is clearly behind the average of other {areas}.", country=country
        )
    else:
        reason = translator(
            "Tested gaps (bold) show {country} clearly behind the average of other {areas}.",
            country=country,
        )
    sentences = [reason]
    if any(action.has_least for action in chosen):
        sentences.append(
            translator(
                "Gaps are taken before rounding; “at least” allows for chance in all comparisons "
                "at once."
            )
        )
    if any(not action.behind for action in to_start_with):
        sentences.append(
            translator("Then comes what more than half of other {areas} have.")
            if behind
            else translator("First comes what more than half of other {areas} have.")
        )
    further = chosen[len(to_start_with) :]
    mixed = 0 < len(to_start_with) < len(chosen)
    if further and all(action.kind == SURVEY for action in further):
        compared = all(action.gap for action in further)
        if mixed:
            sentences.append(
                translator(
                    "“Also needed” follows what {respondents} said: the largest gap to other "
                    "{areas} first."
                )
                if compared
                else translator("“Also needed” follows what {respondents} said.")
            )
        elif compared:
            sentences.append(translator("The largest gap to other {areas} stands first."))
    if len(actions.all) > len(chosen):
        sentences.append(
            translator(
                "{country} needs {count} actions in all, these among them: see the report, "
                "“{chapter}”.",
                country=country,
                count=translator.number(
                    row_count(len(actions.all), f"{COMPARE}/{NEEDS}/country:{code}")
                ),
                chapter=translator("What to do, who does it, and why"),
            )
        )
    return BriefActions(
        heading,
        join_sentences(sentences),
        translator("First steps are proposals, to be agreed in {country}.", country=country),
        tuple(_format_action(action, translator, mixed, simulated) for action in chosen),
    )


def _format_action(
    action: Action,
    translator: Translator[Markdown],
    mixed: bool,
    simulated: bool,
) -> BriefAction:
    """Return an action with its numbers; ``mixed``: one that is also needed says so."""
    title = Markdown(action.title.rstrip(".។ "))
    if mixed and action.group != START_HERE:
        heading = translator(
            "Also needed: {action}", action=Markdown(title[:1].lower() + title[1:])
        )
    else:
        heading = title
    numbers = [Markdown(f"{action.here}.")]
    of_simulated_review = action.kind == REVIEW and action.simulated
    if of_simulated_review:
        # The head of a page says it of the survey; beside real law a reader must not take it so.
        finding = Markdown(action.here[:1].lower() + action.here[1:])
        numbers = [translator("Simulated review: {finding}.", finding=finding)]
    if action.compared:
        numbers.append(
            translator(
                "Other {areas}: {others}; {gap}.", others=action.others, gap=action.gap_in_points
            )
            if action.gap_in_points
            else translator("Other {areas}: {others}.", others=action.others)
        )
    if action.group == START_HERE and not action.behind:
        numbers.append(translator("Not tested."))
    if action.simulated and not simulated and not of_simulated_review:
        numbers.append(translator("Simulated data."))
    return BriefAction(title, heading, Markdown(" ".join(numbers)), action.owner, action.first_step)


@dataclass(frozen=True)
class NeedOfStudy:
    """An action that nearly all countries need, in how many of them, and by which numbers."""

    of_survey: bool
    title: Markdown
    needed: Markdown
    reason: Markdown
    owner: Markdown
    first_step: Markdown


def list_common_needs(
    comparison: RegionalResults,
    recommendations: Recommendations | None,
    translator: Translator[Markdown],
    country_names: Mapping[str, Markdown],
    country_count: int,
    results: Mapping[str, Results],
) -> list[NeedOfStudy]:
    """Return the actions that nearly all countries need, the most needed first.

    They are those that the regional report says of the same. Of fewer countries than that report
    says it of, they are those that all of them need.

    Args:
        country_names: of all that take part, inside a sentence, by code and in their order.
        country_count: how many they are, with its address.
        results: of each of them, with the numbers that meet the conditions.
    """
    recommendations = recommendations or Recommendations()
    actors_and_actions = {action.id: (actors, action) for actors, action in recommendations.actions}
    rows = [row for row in comparison.rows(NEEDS) if row["country"] in country_names]
    needed = group_needed_actions(rows, [*actors_and_actions], len(country_names))
    shared = needed.shared
    if len(country_names) < LEAST_AREAS:
        others = (*needed.compared, *needed.frequent, *needed.further)
        shared = tuple(action for action in others if len(action.rows) == len(country_names))
    common = sorted(shared, key=lambda action: -len(action.rows))[:OF_STUDY_AT_MOST]
    listed = []
    for need in common:
        actors, action = actors_and_actions[need.id]
        results_of_need = [results[row["country"]] for row in need.rows]
        addresses = [f"{address_of_compared_row(NEEDS, row)}/country" for row in need.rows]
        listed.append(
            NeedOfStudy(
                action.when.indicator is not None,
                Markdown(translator.of_study(action.text).rstrip(".។ ")),
                join_sentences(
                    [
                        translator(
                            "{count} of {total}",
                            count=translator.number(cell_count(addresses)),
                            total=translator.number(country_count),
                        ),
                        *_describe_others(
                            translator,
                            action,
                            {
                                name: results[code]
                                for code, name in country_names.items()
                                if code not in {row["country"] for row in need.rows}
                            },
                            recommendations,
                        ),
                    ]
                ),
                _describe_reason(translator, action, results_of_need, recommendations),
                translator.of_study(actors.owner),
                translator.of_study(action.first_step),
            )
        )
    return listed


def _describe_others(
    translator: Translator[Markdown],
    action: Recommendation,
    others: Mapping[Markdown, Results],
    recommendations: Recommendations,
) -> Iterator[Markdown]:
    """Yield which countries do not need an action, and of which that is not known."""
    unknown = [
        name for name, results in others.items() if _is_unknown(action, results, recommendations)
    ]
    if without := [name for name in others if name not in unknown]:
        names = translator.enumeration(without)
        # A range that reaches the mark does not say that a country may leave it.
        yield (
            translator("(not clear: {countries})", countries=names)
            if action.when.indicator
            else translator("(not {countries})", countries=names)
        )
    if unknown:
        names = translator.enumeration(unknown)
        yield translator("({countries}: not known, or not shown)", countries=names)


def _is_unknown(action: Recommendation, results: Results, recommendations: Recommendations) -> bool:
    if action.when.indicator:
        return results.cell(action.when.indicator).percent is None
    evidence = results.evidence
    disputed = list_addresses_of_both_sides(match_disagreements(recommendations, evidence))
    return find_state_in_evidence(action, evidence.rows, disputed)[0] in NOT_KNOWN


def _describe_reason(
    translator: Translator[Markdown],
    action: Recommendation,
    results: Sequence[Results],
    recommendations: Recommendations,
) -> Markdown:
    """Return between which numbers all countries that need an action lie, and its mark in words.

    Where a country's own is not printed, no number tells of all, and the mark stands alone. What a
    review finds has the same mark wherever it is needed.
    """
    ends = _find_ends(translator, action.when, results, recommendations)
    sentences = []
    if ends and action.finding:
        low, high = ends
        span = low if low == high else translator("{low} to {high}", low=low, high=high)
        name = "share" if action.when.indicator else "number"
        finding = translator.fill_sentence(action.finding, {name: span})
        sentences.append(Markdown(f"{finding}."))
    if action.mark:
        sentences.append(translator.of_study(action.mark))
    elif action.when.of_review:
        sentences.append(translator("A review finds it missing or only begun."))
    return join_sentences(sentences)


def _find_ends(
    translator: Translator[Markdown],
    when: Condition,
    results: Sequence[Results],
    recommendations: Recommendations,
) -> tuple[Markdown, Markdown] | None:
    """Return the lowest and the highest number that meets a condition; None where one is hidden."""
    if when.indicator:
        cells = [of_country.cell(when.indicator) for of_country in results]
        shares = [cell.percent for cell in cells if cell.percent]
        if len(shares) < len(cells):
            return None
        ordered = sort_shares(shares)
        low, high = (format_whole_percent(translator, share) for share in (ordered[0], ordered[-1]))
        return low, high
    if when.column is None:
        return None
    rows = [
        row
        for of_country in results
        for row in find_needed_rows(when, of_country.evidence, recommendations)
    ]
    if not rows or any(row.find_number(when.column) is None for row in rows):
        return None
    amounts = sorted(
        (read_amount(row, when.column) for row in rows), key=lambda amount: amount.quantity
    )
    ends = [format_amount(translator, amounts[end]) for end in (0, -1)]
    return Markdown(ends[0]), Markdown(ends[1])
