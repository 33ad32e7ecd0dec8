"""Write the data book of the comparison."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.regional_databook import write_databook_of_region

    write_databook_of_region(
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        folder=snakemake.params.folder,
    )
