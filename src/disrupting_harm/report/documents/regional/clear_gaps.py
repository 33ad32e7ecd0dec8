"""The table of all answers in which groups clearly differ in some area, with their names."""

from collections.abc import Iterator, Sequence

from disrupting_harm.provenance.addresses import address_of, cell_count
from disrupting_harm.report.documents.regional.headline_indicator import (
    Answer,
    HeadlineIndicator,
)
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.markdown import Markdown, format_caption, format_pipe_table
from disrupting_harm.report.reading.gap_rows import (
    list_group_keys,
    select_ends_of_bands,
    select_gaps_of_domain,
)
from disrupting_harm.report.reading.rows import PublicRow

LEVELS = ("level_a", "level_b")
WIDTHS = (22, 26, 42, 10)


def answer_where_other_answers_differ(
    headline: HeadlineIndicator, told_domains: Sequence[str], origin: str
) -> Answer | None:
    """Return the answer on all indicators with a clear gap; None where no gap is clear.

    Of several bands the first and the last are compared. Another composite of its own series has no
    row: side by side both would be read as one.

    Args:
        told_domains: of which the answers before tell the gaps of the main indicator.
        origin: the sentences that end the caption: the source, and whether it is simulated.
    """
    translator = headline.translator
    body = [
        row
        for subject, rows in _list_clear_kinds(headline, told_domains)
        for row in _format_rows(subject, rows)
    ]
    if not body:
        return None
    header = (
        translator("Answer"),
        translator("Which group"),
        translator("Where it is clear"),
        translator("Clear in"),
    )
    caption = format_caption(
        translator("{caption}.", caption=translator("In which {areas} groups clearly differ")),
        [
            translator("In each row, all {areas} were tested together."),
            translator("Of ages or other bands, the first and the last are compared."),
            origin,
        ],
    )
    return Answer(
        "other-gaps",
        Markdown(""),
        translator("Other answers in which groups clearly differ"),
        "plain",
        headline.address_of_rows("gaps"),
        table=format_pipe_table(
            header, body, WIDTHS, caption=caption, label="tbl-other-gaps", text_columns=(0, 1, 2)
        ),
    )


def _list_clear_kinds(
    headline: HeadlineIndicator, told_domains: Sequence[str]
) -> Iterator[tuple[HeadlineIndicator, Sequence[PublicRow]]]:
    """Return each indicator with the tested rows of two groups, if some are clear."""
    wording = headline.wording
    labels = wording.labels
    for indicator in wording.results.indicators():
        if len(labels.series([indicator, headline.indicator])) > 1:
            continue
        subject = HeadlineIndicator(wording, indicator, headline.said, headline.population)
        for domain in labels.domains():
            if indicator == headline.indicator and domain in told_domains:
                continue
            for rows in select_gaps_of_domain(wording.results, indicator, domain):
                of_ends = select_ends_of_bands(rows, labels.known_levels)
                if any(row["clear"] == "True" for row in of_ends):
                    yield subject, of_ends


def _format_rows(
    subject: HeadlineIndicator, rows: Sequence[PublicRow]
) -> Iterator[tuple[Markdown, ...]]:
    """Return a row for each direction in which two groups clearly differ somewhere."""
    wording, translator = subject.wording, subject.translator
    domain, keys = rows[0]["domain"], list_group_keys(rows[0])
    first, second = (wording.labels.level(domain, rows[0][name]) for name in LEVELS)
    tested = subject.count(rows, "gaps", *keys, "p_holm:any")
    clear = [row for row in rows if row["clear"] == "True"]
    higher = [row for row in clear if row.number("difference") > 0]
    lower = [row for row in clear if row.number("difference") < 0]
    for rows_of_direction, more, less in ((higher, first, second), (lower, second, first)):
        if rows_of_direction:
            yield (
                wording.labels.short(subject.indicator),
                translator(
                    "{more} more often than {less}", more=more, less=format_inside_sentence(less)
                ),
                wording.countries([row["country"] for row in rows_of_direction]),
                translator(
                    "{clear} of {n}",
                    clear=translator.number(
                        cell_count([address_of(row["difference"]) for row in rows_of_direction])
                    ),
                    n=tested,
                ),
            )
