"""Recompute weights and the headline table by two other, independent libraries."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.audit import audit

    run(audit, weights_output=snakemake.output.weights_table)
