"""Write what became of addresses that accepted releases had."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.moved import write_moved

    run(write_moved)
