"""The question whether groups within areas differ: gaps tested in each area, a kind at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from disrupting_harm.provenance.addresses import (
    cell_count,
    derive_number,
    whole_number_of,
    without_sign,
)
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.documents.regional.area_differences import describe_difference
from disrupting_harm.report.documents.regional.headline_indicator import (
    NOTHING,
    Answer,
    HeadlineIndicator,
)
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.gap_rows import (
    find_widest_open_end,
    list_group_keys,
    measure_distance_of_levels,
    select_gaps_of_domain,
)
from disrupting_harm.report.reading.rows import PublicRow

NAMED_AT_MOST = 3
LEADING_GAPS = "groups"  # the figure of all domains together, where the study has one


def answer_whether_groups_differ(
    headline: HeadlineIndicator,
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
    answers = []
    for domain in domains:
        kinds = select_gaps_of_domain(headline.wording.results, headline.indicator, domain)
        if kinds:
            answers.append(
                _answer_on_domain(headline, domain, kinds, questions.get(domain, ""), alpha)
            )
    # How sure is said once in a chapter: it is the same of each domain.
    return [*answers[:1], *(replace(answer, sure=NOTHING) for answer in answers[1:])]


def _answer_on_domain(
    headline: HeadlineIndicator,
    domain: str,
    kinds: Sequence[Sequence[PublicRow]],
    question: str,
    alpha: Markdown,
) -> Answer:
    translator, labels = headline.translator, headline.wording.labels
    # Of several groups the two ends lead; of the other kinds what is clear is told.
    ordered = sorted(kinds, key=lambda rows: _distance_of_levels(headline, rows), reverse=True)
    heading = (
        translator.of_study(question)
        if question
        else translator("Does it differ by group? {domain}", domain=labels.domain(domain))
    )
    leading, *further_kinds = ordered
    lead, *names = describe_gap(headline, leading)
    paragraphs = [
        *names,
        *describe_widest_open(headline, leading),
        *_describe_untested(headline, leading),
        *(
            sentence
            for rows in further_kinds
            if any(row["clear"] == "True" for row in rows)
            for sentence in describe_gap(headline, rows)
        ),
        *describe_broader_gaps(headline, domain),
    ]
    return Answer(
        f"whom-{domain}",
        heading,
        lead,
        "gap",
        _address_of_gaps(headline, leading),
        (Markdown(" ".join(paragraphs)),) if paragraphs else (),
        (LEADING_GAPS, f"gaps-{headline.indicator}-{domain}"),
        sure=translator(
            "**How sure?** All {areas} were tested together. Where no difference is clear, there "
            "may still be one."
        ),
        margin=(
            translator(
                "**Tested:** {domain}, all {areas} together, at {alpha} per cent (Holm).",
                domain=labels.domain(domain),
                alpha=alpha,
            ),
        ),
    )


def describe_gap(headline: HeadlineIndicator, rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return in how many areas two groups clearly differ, in which direction, then which they are.

    More areas than ``NAMED_AT_MOST`` are not named.
    """
    translator = headline.translator
    if len(rows) == 1:
        return [_describe_only_gap(headline, rows[0])]
    a, b = _name_groups(headline, rows[0])
    level = headline.wording.labels.level(rows[0]["domain"], rows[0]["level_b"])
    if level[:1].isdigit():
        b = translator("of {level}", level=level)
    clear = [row for row in rows if row["clear"] == "True"]
    higher = [row for row in clear if row.number("difference") > 0]
    values = {
        "a": a,
        "b": b,
        "first": Markdown(a[:1].upper() + a[1:]),
        "second": b,
        "n": headline.count(rows, "gaps", *list_group_keys(rows[0]), "p_holm:any"),
        "clear": headline.count(clear, "gaps", *list_group_keys(rows[0]), "clear:True"),
    }
    if not clear:
        sentence = translator(
            "{first} and {second}: no clear difference in any of the {n} {areas} tested.", **values
        )
        return [sentence]
    if len(higher) == len(clear):
        sentence = translator(
            "In {clear} of {n} {areas} tested, clearly more {a} than {b} said so.",
            **values,
        )
    elif not higher:
        sentence = translator(
            "In {clear} of {n} {areas} tested, clearly fewer {a} than {b} said so.",
            **values,
        )
    else:
        sentence = translator(
            "In {clear} of {n} {areas} tested, {a} and {b} clearly differ, some one way and some "
            "the other.",
            **values,
        )
    if len(clear) > NAMED_AT_MOST:
        return [sentence]
    country_names = headline.wording.countries([row["country"] for row in clear])
    return [sentence, translator("It is clear in {names}.", names=country_names)]


def _describe_only_gap(headline: HeadlineIndicator, row: PublicRow) -> Markdown:
    """Return the difference in the only area where it can be tested, by its name."""
    wording = headline.wording
    a, b = _name_groups(headline, row)
    difference = describe_difference(wording, row, a, b)
    return Markdown(f"{wording.country(row['country'])}: {difference}")


def find_leading_gap(
    headline: HeadlineIndicator, domains: Sequence[str]
) -> tuple[Markdown, Markdown] | None:
    """Return, of the first domain with gaps, "2 of 11" and what it is of; None without any."""
    for domain in domains:
        kinds = select_gaps_of_domain(headline.wording.results, headline.indicator, domain)
        if not kinds:
            continue
        rows = max(kinds, key=lambda rows_of_kind: _distance_of_levels(headline, rows_of_kind))
        if len(rows) == 1:
            # One area is no count of areas: its difference stands with the question.
            continue
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _name_groups(headline, rows[0])
        number = headline.translator(
            "{clear} of {n}",
            clear=headline.count(clear, "gaps", *list_group_keys(rows[0]), "clear:True"),
            n=headline.count(rows, "gaps", *list_group_keys(rows[0]), "p_holm:any"),
        )
        widest = find_widest_open_end(rows)
        values = {"a": a, "b": b, "label": headline.wording.labels.short(headline.indicator)}
        if widest is None:
            caption = headline.translator(
                "{areas} have a clear difference between {a} and {b} in “{label}”", **values
            )
        else:
            caption = headline.translator(
                "{areas} have a clear difference between {a} and {b} in “{label}”; where none is "
                "clear, up to {points} points would still fit",
                points=_format_points(headline, widest[1]),
                **values,
            )
        return number, caption
    return None


def describe_all_tests(headline: HeadlineIndicator, alpha: float) -> Markdown:
    """Return how often tests of all indicators together err; empty where one alone is tested."""
    first_rows: dict[str, PublicRow] = {}
    for row in headline.wording.results.rows("prevalence"):
        first_rows.setdefault(row["indicator"], row)
    tested = cell_count(
        [
            f"{address_of_row('prevalence', row, compared=True)}/status"
            for row in first_rows.values()
        ]
    )
    if tested < 2:
        return Markdown("")
    # The probabilities of a false finding, added up over the indicators.
    together = derive_number("sum", tested * alpha, [alpha] * tested)
    return headline.translator(
        "Over all {count} indicators that is up to {bound} of 100: trust a pattern more than one "
        "pair.",
        count=headline.translator.number(tested),
        bound=headline.translator.percent(min(1, together)),
    )


def describe_widest_open_of(
    headline: HeadlineIndicator, rows: Sequence[PublicRow]
) -> list[Markdown]:
    """Return the same sentence of an indicator and groups that no sentence before it named."""
    widest = find_widest_open_end(rows)
    if widest is None:
        return []
    a, b = _name_groups(headline, rows[0])
    return [
        headline.translator(
            "“{label}”, {a} compared with {b}: where no difference is clear, one of up to {points} "
            "points is still possible in {country}.",
            label=headline.wording.labels.short(headline.indicator),
            a=a,
            b=b,
            points=_format_points(headline, widest[1]),
            country=headline.wording.in_text(widest[0]),
        )
    ]


def describe_widest_open(headline: HeadlineIndicator, rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return the sentence on the largest difference that would still fit where none is clear."""
    widest = find_widest_open_end(rows)
    if widest is None:
        return []
    return [
        headline.translator(
            "Where none is clear, a gap of up to {points} points is still possible in {country}.",
            points=_format_points(headline, widest[1]),
            country=headline.wording.in_text(widest[0]),
        )
    ]


def _describe_untested(headline: HeadlineIndicator, rows: Sequence[PublicRow]) -> list[Markdown]:
    """Return which areas have no test, so that none is missed without a word; empty without any."""
    tested = {row["country"] for row in rows if row["p_holm"]}
    untested = [code for code in headline.wording.country_names if code not in tested]
    if not untested:
        return []
    return [
        headline.translator(
            "Not tested, as no two numbers can be printed or compared: {countries}.",
            countries=headline.wording.countries(untested),
        )
    ]


def describe_broader_gaps(headline: HeadlineIndicator, domain: str) -> list[Markdown]:
    """Return the sentence on gaps that are clear by the indicator that counts more, if any is.

    Who reads that none is clear would take it for all that children told.
    """
    if headline.wider is None:
        return []
    translator, groups_by_country = headline.translator, []
    kinds = select_gaps_of_domain(headline.wording.results, headline.wider.indicator, domain)
    # Of several groups the two ends alone: the data book has the others.
    kinds = sorted(kinds, key=lambda rows: _distance_of_levels(headline, rows))[-1:]
    for rows in kinds:
        clear = [row for row in rows if row["clear"] == "True"]
        a, b = _name_groups(headline, rows[0])
        higher = [row["country"] for row in clear if row.number("difference") > 0]
        lower = [row["country"] for row in clear if row.number("difference") < 0]
        for codes, more, fewer in ((higher, a, b), (lower, b, a)):
            if codes:
                country_names = headline.wording.countries(codes)
                groups_by_country.append(
                    translator(
                        "among {a} than among {b} in {names}", a=more, b=fewer, names=country_names
                    )
                )
    if not groups_by_country:
        return []
    return [
        translator(
            "{counted}, clearly more said so {groups}.",
            counted=translator.of_study(headline.wider.counted),
            groups=Markdown("; ".join(groups_by_country)),
        )
    ]


def _format_points(headline: HeadlineIndicator, cell: str) -> Markdown:
    """Return the size of a difference in whole percentage points."""
    return headline.translator.number(without_sign(whole_number_of(cell)))


def _distance_of_levels(headline: HeadlineIndicator, rows: Sequence[PublicRow]) -> int:
    """Return how many levels of the codebook lie between the two of a kind."""
    known_levels = headline.wording.labels.known_levels(rows[0]["domain"])
    return measure_distance_of_levels(rows[0], known_levels)


def _name_groups(headline: HeadlineIndicator, row: PublicRow) -> tuple[Markdown, Markdown]:
    labels = headline.wording.labels
    a, b = (labels.level(row["domain"], row[name]) for name in ("level_a", "level_b"))
    return _name_group_in_sentence(headline, a), _name_group_in_sentence(headline, b)


def _name_group_in_sentence(headline: HeadlineIndicator, level: Markdown) -> Markdown:
    """Return a group as a sentence has it: of a band, as "16-17", that it is one of children."""
    if level[:1].isdigit():
        return headline.translator("{respondents} of {level}", level=level)
    return Markdown(format_inside_sentence(level))


def _address_of_gaps(headline: HeadlineIndicator, rows: Sequence[PublicRow]) -> str:
    return headline.address_of_rows("gaps", *list_group_keys(rows[0]))
