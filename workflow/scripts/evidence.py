"""Check the tables of evidence and join their sources."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.evidence import check_tables

    run(check_tables, tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)))
