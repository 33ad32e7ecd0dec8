"""Describe the public tables and list every input and output of the run."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.manifest import write_manifest

    write_manifest(
        settings=snakemake.params.settings,
        countries=snakemake.params.countries,
        inputs=dict(zip(snakemake.params.names, snakemake.input.read, strict=True)),
        made=snakemake.input.made,
        audit_summary=snakemake.input.audit or None,
        results=snakemake.params.results,
        datapackage_output=snakemake.output.datapackage,
        manifest_output=snakemake.output.manifest,
    )
