"""What the brief of the whole study says of all countries: no more than the comparison bears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import (
    COMPARE,
    address_of,
    cell_count,
    row_count,
    whole_number_of,
    without_sign,
)
from disrupting_harm.report.documents.brief.country_text import (
    TileText,
    describe_share,
    format_range_tile,
    format_share_tile,
)
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.labels import Labels, format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import name_with_bound
from disrupting_harm.report.language.ranges import describe_hidden_areas, format_range, read_range
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import format_span, sort_shares
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.gap_rows import (
    find_widest_open_end,
    list_group_keys,
    select_gaps_of_domain,
)
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval


@dataclass(frozen=True)
class GroupPair:
    """Two groups of which gaps are tested: rows of an indicator, and the words for the groups."""

    rows: list[PublicRow]
    a: Markdown
    b: Markdown

    def address(self, indicator: str) -> str:
        """Return the address of its rows."""
        keys = "/".join(list_group_keys(self.rows[0]))
        return f"{COMPARE}/gaps/indicator:{indicator}/{keys}"


def address_of_rows(brief: Brief, table: str) -> str:
    """Return the address of the rows of a table of the comparison that are of the main finding."""
    return f"{COMPARE}/{table}/indicator:{brief.lead.indicator}"


def find_set_apart(comparison: RegionalResults, indicator: str) -> set[str]:
    """Return the countries whose number is not compared with the others."""
    judged = comparison.rows("comparability", indicator=indicator)
    return {row["country"] for row in judged if row["comparable"] != "yes"}


def describe_span(
    brief: Brief,
    translator: Translator[Markdown],
    rows: Mapping[str, PublicRow],
    set_apart_codes: set[str],
    country_count: int,
    country_names: Mapping[str, Markdown],
    population: Markdown,
) -> Markdown:
    """Return the lowest and the highest printed estimate of the countries that are compared.

    Of one country alone it is the sentence of its own brief.

    Args:
        rows: of the main finding, by country.
        set_apart_codes: countries that are set apart, which are no part of the span.
        country_count: how many countries the study has.
        country_names: of the countries, inside a sentence.
        population: of the survey.
    """
    shares_by_country = {
        code: share
        for code, row in rows.items()
        if code not in set_apart_codes and (share := read_percent_interval(row))
    }
    shares = list(shares_by_country.values())
    if len(shares_by_country) == 1:
        values_of_country = {
            "country": country_names[next(iter(shares_by_country))],
            "population": population,
        }
        return describe_share(brief, shares[0], translator, values_of_country)
    if not shares_by_country:
        return Markdown("")
    least, *_, most = sort_shares(shares)
    pattern, ends = brief.lead.countries, format_span(translator, shares)
    if least.small:
        pattern, ends["low"] = brief.lead.countries_from_fewer, translator.number(least.limit)
    if pattern is None or most.small:
        return Markdown("")
    share_count = translator.number(cell_count([address_of(share.estimate) for share in shares]))
    return translator(pattern, shown=share_count, all=translator.number(country_count), **ends)


def describe_average(
    brief: Brief, translator: Translator[Markdown], comparison: RegionalResults
) -> Markdown:
    """Return the mean of the countries that are comparable, each counted the same.

    That in which each child counts the same follows, where it is of the same countries.
    """
    averages = comparison.averages(brief.lead.indicator)
    row, by_child = averages.get("equal_country"), averages.get("population_weighted")
    if row is None:
        return Markdown("")
    if by_child and by_child["countries"] == row["countries"]:
        return translator(
            "On average over the {count} {areas} compared it is {share} where each {area} "
            "counts the same, and {other} where each counts by its number of {respondents}.",
            count=translator.number(row.number("countries")),
            share=_share_or_range(translator, row),
            other=_share_or_range(translator, by_child),
        )
    return translator(
        "On average over the {count} {areas} compared, each counted the same, it is {share}.",
        count=translator.number(row.number("countries")),
        share=_share_or_range(translator, row),
    )


def _share_or_range(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    """Return an average with its interval: one number, or the range that it lies in."""
    ends, share = read_range(row), read_percent_interval(row)
    if ends:
        return format_range(translator, ends)
    return format_share_with_interval(translator, share) if share else Markdown("–")


def describe_hidden(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    country_names: Mapping[str, Markdown],
) -> Markdown:
    """Return how countries that are hidden count in the averages; empty where none is."""
    hidden_rows = _find_hidden_rows(comparison, brief.lead.indicator)
    averages = comparison.averages(brief.lead.indicator).values()
    return describe_hidden_areas(
        translator,
        hidden_rows,
        averages,
        lambda rows: _join_names_with_bounds(translator, rows, country_names, comparison),
    )


def _find_hidden_rows(comparison: RegionalResults, indicator: str) -> list[PublicRow]:
    """Return the rows of an indicator that can be compared, and have no printed estimate."""
    set_apart_codes = find_set_apart(comparison, indicator)
    rows = comparison.rows("prevalence", indicator=indicator)
    return [row for row in rows if row["country"] not in set_apart_codes and not row["estimate"]]


def _join_names_with_bounds(
    translator: Translator[Markdown],
    rows: Sequence[PublicRow],
    country_names: Mapping[str, Markdown],
    comparison: RegionalResults,
) -> Markdown:
    """Return the countries' names with the bounds that are printed of them."""
    rows_by_country = {row["country"]: row for row in rows}
    return translator.enumeration(
        [
            name_with_bound(translator, rows_by_country[code], name, comparison.coded)
            for code, name in country_names.items()
            if code in rows_by_country
        ]
    )


def describe_pairs(
    brief: Brief, translator: Translator[Markdown], comparison: RegionalResults
) -> Markdown:
    """Return how many pairs of countries differ, tested together; empty with fewer than two."""
    rows = comparison.rows("pairwise", indicator=brief.lead.indicator)
    if len(rows) < 2:
        return Markdown("")
    clear_count = sum(row["clear"] == "True" for row in rows)
    address = address_of_rows(brief, "pairwise")
    return translator(
        "Tested together, {clear} of the {pairs} pairs of {areas} clearly differ.",
        clear=translator.number(row_count(clear_count, f"{address}/clear:True")),
        pairs=translator.number(row_count(len(rows), address)),
    )


def describe_possible_first(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    country_names: Mapping[str, Markdown],
) -> Markdown:
    """Return which countries may stand first, as far as the rank sets tell."""
    rows = comparison.rows("rank_sets", indicator=brief.lead.indicator, method=METHOD, scope=SCOPE)
    flagged = {row["country"] for row in rows if row["may_be_highest"] == "True"}
    possible_names = [name for code, name in country_names.items() if code in flagged]
    address = f"{address_of_rows(brief, 'rank_sets')}/method:{METHOD}/scope:{SCOPE}"
    if len(possible_names) < 2:
        return Markdown("")
    return translator(
        "Of the {all} {areas} with an estimate to compare, any of {count} may stand first: "
        "{names}; the surveys do not say which.",
        all=translator.number(row_count(len(rows), address)),
        count=translator.number(
            row_count(
                len(possible_names),
                f"{address}/may_be_highest:True",
            )
        ),
        names=translator.enumeration(possible_names),
    )


def describe_gap(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    labels: Labels,
    domains: Sequence[str],
) -> Markdown:
    """Return in how many countries a tested difference between two groups is clear.

    Of one country alone its own brief tells: nothing is returned.

    Args:
        domains: whose gaps are tested; the first with two groups is told.
    """
    group_pair = _find_two_groups(comparison, brief.lead.indicator, labels, domains)
    if group_pair is None:
        return Markdown("")
    address = group_pair.address(brief.lead.indicator)
    clear_count = row_count(
        sum(row["clear"] == "True" for row in group_pair.rows), f"{address}/clear:True"
    )
    values = {
        "A": group_pair.a,
        "b": Markdown(format_inside_sentence(group_pair.b)),
        # Other indicators may show another picture.
        "subject": _label_in_pictures(brief, labels, translator),
        "count": translator.number(row_count(len(group_pair.rows), f"{address}/p_holm:any")),
    }
    if clear_count == 0 and (widest := find_widest_open_end(group_pair.rows)):
        return translator(
            "{A} and {b}, “{subject}”: a clear difference in none of the {count} {areas} "
            "tested, though a difference of up to {points} points would still fit.",
            points=translator.number(without_sign(whole_number_of(widest[1]))),
            **values,
        )
    return translator(
        "{A} and {b}, “{subject}”: a clear difference in {clear} of the {count} {areas} tested.",
        clear=translator.number(clear_count),
        **values,
    )


def _label_in_pictures(brief: Brief, labels: Labels, translator: Translator[Markdown]) -> Markdown:
    """Return what pictures of briefs call the main finding."""
    name = brief.lead.indicator
    picture_labels = [picture.labels[name] for picture in brief.pictures if name in picture.labels]
    return translator.of_study(picture_labels[0]) if picture_labels else labels.short(name)


def describe_broader_gap(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    country_names: Mapping[str, Markdown],
    labels: Labels,
    domains: Sequence[str],
) -> Markdown:
    """Return where two groups clearly differ by the indicator that counts more, if anywhere."""
    broader = brief.lead.wider
    group_pair = (
        _find_two_groups(comparison, broader.indicator, labels, domains) if broader else None
    )
    if broader is None or group_pair is None:
        return Markdown("")
    clear_rows = [row for row in group_pair.rows if row["clear"] == "True"]
    codes_higher_in_a = {row["country"] for row in clear_rows if row.number("difference") > 0}
    a, b = (
        Markdown(format_inside_sentence(group_pair.a)),
        Markdown(format_inside_sentence(group_pair.b)),
    )
    sentences = [
        translator(
            "{counted}, clearly more said yes among {a} than among {b} in {countries}, of the "
            "{count} {areas} tested.",
            counted=translator.of_study(broader.counted),
            a=more,
            b=fewer,
            countries=translator.enumeration(
                [name for code, name in country_names.items() if code in codes]
            ),
            count=translator.number(
                row_count(
                    len(group_pair.rows), f"{group_pair.address(broader.indicator)}/p_holm:any"
                )
            ),
        )
        for more, fewer, codes in (
            (a, b, codes_higher_in_a),
            (b, a, {row["country"] for row in clear_rows} - codes_higher_in_a),
        )
        if codes
    ]
    return Markdown(" ".join(sentences))


def _find_two_groups(
    comparison: RegionalResults, indicator: str, labels: Labels, domains: Sequence[str]
) -> GroupPair | None:
    """Return the tested gaps of the first domain that has two groups; None of one country alone."""
    for domain in domains:
        pairs_of_groups = select_gaps_of_domain(comparison, indicator, domain)
        if len(pairs_of_groups) == 1 and len(pairs_of_groups[0]) > 1:
            a, b = (
                labels.level(domain, pairs_of_groups[0][0][column])
                for column in ("level_a", "level_b")
            )
            return GroupPair(pairs_of_groups[0], a, b)
    return None


def format_mean_tiles(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    country_names: Mapping[str, Markdown],
) -> list[TileText]:
    """Return the means of the countries for the tiles that are compared.

    Who counts with a bound alone is named.
    """
    tile_texts = []
    for tile in (*brief.tiles, *brief.compared):
        row = comparison.averages(tile.indicator).get("equal_country")
        if row is None:
            continue
        caption = translator.of_study(tile.text)
        if ends := read_range(row):
            bounded_names = _join_names_with_bounds(
                translator, _find_hidden_rows(comparison, tile.indicator), country_names, comparison
            )
            caption = translator(
                "{text}; by a bound alone: {countries}", text=caption, countries=bounded_names
            )
            tile_texts.append(format_range_tile(translator, ends, caption))
        elif share := read_percent_interval(row):
            tile_texts.append(format_share_tile(translator, share, caption))
    return tile_texts
