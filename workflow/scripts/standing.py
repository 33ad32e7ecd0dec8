"""Draw where one country stands among all, in each of its languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.standing import draw_country_standing

    run(draw_country_standing)
