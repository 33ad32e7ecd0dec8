"""Print what the ids of a note stand for, in its language and with its addresses."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.notes.shortcode_ids import ShortcodeIds
from disrupting_harm.provenance.addresses import with_address
from disrupting_harm.provenance.derived_numbers import COUNT, find_rule, find_value
from disrupting_harm.provenance.explain.explain_survey import HIDDEN_REASONS
from disrupting_harm.provenance.explain.lookup import PublishedCell, PublishedFiles
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.publication.short_intervals import MAY_BE_SHORT
from disrupting_harm.report.documents.estimate_tables import EstimateTables
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.settings import read_languages, require_language
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    PLAIN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.reading.country_results import Cell, Results, read_results
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study

# Columns in the unit of the row's indicator: proportions in per cent, means as numbers.
_INDICATOR_COLUMNS = (
    *("estimate", "ci_low", "ci_high"),
    *("bound_low", "bound_high", "lower", "upper", "crude", "regional_mean", "difference"),
    *("prediction_low", "prediction_high"),
)
# Tables whose intervals are those of a ratio.
_RATIO_TABLES = tuple(
    f"comparison/{name}.csv" for name in ("adjusted", "adjusted_countries", "associations")
)
# Numbers of other files that are shares of one.
_SHARE_NAMES = ("confidence", "internet_use_rate")
_MINUS = "\N{MINUS SIGN}"
_P_VALUE_ADVICE = (
    "a P value does not stand by itself",
    "name the difference and its interval, which say more",
)
_BOUND_ADVICE = (
    "it is a bound, which stands in the place of a hidden number",
    "write 'share', which says that it is one",
)
_WEIGHT_ADVICE = (
    "it is the weight of those who answered, and no number of children",
    "name compare/denominators/INDICATOR/COUNTRY/internet_using_children/children",
)
# Columns whose numbers mislead where they stand alone: what is wrong, and what to do.
_MISLEADING_ALONE = {
    **dict.fromkeys(("p_value", "p_holm", "p_bh", "q_p"), _P_VALUE_ADVICE),
    **dict.fromkeys(("bound_low", "bound_high"), _BOUND_ADVICE),
}


def _needs_care(row: Mapping[str, str]) -> bool:
    """Return whether a number is less precise than others, or its interval may be too short."""
    return row.get("status") in _CARE_STATUSES or row.get("interval_note") == MAY_BE_SHORT


def format_published_number(
    cell: PublishedCell, translator: Translator[Markdown], labels: Labels
) -> Markdown:
    """Return a published number as the language writes it, with its address.

    Args:
        labels: of the codebook, which says what is a proportion.

    Raises:
        StudyError: if it is no number, or one that misleads where it stands alone.
    """
    if cell.column in _MISLEADING_ALONE and cell.row:
        raise StudyError(f"'{cell.address}'", *_MISLEADING_ALONE[cell.column])
    if cell.column == "population" and cell.file.endswith(f"/{ESTIMATES}.csv"):
        raise StudyError(f"'{cell.address}'", *_WEIGHT_ADVICE)
    try:
        value = with_address(float(cell.text), cell.address)
    except ValueError:
        raise StudyError(
            f"'{cell.address}'",
            "what is published there is no number",
            "name a column of numbers",
        ) from None
    share = is_share(cell, labels)
    digits = _published_decimals(cell, share)
    number = translator.percent(value, digits) if share else translator.number(value, digits)
    return Markdown(number.replace("[-", f"[{_MINUS}"))


def is_share(cell: PublishedCell, labels: Labels) -> bool:
    """Return whether a published number is a share of one, printed in per cent."""
    column, row = cell.column, cell.row
    if (
        row
        and "indicator" in row
        and column in _INDICATOR_COLUMNS
        and cell.file not in _RATIO_TABLES
    ):
        return labels.definition(row["indicator"]).statistic == "proportion"
    if row and "question" in row and column in _INDICATOR_COLUMNS:
        return True
    if row and row.get("measure") and column in _INDICATOR_COLUMNS:
        return row["measure"] != "kappa"
    name = column.rpartition("/")[2]
    return name in _SHARE_NAMES or name.endswith("_share") or column.startswith("response_rates/")


def _published_decimals(cell: PublishedCell, share: bool) -> int:
    """Return the decimals of a number as published; a table of numbers drops zeros at the end.

    A row is rounded as one: its columns of one unit have the same decimals.
    """
    row = cell.row
    if row and cell.column in _INDICATOR_COLUMNS:
        if _is_number(row.get("shown", "")):
            return _count_decimals(row["shown"])
        texts = [row[name] for name in _INDICATOR_COLUMNS if _is_number(row.get(name, ""))]
    else:
        texts = [cell.text]
    most_decimals = max(map(_count_decimals, texts))
    return max(most_decimals - 2, 0) if share else most_decimals


def _count_decimals(number: str) -> int:
    return len(number.partition(".")[2].rstrip("0"))


def _is_number(number: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", number) is not None


_CARE_STATUSES = ("caution", "review")
_LIMIT_COLUMNS = ("ci_low", "ci_high")
# Rules of numbers that rows and counts bear; a sum of estimates would be none.
_WHOLE_NUMBER_RULES = (COUNT, "sum")
# What is said of an empty cell of a table that does not tell of hidden estimates.
_NOT_PUBLISHED = "no number is published there"


class NotePrinter:
    """Print published numbers, sentences and tables in one language.

    Args:
        country: the country of names without one; empty without it.
        templates: the folder with the catalogues.

    Raises:
        StudyError: if there is no such language, or no such country.
    """

    def __init__(
        self, study: Study, public: Path, language: str, country: str, templates: Path
    ) -> None:
        locale = templates / "locale"
        require_language(locale, language, "the note")
        if country and country not in study.countries:
            codes = ", ".join(study.codes)
            raise StudyError(f"country '{country}'", "the study has none", f"Use one of {codes}")
        self.study = study
        self.public = public
        self.language = language
        self.translator = load_translator_of_study(
            language, templates, study.config.study
        ).with_markup(MARKDOWN)
        self.labels = Labels(study.codebook, self.translator)
        rows = [row.model_dump(mode="json") for row in study.countries.values()]
        self.published = PublishedFiles(public, rows)
        self.ids = ShortcodeIds(study.countries, country, language, set(read_languages(locale)))
        # Addresses of numbers that were printed without the word that tells to use them with care.
        self.with_care: set[str] = set()
        self._results: dict[str, Results] = {}

    def print_number(self, name: str) -> Markdown:
        """Return one number.

        Raises:
            StudyError: if there is none, it is hidden, or it is no number.
        """
        address = self.ids.address_of(name)
        if find_rule(address):
            return self._print_derived_number(address)
        cell = self.published.find_cell(address)
        if not cell.text:
            raise _hidden_number_error(name, cell)
        if _needs_care(cell.row):
            self.with_care.add(address)
        return format_published_number(cell, self.translator, self.labels)

    def print_interval(self, name: str) -> Markdown:
        """Return the limits of an interval, as in the tables of reports: "14 to 21".

        Raises:
            StudyError: as :meth:`number`; or if the row has no interval.
        """
        row_address = self.ids.row_address_of(name)
        limits = []
        for column in _LIMIT_COLUMNS:
            cell = self.published.find_cell(f"{row_address}/{column}")
            if not cell.text:
                raise _hidden_number_error(name, cell)
            limits.append(format_published_number(cell, self.translator, self.labels))
        return self.translator("{low} to {high}", low=limits[0], high=limits[1])

    def print_share(self, name: str) -> Markdown:
        """Return an estimate with its interval, or the bound that is printed in its place.

        Raises:
            StudyError: as :meth:`number`; or if it is no estimate of a survey.
        """
        published_cell, cell = self._find_estimate(name)
        share_text = self.sentences_of(published_cell.row["country"]).share(cell)
        if share_text is None:
            raise _hidden_number_error(name, published_cell)
        return share_text

    def print_sentence(self, name: str) -> Markdown:
        """Return a sentence that can stand alone: what, where, how many, of whom, how sure.

        Of a hidden estimate it says that there is none and why, as reports do.

        Raises:
            StudyError: if there is no such estimate.
        """
        published_cell, cell = self._find_estimate(name)
        country = published_cell.row["country"]
        sentences = self.sentences_of(country)
        share = sentences.share(cell)
        if share is None:
            return sentences.explain_hidden(
                cell, self._subject_in_country(sentences.name_cell(cell), country)
            )
        definition = self.labels.definition(cell.indicator)
        if definition.statistic != "proportion":
            label = self._subject_in_country(sentences.name_cell(cell), country)
            return Markdown(sentences.choose_pattern(definition).format(label=label, share=share))
        values = {
            "label": self._subject_in_country(self.labels.indicator(cell.indicator), country),
            "share": share,
            # A share is one of its group, not of all.
            "base": self._base_of_group(self.labels.base(cell.indicator), cell),
            "population": self._base_of_group(self.population, cell),
        }
        return Markdown(sentences.choose_pattern(definition).format(**values))

    def _subject_in_country(self, subject: Markdown, country: str) -> Markdown:
        return self.translator(
            "{subject}, {place}", subject=subject, place=self.country_name(country)
        )

    def _base_of_group(self, base: Markdown, cell: Cell) -> Markdown:
        if (cell.domain, cell.level) == TOTAL:
            return base
        group = self.labels.group(cell.domain, cell.level)
        return self.translator("{label} ({group})", label=base, group=group)

    def country_name(self, code: str) -> Markdown:
        """Return a country's name as a sentence has it."""
        row = self.study.countries[code]
        return self.translator.country_in_text(code, row.name_in_text or row.name)

    @cached_property
    def population(self) -> Markdown:
        """Whom the survey asked, in the note's language."""
        return self.translator.of_study(self.study.config.study.population)

    def results_of(self, country: str) -> Results:
        """Return the public results of a country; they are read once.

        Raises:
            StudyError: if it has none.
        """
        if country not in self._results:
            self._results[country] = read_results(country, self.public, self.study.has_survey)
        return self._results[country]

    def sentences_of(self, country: str) -> CountrySentences:
        """Return what writes sentences on a country."""
        names = {"population": self.population, "country": self.country_name(country)}
        return CountrySentences(self.translator, self.labels, self.results_of(country), names)

    def tables_of(self, country: str) -> EstimateTables:
        """Return what makes tables of a country; their cells say in words why they are empty."""
        info = self.study.config.study
        return EstimateTables(
            self.translator,
            self.labels,
            self.results_of(country),
            self.sentences_of(country),
            describe_origin(
                self.translator.with_markup(PLAIN),
                self.study.row(country).named_survey or info.survey,
                info.simulated,
            ),
            self.translator.of_study(info.population),
            spelt=True,
            alone=True,
        )

    def _find_estimate(self, name: str) -> tuple[PublishedCell, Cell]:
        published_cell = self.published.find_cell(f"{self.ids.row_address_of(name)}/estimate")
        if not published_cell.file.endswith(f"/{ESTIMATES}.csv"):
            finding = "it is no estimate of a country's survey"
            raise StudyError(f"'{name}'", finding, "write 'number' or 'interval'")
        row = published_cell.row
        key = (row["indicator"], row["domain"], row["level"])
        return published_cell, self.results_of(row["country"]).cell(*key)

    def _print_derived_number(self, address: str) -> Markdown:
        rule = find_rule(address)
        value = find_value(address, self.published)
        if (
            rule is None
            or rule[0] not in _WHOLE_NUMBER_RULES
            or value is None
            or value != round(value)
        ):
            raise StudyError(
                f"'{address}'",
                "notes have sums and counts of whole numbers alone",
                "name a published number",
            )
        return self.translator.number(with_address(value, address))


def _hidden_number_error(name: str, cell: PublishedCell) -> StudyError:
    """Return the refusal of a number that is not published, in the published words alone.

    It is the same whatever hides a number: it depends on the status of the row alone.
    """
    reason = HIDDEN_REASONS.get(cell.row.get("status", ""), _NOT_PUBLISHED)
    remedy = "write the sentence without it"
    if cell.file.endswith(f"/{ESTIMATES}.csv"):
        remedy += f", or {{{{< sentence {name} >}}}}, which says what may be said"
    return StudyError(f"'{name}'", reason, remedy)


def format_names(names: Collection[str]) -> str:
    """Return names for a message, not all of many."""
    sorted_names = sorted(names)
    more = f" and {len(sorted_names) - 12} more" if len(sorted_names) > 12 else ""
    return ", ".join(sorted_names[:12]) + more
