"""Offences that law enforcement recorded in one country."""

from collections.abc import Collection, Iterable, Sequence

from disrupting_harm.evidence.fact_status import INCOMPLETE, ZERO
from disrupting_harm.report.findings.evidence.offences import Series, last_counted, series, years
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import label, printed
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Amount, Row

SHOWN_YEARS = 6
ONLINE = "ocsea"


def series_label(translator: Translator[str], entry: Series, agencies: Collection[str]) -> str:
    """Return the name of a series, e.g. "Online exploitation and abuse, reported (victims)".

    Args:
        translator: the language.
        entry: the series.
        agencies: all agencies that stand beside it; one alone is not named.
    """
    name = translator(
        "{category}, {stage} ({rule})",
        category=label(translator, "offence_rates", "category", entry.category),
        rule=label(translator, "offence_rates", "counting_rule", entry.rule),
        stage=label(translator, "offence_rates", "stage", entry.stage),
    )
    if (entry.category, entry.technology) != (ONLINE, "yes"):
        technology = label(translator, "offence_rates", "technology", entry.technology)
        name = translator("{name}; {detail}", name=name, detail=technology)
    if len(agencies) > 1:
        name = translator("{name} ({detail})", name=name, detail=translator.plain(entry.agency))
    return name


def none_of_some(translator: Translator[str], amounts: Iterable[Amount | None]) -> list[str]:
    """Return what "not complete" means, where a count is: it is no "not recorded"."""
    if not any(amount and amount.status == INCOMPLETE for amount in amounts):
        return []
    return [
        translator(
            "Not complete: some offences or agencies counted none, and others have no figure; it "
            "is not 0."
        )
    ]


class Offences:
    """Write about recorded offences."""

    def __init__(self, translator: Translator[Markdown], rates: Sequence[Row]) -> None:
        self._translator = translator
        self._rates = rates
        self._years = years(rates)
        self._series = series(rates)
        self._agencies = {entry.agency for entry in self._series}

    def __bool__(self) -> bool:
        return bool(self._series)

    def finding(self, told: str | None = None) -> Markdown:
        """Return what was reported in the last year with a number, and in the last of all.

        Args:
            told: the year that a heading tells, which is left out here.

        Returns:
            One sentence a year and series, of online abuse if it is recorded.
        """
        reported = [entry for entry in self._series if entry.stage == "reported"] or self._series
        own = [entry for entry in reported if entry.category == ONLINE] or reported
        sentences = [
            self._translator(
                "Police records of {year}: {label} – {count}.",
                year=self._years[place],
                label=series_label(self._translator, entry, self._agencies),
                count=printed(self._translator, entry.amounts[place]),
            )
            for place in sorted({last_counted(own), len(self._years) - 1})
            for entry in own
            if self._years[place] != told
        ]
        return Markdown(" ".join(sentences))

    def table(self) -> Markdown:
        """Return counts by year for each category, counting rule and stage."""
        translator, shown = self._translator, self._years[-SHOWN_YEARS:]
        body = [
            (
                series_label(translator, entry, self._agencies),
                *(printed(translator, a) for a in entry.amounts[-SHOWN_YEARS:]),
            )
            for entry in self._series
        ]
        widths = (40, *[60 // len(shown)] * len(shown))
        return evidence_table(
            translator,
            (translator("What was recorded"), *map(Markdown, shown)),
            body,
            widths,
            caption=translator("Offences against children that law enforcement recorded"),
            rows=self._rates,
            label="tbl-offences",
            notes=self._notes(),
        )

    def _notes(self) -> list[str]:
        translator = self._translator
        amounts = [amount for entry in self._series for amount in entry.amounts]
        counts = [amount for amount in amounts if amount is not None]
        lines: list[str] = []
        if any(amount.status in ("not_recorded", ZERO) for amount in counts):
            lines.append(
                translator(
                    "0: counted, and there were none. Not recorded: nobody counted; it is not 0."
                )
            )
        if any(amount.status == "suppressed" for amount in counts):
            lines.append(translator("Not shown: too few to be printed without risk to a child."))
        if any(amount.at_least for amount in counts):
            lines.append(
                translator(
                    "At least: some offences or agencies have no figure; do not compare such a "
                    "year with another."
                )
            )
        lines += none_of_some(translator, counts)
        if None in amounts:
            lines.append(translator("–: not available."))
        return lines
