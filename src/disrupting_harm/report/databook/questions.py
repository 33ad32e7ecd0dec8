"""Sheets of one country: questions with several options, and what children's caregivers said."""

from collections.abc import Sequence

from disrupting_harm.publication.questions import REST
from disrupting_harm.report.databook.workbook import Column, Number, Sheet, Value
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.reasons import printed_as
from disrupting_harm.report.text import Text
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.question_contracts import NO_INDICATOR

Row = dict[str, str]


class QuestionSheets:
    """Write them in one language.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        codebook: its questions.
        mark: what stands behind every title; may be empty.
    """

    def __init__(self, text: Text, labels: Labels, codebook: Codebook, mark: str) -> None:
        self._text = text
        self._labels = labels
        self._questions = {question.id: question.label for question in codebook.questions}
        self._mark = mark
        self._printed_as = printed_as(text) | {NO_INDICATOR: text("counted by no indicator")}

    def sheets(self, options: Sequence[Row], dyads: Sequence[Row]) -> list[Sheet]:
        """Return a sheet of the options and one of the pairs, where there are any."""
        found = []
        if options:
            found.append(self._options(options))
        if dyads:
            found.append(self._pairs(dyads))
        return found

    def _options(self, rows: Sequence[Row]) -> Sheet:
        text = self._text
        columns = (
            Column(text("Question"), 34),
            Column(text("Answer"), 44),
            *self._numbers(),
            Column(text("What is printed"), 34),
            Column(text("May be the answer given most often"), 18),
            Column(text("Code"), 28, printed=False),
        )
        body = [
            (
                text.of_study(self._questions.get(row["question"], row["question"])),
                text("other answers")
                if row["option"] == REST
                else self._labels.indicator(row["option"]),
                *_printed(row, 100, row["shown"]),
                self._printed_as[row["status"]],
                {"True": text("Yes"), "False": text("No")}.get(row["may_be_first"]),
                row["option"],
            )
            for row in rows
        ]
        title = text("Answers to one question: all limits of a question hold together")
        return self._sheet(text("Answers to one question"), title, columns, body)

    def _pairs(self, rows: Sequence[Row]) -> Sheet:
        text = self._text
        measures = {
            "caregiver_if_child": text("caregivers who say yes, of children who do; per cent"),
            "agree": text("child and caregiver said the same; per cent"),
            "kappa": text("agreement beyond chance (kappa)"),
        }
        warnings = {
            "few_pairs": text("rests on few pairs"),
            "too_few_pairs": text("rests on so few pairs that there is no interval"),
            "undefined": text("cannot be computed"),
        }
        columns = (
            Column(text("The child said"), 44),
            Column(text("The caregiver said"), 44),
            Column(text("Measure"), 40),
            *self._numbers(),
            Column(text("What is printed"), 34),
            Column(text("Reason"), 30),
        )
        body = [
            (
                self._labels.indicator(row["child"]),
                self._labels.indicator(row["caregiver"]),
                measures[row["measure"]],
                *_printed(row, 1 if row["measure"] == "kappa" else 100, ""),
                self._printed_as[row["status"]],
                warnings.get(row["warning"]),
            )
            for row in rows
        ]
        name = text("{Respondents} and their caregivers")
        return self._sheet(name, name, columns, body)

    def _numbers(self) -> Sequence[Column]:
        text = self._text
        limits = (text("Estimate"), text("Lower limit"), text("Upper limit"))
        return [Column(text("n"), 8), *(Column(heading, 10) for heading in limits)]

    def _sheet(
        self, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
    ) -> Sheet:
        marked = f"{title} – {self._mark}" if self._mark else title
        return Sheet(name, marked, columns, rows, key=2)


def _printed(row: Row, scale: int, shown: str) -> list[Number | None]:
    """Return n, estimate and limits with the decimals that are printed."""
    n = Number(round(float(row["n"])), grouped=True) if row["n"] else None
    values = [row[name] for name in ("estimate", "ci_low", "ci_high")]
    if shown:
        digits = len(shown.partition(".")[2])
    else:
        longest = max(len(value.removesuffix(".0").partition(".")[2]) for value in values)
        digits = max(longest - (2 if scale == 100 else 0), 0)
    return [
        n,
        *(
            Number(round(scale * float(value), digits), digits) if value else None
            for value in values
        ),
    ]
