"""Draw the figures of one country in each of its languages."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.figures import draw_country_figures

    draw_country_figures(
        country=snakemake.params.country,
        table=snakemake.input.table,
        questions=snakemake.input.questions,
        evidence=snakemake.input.evidence,
        codebook=snakemake.params.codebook,
        study=snakemake.params.study,
        confidence=snakemake.params.confidence,
        templates=snakemake.params.templates,
        modules=snakemake.params.modules,
        folder=snakemake.params.folder,
        changes=snakemake.input.changes,
        waves=snakemake.input.waves,
    )
