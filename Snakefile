# The workflow itself is in workflow/Snakefile.
#
#   snakemake --cores 2                             the default study
#   snakemake --cores 2 --configfile my/config.yaml another study
#   snakemake --cores 2 estimates                   up to the restricted estimates only
#   snakemake --cores 2 tables                      up to the public tables


include: "workflow/Snakefile"


# A file that includes another one chooses its own default target.
workflow.default_target = "all"
