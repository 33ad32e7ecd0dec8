"""Draw the figures of one country in each of its languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.figures import draw_country_figures

    run(draw_country_figures)
