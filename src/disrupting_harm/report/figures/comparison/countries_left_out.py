"""Countries that a figure of the comparison leaves out, by name, and why."""

from collections.abc import Iterable, Sequence

from disrupting_harm.report.figures.comparison.indicator_comparison import (
    IndicatorComparison,
    NotDrawn,
)
from disrupting_harm.report.figures.estimate_chart import WITHOUT_NUMBER
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED, SUPPRESS_DISCLOSURE


def explain_nothing_published(comparison: IndicatorComparison) -> NotDrawn:
    """Return the reason why a figure of estimates that needs a comparable one is not drawn."""
    if (comparison.prevalence["status"] == NOT_ASKED).all():
        return NotDrawn(
            comparison.translator("The survey did not ask what this figure would show.")
        )
    if comparison.prevalence["status"].isin(WITHOUT_NUMBER).all():
        return NotDrawn(comparison.translator("No estimate of this figure can be published."))
    return NotDrawn(comparison.translator("No published estimate can be compared."))


def list_left_out(comparison: IndicatorComparison, drawn_countries: Iterable[str]) -> list[str]:
    """Return sentences that name the countries that a figure leaves out, and why."""
    translator, sentences = comparison.translator, []
    undrawn = comparison.hidden - set(drawn_countries)
    if bounded := undrawn & comparison.bounded:
        names = comparison.list_with_bounds(bounded)
        sentences.append(translator("Only a bound is printed: {countries}.", countries=names))
    if unknown := undrawn - bounded:
        names = comparison.list_names(unknown)
        sentences.append(translator("Not shown: {countries}.", countries=names))
    return [*sentences, *list_not_compared(comparison)]


def list_not_compared(comparison: IndicatorComparison) -> list[str]:
    """Return sentences that name countries that are not comparable, or did not ask it."""
    translator, sentences = comparison.translator, []
    if comparison.incomparable:
        names = comparison.list_names(comparison.incomparable)
        sentences.append(translator("Not comparable: {countries}.", countries=names))
    if comparison.unasked:
        names = comparison.list_names(comparison.unasked)
        sentences.append(translator("Not asked in: {countries}.", countries=names))
    return sentences


def note_averages_by_bound(comparison: IndicatorComparison) -> list[str]:
    """Return the sentence on hidden countries, of which averages are ranges; empty without any."""
    if not comparison.hidden:
        return []
    return [
        comparison.translator(
            "Bar of an average: where it lies, as the estimate of {countries} is not printed.",
            countries=comparison.list_with_bounds(comparison.hidden),
        )
    ]


def explain_untested_gaps(
    comparison: IndicatorComparison, lacking: Sequence[tuple[str, tuple[str, str]]], domain: str
) -> list[str]:
    """Return why a gap between two groups is not tested in some countries.

    The table of gaps has no row where a share is hidden, and none where a country has nobody of a
    group: which of the two it was, the public estimates of the groups say, where they are at hand.

    Args:
        lacking: country and the two groups of each gap without a test.
        domain: what the groups are levels of.
    """
    if not lacking:
        return []
    statuses, translator = _read_group_statuses(comparison, domain), comparison.translator
    private, unsure = set(), set()
    for code, pair in lacking:
        statuses_of_pair = {statuses.get((code, level)) for level in pair}
        if SUPPRESS_DISCLOSURE in statuses_of_pair:
            private.add(code)
        elif statuses_of_pair & set(HIDDEN_STATUSES):
            unsure.add(code)
        else:
            return [
                translator(
                    "Not tested where the share of a group is not shown, or nobody of it was asked."
                )
            ]
    sentences = []
    if private:
        sentences.append(
            translator(
                "Not tested, to protect those who answered: {countries}.",
                countries=comparison.list_names(private),
            )
        )
    if unsure:
        sentences.append(
            translator(
                "Not tested, as a group's share is too uncertain: {countries}.",
                countries=comparison.list_names(unsure),
            )
        )
    return sentences


def _read_group_statuses(
    comparison: IndicatorComparison, domain: str
) -> dict[tuple[str, str], str]:
    """Return why the share of a group is shown or not, by country and group."""
    groups = comparison.find_table("groups")
    if groups is None:
        return {}
    rows_of_domain = groups[groups["domain"] == domain]
    keys = zip(rows_of_domain["country"], rows_of_domain["level"], strict=True)
    return dict(zip(keys, rows_of_domain["status"], strict=True))
