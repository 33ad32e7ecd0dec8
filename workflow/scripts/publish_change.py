"""Write what is public of the changes between a country's waves."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.publish_change import publish_change

    publish_change(
        tables=dict(snakemake.input.items()),
        codebook=snakemake.params.codebook,
        publication=snakemake.params.publication,
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
