"""A question of the regional report: the answer that the tests bear, the proof, the doubt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import COMPARE, address_part, row_count
from disrupting_harm.report.findings.country_sentences import format_share_with_interval
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.report.language.broader_indicator import BroaderIndicator
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.printed_bounds import name_with_bound
from disrupting_harm.report.language.ranges import describe_hidden_areas, format_range, read_range
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval

NOTHING = Markdown("")


@dataclass(frozen=True)
class Answer:
    """One question, answered first and proved below.

    Attributes:
        id: of the heading.
        lead: the answer, in one or two sentences that say no more than what was tested.
        rule: by which the lead was chosen.
        numbers: where in the public tables its numbers stand.
        paragraphs: what stands below the lead.
        figures: identifiers of figures; the first that was drawn is shown.
        table: before the figure, or in place of one.
        sure: what is sure, and what is not.
        margin: notes beside the text.
    """

    id: str
    heading: Markdown
    lead: Markdown
    rule: str
    numbers: str
    paragraphs: tuple[Markdown, ...] = ()
    figures: tuple[str, ...] = ()
    table: Markdown = NOTHING
    sure: Markdown = NOTHING
    margin: tuple[Markdown, ...] = ()

    @property
    def title(self) -> Markdown:
        """The lead as a heading, which ends without a full stop."""
        return Markdown(self.lead.removesuffix("."))


@dataclass(frozen=True)
class Chapter:
    """A chapter: what it says first, and answers, each below its lead as a heading.

    ``lead`` may be that of its first answer, which then has no heading.
    """

    id: str
    title: Markdown
    lead: Markdown
    answers: tuple[Answer, ...]


def open_chapter(answers: Sequence[Answer], title: Markdown = NOTHING, id: str = "") -> Chapter:
    """Return a chapter that the lead of its first answer opens.

    Its title is the heading of that answer, if none is named.
    """
    first = answers[0]
    return Chapter(id or first.id, title or first.heading, first.lead, tuple(answers))


class HeadlineIndicator:
    """The indicator that the report asks about, with its rows in the tables of the comparison.

    Args:
        said: what follows "of 100 children", e.g. "said that they were ...".
        population: of whom the survey speaks.
        meaning: what the indicator counts, as a sentence.
        wider: an indicator that counts more.
        happened: what follows "about 6 million children", e.g. "were ...".
    """

    def __init__(
        self,
        wording: ComparisonFormatter,
        indicator: str,
        said: Markdown,
        population: Markdown,
        meaning: Markdown = NOTHING,
        wider: BroaderIndicator | None = None,
        happened: Markdown = NOTHING,
    ) -> None:
        self.wording = wording
        self.translator = wording.translator
        self.indicator = indicator
        self.said = said
        self.population = population
        self.meaning = meaning
        self.wider = wider
        self.happened = happened
        judged = self.rows("comparability", comparable="no")
        self.apart = sorted({row["country"] for row in judged})
        compared = [row for row in self.rows("prevalence") if row["country"] not in self.apart]
        self.shown = [row for row in compared if row["estimate"]]
        self._hidden = [row for row in compared if not row["estimate"]]
        self.hidden = [row["country"] for row in self._hidden]

    def rows(self, table: str, **keys: str) -> list[PublicRow]:
        """Return the indicator's rows of a table."""
        return self.wording.results.rows(table, indicator=self.indicator, **keys)

    def address_of_rows(self, table: str, *conditions: str) -> str:
        """Return the address of the indicator's rows of a table that meet conditions."""
        return "/".join((COMPARE, table, f"indicator:{address_part(self.indicator)}", *conditions))

    def count(self, rows: Sequence[PublicRow], table: str, *conditions: str) -> Markdown:
        """Return how many rows there are, with the address of these rows."""
        return self.translator.number(
            row_count(len(rows), self.address_of_rows(table, *conditions))
        )

    def ranked(self) -> Markdown:
        """Return how many areas have an estimate to compare, and so a rank."""
        keys = {"method": METHOD, "scope": SCOPE}
        conditions = [f"{name}:{value}" for name, value in keys.items()]
        return self.count(self.rows("rank_sets", **keys), "rank_sets", *conditions)

    def hidden_names(self, codes: Collection[str]) -> Markdown:
        """Return the names of those hidden areas that codes name, with their printed bounds."""
        return self._names_with_bounds([row for row in self._hidden if row["country"] in codes])

    def _names_with_bounds(self, rows: Sequence[PublicRow]) -> Markdown:
        wording = self.wording
        bounded_names = [
            name_with_bound(
                self.translator, row, wording.in_text(row["country"]), wording.results.coded
            )
            for row in wording.sort_by_country_name(rows)
        ]
        return self.translator.enumeration(bounded_names)

    def hidden_in_averages(self) -> Markdown:
        """Return how hidden areas count in the averages; empty where nobody is hidden."""
        averages = self.wording.results.averages(self.indicator).values()
        return describe_hidden_areas(
            self.translator, self._hidden, averages, self._names_with_bounds
        )

    def share(self, row: PublicRow) -> Markdown:
        """Return an estimate in whole per cent with its interval, e.g. ``9% (8–10)``, or a range.

        Args:
            row: of the averages, or of an area.
        """
        if row.get("set_low") and (ends := read_range(row)):
            return format_range(self.translator, ends)
        share = read_percent_interval(row)
        if share is None:
            return Markdown("–")
        return format_share_with_interval(self.translator, share)
