"""A study as loaded: configuration, countries, codebook and mappings, checked together.

No pandas here: the Snakefile loads this module at every call.
"""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from disrupting_harm.errors import StudyError, did_you_mean
from disrupting_harm.study.codebook import Codebook, Domain, load_codebook
from disrupting_harm.study.config import Configuration, load_configuration
from disrupting_harm.study.csv_table import read_csv_table
from disrupting_harm.study.invented import refuse_invented
from disrupting_harm.study.mapping import Mapping, load_mapping
from disrupting_harm.study.section import Section, once, validated

# What a folder of statistics must have, see disrupting_harm.statistics.
STATEMENT = "statistics.json"
# The codebook of a study in which no children were asked.
NO_SURVEY = Codebook(
    items=(), domains=(Domain(id="total", label="Total"),), modules=(), indicators=()
)


def _words(value: Any) -> Any:
    return tuple(value.split()) if isinstance(value, str) else value


# Seven tiles stand side by side on a page.
Column = Annotated[int, Field(ge=0, le=6)]
Row = Annotated[int, Field(ge=0, le=9)]


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
    map_cell: Annotated[tuple[Column, Row] | None, BeforeValidator(_words)] = Field(
        default=None,
        description="Column and row of its tile on the map of its region, e.g. `2 0`: columns from "
        "the west, rows from the north, both from 0. Empty: the tile stands below the map.",
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
    languages: Annotated[tuple[str, ...], BeforeValidator(_words)] = ("en",)
    children: int | None = Field(default=None, gt=0, lt=10**10, description="Children aged 12-17.")
    children_year: int | None = Field(default=None, ge=1900, le=2100)
    children_source: str | None = None
    internet_use_rate: float | None = Field(default=None, gt=0, le=1)
    internet_use_source: str | None = None
    internet_use_se: float | None = Field(
        default=None, ge=0, lt=1, description="Standard error of the rate; empty: taken as exact."
    )
    internet_use_se_source: str | None = None
    age_range: str | None = Field(default=None, description="Ages asked, e.g. 12-17.")
    mode: str | None = Field(default=None, description="How children were asked.")
    wave: str | None = Field(default=None, description="Round of the study.")
    coverage: float | None = Field(default=None, gt=0, le=1, description="Frame coverage.")
    fieldwork: str | None = None
    helpline: str | None = Field(default=None, description="Where children can get help.")
    helpline_source: str | None = Field(default=None, description="Who says so, e.g. its page.")
    helpline_confirmed: bool = Field(
        default=False,
        description="True once someone called the helpline or asked it; needs `helpline_source`. "
        "Only a confirmed helpline is printed; a report without one is not for publication.",
    )
    frontline_respondents: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _confirmed_by_a_source(self) -> "Country":
        if self.helpline_confirmed and not (self.helpline and self.helpline_source):
            raise ValueError(
                "'helpline_confirmed' is true without a 'helpline' and its 'helpline_source'"
            )
        return self

    @model_validator(mode="after")
    def _microdata_or_statistics(self) -> "Country":
        given = [name for name in ("raw", "mapping", "margins") if getattr(self, name)]
        if self.statistics and given:
            raise ValueError(f"both 'statistics' and '{given[0]}'; give one of them")
        return self

    @field_validator("languages")
    @classmethod
    def _codes_of_languages(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        for language in languages:
            if not re.fullmatch(r"[a-z]{2,3}", language):
                raise ValueError(f"'{language}' is no code of a language, such as 'en'")
        once(languages, kind="the language ")
        return languages


@dataclass(frozen=True)
class Study:
    """Everything that the rules need to know, loaded once."""

    path: Path
    config: Configuration
    countries: dict[str, Country]
    codebook: Codebook
    mappings: dict[str, Mapping]
    # Codes of all rows of the countries file, also of those that this run leaves out.
    listed: tuple[str, ...]

    @property
    def has_survey(self) -> bool:
        """Whether children were asked; otherwise the study is of other evidence alone."""
        return self.config.codebook is not None

    @property
    def codes(self) -> list[str]:
        """Country codes in alphabetical order."""
        return sorted(self.countries)

    @property
    def with_microdata(self) -> list[str]:
        """Codes of the countries whose children's answers are here; others sent statistics."""
        return [code for code in self.codes if self.countries[code].statistics is None]

    def statistics_folder(self, country: str) -> Path:
        """Return the folder of the statistics of a country whose microdata stay at home."""
        folder = self.countries[country].statistics
        assert folder is not None
        return self.resolve(folder)

    def resolve(self, path: Path) -> Path:
        """Return ``path`` relative to the configuration file's folder."""
        return self.path.parent / path

    def raw_file(self, country: str) -> Path:
        """Return the country's raw file; simulated ones lie in the restricted results."""
        raw = self.countries[country].raw
        if raw is None:
            return self._simulated(country) / "sample.csv"
        return _in_package(raw, country) if str(raw).startswith("package:") else self.resolve(raw)

    def margins_file(self, country: str) -> Path | None:
        """Return the country's margins file, or None where nothing is raked."""
        if not self.config.weighting.margins:
            return None
        margins = self.countries[country].margins
        return self.resolve(margins) if margins else self._simulated(country) / "margins.csv"

    def require_files(self) -> None:
        """Refuse a study of which a file that it names is not there.

        Raises:
            StudyError: the first missing file, and the key or row that names it.
        """
        config = self.config
        named: list[tuple[str, Path | None]] = [
            ("comparison.comparability", config.comparison.comparability),
            ("report.references", config.report.references),
            *((f"evidence.{name}", path) for name, path in config.evidence.files.items()),
        ]
        needed = [(f"{self.path}, key '{key}'", self.resolve(path)) for key, path in named if path]
        if self.has_survey:
            for code in self.codes:
                row = self.countries[code]
                if row.statistics:
                    statement = self.statistics_folder(code) / STATEMENT
                    needed.append((f"country {code}, column 'statistics'", statement))
                    continue
                if row.raw:
                    needed.append((f"country {code}, column 'raw'", self.raw_file(code)))
                margins = self.margins_file(code)
                if row.margins and margins:
                    needed.append((f"country {code}, column 'margins'", margins))
        for where, path in needed:
            if not path.is_file():
                raise StudyError(
                    where, f"there is no such file: {path}", "Correct the path or create the file"
                )

    def _simulated(self, country: str) -> Path:
        return self.config.results / "restricted" / "simulated" / country


def _in_package(raw: Path, country: str) -> Path:
    """Return the file behind ``package:NAME/path``, without importing the package."""
    name, *parts = str(raw).removeprefix("package:").split("/")
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise StudyError(
            f"country {country}, column 'raw'",
            f"'{raw}' names a package that is not installed",
            "Install it, or give a path",
        )
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


def load_study(path: str | Path, overrides: dict[str, Any] | None = None) -> Study:
    """Read a configuration file and all that it names.

    Args:
        path: the configuration file; paths in it are relative to its folder.
        overrides: values that replace those of the file, as in ``snakemake --config only=[KEN]``.

    Raises:
        StudyError: for the first fault, naming its file, row or key.
    """
    path = Path(path)
    config = load_configuration(path, overrides)
    base = path.parent
    codebook = load_codebook(base / config.codebook) if config.codebook else NO_SURVEY
    listed = _read_countries(base / config.countries, config)
    countries = {
        code: row for code, row in listed.items() if not config.only or code in config.only
    }
    _check_domain_names(path, config, codebook)
    if config.codebook:
        _check_headline(base / config.codebook, codebook)
    surveyed = countries if config.codebook else {}
    named = {
        code: base / _mapping_file(row, config)
        for code, row in surveyed.items()
        if row.statistics is None
    }
    # Most studies have one for all countries: it is read once.
    read = {mapping: load_mapping(mapping, codebook) for mapping in dict.fromkeys(named.values())}
    mappings = {code: read[mapping] for code, mapping in named.items()}
    study = Study(path, config, countries, codebook, mappings, tuple(listed))
    _check_statistics(study)
    if study.has_survey:
        _check_sources(study)
        _refuse_shared_files(study)
    return study


def _read_countries(path: Path, config: Configuration) -> dict[str, Country]:
    countries: dict[str, Country] = {}
    header, rows = read_csv_table(path)
    _check_columns(path, header)
    for number, row in rows:
        cells = {name: cell for name, cell in zip(header, row, strict=True) if cell}
        where = f"{path}, row {number}"
        country: Country = validated(Country, cells, where)
        if country.country in countries:
            raise StudyError(where, f"'{country.country}' stands twice", "Remove one row")
        if not _is_code(country.country, config.study.areas):
            kind = "ISO 3166-1 alpha-3 code" if config.study.areas == "countries" else "region code"
            upper = country.country.upper()
            remedy = (
                f"Write '{upper}', in capital letters as in all other files"
                if upper != country.country and _is_code(upper, config.study.areas)
                else "Correct the row; docs/adding-a-country.md describes the columns"
            )
            raise StudyError(
                f"{where}, column 'country'", f"'{country.country}' is no {kind}", remedy
            )
        if not config.study.simulated:
            refuse_invented(country, where)
        _refuse_shared_cell(country, countries, where)
        countries[country.country] = country
    unknown = [code for code in config.only if code not in countries]
    if unknown:
        raise StudyError(
            "configuration, key 'only'", f"'{unknown[0]}' is not in {path}", "Correct the code"
        )
    return countries


def _refuse_shared_cell(country: Country, others: dict[str, Country], where: str) -> None:
    """Refuse a tile in the place of another one of the same region."""
    for other in others.values():
        if country.map_cell and (other.map_cell, other.region) == (
            country.map_cell,
            country.region,
        ):
            raise StudyError(
                f"{where}, column 'map_cell'",
                f"'{country.map_cell[0]} {country.map_cell[1]}' is the cell of {other.country}",
                "Give each country of a region a cell of its own",
            )


def _is_code(code: str, areas: str) -> bool:
    if areas == "regions":
        return code.isascii() and code.isalnum() and code == code.upper()
    import pycountry

    # The look-up itself does not tell small letters from capital ones.
    return len(code) == 3 and code.isupper() and pycountry.countries.get(alpha_3=code) is not None


def _check_columns(path: Path, header: list[str]) -> None:
    known = list(Country.model_fields)
    for name in header:
        if name not in known:
            raise StudyError(
                f"{path}, row 1, column '{name}'",
                "there is no such column",
                f"{did_you_mean(name, known)}Use commas between cells; the columns are "
                f"{', '.join(known)}",
            )
    if "country" not in header:
        raise StudyError(f"{path}, row 1", "no column 'country'", "Add it, with a code in each row")


def _mapping_file(country: Country, config: Configuration) -> Path:
    path = country.mapping or config.mapping
    if path is None:
        raise StudyError(
            f"country {country.country}",
            "neither its row nor the configuration names a mapping",
            "Add the key 'mapping'",
        )
    return path


def _check_headline(path: Path, codebook: Codebook) -> None:
    """Refuse a codebook without a headline: comparison and audit look at nothing else."""
    if not codebook.headlines("proportion"):
        raise StudyError(
            f"{path}, key 'indicators'",
            "none of the proportions is a headline",
            "Write 'headline: true' at those by which countries are compared",
        )


def _check_domain_names(path: Path, config: Configuration, codebook: Codebook) -> None:
    domains = {domain.id for domain in codebook.domains}
    nonresponse, standard = config.weighting.nonresponse, config.comparison.standard
    named = {
        "weighting.margins": config.weighting.margins,
        "weighting.nonresponse.classes": nonresponse.classes if nonresponse else (),
        "comparison.gaps": config.comparison.gaps,
        "comparison.adjust_for": config.comparison.adjust_for,
        "comparison.standard.domain": (standard.domain,) if standard else (),
    }
    for key, names in named.items():
        for name in names:
            if name not in domains:
                raise StudyError(
                    f"{path}, key '{key}'",
                    f"the codebook has no domain '{name}'",
                    f"Use one of {', '.join(sorted(domains))}",
                )
    if standard and set(standard.shares) != set(codebook.levels(standard.domain)):
        raise StudyError(
            f"{path}, key 'comparison.standard.shares'",
            f"its levels are {', '.join(standard.shares)}",
            f"Give a share to each of {', '.join(codebook.levels(standard.domain))}",
        )


def _refuse_shared_files(study: Study) -> None:
    """Refuse a raw file that two countries would take whole: its children would count twice."""
    owners: dict[Path, str] = {}
    for code, country in study.countries.items():
        if country.raw is not None and study.mappings[code].area is None:
            other = owners.setdefault(study.raw_file(code).resolve(), code)
            if other != code:
                raise StudyError(
                    f"country {code}, column 'raw'",
                    f"the same file as that of {other}, and no 'area' in the mapping",
                    "Correct the path, or say in the mapping which rows belong to which country",
                )


def _check_statistics(study: Study) -> None:
    """Refuse statistics in a study that cannot take them."""
    codes = [code for code in study.codes if study.countries[code].statistics]
    if not codes:
        return
    where = f"country {codes[0]}, column 'statistics'"
    if not study.has_survey:
        found = "statistics of a survey, in a study without a codebook"
        raise StudyError(where, found, "Add the key 'codebook', or empty the column")
    if study.config.publication.release is not None:
        raise StudyError(
            where,
            "a study with 'publication.release' compares children with those of earlier releases, "
            "and these are at home",
            "Take the key out, and let each country keep the releases of its own study",
        )


def _check_sources(study: Study) -> None:
    simulated = study.config.simulation is not None
    needed = (
        ("weight",)
        if study.config.weighting.source == "column"
        else ("psu_probability", "household_probability", "eligible_children")
    )
    for code in study.with_microdata:
        country, where = study.countries[code], f"country {code}"
        if country.raw is None and not simulated:
            raise StudyError(where, "its row names no raw file", "Fill the column 'raw'")
        if study.config.weighting.margins and country.margins is None and not simulated:
            raise StudyError(where, "its row names no margins file", "Fill the column 'margins'")
        area = study.mappings[code].area
        if area and code not in area.codes.values():
            raise StudyError(
                f"{where}, mapping key 'area.codes'",
                "no code stands for this country",
                f"Write which code is '{code}', in capital letters as in the countries file",
            )
        for key in needed:
            if getattr(study.mappings[code], key) is None:
                raise StudyError(
                    f"{where}, mapping key '{key}'",
                    f"missing, but 'weighting.source' is '{study.config.weighting.source}'",
                    "Name the column in the mapping",
                )
