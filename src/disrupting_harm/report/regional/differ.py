"""The question whether areas differ: tested pairs, and who may be the highest or the lowest."""

from collections.abc import Sequence

from disrupting_harm.report.claims import HIGHEST, LOWEST, METHOD, SCOPE, sole_extremes
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.regional import silence
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import Wording

FLAGS = {HIGHEST: "may_be_highest", LOWEST: "may_be_lowest"}
RANKED = (f"method:{METHOD}", f"scope:{SCOPE}")


def differ(subject: Subject, founded: set[str], alpha: Markdown) -> Answer:
    """Return the answer, from tests of all pairs and simultaneous rank sets.

    Args:
        subject: the indicator.
        founded: gets the sentences that call one area the highest or lowest.
        alpha: the level of the tests in per cent.
    """
    text = subject.text
    pairs = subject.rows("pairwise")
    sets = subject.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(pairs) == 1:
        first = _only_pair(subject, pairs[0])
        rule = "pair"
    elif pairs:
        first, rule = _pairs(subject, pairs), "pairs"
    else:
        first = text("That cannot be said: fewer than two {areas} can be compared.")
        rule = "none"
    extremes = _extremes(subject, sets, founded) if len(sets) > 2 else {}
    paragraphs = silence.of_pair(subject.wording, pairs[0]) if len(pairs) == 1 else []
    if extremes:
        paragraphs.append(extremes[LOWEST])
        paragraphs += _named(subject, sets)
    # Beside those who may be last: a country that is hidden may lie beyond them.
    paragraphs += not_ranked(subject)
    if extremes:
        paragraphs += _until(subject, sets)
    paragraphs += _survive(subject)
    return Answer(
        "differ",
        text("Do {areas} differ?"),
        Markdown(" ".join([first, *([extremes[HIGHEST]] if extremes else [])])),
        rule,
        f"{subject.where('pairwise')}, {subject.where('rank_sets', *RANKED)}",
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (f"comparison-{subject.indicator}",),
        sure=text(
            "**How sure?** A difference that the tests find is hardly chance. Elsewhere the order "
            "is open; nor is it shown that two {areas} are equal."
        ),
        margin=(
            text(
                "**Tested:** all pairs at once, at {alpha} per cent (Holm). Ranks: annex.",
                alpha=alpha,
            ),
            *(
                (text("**Set apart:** {names}.", names=subject.wording.countries(subject.apart)),)
                if subject.apart
                else ()
            ),
        ),
    )


def extreme(subject: Subject, sets: Sequence[Row], word: str, founded: set[str]) -> Markdown:
    """Return who may be the highest, or the lowest, as far as the rank sets tell.

    Args:
        subject: the indicator.
        sets: its simultaneous rank sets.
        word: ``highest`` or ``lowest``.
        founded: gets the sentence where it calls one area so.
    """
    text = subject.text
    flag = FLAGS[word]
    possible = [row for row in sets if row[flag] == "True"]
    alone = sole_extremes(sets, subject.indicator).get(word)
    if alone and subject.hidden:
        # Estimates are hidden where almost nobody, or almost everybody, said yes: the first or last
        # of all may be one of them.
        return text(
            "Of the {m} {areas} with an estimate to compare, {country} alone may be the "
            + word
            + ".",
            m=subject.ranked(),
            country=subject.wording.in_text(alone),
        )
    if alone:
        sentence = text(
            "{country} has the " + word + " share of the {areas} compared.",
            country=subject.wording.first(alone),
        )
        founded.add(str(sentence))
        return sentence
    n = subject.count(possible, "rank_sets", *RANKED, f"{flag}:True")
    if subject.hidden:
        return text(
            "Of the {m} {areas} with an estimate to compare, any of {n} may be the " + word + ".",
            m=subject.ranked(),
            n=n,
        )
    return text("Any of {n} {areas} may be the " + word + ".", n=n)


def not_ranked(subject: Subject) -> list[Markdown]:
    """Return who has no rank: those with a printed bound, then those who may be anywhere.

    Almost nobody, or almost everybody, said yes where a bound is printed: such an area may lie
    beyond all that have a rank, at the end to which its bound points.
    """
    text, wording = subject.text, subject.wording
    bounds = {code: wording.bound(subject.indicator, code) for code in subject.hidden}
    unknown = [code for code, bound in bounds.items() if not bound]
    sentences = []
    for below, message in (
        (
            True,
            "Without a rank, as only a bound is printed, and possibly lower still: {countries}.",
        ),
        (
            False,
            "Without a rank, as only a bound is printed, and possibly higher still: {countries}.",
        ),
    ):
        bounded = [
            text("{country} ({bound})", country=wording.in_text(code), bound=bound)
            for code, bound in bounds.items()
            if bound and wording.is_below(subject.indicator, code) is below
        ]
        if bounded:
            sentences.append(text(message, countries=text.enumeration(sorted(bounded))))
    if unknown:
        sentences.append(
            text(
                "Not shown, and possibly anywhere: {countries}.",
                countries=wording.countries(unknown),
            )
        )
    return sentences


def _pairs(subject: Subject, pairs: Sequence[Row]) -> Markdown:
    text = subject.text
    clear = [row for row in pairs if row["clear"] == "True"]
    values = {
        "clear": subject.count(clear, "pairwise", "clear:True"),
        "pairs": subject.count(pairs, "pairwise"),
    }
    if not clear:
        return text("Not clearly: none of the {pairs} pairs of {areas} differs.", **values)
    if len(clear) == len(pairs):
        return text("Yes: all of the {pairs} pairs of {areas} differ clearly.", **values)
    return text("In part: {clear} of the {pairs} pairs of {areas} differ clearly.", **values)


def _only_pair(subject: Subject, row: Row) -> Markdown:
    """Return the difference of the only two areas that can be compared, in points."""
    a, b = (subject.wording.country(row[name]) for name in ("country_a", "country_b"))
    return difference_said(subject.wording, row, a, b)


def difference_said(wording: Wording, row: Row, a: Markdown, b: Markdown) -> Markdown:
    """Return the difference of two shares in points, and whether its test bears it."""
    difference, interval = wording.points(row)
    message = (
        "{a} less {b}: {difference} percentage points ({interval}); they differ."
        if row["clear"] == "True"
        else "{a} less {b}: {difference} percentage points ({interval}); that they differ is not "
        "shown."
    )
    return wording.text(
        message,
        a=a,
        b=b,
        difference=difference,
        interval=interval,
    )


def _extremes(subject: Subject, sets: Sequence[Row], founded: set[str]) -> dict[str, Markdown]:
    return {word: extreme(subject, sets, word, founded) for word in FLAGS}


def _named(subject: Subject, sets: Sequence[Row]) -> list[Markdown]:
    """Return the names of those who may be first and last, where they are few."""
    text = subject.text
    parts = []
    for word, message in (
        (HIGHEST, "May be first: {countries}."),
        (LOWEST, "May be last: {countries}."),
    ):
        codes = [row["country"] for row in sets if row[FLAGS[word]] == "True"]
        if 1 < len(codes) <= len(sets) / 2:
            parts.append(text(message, countries=subject.wording.countries(codes)))
    return parts


def _until(subject: Subject, sets: Sequence[Row]) -> list[Markdown]:
    """Return how much silence one area alone at an end stands up to."""
    if subject.hidden:
        return []
    found = sole_extremes(sets, subject.indicator)
    return [
        sentence
        for word, country in found.items()
        for sentence in silence.alone_until(subject.wording, subject.indicator, country, word)
    ]


def _survive(subject: Subject) -> list[Markdown]:
    """Return how many orders survive the worst case of missing answers."""
    if not subject.rows("bound_pairs"):
        return []
    survive = subject.rows("bound_pairs", survives="True")
    return [
        subject.text(
            "{survive} pairs differ whatever those without a valid answer would have said.",
            survive=subject.count(survive, "bound_pairs", "survives:True"),
        )
    ]
