"""What the brief of the whole study says of all countries: no more than the comparison bears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import (
    COMPARE,
    address_of,
    cell_count,
    number_of,
    row_count,
    whole_number_of,
    without_sign,
)
from disrupting_harm.report.documents.brief.country_text import (
    TileText,
    range_tile,
    share_sentence,
    tile_text,
)
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import printed_share
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.labels import Labels, inside
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import named_with_bound
from disrupting_harm.report.language.ranges import hidden_said, printed_range, range_of
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.whole_percent import in_order, span
from disrupting_harm.report.reading.comparison_results import RegionalResults, Row
from disrupting_harm.report.reading.gap_rows import keys_of_groups, kinds_of, widest_open
from disrupting_harm.report.reading.whole_percent import whole_of


@dataclass(frozen=True)
class Pair:
    """Two groups of which gaps are tested: rows of an indicator, and the words for the groups."""

    rows: list[Row]
    a: Markdown
    b: Markdown

    def where(self, indicator: str) -> str:
        """Return the address of its rows."""
        keys = "/".join(keys_of_groups(self.rows[0]))
        return f"{COMPARE}/gaps/indicator:{indicator}/{keys}"


def compared_rows(brief: Brief, table: str) -> str:
    """Return the address of the rows of a table of the comparison that are of the main finding."""
    return f"{COMPARE}/{table}/indicator:{brief.lead.indicator}"


def set_apart(compared: RegionalResults, indicator: str) -> set[str]:
    """Return the countries whose number is not compared with the others."""
    judged = compared.rows("comparability", indicator=indicator)
    return {row["country"] for row in judged if row["comparable"] != "yes"}


def lead(
    brief: Brief,
    translator: Translator[Markdown],
    rows: Mapping[str, Row],
    apart: set[str],
    all_: int,
    names: Mapping[str, Markdown],
    population: Markdown,
) -> Markdown:
    """Return the lowest and the highest printed estimate of the countries that are compared.

    Of one country alone it is the sentence of its own brief.

    Args:
        brief, text: what briefs say, and the language.
        rows: of the main finding, by country.
        apart: countries that are set apart, which are no part of the span.
        all_: how many countries the study has.
        names: of the countries, inside a sentence.
        population: of the survey.
    """
    found = {
        code: share for code, row in rows.items() if code not in apart and (share := whole_of(row))
    }
    shares = list(found.values())
    if len(found) == 1:
        only = {"country": names[next(iter(found))], "population": population}
        return share_sentence(brief, shares[0], translator, only)
    if not found:
        return Markdown("")
    least, *_, most = in_order(shares)
    said, ends = brief.lead.countries, span(translator, shares)
    if least.small:
        said, ends["low"] = brief.lead.countries_from_fewer, translator.number(least.limit)
    if said is None or most.small:
        return Markdown("")
    shown = translator.number(cell_count([address_of(share.estimate) for share in shares]))
    return translator(said, shown=shown, all=translator.number(all_), **ends)


def average(brief: Brief, translator: Translator[Markdown], compared: RegionalResults) -> Markdown:
    """Return the mean of the countries that are comparable, each counted the same.

    That in which each child counts the same follows, where it is of the same countries.
    """
    averages = compared.averages(brief.lead.indicator)
    row, by_child = averages.get("equal_country"), averages.get("population_weighted")
    if row is None:
        return Markdown("")
    if by_child and by_child["countries"] == row["countries"]:
        return translator(
            "On average over the {count} {areas} compared it is {share} where each {area} "
            "counts the same, and {other} where each counts by its number of {respondents}.",
            count=translator.number(number_of(row["countries"])),
            share=_share_or_range(translator, row),
            other=_share_or_range(translator, by_child),
        )
    return translator(
        "On average over the {count} {areas} compared, each counted the same, it is {share}.",
        count=translator.number(number_of(row["countries"])),
        share=_share_or_range(translator, row),
    )


def _share_or_range(translator: Translator[Markdown], row: Row) -> Markdown:
    """Return an average with its interval: one number, or the range that it lies in."""
    ends, share = range_of(row), whole_of(row)
    if ends:
        return printed_range(translator, ends)
    return printed_share(translator, share) if share else Markdown("–")


def hidden_in_averages(
    brief: Brief,
    translator: Translator[Markdown],
    compared: RegionalResults,
    names: Mapping[str, Markdown],
) -> Markdown:
    """Return how countries that are hidden count in the averages; empty where none is."""
    hidden = _hidden(compared, brief.lead.indicator)
    averages = compared.averages(brief.lead.indicator).values()
    return hidden_said(
        translator, hidden, averages, lambda rows: _names(translator, rows, names, compared)
    )


def _hidden(compared: RegionalResults, indicator: str) -> list[Row]:
    """Return the rows of an indicator that can be compared, and have no printed estimate."""
    apart = set_apart(compared, indicator)
    rows = compared.rows("prevalence", indicator=indicator)
    return [row for row in rows if row["country"] not in apart and not row["estimate"]]


def _names(
    translator: Translator[Markdown],
    rows: Sequence[Row],
    names: Mapping[str, Markdown],
    compared: RegionalResults,
) -> Markdown:
    """Return the countries' names with the bounds that are printed of them."""
    own = {row["country"]: row for row in rows}
    return translator.enumeration(
        [
            named_with_bound(translator, own[code], name, compared.coded)
            for code, name in names.items()
            if code in own
        ]
    )


def pairs(brief: Brief, translator: Translator[Markdown], compared: RegionalResults) -> Markdown:
    """Return how many pairs of countries differ, tested together; empty with fewer than two."""
    rows = compared.rows("pairwise", indicator=brief.lead.indicator)
    if len(rows) < 2:
        return Markdown("")
    clear = sum(row["clear"] == "True" for row in rows)
    where = compared_rows(brief, "pairwise")
    return translator(
        "Tested together, {clear} of the {pairs} pairs of {areas} clearly differ.",
        clear=translator.number(row_count(clear, f"{where}/clear:True")),
        pairs=translator.number(row_count(len(rows), where)),
    )


def first(
    brief: Brief,
    translator: Translator[Markdown],
    compared: RegionalResults,
    names: Mapping[str, Markdown],
) -> Markdown:
    """Return which countries may stand first, as far as the rank sets tell."""
    rows = compared.rows("rank_sets", indicator=brief.lead.indicator, method=METHOD, scope=SCOPE)
    flagged = {row["country"] for row in rows if row["may_be_highest"] == "True"}
    may = [name for code, name in names.items() if code in flagged]
    where = f"{compared_rows(brief, 'rank_sets')}/method:{METHOD}/scope:{SCOPE}"
    if len(may) < 2:
        return Markdown("")
    return translator(
        "Of the {all} {areas} with an estimate to compare, any of {count} may stand first: "
        "{names}; the surveys do not say which.",
        all=translator.number(row_count(len(rows), where)),
        count=translator.number(
            row_count(
                len(may),
                f"{where}/may_be_highest:True",
            )
        ),
        names=translator.enumeration(may),
    )


def gap(
    brief: Brief,
    translator: Translator[Markdown],
    compared: RegionalResults,
    labels: Labels,
    domains: Sequence[str],
) -> Markdown:
    """Return in how many countries a tested difference between two groups is clear.

    Of one country alone its own brief tells: nothing is returned.

    Args:
        brief, text: what briefs say, and the language.
        compared: the comparison of countries.
        labels: words of the codebook.
        domains: whose gaps are tested; the first with two groups is told.
    """
    pair = _two_groups(compared, brief.lead.indicator, labels, domains)
    if pair is None:
        return Markdown("")
    where = pair.where(brief.lead.indicator)
    clear = row_count(sum(row["clear"] == "True" for row in pair.rows), f"{where}/clear:True")
    values = {
        "A": pair.a,
        "b": Markdown(inside(pair.b)),
        # Other indicators may show another picture.
        "subject": _named_in_pictures(brief, labels, translator),
        "count": translator.number(row_count(len(pair.rows), f"{where}/p_holm:any")),
    }
    if clear == 0 and (widest := widest_open(pair.rows)):
        return translator(
            "{A} and {b}, “{subject}”: a clear difference in none of the {count} {areas} "
            "tested, though a difference of up to {points} points would still fit.",
            points=translator.number(without_sign(whole_number_of(widest[1]))),
            **values,
        )
    return translator(
        "{A} and {b}, “{subject}”: a clear difference in {clear} of the {count} {areas} tested.",
        clear=translator.number(clear),
        **values,
    )


def _named_in_pictures(brief: Brief, labels: Labels, translator: Translator[Markdown]) -> Markdown:
    """Return what pictures of briefs call the main finding."""
    name = brief.lead.indicator
    own = [picture.labels[name] for picture in brief.pictures if name in picture.labels]
    return translator.of_study(own[0]) if own else labels.short(name)


def wider_gap(
    brief: Brief,
    translator: Translator[Markdown],
    compared: RegionalResults,
    names: Mapping[str, Markdown],
    labels: Labels,
    domains: Sequence[str],
) -> Markdown:
    """Return where two groups clearly differ by the indicator that counts more, if anywhere."""
    wider = brief.lead.wider
    pair = _two_groups(compared, wider.indicator, labels, domains) if wider else None
    if wider is None or pair is None:
        return Markdown("")
    clear = [row for row in pair.rows if row["clear"] == "True"]
    higher = {row["country"] for row in clear if float(row["difference"]) > 0}
    a, b = Markdown(inside(pair.a)), Markdown(inside(pair.b))
    said = [
        translator(
            "{counted}, clearly more said yes among {a} than among {b} in {countries}, of the "
            "{count} {areas} tested.",
            counted=translator.of_study(wider.counted),
            a=more,
            b=fewer,
            countries=translator.enumeration(
                [name for code, name in names.items() if code in where]
            ),
            count=translator.number(
                row_count(len(pair.rows), f"{pair.where(wider.indicator)}/p_holm:any")
            ),
        )
        for more, fewer, where in (
            (a, b, higher),
            (b, a, {row["country"] for row in clear} - higher),
        )
        if where
    ]
    return Markdown(" ".join(said))


def _two_groups(
    compared: RegionalResults, indicator: str, labels: Labels, domains: Sequence[str]
) -> Pair | None:
    """Return the tested gaps of the first domain that has two groups; None of one country alone."""
    for domain in domains:
        kinds = kinds_of(compared, indicator, domain)
        if len(kinds) == 1 and len(kinds[0]) > 1:
            a, b = (labels.level(domain, kinds[0][0][end]) for end in ("level_a", "level_b"))
            return Pair(kinds[0], a, b)
    return None


def tiles(
    brief: Brief,
    translator: Translator[Markdown],
    compared: RegionalResults,
    names: Mapping[str, Markdown],
) -> list[TileText]:
    """Return the means of the countries for the tiles that are compared.

    Who counts with a bound alone is named.
    """
    found = []
    for tile in (*brief.tiles, *brief.compared):
        row = compared.averages(tile.indicator).get("equal_country")
        if row is None:
            continue
        said = translator.of_study(tile.text)
        if ends := range_of(row):
            named = _names(translator, _hidden(compared, tile.indicator), names, compared)
            said = translator("{text}; by a bound alone: {countries}", text=said, countries=named)
            found.append(range_tile(translator, ends, said))
        elif share := whole_of(row):
            found.append(tile_text(translator, share, said))
    return found
