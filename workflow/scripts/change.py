"""Compare the waves of a country."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.change import compare_waves

    compare_waves(
        country=snakemake.wildcards.country,
        rows=snakemake.params.rows,
        mappings=snakemake.params.mappings,
        releases=snakemake.input.releases,
        quality=snakemake.input.quality,
        judgements=snakemake.input.judgements or None,
        listed=snakemake.params.listed,
        codebook=snakemake.params.codebook,
        alpha=snakemake.params.alpha,
        confidence=snakemake.params.confidence,
        simulated=snakemake.params.simulated,
        outputs={name: snakemake.output[name] for name in ("changes", "waves")},
    )
