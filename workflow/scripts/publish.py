"""Decide what of one country is published, and write it."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.publish import publish_country

    run(publish_country)
