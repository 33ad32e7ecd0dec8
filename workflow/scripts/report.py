"""Write the documents of one country in all its languages."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.report import write_country_reports

    write_country_reports(
        country=snakemake.params.country,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
<<<<<<< HEAD
        folder=snakemake.params.folder,
=======
        recommendations=snakemake.input.recommendations,
        folder=snakemake.output[0],
>>>>>>> 6f46fb5 (Recommendations are data: each rests on a published number, printed with its address)
    )
