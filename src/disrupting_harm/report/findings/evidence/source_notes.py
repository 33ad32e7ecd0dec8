"""Notes below a table or figure of evidence: its source, and whether it is simulated."""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.sources import PUBLISHED, SIMULATED
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.evidence_messages import Messages
from disrupting_harm.report.language.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.reading.evidence_rows import Evidence, Row, data_kinds


def sources(words: Messages, rows: Iterable[Row]) -> str:
    """Return the sources of the rows in one sentence, each named once; empty without any."""
    named = _named(words, rows)
    return words("Source: {source}.", source=named) if named else ""


def simulated(words: Messages, rows: Iterable[Row]) -> str:
    """Return a sentence that says which rows are simulated; empty for facts."""
    rows = list(rows)
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return ""
    if kinds == {SIMULATED}:
        return words("These figures are simulated: nobody counted them.")
    own = [row for row in rows if row.get("data_kind") == SIMULATED]
    others = {row.get("source") for row in rows if row not in own}
    if any(row.get("source") in others or not row.get("source") for row in own):
        return words("Some of these figures are simulated: nobody counted those.")
    return words(
        "The figures of these sources are simulated, nobody counted them: {source}.",
        source=_named(words, own),
    )


def marked(text: Text, said: str, rows: Iterable[Row]) -> Markdown:
    """Return words with "(simulated)" where the rows that they tell of are simulated."""
    kinds = data_kinds(rows)
    if SIMULATED not in kinds:
        return Markdown(said)
    detail = text("simulated") if kinds == {SIMULATED} else text("partly simulated")
    return text("{name} ({detail})", name=said, detail=detail)


def real(text: Text, said: str, evidence: Evidence, rows: Iterable[Row]) -> Markdown:
    """Return words with "(published)" where their rows are, and others of the evidence are not."""
    simulated_too = any(SIMULATED in data_kinds(own) for own in evidence.tables.values())
    if not simulated_too or data_kinds(rows) != {PUBLISHED}:
        return marked(text, said, rows)
    return text("{name} ({detail})", name=said, detail=text("published"))


def _named(words: Messages, rows: Iterable[Row]) -> str:
    """Return the sources of the rows, each once; they hold commas, so semicolons part them."""
    named = dict.fromkeys(row["source"] for row in rows if row.get("source"))
    return Markdown("; ".join(source_said(words, source) for source in named))


def source_said(words: Messages, source: str) -> str:
    """Return a source in the reader's language: its title as it is, what stands around translated.

    A figure of several sources has them joined; catalogues hold each by itself.
    """
    whole = words.plain(source)
    joined = "; ".join(words.plain(part) for part in source.split("; "))
    return joined if whole == source else whole


def origin(words: Messages, rows: Sequence[Row]) -> list[str]:
    """Return what is simulated of the rows, and where they come from, as sentences."""
    return [line for line in (simulated(words, rows), sources(words, rows)) if line]


def evidence_table(
    text: Text,
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
        text: the language.
        header, body, widths, label, texts: as in :func:`.markdown.pipe_table`.
        caption: the caption, without its full stop.
        rows: the facts behind the table.
        notes: sentences that explain the table; empty ones are left out.
    """
    lines = [*notes, *origin(text, rows)]
    shown = captioned(text("{caption}.", caption=caption), [line for line in lines if line])
    return pipe_table(header, body, widths, caption=shown, label=label, texts=texts)
