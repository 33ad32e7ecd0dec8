"""The question whether groups within areas differ: gaps tested in each area, one kind at a time."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import whole_number_of, without_sign
from disrupting_harm.report.documents.regional import nonresponse
from disrupting_harm.report.documents.regional.one_question import Answer, HeadlineIndicator
from disrupting_harm.report.findings.order_claims import (
    HIGHEST,
    LOWEST,
    METHOD,
    SCOPE,
    sole_extremes,
)
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import inside
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.comparison_results import Row
from disrupting_harm.report.reading.gap_rows import keys_of_groups, kinds_of, widest_open

# The question whether areas differ: tested pairs, and who may be the highest or the lowest.


FLAGS = {HIGHEST: "may_be_highest", LOWEST: "may_be_lowest"}
RANKED = (f"method:{METHOD}", f"scope:{SCOPE}")


def differ(subject: HeadlineIndicator, founded: set[str], alpha: Markdown) -> Answer:
    """Return the answer, from tests of all pairs and simultaneous rank sets.

    Args:
        founded: gets the sentences that call one area the highest or lowest.
        alpha: the level of the tests in per cent.
    """
    translator = subject.translator
    pairs = subject.rows("pairwise")
    sets = subject.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(pairs) == 1:
        first = _only_pair(subject, pairs[0])
        rule = "pair"
    elif pairs:
        first, rule = _pairs(subject, pairs), "pairs"
    else:
        first = translator("That cannot be said: fewer than two {areas} can be compared.")
        rule = "none"
    extremes = _extremes(subject, sets, founded) if len(sets) > 2 else {}
    paragraphs = nonresponse.of_pair(subject.wording, pairs[0]) if len(pairs) == 1 else []
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
        translator("Do {areas} differ?"),
        Markdown(" ".join([first, *([extremes[HIGHEST]] if extremes else [])])),
        rule,
        f"{subject.where('pairwise')}, {subject.where('rank_sets', *RANKED)}",
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (f"comparison-{subject.indicator}",),
        sure=translator(
            "**How sure?** A difference that the tests find is hardly chance. Elsewhere the order "
            "is open; nor is it shown that two {areas} are equal."
        ),
        margin=(
            translator(
                "**Tested:** all pairs at once, at {alpha} per cent (Holm). Ranks: annex.",
                alpha=alpha,
            ),
            *(
                (
                    translator(
                        "**Set apart:** {names}.", names=subject.wording.countries(subject.apart)
                    ),
                )
                if subject.apart
                else ()
            ),
        ),
    )


def extreme(
    subject: HeadlineIndicator, sets: Sequence[Row], word: str, founded: set[str]
) -> Markdown:
    """Return who may be the highest, or the lowest, as far as the rank sets tell.

    Args:
        sets: its simultaneous rank sets.
        word: ``highest`` or ``lowest``.
        founded: gets the sentence where it calls one area so.
    """
    translator = subject.translator
    flag = FLAGS[word]
    possible = [row for row in sets if row[flag] == "True"]
    alone = sole_extremes(sets, subject.indicator).get(word)
    if alone and subject.hidden:
        # Estimates are hidden where almost nobody, or almost everybody, said yes: the first or last
        # of all may be one of them.
        return translator(
            "Of the {m} {areas} with an estimate to compare, {country} alone may be the "
            + word
            + ".",
            m=subject.ranked(),
            country=subject.wording.in_text(alone),
        )
    if alone:
        sentence = translator(
            "{country} has the " + word + " share of the {areas} compared.",
            country=subject.wording.first(alone),
        )
        founded.add(str(sentence))
        return sentence
    n = subject.count(possible, "rank_sets", *RANKED, f"{flag}:True")
    if subject.hidden:
        return translator(
            "Of the {m} {areas} with an estimate to compare, any of {n} may be the " + word + ".",
            m=subject.ranked(),
            n=n,
        )
    return translator("Any of {n} {areas} may be the " + word + ".", n=n)


def not_ranked(subject: HeadlineIndicator) -> list[Markdown]:
    """Return who has no rank: those with a printed bound, then those who may be anywhere.

    Almost nobody, or almost everybody, said yes where a bound is printed: such an area may lie
    beyond all that have a rank, at the end to which its bound points.
    """
    translator, wording = subject.translator, subject.wording
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
            translator("{country} ({bound})", country=wording.in_text(code), bound=bound)
            for code, bound in bounds.items()
            if bound and wording.is_below(subject.indicator, code) is below
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


def _pairs(subject: HeadlineIndicator, pairs: Sequence[Row]) -> Markdown:
    translator = subject.translator
    clear = [row for row in pairs if row["clear"] == "True"]
    values = {
        "clear": subject.count(clear, "pairwise", "clear:True"),
        "pairs": subject.count(pairs, "pairwise"),
    }
    if not clear:
        return translator("Not clearly: none of the {pairs} pairs of {areas} differs.", **values)
    if len(clear) == len(pairs):
        return translator("Yes: all of the {pairs} pairs of {areas} differ clearly.", **values)
    return translator("In part: {clear} of the {pairs} pairs of {areas} differ clearly.", **values)


def _only_pair(subject: HeadlineIndicator, row: Row) -> Markdown:
    """Return the difference of the only two areas that can be compared, in points."""
    a, b = (subject.wording.country(row[name]) for name in ("country_a", "country_b"))
    return difference_said(subject.wording, row, a, b)


def difference_said(wording: ComparisonFormatter, row: Row, a: Markdown, b: Markdown) -> Markdown:
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


def _extremes(
    subject: HeadlineIndicator, sets: Sequence[Row], founded: set[str]
) -> dict[str, Markdown]:
    return {word: extreme(subject, sets, word, founded) for word in FLAGS}


def _named(subject: HeadlineIndicator, sets: Sequence[Row]) -> list[Markdown]:
    """Return the names of those who may be first and last, where they are few."""
    translator = subject.translator
    parts = []
    for word, message in (
        (HIGHEST, "May be first: {countries}."),
        (LOWEST, "May be last: {countries}."),
    ):
        codes = [row["country"] for row in sets if row[FLAGS[word]] == "True"]
        if 1 < len(codes) <= len(sets) / 2:
            parts.append(translator(message, countries=subject.wording.countries(codes)))
    return parts


def _until(subject: HeadlineIndicator, sets: Sequence[Row]) -> list[Markdown]:
    """Return how much silence one area alone at an end stands up to."""
    if subject.hidden:
        return []
    found = sole_extremes(sets, subject.indicator)
    return [
        sentence
        for word, country in found.items()
        for sentence in nonresponse.alone_until(subject.wording, subject.indicator, country, word)
    ]


def _survive(subject: HeadlineIndicator) -> list[Markdown]:
    """Return how many orders survive the worst case of missing answers."""
    if not subject.rows("bound_pairs"):
        return []
    survive = subject.rows("bound_pairs", survives="True")
    return [
        subject.translator(
            "{survive} pairs differ whatever those without a valid answer would have said.",
            survive=subject.count(survive, "bound_pairs", "survives:True"),
        )
    ]


NAMED_AT_MOST = 3


def groups(
    subject: HeadlineIndicator,
    domains: Sequence[str],
    questions: Mapping[str, str],
    alpha: Markdown,
) -> list[Answer]:
    """Return one answer for each domain whose gaps are tested.

    Args:
        domains: of which gaps are told.
        questions: headings of some of them; the others have a plain one.
        alpha: the level of the tests in per cent.
    """
    found = []
    for domain in domains:
        kinds = kinds_of(subject.wording.results, subject.indicator, domain)
        if kinds:
            found.append(_answer(subject, domain, kinds, questions.get(domain, ""), alpha))
    return found


def _answer(
    subject: HeadlineIndicator,
    domain: str,
    kinds: Sequence[Sequence[Row]],
    question: str,
    alpha: Markdown,
) -> Answer:
    translator, labels = subject.translator, subject.wording.labels
    # Of several groups the two ends lead; all kinds are told.
    ordered = sorted(kinds, key=lambda rows: _distance(subject, rows), reverse=True)
    heading = (
        translator.of_study(question)
        if question
        else translator("Does it differ by group? {domain}", domain=labels.domain(domain))
    )
    leading, *others = ordered
    paragraphs = [
        *_fits(subject, leading),
        *(gap(subject, rows) for rows in others),
        *_wider(subject, domain),
    ]
    return Answer(
        f"whom-{domain}",
        heading,
        gap(subject, leading),
        "gap",
        _where(subject, leading),
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (f"gaps-{subject.indicator}-{domain}",),
        sure=translator(
            "**How sure?** A clear difference stands although many {areas} were tested. Where none "
            "is clear, there may still be one."
        ),
        margin=(
            translator("**Groups:** {domain}.", domain=labels.domain(domain)),
            translator(
                "**Tested:** in each {area}, all {areas} together, at {alpha} per cent (Holm). "
                "Groups that are not shown are not tested.",
                alpha=alpha,
            ),
        ),
    )


def gap(subject: HeadlineIndicator, rows: Sequence[Row]) -> Markdown:
    """Return in how many areas two groups clearly differ, in which direction, and in which areas.

    More areas than ``NAMED_AT_MOST`` are not named.
    """
    translator = subject.translator
    if len(rows) == 1:
        return _only_gap(subject, rows[0])
    a, b = _names(subject, rows[0])
    clear = [row for row in rows if row["clear"] == "True"]
    higher = [row for row in clear if float(row["difference"]) > 0]
    values = {
        "a": a,
        "b": b,
        "n": subject.count(rows, "gaps", *keys_of_groups(rows[0]), "p_holm:any"),
        "clear": subject.count(clear, "gaps", *keys_of_groups(rows[0]), "clear:True"),
    }
    if not clear:
        return translator(
            "In none of the {n} {areas} tested do {a} and {b} clearly differ (“{label}”).",
            label=subject.wording.labels.short(subject.indicator),
            **values,
        )
    if len(higher) == len(clear):
        said = translator(
            "In {clear} of {n} {areas} tested, the share is clearly higher among {a} than among "
            "{b}.",
            **values,
        )
    elif not higher:
        said = translator(
            "In {clear} of {n} {areas} tested, the share is clearly lower among {a} than among "
            "{b}.",
            **values,
        )
    else:
        said = translator(
            "In {clear} of {n} {areas} tested, {a} and {b} clearly differ, not always in the same "
            "direction.",
            **values,
        )
    if len(clear) > NAMED_AT_MOST:
        return said
    names = subject.wording.countries([row["country"] for row in clear])
    where = translator("The difference is clear in {names}.", names=names)
    return Markdown(f"{said} {where}")


def _only_gap(subject: HeadlineIndicator, row: Row) -> Markdown:
    """Return the difference in the only area where it can be tested, by its name."""
    wording = subject.wording
    a, b = _names(subject, row)
    said = difference_said(wording, row, a, b)
    return Markdown(f"{wording.country(row['country'])}: {said}")


def leading_gap(
    subject: HeadlineIndicator, domains: Sequence[str]
) -> tuple[Markdown, Markdown] | None:
    """Return, of the first domain with gaps, "2 of 11" and what it is of; None without any."""
    for domain in domains:
        kinds = kinds_of(subject.wording.results, subject.indicator, domain)
        if not kinds:
            continue
        rows = max(kinds, key=lambda found: _distance(subject, found))
        if len(rows) == 1:
            # One area is no count of areas: its difference stands with the question.
            continue
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _names(subject, rows[0])
        number = subject.translator(
            "{clear} of {n}",
            clear=subject.count(clear, "gaps", *keys_of_groups(rows[0]), "clear:True"),
            n=subject.count(rows, "gaps", *keys_of_groups(rows[0]), "p_holm:any"),
        )
        widest = widest_open(rows)
        values = {"a": a, "b": b, "label": subject.wording.labels.short(subject.indicator)}
        if widest is None:
            said = subject.translator(
                "{areas} have a clear difference between {a} and {b} in “{label}”", **values
            )
        else:
            said = subject.translator(
                "{areas} have a clear difference between {a} and {b} in “{label}”; where none is "
                "clear, up to {points} points would still fit",
                points=_points(subject, widest[1]),
                **values,
            )
        return number, said
    return None


def _fits(subject: HeadlineIndicator, rows: Sequence[Row]) -> list[Markdown]:
    """Return the sentence on the largest difference that would still fit where none is clear."""
    widest = widest_open(rows)
    if widest is None:
        return []
    return [
        subject.translator(
            "Where none is clear, a difference of up to {points} points would still fit the "
            "answers in {country}.",
            points=_points(subject, widest[1]),
            country=subject.wording.in_text(widest[0]),
        )
    ]


def _wider(subject: HeadlineIndicator, domain: str) -> list[Markdown]:
    """Return the sentence on gaps that are clear by the indicator that counts more, if any is.

    Who reads that none is clear would take it for all that children told.
    """
    if subject.wider is None:
        return []
    translator, found = subject.translator, []
    for rows in kinds_of(subject.wording.results, subject.wider.indicator, domain):
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _names(subject, rows[0])
        higher = [row["country"] for row in clear if float(row["difference"]) > 0]
        lower = [row["country"] for row in clear if float(row["difference"]) < 0]
        for codes, more, fewer in ((higher, a, b), (lower, b, a)):
            if codes:
                names = subject.wording.countries(codes)
                found.append(
                    translator("among {a} than among {b} in {names}", a=more, b=fewer, names=names)
                )
    if not found:
        return []
    return [
        translator(
            "{counted}, the share is clearly higher {groups}.",
            counted=translator.of_study(subject.wider.counted),
            groups=Markdown("; ".join(found)),
        )
    ]


def _points(subject: HeadlineIndicator, cell: str) -> Markdown:
    """Return the size of a difference in whole percentage points."""
    return subject.translator.number(without_sign(whole_number_of(cell)))


def _distance(subject: HeadlineIndicator, rows: Sequence[Row]) -> int:
    """Return how many levels of the codebook lie between the two of a kind."""
    row = rows[0]
    known = subject.wording.labels.known_levels(row["domain"])
    places = [known.index(row[name]) for name in ("level_a", "level_b") if row[name] in known]
    return max(places) - min(places) if len(places) == 2 else 0


def _names(subject: HeadlineIndicator, row: Row) -> tuple[Markdown, Markdown]:
    labels = subject.wording.labels
    a, b = (labels.level(row["domain"], row[name]) for name in ("level_a", "level_b"))
    return _in_sentence(subject, a), _in_sentence(subject, b)


def _in_sentence(subject: HeadlineIndicator, level: Markdown) -> Markdown:
    """Return a group as a sentence has it: of a band, as "16-17", that it is one of children."""
    if level[:1].isdigit():
        return subject.translator("those of {level}", level=level)
    return Markdown(inside(level))


def _where(subject: HeadlineIndicator, rows: Sequence[Row]) -> str:
    return subject.where("gaps", *keys_of_groups(rows[0]))
