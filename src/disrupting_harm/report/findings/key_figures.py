"""Key figures of a country: shares with their intervals, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from disrupting_harm.provenance.addresses import (
    derive_number,
    number_of,
    row_count,
    with_address_of,
)
from disrupting_harm.report.findings.country_sentences import printed_share, tile_bar, tile_number
from disrupting_harm.report.findings.definition import Findings, NumberTile
from disrupting_harm.report.findings.evidence.cybertips import (
    WHOLE,
    breaks_series,
    drawn_of_year,
    in_order,
)
from disrupting_harm.report.findings.evidence.offences import Series, last_counted, series, years
from disrupting_harm.report.findings.evidence.police import ONLINE
from disrupting_harm.report.findings.evidence.services import by_item
from disrupting_harm.report.findings.evidence.source_notes import marked
from disrupting_harm.report.findings.headings import Borne
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import bound_tile
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import ABOUT_ABUSE, CONTACTS, Amount, Row, amount
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented

# What complete counts of evidence bear: the numbers of a heading, of public tables alone.


REPORTED = "reported"


def online_reported(rows: Sequence[Row]) -> list[Series]:
    """Return the counts of reported online abuse, of rows of ``offence_rates.csv``."""
    return [entry for entry in series(rows) if (entry.category, entry.stage) == (ONLINE, REPORTED)]


def last_recorded(rows: Sequence[Row]) -> tuple[Amount, Series, str] | None:
    """Return the last number of reported online abuse, its series and the year.

    None where there is no such number, or more than one series: they are not added.
    """
    found = online_reported(rows)
    if len(found) != 1:
        return None
    place = last_counted(found)
    count = found[0].amounts[place]
    if count is None or count.number is None:
        return None
    return count, found[0], years(rows)[place]


def borne_by_offences(rows: Sequence[Row]) -> Borne:
    """Return the count that a heading on recorded offences may name."""
    found = last_recorded(rows)
    if found is None:
        return {}
    counted, _, year = found
    return {"count": {"count": counted.number, "at_least": counted.at_least, "year": year}}


def whole_series(rows: Sequence[Row]) -> list[Row]:
    """Return the last run of complete yearly counts of CyberTip reports made in the same way."""
    run: list[Row] = []
    for row in in_order(rows):
        if row["class"] != WHOLE or not row["reports"] or row["status"] != REPORTED:
            continue
        if breaks_series(row) or (run and int(row["year"]) != int(run[-1]["year"]) + 1):
            run = []
        run.append(row)
    return run


def borne_by_reports(rows: Sequence[Row]) -> Borne:
    """Return whether CyberTip reports rose, or fell, in each year of one complete series."""
    run = whole_series(rows)
    if len(run) < 2:
        return {}
    steps = {
        float(row["reports"]) > float(before["reports"])
        for before, row in pairwise(run)
        if float(row["reports"]) != float(before["reports"])
    }
    if len(steps) != 1:
        return {}
    values = {"first": run[0]["year"], "last": run[-1]["year"]}
    return {"rose" if steps.pop() else "fell": values}


def last_contacts(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """Return the last year's contacts about online abuse, and all contacts of the same service."""
    about = [row for row in rows if row["measure"] == ABOUT_ABUSE and row["contacts"]]
    if not about:
        return None
    last = max(about, key=lambda row: row["year"])
    same = last["organisation"], last["year"]
    whole = (
        row
        for row in rows
        if (row["organisation"], row["year"]) == same and row["measure"] == CONTACTS
    )
    total = next((row for row in whole if row["contacts"]), None)
    complete = total and {last["status"], total["status"]} == {REPORTED}
    return (last, total) if total and complete else None


def borne_by_contacts(rows: Sequence[Row]) -> Borne:
    """Return the counts that a heading on a helpline may name."""
    found = last_contacts(rows)
    if found is None:
        return {}
    about, total = (amount(row, "contacts").number for row in found)
    return {"count": {"count": about, "total": total, "year": found[0]["year"]}}


def whole_number(cell: str) -> int:
    """Return the whole number of a filled cell, with the address of the cell."""
    return with_address_of(int(float(cell)), cell)  # type: ignore[no-any-return]


def borne_by_workers(rows: Sequence[Row], item: str | None) -> Borne:
    """Return how many of the frontline workers asked said yes to an item, where it is shown."""
    own = by_item(rows).get(item or "", ())
    yes = next((row for row in own if row["answer"] == "yes" and row["count"] and row["n"]), None)
    if yes is None:
        return {}
    return {"count": {"count": whole_number(yes["count"]), "total": whole_number(yes["n"])}}


def borne_by_policy(rows: Sequence[Row]) -> Borne:
    """Return how many items of law and policy are in place."""
    if not rows:
        return {}
    own, table = sum(row["answer"] == "in_place" for row in rows), f"{rows[0]['country']}/policy"
    return {
        "count": {
            "count": row_count(own, f"{table}/answer:in_place"),
            "total": row_count(len(rows), table),
        }
    }


@dataclass(frozen=True)
class PrintedTile:
    """A key figure as printed; ``bar`` holds the attributes that draw its interval."""

    number: Markdown
    text: Markdown
    bar: str = ""


@dataclass(frozen=True)
class Example:
    """A share by which a reader learns to read all of them."""

    said: Markdown
    share: PercentInterval


@dataclass(frozen=True)
class PrintedGroup:
    """A question with the key figures that answer it."""

    title: Markdown
    tiles: tuple[PrintedTile, ...]
    meanings: tuple[Markdown, ...] = ()


class KeyFigures:
    """Write the key figures of one country in one language.

    Args:
        translator: the language.
        labels: words of the codebook.
        area: the country's row.
        results: its public results; without a survey no figure of one.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, area: Country, results: Results
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._area = area
        self._results = results

    def groups(self, findings: Findings) -> list[PrintedGroup]:
        """Return the groups that have a figure, with those that are published."""
        groups: list[PrintedGroup] = []
        told: set[str] = set()
        for group in findings.numbers:
            tiles = [(tile, found) for tile in group.tiles if (found := self._tile(tile))]
            own = dict.fromkeys(tile.meaning for tile, _ in tiles if tile.meaning)
            new = [meaning for meaning in own if meaning not in told]
            told.update(new)
            title = self._translator.of_study(group.title)
            meanings = tuple(map(self._translator.of_study, new))
            groups.append(PrintedGroup(title, tuple(found for _, found in tiles), meanings))
        return [group for group in groups if group.tiles]

    def example(self, findings: Findings) -> Example | None:
        """Return the first key figure that is a share of all children, to say how to read it."""
        if not self._results.quality:
            return None
        tiles = [tile for group in findings.numbers for tile in group.tiles if tile.indicator]
        names = [str(tile.indicator) for tile in tiles]
        shares = (self._results.cell(n).whole for n in names if not self._labels.base(n))
        share = next((share for share in shares if share and not share.small), None)
        if share is None:
            return None
        return Example(printed_share(self._translator, share), share)

    def _tile(self, tile: NumberTile) -> PrintedTile | None:
        said = self._translator.of_study(tile.text) if tile.text else Markdown("")
        if tile.indicator:
            return self._share(tile.indicator, said) if self._results.quality else None
        makers = {
            "online": self._online,
            "interviewed": self._interviewed,
            "policy": self._policy,
            "reports": self._reports,
        }
        if tile.count in makers:
            return makers[tile.count](said)
        if tile.count == "children":
            return self._children(str(tile.of), said)
        return self._workers(str(tile.of), said)

    def _share(self, name: str, said: Markdown) -> PrintedTile | None:
        cell = self._results.cell(name)
        share = cell.whole
        if share:
            return PrintedTile(tile_number(self._translator, share), said, tile_bar(share))
        if cell.bound:
            return PrintedTile(*bound_tile(self._translator, cell.bound, said, self._results.coded))
        return None

    def _online(self, said: Markdown) -> PrintedTile | None:
        area = self._area
        if not area.children or not area.internet_use_rate:
            return None
        rate = area.internet_use_rate
        text = self._translator(
            "{text}: {share} of 100", text=said, share=self._translator.percent(rate)
        )
        if is_invented(area.internet_use_source):
            text = self._translator("{text}, invented for this simulation", text=text)
        online = derive_number("product", area.children * rate, [area.children, rate])
        return PrintedTile(self._translator.compact(online), text)

    def _interviewed(self, said: Markdown) -> PrintedTile | None:
        if not self._results.quality:
            return None
        return PrintedTile(self._translator.number(self._results.quality["interviewed"]), said)

    def _children(self, name: str, said: Markdown) -> PrintedTile | None:
        rows = self._results.compared.get("denominators", ())
        keys = (name, "internet_using_children")
        row = next((r for r in rows if (r["indicator"], r["denominator"]) == keys), None)
        if row is None or not row["children"]:
            return None
        number = self._translator.number
        low, high = (number(number_of(row[f"children_{end}"])) for end in ("low", "high"))
        text = self._translator("{text} ({low}–{high})", text=said, low=low, high=high)
        return PrintedTile(number(number_of(row["children"])), text)

    def _workers(self, item: str, said: Markdown) -> PrintedTile | None:
        rows = self._results.evidence.rows("frontline")
        return self._counted(borne_by_workers(rows, item), said, by_item(rows).get(item, ()))

    def _policy(self, said: Markdown) -> PrintedTile | None:
        """Return how many items are in place, in part and not: the rest has no answer, or no use.

        By those in place alone all others would be read as missing.
        """
        rows = self._results.evidence.rows("policy")
        if not rows:
            return None
        answers = [row["answer"] for row in rows]
        table = f"{rows[0]['country']}/policy/answer"
        partly, none = (
            self._translator.number(row_count(answers.count(answer), f"{table}:{answer}"))
            for answer in ("partly", "not_in_place")
        )
        said = self._translator(
            "{text}; {partly} in part, {none} not", text=said, partly=partly, none=none
        )
        return self._counted(borne_by_policy(rows), said, rows)

    def _counted(
        self, borne: dict[str, dict[str, int]], said: Markdown, rows: Sequence[Row]
    ) -> PrintedTile | None:
        if "count" not in borne:
            return None
        values = {name: self._translator.number(value) for name, value in borne["count"].items()}
        number = self._translator("{count} of {total}", **values)
        return PrintedTile(number, marked(self._translator, said, rows))

    def _reports(self, said: Markdown) -> PrintedTile | None:
        """Return the last year's CyberTip reports; of several classes also how many are referrals.

        One class is told as all reports only where every other class of the year has a number, too.
        """
        rows = in_order(self._results.evidence.rows("cybertips"))
        counted = [row for row in rows if row["reports"]]
        if not counted:
            return None
        year = counted[-1]["year"]
        of_year = [row for row in rows if row["year"] == year]
        own = drawn_of_year(of_year)
        cells = [number_of(row["reports"]) for row in own]
        kind = label(self._translator, "cybertips", "class", own[0]["class"])
        if own[0]["class"] == WHOLE:
            said = self._translator("CyberTip reports in {year}; reports, not children", year=year)
        elif len(own) == 1 or len(own) < sum(row["class"] != WHOLE for row in of_year):
            own, cells = own[:1], cells[:1]
            said = self._translator(
                "CyberTip reports in {year} of one kind alone ({kind}); reports, not children",
                kind=kind,
                year=year,
            )
        else:
            said = self._translator(
                "CyberTip reports in {year}, {count} of them {kind}; reports, not children",
                kind=kind,
                count=self._translator.number(cells[0]),
                year=year,
            )
        total = derive_number("sum", sum(cells), cells) if len(cells) > 1 else cells[0]
        return PrintedTile(self._translator.number(total), marked(self._translator, said, own))
