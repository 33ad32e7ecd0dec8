"""What companies report of all areas: counts, which are no prevalence."""

from collections.abc import Mapping

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import derive_number, number_of
from disrupting_harm.report.documents.regional.one_question import Answer
from disrupting_harm.report.findings.evidence.cybertips import WHOLE
from disrupting_harm.report.findings.evidence.source_notes import sources
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, Row


class RegionalThreats:
    """Write about the evidence of all countries.

    Args:
        names: the countries of the study and their names inside a sentence, by code.
    """

    def __init__(
        self, translator: Translator[Markdown], evidence: Evidence, names: Mapping[str, Markdown]
    ) -> None:
        self._translator = translator
        self._evidence = evidence
        self._names = names

    def has(self, table: str) -> bool:
        """Return whether a table of evidence has rows of the countries."""
        return bool(self._of(table))

    @property
    def simulated(self) -> bool:
        """Whether any of the evidence is simulated."""
        return any(
            row.get("data_kind") == "simulated"
            for rows in self._evidence.tables.values()
            for row in rows
        )

    def last_year(self) -> tuple[str, Markdown, list[Row]] | None:
        """Return the last year whose reports were counted as one, their sum, and the rows.

        Reports of several countries are added only as one body counts them all in the same way.
        """
        rows = [row for row in self._of("cybertips") if row["class"] == WHOLE and row["reports"]]
        if not rows:
            return None
        year = max(row["year"] for row in rows)
        own = [row for row in rows if row["year"] == year]
        if len({row["counted_by"] for row in own}) != 1:
            return None
        cells = [number_of(row["reports"]) for row in own]
        return year, self._translator.number(derive_number("sum", sum(cells), cells)), own

    def answer(self) -> Answer | None:
        """Return the answer; None without reports."""
        translator, last = self._translator, self.last_year()
        if last is None:
            return None
        year, total, rows = last
        sure = translator(
            "**How sure?** {body} counted all reports that it could place, not a sample of them. "
            "The reports do not say why one {area} has more of them than another.",
            body=translator.plain(rows[0]["counted_by"]),
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
                body=translator.plain(rows[0]["counted_by"]),
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
                            *self._break(),
                            *self._without(rows),
                        ]
                    )
                ),
                *self._several(),
                *self._records(),
            ),
            ("evidence-cybertips",),
            sure=Markdown(f"{sure} {translator.of_study(PLACED_BY_UPLOAD)}"),
            margin=(
                translator("**Counted:** {counted}.", counted=translator.plain(rows[0]["counted"])),
                Markdown(sources(translator, rows)),
            ),
        )

    def _break(self) -> list[Markdown]:
        """Return why the years after the last whole one are not set beside it."""
        years = sorted({row["year"] for row in self._of("cybertips") if row["class"] != WHOLE})
        if not years:
            return []
        return [
            self._translator(
                "From {year} reports are counted in two classes, and related ones are bundled: no "
                "change across that year is computed.",
                year=years[0],
            )
        ]

    def _without(self, rows: list[Row]) -> list[Markdown]:
        known = {row["country"] for row in rows}
        missing = [code for code in self._names if code not in known]
        if not missing:
            return []
        return [self._translator("Without a number: {countries}.", countries=self._listed(missing))]

    def _several(self) -> list[Markdown]:
        """Return figures that several sources tell, side by side and never averaged."""
        facts: dict[tuple[str, str, str], list[Row]] = {}
        for row in self._of("several_sources"):
            if row["figure"]:
                facts.setdefault((row["country"], row["year"], row["item"]), []).append(row)
        return [
            self._translator(
                "Who counts matters: for {country} in {year} different bodies count {figures}.",
                country=self._names[country],
                year=year,
                figures=self._translator.enumeration(
                    [self._translator.number(number_of(row["figure"])) for row in rows]
                ),
            )
            for (country, year, _), rows in list(facts.items())[:1]
            if len(rows) > 1
        ]

    def _records(self) -> list[Markdown]:
        if not self.has("offences") and not self.has("hotlines"):
            return []
        return [
            self._translator(
                "What police record and what hotlines hear rests on each {area}'s own laws and "
                "ways of counting: it is not added up here. Each {area}'s report has it."
            )
        ]

    def _listed(self, codes: list[str]) -> Markdown:
        ordered = sorted(codes, key=lambda code: by_letters(self._names[code]))
        return self._translator.enumeration([self._names[code] for code in ordered])

    def _of(self, table: str) -> list[Row]:
        return [row for row in self._evidence.rows(table) if row["country"] in self._names]
