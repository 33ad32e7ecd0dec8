"""What the files of a study must agree on: each is right by itself, and they contradict each other.

Every function refuses a study with a ``StudyError`` that names the file, row or key.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from disrupting_harm.errors import StudyError
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration

if TYPE_CHECKING:
    from disrupting_harm.study.study import Study


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
    for weight, names in codebook.subsamples.items():
        if config.publication.release is not None:
            raise StudyError(
                f"{path}, indicator '{names[0]}', key 'weight'",
                f"the weight '{weight}' of a subsample, in a study with 'publication.release', "
                "which knows one weight of each respondent",
                "Take the key 'release' or the indicators of the subsample out",
            )


def require_domains(path: Path, config: Configuration, codebook: Codebook) -> None:
    """Refuse a configuration that names a domain, or levels of one, that the codebook has not."""
    domains = {domain.id for domain in codebook.domains}
    nonresponse, standard = config.weighting.nonresponse, config.comparison.standard
    named = {
        "weighting.margins": config.weighting.margins,
        "weighting.nonresponse.classes": nonresponse.classes if nonresponse else (),
        "comparison.gaps": config.comparison.gaps,
        "comparison.adjust_for": config.comparison.adjust_for,
        "comparison.model": (config.comparison.model,) if config.comparison.model else (),
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


def refuse_shared_files(study: "Study") -> None:
    """Refuse a raw file that two countries would take whole: its children would count twice."""
    owners: dict[Path, str] = {}
    for code in study.surveys:
        if study.row(code).raw is not None and study.mappings[code].area is None:
            other = owners.setdefault(study.raw_file(code).resolve(), code)
            if other != code:
                raise StudyError(
                    f"country {code}, column 'raw'",
                    f"the same file as that of {other}, and no 'area' in the mapping",
                    "Correct the path, or say in the mapping which rows belong to which country",
                )


def check_waves(study: "Study") -> None:
    """Refuse earlier waves where the study cannot compare them with the newest."""
    first = [code for code in study.codes if code not in study.with_waves]
    first += [study.waves(country)[0] for country in study.with_waves]
    for code in first:
        if study.row(code).kept_psus:
            found = "a table of kept PSUs, and no wave before it"
            raise StudyError(
                f"country {code}, column 'kept_psus'", found, "Name it on the later wave"
            )
    for country in study.with_waves:
        where = f"country {country}"
        if not study.has_survey:
            found = "several waves of a survey, in a study without a codebook"
            raise StudyError(where, found, "Add the key 'codebook', or leave one row")
        at_home = [code for code in study.waves(country) if study.row(code).statistics]
        if at_home:
            raise StudyError(
                f"{where}, column 'statistics'",
                "statistics of one wave of several: a change is computed from the answers of all",
                "Compare the waves where the microdata are, and leave one row here",
            )
        if study.config.publication.release is not None:
            raise StudyError(
                f"{where}, column 'wave'",
                "several waves, in a study with 'publication.release'",
                "Take the key out, and give several waves a folder of results without a release; "
                "what was published of an earlier wave is not gated yet",
            )


def check_statistics(study: "Study") -> None:
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
            "a study with 'publication.release' compares respondents with those of earlier "
            "releases, and these are at home",
            "Take the key out, and let each country keep the releases of its own study",
        )


def require_sources(study: "Study") -> None:
    """Refuse a survey without data, margins, or the columns that its weights are made of."""
    simulated = study.config.simulation is not None
    needed = (
        ("weight",)
        if study.config.weighting.source == "column"
        else ("psu_probability", "household_probability", "eligible_children")
    )
    for code in study.surveys:
        country, where = study.row(code), f"country {code}"
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
