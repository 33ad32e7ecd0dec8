"""Write the pages of the site."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.site import write_pages

    run(write_pages)
