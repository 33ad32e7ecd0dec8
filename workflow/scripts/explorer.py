"""Write the explorer of all estimates."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.explorer import write_explorer_pages

    write_explorer_pages(
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        earlier=snakemake.params.earlier,
    )
