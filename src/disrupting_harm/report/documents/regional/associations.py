"""What goes with what over all areas, in the study's words, with odds ratios and their areas."""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import COMPARE, row_count
from disrupting_harm.report.documents.regional.headline_indicator import Answer
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.region_definition import RegionalAssociation
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.rows import PublicRow

TABLE = "associations"


def answer_what_goes_together(
    wording: ComparisonFormatter,
    words: Sequence[RegionalAssociation],
    terms: Sequence[str],
    alpha: Markdown,
) -> Answer | None:
    """Return the answer from the pooled odds ratios; None without any.

    Args:
        words: the study's sentences for pairs of answers; a pair without any is only counted.
        terms: domains in which those compared are alike.
        alpha: the level of the tests in per cent.
    """
    translator = wording.translator
    rows = [row for row in wording.results.rows(TABLE) if row["ratio"]]
    if not rows:
        return None
    clear = [row for row in rows if row["clear"] == "True"]
    address = f"{COMPARE}/{TABLE}"
    count = translator(
        "Links between two answers: {clear} clear of {all} tested.",
        clear=translator.number(row_count(len(clear), f"{address}/clear:True")),
        all=translator.number(row_count(len(rows), address)),
    )
    sentences, sizes = _describe_associations(wording, clear, words)
    alike = [Markdown(format_inside_sentence(wording.labels.domain(name))) for name in terms]
    margin = [
        translator("**Tested:** all pairs of one outcome at once, at {alpha} per cent (Holm).",
                   alpha=alpha),
        *([translator("**Compared:** {respondents} alike in {terms}.",
                      terms=translator.enumeration(alike))] if alike else []),
        translator("Odds ratios are in the data book."),
        *([translator("An odds ratio of 1: no link.")] if sentences else []),
    ]  # fmt: skip
    return Answer(
        "associations",
        translator("What goes with what?"),
        join_sentences(sentences) if sentences else count,
        "associations",
        f"{address}/clear:True",
        (join_sentences([count, *sizes]),) if sentences else (),
        sure=translator("**How sure?** Answers of one day do not say what came first, nor why."),
        margin=(join_sentences(margin),),
    )


def _describe_associations(
    wording: ComparisonFormatter, rows: Sequence[PublicRow], words: Sequence[RegionalAssociation]
) -> tuple[list[Markdown], list[Markdown]]:
    """Return a sentence on each pair that clearly goes together and has words, and their sizes."""
    words_by_pair = {(entry.indicator, entry.characteristic): entry for entry in words}
    sentences, sizes = [], []
    for row in rows:
        entry = words_by_pair.get((row["indicator"], row["characteristic"]))
        if entry:
            sentence = entry.more if row.number("ratio") > 1 else entry.less
            sentences.append(wording.translator.of_study(sentence))
            sizes.append(_describe_size(wording, row))
    return sentences, sizes


def _describe_size(wording: ComparisonFormatter, row: PublicRow) -> Markdown:
    """Return an odds ratio with its areas and, where it is known, its range in another area."""
    translator = wording.translator

    def number(column: str) -> Markdown:
        return translator.number(row.number(column), 2)

    size = translator(
        "“{characteristic}” and “{outcome}”: in {n} {areas} together the odds ratio is {ratio} "
        "({low} to {high}).",
        characteristic=wording.labels.short(row["characteristic"]),
        outcome=wording.labels.short(row["indicator"]),
        n=translator.number(row.whole_number("countries")),
        ratio=number("ratio"),
        low=number("ci_low"),
        high=number("ci_high"),
    )
    if not (row["prediction_low"] and row["prediction_high"]):
        return size
    is_open = row.number("prediction_low") < 1 < row.number("prediction_high")
    elsewhere = translator(
        "In a similar {area} that was not surveyed it could be {low} to {high}, so perhaps no link."
        if is_open
        else "In a similar {area} that was not surveyed it could be {low} to {high}.",
        low=number("prediction_low"),
        high=number("prediction_high"),
    )
    return join_sentences([size, elsewhere])
