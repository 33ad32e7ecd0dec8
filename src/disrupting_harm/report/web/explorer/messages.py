"""The messages of the explorer, in the reader's language; its script fills the placeholders."""

from collections.abc import Sequence

from disrupting_harm.report.language.signs import (
    CONFIDENTIAL,
    SHORT,
    UNRELIABLE,
    describe_missing,
    describe_short_interval,
)
from disrupting_harm.report.language.translator import ADDRESSED, Translator
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY

_OF_SIMULATIONS = ("use_invented", "invented_in", "invented_error")
# Of shares of everyone, whether within reach of the survey or not.
_OF_EVERYONE = ("everyone", "offline", "unpublished", "online", "online_share", "online_invented",
                "scaled", *_OF_SIMULATIONS)  # fmt: skip


def translate_messages_of_study(
    translator: Translator[str], config: Configuration, countries: Sequence[Country]
) -> dict[str, str]:
    """Return the messages for a study, whose numbers are annotated where they have addresses.

    Those that it does not need are empty.
    """
    all_messages = translate_messages(
        translator,
        confidence=translator.with_markup(ADDRESSED).percent(config.estimation.confidence),
        coded=config.publication.disclosure.coded,
    )
    if not any(row.internet_use_rate is not None for row in countries):
        return all_messages | dict.fromkeys(_OF_EVERYONE, "")
    # A page of real data does not speak of a simulation.
    return (
        all_messages
        if config.study.simulated
        else all_messages | dict.fromkeys(_OF_SIMULATIONS, "")
    )


def translate_messages(
    translator: Translator[str], *, confidence: str, coded: bool
) -> dict[str, str]:
    """Return the messages by the names under which the script knows them.

    Args:
        translator: the language.
        confidence: the level of the intervals in per cent, as printed.
        coded: whether a range tells where the estimate lies, and not where it must lie.
    """
    all_messages = (
        _translate_controls(translator)
        | _translate_table(translator)
        | _translate_details(translator)
        | _translate_notes(translator)
    )
    all_messages |= (
        _translate_areas(translator)
        | _translate_ranges(translator, coded)
        | _translate_definitions(translator)
    )
    return {
        name: message.replace("{confidence}", confidence) for name, message in all_messages.items()
    }


def _translate_areas(translator: Translator[str]) -> dict[str, str]:
    return {
        "area": translator.in_context("what the study compares", "{Area}"),
        "areas": translator.in_context("what the study compares", "{Areas}"),
        "none_chosen": translator("No {area} is chosen."),
    }


def _translate_controls(translator: Translator[str]) -> dict[str, str]:
    return {
        "choices": translator("What is shown"),
        "indicator": translator("Indicator"),
        "groups": translator("Groups by"),
        "no_groups": translator("No groups: everyone"),
        "share_of": translator("Base"),
        "everyone": translator("all {respondents} of that age, online or not"),
        "all": translator("Choose all"),
        "none": translator("Choose none"),
        "order": translator("Order"),
        "by_name": translator("by name"),
        "by_estimate": translator("by estimate, with possible ranks"),
        "ranks": translator("Possible ranks"),
        "waves": translator("Earlier surveys"),
        "more": translator("More choices"),
        "download": translator("Download what is shown (CSV)"),
        "print": translator("Print"),
    }


def _translate_table(translator: Translator[str]) -> dict[str, str]:
    return {
        "chart": translator("Chart"),
        "proportion": translator("Per cent ({confidence} per cent interval)"),
        "mean": translator("Mean ({confidence} per cent interval)"),
        "total": translator("Total ({confidence} per cent interval)"),
        "n": translator("n"),
        "choose_row": translator("Choose a row to read more about it."),
        "keys": translator("The arrow keys go from row to row."),
        "ranks_to": translator("Possible ranks, 1 to {count}"),
        "empty": translator("No estimate is published for this choice."),
        SUPPRESS_DISCLOSURE: describe_missing(translator)[CONFIDENTIAL],
        SUPPRESS_RELIABILITY: describe_missing(translator)[UNRELIABLE],
        "not_asked": translator("not asked"),
        "unpublished": translator("not published for all {respondents}"),
        "set_apart": translator("Not compared with the others"),
        "no_place": translator("Without an estimate: no place in this order"),
        "online_invented": translator("internet use: invented"),
        "caution": translator("use with caution"),
        "review": translator("use with caution"),
        "may_be_short": describe_short_interval(translator),
        "sign_short": SHORT,
        "told_share": translator(
            "{name}: {estimate} per cent, {confidence} per cent interval {low} to {high}."
        ),
        "told_mean": translator(
            "{name}: {estimate}, {confidence} per cent interval {low} to {high}."
        ),
        "told_reason": translator("{name}: {reason}."),
        "answers": translator("Answers: {n}."),
        "caution_because": translator("Use with caution: {reason}."),
        "changed": translator("{title}. Rows: {count}."),
    }


def _translate_ranges(translator: Translator[str], coded: bool) -> dict[str, str]:
    why = {"range": translator("a range alone, to protect respondents")}
    if coded:
        return why | {
            "below": translator("by the estimate fewer than {limit} per cent"),
            "above": translator("by the estimate more than {limit} per cent"),
        }
    return why | {
        "below": translator("fewer than {limit} per cent"),
        "above": translator("more than {limit} per cent"),
    }


def _translate_definitions(translator: Translator[str]) -> dict[str, str]:
    """Return what many indicators share: periods, and how missing answers count."""
    return {
        "recall_none": "",
        "recall_past_year": translator("in the past year"),
        "recall_past_three_months": translator("in the past three months"),
        "recall_lifetime": translator("in life so far"),
        "recall_last_time": translator("the last time it happened"),
        "missing_no": translator("“Don't know” counts as no; other missing answers are left out."),
        "missing_missing": translator("“Don't know” and other missing answers are left out."),
        # Of indicators that are made of several others.
        "missing_imputed": translator(
            "Who answered only some of the questions, and none with yes, counts with the share of "
            "yes among those who gave the same other answers."
        ),
        "missing_unless_yes_missing": translator(
            "Who answered only some of the questions, and none with yes, is left out."
        ),
        "missing_complete": translator("Who answered only some of the questions is left out."),
        "missing_known_parts": translator(
            "Who answered only some of the questions, and none with yes, counts as no."
        ),
    }


def _translate_details(translator: Translator[str]) -> dict[str, str]:
    return {
        "about": translator("About the chosen row"),
        "base": translator("Base: {base}."),
        "offline": translator(
            "{Respondents} who do not use the internet were not asked; here they count as a no."
        ),
        "when": translator("Period: {period}."),
        "scaled": translator(
            "Scaled to the population, about {number} {respondents} ({low} to {high}).",
            number="{number}",
            low="{low}",
            high="{high}",
        ),
        "use_invented": translator("How many use the internet is invented for this simulation."),
        "bounds": translator(
            "Whatever those without an answer would have said, the range is no wider than {low} to "
            "{high} per cent."
        ),
        "possible_ranks": translator("Possible ranks: {ranks} of {count} (1 is the largest)."),
        "in_year": translator("{name} ({year})"),
        "change": translator(
            "From {before} to {after}: {difference} percentage points ({low} to {high}), {verdict}."
        ),
        "rose": translator("rose"),
        "fell": translator("fell"),
        "no clear change": translator("no clear change"),
        "no_change": translator("From {before} to {after}: {reason}."),
        "break": translator("not compared: something else was asked"),
        "hidden_change": translator("not shown"),
        "apart": translator("{name} is not compared with the others: {reason}."),
        "address": translator("Address of this number"),
        "made": translator("How this number was made"),
        "question": translator("Question"),
        "of_whom": translator("Base"),
        "period": translator("Period"),
        "missing": translator("Missing answers"),
        "interval": translator("{confidence} per cent interval"),
        "online": translator("Share of {respondents} who use the internet"),
        "online_share": translator("{share} per cent (source: {source})"),
        "file": translator("File"),
        "line": translator("{file}, line {line}"),
    }


def _translate_notes(translator: Translator[str]) -> dict[str, str]:
    return {
        "hidden": translator(
            "Not shown, or shown as a range alone: {count} of {all}. Not shown does not mean that "
            "nothing happened."
        ),
        "legend": translator("A dot is an estimate; its line is its range."),
        "legend_caution": translator(
            "Open marks and broken lines: less precise, interpret with caution."
        ),
        "legend_short": f"{SHORT}: {describe_short_interval(translator)}",
        "legend_apart": translator("Open squares: set apart, not to be compared."),
        "legend_bound": translator("Hatched: only a bound is printed."),
        "legend_protected": translator("Pale band: not shown, to protect those asked."),
        "legend_uncertain": translator("Broken frame: not shown, too uncertain."),
        "invented_in": translator(
            "How many use the internet is invented for this simulation: {names}."
        ),
        "invented_error": translator(
            "The intervals hold the error of the shares of {respondents} who use the internet; "
            "this error is invented for this simulation."
        ),
        "note_ranks": translator(
            "Possible ranks: the places that the data leave open, for all that are compared at "
            "once. 1 is the largest, {count} the smallest."
        ),
        "note_order": translator(
            "Ordered by the estimate. Most neighbours cannot be told apart: look at the possible "
            "ranks."
        ),
        "note_chance": translator(
            "Rows differ by chance as well. Differences are tested in the comparison, and not here."
        ),
        "note_silence": translator(
            "Some to whom it happened do not say so, in a survey either: the true share may be "
            "higher."
        ),
    }
