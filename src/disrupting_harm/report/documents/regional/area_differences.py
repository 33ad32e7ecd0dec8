"""The question whether areas differ: tested pairs, and who may be the highest or the lowest."""

from collections.abc import Sequence

from disrupting_harm.report.documents.regional.headline_indicator import (
    NOTHING,
    Answer,
    HeadlineIndicator,
)
from disrupting_harm.report.documents.regional.silence_and_differences import (
    describe_silence_limit,
    describe_tipping_of_pair,
)
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.order_claims import (
    HIGHEST,
    LOWEST,
    METHOD,
    SCOPE,
    find_sole_extremes,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.rows import PublicRow

FLAG_OF_EXTREME = {HIGHEST: "may_be_highest", LOWEST: "may_be_lowest"}
RANK_SET_KEYS = (f"method:{METHOD}", f"scope:{SCOPE}")


def answer_whether_areas_differ(
    headline: HeadlineIndicator,
    founded: set[str],
    alpha: Markdown,
    all_tests: Markdown = NOTHING,
) -> Answer:
    """Return the answer, from tests of all pairs and simultaneous rank sets.

    Args:
        founded: gets the sentences that call one area the highest or lowest.
        alpha: the level of the tests in per cent.
        all_tests: what holds of the tests of all indicators together.
    """
    translator = headline.translator
    pairs = headline.rows("pairwise")
    rank_sets = headline.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(pairs) == 1:
        opening = _describe_only_pair(headline, pairs[0])
        rule = "pair"
    elif pairs:
        opening, rule = _describe_pairs(headline, pairs), "pairs"
    else:
        opening = translator("That cannot be said: fewer than two {areas} can be compared.")
        rule = "none"
    extremes = _describe_extremes(headline, rank_sets, founded) if len(rank_sets) > 2 else {}
    paragraphs = describe_tipping_of_pair(headline.wording, pairs[0]) if len(pairs) == 1 else []
    if pairs and len(pairs) > 1 and any(row["clear"] != "True" for row in pairs):
        paragraphs.append(translator("For the others the order is open."))
    if extremes:
        # Whom the surveys do tell stands first: the last sentence is on all others.
        paragraphs += sorted(extremes.values(), key=lambda sentence: str(sentence) not in founded)
        if any(str(sentence) not in founded for sentence in extremes.values()):
            paragraphs.append(translator("The surveys cannot tell which."))
    # Beside those who may be last: a country that is hidden may lie beyond them.
    paragraphs += describe_unranked(headline)
    if extremes:
        paragraphs += _describe_silence_limits(headline, rank_sets)
    paragraphs += _describe_surviving_orders(headline)
    return Answer(
        "differ",
        translator("Do {areas} differ?"),
        opening,
        rule,
        f"{headline.address_of_rows('pairwise')}, "
        f"{headline.address_of_rows('rank_sets', *RANK_SET_KEYS)}",
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (f"comparison-{headline.indicator}",),
        sure=join_sentences(
            [
                translator(
                    "**How sure?** If all {areas} were alike, up to {alpha} of 100 such studies "
                    "would still find two that differ.",
                    alpha=alpha,
                ),
                all_tests,
                translator("Two {areas} may differ although no test finds it."),
            ]
        ),
        margin=(
            translator(
                "**Tested:** all pairs at once, at {alpha} per cent (Holm). Pairs and ranks are in "
                "the data book.",
                alpha=alpha,
            ),
        ),
    )


def describe_extreme(
    headline: HeadlineIndicator, rank_sets: Sequence[PublicRow], word: str, founded: set[str]
) -> Markdown:
    """Return who may be the highest, or the lowest, as far as the rank sets tell.

    Args:
        rank_sets: its simultaneous rank sets.
        word: ``highest`` or ``lowest``.
        founded: gets the sentence where it calls one area so.
    """
    translator = headline.translator
    flag = FLAG_OF_EXTREME[word]
    possible = [row for row in rank_sets if row[flag] == "True"]
    alone = find_sole_extremes(rank_sets, headline.indicator).get(word)
    if alone and headline.hidden:
        # Estimates are hidden where almost nobody, or almost everybody, said yes: the first or last
        # of all may be one of them.
        return translator(
            "Of the {m} {areas} with an estimate to compare, {country} alone may be the "
            + word
            + ".",
            m=headline.ranked(),
            country=headline.wording.in_text(alone),
        )
    if alone:
        sentence = translator(
            "{country} has the " + word + " share of the {areas} compared.",
            country=headline.wording.country_at_head(alone),
        )
        founded.add(str(sentence))
        return sentence
    values = {
        "n": headline.count(possible, "rank_sets", *RANK_SET_KEYS, f"{flag}:True"),
        "m": headline.ranked(),
    }
    if len(possible) > len(rank_sets) / 2:
        return translator(
            "{n} of the {m} {areas} with an estimate may be the " + word + ".", **values
        )
    names = headline.wording.countries([row["country"] for row in possible])
    return translator(
        "{n} of the {m} {areas} with an estimate may be the " + word + ": {countries}.",
        countries=names,
        **values,
    )


def describe_unranked(headline: HeadlineIndicator) -> list[Markdown]:
    """Return who has no rank: those with a printed bound, then those who may be anywhere.

    Almost nobody, or almost everybody, said yes where a bound is printed: such an area may lie
    beyond all that have a rank, at the end to which its bound points.
    """
    translator, wording = headline.translator, headline.wording
    bounds = {code: wording.bound(headline.indicator, code) for code in headline.hidden}
    unknown = [code for code, bound in bounds.items() if not bound]
    sentences = []
    for is_below, message in (
        (
            True,
            "{countries} may be lower still: only a bound is printed.",
        ),
        (
            False,
            "{countries} may be higher still: only a bound is printed.",
        ),
    ):
        bounded = [
            translator("{country} ({bound})", country=wording.in_text(code), bound=bound)
            for code, bound in bounds.items()
            if bound and wording.is_below(headline.indicator, code) is is_below
        ]
        if bounded:
            sentences.append(translator(message, countries=translator.enumeration(sorted(bounded))))
    if unknown:
        sentences.append(
            translator(
                "Not shown, and possibly anywhere: {countries}.",
                countries=wording.countries(unknown),
            )
        )
    return sentences


def _describe_pairs(headline: HeadlineIndicator, pairs: Sequence[PublicRow]) -> Markdown:
    translator = headline.translator
    clear = [row for row in pairs if row["clear"] == "True"]
    values = {
        "clear": headline.count(clear, "pairwise", "clear:True"),
        "pairs": headline.count(pairs, "pairwise"),
    }
    if not clear:
        return translator("Of {pairs} pairs of {areas}, none differs clearly.", **values)
    if len(clear) == len(pairs):
        return translator("All {pairs} pairs of {areas} differ clearly.", **values)
    return translator("Of {pairs} pairs of {areas}, {clear} differ clearly.", **values)


def _describe_only_pair(headline: HeadlineIndicator, row: PublicRow) -> Markdown:
    """Return the difference of the only two areas that can be compared, in points."""
    a, b = (headline.wording.country(row[name]) for name in ("country_a", "country_b"))
    return describe_difference(headline.wording, row, a, b)


def describe_difference(
    wording: ComparisonFormatter, row: PublicRow, a: Markdown, b: Markdown
) -> Markdown:
    """Return the difference of two shares in points, and whether its test bears it."""
    difference, interval = wording.points(row)
    message = (
        "{a} less {b}: {difference} percentage points ({interval}); they differ."
        if row["clear"] == "True"
        else "{a} less {b}: {difference} percentage points ({interval}); that they differ is not "
        "shown."
    )
    return wording.translator(
        message,
        a=a,
        b=b,
        difference=difference,
        interval=interval,
    )


def _describe_extremes(
    headline: HeadlineIndicator, rank_sets: Sequence[PublicRow], founded: set[str]
) -> dict[str, Markdown]:
    return {word: describe_extreme(headline, rank_sets, word, founded) for word in FLAG_OF_EXTREME}


def _describe_silence_limits(
    headline: HeadlineIndicator, rank_sets: Sequence[PublicRow]
) -> list[Markdown]:
    """Return how much silence one area alone at an end stands up to."""
    if headline.hidden:
        return []
    countries_by_extreme = find_sole_extremes(rank_sets, headline.indicator)
    return [
        sentence
        for word, country in countries_by_extreme.items()
        for sentence in describe_silence_limit(headline.wording, headline.indicator, country, word)
    ]


def _describe_surviving_orders(headline: HeadlineIndicator) -> list[Markdown]:
    """Return how many orders survive the worst case of missing answers."""
    if not headline.rows("bound_pairs"):
        return []
    survive = headline.rows("bound_pairs", survives="True")
    return [
        headline.translator(
            "{survive} of the pairs would differ even if all without an answer had said yes in one "
            "{area} and no in the other.",
            survive=headline.count(survive, "bound_pairs", "survives:True"),
        )
    ]
