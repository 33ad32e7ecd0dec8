"""Draw the figures of all countries that the study's own words ask for."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.region_figures import draw_region_figures

    run(draw_region_figures)
