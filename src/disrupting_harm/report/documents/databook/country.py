"""The data book of one country in all its languages: a workbook and, on demand, the same on paper.

It is long because every sheet of the book stands here, in the order of the book.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.publication.question_groups import REST
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.documents.databook.precision import recover_precision
from disrupting_harm.report.documents.databook.shorthand import (
    LOW,
    UNAVAILABLE,
    abbreviate_cell,
)
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    Properties,
    Sheet,
    Value,
    abbreviate_row,
    create_notes_sheet,
    plain_text,
    write_workbook,
)
from disrupting_harm.report.documents.draft_status import find_status
from disrupting_harm.report.documents.estimate_tables import EstimateTables, add_letter
from disrupting_harm.report.documents.quality_annex import Annex
from disrupting_harm.report.documents.templates import RENDERED_BY, fill_template
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.evidence.chapters import Chapters
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    format_pipe_table,
    format_reference,
    remove_addresses,
)
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.reasons import describe_statuses, translate_reasons
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.signs import (
    describe_short_interval,
    format_without_number,
    list_interval_names,
    sign_of_interval,
)
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    PLAIN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.reading.country_results import Cell, Results, read_results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NO_INDICATOR, TOTAL

KEY_COLUMNS = 3  # columns that name a cell
# A column of a sheet of estimates, and what it says of a cell.
CellColumn: TypeAlias = tuple[Column, Callable[[Cell], Value]]


@dataclass(frozen=True)
class _IndicatorFacts:
    """What every row of an indicator says."""

    label: str
    unit: str
    question: str
    base: str


class EstimateSheets:
    """Write one country's estimates: the list of indicators, then every group of each theme.

    Args:
        population: the whole population, as printed.
        mark: what stands behind every title, such as that the data are simulated; may be empty.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        codebook: Codebook,
        results: Results,
        population: str,
        mark: str,
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._mark = mark
        self._printed_as = describe_statuses(translator)
        # Of each indicator what all its rows say.
        self._about = {
            name: _IndicatorFacts(
                labels.indicator(name),
                self._name_unit(labels.definition(name).statistic),
                describe_question(translator, labels, codebook, labels.definition(name)),
                labels.base(name) or population,
            )
            for module in labels.modules()
            for name in labels.list_indicators_of_module(module)
        }
        self._groups: dict[tuple[str, str], tuple[str, str]] = {}
        self._precision = recover_precision(results.cells, results.quality)

    def indicator_sheet(self) -> Sheet:
        """Return the list of indicators: what was asked, of whom, in which theme."""
        translator = self._translator
        columns = (
            Column(translator("Indicator"), 48),
            Column(translator("Theme"), 30),
            Column(translator("Question"), 58),
            Column(translator("Base"), 34),
            Column(translator("Unit"), 12),
            Column(translator("Code"), 26),
        )
        rows = [
            (about.label, self._labels.module(module), about.question, about.base, about.unit, name)
            for module in self._labels.modules()
            for name in self._labels.list_indicators_of_module(module)
            for about in (self._about[name],)
        ]
        title = self._title_with_mark(translator("Indicators"))
        return Sheet(translator("Indicators"), title, columns, rows)

    def theme_sheets(self) -> list[Sheet]:
        """Return a sheet of the shares of each theme, and one of all means and totals.

        A row stands for each indicator and group. A column has one number of decimals: shares in
        whole per cent, and as they are published further right.
        """
        translator = self._translator
        cells_of_sheet: dict[str, list[Cell]] = {
            self._labels.module(module): [] for module in self._labels.modules()
        }
        measures = translator("Means and totals")
        for cell in self._results.cells.values():
            definition = self._labels.definition(cell.indicator)
            is_share = definition.statistic == "proportion"
            name = self._labels.module(definition.module) if is_share else measures
            cells_of_sheet.setdefault(name, []).append(cell)
        return [
            self._estimate_sheet(name, cells, shares=name != measures)
            for name, cells in cells_of_sheet.items()
            if cells
        ]

    def _estimate_sheet(self, name: str, cells: Sequence[Cell], shares: bool) -> Sheet:
        numbers = self._share_columns() if shares else self._measure_columns()
        columns, values = zip(*(*self._key_columns(), *numbers, *self._code_columns()), strict=True)
        return Sheet(
            name,
            self._title_with_mark(name),
            columns,
            [[value(cell) for value in values] for cell in cells],
            KEY_COLUMNS,
            frozenset(index for index, cell in enumerate(cells) if cell.domain == TOTAL[0]),
        )

    def _key_columns(self) -> Sequence[CellColumn]:
        translator = self._translator
        return (
            (Column(translator("Indicator"), 46), lambda cell: self._about[cell.indicator].label),
            (Column(translator("Groups by"), 16), lambda cell: self._name_group(cell)[0]),
            (Column(translator("Group"), 18), lambda cell: self._name_group(cell)[1]),
            (Column(translator("n"), 8), _format_n),
        )

    def _share_columns(self) -> Sequence[CellColumn]:
        """Return the columns of shares: whole per cents, what they rest on, and as published."""
        translator = self._translator
        return (
            (Column(translator("Per cent"), 10), lambda cell: _format_whole(cell, "estimate")),
            (Column(translator("Lower limit"), 10), lambda cell: _format_whole(cell, "low")),
            (Column(translator("Upper limit"), 10), lambda cell: _format_whole(cell, "high")),
            *self._status_columns(),
            (
                Column(translator("Standard error, points"), 12, printed=False),
                lambda cell: self._format_precision(cell, "se", 100),
            ),
            (
                Column(translator("Design effect"), 10, printed=False),
                lambda cell: self._format_precision(cell, "deff", 1),
            ),
            *(
                (Column(heading, 12, printed=False), self._published_cells(column))
                for heading, column in (
                    (translator("Estimate as published"), "estimate"),
                    (translator("Lower limit as published"), "ci_low"),
                    (translator("Upper limit as published"), "ci_high"),
                )
            ),
        )

    def _measure_columns(self) -> Sequence[CellColumn]:
        """Return the columns of means and totals."""
        translator = self._translator
        return (
            (Column(translator("Estimate"), 10), self._published_cells("estimate")),
            (Column(translator("Lower limit"), 10), self._published_cells("ci_low")),
            (Column(translator("Upper limit"), 10), self._published_cells("ci_high")),
            *self._status_columns(),
            (Column(translator("Unit"), 10), lambda cell: self._about[cell.indicator].unit),
        )

    def _status_columns(self) -> Sequence[CellColumn]:
        """Return the columns that say what is printed and why."""
        translator = self._translator
        return (
            (
                Column(translator("Bound"), 9),
                lambda cell: format_without_number(translator, cell) if cell.bound else None,
            ),
            (Column(translator("What is printed"), 34), self._format_status),
            (
                Column(translator("Reason"), 44),
                lambda cell: translate_reasons(translator, cell.reason),
            ),
        )

    def _code_columns(self) -> Sequence[CellColumn]:
        """Return the columns at the right, for programs and for whoever asks further."""
        translator = self._translator
        return (
            (
                Column(translator("Interval"), 26, printed=False),
                lambda cell: describe_short_interval(translator) if sign_of_interval(cell) else "",
            ),
            (
                Column(translator("Question"), 44, printed=False),
                lambda cell: self._about[cell.indicator].question,
            ),
            (
                Column(translator("Base"), 30, printed=False),
                lambda cell: self._about[cell.indicator].base,
            ),
            (Column(translator("Code"), 24, printed=False), lambda cell: cell.indicator),
            (Column(translator("Code of the groups"), 18, printed=False), lambda cell: cell.domain),
            (Column(translator("Code of the group"), 18, printed=False), lambda cell: cell.level),
        )

    def _format_status(self, cell: Cell) -> str:
        return self._printed_as["bounds" if cell.bound else cell.status]

    def _name_group(self, cell: Cell) -> tuple[str, str]:
        key = cell.domain, cell.level
        if key not in self._groups:
            self._groups[key] = self._labels.domain(cell.domain), self._labels.level(*key)
        return self._groups[key]

    def _published_cells(self, column: str) -> Callable[[Cell], Value]:
        """Return an estimate or a limit with the decimals of the public table."""

        def format_cell(cell: Cell) -> Value:
            value = getattr(cell, column)
            if value is None:
                return abbreviate_cell(cell)
            share = self._labels.definition(cell.indicator).statistic == "proportion"
            return Number(round(100 * value if share else value, cell.digits), cell.digits)

        return format_cell

    def _format_precision(self, cell: Cell, column: str, scale: int) -> Value:
        key = cell.indicator, cell.domain, cell.level
        if key not in self._precision:
            return UNAVAILABLE if cell.is_shown else abbreviate_cell(cell)
        return Number(round(scale * getattr(self._precision[key], column), 1), 1)

    def _name_unit(self, statistic: str) -> str:
        translator = self._translator
        units = {
            "proportion": translator("per cent"),
            "mean": translator("mean"),
            "total": translator("total"),
        }
        return units[statistic]

    def _title_with_mark(self, title: str) -> str:
        return f"{title} – {self._mark}" if self._mark else title


def _format_n(cell: Cell) -> Value:
    return abbreviate_cell(cell) if cell.n is None else Number(cell.n, grouped=True)


def _format_whole(cell: Cell, column: str) -> Value:
    """Return the estimate or a limit of a share in whole per cent."""
    if cell.percent is None:
        return abbreviate_cell(cell)
    value = getattr(cell.percent, column)
    return LOW if value == 0 and cell.percent.some else Number(value)


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
            *self._number_columns(),
            Column(translator("What is printed"), 34),
            Column(translator("May be the answer given most often"), 18),
            Column(translator("Code"), 28, printed=False),
        )
        body = [
            (
                translator.of_study(self._questions.get(row["question"], row["question"])),
                translator("other answers")
                if row["option"] == REST
                else self._labels.indicator(row["option"]),
                *_format_estimate_row(row, 100, row["shown"]),
                self._printed_as[row["status"]],
                {"True": translator("Yes"), "False": translator("No")}.get(row["may_be_first"]),
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
            *self._number_columns(),
            Column(translator("What is printed"), 34),
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

    def _number_columns(self) -> Sequence[Column]:
        translator = self._translator
        limits = (translator("Estimate"), translator("Lower limit"), translator("Upper limit"))
        return [Column(translator("n"), 8), *(Column(heading, 10) for heading in limits)]

    def _create_sheet(
        self, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]
    ) -> Sheet:
        marked_title = f"{title} – {self._mark}" if self._mark else title
        return Sheet(name, marked_title, columns, rows, key=2)


def _format_estimate_row(row: PublicRow, scale: int, shown_estimate: str) -> list[Value]:
    """Return n, estimate and limits with the decimals that are printed."""
    hidden = abbreviate_row(row)
    n = Number(round(row.number("n")), grouped=True) if row["n"] else hidden
    values = [row[name] for name in ("estimate", "ci_low", "ci_high")]
    if shown_estimate:
        digits = len(shown_estimate.partition(".")[2])
    else:
        longest = max(len(value.removesuffix(".0").partition(".")[2]) for value in values)
        digits = max(longest - (2 if scale == 100 else 0), 0)
    return [
        n,
        *(
            Number(round(scale * float(value), digits), digits) if value else hidden
            for value in values
        ),
    ]


FILE_NAME = "databook"
FORMATS = ("pdf",)
TEMPLATE = "databook/country.qmd.j2"
ABOUT, NOTES = "databook/about.qmd.j2", "databook/workbook_notes.qmd.j2"


def write_databooks(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    out: Path,
    pdf: bool,
) -> list[RenderRecord]:
    """Write the data book of a country into ``out/{language}/`` for each of its languages.

    Args:
        public: the public results, of which tables alone are read.
        templates: the folder of templates, catalogues, styles and language files.
        out: the folder that gets one folder per language.
        pdf: whether books are made on paper, too, each with its source.

    Returns:
        One record of the renderer per language; none without PDF.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public, config.codebook is not None)
    translators = {
        language: load_translator_of_study(language, templates, config.study)
        for language in area.languages
    }
    records = [
        _write_databook(
            area, config, codebook, results, translators[language], templates, out / language, pdf
        )
        for language in area.languages
    ]
    return [record for record in records if record]


def _write_databook(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    plain_translator: Translator[str],
    templates: Path,
    folder: Path,
    pdf: bool,
) -> RenderRecord | None:
    """Write the workbook and, with ``pdf``, the document with its source, in one language."""
    translator, document = plain_translator.with_markup(MARKDOWN), f"data book of {area.country}"
    template_values = _template_values(area, config, codebook, results, translator) | {"status": ""}
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    source_text = fill_template(templates, TEMPLATE, template_values) if pdf else ""
    sheets = [
        *create_opening_sheets(translator, templates, (ABOUT, NOTES), template_values),
        *_create_sheets(config, codebook, results, translator),
    ]
    # What a workbook asks for stands in one of its sheets.
    printed = list_printed_texts(translator.asked, source_text, translator.asked)
    unsettled = find_status(area, config.study, plain_translator, printed, (), document)
    write_printed_texts(folder / f"{FILE_NAME}.xlsx", printed, unsettled.translation)
    write_json(folder / "status.json", unsettled.record())
    properties = Properties(
        title=plain_text(template_values["title"]),
        subject=plain_text(_simulated_mark(config, translator) or template_values["study_title"]),
        creator=plain_text(translator.enumeration(config.study.organisations)),
        language=translator.language,
        date=config.study.date,
        contents=plain_text(translator("Sheets")),
    )
    write_workbook(folder / f"{FILE_NAME}.xlsx", properties, sheets)
    if not pdf:
        return None
    source_text = fill_template(
        templates, TEMPLATE, template_values | {"status": unsettled.sentence(translator)}
    )
    return print_databook(source_text, folder, config, translator.language, document)


def create_opening_sheets(
    translator: Translator[Markdown],
    templates: Path,
    names: tuple[str, str],
    template_values: dict[str, Any],
) -> list[Sheet]:
    """Return the cover of a workbook, which says what it is, and the notes on its tables.

    Args:
        names: of the templates of both.
        template_values: what these use, among it the ``title`` of the book.
    """
    sheet_names = translator("About this document"), translator("Notes")
    return [
        create_notes_sheet(
            sheet_name, template_values["title"], fill_template(templates, name, template_values)
        )
        for sheet_name, name in zip(sheet_names, names, strict=True)
    ]


def print_databook(
    source_text: str, folder: Path, config: Configuration, language: str, document: str
) -> RenderRecord:
    """Write the source of a data book and render it.

    Args:
        document: name of the book for the error.

    Raises:
        StudyError: no font shows one of its letters, or the document would be faulty.
    """
    refuse_unshowable(source_text, document)
    source = folder / f"{FILE_NAME}.qmd"
    # Paper cannot carry the addresses of its numbers; in the workbook they stand as codes.
    write_text(source, remove_addresses(source_text))
    return render_if_changed(source, FORMATS, config.report.renderer, language=language)


def _template_values(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    translator: Translator[Markdown],
) -> dict[str, Any]:
    """Return the names that the templates use."""
    labels = Labels(codebook, translator)
    country = translator.country_in_text(area.country, area.name_in_text or area.name)
    template_values: dict[str, Any] = {
        "_": translator,
        "translator": translator,
        "number": translator.number,
        "percent": translator.percent,
        "language": translator.language,
        "country": country,
        "title": translator("Data book: {area}", area=country),
        "study_title": translator.of_study(config.study.title),
        "population": translator.of_study(config.study.population),
        "study": config.study,
        "config": config,
        "has_survey": bool(results.quality),
        # None of findings: the method names the decimals of all tables.
        "chapters": (),
        "evidence": Chapters(translator, results.evidence),
        "ref": format_reference,
        "rendered_by": RENDERED_BY,
        "label": labels.indicator,
        "modules": labels.modules(),
        "module_label": labels.module,
        "domains": labels.domains(),
        "names": lambda domains: translator.enumeration([labels.domain(name) for name in domains]),
    }
    if not results.quality:
        return template_values
    sentences = CountrySentences(translator, labels, results, template_values)
    origin_sentence = describe_origin(
        translator.with_markup(PLAIN), config.study.survey, config.study.simulated
    )
    population = translator.of_study(config.study.population)
    standard = POLICIES[results.quality["reliability_policy"]]
    tables = EstimateTables(
        translator, labels, results, sentences, origin_sentence, population, spelt=True
    )
    return template_values | {
        "quality": results.quality,
        "disclosure": results.disclosure,
        "annex": Annex(translator, labels, results, origin_sentence),
        "confidence": sentences.confidence,
        "standard": translator(standard.statement),
        "interval_names": list_interval_names(translator, results.cells.values()),
        "questions": lambda module, label: _format_questions(
            translator, labels, codebook, module, label
        ),
        "module_tables": tables.format_module,
        "groups": tables.format_groups,
        "lettered": add_letter,
        "side_by_side": lambda module: tables.split_side_by_side(
            labels.list_indicators_of_module(module)
        ),
    }


def _format_questions(
    translator: Translator[Markdown], labels: Labels, codebook: Codebook, module: str, label: str
) -> Markdown:
    """Return the table of what was asked for each indicator of a theme."""
    rows = [
        (
            labels.short(name),
            describe_question(translator, labels, codebook, labels.definition(name)),
        )
        for name in labels.list_indicators_of_module(module)
    ]
    return format_pipe_table(
        (translator("Indicator"), translator("Question")),
        rows,
        (34, 66),
        caption=translator("{module}: what was asked.", module=labels.module(module)),
        label=label,
        text_columns=(0, 1),
    )


def _create_sheets(
    config: Configuration,
    codebook: Codebook,
    results: Results,
    translator: Translator[Markdown],
) -> list[Sheet]:
    mark, sheets = _simulated_mark(config, translator), []
    if results.quality:
        population = translator.of_study(config.study.population)
        estimate_sheets = EstimateSheets(
            translator, Labels(codebook, translator), codebook, results, population, mark
        )
        sheets += [estimate_sheets.indicator_sheet(), *estimate_sheets.theme_sheets()]
        question_sheets = QuestionSheets(translator, Labels(codebook, translator), codebook, mark)
        sheets += question_sheets.sheets(results.options, results.dyads)
    return sheets + EvidenceSheets(translator, results.evidence, mark).sheets()


def _simulated_mark(config: Configuration, translator: Translator[Markdown]) -> str:
    """Return what stands behind titles; empty where the survey is real."""
    return translator("Simulated data: not for citation") if config.study.simulated else ""
