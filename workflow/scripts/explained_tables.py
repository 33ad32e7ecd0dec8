"""Write how each number of the comparison was made, and where each of evidence comes from."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.explained import write_table_pages

    write_table_pages(
        indicators=snakemake.params.indicators,
        areas=snakemake.params.areas,
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
    )
