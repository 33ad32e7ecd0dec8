"""Published estimates of other studies beside those of the survey, measure by measure."""

from itertools import groupby

from disrupting_harm.provenance.addresses import address_of, with_address
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.evidence.source_notes import translate_source
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.evidence_codes import label, row_label, status_label
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.country_results import Results
from disrupting_harm.report.reading.rows import PublicRow

TABLE = "known_studies"


class KnownStudies:
    """Set published estimates beside those of one country's survey, measure by measure.

    A country report has those that can be compared with a headline, if only in part, and those of
    no indicator; the data book has all of them. No item of the list holds two measures.

    Args:
        sentences: how the survey's own estimates are printed; None without a survey.
        simulated: whether they are simulated.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        labels: Labels,
        results: Results,
        sentences: CountrySentences | None,
        simulated: bool,
    ) -> None:
        self._translator = translator
        self._labels = labels
        self._results = results
        self._sentences = sentences
        self._simulated = simulated
        all_rows = results.evidence.rows(TABLE)
        self._printed_rows = [row for row in all_rows if self._is_printed(row)]
        self.some_in_databook = len(self._printed_rows) < len(all_rows)

    def __bool__(self) -> bool:
        return bool(self._printed_rows)

    def _is_printed(self, row: PublicRow) -> bool:
        if not row["indicator"] or self._sentences is None:
            return True
        headline = self._labels.definition(row["indicator"]).headline
        return headline and row["comparable"] != "no"

    @property
    def simulated_beside_published(self) -> bool:
        """Whether an estimate of the survey stands beside others, and is simulated."""
        return self._simulated and any(map(self._may_stand_beside, self._printed_rows))

    def _may_stand_beside(self, row: PublicRow) -> bool:
        """Whether the survey's own estimate may stand beside a published one."""
        in_survey = self._sentences is not None and bool(row["indicator"])
        return in_survey and row["comparable"] != "no"

    def list_measures(self, references: References) -> Markdown:
        """Return a list of the measures; ``references`` number the sources of their studies."""
        translator = self._translator
        items = []
        for _, rows_of_measure in groupby(self._printed_rows, key=lambda row: row["measure"]):
            studies = list(rows_of_measure)
            comparable = [row for row in studies if self._may_stand_beside(row)]
            measure = Markdown(f"**{row_label(translator, studies[0], 'measure')}**")
            sentences = [self._format_survey(row["indicator"]) for row in comparable[:1]]
            sentences += [self._format_study(row, references) for row in studies]
            items.append(
                translator("{label}: {note}", label=measure, note=join_sentences(sentences))
            )
        return Markdown("\n".join(f"- {item}" for item in items))

    def _format_survey(self, indicator: str) -> Markdown:
        """Return what the survey itself found."""
        assert self._sentences is not None
        translator, cell = self._translator, self._results.cell(indicator)
        name = translator("This survey")
        if self._simulated:
            name = translator("{name} ({detail})", name=name, detail=translator("simulated"))
        share = self._sentences.share(cell) or self._sentences.explain_hidden(cell)
        return translator("{label}: {note}", label=name, note=Markdown(f"{share}."))

    def _format_study(self, row: PublicRow, references: References) -> Markdown:
        translator = self._translator
        years = row["year"] + (f"–{row['year_end']}" if row["year_end"] else "")
        source = references.cite(f"{translate_source(translator, row['source'])}. {row['address']}")
        study = translator("{study}, fieldwork {years}", study=row["study"], years=years)
        remarks = [translator.of_study(row["reason"])]
        remarks += [translator.of_study(row["note"])] if row["note"] else []
        return join_sentences(
            [
                translator(
                    "{study}: {estimate}; {people}.",
                    study=Markdown(f"{study} {source}"),
                    estimate=self._format_estimate(row),
                    people=self._describe_people(row),
                ),
                translator(
                    "Can it be compared? {answer}: {reason}",
                    answer=label(translator, TABLE, "comparable", row["comparable"]),
                    reason=Markdown(" ".join(remarks)),
                ),
            ]
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
