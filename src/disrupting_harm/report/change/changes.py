"""What a country report says of change: its sentences and its tables.

All numbers come from the public table ``changes.csv`` of the country. It has numbers only where
both waves show their estimates and what was asked has stayed the same.
"""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import how_many
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.change.numbers import Row
from disrupting_harm.report.change.parts import apart, figure_name, names_of_waves
from disrupting_harm.report.change.sentences import ChangeSentences
from disrupting_harm.report.change.tables import ChangeTables
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, paragraphs
from disrupting_harm.report.text import Text
from disrupting_harm.study.statuses import TOTAL


class Changes:
    """Write about the changes of one country in one language.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        rows: of the public table.
        trends: of the public table of trends, which has none with two surveys.
        confidence: level of the intervals, as printed.
        origin: the sentences that end every caption.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self,
        text: Text,
        labels: Labels,
        rows: Sequence[Row],
        trends: Sequence[Row],
        confidence: str,
        origin: str,
        groups: str,
    ) -> None:
        self._text, self._labels, self._trends = text, labels, trends
        self._groups = groups
        self._confidence, self._origin = confidence, origin
        national = [row for row in rows if (row["domain"], row["level"]) == TOTAL]
        proportions = [
            row for row in national if labels.definition(row["indicator"]).statistic == "proportion"
        ]
        self._years = names_of_waves(proportions)
        newest = proportions[-1]["wave_to"] if proportions else ""
        before = [row["wave_from"] for row in proportions if row["wave_to"] == newest]
        self._last = (before[0], newest) if before else ("", "")
        self._rows = proportions

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def years(self) -> Markdown:
        """When the surveys were in the field, the first one first."""
        return self._text.enumeration(list(self._years.values()))

    @property
    def last_two(self) -> Sequence[str]:
        """When the two newest surveys were in the field."""
        return [self._years[wave] for wave in self._last]

    def summary(self) -> Markdown:
        """Return how many indicators changed clearly, of those that could be compared."""
        tested = [row for row in self._newest() if row["change"]]
        clear = [row for row in tested if row["change"] != "no clear change"]
        before, after = self.last_two
        return self._text(
            "From {before} to {after}, {clear} of the {tested} indicators that could be compared "
            "changed clearly.",
            before=before,
            after=after,
            clear=self._text.number(_how_many(clear)),
            tested=self._text.number(_how_many(tested)),
        )

    def sentences(self) -> list[Markdown]:
        """Return a sentence on every headline indicator between the two newest surveys."""
        if not self:
            return []
        before, after = self.last_two
        years = {"before": before, "after": after}
        writer = ChangeSentences(self._text, self._labels, years, self._confidence, self._groups)
        return [writer.sentence(row) for row in self._newest()]

    def trends(self) -> list[Markdown]:
        """Return what may be said of all surveys together, from three on."""
        shapes = {
            "linear rise": self._text("a steady rise"),
            "linear fall": self._text("a steady fall"),
            "bend": self._text("a change whose pace or direction turned"),
            "change without a trend": self._text("a change that follows no line"),
            "no clear change": self._text("no clear change"),
        }
        return [
            self._text(
                "{label}: {shape}.",
                label=self._labels.with_base(row["indicator"]),
                shape=shapes[row["shape"]],
            )
            for row in self._trends
            if row["shape"]
        ]

    @property
    def figures(self) -> list[str]:
        """Names of the figures, one for each table."""
        names = list(dict.fromkeys(row["indicator"] for row in self._rows))
        parts = apart(names, lambda name: self._labels.definition(name).series)
        return [figure_name(at) for at in range(len(parts))]

    def tables(self, label: str) -> Markdown:
        """Return all pairs of surveys, an indicator in one row for each.

        Composites of different series stand in different tables.
        """
        names = list(dict.fromkeys(row["indicator"] for row in self._rows))
        parts = apart(names, lambda name: self._labels.definition(name).series)
        writer = ChangeTables(self._text, self._labels, self._years, self._confidence, self._origin)
        return paragraphs(
            [
                writer.table(
                    [row for row in self._rows if row["indicator"] in part],
                    f"{label}-{at + 1}" if at else label,
                )
                for at, part in enumerate(parts)
            ]
        )

    def _newest(self) -> list[Row]:
        return [row for row in self._rows if (row["wave_from"], row["wave_to"]) == self._last]


def _how_many(rows: Sequence[Row]) -> int:
    """Return how many changes there are, with the addresses of their verdicts."""
    return how_many([f"{prefix('changes', row)}/change" for row in rows])
