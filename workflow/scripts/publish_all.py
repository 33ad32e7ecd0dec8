"""Write the public tables of all countries together."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.publish import publish_all

    run(publish_all)
