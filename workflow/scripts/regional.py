"""Write the report that compares the countries."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.regional import write_region

    run(write_region)
