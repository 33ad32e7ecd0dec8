"""Compare the waves of a country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.change import compare_waves

    compare_waves(
        country=snakemake.wildcards.country,
        rows=snakemake.params.rows,
        mappings=snakemake.params.mappings,
        files={
            name: list(snakemake.input[name])
            for name in ("releases", "quality", "samples", "indicators", "parts", "weights")
        },
        kept_psus=list(snakemake.input.kept_psus),
        judgements=snakemake.input.judgements or None,
        listed=snakemake.params.listed,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        comparison=snakemake.params.comparison,
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
