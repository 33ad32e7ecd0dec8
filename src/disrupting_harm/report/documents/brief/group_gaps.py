"""What the tests between two groups, as girls and boys, found in the main number of a country."""

from disrupting_harm.provenance.addresses import without_sign
from disrupting_harm.report.findings.brief_definition import Lead
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.headings import (
    NOTHING,
    GapPoints,
    read_gap_points,
)
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.configuration.config import Configuration


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
