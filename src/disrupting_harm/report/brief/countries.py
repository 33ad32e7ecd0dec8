"""What the brief of the whole study says of all countries: no more than the comparison bears."""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import (
    COMPARE,
    address_of,
    counted,
    how_many,
    number_of,
    size_of,
    whole_number_of,
)
from disrupting_harm.report.brief.composition import (
    TileText,
    range_tile,
    share_sentence,
    tile_text,
)
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.brief.shares import printed_share
from disrupting_harm.report.claims import METHOD, SCOPE
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.printed_bounds import named_with_bound
from disrupting_harm.report.ranges import hidden_said, printed_range, range_of
from disrupting_harm.report.regional.gap_rows import tested_gaps, widest_open
from disrupting_harm.report.regional.results import RegionalResults, Row
from disrupting_harm.report.text import Text
from disrupting_harm.report.whole import in_order, span, whole_of

GIRLS_AND_BOYS = "domain:sex/level_a:girl/level_b:boy"


def compared_rows(brief: Brief, table: str) -> str:
    """Return the address of the rows of a table of the comparison that are of the main finding."""
    return f"{COMPARE}/{table}/indicator:{brief.lead.indicator}"


def set_apart(compared: RegionalResults, indicator: str) -> set[str]:
    """Return the countries whose number is not compared with the others."""
    judged = compared.rows("comparability", indicator=indicator)
    return {row["country"] for row in judged if row["comparable"] != "yes"}


def lead(
    brief: Brief,
    text: Text,
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
        return share_sentence(brief, shares[0], text, only)
    if not found:
        return Markdown("")
    least, *_, most = in_order(shares)
    said, ends = brief.lead.countries, span(text, shares)
    if least.small:
        said, ends["low"] = brief.lead.countries_from_fewer, text.number(least.limit)
    if said is None or most.small:
        return Markdown("")
    pattern = text.words.of_study(said)
    return Markdown(
        pattern.format(
            shown=text.number(how_many([address_of(share.estimate) for share in shares])),
            all=text.number(all_),
            **ends,
        )
    )


def average(brief: Brief, text: Text, compared: RegionalResults) -> Markdown:
    """Return the mean of the countries that are comparable, each counted the same.

    That in which each child counts the same follows, where it is of the same countries.
    """
    averages = compared.averages(brief.lead.indicator)
    row, by_child = averages.get("equal_country"), averages.get("population_weighted")
    if row is None:
        return Markdown("")
    if by_child and by_child["countries"] == row["countries"]:
        return text(
            "On average over the {count} {areas} compared it is {share} where each {area} "
            "counts the same, and {other} where each counts by its number of {respondents}.",
            count=text.number(number_of(row["countries"])),
            share=_share_or_range(text, row),
            other=_share_or_range(text, by_child),
        )
    return text(
        "On average over the {count} {areas} compared, each counted the same, it is {share}.",
        count=text.number(number_of(row["countries"])),
        share=_share_or_range(text, row),
    )


def _share_or_range(text: Text, row: Row) -> Markdown:
    """Return an average with its interval: one number, or the range that it lies in."""
    ends, share = range_of(row), whole_of(row)
    if ends:
        return printed_range(text, ends)
    return printed_share(text, share) if share else Markdown("–")


def hidden_in_averages(
    brief: Brief, text: Text, compared: RegionalResults, names: Mapping[str, Markdown]
) -> Markdown:
    """Return how countries that are hidden count in the averages; empty where none is."""
    hidden = _hidden(compared, brief.lead.indicator)
    averages = compared.averages(brief.lead.indicator).values()
    return hidden_said(text, hidden, averages, lambda rows: _names(text, rows, names, compared))


def _hidden(compared: RegionalResults, indicator: str) -> list[Row]:
    """Return the rows of an indicator that can be compared, and have no printed estimate."""
    apart = set_apart(compared, indicator)
    rows = compared.rows("prevalence", indicator=indicator)
    return [row for row in rows if row["country"] not in apart and not row["estimate"]]


def _names(
    text: Text, rows: Sequence[Row], names: Mapping[str, Markdown], compared: RegionalResults
) -> Markdown:
    """Return the countries' names with the bounds that are printed of them."""
    own = {row["country"]: row for row in rows}
    return text.enumeration(
        [
            named_with_bound(text, own[code], name, compared.coded)
            for code, name in names.items()
            if code in own
        ]
    )


def pairs(brief: Brief, text: Text, compared: RegionalResults) -> Markdown:
    """Return how many pairs of countries differ, tested together; empty with fewer than two."""
    rows = compared.rows("pairwise", indicator=brief.lead.indicator)
    if len(rows) < 2:
        return Markdown("")
    clear = sum(row["clear"] == "True" for row in rows)
    where = compared_rows(brief, "pairwise")
    return text(
        "Tested together, {clear} of the {pairs} pairs of {areas} clearly differ.",
        clear=text.number(counted(clear, f"{where}/clear:True")),
        pairs=text.number(counted(len(rows), where)),
    )


def first(
    brief: Brief, text: Text, compared: RegionalResults, names: Mapping[str, Markdown]
) -> Markdown:
    """Return which countries may stand first, as far as the rank sets tell."""
    rows = compared.rows("rank_sets", indicator=brief.lead.indicator, method=METHOD, scope=SCOPE)
    flagged = {row["country"] for row in rows if row["may_be_highest"] == "True"}
    may = [name for code, name in names.items() if code in flagged]
    where = f"{compared_rows(brief, 'rank_sets')}/method:{METHOD}/scope:{SCOPE}"
    if len(may) < 2:
        return Markdown("")
    return text(
        "Of the {all} {areas} with an estimate to compare, any of {count} may stand first: "
        "{names}; the surveys do not say which.",
        all=text.number(counted(len(rows), where)),
        count=text.number(
            counted(
                len(may),
                f"{where}/may_be_highest:True",
            )
        ),
        names=text.enumeration(may),
    )


def gap(brief: Brief, text: Text, compared: RegionalResults, subject: Markdown) -> Markdown:
    """Return in how many countries a tested difference between girls and boys is clear.

    Of one country alone its own brief tells: nothing is returned.

    Args:
        brief, text: what briefs say, and the language.
        compared: the comparison of countries.
        subject: what the main finding counts, in a few words: others may show another picture.
    """
    tested = _girls_and_boys(compared, brief.lead.indicator)
    if len(tested) < 2:
        return Markdown("")
    where = f"{compared_rows(brief, 'gaps')}/{GIRLS_AND_BOYS}"
    clear = counted(sum(row["clear"] == "True" for row in tested), f"{where}/clear:True")
    count = text.number(counted(len(tested), f"{where}/p_holm:any"))
    values = {"subject": subject, "count": count}
    if clear == 0 and (widest := widest_open(tested)):
        return text(
            "Girls and boys, “{subject}”: a clear difference in none of the {count} {areas} "
            "tested, though a difference of up to {points} points would still fit.",
            points=text.number(size_of(whole_number_of(widest[1]))),
            **values,
        )
    return text(
        "Girls and boys, “{subject}”: a clear difference in {clear} of the {count} {areas} tested.",
        clear=text.number(clear),
        **values,
    )


def named_in_pictures(brief: Brief, labels: Labels, text: Text) -> Markdown:
    """Return what pictures of briefs call the main finding."""
    name = brief.lead.indicator
    own = [picture.labels[name] for picture in brief.pictures if name in picture.labels]
    return text.of_study(own[0]) if own else labels.short(name)


def wider_gap(
    brief: Brief, text: Text, compared: RegionalResults, names: Mapping[str, Markdown]
) -> Markdown:
    """Return where girls and boys clearly differ by the indicator that counts more, if anywhere."""
    wider = brief.lead.wider
    tested = _girls_and_boys(compared, wider.indicator) if wider else []
    clear = {row["country"]: row["difference"] for row in tested if row["clear"] == "True"}
    if wider is None or len(tested) < 2 or not clear:
        return Markdown("")
    where = f"{COMPARE}/gaps/indicator:{wider.indicator}/{GIRLS_AND_BOYS}/p_holm:any"
    values = {
        "counted": text.of_study(wider.counted),
        "count": text.number(counted(len(tested), where)),
    }
    more = [name for code, name in names.items() if float(clear.get(code) or 0) > 0]
    fewer = [name for code, name in names.items() if float(clear.get(code) or 0) < 0]
    said = []
    if more:
        said.append(
            text(
                "{counted}, clearly more girls than boys said yes in {countries}, of the "
                "{count} {areas} tested.",
                countries=text.enumeration(more),
                **values,
            )
        )
    if fewer:
        said.append(
            text(
                "{counted}, clearly more boys than girls said yes in {countries}, of the "
                "{count} {areas} tested.",
                countries=text.enumeration(fewer),
                **values,
            )
        )
    return Markdown(" ".join(said))


def _girls_and_boys(compared: RegionalResults, indicator: str) -> list[Row]:
    """Return the tested differences between girls and boys."""
    rows = compared.rows("gaps", indicator=indicator, domain="sex", level_a="girl", level_b="boy")
    return tested_gaps(rows)


def tiles(
    brief: Brief, text: Text, compared: RegionalResults, names: Mapping[str, Markdown]
) -> list[TileText]:
    """Return the means of the countries for the tiles that are compared.

    Who counts with a bound alone is named.
    """
    found = []
    for tile in (*brief.tiles, *brief.compared):
        row = compared.averages(tile.indicator).get("equal_country")
        if row is None:
            continue
        said = text.of_study(tile.text)
        if ends := range_of(row):
            named = _names(text, _hidden(compared, tile.indicator), names, compared)
            said = text("{text}; by a bound alone: {countries}", text=said, countries=named)
            found.append(range_tile(text, ends, said))
        elif share := whole_of(row):
            found.append(tile_text(text, share, said))
    return found
