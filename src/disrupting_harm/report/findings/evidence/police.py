"""Offences that law enforcement recorded in one country."""

from collections.abc import Collection, Iterable, Sequence

from disrupting_harm.evidence.fact_status import INCOMPLETE, ZERO
from disrupting_harm.report.findings.evidence.offences import (
    RULES,
    STAGES,
    Series,
    build_series,
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
FIRST_COLUMN = 36  # per cent of the width, for years and what the rows below are of


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
    return _add_technology_and_agency(translator, name, offence_series, agencies)


def _add_technology_and_agency(
    translator: Translator[str], name: str, offence_series: Series, agencies: Collection[str]
) -> str:
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

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The stages of proceedings with what was counted at each, in the order of a table."""
        pairs = {(offence_series.stage, offence_series.rule) for offence_series in self._series}
        return sorted(pairs, key=lambda pair: (STAGES.index(pair[0]), RULES.index(pair[1])))

    def table(self) -> Markdown:
        """Return the counts: a row for each year, below what they are of, a column for each stage.

        What is counted at a stage stands in the head of its column: victims are no cases.
        """
        translator, columns = self._translator, self.columns
        header = [
            translator(
                "{name} ({detail})",
                name=Markdown(
                    _capitalise_first(label(translator, "offence_rates", "stage", stage))
                ),
                detail=label(translator, "offence_rates", "counting_rule", rule),
            )
            for stage, rule in columns
        ]
        body: list[tuple[str, ...]] = []
        for series_of_kind in self._group_by_kind():
            body.append((self._format_kind(series_of_kind[0]), *[""] * len(columns)))
            by_column = {(series.stage, series.rule): series for series in series_of_kind}
            body += [
                (
                    Markdown(self._years[index]),
                    *(
                        _format_cell(translator, by_column[pair].amounts[index])
                        if pair in by_column
                        else "–"
                        for pair in columns
                    ),
                )
                for index in range(len(self._years))[-SHOWN_YEARS:]
            ]
        return evidence_table(
            translator,
            (translator("Year"), *header),
            body,
            (FIRST_COLUMN, *[(100 - FIRST_COLUMN) // len(columns)] * len(columns)),
            caption=translator("Offences against children that law enforcement recorded"),
            rows=self._rates,
            label="tbl-offences",
            notes=self._list_notes(any("–" in line for line in body)),
        )

    def _group_by_kind(self) -> list[list[Series]]:
        """Return the series that share agency, category and technology, in their order."""
        kinds: dict[tuple[str, str, str], list[Series]] = {}
        for series in self._series:
            key = series.agency, series.category, series.technology
            kinds.setdefault(key, []).append(series)
        return list(kinds.values())

    def _format_kind(self, series: Series) -> Markdown:
        """Return what the rows of some years are of, in bold."""
        category = label(self._translator, "offence_rates", "category", series.category)
        name = _add_technology_and_agency(self._translator, category, series, self._agencies)
        return Markdown(f"**{name}**")

    def _list_notes(self, has_empty_cells: bool) -> list[str]:
        translator = self._translator
        amounts = [amount for offence_series in self._series for amount in offence_series.amounts]
        counts = [amount for amount in amounts if amount is not None]
        notes: list[str] = []
        if any(amount.status in ("not_recorded", ZERO) for amount in counts):
            notes.append(translator("Not recorded: nobody counted; it is not 0."))
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
        if has_empty_cells:
            notes.append(translator("–: not available."))
        return notes


def _format_cell(translator: Translator[Markdown], amount: Amount | None) -> str:
    """Return a count as printed; the words round a lower bound are small beside its number."""
    text = format_amount(translator, amount)
    if amount is None or amount.number is None or not amount.at_least:
        return text
    number = translator.number(amount.number)
    before, _, after = text.partition(number)
    return Markdown(f"{_make_small(before)}{number}{_make_small(after)}")


def _make_small(words: str) -> str:
    """Return words as small ones, their blanks where they are."""
    bare = words.strip()
    return words.replace(bare, f"[{bare}]{{.small}}") if bare else words


def _capitalise_first(text: str) -> Markdown:
    return Markdown(text[:1].upper() + text[1:])
