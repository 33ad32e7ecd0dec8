# What all rules share: the study, its paths, and the library files that a stage depends on.

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

from disrupting_harm.errors import StudyError
from disrupting_harm.study.simulate.load import load_simulation
from disrupting_harm.study.study import load_study

# The same clock, locale and hash order in every job, so that the same inputs give the same bytes.
# One thread a job: Snakemake already uses all cores.
os.environ.update(
    SOURCE_DATE_EPOCH="1767225600",
    TZ="UTC",
    LC_ALL="C.UTF-8",
    PYTHONHASHSEED="0",
    MPLBACKEND="Agg",
    OPENBLAS_NUM_THREADS="1",
    POLARS_MAX_THREADS="1",
)

CONFIG_FILE = workflow.configfiles[0] if workflow.configfiles else "config/config.yaml"

try:
    STUDY = load_study(CONFIG_FILE, overrides=config)
except StudyError as error:
    raise WorkflowError(str(error)) from None

COUNTRIES = STUDY.codes
DEFINITIONS = STUDY.codebook.definitions()
CODEBOOK = STUDY.codebook.model_dump(mode="json")
SETTINGS = STUDY.config.model_dump(mode="json")
SIMULATION = (
    load_simulation(STUDY.resolve(STUDY.config.simulation), STUDY.codebook)
    if STUDY.config.simulation
    else None
)
TEMPLATES = "workflow/templates"
RESTRICTED = f"{STUDY.config.results}/restricted"
PUBLIC = f"{STUDY.config.results}/public"


pathvars:
    restricted=RESTRICTED,
    public=PUBLIC,
    logs=f"{RESTRICTED}/logs",


wildcard_constraints:
    country="|".join(COUNTRIES),


def library(*patterns):
    """Files of the library whose edits rerun a stage."""
    root = Path(workflow.basedir) / "src" / "disrupting_harm"
    base = ("errors.py", "files.py", "job.py")
    found = {path for pattern in (*base, *patterns) for path in root.glob(pattern)}
    return sorted(os.path.relpath(path) for path in found)


def templates(*patterns):
    """Files below the templates folder."""
    root = Path(workflow.basedir) / TEMPLATES
    found = {
        path for pattern in patterns for path in root.glob(pattern) if path.is_file()
    }
    return sorted(os.path.relpath(path) for path in found)


def raw_file(wildcards):
    """The country's raw file."""
    return str(STUDY.raw_file(wildcards.country))


def margins_file(wildcards):
    """The country's margins file; an empty list where nothing is raked."""
    margins = STUDY.margins_file(wildcards.country)
    return str(margins) if margins else []


def country_row(wildcards):
    """The country's row of the countries file."""
    return STUDY.countries[wildcards.country].model_dump(mode="json")


def country_mapping(wildcards):
    """The country's mapping of raw columns."""
    return STUDY.mappings[wildcards.country].model_dump(mode="json")


def country_texts(wildcards):
    """Catalogues of the country's languages."""
    languages = STUDY.countries[wildcards.country].languages
    return templates(*(f"locale/{language}/**/*.po" for language in languages))


def study_files():
    """The configuration and everything it names, except raw and margins files."""
    config = STUDY.config
    named = [config.countries, config.codebook, config.mapping, config.simulation]
    named += [country.mapping for country in STUDY.countries.values()]
    named += [config.evidence.cybertips]
    resolved = {str(STUDY.resolve(path)) for path in named if path is not None}
    return sorted({str(STUDY.path), *resolved})


def evidence_files():
    """Public evidence tables of this study."""
    return (
        ["<public>/evidence/cybertips.csv"] if STUDY.config.evidence.cybertips else []
    )


def raw_and_margins():
    """Raw and margins files of all countries."""
    files = [STUDY.raw_file(country) for country in COUNTRIES]
    files += [STUDY.margins_file(country) for country in COUNTRIES]
    return sorted({str(path) for path in files if path})


def country_simulation(wildcards):
    """The country's simulation settings."""
    return SIMULATION.country(wildcards.country).model_dump(mode="json")


def country_population(wildcards):
    """The country's code and what its simulated population is sized by."""
    row = country_row(wildcards)
    return {key: row[key] for key in ("country", "children", "internet_use_rate")}
