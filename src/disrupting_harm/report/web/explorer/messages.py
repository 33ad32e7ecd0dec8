"""The messages of the explorer, in the reader's language; its script fills the placeholders."""

from collections.abc import Sequence

from disrupting_harm.report.language.translator import Areas, Words
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY

_OF_SIMULATIONS = ("use_invented", "invented_in", "invented_error")
# Of shares of everyone, whether within reach of the survey or not.
_OF_EVERYONE = ("everyone", "offline", "unpublished", "online", "online_share", "online_invented",
                "scaled", *_OF_SIMULATIONS)  # fmt: skip


def messages_of(
    words: Words, config: Configuration, countries: Sequence[Country]
) -> dict[str, str]:
    """Return the messages for a study, whose numbers are annotated where they have addresses.

    Those that it does not need are empty.
    """
    found = messages(
        words,
        areas=config.study.areas,
        confidence=words.annotating().percent(config.estimation.confidence),
        coded=config.publication.disclosure.coded,
    )
    if not any(row.internet_use_rate is not None for row in countries):
        return found | dict.fromkeys(_OF_EVERYONE, "")
    # A page of real data does not speak of a simulation.
    return found if config.study.simulated else found | dict.fromkeys(_OF_SIMULATIONS, "")


def messages(words: Words, *, areas: Areas, confidence: str, coded: bool) -> dict[str, str]:
    """Return the messages by the names under which the script knows them.

    Args:
        words: the language.
        areas: what the rows of the countries file are.
        confidence: the level of the intervals in per cent, as printed.
        coded: whether a range tells where the estimate lies, and not where it must lie.
    """
    said = _controls(words) | _table(words) | _details(words) | _notes(words)
    said |= _areas(words, areas) | _ranges(words, coded) | _definitions(words)
    return {name: text.replace("{confidence}", confidence) for name, text in said.items()}


def _areas(words: Words, areas: Areas) -> dict[str, str]:
    if areas == "regions":
        return {
            "area": words("Region"),
            "areas": words("Regions"),
            "none_chosen": words("No region is chosen."),
        }
    return {
        "area": words("Country"),
        "areas": words("Countries"),
        "none_chosen": words("No country is chosen."),
    }


def _controls(words: Words) -> dict[str, str]:
    return {
        "choices": words("What is shown"),
        "indicator": words("Indicator"),
        "groups": words("Groups by"),
        "no_groups": words("No groups: everyone"),
        "share_of": words("Base"),
        "everyone": words("all {respondents} of that age, online or not"),
        "all": words("Choose all"),
        "none": words("Choose none"),
        "order": words("Order"),
        "by_name": words("by name"),
        "by_estimate": words("by estimate"),
        "ranks": words("Possible ranks"),
        "waves": words("Earlier surveys"),
        "more": words("More choices"),
        "download": words("Download what is shown (CSV)"),
        "print": words("Print"),
    }


def _table(words: Words) -> dict[str, str]:
    return {
        "chart": words("Chart"),
        "proportion": words("Per cent ({confidence} per cent interval)"),
        "mean": words("Mean ({confidence} per cent interval)"),
        "total": words("Total ({confidence} per cent interval)"),
        "n": words("n"),
        "keys": words("Choose a row to read more about it. The arrow keys go from row to row."),
        "ranks_to": words("Possible ranks, 1 to {count}"),
        "empty": words("No estimate is published for this choice."),
        SUPPRESS_DISCLOSURE: words("not shown, to protect respondents"),
        SUPPRESS_RELIABILITY: words("not shown, not reliable enough"),
        "not_asked": words("not asked"),
        "unpublished": words("not published for all {respondents}"),
        "set_apart": words("Not compared with the others"),
        "no_place": words("Without an estimate: no place in this order"),
        "online_invented": words("internet use: invented"),
        "caution": words("use with caution"),
        "review": words("use with caution"),
        "told_share": words(
            "{name}: {estimate} per cent, {confidence} per cent interval {low} to {high}."
        ),
        "told_mean": words("{name}: {estimate}, {confidence} per cent interval {low} to {high}."),
        "told_reason": words("{name}: {reason}."),
        "answers": words("Answers: {n}."),
        "caution_because": words("Use with caution: {reason}."),
        "changed": words("{title}. Rows: {count}."),
    }


def _ranges(words: Words, coded: bool) -> dict[str, str]:
    why = {"range": words("a range alone, to protect respondents")}
    if coded:
        return why | {
            "below": words("by the estimate fewer than {limit} per cent"),
            "above": words("by the estimate more than {limit} per cent"),
        }
    return why | {
        "below": words("fewer than {limit} per cent"),
        "above": words("more than {limit} per cent"),
    }


def _definitions(words: Words) -> dict[str, str]:
    """Return what many indicators share: periods, and how missing answers count."""
    return {
        "recall_none": "",
        "recall_past_year": words("in the past year"),
        "recall_past_three_months": words("in the past three months"),
        "recall_lifetime": words("in life so far"),
        "recall_last_time": words("the last time it happened"),
        "missing_no": words("“Don't know” counts as no; other missing answers are left out."),
        "missing_missing": words("“Don't know” and other missing answers are left out."),
        # Of indicators that are made of several others.
        "missing_imputed": words(
            "Who answered only some of the questions, and none with yes, counts with the share of "
            "yes among those who gave the same other answers."
        ),
        "missing_unless_yes_missing": words(
            "Who answered only some of the questions, and none with yes, is left out."
        ),
        "missing_complete": words("Who answered only some of the questions is left out."),
        "missing_known_parts": words(
            "Who answered only some of the questions, and none with yes, counts as no."
        ),
    }


def _details(words: Words) -> dict[str, str]:
    return {
        "about": words("About the chosen row"),
        "base": words("Base: {base}."),
        "offline": words(
            "{Respondents} who do not use the internet were not asked; here they count as a no."
        ),
        "when": words("Period: {period}."),
        "scaled": words(
            "Scaled to the population, about {number} {respondents} ({low} to {high}).",
            number="{number}",
            low="{low}",
            high="{high}",
        ),
        "use_invented": words("How many use the internet is invented for this simulation."),
        "bounds": words(
            "Allowing for chance and for whatever those without an answer would have said, it may "
            "be anywhere from {low} to {high} per cent."
        ),
        "possible_ranks": words("Possible ranks: {ranks} of {count} (1 is the largest)."),
        "silence": words(
            "Possible ranks if up to {share} per cent of those to whom it happened kept silent: "
            "{ranks} of {count}."
        ),
        "in_year": words("{name} ({year})"),
        "change": words(
            "From {before} to {after}: {difference} percentage points ({low} to {high}), {verdict}."
        ),
        "rose": words("rose"),
        "fell": words("fell"),
        "no clear change": words("no clear change"),
        "no_change": words("From {before} to {after}: {reason}."),
        "break": words("not compared: something else was asked"),
        "hidden_change": words("not shown"),
        "apart": words("{name} is not compared with the others: {reason}."),
        "address": words("Address of this number"),
        "made": words("How this number was made"),
        "question": words("Question"),
        "of_whom": words("Base"),
        "period": words("Period"),
        "missing": words("Missing answers"),
        "interval": words("{confidence} per cent interval"),
        "online": words("Share of {respondents} who use the internet"),
        "online_share": words("{share} per cent (source: {source})"),
        "file": words("File"),
        "line": words("{file}, line {line}"),
        "command": words("To learn more"),
    }


def _notes(words: Words) -> dict[str, str]:
    return {
        "hidden": words(
            "Not shown, or shown as a range alone: {count} of {all}. Not shown does not mean that "
            "nothing happened."
        ),
        "legend": words("A dot is an estimate; its line holds the values that fit the answers."),
        "legend_caution": words(
            "Open marks and broken lines: less precise, interpret with caution."
        ),
        "legend_apart": words("Open squares: set apart, not to be compared."),
        "legend_bound": words("Hatched: only a bound is printed."),
        "legend_protected": words("Pale band: not shown, to protect those asked."),
        "legend_uncertain": words("Broken frame: not shown, too uncertain."),
        "invented_in": words("How many use the internet is invented for this simulation: {names}."),
        "invented_error": words(
            "The intervals hold the error of the shares of {respondents} who use the internet; "
            "this error is invented for this simulation."
        ),
        "note_ranks": words(
            "Possible ranks: the places that the data leave open, for all that are compared at "
            "once. 1 is the largest, {count} the smallest."
        ),
        "note_order": words(
            "Ordered by the estimate. Most neighbours cannot be told apart: look at the possible "
            "ranks."
        ),
        "note_chance": words(
            "Rows differ by chance as well. Differences are tested in the comparison, and not here."
        ),
        "note_silence": words(
            "Some to whom it happened do not say so, in a survey either: the true share may be "
            "higher."
        ),
    }
