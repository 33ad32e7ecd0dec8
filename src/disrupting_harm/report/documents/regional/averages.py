"""The question of how many there are: averages of the areas compared, and numbers of children."""

from collections.abc import Sequence

from disrupting_harm.report.documents.regional.headline_indicator import Answer, HeadlineIndicator
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.populations import find_invented_use
from disrupting_harm.report.language.ranges import Range, read_range
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import format_span
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.statuses import ALL_COUNTRIES


def answer_how_many(headline: HeadlineIndicator, heading: Markdown) -> Answer:
    """Return the answer; without an average it names the span of the estimates."""
    translator, wording = headline.translator, headline.wording
    averages = wording.results.averages(headline.indicator)
    by_child = averages.get("population_weighted")
    by_area = averages.get("equal_country")
    leading_row = by_child or by_area
    paragraphs: list[Markdown] = []
    total = find_total_of_children(headline)
    if total and headline.happened and leading_row:
        opening = translator(
            "Going by what {respondents} said, {children} in {n} {areas} {happened}.",
            children=format_reach_of_children(headline, total),
            n=translator.number(total.number("countries")),
            happened=headline.happened,
        )
        rule, numbers = "total", headline.address_of_rows("total", f"group:{ALL_COUNTRIES}")
        paragraphs += [
            *_explain_reach(headline, total),
            describe_regions(translator, headline.rows("total")),
            *_note_invented_use(headline, total),
            _describe_averages(headline, by_child, by_area),
        ]
    elif leading_row:
        place_name = translator("{n} {areas}", n=translator.number(leading_row.number("countries")))
        share, ends = read_percent_interval(leading_row), read_range(leading_row)
        opening = (
            _describe_range(headline, ends, place_name)
            if ends
            else _describe_share(headline, share, place_name)
        )
        rule, numbers = "average", headline.address_of_rows("pooled", "group:all")
        paragraphs.append(_describe_averages(headline, by_child, by_area))
    else:
        opening = _describe_without_average(headline)
        rule, numbers = "estimates", headline.address_of_rows("prevalence")
    if total is not None and rule != "total":
        sentence = translator(
            "Added up over {n} {areas}, that is {children} {respondents} ({low} to {high}).",
            n=translator.number(total.number("countries")),
            children=format_number_of_children(headline, total),
            low=translator.compact(total.number("children_low")),
            high=translator.compact(total.number("children_high")),
        )
        paragraphs += [sentence, *_note_invented_use(headline, total)]
    return Answer(
        "many",
        heading,
        opening,
        rule,
        numbers,
        (join_sentences(paragraphs),),
        sure=_describe_certainty(headline),
        margin=(
            translator("**Asked:** {label}.", label=wording.labels.with_base(headline.indicator)),
            *(_note_added_up(headline, total) if total else []),
            *_note_set_apart(headline),
        ),
    )


def find_total_of_children(headline: HeadlineIndicator) -> PublicRow | None:
    """Return the number of children in all areas compared; None where fewer than two have one."""
    rows = headline.rows("total", group=ALL_COUNTRIES)
    return next((row for row in rows if row["children_low"]), None)


def _describe_certainty(headline: HeadlineIndicator) -> Markdown:
    """Return what the interval allows for; of what is hard to tell, that it may be too low."""
    if not headline.wording.labels.definition(headline.indicator).silence:
        return headline.translator(
            "**How sure?** The interval allows for the chance of who was drawn."
        )
    return headline.translator(
        "**How sure?** The true number may be higher: some {respondents} do not tell a survey."
    )


def format_number_of_children(headline: HeadlineIndicator, total: PublicRow) -> Markdown:
    """Return a number of children as a sentence has it, e.g. "about 6.2 million", or its range."""
    translator = headline.translator
    if total["children"]:
        return translator("about {total}", total=translator.compact(total.number("children")))
    low, high = (translator.compact(total.number(name)) for name in ("set_low", "set_high"))
    return translator("between {low} and {high}", low=low, high=high)


def format_reach_of_children(headline: HeadlineIndicator, total: PublicRow) -> Markdown:
    """Return a number of children, or what it lies between where it is a range.

    A range and its interval would be a range within a range: the outer one holds both.
    """
    if total["children"]:
        return format_number_of_children(headline, total)
    translator = headline.translator
    low, high = (
        translator.compact(total.number(name)) for name in ("children_low", "children_high")
    )
    return translator("between {low} and {high}", low=low, high=high)


def _explain_reach(headline: HeadlineIndicator, total: PublicRow) -> list[Markdown]:
    """Return what the number of children allows for."""
    translator = headline.translator
    if total["children"]:
        return [
            translator(
                "Its range is from {low} to {high}.",
                low=translator.compact(total.number("children_low")),
                high=translator.compact(total.number("children_high")),
            )
        ]
    return [
        translator(
            "That allows for chance, and for {countries}, of which only a bound is printed.",
            countries=headline.hidden_names(total["bounded"].split()),
        )
    ]


def describe_regions(translator: Translator[Markdown], rows: Sequence[PublicRow]) -> Markdown:
    """Return between which numbers of children each region lies; empty of a single region.

    Args:
        rows: of ``total.csv``, of one indicator.
    """
    regions = [row for row in rows if row["group"] != ALL_COUNTRIES and row["children_low"]]
    if len(regions) < 2:
        return Markdown("")
    ranges = [
        translator(
            "{name} ({detail})",
            name=translator.of_study(row["group"]),
            detail=translator(
                "{low} to {high}",
                low=translator.compact(row.number("children_low")),
                high=translator.compact(row.number("children_high")),
            ),
        )
        for row in regions
    ]
    return translator("By region: {regions}.", regions=translator.enumeration(ranges))


def format_span_of_children(headline: HeadlineIndicator, total: PublicRow) -> Markdown:
    """Return a number of children as a tile has it: e.g. "6.2 million–6.5 million"."""
    if total["children"]:
        return format_number_of_children(headline, total)
    translator = headline.translator
    low, high = (translator.compact(total.number(name)) for name in ("set_low", "set_high"))
    return Markdown(f"{low}–\u2060{high}")


def _note_added_up(headline: HeadlineIndicator, total: PublicRow) -> list[Markdown]:
    """Return the note on whose numbers of children are added up, and what is taken as exact.

    Where it is everybody who is compared, it names those alone who count with a bound.
    """
    translator = headline.translator
    added, bounded = total["added"].split(), total["bounded"].split()
    compared_codes = {row["country"] for row in headline.shown} | {*headline.hidden}
    sentence = (
        translator("**Added up:** all {areas} that can be compared.")
        if compared_codes == {*added, *bounded}
        else translator("**Added up:** {names}.", names=headline.wording.countries(added))
    )
    assumption = translator("How many {respondents} live there is taken as exact.")
    if not bounded:
        return [Markdown(f"{sentence} {assumption}")]
    by_bound = translator("By a bound alone: {names}.", names=headline.hidden_names(bounded))
    return [Markdown(f"{sentence} {by_bound} {assumption}")]


def _note_invented_use(headline: HeadlineIndicator, total: PublicRow) -> list[Markdown]:
    """Return whose share of children online is invented, on which the numbers of children rest.

    Of an area with a bound alone, rows of another indicator have the source: it is the same.
    """
    members = {*total["added"].split(), *total["bounded"].split()}
    rows = headline.wording.results.rows("denominators", denominator="all_children")
    countries = find_invented_use([row for row in rows if row["country"] in members])
    if not countries:
        return []
    return [
        headline.translator(
            "The share of {respondents} online is invented for {countries}.",
            countries=headline.wording.countries(countries),
        )
    ]


def _describe_without_average(headline: HeadlineIndicator) -> Markdown:
    translator = headline.translator
    shares = [share for row in headline.shown if (share := read_percent_interval(row))]
    if not shares:
        return translator("No estimate can be shown and compared.")
    if len(shares) == 1:
        return _describe_share(
            headline, shares[0], headline.wording.in_text(headline.shown[0]["country"])
        )
    return translator(
        "The estimates of the {areas} compared lie between {low} and {high} of every 100 "
        "{population} who {said}.",
        **format_span(translator, shares),
        population=headline.population,
        said=headline.said,
    )


def _describe_range(headline: HeadlineIndicator, ends: Range, place_name: Markdown) -> Markdown:
    translator = headline.translator
    numbers = {name: getattr(ends, name) for name in ("low", "high", "ci_low", "ci_high")}
    return translator(
        "Of every 100 {population} in {place}, between {low} and {high} {said}; with chance, "
        "from {ci_low} to {ci_high}.",
        population=headline.population,
        place=place_name,
        said=headline.said,
        **{name: translator.percent(number, ends.digits) for name, number in numbers.items()},
    )


def _describe_share(
    headline: HeadlineIndicator, share: PercentInterval | None, place_name: Markdown
) -> Markdown:
    assert share is not None, "what is no range has an estimate"
    translator = headline.translator
    values = {
        "population": headline.population,
        "place": place_name,
        "said": headline.said,
        "high": translator.of_100(share.high, share.some),
    }
    if share.small:
        return translator(
            "Of every 100 {population} in {place}, by the estimate fewer than {limit} {said}; "
            "its range goes up to {high}.",
            limit=translator.number(share.limit),
            **values,
        )
    return translator(
        "Of every 100 {population} in {place}, about {estimate} {said}; "
        "its range is from {low} to {high}.",
        estimate=translator.number(share.estimate),
        low=translator.of_100(share.low, share.some),
        **values,
    )


def _describe_averages(
    headline: HeadlineIndicator, by_child: PublicRow | None, by_area: PublicRow | None
) -> Markdown:
    translator = headline.translator
    only_row = by_child or by_area
    assert only_row is not None, "there is an average"
    message = (
        "Of all {population} in these {areas} together, that is {share}, taking as exact how many "
        "are online."
        if by_child
        else "The share is {share} where each {area} counts the same."
    )
    share = _format_reach(headline, only_row)
    return translator(message, share=share, population=headline.population)


def describe_other_average(headline: HeadlineIndicator) -> Markdown:
    """Return the average that no chapter has, for the annex; empty where none is left."""
    averages = headline.wording.results.averages(headline.indicator)
    by_area = averages.get("equal_country")
    if by_area is None or "population_weighted" not in averages:
        return Markdown("")
    return headline.translator(
        "“{label}” is {share} where each {area} counts the same; the first chapter has the share "
        "of all {respondents} together, which is the one that this report tells.",
        label=headline.wording.labels.short(headline.indicator),
        share=_format_reach(headline, by_area),
    )


def _format_reach(headline: HeadlineIndicator, row: PublicRow) -> Markdown:
    """Return an average with its interval; of a range the interval, which holds it."""
    ends, translator = read_range(row), headline.translator
    if ends is None:
        return headline.share(row)
    return translator(
        "between {low} and {high} per cent",
        low=translator.percent(ends.ci_low, ends.digits),
        high=translator.percent(ends.ci_high, ends.digits),
    )


def _note_set_apart(headline: HeadlineIndicator) -> list[Markdown]:
    """Return the note on who cannot be compared, and is in no average for that reason."""
    if not headline.apart:
        return []
    country_names = headline.wording.countries(headline.apart)
    return [headline.translator("**Set apart, and in no average:** {names}.", names=country_names)]
