"""Write the comparison tables as printed."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.publish_comparison import publish_comparison

    publish_comparison(
        tables=dict(snakemake.input.items()),
        codebook=snakemake.params.codebook,
        publication=snakemake.params.publication,
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
