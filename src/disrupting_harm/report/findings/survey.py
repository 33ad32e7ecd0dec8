"""Findings of the survey: a share of all children asked, or a tested gap between two groups."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.report.findings.clear_gaps import read_clear_gaps
from disrupting_harm.report.findings.country_sentences import (
    ShortSentences,
    describe_children,
    read_silence,
)
from disrupting_harm.report.findings.definition import Finding, Gap
from disrupting_harm.report.findings.gaps import (
    SHEET,
    describe_fitting_differences,
    describe_test,
    describe_wider_gap,
    describe_wider_test,
    explain_missing_estimates,
    find_gap_row,
)
from disrupting_harm.report.findings.headings import (
    NOTHING,
    Claim,
    ClaimValues,
    PrintedFinding,
    add_claim,
    find_claims_of_gap,
    find_claims_of_share,
    find_strongest_claim,
    format_gap_points,
    format_share_numbers,
    join_sentences,
    point_to_sheets,
    read_gap_points,
)
from disrupting_harm.report.findings.question_sentences import AnswerSentences
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE, TOTAL

# Notes beside a finding of the survey: what was asked, of whom, and how many answered.


class BaseNotes:
    """Write these notes on one country in one language.

    Args:
        codebook: its items, whose questions are printed.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, codebook: Codebook, results: Results
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._questions = {item.id: item.question for item in codebook.items}
        self._results = results

    def write_question_note(self, finding: Finding) -> Markdown:
        """Return the question of a finding; nothing where it names none."""
        if finding.asked is None:
            return NOTHING
        question = self._translator.of_study(self._questions[finding.asked])
        if len(finding.indicators_named) > 1:
            return self._translator(
                "**Asked:** “{question}”, and other questions", question=question
            )
        return self._translator("**Asked:** “{question}”", question=question)

    def write_base_note(self, indicators: Sequence[str]) -> Markdown:
        """Return of whom the first indicator speaks, and how many answered those of this base."""
        shared_base = self._labels.base(indicators[0])
        same_base = [name for name in indicators if self._labels.base(name) == shared_base]
        return self.write_base_note_of_cells(
            [self._results.cell(name) for name in same_base], indicators[0]
        )

    def write_base_note_of_cells(self, cells: Sequence[Cell], indicator: str) -> Markdown:
        """Return of whom an indicator speaks, and how many answered these cells."""
        translator, numbers = self._translator, [cell.n for cell in cells if cell.n is not None]
        if not numbers:
            return NOTHING
        base = self._labels.base(indicator)
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
        if base:
            return translator("**Base:** {n} ({base})", n=n, base=base)
        return translator("**Base:** {n} {respondents}", n=n)


# What those without an answer leave open of a share, for "How sure?".


def describe_silence(
    translator: Translator[Markdown], indicator: Indicator, row: PublicRow | None
) -> Markdown:
    """Return how many gave no answer, and what may be with them: chance and silence together.

    The bounds of silence alone are narrower than many an interval, and would be read as all that is
    not known. What one in a hundred would have said moves no limit that a reader sees. That fewer
    were silent is no answer to "How sure?" where few were asked, and nothing is said of it.

    Args:
        indicator: a share that is printed, or a bound of it.
        row: of ``bounds.csv``; None where bounds are not printed, or not compared.
    """
    silence_numbers = read_silence(row)
    if silence_numbers is None:
        if indicator.silence:
            return translator("Nobody knows what those without an answer would have said.")
        return NOTHING
    if silence_numbers.missing <= 1:
        return NOTHING
    share = translator.with_sign(silence_numbers.missing)
    if indicator.any_of:
        # Those who left a part open are counted, with what the others say.
        silent = translator("{missing} left a question open.", missing=share)
    else:
        silent = translator("{missing} did not answer.", missing=share)
    high = translator.with_sign(silence_numbers.high)
    if silence_numbers.some and silence_numbers.low == 0:
        limits = translator(
            "Allowing for chance and any answer of theirs, the first number is at most {high}.",
            high=high,
        )
    else:
        limits = translator(
            "Allowing for chance and any answer of theirs, the first number lies between {low} "
            "and {high}.",
            low=translator.number(silence_numbers.low),
            high=high,
        )
    return join_sentences([silent, limits])


# So many numbers one after the other that have the same bound are told in one sentence.
SAME_BOUNDS = 3


class SurveyFindings:
    """Write findings of the survey of one country in one language.

    Args:
        codebook: its items, whose questions stand in the margin.
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
        printed_names: dict[str, Markdown],
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._sentences = sentences
        self._names = printed_names
        self._answer_sentences = AnswerSentences(translator, labels, results)
        self._base_notes = BaseNotes(translator, labels, codebook, results)

    def write_finding(self, finding: Finding) -> PrintedFinding | None:
        """Return a finding of the survey; None where nothing of it was asked or is published."""
        if finding.clear_gaps:
            return self._write_clear_gaps(finding)
        return self._write_gap(finding, finding.gap) if finding.gap else self._write_share(finding)

    def _write_share(self, finding: Finding) -> PrintedFinding | None:
        name = str(finding.indicator)
        cell = self._results.cell(name)
        sentences, missing = self._write_sentences(finding, {})
        if cell.status == NOT_ASKED and not any(
            self._is_published(indicator) for indicator in finding.indicators_named
        ):
            return None
        hidden_own = [] if self._is_published(name) else [name]
        # Beside other numbers it is one of those that are not shown, and not what comes first. The
        # parts of a composite do not stand for it.
        composite = bool(self._labels.definition(name).any_of)
        has_other_numbers = (
            any(self._is_published(indicator) for indicator in finding.indicators_named)
            and not composite
        )
        has_other_numbers = has_other_numbers and cell.status != NOT_ASKED
        own_reason = [self._sentences.say(name, "")] if hidden_own and not has_other_numbers else []
        if finding.options:
            question_wording = self._translator.of_study(finding.options.asked)
            sentences.append(
                self._answer_sentences.describe_most_frequent(
                    finding.options.question, question_wording
                )
            )
        if finding.caregivers:
            sentences.append(self._answer_sentences.describe_caregivers(finding.caregivers))
        children = self._describe_children(name) if finding.children else NOTHING
        hidden_others = [indicator for indicator in missing if indicator != name]
        hidden_sentence = self._explain_hidden(
            [*hidden_own, *hidden_others] if has_other_numbers else hidden_others
        )
        address = f"{self._results.country}/{name}"
        return self._build_finding(
            finding,
            find_claims_of_share(cell, self._results.coded),
            address,
            format_share_numbers(cell.percent, cell),
            [*own_reason, *sentences, children, hidden_sentence],
            join_sentences([self._sentences.explain_bound(cell), self._describe_silence(name)]),
            [
                self._base_notes.write_question_note(finding),
                self._base_notes.write_base_note([name, *finding.indicators_named]),
            ],
            self._list_sheets(finding, [name, *finding.indicators_named], children),
        )

    def _list_sheets(
        self, finding: Finding, indicators: Sequence[str], children: Markdown
    ) -> list[Markdown]:
        """Return the sheets of the data book with the numbers that a finding prints, in order."""
        translator = self._translator
        published = [name for name in indicators if self._is_published(name)] or indicators[:1]
        sheets = [self._labels.sheet_of(name) for name in published]
        if children:
            sheets.append(translator("Numbers of {respondents}"))
        if finding.options:
            sheets.append(translator("Answers to one question"))
        pairs = [row for row in self._results.dyads if row["child"] == finding.caregivers]
        sheets += [self._labels.sheet_of(row["caregiver"]) for row in pairs]
        if pairs:
            sheets.append(translator("{Respondents} and their caregivers"))
        return sheets

    def _write_gap(self, finding: Finding, gap: Gap) -> PrintedFinding | None:
        row = find_gap_row(self._results, gap)
        gap_points = read_gap_points(row)
        group_cells = [self._results.cell(gap.indicator, gap.domain, level) for level in gap.levels]
        shares = [self._sentences.share(cell) for cell in group_cells]
        wider = describe_wider_gap(self._translator, finding, self._results, self._sentences.share)
        if gap_points is None and wider is None and all(cell.percent for cell in group_cells):
            return self._write_uncompared_gap(finding, gap, group_cells)
        if row is None or gap_points is None or None in shares:
            leave_out = finding.where_clear and wider is None
            return None if leave_out else self._write_untested_gap(finding, gap, group_cells, wider)
        if finding.where_clear and not gap_points.clear and wider is None:
            return None
        values = {name: share for name, share in zip("ab", shares, strict=True) if share}
        sentences, _ = self._write_sentences(finding, values)
        address = address_of(row["difference"]).rpartition("/")[0]
        printed_finding = self._build_finding(
            finding,
            find_claims_of_gap(gap_points),
            address,
            format_gap_points(gap_points),
            sentences,
            describe_fitting_differences(self._translator, gap_points),
            [
                describe_test(self._translator, self._labels, gap, gap_points, group_cells),
                describe_wider_test(self._translator, finding, self._results) if wider else NOTHING,
                self._base_notes.write_base_note_of_cells(group_cells, gap.indicator),
            ],
            self._list_sheets_of_gap(finding, gap, wider),
        )
        return add_claim(printed_finding, wider)

    def _list_sheets_of_gap(
        self, finding: Finding, gap: Gap, wider: Claim | None
    ) -> list[Markdown]:
        """Return the sheets with the shares of the groups, also by the wider indicator."""
        named = [gap.indicator, *([finding.wider.indicator] if wider and finding.wider else [])]
        return [self._labels.sheet_of(indicator) for indicator in named]

    def _write_uncompared_gap(
        self, finding: Finding, gap: Gap, group_cells: Sequence[Cell]
    ) -> PrintedFinding | None:
        """Return both shares of a gap that the comparison does not test, as it leaves the area out.

        None where the finding is to be told if it is clear, and the two intervals overlap.
        """
        printed_intervals = [cell.percent for cell in group_cells if cell.percent]
        intervals_are_apart = len(printed_intervals) == 2 and (
            printed_intervals[0].low > printed_intervals[1].high
            or printed_intervals[1].low > printed_intervals[0].high
        )
        if finding.where_clear and not intervals_are_apart:
            return None
        shares = (self._sentences.share(cell) for cell in group_cells)
        sentences, _ = self._write_sentences(
            finding, {name: s for name, s in zip("ab", shares, strict=True) if s}
        )
        sure = (
            self._translator("The difference was not tested; the two intervals do not overlap.")
            if intervals_are_apart
            else self._translator("The difference was not tested.")
        )
        address = f"{self._results.country}/{gap.indicator}"
        notes = [self._base_notes.write_base_note_of_cells(group_cells, gap.indicator)]
        sheets = self._list_sheets_of_gap(finding, gap, None)
        return self._build_finding(finding, {}, address, "", sentences, sure, notes, sheets)

    def _write_untested_gap(
        self, finding: Finding, gap: Gap, group_cells: Sequence[Cell], also: Claim | None
    ) -> PrintedFinding | None:
        """Return which groups have no estimate, so that no gap is tested; None where all have one.

        Without it the chapter looks as if nobody had asked. A clear gap of the wider indicator is
        told all the same.
        """
        sentences = explain_missing_estimates(self._translator, self._labels, gap, group_cells)
        if not sentences and also is None:
            return None
        address = f"{self._results.country}/{gap.indicator}"
        notes = [self._base_notes.write_base_note_of_cells(group_cells, gap.indicator)]
        wider = finding.wider_gap if also else None
        if wider and (gap_points := read_gap_points(find_gap_row(self._results, wider))):
            wider_cells = [
                self._results.cell(wider.indicator, wider.domain, level) for level in wider.levels
            ]
            notes.insert(
                0, describe_test(self._translator, self._labels, wider, gap_points, wider_cells)
            )
        sheets = self._list_sheets_of_gap(finding, gap, also)
        printed_finding = self._build_finding(
            finding, {}, address, "", sentences, NOTHING, notes, sheets
        )
        return add_claim(printed_finding, also)

    def _write_clear_gaps(self, finding: Finding) -> PrintedFinding | None:
        """Return all clear differences between groups; None where nothing was tested."""
        gaps = read_clear_gaps(self._translator, self._labels, self._results, finding.clear_gaps)
        if not gaps.tested:
            return None
        first = (gaps.clear or gaps.tested)[0]
        address = address_of(first["difference"]).rpartition("/")[0]
        sheets = self._list_sheets(finding, gaps.indicators or finding.clear_gaps, NOTHING)
        printed_finding = self._build_finding(
            finding, {}, address, "", gaps.describe_domains(), NOTHING, [], sheets
        )
        if not gaps.clear:
            return printed_finding
        table = gaps.format_table(self._sentences.share, f"tbl-{finding.id}")
        return replace(printed_finding, table=table)

    def _build_finding(
        self,
        finding: Finding,
        claims: ClaimValues,
        address: str,
        numbers: str,
        sentences: Sequence[Markdown],
        sure: Markdown,
        notes: Sequence[Markdown],
        sheets: Sequence[Markdown],
    ) -> PrintedFinding:
        translator = self._translator
        rule, values = find_strongest_claim(finding.heading, claims)
        formatted_values = {name: translator.number(value) for name, value in values.items()}
        heading = translator.fill_sentence(finding.heading[rule], self._names | formatted_values)
        # A gap that was not tested is in no table of the comparison; the groups are in this book.
        tested = (
            translator(
                "**Test:** data book of the comparison, “{sheet}”{language}",
                sheet=SHEET,
                language=translator.mark_language("en"),
            )
            if (finding.gap and numbers) or finding.clear_gaps
            else NOTHING
        )
        sure_sentences = [sure, translator.of_study(finding.sure) if finding.sure else NOTHING]
        return PrintedFinding(
            Claim(finding.id, heading, rule, values, address, numbers),
            heading,
            join_sentences(sentences),
            finding.figure or "",
            sure=join_sentences(sure_sentences),
            margin=tuple(
                note for note in (*notes, point_to_sheets(translator, sheets), tested) if note
            ),
        )

    def _write_sentences(
        self, finding: Finding, values: Mapping[str, Markdown]
    ) -> tuple[list[Markdown], list[str]]:
        """Return the sentences all of whose numbers are published, and the indicators that miss."""
        shares = {
            indicator: self._sentences.share(self._results.cell(indicator))
            for indicator in finding.indicators_named
        }
        message_values = {
            **self._names,
            **values,
            **{n: share for n, share in shares.items() if share},
        }
        hidden_indicators = [indicator for indicator, share in shares.items() if share is None]
        published_messages = [
            message
            for message in finding.text
            if not any(f"{{{n}}}" in message for n in hidden_indicators)
        ]
        sentences: list[Markdown] = []
        for bound, group in groupby(
            published_messages, lambda message: self._find_common_bound(finding, message)
        ):
            messages = list(group)
            indicators = [
                indicator
                for message in messages
                for indicator in _list_indicators_of_message(finding, message)
            ]
            if bound and len(indicators) >= SAME_BOUNDS:
                cells = [self._results.cell(indicator) for indicator in indicators]
                sentences.append(
                    self._translator(
                        "{share} each: {names}.",
                        share=shares[indicators[0]],
                        names=self._list_short_labels(cells),
                    )
                )
            else:
                sentences.extend(
                    self._translator.fill_sentence(message, message_values) for message in messages
                )
        return sentences, hidden_indicators

    def _find_common_bound(self, finding: Finding, message: str) -> tuple[str, float] | None:
        """Return the bound that all numbers of a sentence have; None where they have no such one.

        The sentence of the finding's own number stands by itself.
        """
        indicators = _list_indicators_of_message(finding, message)
        bounds = {self._results.cell(indicator).bound for indicator in indicators}
        return bounds.pop() if len(bounds) == 1 and finding.indicator not in indicators else None

    def _is_published(self, name: str) -> bool:
        return self._sentences.share(self._results.cell(name)) is not None

    def _explain_hidden(self, indicators: Sequence[str]) -> Markdown:
        """Return which numbers are not shown, and why; what was not asked is told elsewhere."""
        cells = [self._results.cell(indicator) for indicator in indicators]
        private = [cell for cell in cells if cell.status == SUPPRESS_DISCLOSURE]
        unsure = [c for c in cells if c not in private and c.status != NOT_ASKED]
        sentences = []
        if private:
            sentences.append(
                self._translator("Answers that could make somebody known are not shown.")
            )
        if unsure:
            sentences.append(self._translator("Some other answers are too few to give a number."))
        return join_sentences(sentences)

    def _list_short_labels(self, cells: Sequence[Cell]) -> Markdown:
        labels = [Markdown(f"“{self._labels.short(cell.indicator)}”") for cell in cells]
        return self._translator.enumeration(labels)

    def _find_comparison_row(self, table: str, **keys: str) -> PublicRow | None:
        rows = self._results.comparison_rows.get(table, ())
        return next(
            (row for row in rows if all(row[column] == value for column, value in keys.items())),
            None,
        )

    def _describe_children(self, indicator: str) -> Markdown:
        """Return how many children it is, and the share of all children, online or not."""
        of_online = self._find_comparison_row(
            "denominators", indicator=indicator, denominator="internet_using_children"
        )
        of_all = self._find_comparison_row(
            "denominators", indicator=indicator, denominator="all_children"
        )
        sentences = [describe_children(self._translator, of_online)]
        if of_all and of_all["estimate"]:
            cell = _build_denominator_cell(indicator, of_all)
            share = self._sentences.share(cell)
            if share:
                sentences.append(
                    self._translator(
                        "Even if none of the {respondents} who are not online would say so, it is "
                        "{share} of all {respondents} of that age.",
                        share=share,
                    )
                )
        return Markdown(" ".join(sentence for sentence in sentences if sentence))

    def _describe_silence(self, indicator: str) -> Markdown:
        """Return what silence leaves open of the finding's own number, which stands first."""
        if not self._is_published(indicator):
            return NOTHING
        row = self._find_comparison_row("bounds", indicator=indicator)
        return describe_silence(self._translator, self._labels.definition(indicator), row)


def _list_indicators_of_message(finding: Finding, message: str) -> list[str]:
    """Return the indicators that one sentence names."""
    return [name for name in finding.indicators_named if f"{{{name}}}" in message]


def _build_denominator_cell(indicator: str, row: PublicRow) -> Cell:
    """Return a row of ``denominators.csv`` as a cell."""
    estimate, low, high = (row.number(end) for end in ("estimate", "ci_low", "ci_high"))
    return Cell(
        indicator,
        *TOTAL,
        None,
        estimate,
        low,
        high,
        "",
        "present",
        percent=read_percent_interval(row),
    )
