"""Write the explorer of all estimates."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.explorer import write_explorer_pages

    run(write_explorer_pages)
