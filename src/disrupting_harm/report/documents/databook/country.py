"""The data book of one country in all its languages: a workbook, and the same on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.publication.question_groups import REST
from disrupting_harm.report.documents.country_names import RENDERED_BY, Annex, reference
from disrupting_harm.report.documents.databook.evidence import EvidenceSheets
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    Properties,
    Sheet,
    Value,
    notes_sheet,
    plain,
    write_workbook,
)
from disrupting_harm.report.documents.draft_status import status
from disrupting_harm.report.documents.estimate_tables import Tables, lettered
from disrupting_harm.report.documents.templates import fill
from disrupting_harm.report.findings.country_sentences import Sentences
from disrupting_harm.report.findings.evidence.chapters import Chapters
from disrupting_harm.report.findings.question_sentences import origin
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, escape, pipe_table, without_addresses
from disrupting_harm.report.language.question_wording import asked
from disrupting_harm.report.language.reasons import printed_as, reasons
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.signs import instead, interval_names
from disrupting_harm.report.language.translator import Words, load_words_of_study
from disrupting_harm.report.reading.country_results import Cell, Results, read_results
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NO_INDICATOR, TOTAL

# Sheets of one country's estimates: the list of indicators, then every group of each theme.


KEY = 3  # columns that name a cell


@dataclass(frozen=True)
class _About:
    """What every row of an indicator says."""

    label: str
    unit: str
    asked: str
    base: str


class EstimateSheets:
    """Write the estimates of one country in one language.

    Args:
        text: messages in the reader's language.
        labels: words of the codebook.
        codebook: the questions.
        results: the public tables of the country.
        population: the whole population, as printed.
        mark: what stands behind every title, such as that the data are simulated; may be empty.
    """

    def __init__(
        self,
        text: Text,
        labels: Labels,
        codebook: Codebook,
        results: Results,
        population: str,
        mark: str,
    ) -> None:
        self._text = text
        self._labels = labels
        self._results = results
        self._mark = mark
        self._printed_as = printed_as(text)
        # Of each indicator what all its rows say.
        self._about = {
            name: _About(
                labels.indicator(name),
                self._unit(labels.definition(name).statistic),
                asked(text, labels, codebook, labels.definition(name)),
                labels.base(name) or population,
            )
            for module in labels.modules()
            for name in labels.in_module(module)
        }
        self._groups: dict[tuple[str, str], tuple[str, str]] = {}

    def indicators(self) -> Sheet:
        """Return the list of indicators: what was asked, of whom, in which theme."""
        text = self._text
        columns = (
            Column(text("Indicator"), 48),
            Column(text("Theme"), 30),
            Column(text("Question"), 58),
            Column(text("Base"), 34),
            Column(text("Unit"), 12),
            Column(text("Code"), 26),
        )
        rows = [
            (about.label, self._labels.module(module), about.asked, about.base, about.unit, name)
            for module in self._labels.modules()
            for name in self._labels.in_module(module)
            for about in (self._about[name],)
        ]
        title = self._titled(text("Indicators"))
        return Sheet(text("Indicators"), title, columns, rows)

    def themes(self) -> list[Sheet]:
        """Return one sheet for each theme, with a row for each indicator and group."""
        return [self._theme(module) for module in self._labels.modules()]

    def _theme(self, module: str) -> Sheet:
        names = set(self._labels.in_module(module))
        cells = [cell for cell in self._results.cells.values() if cell.indicator in names]
        columns, values = zip(*self._columns(), strict=True)
        return Sheet(
            self._labels.module(module),
            self._titled(self._labels.module(module)),
            columns,
            [[value(cell) for value in values] for cell in cells],
            KEY,
            frozenset(at for at, cell in enumerate(cells) if cell.domain == TOTAL[0]),
        )

    def _columns(self) -> Sequence[tuple[Column, Callable[[Cell], Value]]]:
        """Return the columns of a theme, and what each says of a cell."""
        text = self._text

        def about(cell: Cell) -> _About:
            return self._about[cell.indicator]

        return (
            (Column(text("Indicator"), 46), lambda cell: about(cell).label),
            (Column(text("Groups by"), 16), lambda cell: self._group(cell)[0]),
            (Column(text("Group"), 18), lambda cell: self._group(cell)[1]),
            (Column(text("n"), 8), _answers),
            (Column(text("Estimate"), 10), lambda cell: self._number(cell, cell.estimate)),
            (Column(text("Lower limit"), 10), lambda cell: self._number(cell, cell.ci_low)),
            (Column(text("Upper limit"), 10), lambda cell: self._number(cell, cell.ci_high)),
            (Column(text("Bound"), 9), lambda cell: instead(text, cell) if cell.bound else None),
            (Column(text("Unit"), 10), lambda cell: about(cell).unit),
            (Column(text("What is printed"), 34), self._printed),
            (Column(text("Reason"), 44), lambda cell: reasons(text, cell.reason)),
            (Column(text("Question"), 44, printed=False), lambda cell: about(cell).asked),
            (Column(text("Base"), 30, printed=False), lambda cell: about(cell).base),
            (Column(text("Code"), 24, printed=False), lambda cell: cell.indicator),
            (Column(text("Code of the groups"), 18, printed=False), lambda cell: cell.domain),
            (Column(text("Code of the group"), 18, printed=False), lambda cell: cell.level),
        )

    def _printed(self, cell: Cell) -> str:
        return self._printed_as["bounds" if cell.bound else cell.status]

    def _group(self, cell: Cell) -> tuple[str, str]:
        key = cell.domain, cell.level
        if key not in self._groups:
            self._groups[key] = self._labels.domain(cell.domain), self._labels.level(*key)
        return self._groups[key]

    def _number(self, cell: Cell, value: float | None) -> Number | None:
        if value is None:
            return None
        share = self._labels.definition(cell.indicator).statistic == "proportion"
        return Number(round(100 * value if share else value, cell.digits), cell.digits)

    def _unit(self, statistic: str) -> str:
        text = self._text
        units = {"proportion": text("per cent"), "mean": text("mean"), "total": text("total")}
        return units[statistic]

    def _titled(self, title: str) -> str:
        return f"{title} – {self._mark}" if self._mark else title


def _answers(cell: Cell) -> Number | None:
    return None if cell.n is None else Number(cell.n, grouped=True)


# Sheets of one country: questions with several options, and what children's caregivers said.


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


NAME = "databook"
FORMATS = ("pdf",)
TEMPLATE = "databook/country.qmd.j2"
NOTES = "databook/notes.qmd.j2"


def write_databooks(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    out: Path,
) -> list[RenderRecord]:
    """Write the data book of a country into ``out/{language}/`` for each of its languages.

    Args:
        area: the country's row of the countries file.
        config, codebook: of the study.
        public: the public results, of which tables alone are read.
        templates: the folder of templates, catalogues, styles and language files.
        out: the folder that gets one folder per language.

    Returns:
        One record of the renderer per language.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public, config.codebook is not None)
    words = {
        language: load_words_of_study(language, templates, config.study)
        for language in area.languages
    }
    return [
        _write(area, config, codebook, results, words[language], templates, out / language)
        for language in area.languages
    ]


def _write(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    words: Words,
    templates: Path,
    folder: Path,
) -> RenderRecord:
    """Write the workbook, and the document with its source, in one language."""
    text, where = Text(words), f"data book of {area.country}"
    names = _names(area, config, codebook, results, text) | {"status": ""}
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    fill(templates, TEMPLATE, names)
    notes = fill(templates, NOTES, names)
    sheets = _sheets(config, codebook, results, text, names["title"], notes)
    unsettled = status(area, config.study, words, (), where)
    filled = fill(templates, TEMPLATE, names | {"status": unsettled.sentence(text)})
    refuse_unshowable(filled, where)
    source = folder / f"{NAME}.qmd"
    # Paper cannot carry the addresses of its numbers; in the workbook they stand as codes.
    write_text(source, without_addresses(filled))
    write_json(folder / "status.json", unsettled.record())
    properties = Properties(
        title=plain(names["title"]),
        subject=plain(_mark(config, text) or names["study_title"]),
        creator=plain(text.enumeration(config.study.organisations)),
        language=words.language,
        date=config.study.date,
        contents=plain(text("Sheets")),
    )
    write_workbook(folder / f"{NAME}.xlsx", properties, sheets)
    return render_if_changed(source, FORMATS, config.report.renderer, language=words.language)


def _names(
    area: Country, config: Configuration, codebook: Codebook, results: Results, text: Text
) -> dict[str, Any]:
    """Return the names that the templates use."""
    labels = Labels(codebook, text)
    country = escape(text.words.country_in_text(area.country, area.name_in_text or area.name))
    names: dict[str, Any] = {
        "_": text,
        "text": text,
        "number": text.number,
        "percent": text.percent,
        "language": text.words.language,
        "country": country,
        "title": text("Data book: {area}", area=country),
        "study_title": text.of_study(config.study.title),
        "population": text.of_study(config.study.population),
        "study": config.study,
        "config": config,
        "has_survey": bool(results.quality),
        # None of findings: the method names the decimals of all tables.
        "chapters": (),
        "evidence": Chapters(text, results.evidence, results.world),
        "ref": reference,
        "rendered_by": RENDERED_BY,
        "label": labels.indicator,
        "modules": labels.modules(),
        "module_label": labels.module,
        "domains": labels.domains(),
        "names": lambda domains: text.enumeration([labels.domain(name) for name in domains]),
    }
    if not results.quality:
        return names
    sentences = Sentences(text, labels, results, names)
    made = origin(text.words, config.study.survey, config.study.simulated)
    population = text.words.of_study(config.study.population)
    standard = POLICIES[results.quality["reliability_policy"]]
    tables = Tables(text, labels, results, sentences, made, population, spelt=True)
    return names | {
        "quality": results.quality,
        "disclosure": results.disclosure,
        "annex": Annex(text, labels, results.quality, made),
        "confidence": sentences.confidence,
        "standard": text(standard.statement),
        "interval_names": interval_names(text, results.cells.values()),
        "questions": lambda module, label: _questions(text, labels, codebook, module, label),
        "module_tables": tables.module,
        "groups": tables.groups,
        "lettered": lettered,
        "side_by_side": lambda module: tables.side_by_side(labels.in_module(module)),
    }


def _questions(text: Text, labels: Labels, codebook: Codebook, module: str, label: str) -> Markdown:
    """Return the table of what was asked for each indicator of a theme."""
    rows = [
        (labels.short(name), asked(text, labels, codebook, labels.definition(name)))
        for name in labels.in_module(module)
    ]
    return pipe_table(
        (text("Indicator"), text("Question")),
        rows,
        (34, 66),
        caption=text("{module}: what was asked.", module=labels.module(module)),
        label=label,
        texts=(0, 1),
    )


def _sheets(
    config: Configuration,
    codebook: Codebook,
    results: Results,
    text: Text,
    title: Markdown,
    notes: str,
) -> list[Sheet]:
    mark = _mark(config, text)
    sheets = [notes_sheet(text("Notes"), title, notes)]
    if results.quality:
        population = text.of_study(config.study.population)
        own = EstimateSheets(text, Labels(codebook, text), codebook, results, population, mark)
        sheets += [own.indicators(), *own.themes()]
        joint = QuestionSheets(text, Labels(codebook, text), codebook, mark)
        sheets += joint.sheets(results.options, results.dyads)
    return sheets + EvidenceSheets(text, results.evidence, mark).sheets()


def _mark(config: Configuration, text: Text) -> str:
    """Return what stands behind titles; empty where the survey is real."""
    return text("Simulated data: not for citation") if config.study.simulated else ""
