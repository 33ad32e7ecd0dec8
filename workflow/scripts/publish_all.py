"""Write the public tables of all countries together."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.publish import publish_all

    publish_all(
        tables=snakemake.input.tables,
        prevalence=snakemake.input.prevalence,
        pairwise=snakemake.input.pairwise,
        codebook=snakemake.params.codebook,
        publication=snakemake.params.publication,
        simulated=snakemake.params.simulated,
        table_output=snakemake.output.table,
        prevalence_output=snakemake.output.prevalence,
        pairwise_output=snakemake.output.pairwise,
    )
