"""Write the pages of the site."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.site import write_pages

    write_pages(
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        brief=snakemake.input.brief,
        earlier=snakemake.params.earlier,
        follows=snakemake.params.follows,
    )
