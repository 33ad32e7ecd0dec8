"""Describe the public tables and list every input and output of the run."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.manifest import write_manifest

    run(
        write_manifest,
        definitions=dict(
            zip(snakemake.params.definition_names, snakemake.input.definitions, strict=True)
        ),
        data=dict(zip(snakemake.params.data_names, snakemake.input.data, strict=True)),
        audit_summary=snakemake.input.audit or None,
        checklists_page=snakemake.output.page,
        diagram_output=snakemake.output.diagram,
    )
