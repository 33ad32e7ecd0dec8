"""What companies report of all areas: counts, which are no prevalence."""

from collections.abc import Mapping

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.documents.regional.headline_indicator import Answer
from disrupting_harm.report.findings.evidence.cybertips import UNSPLIT
from disrupting_harm.report.findings.evidence.source_notes import describe_sources
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow


class RegionalThreats:
    """Write about the evidence of all countries.

    Args:
        country_names: of all countries of the study, inside a sentence, by code.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        evidence: Evidence,
        country_names: Mapping[str, Markdown],
    ) -> None:
        self._translator = translator
        self._evidence = evidence
        self._country_names = country_names

    def has_rows(self, table: str) -> bool:
        """Return whether a table of evidence has rows of the countries."""
        return bool(self._rows_of_countries(table))

    @property
    def simulated(self) -> bool:
        """Whether any of the evidence is simulated."""
        return any(
            row.get("data_kind") == "simulated"
            for rows in self._evidence.tables.values()
            for row in rows
        )

    def find_last_year(self) -> tuple[str, Markdown, list[PublicRow]] | None:
        """Return the last year whose reports were counted as one, their sum, and the rows.

        Reports of several countries are added only as one body counts them all in the same way.
        """
        rows = [
            row
            for row in self._rows_of_countries("cybertips")
            if row["class"] == UNSPLIT and row["reports"]
        ]
        if not rows:
            return None
        year = max(row["year"] for row in rows)
        rows_of_year = [row for row in rows if row["year"] == year]
        if len({row["counted_by"] for row in rows_of_year}) != 1:
            return None
        counts = [row.number("reports") for row in rows_of_year]
        return (
            year,
            self._translator.number(derive_number("sum", sum(counts), counts)),
            rows_of_year,
        )

    def answer(self) -> Answer | None:
        """Return the answer; None without reports."""
        translator, reports_of_year = self._translator, self.find_last_year()
        if reports_of_year is None:
            return None
        year, total, rows = reports_of_year
        sure = translator(
            "**How sure?** {body} counted all reports that it could place, not a sample of them. "
            "The reports do not say why one {area} has more of them than another.",
            body=translator.translate_or_keep(rows[0]["counted_by"]),
        )
        return Answer(
            "reports",
            translator("What do companies report?"),
            translator(
                "In {year} {body} counted {total} CyberTip reports, most of them by companies, "
                "that it could place in these {areas}. A report may concern several {respondents}, "
                "or none.",
                year=year,
                total=total,
                body=translator.translate_or_keep(rows[0]["counted_by"]),
            ),
            "sum",
            "cybertips",
            (
                Markdown(
                    " ".join(
                        [
                            translator(
                                "Reports are not prevalence: an incident may lead to no report, or "
                                "to many."
                            ),
                            *self._describe_break(),
                            *self._name_uncounted(rows),
                        ]
                    )
                ),
                *self._describe_several_sources(),
                *self._describe_records(),
            ),
            ("evidence-cybertips",),
            sure=Markdown(f"{sure} {translator.of_study(PLACED_BY_UPLOAD)}"),
            margin=(
                translator(
                    "**Counted:** {counted}.",
                    counted=translator.translate_or_keep(rows[0]["counted"]),
                ),
                Markdown(describe_sources(translator, rows)),
            ),
        )

    def _describe_break(self) -> list[Markdown]:
        """Return why the years after the last whole one are not set beside it."""
        years = sorted(
            {row["year"] for row in self._rows_of_countries("cybertips") if row["class"] != UNSPLIT}
        )
        if not years:
            return []
        return [
            self._translator(
                "From {year} reports are counted in two classes, and related ones are bundled: no "
                "change across that year is computed.",
                year=years[0],
            )
        ]

    def _name_uncounted(self, rows: list[PublicRow]) -> list[Markdown]:
        counted_codes = {row["country"] for row in rows}
        uncounted_codes = [code for code in self._country_names if code not in counted_codes]
        if not uncounted_codes:
            return []
        return [
            self._translator(
                "Without a number: {countries}.",
                countries=self._join_country_names(uncounted_codes),
            )
        ]

    def _describe_several_sources(self) -> list[Markdown]:
        """Return figures that several sources tell, side by side and never averaged."""
        rows_by_figure: dict[tuple[str, str, str], list[PublicRow]] = {}
        for row in self._rows_of_countries("several_sources"):
            if row["figure"]:
                rows_by_figure.setdefault((row["country"], row["year"], row["item"]), []).append(
                    row
                )
        return [
            self._translator(
                "Who counts matters: for {country} in {year} different bodies counted {figures}.",
                country=self._country_names[country],
                year=year,
                figures=self._translator.enumeration(
                    [self._translator.number(row.number("figure")) for row in rows]
                ),
            )
            for (country, year, _), rows in list(rows_by_figure.items())[:1]
            if len(rows) > 1
        ]

    def _describe_records(self) -> list[Markdown]:
        if not self.has_rows("offences") and not self.has_rows("hotlines"):
            return []
        return [
            self._translator(
                "What police record and what hotlines hear rests on each {area}'s own laws and "
                "ways of counting: it is not added up here. Each {area}'s report has it."
            )
        ]

    def _join_country_names(self, codes: list[str]) -> Markdown:
        ordered = sorted(codes, key=lambda code: build_sort_key(self._country_names[code]))
        return self._translator.enumeration([self._country_names[code] for code in ordered])

    def _rows_of_countries(self, table: str) -> list[PublicRow]:
        return [row for row in self._evidence.rows(table) if row["country"] in self._country_names]
