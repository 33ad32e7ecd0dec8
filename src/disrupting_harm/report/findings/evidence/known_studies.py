"""Published estimates of other studies beside those of the survey: a table for each measure."""

from collections.abc import Sequence
from itertools import groupby

from disrupting_harm.provenance.addresses import address_of, with_address
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.evidence.source_notes import translate_source
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.evidence_codes import label, row_label, status_label
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    format_pipe_table,
    join_paragraphs,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow

TABLE = "known_studies"
WIDTHS = (16, 19, 16, 25, 24)


class KnownStudies:
    """Set published estimates beside those of one country's survey, measure by measure.

    A country report has the measures that stand beside a headline, or beside no indicator; the data
    book has all of them. No table holds two measures.

    Args:
        sentences: how the survey's own estimates are printed; None without a survey.
        population: of whom these speak, as printed.
        simulated: whether they are simulated.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        results: Results,
        sentences: CountrySentences | None,
        population: str,
        simulated: bool,
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._sentences = sentences
        self._population = population
        self._simulated = simulated
        all_rows = results.evidence.rows(TABLE)
        self._printed_rows = [row for row in all_rows if self._is_printed(row)]
        self.some_in_databook = len(self._printed_rows) < len(all_rows)

    def __bool__(self) -> bool:
        return bool(self._printed_rows)

    def _is_printed(self, row: PublicRow) -> bool:
        if not row["indicator"] or self._sentences is None:
            return True
        return self._labels.definition(row["indicator"]).headline

    @property
    def simulated_beside_published(self) -> bool:
        """Whether a table holds an estimate of the survey, and that is simulated."""
        return self._simulated and any(map(self._may_stand_beside, self._printed_rows))

    def _may_stand_beside(self, row: PublicRow) -> bool:
        """Whether the survey's own estimate may share a column with a published one."""
        in_survey = self._sentences is not None and bool(row["indicator"])
        return in_survey and row["comparable"] != "no"

    def format_tables(self, references: References) -> Markdown:
        """Return the tables; ``references`` number the sources of their rows."""
        translator = self._translator
        header = (
            translator("Study"),
            translator("Estimate"),
            translator("Who was asked"),
            translator("What was asked"),
            translator("Can it be compared?"),
        )
        tables = []
        for number, (_, rows_of_measure) in enumerate(
            groupby(self._printed_rows, key=lambda row: row["measure"]), start=1
        ):
            studies = list(rows_of_measure)
            comparable = [row for row in studies if self._may_stand_beside(row)]
            lines = [self._format_survey(row["indicator"]) for row in comparable[:1]]
            lines += [self._format_study(row, references) for row in studies]
            tables.append(
                format_pipe_table(
                    header,
                    lines,
                    WIDTHS,
                    caption=translator(
                        "{caption}.", caption=row_label(translator, studies[0], "measure")
                    ),
                    label=f"tbl-known-{number}",
                    text_columns=tuple(range(len(header))),
                )
            )
        return join_paragraphs(tables)

    def _format_survey(self, indicator: str) -> Sequence[str]:
        """Return the line of the survey itself."""
        assert self._sentences is not None
        translator, cell = self._translator, self._results.cell(indicator)
        name = translator("This survey")
        if self._simulated:
            name = translator("{name} ({detail})", name=name, detail=translator("simulated"))
        return (
            Markdown(f"**{name}**"),
            self._sentences.share(cell) or self._sentences.explain_hidden(cell),
            self._labels.base(indicator) or self._population,
            self._labels.indicator(indicator),
            "–",
        )

    def _format_study(self, row: PublicRow, references: References) -> Sequence[str]:
        translator = self._translator
        years = row["year"] + (f"–{row['year_end']}" if row["year_end"] else "")
        source = references.cite(f"{translate_source(translator, row['source'])}. {row['address']}")
        remarks = [translator.of_study(row["reason"])]
        remarks += [translator.of_study(row["note"])] if row["note"] else []
        study = translator("{study}, fieldwork {years}", study=row["study"], years=years)
        return (
            Markdown(f"{study} {source}"),
            self._format_estimate(row),
            self._describe_people(row),
            translator.of_study(row["question"]),
            translator(
                "{label}: {note}",
                label=label(translator, TABLE, "comparable", row["comparable"]),
                note=Markdown(" ".join(remarks)),
            ),
        )

    def _describe_people(self, row: PublicRow) -> Markdown:
        translator = self._translator
        people = translator(
            "{base}, aged {low} to {high}",
            base=translator.of_study(row["base"]),
            low=self._format_number(row, "age_from"),
            high=self._format_number(row, "age_to"),
        )
        return (
            Markdown(f"{people}, n {self._format_number(row, 'persons')}")
            if row["persons"]
            else people
        )

    def _format_estimate(self, row: PublicRow) -> str:
        translator = self._translator
        if not row["estimate"]:
            return status_label(translator, row["status"])
        estimate = self._format_number(row, "estimate")
        if not row["limits"]:
            return translator("{estimate} per cent; no limits published", estimate=estimate)
        return translator(
            "{estimate} per cent ({limits} {low} to {high})",
            estimate=estimate,
            limits=translator.of_study(row["limits"]),
            low=self._format_number(row, "ci_low"),
            high=self._format_number(row, "ci_high"),
        )

    def _format_number(self, row: PublicRow, column: str) -> Markdown:
        """Return a number with the decimals of the public table."""
        digits = len(row[column].removesuffix(".0").partition(".")[2])
        number = with_address(round(row.number(column), digits), address_of(row[column]))
        return self._translator.number(number, digits)
