"""The countries file: one row per survey of a country, with its facts and its files.

Most studies have one survey a country. Where a country was surveyed several times, its rows differ
in ``wave`` and ``wave_year``: the newest is the country's survey as in any other study, and each
earlier one has a key of its own, the country's code with the wave, such as ``KEN-1``.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.core.spelling import look_of
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.section import (
    Section,
    Year,
    refuse_repetition,
    validate_content,
)
from disrupting_harm.study.invented_numbers import refuse_invented
from disrupting_harm.study.microdata.csv_table import read_csv_table


def _split_words(value: Any) -> Any:
    return tuple(value.split()) if isinstance(value, str) else value


# Between the code and the wave of an earlier survey; no code of a country holds it.
OF_WAVE = "-"
_WAVE = re.compile(r"[A-Za-z0-9_]+")


class Country(Section):
    """One row of the countries file. Empty cells are "not available" in reports."""

    country: str
    name: str | None = Field(
        default=None, description="Name as printed in English; absent: from CLDR."
    )
    name_in_text: str | None = Field(
        default=None, description="Name in an English sentence, e.g. the Philippines."
    )
    region: str | None = Field(
        default=None, description="Group of countries shown together, e.g. Southeast Asia."
    )
    raw: Path | None = Field(
        default=None,
        description="Raw file; `package:NAME/path` is a file that an installed package carries. "
        "Empty: simulated.",
    )
    mapping: Path | None = None
    margins: Path | None = None
    statistics: Path | None = Field(
        default=None,
        description="Folder of the statistics through which a country joins whose microdata stay "
        "at home (docs/statistics.md); `raw`, `mapping` and `margins` are then empty.",
    )
    languages: Annotated[tuple[str, ...], BeforeValidator(_split_words)] = ("en",)
    brief_languages: Annotated[tuple[str, ...], BeforeValidator(_split_words)] = Field(
        default=(), description="Languages of the brief beside those of the report."
    )
    children: int | None = Field(default=None, ge=100, lt=10**9, description="Children aged 12-17.")
    children_year: Year | None = Field(
        default=None, description="Year of the number of children; not after that of the study."
    )
    children_source: str | None = None
    internet_use_rate: float | None = Field(
        default=None, ge=0.001, le=1, description="Share of these children who use the internet."
    )
    internet_use_source: str | None = None
    internet_use_se: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="Standard error of the rate, below the rate; empty: taken as exact.",
    )
    internet_use_se_source: str | None = None
    survey: str | None = Field(
        default=None,
        description="What the survey of this country is called, where that differs between "
        "countries; in place of `study.survey` in its documents.",
    )
    survey_year: Year | None = Field(
        default=None, description="Year of this survey; printed behind its name."
    )
    survey_source: str | None = Field(
        default=None, description="Whose data they are, or where they can be had; in brackets."
    )
    age_range: str | None = Field(default=None, description="Ages asked, e.g. 12-17.")
    mode: str | None = Field(default=None, description="How children were asked.")
    wave: str | None = Field(default=None, description="Round of the study.")
    wave_year: float | None = Field(
        default=None,
        ge=1950,
        le=2100,
        description="When the wave was in the field, in years, e.g. 2021 or 2021.5. Needed where a "
        "country has several rows, one per wave: they are compared in this order.",
    )
    kept_psus: Path | None = Field(
        default=None,
        description="Table of the PSUs that this wave kept from the wave before, the key between "
        "their codes (docs/waves.md); empty: all PSUs were drawn anew.",
    )
    coverage: float | None = Field(default=None, ge=0.01, le=1, description="Frame coverage.")
    fieldwork: str | None = None
    helpline: str | None = Field(default=None, description="Where children can get help.")
    helpline_source: str | None = Field(default=None, description="Who says so, e.g. its page.")
    helpline_confirmed: bool = Field(
        default=False,
        description="True once someone called the helpline or asked it; needs `helpline_source`. "
        "Only a confirmed helpline is printed; a report without one is not for publication.",
    )
    frontline_respondents: int | None = Field(
        default=None,
        ge=0,
        le=10_000,
        description="Frontline workers in the simulated survey; empty: as its settings say.",
    )

    @property
    def named_survey(self) -> str | None:
        """The survey as documents of this country name it; None where the study names it."""
        if self.survey is None:
            return None
        year = f", {self.survey_year}" if self.survey_year else ""
        return f"{self.survey}{year}" + (f" ({self.survey_source})" if self.survey_source else "")

    @property
    def code(self) -> str:
        """The code of the country, also of an earlier survey."""
        return self.country.partition(OF_WAVE)[0]

    @model_validator(mode="after")
    def _confirmed_by_a_source(self) -> "Country":
        if self.helpline_confirmed and not (self.helpline and self.helpline_source):
            raise ValueError(
                "'helpline_confirmed' is true without a 'helpline' and its 'helpline_source'"
            )
        return self

    @model_validator(mode="after")
    def _numbers_fit(self) -> "Country":
        needed_columns = {
            "children_year": "children",
            "internet_use_se": "internet_use_rate",
            "survey_year": "survey",
            "survey_source": "survey",
        }
        for column, number in needed_columns.items():
            if getattr(self, column) is not None and getattr(self, number) is None:
                raise ValueError(f"'{column}' without '{number}'")
        if self.internet_use_se and self.internet_use_se >= (self.internet_use_rate or 0):
            raise ValueError("'internet_use_se' is not below 'internet_use_rate'")
        for column in ("name", "name_in_text", "region"):
            name = getattr(self, column)
            if name is not None and not any(char.isalpha() for char in name):
                raise ValueError(f"'{column}' is '{name}', without a letter")
        return self

    @model_validator(mode="after")
    def _microdata_or_statistics(self) -> "Country":
        microdata_columns = [name for name in ("raw", "mapping", "margins") if getattr(self, name)]
        if self.statistics and microdata_columns:
            raise ValueError(f"both 'statistics' and '{microdata_columns[0]}'; give one of them")
        return self

    @property
    def languages_of_brief(self) -> tuple[str, ...]:
        """Return the languages of the report and those that the brief has besides."""
        return tuple(dict.fromkeys((*self.languages, *self.brief_languages)))

    @field_validator("languages", "brief_languages")
    @classmethod
    def _codes_of_languages(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for language in languages:
            if not re.fullmatch(r"[a-z]{2,3}", language):
                raise ValueError(f"'{language}' is no code of a language, such as 'en'")
        refuse_repetition(languages, noun="the language ")
        return languages


def read_countries(path: Path, config: Configuration) -> dict[str, Country]:
    """Return the rows of a countries file by code, also those that a run leaves out.

    Of a country with several waves the newest has the country's code; the earlier ones stand
    before it, the first one first, with the wave in their codes.

    Raises:
        StudyError: for the first fault, with its row or column.
    """
    surveys: dict[str, dict[str, Country]] = {}
    header, rows = read_csv_table(path)
    _check_columns(path, header)
    for number, row in rows:
        cells = {name: cell for name, cell in zip(header, row, strict=True) if cell}
        location = f"{path}, row {number}"
        country: Country = validate_content(Country, cells, location)
        if not _is_code(country.country, config.study.areas):
            code_kind = (
                "ISO 3166-1 alpha-3 code" if config.study.areas == "countries" else "region code"
            )
            upper = country.country.upper()
            remedy = (
                f"Write '{upper}', in capital letters as in all other files"
                if upper != country.country and _is_code(upper, config.study.areas)
                else "Correct the row; docs/adding-a-country.md describes the columns"
            )
            raise StudyError(
                f"{location}, column 'country'", f"'{country.country}' is no {code_kind}", remedy
            )
        if not config.study.simulated:
            refuse_invented(country, location)
        _refuse_later_year(country, config.study.date.year, location)
        earlier_rows = [row for waves in surveys.values() for row in waves.values()]
        _refuse_look_alikes(country, earlier_rows, location)
        waves = surveys.setdefault(country.country, {})
        _refuse_unclear_wave(country, waves, location)
        waves[country.wave or ""] = country
    countries = dict(survey for waves in surveys.values() for survey in _order_by_time(waves))
    unknown = [code for code in config.only if code not in surveys]
    if unknown:
        raise StudyError(
            "configuration, key 'only'", f"'{unknown[0]}' is not in {path}", "Correct the code"
        )
    return countries


def _refuse_later_year(country: Country, year: int, location: str) -> None:
    """Refuse a year after that of the study."""
    for column in ("children_year", "survey_year", "wave_year"):
        year_of_column = getattr(country, column)
        if year_of_column is not None and year_of_column >= year + 1:
            raise StudyError(
                f"{location}, column '{column}'",
                f"{year_of_column:g} lies after the year of the study's date, {year}",
                "Correct it, or the study's date",
            )


def _refuse_look_alikes(country: Country, earlier_rows: Iterable[Country], location: str) -> None:
    """Refuse a name that another country has, and a region that another row spells otherwise."""
    for earlier_row in earlier_rows:
        is_same_country = earlier_row.country == country.country
        for column in ("name", "region"):
            name, earlier_name = getattr(country, column), getattr(earlier_row, column)
            alike = name and earlier_name and look_of(name) == look_of(earlier_name)
            if alike and (name != earlier_name or (column == "name" and not is_same_country)):
                raise StudyError(
                    f"{location}, column '{column}'",
                    f"'{name}' beside '{earlier_name}' of {earlier_row.country}",
                    "Give countries names of their own, and write a region in one way in all rows",
                )


def _refuse_unclear_wave(country: Country, waves: dict[str, Country], location: str) -> None:
    """Refuse a further row of a country that does not say which wave it is, and when it was."""
    if not waves:
        return
    years = {row.wave_year for row in waves.values()}
    first_wave = next(iter(waves.values()))
    if country.wave in waves or (country.wave is None and first_wave.wave is None):
        finding = f"'{country.country}' stands twice"
        raise StudyError(
            location,
            finding,
            "Remove one row, or say by 'wave' and 'wave_year' that they are two waves",
        )
    for row in (first_wave, country):
        if row.wave is None or not _WAVE.fullmatch(row.wave):
            raise StudyError(
                f"{location}, column 'wave'",
                f"a wave of '{country.country}' is {row.wave or 'not named'}",
                "Name each wave of a country by letters, digits and _ alone, e.g. 1 and 2",
            )
        if row.wave_year is None:
            raise StudyError(
                f"{location}, column 'wave_year'",
                f"wave {row.wave} of '{country.country}' has no year",
                "Write when each wave of the country was in the field, e.g. 2021",
            )
    if country.wave_year in years:
        raise StudyError(
            f"{location}, column 'wave_year'",
            f"two waves of '{country.country}' have the year {country.wave_year:g}",
            "Write years that differ, e.g. 2021.5 for one in the middle of 2021",
        )


def _order_by_time(waves: dict[str, Country]) -> Iterator[tuple[str, Country]]:
    """Yield the surveys of one country by their codes, the first one first."""
    *earlier, newest = sorted(waves.values(), key=lambda row: row.wave_year or 0)
    for row in earlier:
        code = f"{row.country}{OF_WAVE}{row.wave}"
        yield code, row.model_copy(update={"country": code})
    yield newest.country, newest


def _is_code(code: str, areas: str) -> bool:
    if areas == "regions":
        return code.isascii() and code.isalnum() and code == code.upper()
    import pycountry

    # The look-up itself does not tell small letters from capital ones.
    return len(code) == 3 and code.isupper() and pycountry.countries.get(alpha_3=code) is not None


def _check_columns(path: Path, header: list[str]) -> None:
    column_names = list(Country.model_fields)
    for name in header:
        if name not in column_names:
            raise StudyError(
                f"{path}, row 1, column '{name}'",
                "there is no such column",
                f"{suggest_name(name, column_names)}Use commas between cells; the columns are "
                f"{', '.join(column_names)}",
            )
    if "country" not in header:
        raise StudyError(f"{path}, row 1", "no column 'country'", "Add it, with a code in each row")
