"""The names that the template of a brief uses, with their values for one country and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    cell_count,
    derive_number,
    with_address_of,
    without_sign,
)
from disrupting_harm.report.documents.brief.brief_actions import describe_brief_actions
from disrupting_harm.report.documents.brief.source_counts import describe_last_counts
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.actions import describe_actions
from disrupting_harm.report.findings.brief_definition import Brief, Lead, Tile, WiderShare
from disrupting_harm.report.findings.conditions import (
    list_addresses_of_both_sides,
    match_disagreements,
)
from disrupting_harm.report.findings.country_sentences import (
    SMALL,
    ShortSentences,
    describe_children,
    describe_rounding,
    format_share_with_interval,
    format_tile_bar,
    format_tile_number,
    read_silence,
)
from disrupting_harm.report.findings.headings import (
    NOTHING,
    GapPoints,
    join_sentences,
    read_gap_points,
)
from disrupting_harm.report.findings.order_claims import (
    describe_other_ages,
    is_set_apart,
    select_decisive_reasons,
    translate_reason,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.standing import (
    describe_standing,
    describe_undecided,
    find_standing,
)
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.labels import Labels, format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown, format_picture
from disrupting_harm.report.language.printed_bounds import format_bound_tile
from disrupting_harm.report.language.ranges import Range, format_ends, format_limits
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SUPPRESS_DISCLOSURE


@dataclass(frozen=True)
class ComparisonOfCountry:
    """Rows of the comparison that are about the lead of one country; None where there is none.

    ``children`` and ``everybody`` (those who do not use the internet, too) are of
    ``denominators.csv``, ``missing`` of ``bounds.csv``; ``apart`` is why the
    ledger sets the country apart, and empty where it does not, or where its survey did not ask.
    ``others`` are rows on all countries, by table: those that tell where a country stands.
    """

    children: PublicRow | None
    missing: PublicRow | None
    apart: str = ""
    others: Mapping[str, Sequence[PublicRow]] = field(default_factory=dict)
    everybody: PublicRow | None = None


def read_comparison_of_country(folder: Path, country: str, indicator: str) -> ComparisonOfCountry:
    """Return what the comparison says of one indicator of a country."""

    def find_row(table: str, **keys: str) -> PublicRow | None:
        path = folder / f"{table}.csv"
        if not path.is_file():  # the study has no such table
            return None
        key = {"country": country, "indicator": indicator, **keys}
        rows = read_public_rows(path, (country,), compared=True)
        return next(
            (
                candidate
                for candidate in rows
                if all(candidate[column] == value for column, value in key.items())
            ),
            None,
        )

    return ComparisonOfCountry(
        children=find_row("denominators", denominator="internet_using_children"),
        missing=find_row("bounds"),
        everybody=find_row("denominators", denominator="all_children"),
        apart=_reason_set_apart(find_row("comparability", comparable="no")),
        others={
            table: [
                row
                for row in read_public_rows(path, compared=True)
                if row["indicator"] == indicator
            ]
            for table in ("pairwise", "prevalence", "comparability")
            if (path := folder / f"{table}.csv").is_file()
        },
    )


def _reason_set_apart(row: PublicRow | None) -> str:
    return select_decisive_reasons(row["reason"]) if row and is_set_apart(row) else ""


@dataclass(frozen=True)
class TileText:
    """A tile as printed: its number or the reason why there is none, its words, its bar."""

    number: Markdown
    text: Markdown
    bar: str  # attributes of the div; empty where no number is printed


@dataclass(frozen=True)
class TileGroupText:
    """Tiles below the words that say of whom their numbers are."""

    base: Markdown
    tiles: tuple[TileText, ...]


def compose_brief(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    plain_translator: Translator[str],
    results: Results,
    brief: Brief,
    of_comparison: ComparisonOfCountry,
    pictures: Mapping[str, FigureRecord],
    country_names: Mapping[str, str],
    recommendations: Recommendations | None = None,
) -> dict[str, Any]:
    """Return the names that the template of a brief uses.

    Args:
        of_comparison: what the comparison says of the country's main finding.
        pictures: those that were drawn.
        country_names: of all countries of the study inside a sentence, by code.
        recommendations: of the study, of which the actions are.
    """
    translator = plain_translator.with_markup(MARKDOWN)
    area = add_addresses_to_fields(area, f"{area.country}/country")
    config = add_addresses_to_fields(config, STUDY)
    name_values = {
        "country": translator.country_in_text(area.country, area.name_in_text or area.name),
        "population": translator.of_study(config.study.population),
    }
    labels = Labels(codebook, translator)
    sentences = ShortSentences(translator, labels, results, name_values)
    main = results.cell(brief.lead.indicator)
    main_indicator = labels.definition(brief.lead.indicator)
    return {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        **name_values,
        "study": config.study,
        "config": config,
        "helpline": area.helpline if area.helpline_confirmed else None,
        "lead": describe_main_finding(brief, results, sentences, translator, name_values),
        "fieldwork": area.fieldwork,
        "survey_year": area.survey_year,
        "meaning": translator.of_study(brief.lead.meaning),
        "share": main.percent,
        "one_in": bool(main.percent and _is_one_in(brief, main.percent)),
        "bound": sentences.explain_bound(main),
        "apart": of_comparison.apart and translate_reason(plain_translator, of_comparison.apart),
        "ages": describe_other_ages(plain_translator, of_comparison.apart, area.age_range),
        "standing": describe_place(
            translator, of_comparison, brief.lead.indicator, area.country, country_names
        ),
        "children": join_sentences(
            [
                children := describe_children(translator, of_comparison.children),
                describe_rounding(translator, main) if children else children,
                *_describe_share_of_everybody(translator, of_comparison.everybody),
            ]
        ),
        "tile_groups": [
            TileGroupText(
                translator.of_study(group.base),
                tuple(_format_tile(tile, results, translator, sentences) for tile in group.tiles),
            )
            for group in brief.tiles
        ],
        "notes": join_sentences(
            [
                *(translator.of_study(group.note) for group in brief.tiles if group.note),
                *(
                    [describe_wider_share(brief.lead.wider, results, translator)]
                    if main.percent
                    else []
                ),
                *describe_groups(brief.lead, config, labels, results, translator),
            ]
        ),
        "picture": lambda name: place_picture(pictures.get(name)),
        "pictures": [picture.id for picture in brief.pictures if picture.id in pictures],
        "silence": main_indicator.silence,
        "evidence": results.evidence.tables,
        "asked": describe_brief_actions(
            describe_actions(results, translator, recommendations, sentences, name_values),
            translator,
            name_values["country"],
            area.country,
            config.study.simulated,
        )
        if recommendations
        else None,
        "seen": describe_last_counts(
            translator,
            results.evidence,
            list_addresses_of_both_sides(match_disagreements(recommendations, results.evidence))
            if recommendations
            else frozenset(),
        ),
        "quality": results.quality,
        "confidence": sentences.confidence,
        "silent": _describe_nonresponse(
            translator, of_comparison.missing, bool(main_indicator.any_of), sentences.confidence
        ),
        "outside": _describe_uncovered(area, translator),
    }


def _describe_share_of_everybody(
    translator: Translator[Markdown], row: PublicRow | None
) -> list[Markdown]:
    """Return the share with those who do not use the internet; nothing where none is printed."""
    share = read_percent_interval(row) if row and row["estimate"] else None
    if row is None or share is None or share.small:
        return []
    if share.estimate < SMALL:
        # Of a small share a whole per cent hides too much beside the number of children.
        x, low, high = (
            translator.percent(row.number(name), 1) for name in ("estimate", "ci_low", "ci_high")
        )
    else:
        x, low, high = (
            translator.of_100(end, share.some) for end in (share.estimate, share.low, share.high)
        )
    return [
        translator(
            "Counting those offline as not affected, it is {x} of 100 ({low} to {high}).",
            x=x,
            low=low,
            high=high,
        )
    ]


def describe_place(
    translator: Translator[Markdown],
    of_comparison: ComparisonOfCountry,
    indicator: str,
    country: str,
    country_names: Mapping[str, str],
) -> Markdown:
    """Return where a country stands by its main number; empty where the study compares nothing."""
    pairs = of_comparison.others.get("pairwise", ())
    if not pairs:
        return NOTHING
    standing = find_standing(pairs, indicator, country)
    if len(standing.tested) < 2:
        return describe_standing(
            translator, of_comparison.others, indicator, country, country_names
        )
    all_others = translator.number(cell_count([*standing.tested.values()]))
    sentences = []
    if standing.above:
        sentences.append(
            translator(
                "The share is clearly higher than in {count} of {all} other {areas}.",
                count=translator.number(cell_count([*standing.above.values()])),
                all=all_others,
            )
        )
    if standing.below:
        sentences.append(
            translator(
                "The share is clearly lower than in {count} of {all} other {areas}.",
                count=translator.number(cell_count([*standing.below.values()])),
                all=all_others,
            )
        )
    if not standing.differing:
        sentences.append(
            translator("No clear difference from any of the {all} other {areas}.", all=all_others)
        )
    elif standing.undecided:
        sentences.append(describe_undecided(translator, standing, country_names))
    untested = sorted(
        (
            _name_with_reason(translator, of_comparison, code, name)
            for code, name in country_names.items()
            if code != country and code not in standing.tested
        ),
        key=build_sort_key,
    )
    if untested:
        sentences.append(
            translator("Not compared: {countries}.", countries=translator.enumeration(untested))
        )
    return join_sentences(sentences)


def _name_with_reason(
    translator: Translator[Markdown], of_comparison: ComparisonOfCountry, code: str, name: str
) -> Markdown:
    """Return a country that was not tested, and why in a few words."""
    row, ledger_row = (
        next((row for row in of_comparison.others.get(table, ()) if row["country"] == code), None)
        for table in ("prevalence", "comparability")
    )
    if row is None or row["status"] == NOT_ASKED:
        return translator("{country} (not asked)", country=name)
    if ledger_row is not None and is_set_apart(ledger_row):
        return translator("{country} (asked otherwise)", country=name)
    if str(row["shown"])[:1] in ("<", ">"):
        return translator("{country} (only a bound)", country=name)
    return translator("{country} (not published)", country=name)


def describe_groups(
    lead: Lead,
    config: Configuration,
    labels: Labels,
    results: Results,
    translator: Translator[Markdown],
) -> list[Markdown]:
    """Return what the test between two groups found in the main finding, and what it leaves open.

    It is told of the first domain of the configuration with two groups; of none, where no
    difference of the country was tested. A clear difference by the wider indicator stands first:
    who reads that nothing differs would take it for all that was told. Where the wider one alone
    was tested, its test is told whatever it found.
    """
    rows = results.comparison_rows.get("gaps", ())
    for domain in config.comparison.gaps:
        of_domain = [row for row in rows if row["domain"] == domain]
        of_lead = [row for row in of_domain if row["indicator"] == lead.indicator]
        of_wider = [
            row for row in of_domain if lead.wider and row["indicator"] == lead.wider.indicator
        ]
        if len(of_lead or of_wider) != 1:
            continue
        sentences = [_describe_wider_gap(row, labels, results, translator) for row in of_wider]
        if of_lead:
            return [*sentences, *_describe_main_gap(of_lead[0], labels, translator)]
        return sentences if any(sentences) else _describe_lone_gap(of_wider[0], labels, translator)
    return []


def _describe_wider_gap(
    gap: PublicRow, labels: Labels, results: Results, translator: Translator[Markdown]
) -> Markdown:
    """Return which of two groups said the wider thing clearly more often; empty where none did."""
    points, domain = read_gap_points(gap), gap["domain"]
    if points is None or not points.clear:
        return NOTHING
    levels = [gap["level_a"], gap["level_b"]]
    more, less = levels if points.difference > 0 else levels[::-1]
    share, other = (results.cell(gap["indicator"], domain, name).percent for name in (more, less))
    if share is None or other is None:
        return NOTHING
    return translator(
        "By this wider number {more} said so clearly more often than {less}: {share} and {other}.",
        more=Markdown(format_inside_sentence(labels.level(domain, more))),
        less=Markdown(format_inside_sentence(labels.level(domain, less))),
        share=format_share_with_interval(translator, share),
        other=format_share_with_interval(translator, other),
    )


def _describe_lone_gap(
    gap: PublicRow, labels: Labels, translator: Translator[Markdown]
) -> list[Markdown]:
    """Return that the wider thing alone was tested, without a clear difference."""
    points, domain = read_gap_points(gap), gap["domain"]
    if points is None or points.clear:
        return []
    a, b = (
        Markdown(format_inside_sentence(labels.level(domain, gap[column])))
        for column in ("level_a", "level_b")
    )
    return [
        translator(
            "Between {a} and {b} only the wider number was tested: they do not clearly differ.",
            a=a,
            b=b,
        ),
        _describe_largest_gap(points, translator),
    ]


def _describe_largest_gap(points: GapPoints, translator: Translator[Markdown]) -> Markdown:
    return translator.plural(
        "A gap of up to {points} point is still possible.",
        "A gap of up to {points} points is still possible.",
        points.largest,
        points=translator.number(points.largest),
    )


def _describe_main_gap(
    gap: PublicRow, labels: Labels, translator: Translator[Markdown]
) -> list[Markdown]:
    points, domain = read_gap_points(gap), gap["domain"]
    if points is None:
        return []
    a, b = (labels.level(domain, gap[column]) for column in ("level_a", "level_b"))
    values = {"A": a, "b": Markdown(format_inside_sentence(b))}
    if not points.clear:
        return [
            translator(
                "In the main number, {a} and {b} do not clearly differ.",
                a=Markdown(format_inside_sentence(a)),
                b=values["b"],
            ),
            _describe_largest_gap(points, translator),
        ]
    size = without_sign(points.difference)
    values["points"] = translator.number(size)
    if points.difference > 0:
        return [
            translator.plural(
                "{A} said so clearly more often than {b}: the gap is {points} point.",
                "{A} said so clearly more often than {b}: the gap is {points} points.",
                size,
                **values,
            )
        ]
    return [
        translator.plural(
            "{A} said so clearly less often than {b}: the gap is {points} point.",
            "{A} said so clearly less often than {b}: the gap is {points} points.",
            size,
            **values,
        )
    ]


def describe_main_finding(
    brief: Brief,
    results: Results,
    sentences: ShortSentences,
    translator: Translator[Markdown],
    name_values: dict[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding, or why there is none."""
    cell = results.cell(brief.lead.indicator)
    if share := cell.percent:
        return describe_share(brief, share, translator, name_values)
    if cell.bound and cell.bound[0] == "<":
        bound = translator.number(with_address_of(round(100 * cell.bound[1]), cell.bound[1]))
        sentence = translator(brief.lead.fewer, **name_values, x=bound)
    else:
        sentence = sentences.say(brief.lead.indicator, "")
    wider = describe_wider_share(brief.lead.wider, results, translator)
    return Markdown(f"{sentence} {wider}".rstrip())


def describe_wider_share(
    wider: WiderShare | None, results: Results, translator: Translator[Markdown]
) -> Markdown:
    """Return the share of the indicator that counts more; empty where it has none."""
    share = results.cell(wider.indicator).percent if wider else None
    if wider is None or share is None:
        return Markdown("")
    return translator.fill_sentence(
        wider.sentence, {"share": format_share_with_interval(translator, share)}
    )


def describe_share(
    brief: Brief,
    share: PercentInterval,
    translator: Translator[Markdown],
    name_values: Mapping[str, Markdown],
) -> Markdown:
    """Return the sentence of the main finding of one country, as a simple share where one fits."""
    if share.small:
        pattern, values = brief.lead.fewer, {"x": translator.number(share.limit)}
    elif brief.lead.one_in and share.one_in:
        pattern, values = brief.lead.one_in, {"k": translator.number(share.one_in)}
    else:
        pattern, values = brief.lead.in_100, {"x": translator.number(share.estimate)}
    return translator(pattern, **name_values, **values)


def _is_one_in(brief: Brief, share: PercentInterval) -> bool:
    """Return whether the main finding is said as "1 in k"."""
    return bool(brief.lead.one_in and share.one_in and not share.small)


def _format_tile(
    tile: Tile, results: Results, translator: Translator[Markdown], sentences: ShortSentences
) -> TileText:
    cell = results.cell(tile.indicator)
    share, caption = cell.percent, translator.of_study(tile.text)
    if share:
        return format_share_tile(translator, share, caption)
    if cell.bound:
        return TileText(*format_bound_tile(translator, cell.bound, caption, results.coded), "")
    if cell.status == NOT_ASKED:
        caption = translator("This survey did not ask how many {did}.", did=caption)
    elif cell.status == NOBODY_INTERVIEWED:
        caption = Markdown(f"{caption}. {sentences.say(tile.indicator, '')}")
    elif cell.status == SUPPRESS_DISCLOSURE:
        caption = translator("{said} (to protect those who answered)", said=caption)
    else:
        caption = translator("Too few answered to say how many {did}.", did=caption)
    return TileText(translator("Not shown"), caption, "")


def format_share_tile(
    translator: Translator[Markdown], share: PercentInterval, caption: Markdown
) -> TileText:
    """Return a tile of a share, with its bar."""
    return TileText(format_tile_number(translator, share), caption, format_tile_bar(share))


def format_range_tile(translator: Translator[Markdown], ends: Range, caption: Markdown) -> TileText:
    """Return a tile of a range of shares, with its interval; a bar needs one estimate."""
    limits = format_limits(translator, ends)
    return TileText(Markdown(f"{format_ends(translator, ends)} [{limits}]{{.limits}}"), caption, "")


def place_picture(drawn_picture: FigureRecord | None) -> Markdown:
    """Return a picture with its alternative text; empty where none was drawn."""
    if drawn_picture is None:
        return Markdown("")
    look = "width=100%"
    look += f' phone="figures/{drawn_picture.phone}"' if drawn_picture.phone else ""
    path = f"figures/{drawn_picture.id}"
    return format_picture("", path, look, drawn_picture.alt, drawn_picture.addresses)


def _describe_nonresponse(
    translator: Translator[Markdown], row: PublicRow | None, composite: bool, confidence: Markdown
) -> Markdown:
    """Return what may be with chance and with whatever those without an answer would have said.

    Nothing is said where everybody answered, or all but fewer than one in two hundred.

    Args:
        row: of ``bounds.csv``; None where the bounds may not be printed, or are not compared.
        composite: whether the main finding is made of several questions. Children who left one
            open are then counted, with the share of yes among children with the same other answers.
        confidence: of the limits, in per cent.
    """
    nonresponse = read_silence(row)
    if nonresponse is None:
        return translator("What those who gave no valid answer would have said is not known.")
    if nonresponse.missing < 1:
        return Markdown("")
    missing = translator.with_sign(nonresponse.missing)
    if composite:
        sentence = translator("{share} left a question open.", share=missing)
    else:
        sentence = translator("{share} did not answer.", share=missing)
    return Markdown(f"{sentence} {nonresponse.describe_limits(translator, confidence)}")


def _describe_uncovered(area: Country, translator: Translator[Markdown]) -> Markdown:
    """Return who was not asked."""
    if area.internet_use_rate is None:
        return Markdown("")
    share = translator.number(
        derive_number(
            "remainder", round(100 * (1 - area.internet_use_rate)), [area.internet_use_rate]
        )
    )
    if is_invented(area.internet_use_source):
        return translator(
            "Not asked: {respondents} who do not use the internet ({share} of 100, invented for "
            "this simulation), and {respondents} who live outside households.",
            share=share,
        )
    return translator(
        "Not asked: {respondents} who are offline ({share} of 100) or outside households.",
        share=share,
    )
