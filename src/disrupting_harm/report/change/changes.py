"""What a country report says of change: its sentences and its tables.

All numbers come from the public table ``changes.csv`` of the country. It has numbers only where
both waves show their estimates and what was asked has stayed the same.
"""

from collections.abc import Mapping, Sequence

from disrupting_harm.provenance.addresses import how_many
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.change.numbers import Row
from disrupting_harm.report.change.parts import apart, figure_name, names_of_waves
from disrupting_harm.report.change.sentences import ChangeSentences
from disrupting_harm.report.change.tables import ChangeTables
from disrupting_harm.report.change.verdicts import Segment, segments_of
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
        origin: the sentences that end every caption.
        groups: title of the domain whose composition is kept fixed; empty where none is.
    """

    def __init__(
        self,
        text: Text,
        labels: Labels,
        rows: Sequence[Row],
        origin: str,
        groups: str,
    ) -> None:
        self._text, self._labels, self._groups, self._origin = text, labels, groups, origin
        national = [row for row in rows if (row["domain"], row["level"]) == TOTAL]
        proportions = [
            row for row in national if labels.definition(row["indicator"]).statistic == "proportion"
        ]
        self._years = names_of_waves(proportions)
        self._rows = proportions

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def years(self) -> Markdown:
        """When the surveys were in the field, the first one first."""
        return self._text.enumeration(list(self._years.values()))

    def summary(self) -> Markdown:
        """Return how many indicators changed clearly, of those that could be compared."""
        segments = {name: segments_of(rows) for name, rows in self._by_indicator().items()}
        tested = {name: [one for one in found if one.is_tested] for name, found in segments.items()}
        clear = {name: [one for one in found if one.clear_rows] for name, found in tested.items()}
        return self._text(
            "{clear} of the {tested} indicators that could be compared changed clearly between two "
            "of these surveys.",
            clear=self._text.number(_how_many(clear)),
            tested=self._text.number(_how_many(tested)),
        )

    def sentences(self) -> list[Markdown]:
        """Return a sentence on every headline indicator over all surveys."""
        writer = ChangeSentences(self._text, self._labels, self._years, self._groups)
        return [writer.sentence(rows) for rows in self._by_indicator().values()]

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
        writer = ChangeTables(self._text, self._labels, self._years, self._origin)
        return paragraphs(
            [
                writer.table(
                    [row for row in self._rows if row["indicator"] in part],
                    f"{label}-{at + 1}" if at else label,
                )
                for at, part in enumerate(parts)
            ]
        )

    def _by_indicator(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows:
            found.setdefault(row["indicator"], []).append(row)
        return found


def _how_many(segments: Mapping[str, Sequence[Segment]]) -> int:
    """Return how many indicators have any of these, with the addresses of a verdict of each."""
    first = [found[0] for found in segments.values() if found]
    verdicts = [
        next(row for row in (*one.clear_rows, one.whole, *one.steps) if row["change"])
        for one in first
    ]
    return how_many([f"{prefix('changes', row)}/change" for row in verdicts])
