"""Words for the codes of evidence tables, for documents (Markdown) and figures (plain text).

Each table says in ``evidence/tables/`` how documents print its codes, and what a fact of it is
called. What a study calls its own items, roles and themes stands beside them in the public tables.
"""

from collections.abc import Iterator

from disrupting_harm.evidence.fact_status import INCOMPLETE
from disrupting_harm.evidence.shared_columns import STATUS
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.report.language.markdown import unescape
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Amount
from disrupting_harm.report.reading.rows import PublicRow

SHEET_NAME_LENGTH = 31  # of Excel


def label(translator: Translator[str], table: str, column: str, code: str) -> str:
    """Return the words for a code; one without a label is printed in its letters.

    Args:
        table: name of the public table.
        column: the column that holds the code.
        code: its value.
    """
    return translator.of_study(PUBLIC[table].field(column).labels.get(code) or _spell_code(code))


def row_label(translator: Translator[str], row: PublicRow, column: str) -> str:
    """Return the name of a row's area, item, theme or form, which stands beside its code."""
    return translator.of_study(row.get(f"{column}_label") or _spell_code(row[column]))


def status_label(translator: Translator[str], status: str) -> str:
    """Return why there is no number."""
    if status == INCOMPLETE:
        return translator("not complete")
    return translator.of_study(STATUS.labels.get(status) or _spell_code(status))


def fact_label(translator: Translator[str], table: str) -> str:
    """Return what a fact of a table is called."""
    return translator.of_study(TABLES[table].fact_label)


def format_amount(translator: Translator[str], amount: Amount | None) -> str:
    """Return a count as printed: 0 where nothing was found, words where nothing was counted."""
    if amount is None:
        return "–"
    if amount.number is None:
        return status_label(translator, amount.status)
    formatted = translator.number(amount.number)
    return translator("at least {count}", count=formatted) if amount.at_least else formatted


def title_evidence_sheets(translator: Translator[str]) -> dict[str, str]:
    """Return the titles of the data book's sheets of evidence, by table in their order."""
    return {
        "cybertips": translator("CyberTip reports"),
        "cybertip_parts": translator("CyberTip reports by type"),
        "offence_rates": translator("Recorded offences"),
        "capacity": translator("Capacity of law enforcement"),
        "policy": translator("Law and policy"),
        "hotlines": translator("Hotlines and helplines"),
        "frontline": translator("Answers of frontline workers"),
        "justice": translator("What came up in interviews on justice"),
        "known_studies": translator("Other studies"),
        "legislation": translator("What the law says"),
        "instruments": translator("Treaties"),
        "policies": translator("National plans and policies"),
        "service_register": translator("Services and their numbers"),
    }


def shorten_sheet_titles(translator: Translator[str]) -> dict[str, str]:
    """Return short names of such sheets, for languages in which their titles are too long."""
    return {
        "capacity": translator("Police"),
        "hotlines": translator("Hotlines"),
        "frontline": translator("Frontline"),
        "justice": translator("Interviews"),
    }


def name_sheet(title: str, short: str) -> str:
    """Return what a sheet is called: its short name where Excel has no room for its title."""
    return short if short and len(unescape(title)) > SHEET_NAME_LENGTH else title


def name_evidence_sheets(translator: Translator[str]) -> dict[str, str]:
    """Return what the sheets of a table of evidence are called."""
    shorts = shorten_sheet_titles(translator)
    return {
        table: name_sheet(title, shorts.get(table, ""))
        for table, title in title_evidence_sheets(translator).items()
    }


def list_messages() -> Iterator[str]:
    """Return all that tables of evidence say for documents, to be translated."""
    for public in PUBLIC.values():
        # What the site calls it, and the kind of evidence that it holds.
        yield from filter(None, (public.title, public.kind_of_evidence))
        for field in public.fields:
            yield from field.labels.values()
    yield from (table.fact_label for table in TABLES.values() if table.fact_label)


def _spell_code(code: str) -> str:
    spelled_code = code.replace("_", " ")
    return spelled_code[:1].upper() + spelled_code[1:]
