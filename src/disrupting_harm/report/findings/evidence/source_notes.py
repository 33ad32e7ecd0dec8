"""Notes below a table or figure of evidence: its source, and whether it is simulated."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.language.markdown import Markdown, format_caption, format_pipe_table
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds
from disrupting_harm.report.reading.rows import PublicRow


def describe_sources(translator: Translator[str], rows: Iterable[PublicRow]) -> str:
    """Return the sources of the rows in one sentence, each named once; empty without any."""
    listed_sources = _list_sources(translator, rows)
    return translator("Source: {source}.", source=listed_sources) if listed_sources else ""


def describe_simulated(translator: Translator[str], rows: Iterable[PublicRow]) -> str:
    """Return a sentence that says which rows are simulated; empty for facts."""
    rows = list(rows)
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return ""
    if kinds == {SIMULATED}:
        return translator("These figures are simulated: nobody counted them.")
    simulated_rows = [row for row in rows if row.get("data_kind") == SIMULATED]
    sources_of_facts = {row.get("source") for row in rows if row not in simulated_rows}
    if any(
        row.get("source") in sources_of_facts or not row.get("source") for row in simulated_rows
    ):
        return translator("Some of these figures are simulated: nobody counted those.")
    return translator(
        "The figures of these sources are simulated, nobody counted them: {source}.",
        source=_list_sources(translator, simulated_rows),
    )


def mark_simulated(
    translator: Translator[Markdown], text: str, rows: Iterable[PublicRow]
) -> Markdown:
    """Return words with "(simulated)" where the rows that they tell of are simulated."""
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return Markdown(text)
    detail = translator("simulated") if kinds == {SIMULATED} else translator("partly simulated")
    return translator("{name} ({detail})", name=text, detail=detail)


def mark_published(
    translator: Translator[Markdown], text: str, evidence: Evidence, rows: Iterable[PublicRow]
) -> Markdown:
    """Return words with "(published)" where their rows are, and others of the evidence are not."""
    simulated_too = any(
        SIMULATED in data_kinds(table_rows) for table_rows in evidence.tables.values()
    )
    if not simulated_too or data_kinds(rows) != {PUBLISHED}:
        return mark_simulated(translator, text, rows)
    return translator("{name} ({detail})", name=text, detail=translator("published"))


def _list_sources(translator: Translator[str], rows: Iterable[PublicRow]) -> str:
    """Return the sources of the rows, each once; they hold commas, so semicolons part them."""
    unique_sources = dict.fromkeys(row["source"] for row in rows if row.get("source"))
    return Markdown("; ".join(translate_source(translator, source) for source in unique_sources))


def translate_source(translator: Translator[str], source: str) -> str:
    """Return a source in the reader's language: its title as it is, what stands around translated.

    A figure of several sources has them joined; catalogues hold each by itself.
    """
    translated = translator.translate_or_keep(source)
    translated_singly = "; ".join(
        translator.translate_or_keep(single_source) for single_source in source.split("; ")
    )
    return translated_singly if translated == source else translated


def describe_origin(translator: Translator[str], rows: Sequence[PublicRow]) -> list[str]:
    """Return what is simulated of the rows, and where they come from, as sentences."""
    return [
        line
        for line in (describe_simulated(translator, rows), describe_sources(translator, rows))
        if line
    ]


def evidence_table(
    translator: Translator[Markdown],
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    caption: str,
    rows: Sequence[PublicRow],
    label: str,
    notes: Sequence[str] = (),
    texts: Sequence[int] = (0,),
) -> Markdown:
    """Return a table whose caption names the sources of its rows and says what is simulated.

    Args:
        header, body, widths, label, texts: as in :func:`.markdown.format_pipe_table`.
        caption: the caption, without its full stop.
        rows: the facts behind the table.
        notes: sentences that explain the table; empty ones are left out.
    """
    all_notes = [*notes, *describe_origin(translator, rows)]
    full_caption = format_caption(
        translator("{caption}.", caption=caption), [line for line in all_notes if line]
    )
    return format_pipe_table(
        header, body, widths, caption=full_caption, label=label, text_columns=texts
    )
