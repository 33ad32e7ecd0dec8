"""Write the briefs of one country in all its languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.brief import write_country_briefs

    run(write_country_briefs)
