"""Write the data book of one country in all its languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.databook import write_country_databooks

    run(write_country_databooks)
