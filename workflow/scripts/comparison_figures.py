"""Draw one kind of figure of each headline indicator for all countries."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.comparison_figures import draw_comparison_figures

    run(draw_comparison_figures)
