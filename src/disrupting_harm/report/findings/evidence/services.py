"""Services and procedures of one country: hotlines, helplines, frontline workers, justice."""

from collections.abc import Mapping, Sequence

from disrupting_harm.evidence.shared_columns import FEW_OR_NONE, MOST_OR_ALL, SOME
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.findings.evidence.source_notes import describe_origin, evidence_table
from disrupting_harm.report.language.evidence_codes import (
    format_amount,
    label,
    row_label,
    status_label,
)
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import read_amount
from disrupting_harm.report.reading.rows import PublicRow

SHARES_FROM = 10  # answers; below, shares are not printed
# Measures of a hotline, and of a helpline: all that reached it, then parts of it.
MEASURES_OF_SERVICES = (
    ("reports_received", "actionable", "removed"),
    ("contacts_total", "contacts_ocsea"),
)


class Hotlines:
    """Write about reports and contacts that hotlines and helplines received."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        last: dict[tuple[str, str], str] = {}
        for row in rows:
            key = row["organisation"], row["measure"]
            last[key] = max(row["year"], last.get(key, ""))
        self._rows = [
            row for row in rows if row["year"] == last[row["organisation"], row["measure"]]
        ]

    def __bool__(self) -> bool:
        return bool(self._rows)

    def describe_counts(self, heading_rows: Sequence[PublicRow] = ()) -> list[Markdown]:
        """Return the last year's counts as sentences; none where sentences would mix services.

        They can be said where one hotline and one helpline at most counted, each in one year, and
        all that reached it has a number; else a table tells them.

        Args:
            heading_rows: those that a heading tells, which are left out here.
        """
        sentences: list[Markdown] = []
        for total, *parts in MEASURES_OF_SERVICES:
            rows = {row["measure"]: row for row in self._rows if row["measure"] in (total, *parts)}
            services = {(row["organisation"], row["year"]) for row in rows.values()}
            if not rows or all(row in heading_rows for row in rows.values()):
                continue
            if len(services) > 1 or total not in rows or not rows[total]["contacts"]:
                return []
            sentences += [
                self._describe_count(rows[measure])
                for measure in (total, *parts)
                if measure in rows and rows[measure] not in heading_rows
            ]
        return [sentence for sentence in sentences if sentence]

    def has_others(self, heading_rows: Sequence[PublicRow]) -> bool:
        """Return whether there are last counts beside those that a heading tells."""
        return any(row not in heading_rows for row in self._rows)

    def _describe_count(self, row: PublicRow) -> Markdown:
        """Return what a service counted, or that nobody did; empty for any other reason."""
        translator = self._translator
        if row["contacts"]:
            amount = read_amount(row, "contacts")
            values = {
                "count": format_amount(translator, amount),
                "year": row["year"],
            }
            messages = {
                "reports_received": translator.plural(
                    "In {year} the hotline received {count} report.",
                    "In {year} the hotline received {count} reports.",
                    amount.quantity,
                    **values,
                ),
                "actionable": translator(
                    "Police or companies could act on {count} of them.", **values
                ),
                "removed": translator(
                    "After {count} of the reports the material was removed.", **values
                ),
                "contacts_total": translator.plural(
                    "In {year} the helpline had {count} contact.",
                    "In {year} the helpline had {count} contacts.",
                    amount.quantity,
                    **values,
                ),
                "contacts_ocsea": translator("Of them, {count} were about online abuse.", **values),
            }
        elif row["status"] == "not_recorded":
            messages = {
                "actionable": translator("How many of them could be acted on was not recorded."),
                "removed": translator("How often material was removed was not recorded."),
                "contacts_ocsea": translator(
                    "How many of them were about online abuse was not recorded."
                ),
            }
        else:
            messages = {}
        return messages.get(row["measure"], Markdown(""))

    def table(self, heading_rows: Sequence[PublicRow] = ()) -> Markdown:
        """Return the last count of each measure of each organisation that no heading tells."""
        translator = self._translator
        rows = [row for row in self._rows if row not in heading_rows]
        body = [
            (
                translator.translate_or_keep(row["organisation"]),
                label(translator, "hotlines", "measure", row["measure"]),
                row["year"],
                format_amount(translator, read_amount(row, "contacts")),
            )
            for row in rows
        ]
        return evidence_table(
            translator,
            (
                translator("Service"),
                translator("What was counted"),
                translator("Year"),
                translator("Number"),
            ),
            body,
            (30, 40, 12, 18),
            caption=translator(
                "Reports and contacts of hotlines and helplines, the last year known"
            ),
            rows=rows,
            label="tbl-hotlines",
            texts=(0, 1),
        )


def band_label(translator: Translator[str], table: str, row: PublicRow) -> Markdown:
    """Return the band that stands in place of a count, or why there is none."""
    if row["band"]:
        return Markdown(label(translator, table, "band", row["band"]))
    return Markdown(status_label(translator, row.get("status") or "suppressed"))


def explain_bands(
    translator: Translator[Markdown], rows: Sequence[PublicRow], column: str
) -> list[str]:
    """Return what stands in place of counts of people that are not shown."""
    hidden = [row for row in rows if not row[column]]
    notes: list[str] = []
    if any(row["band"] for row in hidden):
        notes.append(
            translator(
                "Where a count is small, or a small one would follow from it, words say which "
                "third of those asked it is in."
            )
        )
    if any(not row["band"] for row in hidden):
        notes.append(translator("Not shown: so few that they could be recognised."))
    return notes


def describe_workers(
    translator: Translator[Markdown], rows: Sequence[PublicRow], sentences: Mapping[str, str]
) -> list[Markdown]:
    """Return a sentence for each item of which it is shown how many frontline workers said yes.

    Args:
        rows: of ``frontline.csv``.
        sentences: by item, with ``{workers}`` for how many of how many.
    """
    rows_by_item = group_by_item(rows)
    return [
        translator.fill_sentence(sentence, {"workers": _format_workers(translator, yes)})
        for item, sentence in sentences.items()
        for yes in rows_by_item.get(item, ())
        if yes["answer"] == "yes" and yes["n"] and (yes["count"] or yes["band"])
    ]


def _format_workers(translator: Translator[Markdown], row: PublicRow) -> Markdown:
    """Return a count of workers of those asked, or between which thirds of them it lies."""
    n = translator.number(row.number("n"))
    if row["count"]:
        count = translator.number(row.number("count"))
        return translator("{count} of {n}", count=count, n=n)
    messages = {
        FEW_OR_NONE: translator("Fewer than a third of {n}", n=n),
        SOME: translator("Between a third and two thirds of {n}", n=n),
        MOST_OR_ALL: translator("More than two thirds of {n}", n=n),
    }
    return messages[row["band"]]


def group_by_item(rows: Sequence[PublicRow]) -> dict[str, list[PublicRow]]:
    """Return the rows of each item of the frontline survey, answers in their usual order."""
    items: dict[str, list[PublicRow]] = {}
    for row in rows:
        items.setdefault(row["item"], []).append(row)
    usual = PUBLIC["frontline"].field("answer").labels
    rank = {answer: position for position, answer in enumerate(usual)}
    return {
        item: sorted(
            rows_of_item, key=lambda row: (rank.get(row["answer"], len(rank)), row["answer"])
        )
        for item, rows_of_item in items.items()
    }


class Frontline:
    """Write about what frontline workers answered: counts of those asked, without inference."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows
        self._items = group_by_item(rows)

    def __bool__(self) -> bool:
        return bool(self._items)

    def table(self) -> Markdown:
        """Return all items with the count of each answer, and shares where enough answered."""
        translator = self._translator
        body = [
            (
                row_label(translator, rows[0], "item"),
                self._format_respondents(rows[0]),
                self._list_answers(item),
            )
            for item, rows in self._items.items()
        ]
        return evidence_table(
            translator,
            (translator("Item"), translator("n"), translator("Answers: workers (per cent)")),
            body,
            (40, 10, 50),
            caption=translator("Answers of frontline workers"),
            rows=self._rows,
            label="tbl-frontline",
            notes=[
                translator(
                    "Per cent is printed from {n} answers on.", n=translator.number(SHARES_FROM)
                ),
                *self._explain_bands(),
            ],
            texts=(0, 2),
        )

    def _explain_bands(self) -> list[str]:
        return explain_bands(self._translator, self._rows, "count")

    def _format_respondents(self, row: PublicRow) -> str:
        return self._translator.number(row.number("n")) if row["n"] else "–"

    def _list_answers(self, item: str) -> Markdown:
        """Return the answers with count and share."""
        answers = [
            Markdown(f"{self._format_answer(row['answer'])} {self._format_count_and_share(row)}")
            for row in self._items[item]
        ]
        return Markdown("; ".join(answers))

    def _format_answer(self, code: str) -> str:
        return label(self._translator, "frontline", "answer", code)

    def _format_count_and_share(self, row: PublicRow) -> str:
        if not row["count"]:
            return band_label(self._translator, "frontline", row)
        count = self._translator.number(row.number("count"))
        if not row["share_percent"]:
            return count
        share = self._translator.number(row.number("share_percent"))
        return self._translator("{count} ({share})", count=count, share=share)


class Justice:
    """Write about themes of interviews on justice: counts of interviews, never words of people."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def is_shown(self) -> bool:
        """Whether any count or band is shown; a table without one would tell nothing."""
        return any(row["mentioned"] or row["band"] for row in self._rows)

    def explain_hidden(self) -> Markdown:
        """Return that there were interviews, and why nothing of them is counted here."""
        sentence = self._translator(
            "Interviews were held, and nothing is told of them: so few people were asked that they "
            "could be recognised."
        )
        remarks = [sentence, *describe_origin(self._translator, self._rows)]
        return Markdown(" ".join(remarks))

    def table(self) -> Markdown:
        """Return in how many interviews each theme came up, one column for each role."""
        translator = self._translator
        roles = {row["role"]: row_label(translator, row, "role") for row in self._rows}
        rows_by_theme: dict[str, dict[str, PublicRow]] = {}
        for row in self._rows:
            rows_by_theme.setdefault(row["theme"], {})[row["role"]] = row
        body = [
            (
                row_label(translator, next(iter(rows_by_role.values())), "theme"),
                *(self._format_mentions(rows_by_role.get(role)) for role in roles),
            )
            for rows_by_role in rows_by_theme.values()
        ]
        return evidence_table(
            translator,
            (translator("Interviews in which it came up"), *roles.values()),
            body,
            (36, *[64 // len(roles)] * len(roles)),
            caption=translator("What came up in interviews on justice"),
            rows=self._rows,
            label="tbl-justice",
            notes=self._explain_missing_counts(),
        )

    @property
    def has_frequent(self) -> bool:
        """Whether a group spoke of a theme in more than two thirds of its interviews."""
        return any(map(_is_frequent, self._rows))

    def list_interviewed(self) -> Markdown:
        """Return which groups were interviewed, as a sentence."""
        translator = self._translator
        groups = [
            translator(
                "{name} ({detail})",
                name=row_label(translator, row, "role"),
                detail=translator.number(row.number("interviews")),
            )
            for row in self._rows_by_role.values()
        ]
        return translator("Interviewed: {groups}.", groups=Markdown("; ".join(groups)))

    def list_frequent(self) -> Markdown:
        """Return the themes of most interviews with a group: who spoke of them, who seldom did."""
        translator = self._translator
        body = [
            (
                row_label(translator, row, "theme"),
                self._list_groups(theme, MOST_OR_ALL),
                self._list_groups(theme, FEW_OR_NONE) or Markdown("–"),
            )
            for theme, row in {
                row["theme"]: row for row in filter(_is_frequent, self._rows)
            }.items()
        ]
        return evidence_table(
            translator,
            (
                translator("Theme"),
                translator("In more than two thirds, with"),
                translator("In less than a third, with"),
            ),
            body,
            (30, 33, 37),
            caption=translator("What came up in interviews on justice"),
            rows=self._rows,
            label="tbl-justice",
            texts=(0, 1, 2),
        )

    def _list_groups(self, theme: str, band: str) -> Markdown:
        roles = {row["role"] for row in self._rows if (row["theme"], row["band"]) == (theme, band)}
        groups = [
            row_label(self._translator, row, "role")
            for role, row in self._rows_by_role.items()
            if role in roles
        ]
        return Markdown("; ".join(groups))

    @property
    def _rows_by_role(self) -> dict[str, PublicRow]:
        """A row of each group that was interviewed, in the order of the table."""
        rows: dict[str, PublicRow] = {}
        for row in self._rows:
            if row["interviews"]:
                rows.setdefault(row["role"], row)
        return rows

    def _explain_missing_counts(self) -> list[str]:
        """Return what stands in place of a count that is not shown."""
        translator, statuses = self._translator, {row["status"] for row in self._rows}
        meanings = {
            "not_recorded": translator("Not recorded: nobody counted; it is not 0."),
            "not_applicable": translator("Does not apply: it was no subject of these interviews."),
        }
        rows_of_people = [row for row in self._rows if row["status"] not in meanings]
        return [
            *explain_bands(translator, rows_of_people, "mentioned"),
            *(meaning for status, meaning in meanings.items() if status in statuses),
        ]

    def _format_mentions(self, row: PublicRow | None) -> str:
        if row is None:
            return "–"
        count = read_amount(row, "mentioned")
        if not row["interviews"] or not (row["mentioned"] or row["band"]):
            return format_amount(self._translator, count)
        band = label(self._translator, "justice", "band", row["band"])
        return self._translator(
            "{count} of {n}",
            count=band if count.number is None else self._translator.number(count.number),
            n=self._translator.number(row.number("interviews")),
        )


def _is_frequent(row: PublicRow) -> bool:
    return row["band"] == MOST_OR_ALL and bool(row["interviews"])
