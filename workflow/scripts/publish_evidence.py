"""Decide what evidence is published, and write it with what is computed from it."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence import publish_evidence

    publish_evidence(
        tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
        sources=snakemake.input.sources,
        areas=snakemake.input.areas,
        labels=snakemake.input.labels,
        countries=snakemake.params.countries,
        study=snakemake.params.study,
        small_counts=snakemake.params.small_counts,
        folder=snakemake.params.folder,
    )
