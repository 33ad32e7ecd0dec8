"""Write the brief on all countries together in the study's languages."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.project_brief import write_briefs_of_study

    write_briefs_of_study(
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        brief=snakemake.input.brief[0],
        recommendations=snakemake.input.recommendations,
        folder=snakemake.params.folder,
    )
