"""Write how each number of the comparison was made, and where each of evidence comes from."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.explained import write_table_pages

    run(write_table_pages)
