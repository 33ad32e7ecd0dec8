"""Write the public table of CyberTip reports with rates and changes."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence import publish_evidence

    publish_evidence(
        cybertips=snakemake.input.cybertips,
        countries=snakemake.params.countries,
        output=snakemake.output[0],
    )
