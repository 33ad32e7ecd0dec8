"""What the brief of the whole study says of all countries: no more than the comparison bears."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import (
    COMPARE,
    row_count,
    whole_number_of,
    without_sign,
)
from disrupting_harm.report.documents.brief.country_text import (
    TileGroupText,
    TileText,
    describe_share,
    format_range_tile,
    format_share_tile,
)
from disrupting_harm.report.findings.brief_definition import Brief, Tile
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import name_with_bound
from disrupting_harm.report.language.ranges import read_range
from disrupting_harm.report.language.translator import Printed, Translator
from disrupting_harm.report.language.whole_percent import format_span
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.gap_rows import (
    find_widest_open_end,
    list_group_keys,
    select_gaps_of_domain,
)
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.statuses import ALL_COUNTRIES


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


def describe_total(
    brief: Brief,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    rows: Mapping[str, PublicRow],
    country_names: Mapping[str, Markdown],
    population: Markdown,
) -> list[Markdown]:
    """Return how many children it is in all countries compared, of how many, and who is left out.

    Empty where the comparison has no such number, or the study no sentence for it.

    Args:
        rows: of the main finding, by country.
        country_names: of all that take part, inside a sentence.
        population: of the survey.
    """
    row = comparison.row("total", indicator=brief.lead.indicator, group=ALL_COUNTRIES)
    if row is None or not row["children_low"]:
        return []
    count = translator.number(row.number("countries"))
    ends = {end: translator.compact(row.number(f"children_{end}")) for end in ("low", "high")}
    if row["children"]:
        pattern, values = brief.lead.total, {"number": translator.compact(row.number("children"))}
        sentences = [translator("Its range is from {low} to {high}.", **ends)]
    else:  # a range within a range would be read by nobody
        pattern, values, sentences = brief.lead.total_between, ends, []
    if pattern is None:
        return []
    average = comparison.averages(brief.lead.indicator).get("population_weighted")
    if average and average["ci_low"]:
        sentences.insert(0, _describe_share_of_all(translator, average, population))
    shares = _find_shares(rows, find_set_apart(comparison, brief.lead.indicator))
    hidden = {code: name for code, name in country_names.items() if code not in shares}
    bounded_codes = row["bounded"].split()
    bounded = [name for code, name in hidden.items() if code in bounded_codes]
    left_out = [name for code, name in hidden.items() if code not in bounded_codes]
    if left_out:
        sentences.append(
            translator(
                "Not in this total: {countries}.",
                countries=translator.enumeration(left_out),
            )
        )
    if bounded:
        sentences.append(
            translator(
                "Of {countries} only a bound is printed, and the total allows for it.",
                countries=translator.enumeration(bounded),
            )
        )
    return [translator.fill_sentence(pattern, {"count": count, **values}), *sentences]


def _describe_share_of_all(
    translator: Translator[Markdown], average: PublicRow, population: Markdown
) -> Markdown:
    """Return the interval of the share of all children of the countries together.

    It is narrower than that of their number, which allows for the error of internet use, too.
    """
    low, high = (translator.percent(average.number(f"ci_{end}"), 1) for end in ("low", "high"))
    return translator(
        "That is {low} to {high} per cent of all {population} there, taking the number of "
        "internet users as exact.",
        low=low,
        high=high,
        population=population,
    )


def describe_levels(
    brief: Brief,
    translator: Translator[Markdown],
    rows: Mapping[str, PublicRow],
    set_apart_codes: set[str],
    country_names: Mapping[str, Markdown],
    population: Markdown,
) -> Markdown:
    """Return the lowest and the highest printed estimate of the countries that are compared.

    Of one country alone it is the sentence of its own brief.

    Args:
        rows: of the main finding, by country.
        set_apart_codes: countries that are set apart, which are no part of the span.
        country_names: of the countries, inside a sentence.
        population: of the survey.
    """
    shares_by_country = _find_shares(rows, set_apart_codes)
    if len(shares_by_country) == 1:
        ((code, share),) = shares_by_country.items()
        values_of_country = {"country": country_names[code], "population": population}
        return describe_share(brief, share, translator, values_of_country)
    if not shares_by_country or brief.lead.levels is None:
        return Markdown("")
    return translator.fill_sentence(
        brief.lead.levels, format_span(translator, list(shares_by_country.values()))
    )


def _find_shares(
    rows: Mapping[str, PublicRow], left_out: Collection[str] = ()
) -> dict[str, PercentInterval]:
    """Return the printed shares by country, without those left out."""
    return {
        code: share
        for code, row in rows.items()
        if code not in left_out and (share := read_percent_interval(row))
    }


def format_title_of_all(
    brief: Brief,
    translator: Translator[Printed],
    rows: Mapping[str, PublicRow],
    set_apart_codes: Collection[str] = (),
) -> Printed:
    """Return the title of the picture of all countries: what it shows, where numbers bear it."""
    shares = list(_find_shares(rows).values())
    if brief.all_countries is None or len(shares) < 2 or any(share.low < 1 for share in shares):
        return translator.of_study(brief.pictures[0].title)
    compared = list(_find_shares(rows, set_apart_codes).values())
    if "{" not in brief.all_countries or len(compared) < 2:
        return translator.of_study(brief.all_countries)
    return translator.fill_sentence(brief.all_countries, format_span(translator, compared))


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
    """Return how many pairs of countries no test tells apart; empty with fewer than two."""
    rows = comparison.rows("pairwise", indicator=brief.lead.indicator)
    if len(rows) < 2:
        return Markdown("")
    open_count = sum(row["clear"] != "True" for row in rows)
    address = address_of_rows(brief, "pairwise")
    return translator(
        "Of {pairs} pairs of {areas}, {open} cannot be told apart.",
        open=translator.number(row_count(open_count, f"{address}/clear:False")),
        pairs=translator.number(row_count(len(rows), address)),
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
        "count": translator.number(row_count(len(group_pair.rows), f"{address}/p_holm:any")),
    }
    if clear_count:
        return translator(
            "{A} and {b}: a clear difference in the main number in {clear} of the {count} {areas} "
            "that print a number for both.",
            clear=translator.number(clear_count),
            **values,
        )
    sentence = translator(
        "{A} and {b}: no clear difference in the main number in any of the {count} {areas} that "
        "print a number for both.",
        **values,
    )
    widest = find_widest_open_end(group_pair.rows)
    if widest is None:
        return sentence
    points = translator.number(without_sign(whole_number_of(widest[1])))
    possible = translator("A gap of up to {points} points is still possible.", points=points)
    return Markdown(f"{sentence} {possible}")


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
) -> list[TileGroupText]:
    """Return the means of the countries for the tiles that are compared, by whom they are of.

    Who counts with a bound alone is named.
    """
    groups = []
    for group in brief.tiles:
        tiles = tuple(
            tile_text
            for tile in group.tiles
            if (tile_text := _format_mean_tile(tile, translator, comparison, country_names))
        )
        if tiles:
            groups.append(TileGroupText(translator.of_study(group.base), tiles))
    return groups


def _format_mean_tile(
    tile: Tile,
    translator: Translator[Markdown],
    comparison: RegionalResults,
    country_names: Mapping[str, Markdown],
) -> TileText | None:
    row = comparison.averages(tile.indicator).get("equal_country")
    if row is None:
        return None
    caption = translator.of_study(tile.text)
    if ends := read_range(row):
        bounded_names = _join_names_with_bounds(
            translator, _find_hidden_rows(comparison, tile.indicator), country_names, comparison
        )
        caption = translator(
            "{text}; by a bound alone: {countries}", text=caption, countries=bounded_names
        )
        return format_range_tile(translator, ends, caption)
    share = read_percent_interval(row)
    return format_share_tile(translator, share, caption) if share else None
