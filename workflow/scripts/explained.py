"""Write how each number of a survey was made."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.explained import write_explained_page

    run(write_explained_page, survey=snakemake.wildcards.country)
