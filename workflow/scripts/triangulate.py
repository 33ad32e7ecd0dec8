"""Set what each source says about each form of abuse side by side."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.evidence import publish_triangulation

    run(
        publish_triangulation,
        tables=dict(zip(snakemake.params.names, snakemake.input.tables, strict=True)),
    )
