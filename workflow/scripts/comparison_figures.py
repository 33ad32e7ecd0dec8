"""Draw one kind of figure of each headline indicator for all countries."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.comparison_figures import draw_comparison_figures

    draw_comparison_figures(
        kind=snakemake.params.kind,
        countries=snakemake.params.countries,
        tables=snakemake.input.tables,
        groups=snakemake.input.groups,
        codebook=snakemake.params.codebook,
        study=snakemake.params.study,
        confidence=snakemake.params.confidence,
        folder=snakemake.params.folder,
    )
