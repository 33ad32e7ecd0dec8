"""Write the data book of one country in all its languages."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.databook import write_country_databooks

    write_country_databooks(
        country=snakemake.params.country,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        folder=snakemake.params.folder,
    )
