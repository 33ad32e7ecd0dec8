"""Compare countries in one model of all countries' children."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.adjust import adjust_countries

    run(adjust_countries)
