"""Write how each number of a survey was made."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.explained import write_explained_page

    write_explained_page(
        survey=snakemake.wildcards.country,
        country=snakemake.params.country,
        codebook=snakemake.params.codebook,
        settings=snakemake.params.settings,
        public=snakemake.params.public,
        templates=snakemake.params.templates,
        inputs=snakemake.params.inputs,
    )
