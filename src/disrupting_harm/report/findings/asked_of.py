"""Notes beside a finding of the survey: what was asked, of whom, and how many answered."""

from collections.abc import Sequence

from disrupting_harm.report.findings.definition import Finding
from disrupting_harm.report.findings.printed import NOTHING
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.results import Cell, Results
from disrupting_harm.report.text import Text
from disrupting_harm.study.codebook import Codebook


class AskedOf:
    """Write these notes on one country in one language.

    Args:
        text: the language.
        labels: words of the codebook.
        codebook: its items, whose questions are printed.
        results: the public results.
    """

    def __init__(self, text: Text, labels: Labels, codebook: Codebook, results: Results) -> None:
        self._text = text
        self._labels = labels
        self._questions = {item.id: item.question for item in codebook.items}
        self._results = results

    def question(self, entry: Finding) -> Markdown:
        """Return the question of a finding; nothing where it names none."""
        if entry.asked is None:
            return NOTHING
        question = self._text.of_study(self._questions[entry.asked])
        if len(entry.named) > 1:
            return self._text("**Asked:** “{question}”, and other questions", question=question)
        return self._text("**Asked:** “{question}”", question=question)

    def base(self, names: Sequence[str]) -> Markdown:
        """Return of whom the first indicator speaks, and how many answered those of this base."""
        first = self._labels.base(names[0])
        same = [name for name in names if self._labels.base(name) == first]
        return self.base_of([self._results.cell(name) for name in same], names[0])

    def base_of(self, cells: Sequence[Cell], name: str) -> Markdown:
        """Return of whom an indicator speaks, and how many answered these cells."""
        text, numbers = self._text, [cell.n for cell in cells if cell.n is not None]
        if not numbers:
            return NOTHING
        who = self._labels.base(name)
        low, high = text.number(min(numbers)), text.number(max(numbers))
        # Sensitive questions share the largest n of all that were put to the same children.
        if any(self._labels.definition(cell.indicator).sensitive for cell in cells):
            groups = len({cell.level for cell in cells}) > 1
            n = text("in each group up to {n}", n=high) if groups else text("up to {n}", n=high)
        else:
            n = low if low == high else text("{low} to {high}", low=low, high=high)
        if who:
            return text("**Base:** {n} ({base})", n=n, base=who)
        return text("**Base:** {n} {respondents}", n=n)
