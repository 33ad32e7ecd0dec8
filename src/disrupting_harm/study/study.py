"""A study as loaded: configuration, countries, codebook and mappings, checked together.

No pandas here: the Snakefile loads this module at every call.
"""

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.study.codebook import Codebook, load_codebook
from disrupting_harm.study.config import Configuration, load_configuration
from disrupting_harm.study.consistency import (
    check_statistics,
    check_waves,
    refuse_shared_files,
    refuse_subsamples_in_releases,
    require_domains,
    require_headline,
    require_sources,
)
from disrupting_harm.study.countries import OF_WAVE, Country, read_countries
from disrupting_harm.study.definitions import Domain
from disrupting_harm.study.mapping import Mapping, load_mapping

# What a folder of statistics must have, see disrupting_harm.statistics.
STATEMENT = "statistics.json"
# A report does not wait for the data of other countries: of them it needs these columns.
LEDGER_FACTS = ("country", "age_range", "wave", "mode", "coverage", "fieldwork")
# The codebook of a study in which no children were asked.
NO_SURVEY = Codebook(
    items=(), domains=(Domain(id="total", label="Total"),), modules=(), indicators=()
)


@dataclass(frozen=True)
class Study:
    """Everything that the rules need to know, loaded once."""

    path: Path
    config: Configuration
    countries: dict[str, Country]
    codebook: Codebook
    mappings: dict[str, Mapping]
    # Codes of all surveys of the countries file, also of those that this run leaves out.
    listed_surveys: tuple[str, ...]
    # Surveys of earlier waves by their codes, such as KEN-1, those of a country in their order.
    earlier: dict[str, Country] = field(default_factory=dict)

    @property
    def has_survey(self) -> bool:
        """Whether children were asked; otherwise the study is of other evidence alone."""
        return self.config.codebook is not None

    @property
    def has_internet_use(self) -> bool:
        """Whether a share of internet users is known, by which estimates are of everyone, too."""
        return any(row.internet_use_rate is not None for row in self.countries.values())

    @property
    def codes(self) -> list[str]:
        """Country codes in alphabetical order."""
        return sorted(self.countries)

    @property
    def with_microdata(self) -> list[str]:
        """Codes of the countries whose children's answers are here; others sent statistics."""
        return [code for code in self.codes if self.countries[code].statistics is None]

    @property
    def listed(self) -> tuple[str, ...]:
        """Codes of all countries of the countries file."""
        return tuple(code for code in self.listed_surveys if OF_WAVE not in code)

    @property
    def surveys(self) -> list[str]:
        """Codes of all surveys whose answers are here: the countries, then earlier waves."""
        return [*self.with_microdata, *self.earlier]

    @property
    def with_waves(self) -> list[str]:
        """Codes of the countries with several waves."""
        return sorted({row.code for row in self.earlier.values()})

    def row(self, survey: str) -> Country:
        """Return the row of a country, or of an earlier survey."""
        return self.earlier[survey] if survey in self.earlier else self.countries[survey]

    def waves(self, country: str) -> list[str]:
        """Return the codes of all surveys of a country, the first one first."""
        return [code for code, row in self.earlier.items() if row.code == country] + [country]

    def ledger_facts(self) -> list[dict[str, Any]]:
        """Return what tells by itself whether countries can be compared, a row a country."""
        rows = (self.countries[code].model_dump(mode="json") for code in self.codes)
        return [{name: row[name] for name in LEDGER_FACTS} for row in rows]

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
        raw = self.row(country).raw
        if raw is None:
            return self._simulated(country) / "sample.csv"
        return _in_package(raw, country) if str(raw).startswith("package:") else self.resolve(raw)

    def margins_file(self, country: str) -> Path | None:
        """Return the country's margins file, or None where nothing is raked."""
        if not self.config.weighting.margins:
            return None
        margins = self.row(country).margins
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
            for code in (*self.codes, *self.earlier):
                row = self.row(code)
                if row.statistics:
                    statement = self.statistics_folder(code) / STATEMENT
                    needed.append((f"country {code}, column 'statistics'", statement))
                    continue
                if row.raw:
                    needed.append((f"country {code}, column 'raw'", self.raw_file(code)))
                if row.kept_psus:
                    path = self.resolve(row.kept_psus)
                    needed.append((f"country {code}, column 'kept_psus'", path))
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
    listed = read_countries(base / config.countries, config)
    chosen = {
        code: row for code, row in listed.items() if not config.only or row.code in config.only
    }
    countries = {code: row for code, row in chosen.items() if code == row.code}
    earlier = {code: row for code, row in chosen.items() if code != row.code}
    require_domains(path, config, codebook)
    if config.codebook:
        require_headline(base / config.codebook, codebook)
        refuse_subsamples_in_releases(base / config.codebook, config, codebook)
    surveyed = chosen if config.codebook else {}
    named = {
        code: base / _mapping_file(row, config)
        for code, row in surveyed.items()
        if row.statistics is None
    }
    # Most studies have one for all countries: it is read once.
    read = {mapping: load_mapping(mapping, codebook) for mapping in dict.fromkeys(named.values())}
    mappings = {code: read[mapping] for code, mapping in named.items()}
    study = Study(path, config, countries, codebook, mappings, tuple(listed), earlier)
    check_waves(study)
    check_statistics(study)
    if study.has_survey:
        require_sources(study)
        refuse_shared_files(study)
    return study


def _mapping_file(country: Country, config: Configuration) -> Path:
    path = country.mapping or config.mapping
    if path is None:
        raise StudyError(
            f"country {country.country}",
            "neither its row nor the configuration names a mapping",
            "Add the key 'mapping'",
        )
    return path
