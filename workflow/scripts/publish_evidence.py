"""Decide what evidence is published, and write it with what is computed from it."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.evidence import publish_evidence

    run(
        publish_evidence,
        tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
    )
