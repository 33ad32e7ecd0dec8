"""Facts on each country's survey, from the comparability ledger."""

from disrupting_harm.provenance.addresses import address_of, number_of
from disrupting_harm.report.markdown import Markdown, captioned, cited, pipe_table
from disrupting_harm.report.regional.results import NOT_AVAILABLE, Row
from disrupting_harm.report.regional.wording import Wording

RATES = ("coverage", "response_rate")
FACTS = {
    "wave": "Wave",
    "age_range": "Ages",
    "mode": "Mode",
    "fieldwork": "Fieldwork",
    "coverage": "Coverage",
    "response_rate": "Complete interviews (AAPOR RR1)",
}


class SurveyFacts:
    """Make the table of the ledger; ``simulated`` says whether its response rates are."""

    def __init__(self, wording: Wording, simulated: bool) -> None:
        self._simulated = simulated
        self._wording = wording
        self._text = wording.text

    def table(self, label: str) -> Markdown:
        """Return what is known about each country's survey: a column for each fact that differs."""
        text = self._text
        facts = [name for name in FACTS if len(self._values(name)) > 1]
        said, rates = (
            [name for name in facts if (name in RATES) == is_rate] for is_rate in (False, True)
        )
        # Numbers stand at the right edge, where no text follows them.
        header = (
            *(text("{Area}"), *(text(FACTS[name]) for name in said), text("Compared")),
            *(text(FACTS[name]) for name in rates),
        )
        rows = [
            (
                self._wording.country(row["country"]),
                *(self._fact(name, row[name]) for name in said),
                self._compared(row["country"]),
                *(self._fact(name, row[name]) for name in rates),
            )
            for row in self._first_by_country()
        ]
        caption = captioned(
            text("What is known about the survey in each {area}; rates in per cent."),
            [*self._same(), *self._unknown(), *self._mark()],
        )
        share = 60 // (len(facts) + 1)
        widths = (100 - share * (len(facts) + 1), *[share] * (len(facts) + 1))
        texts = range(len(said) + 2)
        return pipe_table(header, rows, widths, caption=caption, label=label, texts=texts)

    def _same(self) -> list[Markdown]:
        """Return the facts that are known and alike.

        A country set apart may differ in the very fact, as its reason says: it is left out.
        """
        text = self._text
        facts = [
            text("{fact}: {value}", fact=text(FACTS[name]), value=self._fact(name, *values))
            for name in FACTS
            if len(values := self._values(name)) == 1 and values != [NOT_AVAILABLE]
        ]
        if not facts:
            return []
        message = "The same everywhere: {facts}."
        if any(self._verdicts(row["country"]) == {"no"} for row in self._first_by_country()):
            message = "The same in every {area} that is compared: {facts}."
        return [text(message, facts=Markdown("; ".join(facts)))]

    def _unknown(self) -> list[Markdown]:
        """Return the facts that the study knows of no survey."""
        text = self._text
        names = [text(FACTS[name]) for name in FACTS if self._values(name) == [NOT_AVAILABLE]]
        if not names:
            return []
        return [text("Not known of any {area}: {facts}.", facts=Markdown("; ".join(names)))]

    def _mark(self) -> list[Markdown]:
        known = self._values("response_rate") != [NOT_AVAILABLE]
        return (
            [self._text("The response rates are simulated.")] if self._simulated and known else []
        )

    def _verdicts(self, country: str) -> set[str]:
        rows = self._wording.results.rows("comparability", country=country)
        return {row["comparable"] for row in rows}

    def _compared(self, country: str) -> Markdown:
        """Return whether a country is compared on all indicators, on some or on none."""
        found = self._verdicts(country)
        if len(found) > 1:
            return self._text("in part")
        return self._text("yes") if found == {"yes"} else self._text("no, set apart")

    def _fact(self, name: str, value: str) -> Markdown:
        if name in RATES and value != NOT_AVAILABLE:
            return self._text.percent(number_of(value), 1)
        shown = self._text.plain(value)
        return cited(shown, address_of(value)) if name == "wave" else shown

    def _values(self, name: str) -> list[str]:
        return sorted({row[name] for row in self._first_by_country()})

    def _first_by_country(self) -> list[Row]:
        first: dict[str, Row] = {}
        for row in self._wording.results.rows("comparability"):
            first.setdefault(row["country"], row)
        return self._wording.by_name(list(first.values()))
