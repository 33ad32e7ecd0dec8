"""Check the tables of evidence and join their sources."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence import check_tables

    check_tables(
        tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
        sources=snakemake.input.sources,
        areas=snakemake.input.areas,
        countries=snakemake.params.countries,
        other_countries=snakemake.params.other_countries,
        date=snakemake.params.date,
        folder=snakemake.params.folder,
    )
