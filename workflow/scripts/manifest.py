"""Describe the public tables and list every input and output of the run."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.manifest import write_manifest

    write_manifest(
        code=snakemake.params.code,
        settings=snakemake.params.settings,
        codebook=snakemake.params.codebook,
        countries=snakemake.params.countries,
        texts=snakemake.input.texts,
        works=snakemake.input.works,
        sources=snakemake.input.sources,
        surveys=snakemake.params.surveys,
        definitions=dict(
            zip(snakemake.params.definition_names, snakemake.input.definitions, strict=True)
        ),
        data=dict(zip(snakemake.params.data_names, snakemake.input.data, strict=True)),
        records=snakemake.params.records,
        audit_summary=snakemake.input.audit or None,
        results=snakemake.params.results,
        datapackage_output=snakemake.output.datapackage,
        checklists_page=snakemake.output.page,
        checklists_output=snakemake.output.checklists,
        manifest_output=snakemake.output.manifest,
        restricted_output=snakemake.output.restricted,
    )
