"""Read, check and type the raw file of one country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.prepare import prepare

    prepare(
        country=snakemake.wildcards.country,
        raw=snakemake.input.raw,
        margins=snakemake.input.get("margins"),
        margin_names=snakemake.params.margins,
        mapping=snakemake.params.mapping,
        codebook=snakemake.params.codebook,
        simulated=snakemake.params.simulated,
        source=snakemake.params.source,
        lonely_psu=snakemake.params.lonely_psu,
        calibrated_errors=snakemake.params.calibrated_errors,
        folder=snakemake.params.folder,
    )
