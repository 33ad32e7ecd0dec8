# What all rules share: the study, its paths, and the code that a stage depends on.

import os
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.io import strip_wildcard_constraints

from disrupting_harm.comparison import COMPARED, TABLES
from disrupting_harm.errors import StudyError, one_line
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.names import (
    SIMULATED,
    public_names,
    study_tables,
    triangulated,
)
from disrupting_harm.package import PACKAGE, SOURCE, templates_folder
from disrupting_harm.places import close_to_others
from disrupting_harm.provenance.addresses import EVERYWHERE
from disrupting_harm.provenance.imports import fingerprint, imported_files
from disrupting_harm.provenance.made import record_of
from disrupting_harm.releases.history import accepted_releases, table_file
from disrupting_harm.report.catalogue_part import (
    digest_of_part,
    digests_by_places,
    report_modules,
    with_includes,
)
from disrupting_harm.report.figures.comparison import TABLES_OF
from disrupting_harm.report.language import CATALOGUE, ENGLISH
from disrupting_harm.report.references import METHODS_WORKS
from disrupting_harm.report.rendering import engine, shared_names
from disrupting_harm.report.rendering.address import PICTURES
from disrupting_harm.report.results import COMPARED as COMPARED_IN_REPORT
from disrupting_harm.run import load_runnable
from disrupting_harm.statistics.agreement import files_there, rules_of
from disrupting_harm.study.simulate.load import load_simulation

# The same clock, locale and hash order in every job, so that the same inputs give the same bytes.
# One thread a job: Snakemake already uses all cores. Arrow takes its threads from OpenMP's variable,
# and with the system's memory it need not fetch as much anew for each table.
os.environ.update(
    SOURCE_DATE_EPOCH="1767225600",
    TZ="UTC",
    LC_ALL="C.UTF-8",
    PYTHONHASHSEED="0",
    MPLBACKEND="Agg",
    OPENBLAS_NUM_THREADS="1",
    POLARS_MAX_THREADS="1",
    OMP_NUM_THREADS="1",
    ARROW_DEFAULT_MEMORY_POOL="system",
)

# Whether a storage plugin keeps data and results. Only declared files get there, so only tables do:
# documents are more files than their rules can name.
IN_BUCKET = workflow.storage_settings.default_storage_provider is not None

# A workflow that imports this one names its study here; rules before this line are its own.
OVERRIDES = dict(config)
CONFIG_FILE = Path(
    OVERRIDES.pop("configuration", None)
    or next(iter(workflow.configfiles), "config/config.yaml")
)
RULES_OF_OTHERS = {rule.name for rule in workflow.rules}
# Relative to here where it can be: paths stand in the manifest.
if CONFIG_FILE.is_relative_to(Path.cwd()):
    CONFIG_FILE = CONFIG_FILE.relative_to(Path.cwd())

try:
    STUDY = load_runnable(CONFIG_FILE, overrides=OVERRIDES, in_bucket=IN_BUCKET)
    SIMULATION = {}
    if STUDY.config.simulation:
        simulation = load_simulation(
            STUDY.resolve(STUDY.config.simulation), STUDY.codebook
        )
        SIMULATION = {
            code: simulation.country(code)
            for code in STUDY.surveys
            if STUDY.row(code).raw is None
        }
except StudyError as error:
    raise WorkflowError(one_line(str(error))) from None

RENDERER = " ".join(map(str, engine(STUDY.config.report.renderer)))
COUNTRIES = STUDY.codes
# Those whose children's answers are here; the others join through statistics.
WITH_MICRODATA = STUDY.with_microdata
JOINING = [code for code in COUNTRIES if code not in WITH_MICRODATA]
# The surveys with microdata: one per country, and its earlier waves.
SURVEYS = STUDY.surveys
WITH_WAVES = STUDY.with_waves
COUNTRY_ROWS = [STUDY.countries[code].model_dump(mode="json") for code in COUNTRIES]
DEFINITIONS = STUDY.codebook.definitions()
CODEBOOK = STUDY.codebook.model_dump(mode="json")
SETTINGS = STUDY.config.model_dump(mode="json")
KEY_INDICATORS = [
    entry.id
    for entry in STUDY.codebook.indicators
    if entry.headline and entry.statistic == "proportion"
]
# The folder of what authors write for country reports, if the study has one.
SLOTS = STUDY.resolve(STUDY.config.report.slots) if STUDY.config.report.slots else None
# Tables of evidence and where each is read: a user's file, or the simulated one.
EVIDENCE = {
    name: (
        f"<restricted>/simulated/evidence/{name}.csv"
        if simulated
        else str(STUDY.resolve(STUDY.config.evidence.tables[name]))
    )
    for name, simulated in study_tables(
        STUDY.config.evidence.tables, STUDY.config.evidence.simulation is not None
    ).items()
}
# Accepted releases that this run updates, the first one first.
RELEASES = (
    accepted_releases(STUDY.config.results) if STUDY.config.publication.release else []
)
TEMPLATES = templates_folder()
RESTRICTED = f"{STUDY.config.results}/restricted"
PUBLIC = f"{STUDY.config.results}/public"

# What Snakemake itself makes is its owner's, whatever the umask: its folders and logs may name
# what only some may see. The library opens what is public.
os.umask(0o077)
close_to_others(Path(RESTRICTED))
for folder in (".snakemake", ".snakemake/log"):
    if Path(folder).is_dir():
        Path(folder).chmod(0o700)


pathvars:
    restricted=RESTRICTED,
    public=PUBLIC,
    logs=f"{RESTRICTED}/logs",


wildcard_constraints:
    country="|".join(COUNTRIES),
    kind="|".join(TABLES_OF),


def library(stage, *patterns):
    """What stands for the files of the library that a stage imports, and those named.

    An edit of any of them is another parameter, and reruns the stage. As inputs of every job they
    would be most of what Snakemake plans with.
    """
    found = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    for start in ("job.py", f"stages/{stage}.py"):
        found |= imported_files(PACKAGE / start, SOURCE)
    return fingerprint(found, SOURCE)


def templates(*patterns):
    """Files below the templates folder."""
    return [str(TEMPLATES / name) for name in template_names(*patterns)]


def template_names(*patterns):
    """Names of files from the templates folder on."""
    found = {path for pattern in patterns for path in TEMPLATES.glob(pattern)}
    return sorted(
        path.relative_to(TEMPLATES).as_posix() for path in found if path.is_file()
    )


def document_templates(name):
    """Names of the template of a document and of all that it includes."""
    return sorted(with_includes(name, TEMPLATES))


def public_folder(wildcards):
    """The folder of public results, for stages that find their files by name."""
    return PUBLIC


def all_templates(wildcards):
    """The folder of all templates, for stages that find their files by name."""
    return str(TEMPLATES)


def results_folder(wildcards):
    """The folder of all results."""
    return str(STUDY.config.results)


def study_folder(wildcards):
    """The folder of the configuration file."""
    return str(STUDY.path.parent)


def raw_file(wildcards):
    """The country's raw file."""
    return str(STUDY.raw_file(wildcards.country))


def margins_file(wildcards):
    """The country's margins file; an empty list where nothing is raked."""
    margins = STUDY.margins_file(wildcards.country)
    return str(margins) if margins else []


def statistics_folder(wildcards):
    """The folder of a country's statistics."""
    return str(STUDY.statistics_folder(wildcards.country))


def statistics_files(wildcards):
    """The files through which a country joins whose microdata stay at home."""
    folder = STUDY.statistics_folder(wildcards.country)
    return [str(path) for path in files_there(folder)]


def all_margins_files():
    """The margins files in the order of the microdata; an empty list where nothing is raked."""
    files = [STUDY.margins_file(survey) for survey in SURVEYS]
    return [str(margins) for margins in files if margins]


def of_waves(pattern):
    """A file of each survey of a country, the first wave first; a function of wildcards."""
    return lambda wildcards: [
        pattern.format(survey=survey) for survey in STUDY.waves(wildcards.country)
    ]


def wave_rows(wildcards):
    """The rows of a country's surveys in the countries file, the first wave first."""
    return [
        STUDY.row(survey).model_dump(mode="json")
        for survey in STUDY.waves(wildcards.country)
    ]


def wave_mappings(wildcards):
    """The mappings of a country's surveys, the first wave first."""
    return [
        STUDY.mappings[survey].model_dump(mode="json")
        for survey in STUDY.waves(wildcards.country)
    ]


def kept_psus(wildcards):
    """The tables of kept PSUs of a country's waves, the first wave first; those that it has."""
    rows = [STUDY.row(survey) for survey in STUDY.waves(wildcards.country)[1:]]
    return [str(STUDY.resolve(row.kept_psus)) for row in rows if row.kept_psus]


def change_files(*names):
    """Public tables of change; a function of wildcards, none of a country with one wave."""
    return lambda wildcards: [
        f"{PUBLIC}/countries/{wildcards.country}/{name}"
        for name in names
        if wildcards.country in WITH_WAVES
    ]


def wave_tables(wildcards):
    """The public estimates of a country's surveys, the first wave first; none of one wave."""
    if wildcards.country not in WITH_WAVES:
        return []
    surveys = STUDY.waves(wildcards.country)
    return [f"{PUBLIC}/countries/{survey}/estimates.csv" for survey in surveys]


def comparability_file(wildcards):
    """What the study itself says about comparability; an empty list where it has no such file."""
    judgements = STUDY.config.comparison.comparability
    return str(STUDY.resolve(judgements)) if judgements else []


def country_results(*names):
    """Public survey results of a country by file name; none without a survey."""
    return [
        f"<public>/countries/{{country}}/{name}" for name in names if STUDY.has_survey
    ]


def question_tables(wildcards):
    """Public tables of a country's questions and pairs; none where the microdata are at home."""
    return [path for path in all_question_tables() if f"/{wildcards.country}/" in path]


def change_tables_of(wildcards):
    """Public tables of change of a country with several waves; none of one survey."""
    names = ("changes", "trends", "waves") if wildcards.country in WITH_WAVES else ()
    return [f"<public>/countries/{wildcards.country}/{name}.csv" for name in names]


def options_table(wildcards):
    """A country's public table of questions; none where the microdata are at home."""
    return [
        path for path in question_tables(wildcards) if path.endswith("questions.csv")
    ]


def all_question_tables():
    """Public tables of questions and pairs of all countries whose microdata are here."""
    if not STUDY.has_survey:
        return []
    return [
        f"<public>/countries/{country}/{name}.csv"
        for country in WITH_MICRODATA
        for name in ("questions", "dyads")
    ]


def shared_files():
    """What all documents share; the QR code of an address only where the study has one."""
    code = PICTURES if STUDY.config.study.address else ()
    return [f"<public>/{name}" for name in (*shared_names(), *code)]


def renderer_here(wildcards):
    """The engine that renders here, with versions: with another one all reports are made again."""
    return RENDERER


def contrasts(name):
    """A country's comparisons of one kind; where a release is updated, with those that stay."""
    folder = "gate" if RELEASES else "contrasts"
    return f"<restricted>/{folder}/{{country}}/{name}.parquet"


def gate_file(name):
    """What the gate says of a country; an empty list where no release is updated."""
    return f"<restricted>/gate/{{country}}/{name}" if RELEASES else []


def gate_files():
    """All that the gate says of a country; an empty list where no release is updated."""
    names = ("decisions.csv", "before.parquet", "kept.csv")
    return [gate_file(name) for name in names] if RELEASES else []


def kept_numbers():
    """Lists of all numbers that stay as released; an empty list where no release is updated."""
    if not RELEASES:
        return []
    return [
        *collect(gate_file("kept.csv"), country=COUNTRIES),
        "<restricted>/comparison/kept.csv",
    ]


def accepted_tables(name, *tables):
    """Tables of a country, or of the comparison, in each accepted release that has them."""
    return [
        str(table_file(STUDY.config.results, release.name, name, table))
        for release in RELEASES
        if name in (*release.countries, "comparison")
        for table in tables
    ]


def accepted_country(wildcards):
    """All that accepted releases hold of a country."""
    tables = ("aggregates", "gaps", "standardised", "bounds", "ratios")
    # A release whose run left the country out has no record of its children.
    records = filter(os.path.exists, accepted_tables(wildcards.country, "records"))
    printed = accepted_tables("comparison", "standardised")
    return [*accepted_tables(wildcards.country, *tables), *records, *printed]


def released_countries():
    """Tables of the last accepted release, of countries that this run does not leave out."""
    if not RELEASES:
        return []
    left_out = {*STUDY.listed} - {*COUNTRIES}
    return [
        accepted_tables(country, "aggregates")[-1]
        for country in RELEASES[-1].countries
        if country not in left_out
    ]


def renamed():
    """What became of names that accepted releases have, as the configuration says."""
    release = SETTINGS["publication"]["release"]
    return release["moved"] if release else {}


def moved_table():
    """What became of old addresses; an empty list where no release is updated."""
    return "<public>/addresses-moved.csv" if RELEASES else []


def last_aggregates(wildcards):
    """A country's tables in the last release; an empty list where no release has the country."""
    return accepted_tables(wildcards.country, "aggregates")[-1:]


def survey_tables():
    """Public survey results of all countries; none without a survey."""
    if not STUDY.has_survey:
        return []
    per_country = [
        f"<public>/countries/{country}/{name}"
        for country in COUNTRIES
        for name in ("estimates.csv", "quality.json", "disclosure.json")
    ]
    return ["<public>/estimates.csv", *per_country]


def briefs():
    """What each brief leaves behind, with that on all of several; none in a study without briefs."""
    if not STUDY.config.report.brief:
        return []
    countries = [*COUNTRIES, "all"] if len(COUNTRIES) > 1 else COUNTRIES
    return collect("<public>/briefs/{country}/renderer.json", country=countries)


def databooks():
    """What each data book leaves behind; with a survey that of the comparison, too."""
    countries = [*COUNTRIES, "all"] if STUDY.has_survey else COUNTRIES
    return collect("<public>/databooks/{country}/renderer.json", country=countries)


def change_tables():
    """Public tables of change of all countries with several waves."""
    return collect("<public>/countries/{country}/changes.csv", country=WITH_WAVES)


def audit_summary():
    """What the second estimator says; an empty list without microdata."""
    audited = WITH_MICRODATA and STUDY.has_survey
    return "<restricted>/audit/summary.json" if audited else []


def all_tables():
    """All public tables, which no job makes without the restricted ones, and the audit."""
    survey = survey_tables() + all_question_tables() + change_tables()
    evidence = evidence_files() + triangulation_file()
    return [*survey, *comparison_tables(), *evidence, audit_summary()]


def site_files():
    """Pages of the site in all its languages, their style sheet and their scripts."""
    pages = ["index.html", "data.html", "methods.html"]
    if STUDY.has_survey:
        pages.append("comparison.html")
    pages += [f"countries/{country}.html" for country in COUNTRIES]
    others = [code for code in STUDY.config.report.project_languages if code != "en"]
    folders = ("", *(f"{language}/" for language in others))
    files = ("site.css", "site-filter.js", "site-copy.js")
    paths = [f"{folder}{page}" for folder in folders for page in pages]
    return [f"<public>/{name}" for name in (*paths, *files)]


def explorer_files():
    """Pages of the explorer, one a language of the study."""
    languages = STUDY.config.report.project_languages
    return [f"<public>/explorer/{language}.html" for language in languages]


def comparison_tables():
    """Public comparison tables of this study; none without a survey."""
    names = TABLES if STUDY.has_survey else ()
    return [f"<public>/comparison/{name}.csv" for name in names]


def areas_of_evidence():
    """Countries, the world and ``all`` (tables without a country), as addresses name them."""
    return [*COUNTRIES, WORLD, EVERYWHERE] if EVIDENCE else []


def explained_tables():
    """Pages of how the numbers of the comparison and of evidence were made."""
    pages = [f"compare/{name}" for name in STUDY.codebook.headlines()]
    pages += [f"evidence/{area}" for area in areas_of_evidence()]
    return [f"<public>/explained/{page}.html" for page in pages]


def compared_tables():
    """Public comparison tables that country reports read; none of a report without findings."""
    names = (
        COMPARED_IN_REPORT if STUDY.has_survey and STUDY.config.report.findings else ()
    )
    return [f"<public>/comparison/{name}.csv" for name in names]


def written_files(wildcards):
    """What authors have written for a country's reports."""
    folder = SLOTS / wildcards.country if SLOTS else Path()
    return sorted(map(str, folder.glob("*/*.md"))) if SLOTS else []


def drawn_tables(wildcards):
    """Public comparison tables that a kind of figures is drawn of."""
    return [f"{PUBLIC}/comparison/{name}.csv" for name in TABLES_OF[wildcards.kind]]


def trimming_indicators(wildcards):
    """The country's indicators where trimming looks at them; else an empty list."""
    trimming = STUDY.config.weighting.trimming
    if trimming is None or trimming.method != "mse":
        return []
    return f"{RESTRICTED}/prepared/{wildcards.country}/indicators.parquet"


def country_row(wildcards):
    """The row of a country, or of an earlier wave, in the countries file."""
    return STUDY.row(wildcards.country).model_dump(mode="json")


def country_mapping(wildcards):
    """The country's mapping of raw columns."""
    return STUDY.mappings[wildcards.country].model_dump(mode="json")


def country_languages(wildcards):
    """The languages of a country's reports and figures."""
    return STUDY.countries[wildcards.country].languages


def brief_languages(wildcards):
    """The languages of a country's brief."""
    return STUDY.countries[wildcards.country].languages_of_brief


def project_languages(wildcards):
    """The languages of the study as a whole."""
    return STUDY.config.report.project_languages


def language_files(languages):
    """What documents need of their languages beside catalogues; a function of wildcards."""
    return lambda wildcards: templates(
        *(f"locale/{language}/language.yml" for language in languages(wildcards))
    )


def texts(stage, languages, names=()):
    """What stands for the translations that a stage may print, by language; of wildcards.

    An edit of any of them is another parameter, and makes what prints them again. ``names`` are
    those of the templates that the stage fills.
    """
    places = frozenset({*stage_modules(stage), *names})
    return lambda wildcards: {
        language: printed(language, places)
        for language in languages(wildcards)
        if language != ENGLISH
    }


def stage_modules(stage):
    """The modules that a stage prints with, as catalogues name them."""
    files = imported_files(PACKAGE / "stages" / f"{stage}.py", SOURCE)
    return report_modules(files, SOURCE)


@cache
def printed(language, places):
    """What stands for the translations of messages that are printed from some places."""
    return digest_of_part(messages(language), places)


@cache
def messages(language):
    """What stands for all translations of a language, by the places that print them."""
    catalogue = TEMPLATES / "locale" / language / CATALOGUE
    return digests_by_places(catalogue.read_text("utf-8"))


def definition_files():
    """The configuration and everything it names that defines the study."""
    config = STUDY.config
    evidence = config.evidence
    named = [config.countries, config.codebook, config.mapping, config.simulation]
    named += [STUDY.row(survey).mapping for survey in (*COUNTRIES, *STUDY.earlier)]
    named += [config.comparison.comparability, evidence.capacity_areas]
    named += [evidence.sources, evidence.labels, evidence.triangulation]
    named += [evidence.simulation]
    named += [config.report.recommendations, config.report.findings]
    named += [config.report.brief]
    resolved = {str(STUDY.resolve(path)) for path in named if path is not None}
    resolved |= {str(path) for path in SLOTS.glob("*/*/*.md")} if SLOTS else set()
    return sorted({str(STUDY.path), *resolved})


def study_file(path):
    """A file that the configuration may name; an empty list where it does not."""
    return [] if path is None else [str(STUDY.resolve(path))]


def evidence_tables():
    """Tables of evidence as users filled them, or as they are simulated."""
    return list(EVIDENCE.values())


def evidence_sources():
    """Tables of sources: the study's own first, then that of simulated tables."""
    simulated = ["<restricted>/simulated/evidence/sources.csv"]
    return study_file(STUDY.config.evidence.sources) + (
        simulated if STUDY.config.evidence.simulation else []
    )


def regional_figures():
    """Lists of the figures on all countries together that this study has."""
    kinds = TABLES_OF if STUDY.has_survey else ()
    compared = [f"<public>/figures/comparison/figures-{kind}.json" for kind in kinds]
    return compared + (["<public>/figures/evidence/figures.json"] if EVIDENCE else [])


def evidence_files():
    """Public tables of evidence alone, CyberTip reports first."""
    names = public_names(EVIDENCE, forms=False)
    return [f"<public>/evidence/{name}.csv" for name in names]


def triangulation_file():
    """The public table of evidence beside the survey; an empty list without forms of abuse."""
    with_forms = STUDY.config.evidence.triangulation is not None
    names = public_names(EVIDENCE, with_forms)
    return ["<public>/evidence/triangulation.csv"] if "triangulation" in names else []


def data_files():
    """Raw and margins files of all countries, and tables of evidence that are the user's."""
    files = [STUDY.resolve(path) for path in STUDY.config.evidence.tables.values()]
    if STUDY.has_survey:
        files += [STUDY.raw_file(survey) for survey in SURVEYS]
        files += [STUDY.margins_file(survey) for survey in SURVEYS]
        for country in JOINING:
            files += files_there(STUDY.statistics_folder(country))
    return sorted({str(path) for path in files if path})


def country_data_names(wildcards):
    """How manifests name the files of data of a country, or of an earlier survey."""
    country = wildcards.country
    files = (
        files_there(STUDY.statistics_folder(country))
        if country in JOINING
        else [STUDY.raw_file(country), STUDY.margins_file(country)]
    )
    return input_names([str(path) for path in files if path])


def input_names(files):
    """How the manifests name files that were read: without folders of this machine."""
    packaged = {
        str(STUDY.raw_file(survey)): str(STUDY.row(survey).raw)
        for survey in (*COUNTRIES, *STUDY.earlier)
        if str(STUDY.row(survey).raw).startswith("package:")
    }
    return [
        packaged.get(path)
        or (os.path.relpath(path, STUDY.path.parent) if os.path.isabs(path) else path)
        for path in files
    ]


def of_countries(countries):
    """The constraint of a rule that works on some of the countries, or on none."""
    return "|".join(countries) or "(?!)"


def every_job(rule, pattern):
    """A rule's path with each of its countries, or kinds of figures, in place of its wildcard."""
    allowed = rule.wildcard_constraints.get("country", of_countries(COUNTRIES))
    surveys = (*COUNTRIES, *STUDY.earlier)
    countries = [survey for survey in surveys if survey in allowed.split("|")]
    return expand(
        strip_wildcard_constraints(pattern), country=countries, kind=list(TABLES_OF)
    )


def rules_above():
    """The rules of this workflow that are defined so far; those of an importing one are not ours."""
    return [rule for rule in workflow.rules if rule.name not in RULES_OF_OTHERS]


def all_results():
    """All that the rules above declare, restricted and public: none of it may be missing."""
    return [
        path
        for rule in rules_above()
        for pattern in rule.output
        for path in every_job(rule, pattern)
    ]


def all_records():
    """What each job of the rules above has made."""
    logs = [
        path
        for rule in rules_above()
        for pattern in rule.log
        for path in every_job(rule, pattern)
    ]
    return [str(record_of(Path(path))) for path in logs]


def country_simulation(wildcards):
    """The country's simulation settings."""
    return SIMULATION[wildcards.country].model_dump(mode="json")


def country_population(wildcards):
    """The country's code and what its simulated population is sized by."""
    row = country_row(wildcards)
    return {key: row[key] for key in ("country", "children", "internet_use_rate")}
