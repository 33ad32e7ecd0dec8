"""Decide what of one country is published, and write it."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.publish import publish_country

    publish_country(
        country=snakemake.wildcards.country,
        estimates=snakemake.input.estimates,
        sample=snakemake.input.sample,
        diagnostics=snakemake.input.diagnostics,
        margins=snakemake.input.margins,
        item_answers=snakemake.input.item_answers,
        dropped=snakemake.input.dropped,
        codebook=snakemake.params.codebook,
        publication=snakemake.params.publication,
        ethics=snakemake.params.ethics,
        estimation=snakemake.params.estimation,
        simulated=snakemake.params.simulated,
        gate=list(snakemake.input.gate),
        accepted=list(snakemake.input.accepted),
        release_dates=snakemake.params.release_dates,
        release_output=snakemake.output.release,
        table_output=snakemake.output.table,
        quality_output=snakemake.output.quality,
        disclosure_output=snakemake.output.disclosure,
        date=snakemake.params.date,
    )
