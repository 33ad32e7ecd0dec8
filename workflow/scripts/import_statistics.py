"""Take in the statistics of a country whose microdata stay at home."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.import_statistics import import_statistics

    import_statistics(
        country=snakemake.wildcards.country,
        folder=snakemake.params.folder,
        codebook=snakemake.params.codebook,
        rules=snakemake.params.rules,
        gaps=snakemake.params.gaps,
        publication=snakemake.params.publication,
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
