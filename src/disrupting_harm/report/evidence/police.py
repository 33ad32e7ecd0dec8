"""Offences that law enforcement recorded in one country, and what is known of the victims."""

from collections.abc import Collection, Sequence

from disrupting_harm.evidence.status import ZERO
from disrupting_harm.report.evidence.codes import label, printed
from disrupting_harm.report.evidence.cybertips import year_to_year
from disrupting_harm.report.evidence.facts import Row
from disrupting_harm.report.evidence.messages import Messages
from disrupting_harm.report.evidence.notes import evidence_table
from disrupting_harm.report.evidence.offences import SPLIT, Series, series, victims, years
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

SHOWN_YEARS = 6
ONLINE = "ocsea"


def series_label(words: Messages, entry: Series, agencies: Collection[str]) -> str:
    """Return the name of a series, e.g. "Online exploitation and abuse, reported (victims)".

    Args:
        words: the language.
        entry: the series.
        agencies: all agencies that stand beside it; one alone is not named.
    """
    name = words(
        "{category}, {stage} ({rule})",
        category=label(words, "offence_rates", "category", entry.category),
        rule=label(words, "offence_rates", "counting_rule", entry.rule),
        stage=label(words, "offence_rates", "stage", entry.stage),
    )
    if (entry.category, entry.technology) != (ONLINE, "yes"):
        technology = label(words, "offence_rates", "technology", entry.technology)
        name = words("{name}; {detail}", name=name, detail=technology)
    if len(agencies) > 1:
        name = words("{name} ({detail})", name=name, detail=words.plain(entry.agency))
    return name


class Offences:
    """Write about recorded offences."""

    def __init__(
        self, text: Text, rates: Sequence[Row], facts: Sequence[Row], changes: Sequence[Row]
    ) -> None:
        self._text = text
        self._rates = rates
        self._facts = facts
        self._changes = changes
        self._years = years(rates)
        self._series = series(rates)
        self._agencies = {entry.agency for entry in self._series}

    def __bool__(self) -> bool:
        return bool(self._series)

    def finding(self) -> Markdown:
        """Return a sentence on what was reported in the last year, of online abuse if recorded."""
        reported = [entry for entry in self._series if entry.stage == "reported"] or self._series
        own = [entry for entry in reported if entry.category == ONLINE] or reported
        sentences = [
            self._text(
                "Police records of {year}: {label} – {count}.",
                year=self._years[-1],
                label=series_label(self._text, entry, self._agencies),
                count=printed(self._text, entry.amounts[-1]),
            )
            for entry in own
        ]
        return Markdown(" ".join(sentences))

    def table(self) -> Markdown:
        """Return counts by year for each category, counting rule and stage."""
        text, shown = self._text, self._years[-SHOWN_YEARS:]
        body = [
            (
                series_label(text, entry, self._agencies),
                *(printed(text, a) for a in entry.amounts[-SHOWN_YEARS:]),
            )
            for entry in self._series
        ]
        widths = (40, *[60 // len(shown)] * len(shown))
        return evidence_table(
            text,
            (text("What was recorded"), *map(Markdown, shown)),
            body,
            widths,
            caption=text("Offences against children that law enforcement recorded"),
            rows=self._rates,
            label="tbl-offences",
            notes=self._notes(),
        )

    def spread(self) -> Markdown:
        """Return how much each count of reported online abuse changed from year to year.

        Empty where no year follows another that was counted in the same way.
        """
        told = [
            (entry, row)
            for entry in self._series
            for row in self._changes
            if entry.category == ONLINE and entry.stage == "reported" and entry.is_of(row)
        ]
        return Markdown(
            " ".join(
                self._text(
                    "{label}: {sentence}",
                    label=series_label(self._text, entry, self._agencies),
                    sentence=year_to_year(self._text, row),
                )
                for entry, row in told
            )
        )

    def has_victims(self) -> bool:
        """Whether any victim's sex or age was recorded."""
        return any(victims(self._facts, column) for column in SPLIT)

    def victims(self) -> Markdown:
        """Return recorded victims by sex and by age, all years together."""
        text = self._text
        body = [
            (self._level(column, agency, level), printed(text, count))
            for column in SPLIT
            for (agency, level), count in victims(self._facts, column).items()
        ]
        return evidence_table(
            text,
            (text("Victims"), text("Number")),
            body,
            (70, 30),
            caption=text(
                "Victims of sexual exploitation and abuse, online or not, that law enforcement "
                "recorded, {first} to {last}",
                first=self._years[0],
                last=self._years[-1],
            ),
            rows=self._facts,
            label="tbl-victims",
            notes=[text("Children who are not reported are not in these records.")],
        )

    def _level(self, column: str, agency: str, level: str) -> str:
        name = label(self._text, "offences", column, level)
        if len(self._agencies) < 2:
            return name
        return self._text("{name} ({detail})", name=name, detail=self._text.plain(agency))

    def _notes(self) -> list[str]:
        text = self._text
        amounts = [amount for entry in self._series for amount in entry.amounts]
        counts = [amount for amount in amounts if amount is not None]
        lines: list[str] = []
        if any(amount.status in ("not_recorded", ZERO) for amount in counts):
            lines.append(
                text("0: counted, and there were none. Not recorded: nobody counted; it is not 0.")
            )
        if any(amount.status == "suppressed" for amount in counts):
            lines.append(text("Not shown: too few to be printed without risk to a child."))
        if any(amount.at_least for amount in counts):
            lines.append(
                text(
                    "At least: some offences or agencies have no figure; do not compare such a "
                    "year with another."
                )
            )
        if None in amounts:
            lines.append(text("–: not available."))
        return lines
