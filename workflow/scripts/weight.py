"""Weight the interviewed children of one country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.weight import weight_country

    run(weight_country)
