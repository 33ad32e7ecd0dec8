"""A study as loaded: configuration, countries, codebook and mappings, checked together.

No pandas here: the Snakefile loads this module at every call.
"""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.codebook.definitions import Domain
from disrupting_harm.study.configuration.config import Configuration, load_configuration
from disrupting_harm.study.countries import OF_WAVE, Country, read_countries
from disrupting_harm.study.microdata.mapping import Mapping, load_mapping

# What the files of a study must agree on: each is right by itself, and they contradict each other.
# Every function refuses a study with a ``StudyError`` that names the file, row or key.


def require_headline(path: Path, codebook: Codebook) -> None:
    """Refuse a codebook without a headline: comparison and audit look at nothing else."""
    if not codebook.headlines("proportion"):
        raise StudyError(
            f"{path}, key 'indicators'",
            "none of the proportions is a headline",
            "Write 'headline: true' at those by which countries are compared",
        )


def refuse_subsamples_in_releases(path: Path, config: Configuration, codebook: Codebook) -> None:
    """Refuse weights of subsamples where releases are compared child by child with one weight."""
    for weight, indicator_ids in codebook.subsamples.items():
        if config.publication.release is not None:
            raise StudyError(
                f"{path}, indicator '{indicator_ids[0]}', key 'weight'",
                f"the weight '{weight}' of a subsample, in a study with 'publication.release', "
                "which knows one weight of each respondent",
                "Take the key 'release' or the indicators of the subsample out",
            )


def require_domains(path: Path, config: Configuration, codebook: Codebook) -> None:
    """Refuse a configuration that names a domain, or levels of one, that the codebook has not."""
    domains = {domain.id for domain in codebook.domains}
    nonresponse, standard = config.weighting.nonresponse, config.comparison.standard
    domains_of_key = {
        "weighting.margins": config.weighting.margins,
        "weighting.nonresponse.classes": nonresponse.classes if nonresponse else (),
        "comparison.gaps": config.comparison.gaps,
        "comparison.adjust_for": config.comparison.adjust_for,
        "comparison.model": (config.comparison.model,) if config.comparison.model else (),
        "comparison.standard.domain": (standard.domain,) if standard else (),
    }
    for key, domain_ids in domains_of_key.items():
        for name in domain_ids:
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


def require_associations(path: Path, config: Configuration, codebook: Codebook) -> None:
    """Refuse associations of what is no proportion of all respondents, or of the same answers."""
    associations = config.comparison.associations
    if associations is None:
        return
    proportions = {
        indicator.id: codebook.items_of(indicator)
        for indicator in codebook.indicators
        if indicator.statistic == "proportion" and indicator.weight is None
    }
    for key, names in (
        ("outcomes", associations.outcomes),
        ("characteristics", associations.characteristics),
    ):
        for name in names:
            if name not in proportions:
                raise StudyError(
                    f"{path}, key 'comparison.associations.{key}'",
                    f"'{name}' is no proportion of the codebook, or one with a weight of its own",
                    "Name indicators whose statistic is a proportion",
                )
    for outcome in associations.outcomes:
        for name in associations.characteristics:
            if proportions[outcome] & proportions[name]:
                raise StudyError(
                    f"{path}, key 'comparison.associations.characteristics'",
                    f"'{name}' is made of the same answers as the outcome '{outcome}'",
                    "Take one of them out: what is the same goes with itself",
                )


def refuse_shared_files(study: "Study") -> None:
    """Refuse a raw file that two countries would take whole: its children would count twice."""
    owners: dict[Path, str] = {}
    for code in study.surveys:
        if study.row(code).raw is not None and study.mappings[code].area is None:
            owner = owners.setdefault(study.raw_file(code).resolve(), code)
            if owner != code:
                raise StudyError(
                    f"country {code}, column 'raw'",
                    f"the same file as that of {owner}, and no 'area' in the mapping",
                    "Correct the path, or say in the mapping which rows belong to which country",
                )


def check_waves(study: "Study") -> None:
    """Refuse earlier waves where the study cannot compare them with the newest."""
    first_surveys = [code for code in study.codes if code not in study.with_waves]
    first_surveys += [study.waves(country)[0] for country in study.with_waves]
    for code in first_surveys:
        if study.row(code).kept_psus:
            finding = "a table of kept PSUs, and no wave before it"
            raise StudyError(
                f"country {code}, column 'kept_psus'", finding, "Name it on the later wave"
            )
    for country in study.with_waves:
        location = f"country {country}"
        if not study.has_survey:
            finding = "several waves of a survey, in a study without a codebook"
            raise StudyError(location, finding, "Add the key 'codebook', or leave one row")
        at_home = [code for code in study.waves(country) if study.row(code).statistics]
        if at_home:
            raise StudyError(
                f"{location}, column 'statistics'",
                "statistics of one wave of several: a change is computed from the answers of all",
                "Compare the waves where the microdata are, and leave one row here",
            )
        if study.config.publication.release is not None:
            raise StudyError(
                f"{location}, column 'wave'",
                "several waves, in a study with 'publication.release'",
                "Take the key out, and give several waves a folder of results without a release; "
                "what was published of an earlier wave is not gated yet",
            )


def check_statistics(study: "Study") -> None:
    """Refuse statistics in a study that cannot take them."""
    codes = [code for code in study.codes if study.countries[code].statistics]
    if not codes:
        return
    location = f"country {codes[0]}, column 'statistics'"
    if not study.has_survey:
        finding = "statistics of a survey, in a study without a codebook"
        raise StudyError(location, finding, "Add the key 'codebook', or empty the column")
    if study.config.publication.release is not None:
        raise StudyError(
            location,
            "a study with 'publication.release' compares respondents with those of earlier "
            "releases, and these are at home",
            "Take the key out, and let each country keep the releases of its own study",
        )


def require_sources(study: "Study") -> None:
    """Refuse a survey without data, margins, or the columns that its weights are made of."""
    simulated = study.config.simulation is not None
    weight_keys = (
        ("weight",)
        if study.config.weighting.source == "column"
        else ("psu_probability", "household_probability", "eligible_children")
    )
    for code in study.surveys:
        country, location = study.row(code), f"country {code}"
        if country.raw is None and not simulated:
            raise StudyError(location, "its row names no raw file", "Fill the column 'raw'")
        if study.config.weighting.margins and country.margins is None and not simulated:
            raise StudyError(location, "its row names no margins file", "Fill the column 'margins'")
        area = study.mappings[code].area
        if area and code not in area.codes.values():
            raise StudyError(
                f"{location}, mapping key 'area.codes'",
                "no code stands for this country",
                f"Write which code is '{code}', in capital letters as in the countries file",
            )
        for key in weight_keys:
            if getattr(study.mappings[code], key) is None:
                raise StudyError(
                    f"{location}, mapping key '{key}'",
                    f"missing, but 'weighting.source' is '{study.config.weighting.source}'",
                    "Name the column in the mapping",
                )


# What a folder of statistics must have, see disrupting_harm.aggregates.
STATEMENT = "statistics.json"
# A report does not wait for the data of other countries: of them it needs these columns.
LEDGER_FACTS = ("country", "age_range", "wave", "mode", "coverage", "fieldwork")
# So many surveys are named in a line on the source of a table of all countries.
MOST_SURVEYS = 3
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
            return self._simulated_folder(country) / "sample.csv"
        return (
            _find_in_package(raw, country) if str(raw).startswith("package:") else self.resolve(raw)
        )

    def margins_file(self, country: str) -> Path | None:
        """Return the country's margins file, or None where nothing is raked."""
        if not self.config.weighting.margins:
            return None
        margins = self.row(country).margins
        return self.resolve(margins) if margins else self._simulated_folder(country) / "margins.csv"

    def require_files(self) -> None:
        """Refuse a study of which a file that it names is not there.

        Raises:
            StudyError: the first missing file, and the key or row that names it.
        """
        config = self.config
        path_of_key: list[tuple[str, Path | None]] = [
            ("mapping", config.mapping),
            ("comparison.comparability", config.comparison.comparability),
            ("report.references", config.report.references),
            *((f"evidence.{name}", path) for name, path in config.evidence.files.items()),
        ]
        needed_files = [
            (f"{self.path}, key '{key}'", self.resolve(path)) for key, path in path_of_key if path
        ]
        if self.has_survey:
            for code in (*self.codes, *self.earlier):
                row = self.row(code)
                if row.statistics:
                    statement = self.statistics_folder(code) / STATEMENT
                    needed_files.append((f"country {code}, column 'statistics'", statement))
                    continue
                if row.raw:
                    needed_files.append((f"country {code}, column 'raw'", self.raw_file(code)))
                if row.kept_psus:
                    path = self.resolve(row.kept_psus)
                    needed_files.append((f"country {code}, column 'kept_psus'", path))
                margins = self.margins_file(code)
                if row.margins and margins:
                    needed_files.append((f"country {code}, column 'margins'", margins))
        for location, path in needed_files:
            if not path.is_file():
                raise StudyError(
                    location,
                    f"there is no such file: {path}",
                    "Correct the path or create the file",
                )

    def _simulated_folder(self, country: str) -> Path:
        return self.config.results / "restricted" / "simulated" / country


def _find_in_package(raw: Path, country: str) -> Path:
    """Return the file behind ``package:NAME/path``, without importing the package."""
    name, *subpath = str(raw).removeprefix("package:").split("/")
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
    return Path(spec.submodule_search_locations[0]).joinpath(*subpath)


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
    all_rows = read_countries(base / config.countries, config)
    rows_of_run = {
        code: row for code, row in all_rows.items() if not config.only or row.code in config.only
    }
    countries = {code: row for code, row in rows_of_run.items() if code == row.code}
    earlier = {code: row for code, row in rows_of_run.items() if code != row.code}
    config = _name_surveys(config, countries.values())
    require_domains(path, config, codebook)
    require_associations(path, config, codebook)
    if config.codebook:
        require_headline(base / config.codebook, codebook)
        refuse_subsamples_in_releases(base / config.codebook, config, codebook)
    surveyed = rows_of_run if config.codebook else {}
    mapping_paths = {
        code: base / _find_mapping_file(row, config)
        for code, row in surveyed.items()
        if row.statistics is None
    }
    # Most studies have one for all countries: it is read once.
    mapping_of_path = {
        path_of_mapping: load_mapping(path_of_mapping, codebook)
        for path_of_mapping in dict.fromkeys(mapping_paths.values())
    }
    mappings = {
        code: mapping_of_path[path_of_mapping] for code, path_of_mapping in mapping_paths.items()
    }
    study = Study(path, config, countries, codebook, mappings, tuple(all_rows), earlier)
    check_waves(study)
    check_statistics(study)
    if study.has_survey:
        require_sources(study)
        refuse_shared_files(study)
    return study


def _name_surveys(config: Configuration, rows: Iterable[Country]) -> Configuration:
    """Name the surveys of the countries where the study itself does not say what they are."""
    names = tuple(dict.fromkeys(row.named_survey for row in rows if row.named_survey))
    if "survey" in config.study.model_fields_set or not 0 < len(names) <= MOST_SURVEYS:
        return config
    named_study = config.study.model_copy(update={"survey": "; ".join(names)})
    return config.model_copy(update={"study": named_study})


def _find_mapping_file(country: Country, config: Configuration) -> Path:
    path = country.mapping or config.mapping
    if path is None:
        raise StudyError(
            f"country {country.country}",
            "neither its row nor the configuration names a mapping",
            "Add the key 'mapping'",
        )
    return path
