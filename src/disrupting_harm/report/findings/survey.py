"""Findings of the survey: a share of all children asked, or a tested gap between two groups."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from disrupting_harm.provenance.addresses import address_of, number_of
from disrupting_harm.report.findings.country_sentences import (
    ShortSentences,
    children_sentence,
    silence_of,
)
from disrupting_harm.report.findings.definition import Finding, Gap
from disrupting_harm.report.findings.gaps import (
    SHEET,
    gap_row,
    no_estimate_of,
    tested,
    what_fits,
    wider_claim,
    wider_tested,
)
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Borne,
    Claim,
    PrintedFinding,
    borne_by_gap,
    borne_by_share,
    joined,
    numbers_of,
    numbers_of_points,
    points,
    strongest,
    with_claim,
)
from disrupting_harm.report.findings.question_sentences import Answers
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.whole_percent import whole_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE, TOTAL

# Notes beside a finding of the survey: what was asked, of whom, and how many answered.


class AskedOf:
    """Write these notes on one country in one language.

    Args:
        translator: the language.
        labels: words of the codebook.
        codebook: its items, whose questions are printed.
        results: the public results.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, codebook: Codebook, results: Results
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._questions = {item.id: item.question for item in codebook.items}
        self._results = results

    def question(self, entry: Finding) -> Markdown:
        """Return the question of a finding; nothing where it names none."""
        if entry.asked is None:
            return NOTHING
        question = self._translator.of_study(self._questions[entry.asked])
        if len(entry.named) > 1:
            return self._translator(
                "**Asked:** “{question}”, and other questions", question=question
            )
        return self._translator("**Asked:** “{question}”", question=question)

    def base(self, names: Sequence[str]) -> Markdown:
        """Return of whom the first indicator speaks, and how many answered those of this base."""
        first = self._labels.base(names[0])
        same = [name for name in names if self._labels.base(name) == first]
        return self.base_of([self._results.cell(name) for name in same], names[0])

    def base_of(self, cells: Sequence[Cell], name: str) -> Markdown:
        """Return of whom an indicator speaks, and how many answered these cells."""
        translator, numbers = self._translator, [cell.n for cell in cells if cell.n is not None]
        if not numbers:
            return NOTHING
        who = self._labels.base(name)
        low, high = translator.number(min(numbers)), translator.number(max(numbers))
        # Sensitive questions share the largest n of all that were put to the same children.
        if any(self._labels.definition(cell.indicator).sensitive for cell in cells):
            groups = len({cell.level for cell in cells}) > 1
            n = (
                translator("in each group up to {n}", n=high)
                if groups
                else translator("up to {n}", n=high)
            )
        else:
            n = low if low == high else translator("{low} to {high}", low=low, high=high)
        if who:
            return translator("**Base:** {n} ({base})", n=n, base=who)
        return translator("**Base:** {n} {respondents}", n=n)


# What those without an answer leave open of a share, for "How sure?".


def silence(
    translator: Translator[Markdown], indicator: Indicator, row: Mapping[str, str] | None
) -> Markdown:
    """Return how many gave no answer, and what may be with them: chance and silence together.

    The bounds of silence alone are narrower than many an interval, and would be read as all that is
    not known. What one in a hundred would have said moves no limit that a reader sees. That fewer
    were silent is no answer to "How sure?" where few were asked, and nothing is said of it.

    Args:
        translator: the language.
        indicator: a share that is printed, or a bound of it.
        row: of ``bounds.csv``; None where bounds are not printed, or not compared.
    """
    known = silence_of(row)
    if known is None:
        if indicator.silence:
            return translator("What those who gave no valid answer would have said is not known.")
        return NOTHING
    if known.missing == 0:
        return NOTHING
    share = translator.with_sign(known.missing)
    if indicator.any_of:
        # Those who left a part open are counted, with what the others say.
        silent = translator(
            "{missing} said yes to none of its questions, and left at least one open.",
            missing=share,
        )
    else:
        silent = translator("{missing} gave no valid answer.", missing=share)
    return joined([silent, known.allowed_for(translator) if known.missing > 1 else NOTHING])


# So many numbers one after the other that have the same bound are told in one sentence.
SAME_BOUNDS = 3


class SurveyFindings:
    """Write findings of the survey of one country in one language.

    Args:
        translator: the language.
        labels: words of the codebook.
        codebook: its items, whose questions stand in the margin.
        results: the public results.
        sentences: how numbers are printed.
        names: ``population`` and ``country`` as printed.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        codebook: Codebook,
        results: Results,
        sentences: ShortSentences,
        names: dict[str, Markdown],
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._sentences = sentences
        self._names = names
        self._answers = Answers(translator, labels, results)
        self._asked_of = AskedOf(translator, labels, codebook, results)

    def finding(self, entry: Finding) -> PrintedFinding | None:
        """Return a finding of the survey; None where nothing of it was asked or is published."""
        return self._of_gap(entry, entry.gap) if entry.gap else self._of_share(entry)

    def _of_share(self, entry: Finding) -> PrintedFinding | None:
        name = str(entry.indicator)
        cell = self._results.cell(name)
        told, missing = self._told(entry, {})
        if cell.status == NOT_ASKED and not any(self._shown(each) for each in entry.named):
            return None
        own = [] if self._shown(name) else [name]
        # Beside other numbers it is one of those that are not shown, and not what comes first. The
        # parts of a composite do not stand for it.
        composite = bool(self._labels.definition(name).any_of)
        others = any(self._shown(each) for each in entry.named) and not composite
        others = others and cell.status != NOT_ASKED
        why = [self._sentences.say(name, "")] if own and not others else []
        if entry.options:
            asked = self._translator.of_study(entry.options.asked)
            told.append(self._answers.most_often(entry.options.question, asked))
        if entry.caregivers:
            told.append(self._answers.caregivers(entry.caregivers))
        children = self._children(name) if entry.children else NOTHING
        missed = [each for each in missing if each != name]
        hidden = self._hidden([*own, *missed] if others else missed)
        address = f"{self._results.country}/{name}"
        return self._printed(
            entry,
            borne_by_share(cell, self._results.coded),
            address,
            numbers_of(cell.whole, cell),
            [*why, *told, children, hidden],
            joined([self._sentences.bounded(cell), self._silence(name, entry)]),
            [self._asked_of.question(entry), self._asked_of.base([name, *entry.named])],
            self._labels.module_of(name),
        )

    def _of_gap(self, entry: Finding, gap: Gap) -> PrintedFinding | None:
        row = gap_row(self._results, gap)
        found = points(row)
        cells = [self._results.cell(gap.indicator, gap.domain, level) for level in gap.levels]
        shares = [self._sentences.share(cell) for cell in cells]
        also = wider_claim(self._translator, entry, self._results, self._sentences.share)
        if found is None and also is None and all(cell.whole for cell in cells):
            return self._not_compared(entry, gap, cells)
        if row is None or found is None or None in shares:
            hidden = entry.where_clear and also is None
            return None if hidden else self._untested(entry, gap, cells, also)
        if entry.where_clear and not found.clear and also is None:
            return None
        values = {name: share for name, share in zip("ab", shares, strict=True) if share}
        told, _ = self._told(entry, values)
        address = address_of(row["difference"]).rpartition("/")[0]
        printed = self._printed(
            entry,
            borne_by_gap(found),
            address,
            numbers_of_points(found),
            told,
            what_fits(self._translator, found),
            [
                tested(self._translator, self._labels, gap, found, cells),
                wider_tested(self._translator, entry, self._results) if also else NOTHING,
                self._asked_of.base_of(cells, gap.indicator),
            ],
            self._labels.module_of(gap.indicator),
        )
        return with_claim(printed, also)

    def _not_compared(
        self, entry: Finding, gap: Gap, cells: Sequence[Cell]
    ) -> PrintedFinding | None:
        """Return both shares of a gap that the comparison does not test, as it leaves the area out.

        None where the finding is to be told if it is clear, and the two intervals overlap.
        """
        wholes = [cell.whole for cell in cells if cell.whole]
        apart = len(wholes) == 2 and (
            wholes[0].low > wholes[1].high or wholes[1].low > wholes[0].high
        )
        if entry.where_clear and not apart:
            return None
        shares = (self._sentences.share(cell) for cell in cells)
        told, _ = self._told(entry, {name: s for name, s in zip("ab", shares, strict=True) if s})
        sure = (
            self._translator("The difference was not tested; the two intervals do not overlap.")
            if apart
            else self._translator("The difference was not tested.")
        )
        address = f"{self._results.country}/{gap.indicator}"
        notes = [self._asked_of.base_of(cells, gap.indicator)]
        module = self._labels.module_of(gap.indicator)
        return self._printed(entry, {}, address, "", told, sure, notes, module)

    def _untested(
        self, entry: Finding, gap: Gap, cells: Sequence[Cell], also: Claim | None
    ) -> PrintedFinding | None:
        """Return which groups have no estimate, so that no gap is tested; None where all have one.

        Without it the chapter looks as if nobody had asked. A clear gap of the wider indicator is
        told all the same.
        """
        said = no_estimate_of(self._translator, self._labels, gap, cells)
        if not said and also is None:
            return None
        address = f"{self._results.country}/{gap.indicator}"
        notes = [self._asked_of.base_of(cells, gap.indicator)]
        wider = entry.wider_gap if also else None
        if wider and (found := points(gap_row(self._results, wider))):
            own = [self._results.cell(wider.indicator, wider.domain, on) for on in wider.levels]
            notes.insert(0, tested(self._translator, self._labels, wider, found, own))
        module = self._labels.module_of(gap.indicator)
        printed = self._printed(entry, {}, address, "", said, NOTHING, notes, module)
        return with_claim(printed, also)

    def _printed(
        self,
        entry: Finding,
        borne: Borne,
        address: str,
        numbers: str,
        told: Sequence[Markdown],
        sure: Markdown,
        notes: Sequence[Markdown],
        module: Markdown,
    ) -> PrintedFinding:
        translator = self._translator
        rule, values = strongest(entry.heading, borne)
        shown = {name: translator.number(value) for name, value in values.items()}
        heading = translator.filled(entry.heading[rule], self._names | shown)
        # A gap that was not tested is in no table of the comparison; the groups are in this book.
        book = (
            translator(
                "**Data:** data book of the comparison, in Excel: sheet “{sheet}”", sheet=SHEET
            )
            if entry.gap and numbers
            else translator("**Data:** data book, “{module}”", module=module)
        )
        said = [sure, translator.of_study(entry.sure) if entry.sure else NOTHING]
        return PrintedFinding(
            Claim(entry.id, heading, rule, values, address, numbers),
            heading,
            joined(told),
            entry.figure or "",
            sure=joined(said),
            margin=tuple(note for note in (*notes, book) if note),
        )

    def _told(
        self, entry: Finding, values: Mapping[str, Markdown]
    ) -> tuple[list[Markdown], list[str]]:
        """Return the sentences all of whose numbers are published, and the indicators that miss."""
        shares = {name: self._sentences.share(self._results.cell(name)) for name in entry.named}
        known = {**self._names, **values, **{n: share for n, share in shares.items() if share}}
        missing = [name for name, share in shares.items() if share is None]
        printed = [line for line in entry.text if not any(f"{{{n}}}" in line for n in missing)]
        told: list[Markdown] = []
        for bound, group in groupby(printed, lambda line: self._one_bound(entry, line)):
            lines = list(group)
            names = [name for line in lines for name in _named(entry, line)]
            if bound and len(names) >= SAME_BOUNDS:
                cells = [self._results.cell(name) for name in names]
                told.append(
                    self._translator(
                        "{share} each: {names}.",
                        share=shares[names[0]],
                        names=self._short(cells),
                    )
                )
            else:
                told.extend(self._translator.filled(line, known) for line in lines)
        return told, missing

    def _one_bound(self, entry: Finding, line: str) -> tuple[str, float] | None:
        """Return the bound that all numbers of a sentence have; None where they have no such one.

        The sentence of the finding's own number stands by itself.
        """
        names = _named(entry, line)
        bounds = {self._results.cell(name).bound for name in names}
        return bounds.pop() if len(bounds) == 1 and entry.indicator not in names else None

    def _shown(self, name: str) -> bool:
        return self._sentences.share(self._results.cell(name)) is not None

    def _hidden(self, names: Sequence[str]) -> Markdown:
        """Return which numbers are not shown, and why; what was not asked is told elsewhere."""
        cells = [self._results.cell(name) for name in names]
        private = [cell for cell in cells if cell.status == SUPPRESS_DISCLOSURE]
        unsure = [c for c in cells if c not in private and c.status != NOT_ASKED]
        said = []
        if private:
            said.append(
                self._translator(
                    "Not shown, to protect those who answered: {names}.", names=self._short(private)
                )
            )
        if unsure:
            said.append(
                self._translator(
                    "Not shown, because too uncertain: {names}.", names=self._short(unsure)
                )
            )
        return joined(said)

    def _short(self, cells: Sequence[Cell]) -> Markdown:
        labels = [Markdown(f"“{self._labels.short(cell.indicator)}”") for cell in cells]
        return self._translator.enumeration(labels)

    def _row(self, table: str, **keys: str) -> Mapping[str, str] | None:
        rows = self._results.compared.get(table, ())
        return next((r for r in rows if all(r[k] == v for k, v in keys.items())), None)

    def _children(self, name: str) -> Markdown:
        """Return how many children it is, and the share of all children, online or not."""
        own = self._row("denominators", indicator=name, denominator="internet_using_children")
        every = self._row("denominators", indicator=name, denominator="all_children")
        said = [children_sentence(self._translator, own)]
        if every and every["estimate"]:
            cell = _cell(name, every)
            share = self._sentences.share(cell)
            if share:
                said.append(
                    self._translator(
                        "If nobody offline was affected, it is {share} of all {respondents} of "
                        "that age.",
                        share=share,
                    )
                )
        return Markdown(" ".join(part for part in said if part))

    def _silence(self, name: str, entry: Finding) -> Markdown:
        """Return what silence leaves open; of several numbers it says of which."""
        if not self._shown(name):
            return NOTHING
        row = self._row("bounds", indicator=name)
        said = silence(self._translator, self._labels.definition(name), row)
        if not said or len(entry.named) < 2:
            return said
        return self._translator("“{label}”: {count}", label=self._labels.short(name), count=said)


def _named(entry: Finding, line: str) -> list[str]:
    """Return the indicators that one sentence names."""
    return [name for name in entry.named if f"{{{name}}}" in line]


def _cell(name: str, row: Mapping[str, str]) -> Cell:
    """Return a row of ``denominators.csv`` as a cell."""
    estimate, low, high = (number_of(row[end]) for end in ("estimate", "ci_low", "ci_high"))
    return Cell(name, *TOTAL, None, estimate, low, high, "", "present", whole=whole_of(row))
