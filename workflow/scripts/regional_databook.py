"""Write the data book of the comparison."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.regional_databook import write_databook_of_region

    run(write_databook_of_region)
