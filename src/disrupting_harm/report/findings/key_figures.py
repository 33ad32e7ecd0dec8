"""Key figures of a country: shares with their intervals, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from disrupting_harm.provenance.addresses import (
    address_part,
    derive_number,
    row_count,
    with_address_of,
)
from disrupting_harm.report.findings.country_sentences import (
    format_share_with_interval,
    format_tile_bar,
    format_tile_number,
)
from disrupting_harm.report.findings.definition import Findings, NumberTile
from disrupting_harm.report.findings.evidence.cybertips import (
    UNSPLIT,
    breaks_series,
    select_rows_of_column,
    sort_by_year_and_class,
)
from disrupting_harm.report.findings.evidence.offences import (
    Series,
    build_series,
    find_last_counted,
    list_years,
)
from disrupting_harm.report.findings.evidence.police import ONLINE
from disrupting_harm.report.findings.evidence.services import group_by_item
from disrupting_harm.report.findings.evidence.source_notes import mark_simulated
from disrupting_harm.report.findings.headings import ClaimValues
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import format_bound_tile
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.evidence_rows import ABOUT_ABUSE, CONTACTS, Amount, read_amount
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.countries import Country
from disrupting_harm.study.invented_numbers import is_invented

# What complete counts of evidence bear: the numbers of a heading, of public tables alone.


REPORTED = "reported"
_REPORTED_ONLINE = (ONLINE, REPORTED)


def find_reported_online_series(rows: Sequence[PublicRow]) -> list[Series]:
    """Return the counts of reported online abuse, of rows of ``offence_rates.csv``."""
    return [
        online_series
        for online_series in build_series(rows)
        if (online_series.category, online_series.stage) == (ONLINE, REPORTED)
    ]


def find_last_recorded(rows: Sequence[PublicRow]) -> tuple[Amount, Series, str] | None:
    """Return the last number of reported online abuse, its series and the year.

    None where there is no such number, or more than one series: they are not added.
    """
    reported_series = find_reported_online_series(rows)
    if len(reported_series) != 1:
        return None
    year_index = find_last_counted(reported_series)
    count = reported_series[0].amounts[year_index]
    if count is None or count.number is None:
        return None
    return count, reported_series[0], list_years(rows)[year_index]


def find_last_offences(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows of the last year in which reported online abuse has a number.

    They are those of online abuse, and those reported of which nobody recorded whether technology
    was used.
    """
    counted = [row for row in rows if row["offences"]]
    years = [row["year"] for row in counted if (row["category"], row["stage"]) == _REPORTED_ONLINE]
    return [
        row
        for row in counted
        if row["year"] == max(years, default="")
        and (
            row["category"] == ONLINE
            or (row["technology"], row["stage"]) == ("not_recorded", REPORTED)
        )
    ]


def find_claims_of_offences(rows: Sequence[PublicRow]) -> ClaimValues:
    """Return the count that a heading on recorded offences may name."""
    last_count = find_last_recorded(rows)
    if last_count is None:
        return {}
    count, _, year = last_count
    return {"count": {"count": count.number, "at_least": count.at_least, "year": year}}


def find_complete_series(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the last run of complete yearly counts of CyberTip reports made in the same way."""
    run: list[PublicRow] = []
    for row in sort_by_year_and_class(rows):
        if row["class"] != UNSPLIT or not row["reports"] or row["status"] != REPORTED:
            continue
        if breaks_series(row) or (
            run and row.whole_number("year") != run[-1].whole_number("year") + 1
        ):
            run = []
        run.append(row)
    return run


def find_claims_of_reports(rows: Sequence[PublicRow]) -> ClaimValues:
    """Return whether CyberTip reports rose, or fell, in each year of one complete series."""
    run = find_complete_series(rows)
    if len(run) < 2:
        return {}
    steps = {
        row.number("reports") > before.number("reports")
        for before, row in pairwise(run)
        if row.number("reports") != before.number("reports")
    }
    if len(steps) != 1:
        return {}
    values = {"first": run[0]["year"], "last": run[-1]["year"]}
    return {"rose" if steps.pop() else "fell": values}


def find_last_count(
    rows: Sequence[PublicRow], measure: str, beside: PublicRow | None = None
) -> PublicRow | None:
    """Return the last row of ``hotlines.csv`` that has a number of a measure, if any.

    Args:
        beside: a row of another measure; only one of the same organisation and year counts then.
    """
    rows_with_number = [
        row
        for row in rows
        if row["measure"] == measure
        and row["contacts"]
        and (
            beside is None
            or (row["organisation"], row["year"]) == (beside["organisation"], beside["year"])
        )
    ]
    return max(rows_with_number, key=lambda row: row["year"], default=None)


def find_last_contacts(rows: Sequence[PublicRow]) -> tuple[PublicRow, PublicRow] | None:
    """Return the last year's contacts about online abuse, and all contacts of the same service."""
    about = [row for row in rows if row["measure"] == ABOUT_ABUSE and row["contacts"]]
    if not about:
        return None
    last = max(about, key=lambda row: row["year"])
    service_and_year = last["organisation"], last["year"]
    rows_of_all_contacts = (
        row
        for row in rows
        if (row["organisation"], row["year"]) == service_and_year and row["measure"] == CONTACTS
    )
    total = next((row for row in rows_of_all_contacts if row["contacts"]), None)
    complete = total and {last["status"], total["status"]} == {REPORTED}
    return (last, total) if total and complete else None


def find_claims_of_contacts(rows: Sequence[PublicRow]) -> ClaimValues:
    """Return the counts that a heading on a helpline may name."""
    about_and_total = find_last_contacts(rows)
    if about_and_total is None:
        return {}
    about, total = (read_amount(row, "contacts").number for row in about_and_total)
    return {"count": {"count": about, "total": total, "year": about_and_total[0]["year"]}}


def read_whole_number(cell: str) -> int:
    """Return the whole number of a filled cell, with the address of the cell."""
    return with_address_of(int(float(cell)), cell)  # type: ignore[no-any-return]


def find_claims_of_workers(rows: Sequence[PublicRow], item: str | None) -> ClaimValues:
    """Return how many of the frontline workers asked said yes to an item, where it is shown."""
    rows_of_item = group_by_item(rows).get(item or "", ())
    yes = next(
        (row for row in rows_of_item if row["answer"] == "yes" and row["count"] and row["n"]), None
    )
    if yes is None:
        return {}
    return {
        "count": {"count": read_whole_number(yes["count"]), "total": read_whole_number(yes["n"])}
    }


def find_claims_of_policy(rows: Sequence[PublicRow]) -> ClaimValues:
    """Return how many items of law and policy are in place."""
    if not rows:
        return {}
    in_place, table = (
        sum(row["answer"] == "in_place" for row in rows),
        f"{rows[0]['country']}/policy",
    )
    return {
        "count": {
            "count": row_count(in_place, f"{table}/answer:in_place"),
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

    sentence: Markdown
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
        results: its public results; without a survey no figure of one.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, area: Country, results: Results
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._area = area
        self._results = results

    def build_groups(self, findings: Findings) -> list[PrintedGroup]:
        """Return the groups that have a figure, with those that are published."""
        groups: list[PrintedGroup] = []
        explained_meanings: set[str] = set()
        for group in findings.numbers:
            tiles = [
                (tile, printed_tile)
                for tile in group.tiles
                if (printed_tile := self._build_tile(tile))
            ]
            meanings_of_group = dict.fromkeys(tile.meaning for tile, _ in tiles if tile.meaning)
            new = [meaning for meaning in meanings_of_group if meaning not in explained_meanings]
            explained_meanings.update(new)
            title = self._translator.of_study(group.title)
            meanings = tuple(map(self._translator.of_study, new))
            groups.append(
                PrintedGroup(title, tuple(printed_tile for _, printed_tile in tiles), meanings)
            )
        return [group for group in groups if group.tiles]

    def find_example(self, findings: Findings) -> Example | None:
        """Return the first key figure that is a share of all children, to say how to read it."""
        if not self._results.quality:
            return None
        tiles = [tile for group in findings.numbers for tile in group.tiles if tile.indicator]
        indicators = [str(tile.indicator) for tile in tiles]
        shares = (
            self._results.cell(indicator).percent
            for indicator in indicators
            if not self._labels.base(indicator)
        )
        share = next((share for share in shares if share and not share.small), None)
        if share is None:
            return None
        return Example(format_share_with_interval(self._translator, share), share)

    def _build_tile(self, tile: NumberTile) -> PrintedTile | None:
        text = self._translator.of_study(tile.text) if tile.text else Markdown("")
        if tile.indicator:
            return self._build_share_tile(tile.indicator, text) if self._results.quality else None
        makers = {
            "online": self._build_online_tile,
            "interviewed": self._build_interviewed_tile,
            "policy": self._build_policy_tile,
            "reports": self._build_reports_tile,
        }
        if tile.count in makers:
            return makers[tile.count](text)
        if tile.count == "children":
            return self._build_children_tile(str(tile.of), text)
        return self._build_workers_tile(str(tile.of), text)

    def _build_share_tile(self, indicator: str, text: Markdown) -> PrintedTile | None:
        cell = self._results.cell(indicator)
        share = cell.percent
        if share:
            return PrintedTile(
                format_tile_number(self._translator, share), text, format_tile_bar(share)
            )
        if cell.bound:
            return PrintedTile(
                *format_bound_tile(self._translator, cell.bound, text, self._results.coded)
            )
        return None

    def _build_online_tile(self, text: Markdown) -> PrintedTile | None:
        area = self._area
        if not area.children or not area.internet_use_rate:
            return None
        rate = area.internet_use_rate
        tile_text = self._translator(
            "{text}: {share} of 100", text=text, share=self._translator.percent(rate)
        )
        if is_invented(area.internet_use_source):
            tile_text = self._translator("{text}, invented for this simulation", text=tile_text)
        online = derive_number("product", area.children * rate, [area.children, rate])
        return PrintedTile(self._translator.compact(online), tile_text)

    def _build_interviewed_tile(self, text: Markdown) -> PrintedTile | None:
        if not self._results.quality:
            return None
        return PrintedTile(self._translator.number(self._results.quality["interviewed"]), text)

    def _build_children_tile(self, indicator: str, text: Markdown) -> PrintedTile | None:
        rows = self._results.comparison_rows.get("denominators", ())
        keys = (indicator, "internet_using_children")
        row = next(
            (
                candidate_row
                for candidate_row in rows
                if (candidate_row["indicator"], candidate_row["denominator"]) == keys
            ),
            None,
        )
        if row is None or not row["children"]:
            return None
        number = self._translator.number
        low, high = (number(row.number(f"children_{end}")) for end in ("low", "high"))
        tile_text = self._translator("{text} ({low}–{high})", text=text, low=low, high=high)
        return PrintedTile(number(row.number("children")), tile_text)

    def _build_workers_tile(self, item: str, text: Markdown) -> PrintedTile | None:
        rows = self._results.evidence.rows("frontline")
        return self._build_count_tile(
            find_claims_of_workers(rows, item), text, group_by_item(rows).get(item, ())
        )

    def _build_policy_tile(self, text: Markdown) -> PrintedTile | None:
        """Return how many items are in place, in part and not, and of how many neither is said.

        By those in place alone all others would be read as missing.
        """
        rows = self._results.evidence.rows("policy")
        if not rows:
            return None
        answers = [row["answer"] for row in rows]
        table = f"{rows[0]['country']}/policy/answer"
        values = {
            name: self._translator.number(row_count(answers.count(answer), f"{table}:{answer}"))
            for name, answer in (("partly", "partly"), ("none", "not_in_place"))
        }
        judged = ("in_place", "partly", "not_in_place")
        unjudged = [answer for answer in answers if answer not in judged]
        if unjudged:
            codes = ",".join(f"{table}:{address_part(code)}" for code in sorted({*unjudged}))
            text = self._translator(
                "{text}; {partly} in part, {none} not, {unjudged} not judged",
                text=text,
                unjudged=self._translator.number(row_count(len(unjudged), codes)),
                **values,
            )
        else:
            text = self._translator("{text}; {partly} in part, {none} not", text=text, **values)
        return self._build_count_tile(find_claims_of_policy(rows), text, rows)

    def _build_count_tile(
        self, claims: dict[str, dict[str, int]], text: Markdown, rows: Sequence[PublicRow]
    ) -> PrintedTile | None:
        if "count" not in claims:
            return None
        values = {name: self._translator.number(value) for name, value in claims["count"].items()}
        number = self._translator("{count} of {total}", **values)
        return PrintedTile(number, mark_simulated(self._translator, text, rows))

    def _build_reports_tile(self, text: Markdown) -> PrintedTile | None:
        """Return the last year's CyberTip reports; of several classes also how many are referrals.

        One class is told as all reports only where every other class of the year has a number, too.
        """
        rows = sort_by_year_and_class(self._results.evidence.rows("cybertips"))
        rows_with_reports = [row for row in rows if row["reports"]]
        if not rows_with_reports:
            return None
        year = rows_with_reports[-1]["year"]
        of_year = [row for row in rows if row["year"] == year]
        told_rows = select_rows_of_column(of_year)
        report_counts = [row.number("reports") for row in told_rows]
        class_label = label(self._translator, "cybertips", "class", told_rows[0]["class"])
        if told_rows[0]["class"] == UNSPLIT:
            text = self._translator("CyberTip reports in {year}; reports, not children", year=year)
        elif len(told_rows) == 1 or len(told_rows) < sum(
            row["class"] != UNSPLIT for row in of_year
        ):
            told_rows, report_counts = told_rows[:1], report_counts[:1]
            text = self._translator(
                "CyberTip reports in {year} of one kind alone ({kind}); reports, not children",
                kind=class_label,
                year=year,
            )
        else:
            text = self._translator(
                "CyberTip reports in {year}, {count} of them {kind}; reports, not children",
                kind=class_label,
                count=self._translator.number(report_counts[0]),
                year=year,
            )
        total = (
            derive_number("sum", sum(report_counts), report_counts)
            if len(report_counts) > 1
            else report_counts[0]
        )
        return PrintedTile(
            self._translator.number(total), mark_simulated(self._translator, text, told_rows)
        )
