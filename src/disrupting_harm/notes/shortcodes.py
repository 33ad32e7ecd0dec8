"""Print what the ids of a note stand for, in its language and with its addresses."""

import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.notes.shortcode_ids import Ids
from disrupting_harm.provenance.addresses import at
from disrupting_harm.provenance.derived_numbers import COUNT, rule_of, value_of
from disrupting_harm.provenance.explain.explain_survey import HIDDEN
from disrupting_harm.provenance.explain.lookup import Place, Published
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.documents.estimate_tables import Tables
from disrupting_harm.report.findings.country_sentences import Sentences
from disrupting_harm.report.findings.question_sentences import origin
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.settings import languages, require_language
from disrupting_harm.report.language.translator import load_words
from disrupting_harm.report.reading.country_results import Cell, Results, read_results
from disrupting_harm.study.statuses import TOTAL
from disrupting_harm.study.study import Study

# How the columns of public tables are printed: in per cent, as numbers, or not at all.


# Columns in the unit of the row's indicator: proportions in per cent, means as numbers.
_OF_INDICATOR = (
    *("estimate", "ci_low", "ci_high"),
    *("bound_low", "bound_high", "lower", "upper", "crude", "regional_mean", "difference"),
    *("prediction_low", "prediction_high"),
)
# Tables whose intervals are those of a ratio.
_OF_RATIOS = ("comparison/adjusted.csv", "comparison/adjusted_countries.csv")
# Numbers of other files that are shares of one.
_SHARES = ("confidence", "internet_use_rate")
_MINUS = "\N{MINUS SIGN}"
_P_VALUE = (
    "a P value does not stand by itself",
    "name the difference and its interval, which say more",
)
_BOUND = (
    "it is a bound, which stands in the place of a hidden number",
    "write 'share', which says that it is one",
)
_WEIGHT = (
    "it is the weight of those who answered, and no number of children",
    "name compare/denominators/INDICATOR/COUNTRY/internet_using_children/children",
)
# Columns whose numbers mislead where they stand alone: what is wrong, and what to do.
_NOT_ALONE = {
    **dict.fromkeys(("p_value", "p_holm", "p_bh", "q_p"), _P_VALUE),
    **dict.fromkeys(("bound_low", "bound_high"), _BOUND),
}


def printed(place: Place, text: Text, labels: Labels) -> Markdown:
    """Return the number at a place as the language writes it, with its address.

    Args:
        place: where a number stands.
        text: the language.
        labels: of the codebook, which says what is a proportion.

    Raises:
        StudyError: if it is no number, or one that misleads where it stands alone.
    """
    if place.column in _NOT_ALONE and place.row:
        raise StudyError(f"'{place.address}'", *_NOT_ALONE[place.column])
    if place.column == "population" and place.file.endswith(f"/{ESTIMATES}.csv"):
        raise StudyError(f"'{place.address}'", *_WEIGHT)
    try:
        value = at(float(place.text), place.address)
    except ValueError:
        raise StudyError(
            f"'{place.address}'",
            "what is published there is no number",
            "name a column of numbers",
        ) from None
    share = is_share(place, labels)
    digits = _digits(place, share)
    number = text.percent(value, digits) if share else text.number(value, digits)
    return Markdown(number.replace("[-", f"[{_MINUS}"))


def is_share(place: Place, labels: Labels) -> bool:
    """Return whether the number at a place is a share of one, printed in per cent."""
    column, row = place.column, place.row
    if row and "indicator" in row and column in _OF_INDICATOR and place.file not in _OF_RATIOS:
        return labels.definition(row["indicator"]).statistic == "proportion"
    if row and "question" in row and column in _OF_INDICATOR:
        return True
    if row and row.get("measure") and column in _OF_INDICATOR:
        return row["measure"] != "kappa"
    name = column.rpartition("/")[2]
    return name in _SHARES or name.endswith("_share") or column.startswith("response_rates/")


def _digits(place: Place, share: bool) -> int:
    """Return the decimals of a number as published; a table of numbers drops zeros at the end.

    A row is rounded as one: its columns of one unit have the same decimals.
    """
    row = place.row
    if row and place.column in _OF_INDICATOR:
        if _is_number(row.get("shown", "")):
            return _decimals(row["shown"])
        texts = [row[name] for name in _OF_INDICATOR if _is_number(row.get(name, ""))]
    else:
        texts = [place.text]
    most = max(map(_decimals, texts))
    return max(most - 2, 0) if share else most


def _decimals(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


_WITH_CARE = ("caution", "review")
_LIMITS = ("ci_low", "ci_high")
# Rules of numbers that rows and counts bear; a sum of estimates would be none.
_RULES = (COUNT, "sum")
# What is said of an empty cell of a table that does not tell of hidden estimates.
_NOTHING = "no number is published there"


class Printer:
    """Print published numbers, sentences and tables in one language.

    Args:
        study: the configuration and the codebook.
        public: the public results.
        language: of the note.
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
            known = ", ".join(study.codes)
            raise StudyError(f"country '{country}'", "the study has none", f"Use one of {known}")
        self.study = study
        self.public = public
        self.language = language
        info = study.config.study
        self.text = Text(load_words(language, locale, info.areas, info.respondents))
        self.labels = Labels(study.codebook, self.text)
        rows = [row.model_dump(mode="json") for row in study.countries.values()]
        self.published = Published(public, rows)
        self.ids = Ids(study.countries, country, language, set(languages(locale)))
        # Addresses of numbers that were printed without the word that tells to use them with care.
        self.with_care: set[str] = set()
        self._results: dict[str, Results] = {}

    def number(self, name: str) -> Markdown:
        """Return one number.

        Raises:
            StudyError: if there is none, it is hidden, or it is no number.
        """
        address = self.ids.address(name)
        if rule_of(address):
            return self._derived(address)
        place = self.published.find(address)
        if not place.text:
            raise _hidden(name, place)
        if place.row.get("status") in _WITH_CARE:
            self.with_care.add(address)
        return printed(place, self.text, self.labels)

    def interval(self, name: str) -> Markdown:
        """Return the limits of an interval, as in the tables of reports: "14 to 21".

        Raises:
            StudyError: as :meth:`number`; or if the row has no interval.
        """
        where = self.ids.row(name)
        limits = []
        for column in _LIMITS:
            place = self.published.find(f"{where}/{column}")
            if not place.text:
                raise _hidden(name, place)
            limits.append(printed(place, self.text, self.labels))
        return self.text("{low} to {high}", low=limits[0], high=limits[1])

    def share(self, name: str) -> Markdown:
        """Return an estimate with its interval, or the bound that is printed in its place.

        Raises:
            StudyError: as :meth:`number`; or if it is no estimate of a survey.
        """
        place, cell = self._cell(name)
        found = self.sentences(place.row["country"]).share(cell)
        if found is None:
            raise _hidden(name, place)
        return found

    def sentence(self, name: str) -> Markdown:
        """Return a sentence that can stand alone: what, where, how many, of whom, how sure.

        Of a hidden estimate it says that there is none and why, as reports do.

        Raises:
            StudyError: if there is no such estimate.
        """
        place, cell = self._cell(name)
        country = place.row["country"]
        sentences = self.sentences(country)
        share = sentences.share(cell)
        if share is None:
            return sentences.hidden(cell, self._placed(sentences.subject(cell), country))
        definition = self.labels.definition(cell.indicator)
        if definition.statistic != "proportion":
            label = self._placed(sentences.subject(cell), country)
            return Markdown(sentences.pattern(definition).format(label=label, share=share))
        values = {
            "label": self._placed(self.labels.indicator(cell.indicator), country),
            "share": share,
            # A share is one of its group, not of all.
            "base": self._of_group(self.labels.base(cell.indicator), cell),
            "population": self._of_group(self.population, cell),
        }
        return Markdown(sentences.pattern(definition).format(**values))

    def _placed(self, subject: Markdown, country: str) -> Markdown:
        return self.text("{subject}, {place}", subject=subject, place=self.country(country))

    def _of_group(self, whom: Markdown, cell: Cell) -> Markdown:
        if (cell.domain, cell.level) == TOTAL:
            return whom
        group = self.labels.group(cell.domain, cell.level)
        return self.text("{label} ({group})", label=whom, group=group)

    def country(self, code: str) -> Markdown:
        """Return a country's name as a sentence has it."""
        row = self.study.countries[code]
        return escape(self.text.words.country_in_text(code, row.name_in_text or row.name))

    @cached_property
    def population(self) -> Markdown:
        """Whom the survey asked, in the note's language."""
        return self.text.of_study(self.study.config.study.population)

    def results(self, country: str) -> Results:
        """Return the public results of a country; they are read once.

        Raises:
            StudyError: if it has none.
        """
        if country not in self._results:
            self._results[country] = read_results(country, self.public, self.study.has_survey)
        return self._results[country]

    def sentences(self, country: str) -> Sentences:
        """Return what writes sentences on a country."""
        names = {"population": self.population, "country": self.country(country)}
        return Sentences(self.text, self.labels, self.results(country), names)

    def tables(self, country: str) -> Tables:
        """Return what makes tables of a country; their cells say in words why they are empty."""
        info = self.study.config.study
        return Tables(
            self.text,
            self.labels,
            self.results(country),
            self.sentences(country),
            origin(self.text.words, info.survey, info.simulated),
            self.text.words.of_study(info.population),
            spelt=True,
            alone=True,
        )

    def _cell(self, name: str) -> tuple[Place, Cell]:
        place = self.published.find(f"{self.ids.row(name)}/estimate")
        if not place.file.endswith(f"/{ESTIMATES}.csv"):
            found = "it is no estimate of a country's survey"
            raise StudyError(f"'{name}'", found, "write 'number' or 'interval'")
        row = place.row
        key = (row["indicator"], row["domain"], row["level"])
        return place, self.results(row["country"]).cell(*key)

    def _derived(self, address: str) -> Markdown:
        rule = rule_of(address)
        value = value_of(address, self.published)
        if rule is None or rule[0] not in _RULES or value is None or value != round(value):
            raise StudyError(
                f"'{address}'",
                "notes have sums and counts of whole numbers alone",
                "name a published number",
            )
        return self.text.number(at(value, address))


def _hidden(name: str, place: Place) -> StudyError:
    """Return the refusal of a number that is not published, in the published words alone.

    It is the same whatever hides a number: nothing but the status of its row is looked at.
    """
    why = HIDDEN.get(place.row.get("status", ""), _NOTHING)
    remedy = "write the sentence without it"
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        remedy += f", or {{{{< sentence {name} >}}}}, which says what may be said"
    return StudyError(f"'{name}'", why, remedy)


def known_names(names: Collection[str]) -> str:
    """Return names for a message, not all of many."""
    shown = sorted(names)
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return ", ".join(shown[:12]) + more
