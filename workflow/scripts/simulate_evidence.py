"""Simulate the tables of evidence that are not public."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.evidence import simulate_tables

    run(simulate_tables)
