# What all rules share: the study and its paths. The functions by which rules find their files are in
# common/.

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

from disrupting_harm.aggregates.agreement import shared_rules
from disrupting_harm.comparison import COMPARED, ON_INTERNET_USE, TABLES, WITHIN
from disrupting_harm.core.errors import StudyError, format_one_line
from disrupting_harm.core.files import restrict_to_owner
from disrupting_harm.core.job import ENVIRONMENT
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.evidence.tables.law_coverage import has_law
from disrupting_harm.evidence.tables_of_study import (
    SIMULATED,
    select_study_tables,
    select_triangulated_tables,
)
from disrupting_harm.releases.history import read_accepted_releases
from disrupting_harm.report.figures.comparison import (
    REGION_TABLES,
    STANDING_TABLES,
    TABLES_OF,
)
from disrupting_harm.report.findings.references import METHODS_WORKS
from disrupting_harm.report.rendering import find_engine
from disrupting_harm.runs.job_parameters import LongParameter
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.simulation.load import load_simulation

# Of every job.
os.environ.update(ENVIRONMENT)

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
    raise WorkflowError(format_one_line(str(error))) from None

RENDERER = " ".join(map(str, find_engine(STUDY.config.report.renderer)))
COUNTRIES = STUDY.codes
# Those whose children's answers are here; the others join through statistics.
WITH_MICRODATA = STUDY.with_microdata
JOINING = [code for code in COUNTRIES if code not in WITH_MICRODATA]
# The surveys with microdata: one per country, and its earlier waves.
SURVEYS = STUDY.surveys
WITH_WAVES = STUDY.with_waves
COUNTRY_ROWS = [STUDY.countries[code].model_dump(mode="json") for code in COUNTRIES]
DEFINITIONS = LongParameter(STUDY.codebook.definitions())
CODEBOOK = LongParameter(STUDY.codebook.model_dump(mode="json"))
# Whether data books have a PDF is told to their own rules alone: it makes nothing else anew.
SETTINGS = LongParameter(
    STUDY.config.model_dump(mode="json", exclude={"report": {"databook_pdf"}})
)
DATABOOK_PDF = STUDY.config.has_databook_pdf
KEY_INDICATORS = [
    entry.id
    for entry in STUDY.codebook.indicators
    if entry.headline and entry.statistic == "proportion"
]
# Public tables of the comparison and kinds of its figures.
ABSENT = () if STUDY.has_internet_use else ON_INTERNET_USE
COMPARISON_TABLES = [name for name in TABLES if name not in ABSENT]
FIGURE_KINDS = [kind for kind in TABLES_OF if kind not in ABSENT]
# Public tables of a country's questions; pairs where the codebook has questions put to two persons.
PAIRED = any(item.same_as for item in STUDY.codebook.items)
QUESTION_TABLES = ("questions", "dyads") if PAIRED else ("questions",)
# The folder of what authors write for country reports, if the study has one.
SLOTS = STUDY.resolve(STUDY.config.report.slots) if STUDY.config.report.slots else None
# Tables of evidence and where each is read: a user's file, or the simulated one.
EVIDENCE = {
    name: (
        f"<restricted>/simulated/evidence/{name}.csv"
        if simulated
        else str(STUDY.resolve(STUDY.config.evidence.tables[name]))
    )
    for name, simulated in select_study_tables(
        STUDY.config.evidence.tables, STUDY.config.evidence.simulation is not None
    ).items()
}
# Accepted releases that this run updates, the first one first.
RELEASES = (
    read_accepted_releases(STUDY.config.results)
    if STUDY.config.publication.release
    else []
)
TEMPLATES = templates_folder()
RESTRICTED = f"{STUDY.config.results}/restricted"
PUBLIC = f"{STUDY.config.results}/public"

# What Snakemake itself makes is its owner's, whatever the umask: its folders and logs may name
# what only some may see. The library opens what is public.
os.umask(0o077)
restrict_to_owner(Path(RESTRICTED))
for folder in (".snakemake", ".snakemake/log"):
    if Path(folder).is_dir():
        Path(folder).chmod(0o700)


pathvars:
    restricted=RESTRICTED,
    public=PUBLIC,
    logs=f"{RESTRICTED}/logs",


wildcard_constraints:
    country="|".join(COUNTRIES),
    kind="|".join(FIGURE_KINDS),


include: "common/code.smk"
include: "common/study.smk"
include: "common/releases.smk"
include: "common/results.smk"
include: "common/contents.smk"
