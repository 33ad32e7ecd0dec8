"""Write the documents of one country in all its languages."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.report import write_country_reports

    write_country_reports(
        country=snakemake.params.country,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        recommendations=snakemake.input.recommendations,
        findings=snakemake.input.findings,
        slots=snakemake.params.slots,
        judgements=snakemake.input.judgements,
        references=snakemake.input.references,
        countries=snakemake.params.countries,
        listed=snakemake.params.listed,
        brief=snakemake.input.brief,
        changes=snakemake.input.changes,
        folder=snakemake.params.folder,
    )
