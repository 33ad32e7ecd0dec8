"""Write which actions each country needs, in groups and in order."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.needs import write_needs

    run(write_needs)
