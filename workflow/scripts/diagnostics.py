"""Draw the page of diagnostics of one country's data."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.diagnostics import draw_diagnostics

    run(draw_diagnostics)
