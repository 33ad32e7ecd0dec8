"""Write what is public of the changes between a country's waves."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.publish_change import publish_change

    run(publish_change, tables=dict(snakemake.input.items()))
