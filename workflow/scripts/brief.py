"""Write the briefs of one country in all its languages."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.brief import write_country_briefs

    write_country_briefs(
        country=snakemake.params.country,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        brief=snakemake.input.brief[0],
        recommendations=snakemake.input.recommendations,
        folder=snakemake.params.folder,
    )
