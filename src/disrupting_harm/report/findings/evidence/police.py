"""Offences that law enforcement recorded in one country."""

from collections.abc import Collection, Iterable, Sequence

from disrupting_harm.evidence.fact_status import INCOMPLETE, ZERO
from disrupting_harm.report.findings.evidence.offences import (
    Series,
    build_series,
    find_last_counted,
    list_years,
)
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import format_amount, label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Amount
from disrupting_harm.report.reading.rows import PublicRow

SHOWN_YEARS = 6
ONLINE = "ocsea"


def series_label(
    translator: Translator[str], offence_series: Series, agencies: Collection[str]
) -> str:
    """Return the name of a series, e.g. "Online exploitation and abuse, reported (victims)".

    Args:
        agencies: all agencies that stand beside it; one alone is not named.
    """
    name = translator(
        "{category}, {stage} ({rule})",
        category=label(translator, "offence_rates", "category", offence_series.category),
        rule=label(translator, "offence_rates", "counting_rule", offence_series.rule),
        stage=label(translator, "offence_rates", "stage", offence_series.stage),
    )
    if (offence_series.category, offence_series.technology) != (ONLINE, "yes"):
        technology = label(translator, "offence_rates", "technology", offence_series.technology)
        name = translator("{name}; {detail}", name=name, detail=technology)
    if len(agencies) > 1:
        name = translator(
            "{name} ({detail})",
            name=name,
            detail=translator.translate_or_keep(offence_series.agency),
        )
    return name


def explain_incomplete(translator: Translator[str], amounts: Iterable[Amount | None]) -> list[str]:
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

    def __init__(self, translator: Translator[Markdown], rates: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rates = rates
        self._years = list_years(rates)
        self._series = build_series(rates)
        self._agencies = {offence_series.agency for offence_series in self._series}

    def __bool__(self) -> bool:
        return bool(self._series)

    def describe_finding(self, year_of_heading: str | None = None) -> Markdown:
        """Return what was reported in the last year with a number, and in the last of all.

        Args:
            year_of_heading: the year that a heading tells, which is left out here.

        Returns:
            One sentence a year and series, of online abuse if it is recorded.
        """
        reported = [
            offence_series for offence_series in self._series if offence_series.stage == "reported"
        ] or self._series
        told_series = [
            offence_series for offence_series in reported if offence_series.category == ONLINE
        ] or reported
        sentences = [
            self._translator(
                "Police records of {year}: {label} – {count}.",
                year=self._years[year_index],
                label=series_label(self._translator, offence_series, self._agencies),
                count=format_amount(self._translator, offence_series.amounts[year_index]),
            )
            for year_index in sorted({find_last_counted(told_series), len(self._years) - 1})
            for offence_series in told_series
            if self._years[year_index] != year_of_heading
        ]
        return Markdown(" ".join(sentences))

    def table(self) -> Markdown:
        """Return counts by year for each category, counting rule and stage."""
        translator, last_years = self._translator, self._years[-SHOWN_YEARS:]
        body = [
            (
                series_label(translator, offence_series, self._agencies),
                *(
                    format_amount(translator, year_amount)
                    for year_amount in offence_series.amounts[-SHOWN_YEARS:]
                ),
            )
            for offence_series in self._series
        ]
        widths = (40, *[60 // len(last_years)] * len(last_years))
        return evidence_table(
            translator,
            (translator("What was recorded"), *map(Markdown, last_years)),
            body,
            widths,
            caption=translator("Offences against children that law enforcement recorded"),
            rows=self._rates,
            label="tbl-offences",
            notes=self._list_notes(),
        )

    def _list_notes(self) -> list[str]:
        translator = self._translator
        amounts = [amount for offence_series in self._series for amount in offence_series.amounts]
        counts = [amount for amount in amounts if amount is not None]
        notes: list[str] = []
        if any(amount.status in ("not_recorded", ZERO) for amount in counts):
            notes.append(
                translator(
                    "0: counted, and there were none. Not recorded: nobody counted; it is not 0."
                )
            )
        if any(amount.status == "suppressed" for amount in counts):
            notes.append(translator("Not shown: too few to be printed without risk to a child."))
        if any(amount.at_least for amount in counts):
            notes.append(
                translator(
                    "At least: some offences or agencies have no figure; do not compare such a "
                    "year with another."
                )
            )
        notes += explain_incomplete(translator, counts)
        if None in amounts:
            notes.append(translator("–: not available."))
        return notes
