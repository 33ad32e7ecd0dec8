"""Make the raw file of one simulated country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.simulate import simulate_country

    run(simulate_country)
