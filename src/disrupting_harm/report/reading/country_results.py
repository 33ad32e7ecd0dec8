"""Read the public results of one country for its documents.

Only files below ``public/`` are read here: nothing that is not published can reach a document.
"""

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.provenance.addresses import add_addresses, address_of, with_address
from disrupting_harm.report.reading.evidence_rows import Evidence, read_evidence
from disrupting_harm.report.reading.figure_cuts import WIDE_CUT
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, TOTAL

# Tables of the comparison that country reports read: rows of the country, or of pairs with it.
COMPARED = ("bounds", "denominators", "gaps", "pairwise", "needs")


@dataclass(frozen=True)
class Cell:
    """One published estimate; numbers are None where the cell is not shown."""

    indicator: str
    domain: str
    level: str
    n: int | None
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    shown: str
    status: str
    interval: str = ""  # the method of its limits
    interval_note: str = ""  # what a reader has to know of them
    release: str = ""  # the earlier release in which it stands as it is
    bound_low: float | None = None  # where a bound is printed: the share that it lies above
    bound_high: float | None = None  # and below
    reason: str = ""  # codes of why it is not shown, or is less precise
    percent: PercentInterval | None = None  # a shown proportion and its limits, in whole per cents

    @property
    def is_shown(self) -> bool:
        """Whether the estimate itself may be printed."""
        return self.estimate is not None

    @property
    def bound(self) -> tuple[str, float] | None:
        """The sign and the share of a bound, where one is printed: ``<`` and 0.1 for ``< 10``."""
        if self.bound_low is None or self.bound_high is None:
            return None
        return ("<", self.bound_high) if self.bound_high < 1 else (">", self.bound_low)

    @property
    def digits(self) -> int:
        """Decimals with which the estimate is printed."""
        return len(self.shown.partition(".")[2])


@dataclass(frozen=True)
class Figure:
    """One figure as listed in ``figures.json``.

    ``path`` is where a document finds it, without the kind of file.
    """

    id: str
    caption: str
    alt: str
    files: tuple[str, ...]
    csv: str
    path: str
    wide: bool = False
    # Where a document finds its drawing for telephones, with the kind of file.
    phone: str = ""
    untranslated: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    # Of the numbers in its alternative text, in reading order.
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """Everything published about one country; without a survey no cells, no quality, no audit."""

    country: str
    cells: dict[tuple[str, str, str], Cell]
    quality: dict[str, Any]
    evidence: Evidence = field(default_factory=Evidence)
    world: Evidence = field(default_factory=Evidence)
    disclosure: dict[str, Any] = field(default_factory=dict)
    changes: tuple[PublicRow, ...] = ()
    # Rows of questions.csv and dyads.csv; none of a country whose microdata stay at home.
    options: tuple[PublicRow, ...] = ()
    dyads: tuple[PublicRow, ...] = ()
    # Rows of the comparison that are about this country, by table; none where it was not read.
    comparison_rows: Mapping[str, Sequence[PublicRow]] = field(default_factory=dict)

    def cell(self, indicator: str, domain: str = TOTAL[0], level: str = TOTAL[1]) -> Cell:
        """Return one cell; a level in which nobody was interviewed has no row and says so.

        Raises:
            StudyError: if the public table has no such row, and should have one.
        """
        try:
            return self.cells[indicator, domain, level]
        except KeyError:
            if level in self.quality.get("nobody_interviewed", {}).get(domain, []):
                return Cell(
                    indicator, domain, level, None, None, None, None, "", NOBODY_INTERVIEWED
                )
            raise StudyError(
                f"public estimates of {self.country}",
                f"there is no row for {indicator}, {domain}, {level}",
                "Name an indicator and a level that the codebook defines",
            ) from None

    @property
    def coded(self) -> bool:
        """Whether a printed bound is one of the estimate, and the true share may lie beyond it."""
        return self.disclosure.get("method") == "coded"

    @property
    def releases(self) -> dict[str, datetime.date]:
        """The dates of the earlier releases in which some cells stand as they are."""
        dates = self.quality.get("releases", {})
        return {name: datetime.date.fromisoformat(day) for name, day in dates.items()}

    def levels(self, indicator: str, domain: str) -> list[str]:
        """Return the levels published for an indicator, in the order of the file."""
        return self._levels_by_indicator.get((indicator, domain), [])

    @cached_property
    def _levels_by_indicator(self) -> dict[tuple[str, str], list[str]]:
        levels_by_table_key: dict[tuple[str, str], list[str]] = {}
        for indicator, domain, level in self.cells:
            levels_by_table_key.setdefault((indicator, domain), []).append(level)
        return levels_by_table_key


def read_results(
    country: str, public: Path, has_survey: bool = True, changes: Sequence[Path] = ()
) -> Results:
    """Read the public tables of one country.

    Args:
        has_survey: whether the study has estimates; without them evidence alone is read.
        changes: the public table of changes of a country with several surveys.

    Raises:
        StudyError: if a table is missing or has no row of the country.
    """
    all_evidence = read_evidence(sorted((public / "evidence").glob("*.csv")), (country, WORLD))
    evidence, world = all_evidence.of(country), all_evidence.of(WORLD)
    compared = _read_comparison_rows(country, public)
    if not has_survey:
        return Results(country, {}, {}, evidence, world, comparison_rows=compared)
    folder = public / "countries" / country
    table = folder / "estimates.csv"
    rows = _read_rows(table)
    quality, disclosure = (
        add_addresses(read_json(folder / f"{name}.json"), f"{country}/{name}")
        for name in ("quality", "disclosure")
    )
    stands_in = {
        (indicator, domain["domain"]): domain["release"]
        for domain in quality.get("stands_in", ())
        for indicator in domain["indicators"]
    }
    listed_cells = [
        _build_cell(row, stands_in.get((row["indicator"], row["domain"]), "")) for row in rows
    ]
    cells = {(cell.indicator, cell.domain, cell.level): cell for cell in listed_cells}
    if not cells:
        raise StudyError(str(table), "it has no rows", "Run the stage 'publish' again")
    change_rows = tuple(row for path in changes for row in read_public_rows(path))
    options, dyads = (
        tuple(read_public_rows(path)) if path.is_file() else ()
        for path in (folder / "questions.csv", folder / "dyads.csv")
    )
    return Results(
        country,
        cells,
        quality,
        evidence,
        world,
        disclosure,
        change_rows,
        options,
        dyads,
        compared,
    )


def read_figures(folder: Path, document: Path) -> dict[str, Figure]:
    """Read the figures that the lists of a folder name; those without files are left out.

    Args:
        folder: the folder of the figures.
        document: the folder of the document that shows them.
    """
    figures_path = Path(os.path.relpath(folder, document)).as_posix()
    return {
        figure_entry["id"]: Figure(
            id=figure_entry["id"],
            caption=figure_entry["caption"],
            alt=figure_entry["alt"],
            files=tuple(figure_entry["files"]),
            csv=figure_entry["csv"],
            path=f"{figures_path}/{figure_entry['id']}",
            wide=figure_entry.get("cut") == WIDE_CUT,
            phone=f"{figures_path}/{figure_entry['phone']}" if figure_entry.get("phone") else "",
            untranslated=tuple(figure_entry.get("untranslated", ())),
            texts=tuple(figure_entry.get("texts", ())),
            addresses=tuple(number[0] for number in figure_entry["numbers"].get("alt", ())),
        )
        for figure_entry in list_figures(folder)
        if figure_entry["files"]
    }


def list_figures(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of the lists ``figures-{kind}.json``, or of the one ``figures.json``.

    Raises:
        StudyError: if the folder has no list.
    """
    lists = sorted(folder.glob("figures-*.json")) or [folder / "figures.json"]
    if not lists[0].is_file():
        raise StudyError(str(lists[0]), "there is no such file", "Run the stage 'figures' again")
    return [figure_entry for listing in lists for figure_entry in read_json(listing)]


def _read_comparison_rows(country: str, public: Path) -> dict[str, tuple[PublicRow, ...]]:
    """Return the rows of a country in those tables of the comparison that its report reads."""
    rows_by_table: dict[str, tuple[PublicRow, ...]] = {}
    for name in COMPARED:
        path = public / "comparison" / f"{name}.csv"
        if path.is_file():
            rows = read_public_rows(path, (country,), compared=True)
            rows_by_table[name] = tuple(row for row in rows if country in row.values())
    return rows_by_table


def _read_rows(path: Path) -> list[PublicRow]:
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", "Run the stage 'publish' again")
    return read_public_rows(path)


def _build_cell(row: PublicRow, stands_in: str) -> Cell:
    return Cell(
        indicator=row["indicator"],
        domain=row["domain"],
        level=row["level"],
        n=_read_whole_number(row["n"]),
        estimate=row.find_number("estimate"),
        ci_low=row.find_number("ci_low"),
        ci_high=row.find_number("ci_high"),
        shown=row["shown"],
        status=row["status"],
        interval=row["interval"],
        interval_note=row["interval_note"],
        release=stands_in,
        bound_low=row.find_number("bound_low"),
        bound_high=row.find_number("bound_high"),
        reason=row["reason"],
        percent=read_percent_interval(row),
    )


def _read_whole_number(cell_text: str) -> int | None:
    return with_address(round(float(cell_text)), address_of(cell_text)) if cell_text else None
