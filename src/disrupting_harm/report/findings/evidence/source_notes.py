"""Notes below a table or figure of evidence: its source, and whether it is simulated."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.language.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, Row, data_kinds


def sources(translator: Translator[str], rows: Iterable[Row]) -> str:
    """Return the sources of the rows in one sentence, each named once; empty without any."""
    named = _named(translator, rows)
    return translator("Source: {source}.", source=named) if named else ""


def simulated(translator: Translator[str], rows: Iterable[Row]) -> str:
    """Return a sentence that says which rows are simulated; empty for facts."""
    rows = list(rows)
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return ""
    if kinds == {SIMULATED}:
        return translator("These figures are simulated: nobody counted them.")
    own = [row for row in rows if row.get("data_kind") == SIMULATED]
    others = {row.get("source") for row in rows if row not in own}
    if any(row.get("source") in others or not row.get("source") for row in own):
        return translator("Some of these figures are simulated: nobody counted those.")
    return translator(
        "The figures of these sources are simulated, nobody counted them: {source}.",
        source=_named(translator, own),
    )


def marked(translator: Translator[Markdown], said: str, rows: Iterable[Row]) -> Markdown:
    """Return words with "(simulated)" where the rows that they tell of are simulated."""
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return Markdown(said)
    detail = translator("simulated") if kinds == {SIMULATED} else translator("partly simulated")
    return translator("{name} ({detail})", name=said, detail=detail)


def real(
    translator: Translator[Markdown], said: str, evidence: Evidence, rows: Iterable[Row]
) -> Markdown:
    """Return words with "(published)" where their rows are, and others of the evidence are not."""
    simulated_too = any(SIMULATED in data_kinds(own) for own in evidence.tables.values())
    if not simulated_too or data_kinds(rows) != {PUBLISHED}:
        return marked(translator, said, rows)
    return translator("{name} ({detail})", name=said, detail=translator("published"))


def _named(translator: Translator[str], rows: Iterable[Row]) -> str:
    """Return the sources of the rows, each once; they hold commas, so semicolons part them."""
    named = dict.fromkeys(row["source"] for row in rows if row.get("source"))
    return Markdown("; ".join(source_said(translator, source) for source in named))


def source_said(translator: Translator[str], source: str) -> str:
    """Return a source in the reader's language: its title as it is, what stands around translated.

    A figure of several sources has them joined; catalogues hold each by itself.
    """
    whole = translator.plain(source)
    joined = "; ".join(translator.plain(part) for part in source.split("; "))
    return joined if whole == source else whole


def origin(translator: Translator[str], rows: Sequence[Row]) -> list[str]:
    """Return what is simulated of the rows, and where they come from, as sentences."""
    return [line for line in (simulated(translator, rows), sources(translator, rows)) if line]


def evidence_table(
    translator: Translator[Markdown],
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    caption: str,
    rows: Sequence[Row],
    label: str,
    notes: Sequence[str] = (),
    texts: Sequence[int] = (0,),
) -> Markdown:
    """Return a table whose caption names the sources of its rows and says what is simulated.

    Args:
        translator: the language.
        header, body, widths, label, texts: as in :func:`.markdown.pipe_table`.
        caption: the caption, without its full stop.
        rows: the facts behind the table.
        notes: sentences that explain the table; empty ones are left out.
    """
    lines = [*notes, *origin(translator, rows)]
    shown = captioned(translator("{caption}.", caption=caption), [line for line in lines if line])
    return pipe_table(header, body, widths, caption=shown, label=label, texts=texts)
