"""Countries that a figure of the comparison leaves out, by name, and why."""

from collections.abc import Iterable, Sequence

from disrupting_harm.report.figures.comparison.context import IndicatorComparison, NotDrawn
from disrupting_harm.report.figures.estimate_chart import WITHOUT_NUMBER
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED, SUPPRESS_DISCLOSURE


def nothing_shown(comparison: IndicatorComparison) -> NotDrawn:
    """Return the reason why a figure of estimates that needs a comparable one is not drawn."""
    if (comparison.prevalence["status"] == NOT_ASKED).all():
        return NotDrawn(
            comparison.translator("The survey did not ask what this figure would show.")
        )
    if comparison.prevalence["status"].isin(WITHOUT_NUMBER).all():
        return NotDrawn(comparison.translator("No estimate of this figure can be published."))
    return NotDrawn(comparison.translator("No published estimate can be compared."))


def not_drawn(comparison: IndicatorComparison, drawn: Iterable[str]) -> list[str]:
    """Return sentences that name the countries without a place in a figure, and why."""
    return [
        *hidden_sentence(comparison, drawn),
        *apart_sentence(comparison),
        *unasked_sentence(comparison),
    ]


def hidden_sentence(comparison: IndicatorComparison, present: Iterable[str] = ()) -> list[str]:
    """Return the sentence that names comparable countries without a published estimate."""
    left = comparison.alphabetical(set(comparison.hidden) - set(present))
    bounded = [code for code in left if comparison.bound(code)]
    unknown = [code for code in left if not comparison.bound(code)]
    sentences = []
    if bounded:
        sentences.append(
            comparison.translator(
                "Only a bound is printed: {countries}.", countries=comparison.signed(bounded)
            )
        )
    if unknown:
        sentences.append(
            comparison.translator("Not shown: {countries}.", countries=comparison.signed(unknown))
        )
    return sentences


def counted_by_bound(comparison: IndicatorComparison) -> list[str]:
    """Return the sentence on hidden countries, of which averages are ranges; empty without any."""
    if not comparison.hidden:
        return []
    return [
        comparison.translator(
            "Bar of an average: where it lies, as the estimate of {countries} is not printed.",
            countries=comparison.signed(comparison.hidden),
        )
    ]


def unasked_sentence(comparison: IndicatorComparison) -> list[str]:
    """Return the sentence that names the countries whose survey did not ask it, if any."""
    if not comparison.unasked:
        return []
    return [
        comparison.translator(
            "Not asked in: {countries}.", countries=comparison.listed(comparison.unasked)
        )
    ]


def apart_sentence(comparison: IndicatorComparison) -> list[str]:
    """Return the sentence that names the incomparable countries, if any."""
    if not comparison.apart:
        return []
    return [
        comparison.translator(
            "Not comparable: {countries}.", countries=comparison.listed(comparison.apart)
        )
    ]


def untested_sentences(
    comparison: IndicatorComparison, lacking: Sequence[tuple[str, tuple[str, str]]], domain: str
) -> list[str]:
    """Return why a gap between two groups is not tested in some countries.

    The table of gaps has no row where a share is hidden, and none where a country has nobody of a
    group: which of the two it was, the public estimates of the groups say, where they are at hand.

    Args:
        comparison: the indicator in all countries.
        lacking: country and the two groups of each gap without a test.
        domain: what the groups are levels of.
    """
    if not lacking:
        return []
    statuses, translator = _statuses(comparison, domain), comparison.translator
    private, unsure = set(), set()
    for code, pair in lacking:
        found = {statuses.get((code, level)) for level in pair}
        if SUPPRESS_DISCLOSURE in found:
            private.add(code)
        elif found & set(HIDDEN_STATUSES):
            unsure.add(code)
        else:
            return [
                translator(
                    "Not tested where the share of a group is not shown, or nobody of it was asked."
                )
            ]
    said = []
    if private:
        said.append(
            translator(
                "Not tested, to protect those who answered: {countries}.",
                countries=comparison.listed(private),
            )
        )
    if unsure:
        said.append(
            translator(
                "Not tested, as a group's share is too uncertain: {countries}.",
                countries=comparison.listed(unsure),
            )
        )
    return said


def _statuses(comparison: IndicatorComparison, domain: str) -> dict[tuple[str, str], str]:
    """Return why the share of a group is shown or not, by country and group."""
    groups = comparison.table("groups")
    if groups is None:
        return {}
    own = groups[groups["domain"] == domain]
    keys = zip(own["country"], own["level"], strict=True)
    return dict(zip(keys, own["status"], strict=True))
