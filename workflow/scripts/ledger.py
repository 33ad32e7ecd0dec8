"""Write which countries can be compared on which indicator."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.ledger import write_ledger

    run(write_ledger)
