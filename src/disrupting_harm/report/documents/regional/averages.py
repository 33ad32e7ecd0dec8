"""The question of how many there are: averages of the areas compared, and numbers of children."""

from disrupting_harm.report.documents.regional.headline_indicator import Answer, HeadlineIndicator
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.populations import invented_use
from disrupting_harm.report.language.ranges import Range, range_of
from disrupting_harm.report.language.whole_percent import span
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, whole_of
from disrupting_harm.study.statuses import ALL_COUNTRIES


def answer_how_many(subject: HeadlineIndicator, heading: Markdown) -> Answer:
    """Return the answer; without an average it names the span of the estimates."""
    translator, wording = subject.translator, subject.wording
    averages = wording.results.averages(subject.indicator)
    by_child = averages.get("population_weighted")
    by_area = averages.get("equal_country")
    leading_row = by_child or by_area
    paragraphs: list[Markdown] = []
    total = find_total_of_children(subject)
    if leading_row:
        place_name = translator("{n} {areas}", n=translator.number(leading_row.number("countries")))
        share, ends = whole_of(leading_row), range_of(leading_row)
        opening = (
            _describe_range(subject, ends, place_name)
            if ends
            else _describe_share(subject, share, place_name)
        )
        rule, numbers = "average", subject.where("pooled", "group:all")
        paragraphs.append(_describe_averages(subject, by_child, by_area))
    else:
        opening = _describe_without_average(subject)
        rule, numbers = "estimates", subject.where("prevalence")
    if total is not None:
        sentence = translator(
            "Added up over {n} {areas}, that is {children} {respondents} ({low} to {high}).",
            n=translator.number(total.number("countries")),
            children=format_number_of_children(subject, total),
            low=translator.compact(total.number("children_low")),
            high=translator.compact(total.number("children_high")),
        )
        paragraphs += [sentence, *_note_invented_use(subject, total)]
    return Answer(
        "many",
        heading,
        opening,
        rule,
        numbers,
        (Markdown(" ".join(paragraphs)),),
        (f"tiles-{subject.indicator}", f"pooled-{subject.indicator}"),
        sure=_describe_certainty(subject),
        margin=(
            translator("**Asked:** {label}.", label=wording.labels.with_base(subject.indicator)),
            *(_note_added_up(subject, total) if total else []),
            *_note_set_apart(subject),
        ),
    )


def find_total_of_children(subject: HeadlineIndicator) -> PublicRow | None:
    """Return the number of children in all areas compared; None where fewer than two have one."""
    rows = subject.rows("total", group=ALL_COUNTRIES)
    return next((row for row in rows if row["children_low"]), None)


def _describe_certainty(subject: HeadlineIndicator) -> Markdown:
    """Return what the interval allows for; of what is hard to tell, that it may be too low."""
    if not subject.wording.labels.definition(subject.indicator).silence:
        return subject.translator(
            "**How sure?** The interval allows for the chance of who was drawn."
        )
    return subject.translator(
        "**How sure?** It counts what {respondents} said in a survey, and may be too low. The "
        "interval allows for the chance of who was drawn, not for silence."
    )


def format_number_of_children(subject: HeadlineIndicator, total: PublicRow) -> Markdown:
    """Return a number of children as a sentence has it, e.g. "about 6.2 million", or its range."""
    translator = subject.translator
    if total["children"]:
        return translator("about {total}", total=translator.compact(total.number("children")))
    low, high = (translator.compact(total.number(name)) for name in ("set_low", "set_high"))
    return translator("between {low} and {high}", low=low, high=high)


def format_span_of_children(subject: HeadlineIndicator, total: PublicRow) -> Markdown:
    """Return a number of children as a tile has it: e.g. "6.2 million–6.5 million"."""
    if total["children"]:
        return format_number_of_children(subject, total)
    translator = subject.translator
    low, high = (translator.compact(total.number(name)) for name in ("set_low", "set_high"))
    return Markdown(f"{low}–\u2060{high}")


def _note_added_up(subject: HeadlineIndicator, total: PublicRow) -> list[Markdown]:
    """Return the note on whose numbers of children are added up, and what is taken as exact.

    Where it is everybody who is compared, it names those alone who count with a bound.
    """
    translator = subject.translator
    added, bounded = total["added"].split(), total["bounded"].split()
    compared_codes = {row["country"] for row in subject.shown} | {*subject.hidden}
    sentence = (
        translator("**Added up:** all {areas} that can be compared.")
        if compared_codes == {*added, *bounded}
        else translator("**Added up:** {names}.", names=subject.wording.countries(added))
    )
    assumption = translator("How many {respondents} live there is taken as exact.")
    if not bounded:
        return [Markdown(f"{sentence} {assumption}")]
    by_bound = translator("By a bound alone: {names}.", names=subject.hidden_names(bounded))
    return [Markdown(f"{sentence} {by_bound} {assumption}")]


def _note_invented_use(subject: HeadlineIndicator, total: PublicRow) -> list[Markdown]:
    """Return whose share of children online is invented, on which the numbers of children rest.

    Of an area with a bound alone, rows of another indicator have the source: it is the same.
    """
    members = {*total["added"].split(), *total["bounded"].split()}
    rows = subject.wording.results.rows("denominators", denominator="all_children")
    countries = invented_use([row for row in rows if row["country"] in members])
    if not countries:
        return []
    return [
        subject.translator(
            "How many of them are online is invented for {countries}.",
            countries=subject.wording.countries(countries),
        )
    ]


def _describe_without_average(subject: HeadlineIndicator) -> Markdown:
    translator = subject.translator
    shares = [share for row in subject.shown if (share := whole_of(row))]
    if not shares:
        return translator("No estimate can be shown and compared.")
    if len(shares) == 1:
        return _describe_share(
            subject, shares[0], subject.wording.in_text(subject.shown[0]["country"])
        )
    return translator(
        "The estimates of the {areas} compared lie between {low} and {high} of every 100 "
        "{population} who {said}.",
        **span(translator, shares),
        population=subject.population,
        said=subject.said,
    )


def _describe_range(subject: HeadlineIndicator, ends: Range, place_name: Markdown) -> Markdown:
    translator = subject.translator
    numbers = {name: getattr(ends, name) for name in ("low", "high", "ci_low", "ci_high")}
    return translator(
        "Of every 100 {population} in {place}, between {low} and {high} {said}; from {ci_low} to "
        "{ci_high} fit the answers.",
        population=subject.population,
        place=place_name,
        said=subject.said,
        **{name: translator.percent(number, ends.digits) for name, number in numbers.items()},
    )


def _describe_share(
    subject: HeadlineIndicator, share: PercentInterval | None, place_name: Markdown
) -> Markdown:
    assert share is not None, "what is no range has an estimate"
    translator = subject.translator
    values = {
        "population": subject.population,
        "place": place_name,
        "said": subject.said,
        "high": translator.of_100(share.high, share.some),
    }
    if share.small:
        return translator(
            "Of every 100 {population} in {place}, by the estimate fewer than {limit} {said}; "
            "up to {high} fit the answers.",
            limit=translator.number(share.limit),
            **values,
        )
    return translator(
        "Of every 100 {population} in {place}, about {estimate} {said}; from {low} to {high} fit "
        "the answers.",
        estimate=translator.number(share.estimate),
        low=translator.of_100(share.low, share.some),
        **values,
    )


def _describe_averages(
    subject: HeadlineIndicator, by_child: PublicRow | None, by_area: PublicRow | None
) -> Markdown:
    translator = subject.translator
    if by_child and by_area:
        return translator(
            "It is {share} where {areas} count by their number of {respondents}, and {other} where "
            "each {area} counts the same.",
            share=subject.share(by_child),
            other=subject.share(by_area),
        )
    only_row = by_child or by_area
    assert only_row is not None, "there is an average"
    message = (
        "It is {share} where {areas} count by their number of {respondents}."
        if by_child
        else "It is {share} where each {area} counts the same."
    )
    return translator(message, share=subject.share(only_row))


def _note_set_apart(subject: HeadlineIndicator) -> list[Markdown]:
    """Return the note on who cannot be compared, and is in no average for that reason."""
    if not subject.apart:
        return []
    country_names = subject.wording.countries(subject.apart)
    return [subject.translator("**Set apart, and in no average:** {names}.", names=country_names)]
