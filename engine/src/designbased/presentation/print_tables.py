"""Tables for print, in HTML, LaTeX, Word and Markdown, from tables of numbers.

HTML and LaTeX are made by great_tables, Word files by python-docx. Numbers are rounded once, and
then they are text: all four say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from designbased.errors import InputError

if TYPE_CHECKING:
    from great_tables import GT

# Tables without one of these columns are none of estimates.
_ESTIMATES = ("indicator", "domain", "level", "estimate", "ci_low", "ci_high")
_MODEL = ("term", "estimate", "ci_low", "ci_high", "p_value")
_MISSING = "–"
# Characters that Markdown reads as marks.
_MARKS = "\\`*_[]<>|"


@dataclass(frozen=True)
class PrintTable:
    """A table of texts, grouped, that knows how to be written.

    Attributes:
        groups: (m,) what the rows stand below, in their order; the same text for several rows.
        names: (m,) what each row is called.
        cells: (m, K) texts by column.
        title: above the table; may be empty.
        notes: below the table.
    """

    groups: tuple[str, ...]
    names: tuple[str, ...]
    cells: pd.DataFrame
    title: str = ""
    notes: tuple[str, ...] = ()

    def great_table(self) -> "GT":
        """Return the table of great_tables, to style it further."""
        from great_tables import GT

        frame = self.cells.assign(_name=self.names, _group=self.groups)
        table = GT(frame, rowname_col="_name", groupname_col="_group")
        table = table.cols_align("right", columns=list(self.cells.columns))
        if self.title:
            table = table.tab_header(self.title)
        for note in self.notes:
            table = table.tab_source_note(note)
        return table

    def html(self) -> str:
        """Return the table as HTML with its styles."""
        return str(self.great_table().as_raw_html())

    def latex(self) -> str:
        """Return the table as LaTeX; it needs the packages ``booktabs`` and ``longtable``."""
        return str(self.great_table().as_latex())

    def markdown(self) -> str:
        """Return the table in Markdown, groups as rows of their own."""
        lines = [f"**{_escape_marks(self.title)}**", ""] if self.title else []
        header = ["", *map(str, self.cells.columns)]
        lines += [_markdown_row(header), _markdown_row(["---", *["---:"] * (len(header) - 1)])]
        for group, name, row in self._list_lines():
            if row is None:
                lines.append(
                    _markdown_row([f"**{_escape_marks(group)}**", *[""] * (len(header) - 1)])
                )
            else:
                lines.append(_markdown_row([_escape_marks(name), *map(_escape_marks, row)]))
        return "\n".join([*lines, *(f"\n{_escape_marks(note)}" for note in self.notes)]) + "\n"

    def write(self, path: str | Path) -> None:
        """Write the table into a file: ``.html``, ``.tex``, ``.md`` or ``.docx``.

        Raises:
            InputError: the name ends otherwise.
        """
        file = Path(path)
        if file.suffix == ".docx":
            self._write_word(file)
            return
        writers = {".html": self.html, ".tex": self.latex, ".md": self.markdown}
        if file.suffix not in writers:
            known = ", ".join([*writers, ".docx"])
            raise InputError("path", f"a name that ends in '{file.suffix}'", f"Use {known}")
        file.write_text(writers[file.suffix](), encoding="utf-8")

    def _repr_html_(self) -> str:
        return self.html()

    def _list_lines(self) -> list[tuple[str, str, list[str] | None]]:
        """Return group, name and cells of each line; a group's own line has no cells."""
        lines: list[tuple[str, str, list[str] | None]] = []
        for at, (group, name) in enumerate(zip(self.groups, self.names, strict=True)):
            if group and (at == 0 or group != self.groups[at - 1]):
                lines.append((group, "", None))
            lines.append((group, name, [str(text) for text in self.cells.iloc[at]]))
        return lines

    def _write_word(self, file: Path) -> None:
        from docx import Document
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement

        document = Document()
        if self.title:
            document.add_paragraph(self.title, style="Caption")
        columns = ["", *map(str, self.cells.columns)]
        table = document.add_table(rows=1, cols=len(columns), style="Light Shading")
        header = table.rows[0]
        # Word repeats this row on every page, and reads it to those who do not see it.
        header._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        lines = [(header, columns)]
        for group, name, row in self._list_lines():
            line = table.add_row()
            if row is None:
                line.cells[0].merge(line.cells[-1]).paragraphs[0].add_run(group).bold = True
            else:
                lines.append((line, [name, *row]))
        for line, texts in lines:
            for at, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
                # The style of the table makes names bold.
                cell.paragraphs[0].add_run(text).bold = line is header
                if at:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for note in self.notes:
            document.add_paragraph(note)
        document.save(str(file))


def format_estimates(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    decimals: int = 1,
    units: Mapping[str, str] | None = None,
    title: str = "",
    notes: tuple[str, ...] = (),
) -> PrintTable:
    """Make a table for print from a table of estimates.

    Args:
        table: of :func:`designbased.estimate`, or another with ``indicator, domain, level,
            estimate, ci_low, ci_high`` and, if it has it, ``n``.
        labels: texts in the place of indicators, domains and levels; a level alone, or
            ``"domain: level"`` where a level of that name stands in several domains.
        decimals: of estimates and limits.
        units: ``"%"`` or ``""`` by indicator. By default an indicator with a count of yes
            (``n_yes``) is a proportion, in per cent.

    Raises:
        InputError: a column is missing.
    """
    _require_columns(table, _ESTIMATES)
    texts = labels or {}
    unit = dict(units or {})
    for indicator, rows in table.groupby("indicator", sort=False):
        proportion = "n_yes" in rows and rows["n_yes"].notna().any()
        unit.setdefault(str(indicator), "%" if proportion else "")
    factor = np.array([100.0 if unit[name] == "%" else 1.0 for name in table["indicator"]])
    estimate, low, high = (
        [_format_number(value, decimals) for value in table[name].to_numpy(float) * factor]
        for name in ("estimate", "ci_low", "ci_high")
    )
    cells = {
        "Estimate": [
            text + unit[name] if text != _MISSING else text
            for text, name in zip(estimate, table["indicator"], strict=True)
        ],
        "Interval": [_format_interval(*ends) for ends in zip(low, high, strict=True)],
    }
    if "n" in table:
        cells = {"n": [_format_number(value, 0) for value in table["n"].to_numpy(float)]} | cells
    several = table["domain"].nunique() > 1
    names = [
        texts.get(f"{domain}: {level}", texts.get(str(level), str(level)))
        for domain, level in zip(table["domain"], table["level"], strict=True)
    ]
    if several:
        domains = [texts.get(str(domain), str(domain)) for domain in table["domain"]]
        names = [f"{domain}: {name}" for domain, name in zip(domains, names, strict=True)]
    groups = tuple(texts.get(str(name), str(name)) for name in table["indicator"])
    return PrintTable(groups, tuple(names), pd.DataFrame(cells), title, notes)


def format_model(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    decimals: int = 2,
    title: str = "",
    notes: tuple[str, ...] = (),
) -> PrintTable:
    """Make a table for print from the coefficients or the ratios of a model.

    Args:
        table: of :meth:`.ModelFit.table` or :meth:`.ModelFit.ratios`.
        labels: texts in the place of terms.
        decimals: of estimates and limits; P values have three.

    Raises:
        InputError: a column is missing.
    """
    _require_columns(table, _MODEL)
    texts = labels or {}
    estimate, low, high = (
        [_format_number(value, decimals) for value in table[name].to_numpy(float)]
        for name in ("estimate", "ci_low", "ci_high")
    )
    cells = {
        "Estimate": estimate,
        "Interval": [_format_interval(*ends) for ends in zip(low, high, strict=True)],
        "P": [_format_p_value(value) for value in table["p_value"].to_numpy(float)],
    }
    names = tuple(texts.get(str(term), str(term)) for term in table["term"])
    return PrintTable(("",) * len(table), names, pd.DataFrame(cells), title, notes)


def _require_columns(table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    for column in columns:
        if column not in table:
            remedy = f"Give a table with {', '.join(columns)}"
            raise InputError(f"column '{column}'", "missing in the table to print", remedy)


def _format_number(value: float, decimals: int) -> str:
    return _MISSING if np.isnan(value) else f"{value:,.{decimals}f}"


def _format_interval(low: str, high: str) -> str:
    return _MISSING if _MISSING in (low, high) else f"{low} to {high}"


def _format_p_value(value: float) -> str:
    if np.isnan(value):
        return _MISSING
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _escape_marks(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in text)


def _markdown_row(cells: list[Any]) -> str:
    return f"| {' | '.join(cells)} |"
