"""Countries that a figure of the comparison leaves out, by name, and why."""

from collections.abc import Iterable, Sequence

from disrupting_harm.report.figures.comparison.context import IndicatorComparison, NotDrawn
from disrupting_harm.report.figures.estimate_chart import WITHOUT_NUMBER
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED, SUPPRESS_DISCLOSURE


def nothing_shown(case: IndicatorComparison) -> NotDrawn:
    """Return the reason why a figure of estimates that needs a comparable one is not drawn."""
    if (case.prevalence["status"] == NOT_ASKED).all():
        return NotDrawn(case.translator("The survey did not ask what this figure would show."))
    if case.prevalence["status"].isin(WITHOUT_NUMBER).all():
        return NotDrawn(case.translator("No estimate of this figure can be published."))
    return NotDrawn(case.translator("No published estimate can be compared."))


def not_drawn(case: IndicatorComparison, drawn: Iterable[str]) -> list[str]:
    """Return sentences that name the countries without a place in a figure, and why."""
    return [*hidden_sentence(case, drawn), *apart_sentence(case), *unasked_sentence(case)]


def hidden_sentence(case: IndicatorComparison, present: Iterable[str] = ()) -> list[str]:
    """Return the sentence that names comparable countries without a published estimate."""
    left = case.alphabetical(set(case.hidden) - set(present))
    bounded = [code for code in left if case.bound(code)]
    unknown = [code for code in left if not case.bound(code)]
    sentences = []
    if bounded:
        sentences.append(
            case.translator("Only a bound is printed: {countries}.", countries=case.signed(bounded))
        )
    if unknown:
        sentences.append(case.translator("Not shown: {countries}.", countries=case.signed(unknown)))
    return sentences


def counted_by_bound(case: IndicatorComparison) -> list[str]:
    """Return the sentence on hidden countries, of which averages are ranges; empty without any."""
    if not case.hidden:
        return []
    return [
        case.translator(
            "Bar of an average: where it lies, as the estimate of {countries} is not printed.",
            countries=case.signed(case.hidden),
        )
    ]


def unasked_sentence(case: IndicatorComparison) -> list[str]:
    """Return the sentence that names the countries whose survey did not ask it, if any."""
    if not case.unasked:
        return []
    return [case.translator("Not asked in: {countries}.", countries=case.listed(case.unasked))]


def apart_sentence(case: IndicatorComparison) -> list[str]:
    """Return the sentence that names the incomparable countries, if any."""
    if not case.apart:
        return []
    return [case.translator("Not comparable: {countries}.", countries=case.listed(case.apart))]


def untested_sentences(
    case: IndicatorComparison, lacking: Sequence[tuple[str, tuple[str, str]]], domain: str
) -> list[str]:
    """Return why a gap between two groups is not tested in some countries.

    The table of gaps has no row where a share is hidden, and none where a country has nobody of a
    group: which of the two it was, the public estimates of the groups say, where they are at hand.

    Args:
        case: the indicator in all countries.
        lacking: country and the two groups of each gap without a test.
        domain: what the groups are levels of.
    """
    if not lacking:
        return []
    statuses, translator = _statuses(case, domain), case.translator
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
                countries=case.listed(private),
            )
        )
    if unsure:
        said.append(
            translator(
                "Not tested, as a group's share is too uncertain: {countries}.",
                countries=case.listed(unsure),
            )
        )
    return said


def _statuses(case: IndicatorComparison, domain: str) -> dict[tuple[str, str], str]:
    """Return why the share of a group is shown or not, by country and group."""
    groups = case.table("groups")
    if groups is None:
        return {}
    own = groups[groups["domain"] == domain]
    keys = zip(own["country"], own["level"], strict=True)
    return dict(zip(keys, own["status"], strict=True))
