"""Estimate every indicator in every domain of one country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.estimate import estimate_country

    run(estimate_country)
