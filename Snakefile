# From microdata to country reports: docs/workflow.md walks through it stage by stage.
#
#   snakemake --cores 2                             the default study
#   snakemake --cores 2 --configfile my/config.yaml another study
#   snakemake --cores 2 estimates                   up to the restricted estimates only

from snakemake.utils import min_version

min_version("9.27")


# One environment for all jobs; --software-deployment-method apptainer runs them in it.
container: "docker://python:3.13-slim"


include: "workflow/rules/common.smk"


if STUDY.has_survey:

    include: "workflow/rules/simulate.smk"
    include: "workflow/rules/prepare.smk"
    include: "workflow/rules/weight.smk"
    include: "workflow/rules/estimate.smk"
    include: "workflow/rules/contrast.smk"
    include: "workflow/rules/gate.smk"
    include: "workflow/rules/publish.smk"
    include: "workflow/rules/change.smk"
    include: "workflow/rules/questions.smk"
    include: "workflow/rules/statistics.smk"
    include: "workflow/rules/adjust.smk"
    include: "workflow/rules/compare.smk"


include: "workflow/rules/evidence.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/audit.smk"


rule all:
    default_target: True
    input:
        all_results(),


if STUDY.has_survey:

    rule estimates:
        input:
            collect("<restricted>/estimates/{country}.parquet", country=WITH_MICRODATA),


rule reports:
    input:
        collect("<public>/reports/{country}/renderer.json", country=COUNTRIES),
