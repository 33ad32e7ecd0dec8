"""Set what each source says about each form of abuse side by side."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence import publish_triangulation

    publish_triangulation(
        tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
        sources=snakemake.input.sources,
        forms=snakemake.input.forms[0],
        estimates=snakemake.input.estimates,
        countries=snakemake.params.countries,
        study=snakemake.params.study,
        small_counts=snakemake.params.small_counts,
        output=snakemake.output[0],
    )
