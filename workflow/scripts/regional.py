"""Write the report that compares the countries."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.regional import write_region

    write_region(
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        references=snakemake.input.references,
        findings=snakemake.input.findings,
        folder=snakemake.params.folder,
    )
