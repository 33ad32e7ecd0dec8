"""Sheets of the answers to one question, and of what caregivers of children said."""

from collections.abc import Sequence

from disrupting_harm.publication.question_groups import REST
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    Sheet,
    Value,
    abbreviate_row,
    add_mark,
    shared_decimals,
)
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
)
from disrupting_harm.report.language.reasons import describe_statuses
from disrupting_harm.report.language.translator import (
    Translator,
)
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import NO_INDICATOR


class QuestionSheets:
    """Write the options of questions, and what children's caregivers said, in one language.

    Args:
        mark: what stands behind every title; may be empty.
    """

    def __init__(
        self, translator: Translator[Markdown], labels: Labels, codebook: Codebook, mark: str
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._questions = {question.id: question.label for question in codebook.questions}
        self._mark = mark
        self._printed_as = describe_statuses(translator) | {
            NO_INDICATOR: translator("counted by no indicator")
        }

    def sheets(self, options: Sequence[PublicRow], dyads: Sequence[PublicRow]) -> list[Sheet]:
        """Return a sheet of the options and one of the pairs, where there are any."""
        question_sheets = []
        if options:
            question_sheets.append(self._option_sheet(options))
        if dyads:
            question_sheets.append(self._pair_sheet(dyads))
        return question_sheets

    def _option_sheet(self, rows: Sequence[PublicRow]) -> Sheet:
        translator = self._translator
        columns = (
            Column(translator("Question"), 34),
            Column(translator("Answer"), 44),
            *self._number_columns(translator("Joint lower limit"), translator("Joint upper limit")),
            Column(translator("Status"), 34),
            Column(translator("May be the answer given most often"), 18),
            Column(translator("Code"), 28, printed=False),
        )
        may_be_first = {
            "True": translator.in_context("may stand first", "Yes"),
            "False": translator.in_context("may stand first", "No"),
        }
        body = [
            (
                translator.of_study(self._questions.get(row["question"], row["question"])),
                translator("other answers")
                if row["option"] == REST
                else self._labels.indicator(row["option"]),
                *_format_estimate_row(row, 100, row["shown"]),
                self._printed_as[row["status"]],
                may_be_first.get(row["may_be_first"]),
                row["option"],
            )
            for row in rows
        ]
        title = translator("Answers to one question: all limits of a question hold together")
        return self._create_sheet(translator("Answers to one question"), title, columns, body)

    def _pair_sheet(self, rows: Sequence[PublicRow]) -> Sheet:
        translator = self._translator
        measures = {
            "caregiver_if_child": translator(
                "caregivers who say yes, of children who do; per cent"
            ),
            "agree": translator("child and caregiver said the same; per cent"),
            "kappa": translator("agreement beyond chance (kappa)"),
        }
        warnings = {
            "few_pairs": translator("rests on few pairs"),
            "too_few_pairs": translator("rests on so few pairs that there is no interval"),
            "undefined": translator("cannot be computed"),
        }
        columns = (
            Column(translator("The child said"), 44),
            Column(translator("The caregiver said"), 44),
            Column(translator("Measure"), 40),
            *self._number_columns(translator("Lower limit"), translator("Upper limit")),
            Column(translator("Status"), 34),
            Column(translator("Reason"), 30),
        )
        body = [
            (
                self._labels.indicator(row["child"]),
                self._labels.indicator(row["caregiver"]),
                measures[row["measure"]],
                *_format_estimate_row(row, 1 if row["measure"] == "kappa" else 100, ""),
                self._printed_as[row["status"]],
                warnings.get(row["warning"]),
            )
            for row in rows
        ]
        name = translator("{Respondents} and their caregivers")
        return self._create_sheet(name, name, columns, body)

    def _number_columns(self, lower: str, upper: str) -> Sequence[Column]:
        translator = self._translator
        headings = (translator("Estimate"), lower, upper)
        return [Column(translator("n"), 8), *(Column(heading, 10) for heading in headings)]

    def _create_sheet(
        self, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
    ) -> Sheet:
        return Sheet(name, add_mark(title, self._mark), columns, rows, key=2)


def _format_estimate_row(row: PublicRow, scale: int, shown_estimate: str) -> list[Value]:
    """Return n, estimate and limits with the decimals that are printed."""
    hidden = abbreviate_row(row)
    n = Number(round(row.number("n")), grouped=True) if row["n"] else hidden
    columns = ("estimate", "ci_low", "ci_high")
    digits = (
        len(shown_estimate.partition(".")[2])
        if shown_estimate
        else shared_decimals(row, columns, scale)
    )
    return [
        n,
        *(
            Number(round(scale * float(row[name]), digits), digits) if row[name] else hidden
            for name in columns
        ),
    ]
