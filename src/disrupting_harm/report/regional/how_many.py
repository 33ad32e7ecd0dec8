"""The question of how many there are: averages of the areas compared, and numbers of children."""

from dataclasses import dataclass

from disrupting_harm.provenance.addresses import computed, number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.populations import invented_use
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.whole import Whole, span, whole_of

CHILDREN = ("children", "children_low", "children_high")


def how_many(subject: Subject, heading: Markdown) -> Answer:
    """Return the answer; without an average it names the span of the estimates.

    Args:
        subject: the indicator.
        heading: the question.
    """
    text, wording = subject.text, subject.wording
    averages = wording.results.averages(subject.indicator)
    by_child = averages.get("population_weighted")
    by_area = averages.get("equal_country")
    first = by_child or by_area
    paragraphs: list[Markdown] = []
    if first and (share := whole_of(first)):
        lead = _of_every_100(
            subject, share, text("{n} {areas}", n=text.number(number_of(first["countries"])))
        )
        rule, numbers = "average", subject.where("pooled", "group:all")
        paragraphs.append(_averages(subject, by_child, by_area))
    else:
        lead = _without_average(subject)
        rule, numbers = "estimates", subject.where("prevalence")
    if total := children(subject):
        said = text(
            "Added up over {n} {areas}, that is about {total} children: {low} if each were at the "
            "lower end of its interval, and {high} if all were at the upper end.",
            n=total.areas,
            total=total.total,
            low=total.low,
            high=total.high,
        )
        paragraphs += [said, *_invented(subject)]
    return Answer(
        "many",
        heading,
        lead,
        rule,
        numbers,
        (Markdown(" ".join(paragraphs)),),
        (f"tiles-{subject.indicator}", f"pooled-{subject.indicator}"),
        sure=text(
            "**How sure?** It counts what children said in a survey, and may be too low. The "
            "interval allows for the chance of who was drawn, not for silence."
        ),
        margin=(
            text("**Asked:** {label}.", label=wording.labels.with_base(subject.indicator)),
            *_set_apart(subject),
        ),
    )


@dataclass(frozen=True)
class Children:
    """A number of children in several areas together, its lower and upper end, and how many."""

    total: Markdown
    low: Markdown
    high: Markdown
    areas: Markdown


def children(subject: Subject) -> Children | None:
    """Return the number of children in all areas compared; None where fewer than two have one.

    The ends are the sums of the areas' own ends: they hold whatever the areas have in common.
    """
    rows = _counted(subject)
    if len(rows) < 2:
        return None
    sums = []
    for name in CHILDREN:
        cells = [number_of(row[name]) for row in rows]
        sums.append(subject.text.compact(computed("sum", sum(cells), cells)))
    areas = subject.count(rows, "denominators", "denominator:all_children", "children:any")
    return Children(sums[0], sums[1], sums[2], areas)


def _counted(subject: Subject) -> list[Row]:
    """Return the rows of the areas that have a number of children with both ends."""
    rows = subject.rows("denominators", denominator="all_children")
    return [row for row in rows if all(row[name] for name in CHILDREN)]


def _invented(subject: Subject) -> list[Markdown]:
    """Return whose share of children online is invented, on which the numbers of children rest."""
    countries = invented_use(_counted(subject))
    if not countries:
        return []
    return [
        subject.text(
            "How many children are online is invented for {countries}.",
            countries=subject.wording.countries(countries),
        )
    ]


def _without_average(subject: Subject) -> Markdown:
    text = subject.text
    shares = [share for row in subject.shown if (share := whole_of(row))]
    if not shares:
        return text("No estimate can be shown and compared.")
    if len(shares) == 1:
        return _of_every_100(
            subject, shares[0], subject.wording.in_text(subject.shown[0]["country"])
        )
    return text(
        "The estimates of the {areas} compared lie between {low} and {high} of every 100 "
        "{population} who {said}.",
        **span(text, shares),
        population=subject.population,
        said=subject.said,
    )


def _of_every_100(subject: Subject, share: Whole, place: Markdown) -> Markdown:
    text = subject.text
    values = {
        "population": subject.population,
        "place": place,
        "said": subject.said,
        "high": text.of_100(share.high, share.some),
    }
    if share.small:
        return text(
            "Of every 100 {population} in {place}, by the estimate fewer than {limit} {said}; "
            "up to {high} fit the answers.",
            limit=text.number(share.limit),
            **values,
        )
    return text(
        "Of every 100 {population} in {place}, about {estimate} {said}; from {low} to {high} fit "
        "the answers.",
        estimate=text.number(share.estimate),
        low=text.of_100(share.low, share.some),
        **values,
    )


def _averages(subject: Subject, by_child: Row | None, by_area: Row | None) -> Markdown:
    text = subject.text
    if by_child and by_area:
        return text(
            "It is {share} where each child counts the same, and {other} where each {area} does.",
            share=subject.share(by_child),
            other=subject.share(by_area),
        )
    only = by_child or by_area
    assert only is not None, "there is an average"
    message = (
        "It is {share} where each child counts the same."
        if by_child
        else "It is {share} where each {area} counts the same."
    )
    return text(message, share=subject.share(only))


def _set_apart(subject: Subject) -> list[Markdown]:
    """Return the note on who cannot be compared, and is in no average for that reason."""
    if not subject.apart:
        return []
    names = subject.wording.countries(subject.apart)
    return [subject.text("**Set apart, and in no average:** {names}.", names=names)]
