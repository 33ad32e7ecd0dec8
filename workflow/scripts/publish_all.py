"""Write the public tables of all countries together."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.publish import publish_all

    publish_all(tables=snakemake.input.tables, output=snakemake.output[0])
